"""What Replicate's refusals mean, by status and documented body.

Bodies are problem details (RFC 7807): ``{title, detail, status, type?, instance?}``, beside it ``invalid_fields`` where
an input is wrong and ``retry_after`` where too many came. https://replicate.com/docs/reference/http and
https://replicate.com/docs/topics/predictions/rate-limits, read 2026-11-23. What a prediction says that failed is in
`tarash_replicate.prediction`; whatever has no meaning of its own here, and every failure of the network, is the core's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict

from tarash_core import NotFoundError, RateLimitError, TarashException, ValidationError, retry_after_seconds

if TYPE_CHECKING:
    import httpx

    from tarash_core import Job, VideoGenerationConfig


class Refused(Exception):
    """An answer that is no success. The SDK's `ReplicateError` would lose its headers, and breaks on other bodies.

    Args:
        response: The answer, its body read and its request without the key.
    """

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response)
        self.response = response

    def __str__(self) -> str:
        return said(self.response)


class _Context(TypedDict):
    status_code: int
    raw_response: object


def explain(config: VideoGenerationConfig, job: Job | None, response: httpx.Response) -> TarashException | None:
    """The exception that a refusal means; None where the status alone tells.

    Args:
        config: Who asked.
        job: The job that it is about, once there is one.
        response: An answer that is no success, its body read.
    """
    context = _Context(status_code=response.status_code, raw_response=body_of(response))
    match response.status_code:
        case 404 if job is None and response.request.url.path.endswith("/predictions"):
            return NotFoundError(
                f"replicate has no official model '{config.model}' ({said(response)}); check the name, or give the "
                "version that models need which are not official: 'owner/name:VERSION'",
                **context,
            )
        case 400 | 422:
            text = f"replicate refused the request: {said(response)}"
            return ValidationError(text, field=_invalid_field(response), **context)
        case 429:
            text = f"replicate has had too many requests: {said(response)}"
            return RateLimitError(text, retry_after=_retry_after(response), **context)
    return None


def said(response: httpx.Response) -> str:
    """What an answer says, for a person."""
    if response.has_redirect_location:
        return f"it redirects to '{response.headers['location']}', which is not followed"
    body = body_of(response)
    if not isinstance(body, Mapping):
        return str(body) or "no body"
    parts = [str(body[name]).strip() for name in ("title", "detail") if body.get(name)]
    return ": ".join(parts) or str(dict(body))


def body_of(response: httpx.Response) -> object:
    """The body as JSON, else its text."""
    try:
        body: object = response.json()
    except ValueError:
        return response.text
    return body


def _invalid_field(response: httpx.Response) -> str | None:
    """Replicate's name of the first input that is wrong: ``input.duration`` is ``duration``."""
    body = body_of(response)
    found = body.get("invalid_fields") if isinstance(body, Mapping) else None
    first = found[0] if isinstance(found, list) and found else None
    name = first.get("field") if isinstance(first, Mapping) else None
    return name.removeprefix("input.") if isinstance(name, str) and name not in ("", "input") else None


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, by the header or else by the body."""
    seconds = retry_after_seconds(response.headers)
    body = body_of(response)
    told = body.get("retry_after") if isinstance(body, Mapping) else None
    if seconds is None and isinstance(told, int | float) and not isinstance(told, bool):
        return max(0.0, float(told))
    return seconds
