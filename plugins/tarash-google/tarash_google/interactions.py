"""The key-only road: Gemini Omni's interactions, created in the background and asked for until they are done.

https://ai.google.dev/gemini-api/docs/omni and .../interactions-overview, read 2026-11-23, and the types of the SDK's
``_gaos/types/interactions``. Answers are read from their JSON: the SDK's own properties hold the last output alone.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from tarash_core import CancelOutcome, Job, JobState, UnexpectedResponseError
from tarash_google.inline import Inline

Answer = Mapping[str, Any]

# Names of `VideoResponseFormat`, of `GenerationConfig`, and of `CreateModelInteraction`.
_FORMAT = frozenset({"aspect_ratio", "delivery", "duration", "resolution", "gcs_uri"})
_TOP = frozenset(
    {"input", "previous_interaction_id", "labels", "safety_settings", "service_tier", "system_instruction"}
)
# "For videos larger than 4MB (>720p), use delivery='uri'": .../docs/omni, best practices.
_LARGE = frozenset({"1080p", "4k"})

# The last four will not change by themselves any more, and made no whole video: `InteractionStatus` of the SDK and
# https://docs.cloud.google.com/gemini-enterprise-agent-platform/reference/rest/v1beta1/Status.
STATES: dict[object, JobState] = {
    "queued": "queued",
    "in_progress": "processing",
    "completed": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
    "incomplete": "failed",
    "budget_exceeded": "failed",
    "requires_action": "failed",
    "requires_continuation": "failed",
}
_CANCEL_OUTCOMES: dict[JobState, CancelOutcome] = {
    "cancelled": "cancelled",
    "queued": "requested",
    "processing": "requested",
}


def keywords_of(model: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The keyword arguments of `interactions.create`. What the SDK has no name for goes into the body as it is.

    Without `background` the call would last until the video is made; without `store` it could not be asked for.
    """
    given = dict(arguments)
    wanted = {"type": "video", **{name: given.pop(name) for name in sorted(_FORMAT & given.keys())}}
    if wanted.get("resolution") in _LARGE:
        wanted.setdefault("delivery", "uri")
    settings: dict[str, Any] = {"seed": given.pop("seed")} if "seed" in given else {}
    if "task" in given:
        settings["video_config"] = {"task": given.pop("task")}
    body = {name: given.pop(name) for name in sorted(_TOP & given.keys())}
    body["input"] = [_content(item) for item in body.get("input") or ()]
    body |= {"generation_config": settings} if settings else {}
    body |= {"extra_body": given} if given else {}
    return {"model": model, "background": True, "store": True, "response_format": wanted, **body}


def told_by(interaction: Any) -> Answer:
    """What the SDK's interaction holds.

    Raises:
        UnexpectedResponseError: The answer was read as something else: a list, say.
    """
    if not hasattr(interaction, "to_dict"):
        kind = type(interaction).__name__
        raise UnexpectedResponseError(f"google answered with a {kind} in the place of an interaction", transient=True)
    told: Answer = interaction.to_dict()
    return told


def polled(job: Job, told: Answer) -> Job:
    """The job as an interaction tells of it.

    Raises:
        UnexpectedResponseError: A status that is not documented, or a video that is no base64.
    """
    status = told.get("status")
    state = STATES.get(status)
    if state is None:
        raise UnexpectedResponseError(
            f"google answered with status '{status}', which it does not document", transient=status is None, job=job
        )
    if state not in ("completed", "failed"):
        return job.advance(state)
    answer = {
        "videos": list(_videos(told)),
        "status": status,
        "text": "".join(str(part.get("text", "")) for part in _made(told, "text")),
        "errors": told.get("errors") or ([told["error"]] if told.get("error") else []),
        "usage": told.get("usage"),
    }
    if status == "incomplete" and answer["videos"]:
        short = "google says that the video is incomplete: a limit was reached while it was made"
        return job.advance("completed", answer=answer, warnings=(*job.warnings, short))
    return job.advance(state, answer=answer)


def cancelled(told: Answer) -> CancelOutcome:
    """What came of cancelling, by the interaction that is answered."""
    return _CANCEL_OUTCOMES.get(STATES.get(told.get("status"), "failed"), "too_late")


def file_of(job: Job) -> str | None:
    """The name in the Files API of a video that is given by address; it may still be written.

    https://ai.google.dev/gemini-api/docs/omni: "poll until the video is ACTIVE before downloading".
    """
    videos = job.answer["videos"] if job.state == "completed" else ()
    for video in videos:
        _, found, name = urlsplit(video.get("url", "")).path.partition("/files/")
        if found:
            return f"files/{name.partition(':')[0]}"
    return None


def _content(item: Any) -> Any:
    """An image or video of the input with its bytes as base64."""
    data = item.get("data") if isinstance(item, dict) else None
    return {**item, "data": data.base64, "mime_type": data.content_type} if isinstance(data, Inline) else item


def _made(told: Answer, kind: str) -> Iterator[Answer]:
    for step in told.get("steps") or ():
        if step.get("type") == "model_output":
            yield from (part for part in step.get("content") or () if part.get("type") == kind)


def _videos(told: Answer) -> Iterator[dict[str, Any]]:
    for part in _made(told, "video"):
        found = {"url": part.get("uri"), "data": _bytes(part.get("data")), "content_type": part.get("mime_type")}
        if found["url"] or found["data"]:
            yield {name: value for name, value in found.items() if value is not None}


def _bytes(text: str | None) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True) if text else None
    except binascii.Error as error:
        raise UnexpectedResponseError(f"google's video cannot be read: {error}", transient=True) from None
