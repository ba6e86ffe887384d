"""What the protocol's errors mean, by status, type and code.

An error answer is ``{"error": {message, type, param, code}}`` (https://developers.openai.com/api/docs/guides/error-codes,
read 2026-11-23); servers built on FastAPI answer ``{"detail": ...}``. A job that failed has an ``error`` with code and
message. What is not told apart here is left to the core: 401, 403, 402, 429, 5xx and the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tarash_core import (
    ContentModerationError,
    GenerationFailedError,
    HTTPError,
    InsufficientCreditsError,
    NotFoundError,
    TarashException,
    ValidationError,
)

if TYPE_CHECKING:
    from openai import APIStatusError

    from tarash_core import Job, VideoGenerationConfig

# OpenAI's code, Azure's (https://learn.microsoft.com/azure/foundry/openai/concepts/content-filter), and that of
# LiteLLM and other gateways (https://docs.litellm.ai/docs/exception_mapping).
MODERATED = frozenset({"moderation_blocked", "content_filter", "content_policy_violation"})
# Without credit OpenAI answers 429 with this type; waiting does not help. Its codes say whose limit it was.
NO_CREDIT = "insufficient_quota"
# Their parameter, our field; a server's own parameters stand in the message.
_FIELDS = {
    "model": "model",
    "prompt": "prompt",
    "seconds": "duration_seconds",
    "size": "resolution",
    "input_reference": "image_list",
    "video": "video",
}


def explain(config: VideoGenerationConfig, job: Job | None, error: Exception) -> TarashException | None:
    """The exception that an error answer means; None where the status alone tells, or it is no answer."""
    from openai import APIStatusError

    if not isinstance(error, APIStatusError):
        return None
    context = context_of(config, job, error)
    message = told(config, error)
    if error.code in MODERATED:
        reasons = (error.code, *_filtered(error.body))
        return ContentModerationError(f"{message}; change the content", reasons=reasons, **context)
    if NO_CREDIT in (error.type, error.code):
        return InsufficientCreditsError(f"{message}; add credit or raise the limit", **context)
    if error.status_code in (400, 422):
        return ValidationError(message, field=_field(error), **context)
    if error.status_code == 404 and job is None:
        return NotFoundError(f"{message}; check the model, and whether base_url has to end with '/v1'", **context)
    if 300 <= error.status_code < 400:
        to = error.response.headers.get("location")
        return HTTPError(f"{message}; it redirects to '{to}', which is not followed: correct base_url", **context)
    return None


def context_of(config: VideoGenerationConfig, job: Job | None, error: APIStatusError) -> dict[str, Any]:
    """What every error of ours carries."""
    return {
        "provider": config.provider,
        "model": job.model if job else config.model,
        "request_id": job.request_id if job else None,
        "job": job,
        "status_code": error.status_code,
        "raw_response": error.body,
    }


def failure_of(job: Job) -> TarashException:
    """What a failed job says of itself."""
    video = job.answer if isinstance(job.answer, Mapping) else {}
    error = video.get("error")
    code, said = (error.get("code"), error.get("message")) if isinstance(error, Mapping) else (None, error)
    reason = f"{said or 'no reason given'}{f' ({code})' if code else ''}"
    context: dict[str, Any] = {"job": job, "raw_response": job.answer}
    if isinstance(code, str) and code in MODERATED:
        return ContentModerationError(
            f"'{job.provider}' blocked the video: {reason}; change the content", reasons=(code,), **context
        )
    return GenerationFailedError(f"'{job.provider}' failed job '{job.request_id}': {reason}", **context)


def told(config: VideoGenerationConfig, error: APIStatusError) -> str:
    """What an error answer says, for a person; the SDK's own text knows OpenAI's form only."""
    body: object = error.body
    found = (
        next((body[name] for name in ("message", "detail") if body.get(name)), body) if isinstance(body, dict) else body
    )
    text = " ".join(str(found).split()) if found else "no body"
    text = text if len(text) <= 300 else f"{text[:297]}..."
    code = f" ({error.code})" if error.code else ""
    return f"'{config.provider}' answered {error.status_code}: {text}{code}"


def _field(error: APIStatusError) -> str | None:
    return _FIELDS.get(error.param) if isinstance(error.param, str) else None


def _filtered(body: object) -> tuple[str, ...]:
    """The categories by which Azure's content filter refused."""
    inner = body.get("innererror") if isinstance(body, Mapping) else None
    results = inner.get("content_filter_result") if isinstance(inner, Mapping) else None
    if not isinstance(results, Mapping):
        return ()
    return tuple(
        str(name) for name, result in results.items() if isinstance(result, Mapping) and result.get("filtered")
    )
