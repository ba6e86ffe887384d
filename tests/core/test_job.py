"""A job as a value: JSON, without secrets, good for another process."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from tarash_core import Job, ValidationError
from tarash_core.job import FINAL_STATES, Cancellation

FULL = Job(
    provider="fal",
    model="fal-ai/veo3.1",
    request_id="r-1",
    state="processing",
    submitted_at=1_763_900_000.25,
    base_url="http://127.0.0.1:8000",
    api_version="2",
    provider_config={"queue": "fast"},
    account="0123456789ab",
    progress_percent=12.5,
    queue_position=3,
    logs=("one", "two"),
    provider_data={"status_url": "https://example.com/status", "nested": {"list": [1, None]}},
    warnings=("seed was left out",),
    answer={"status": "IN_PROGRESS", "handle": object},
)


def test_json_comes_back_without_the_answer() -> None:
    text = FULL.model_dump_json()
    assert "IN_PROGRESS" not in text
    assert "answer" not in json.loads(text)
    for back in (Job.model_validate_json(text), Job.model_validate(json.loads(text))):
        assert back == FULL.model_copy(update={"answer": None})


def test_neither_does_a_pickle_hold_the_answer() -> None:
    """It may hold what cannot be pickled, and addresses that are signed."""
    unpicklable = FULL.advance("completed", answer=lambda: "IN_PROGRESS")
    assert pickle.loads(pickle.dumps(unpicklable)) == FULL.advance("completed", answer=None)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy])
def test_copies_hold_it(again: Any) -> None:
    assert again(FULL) == FULL


def test_neither_repr_nor_text_hold_the_answer() -> None:
    assert "IN_PROGRESS" not in f"{FULL!r} {FULL}"


def test_advance_changes_a_copy() -> None:
    later = FULL.advance("completed", progress_percent=100.0, answer={"video": "url"})
    assert (later.state, later.progress_percent, later.answer) == ("completed", 100.0, {"video": "url"})
    assert (FULL.state, FULL.progress_percent) == ("processing", 12.5)
    assert later.provider_data == FULL.provider_data
    assert hash(later) == hash(FULL)


@pytest.mark.parametrize("state", ["queued", "processing", "completed", "failed", "cancelled"])
def test_finished(state: Any) -> None:
    assert FULL.advance(state).finished == (state in FINAL_STATES) == (state not in ("queued", "processing"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "invalid JSON"),
        ("{", "invalid JSON"),
        ("[]", "input should be"),
        ("{}", "Job needs 'provider'; Job needs 'model'; Job needs 'request_id'"),
        (
            '{"provider": "p", "model": "m", "request_id": "r", "state": "done"}',
            "state='done': input should be 'queued'",
        ),
        ('{"provider": "p", "model": "m", "request_id": "r", "progress_percent": 101}', "less than or equal to 100"),
        (
            '{"provider": "p", "model": "m", "request_id": "r", "stat": "queued"}',
            "no field 'stat'; did you mean 'state'",
        ),
    ],
)
def test_bad_json_is_explained(text: str, says: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Job.model_validate_json(text)
    assert says in str(raised.value)


def test_frozen_like_every_noun() -> None:
    with pytest.raises(ValidationError, match="Job is frozen"):
        FULL.state = "failed"  # type: ignore[misc]  # the mistake under test
    with pytest.raises(ValidationError, match="outcome='gone': input should be 'cancelled'"):
        Cancellation(outcome="gone", job=FULL)
