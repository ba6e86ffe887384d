"""The protocol without its I/O: what a request says on the wire, and what an answer means.

https://developers.openai.com/api/reference/resources/videos and ``openai/resources/videos.py`` of openai 3.54.0, read
2026-11-23.
"""

from __future__ import annotations

import datetime
import mimetypes
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from tarash_core import (
    GeneratedVideo,
    Job,
    JobState,
    Media,
    Payload,
    UnexpectedResponseError,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationResponse,
)

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import OpenAI

# What is not a model but something to do with a video that is there: named by its path, where no model is sent.
REMIX, EDITS, EXTENSIONS = "videos/remix", "videos/edits", "videos/extensions"

# "cancelled" is not OpenAI's; gateways that can cancel document it (https://docs.inworld.ai/api-reference/videoAPI).
_STATES: dict[str, JobState] = {
    "queued": "queued",
    "in_progress": "processing",
    "completed": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
_SIZE = re.compile(r"(\d+)x(\d+)")

# Name, bytes and type: a part of a form, as the SDK takes it.
File = tuple[str, bytes, str]


def documented(payload: Payload, config: VideoGenerationConfig) -> dict[str, Any]:
    """The arguments with every reference in the form that the protocol has for it.

    An image's URL is ``{"image_url": ...}``, an image that the server has is ``{"file_id": ...}`` and a video that it
    made is ``{"id": ...}``; files stay as they are, for `accepted`.

    Raises:
        ValidationError: A video's URL, which the protocol has no form for.
    """
    arguments = dict(payload.arguments)
    if isinstance(arguments.get("input_reference"), str):
        arguments["input_reference"] = {"image_url": arguments["input_reference"]}
    if "file_id" in arguments:
        arguments["input_reference"] = {"file_id": arguments.pop("file_id")}
    if isinstance(arguments.get("video"), str):
        raise ValidationError(
            f"'{payload.model}' takes a file or the id of a video that the server made, not an address; "
            "give the file, or extra_params={'video_id': 'video_...'}",
            field="video",
            provider=config.provider,
            model=payload.model,
        )
    if payload.model in (EDITS, EXTENSIONS) and "video_id" in arguments:
        arguments["video"] = {"id": arguments.pop("video_id")}
    return arguments


def accepted(media: Media, data: bytes) -> File:
    """A file as a part of a form; servers tell its type by name and content type."""
    content_type = media.content_type or "application/octet-stream"
    name = media.filename or f"input{mimetypes.guess_extension(content_type) or ''}"
    return re.sub(r"[^A-Za-z0-9._-]", "_", name), data, content_type


def posted(payload: Payload) -> dict[str, Any]:
    """The arguments of the SDK's `post`: a form as its own methods send it, JSON where a reference is an object."""
    from httpx2 import Response

    fields = {name: value for name, value in payload.arguments.items() if not isinstance(value, tuple)}
    files = [(name, value) for name, value in payload.arguments.items() if isinstance(value, tuple)]
    sent: dict[str, Any] = {"cast_to": Response, "body": fields}
    if payload.model == REMIX:
        return {**sent, "path": f"{address_of(fields.pop('video_id'))}/remix"}
    if payload.model in (EDITS, EXTENSIONS):
        sent["path"] = f"/{payload.model}"
    else:
        sent |= {"path": "/videos", "body": {"model": payload.model, **fields}}
    if not files and any(isinstance(value, dict) for value in fields.values()):
        return sent
    return {**sent, "files": files, "options": {"headers": {"Content-Type": "multipart/form-data"}}}


def address_of(video_id: str) -> str:
    """The path of a video."""
    return f"/videos/{quote(video_id, safe='')}"


def content_url(client: OpenAI, video_id: str) -> str:
    """Where the finished file is, beside the address that the client talks to."""
    query = urlencode({name: str(value) for name, value in client.default_query.items()})
    return f"{str(client.base_url).rstrip('/')}{address_of(video_id)}/content{'?' if query else ''}{query}"


def video_of(response: Response, provider: str) -> dict[str, Any]:
    """The video object of an answer.

    Raises:
        UnexpectedResponseError: It is none: a proxy's page, broken JSON, or an object without an id.
    """
    try:
        video: object = response.json()
    except ValueError:
        video = None
    if not isinstance(video, dict) or not isinstance(video.get("id"), str) or not video["id"]:
        raise UnexpectedResponseError(
            f"'{provider}' answered {response.status_code} and no video: {response.text[:200]!r}; is base_url right?",
            transient=True,
            raw_response=response.text[:2000],
        )
    return video


def state_of(video: Mapping[str, object], job: Job) -> JobState:
    """The job's state by the status word.

    Raises:
        UnexpectedResponseError: It is not documented; it is quoted.
    """
    word = video.get("status")
    state = _STATES.get(word) if isinstance(word, str) else None
    if state is None:
        raise UnexpectedResponseError(
            f"'{job.provider}' answered with status {word!r}, which is not documented",
            raw_response=video,
        )
    return state


def per_cent(video: Mapping[str, object]) -> float | None:
    """The progress, where it is a per cent: not every server tells it."""
    progress = video.get("progress")
    if isinstance(progress, bool) or not isinstance(progress, int | float) or not 0 <= progress <= 100:
        return None
    return float(progress)


def response_of(
    video: Mapping[str, object], request: VideoGenerationRequest | None, job: Job
) -> VideoGenerationResponse:
    """The normalized response to a finished video object."""
    told = video.get("size")
    size = told if isinstance(told, str) else None
    pixels = _SIZE.fullmatch(size or "")
    seconds = _number(video.get("seconds"))
    expires = _number(video.get("expires_at"))
    made = GeneratedVideo(
        url=job.provider_data["content_url"],
        needs_key=True,
        duration=seconds,
        width=int(pixels[1]) if pixels else None,
        height=int(pixels[2]) if pixels else None,
        expires_at=datetime.datetime.fromtimestamp(expires, datetime.UTC) if expires else None,
    )
    return VideoGenerationResponse(
        request_id=job.request_id,
        provider=job.provider,
        model=job.model,
        videos=(made,),
        duration=seconds if seconds is not None else request.duration_seconds if request else None,
        resolution=size or (request.resolution if request else None),
        aspect_ratio=request.aspect_ratio if request else None,
        warnings=job.warnings,
        job=job,
        raw_response=video,
    )


def _number(value: object) -> float | None:
    """Seconds are text on OpenAI's wire, and a number on that of some servers."""
    try:
        return float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except ValueError:
        return None
