"""What a prediction tells, read from its JSON.

The SDK's `Prediction` is not used for it: the model of replicate 1.0.7 refuses the documented status ``aborted``, and
with it the id of a job that may be paid. https://replicate.com/docs/topics/predictions/lifecycle, read 2026-11-23.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tarash_core import (
    ContentModerationError,
    GenerationFailedError,
    JobState,
    TarashException,
    UnexpectedResponseError,
)

Prediction = Mapping[str, object]

# "starting" is queued, booting a machine included. "aborted": its deadline passed before it could start; no charge.
STATES: dict[object, JobState] = {
    "starting": "queued",
    "processing": "processing",
    "succeeded": "completed",
    "failed": "failed",
    "canceled": "cancelled",
    "aborted": "failed",
}
# What a cancelled one may be: an "aborted" one had not begun.
NEVER_MORE = ("canceled", "aborted")
# A failed prediction's error is a sentence with a code in brackets after it, where there is one. The published codes
# (https://replicate.com/docs/reference/error-codes, read 2026-11-23) begin with E1000. E005 is not among them; models
# answer "The input or output was flagged as sensitive. Please try again with different inputs. (E005)" all the same.
_CODE = re.compile(r"\((E\d{3,4})\)")
MODERATED = "E005"


def state_of(prediction: Prediction) -> JobState:
    """The state by Replicate's word.

    Raises:
        UnexpectedResponseError: A word that Replicate does not document.
    """
    word = prediction.get("status")
    state = STATES.get(word) if isinstance(word, str) else None
    if state is None:
        raise UnexpectedResponseError(
            f"replicate says that prediction '{prediction.get('id')}' is '{word}', a status that it does not document",
            raw_response=prediction,
        )
    return state


def percent_of(prediction: Prediction) -> float | None:
    """The last progress bar in the logs, as the SDK reads it (``45%|████▌     | 45/100``); None without one."""
    from replicate.prediction import Prediction as SdkPrediction

    found = SdkPrediction.Progress.parse(_logs(prediction).replace("\r", "\n"))
    return None if found is None else min(found.percentage * 100, 100.0)


def log_lines(prediction: Prediction) -> tuple[str, ...]:
    """The lines of the logs; one that is still being written is left for the next poll."""
    logs = _logs(prediction)
    lines = re.split(r"[\r\n]+", logs)
    if prediction.get("completed_at") is None:
        lines = lines[:-1]
    return tuple(line for line in lines if line)


def failure_of(prediction: Prediction) -> TarashException:
    """The exception that a prediction which failed means, by its status and code."""
    if prediction.get("status") == "aborted":
        return GenerationFailedError(
            "replicate aborted the prediction: its deadline passed before it could start, and nothing is charged; "
            "try again, or with a longer cancel_after",
            raw_response=prediction,
        )
    text = str(prediction.get("error") or "no reason given").strip()
    codes = tuple(_CODE.findall(text))
    if MODERATED in codes:
        return ContentModerationError(
            f"the content policy refused it: {text}; change the prompt or the images",
            reasons=(MODERATED, text),
            raw_response=prediction,
        )
    return GenerationFailedError(f"the prediction failed: {text}", raw_response=prediction)


def _logs(prediction: Prediction) -> str:
    logs = prediction.get("logs")
    return logs if isinstance(logs, str) else ""
