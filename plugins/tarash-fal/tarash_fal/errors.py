"""What fal's errors mean, by status, error type and documented body.

Two forms are documented: model errors, whose ``detail`` is a list of ``{loc, msg, type, url, ctx?, input?}``
(https://fal.ai/docs/documentation/model-apis/errors), and request errors ``{detail, error_type}``, the type also in the
header ``X-Fal-Error-Type`` (https://fal.ai/docs/documentation/model-apis/request-errors). Whatever is in neither form,
and every failure of the network, is left to the core. Read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict, cast

from tarash_core import (
    ContentModerationError,
    GenerationFailedError,
    InsufficientCreditsError,
    TarashException,
    ValidationError,
)

if TYPE_CHECKING:
    import httpx

    from tarash_core import Job, VideoGenerationConfig

# Model error types (page above). Those of 5xx come from the model; these two come with a 422 and are not about a field.
MODERATED = "content_policy_violation"
NOTHING_MADE = "no_media_generated"
# Request error types of status 499: somebody cancelled the request.
CANCELLED = frozenset({"client_cancelled", "client_disconnected"})
# An account without credit is not a 402 but a 403 that begins so, without an error type (fal-ai/fal issues 1163, 1147).
NO_CREDIT = ("User is locked. Reason: Exhausted balance", "User is locked. Reason: TOP_UP")
# Answers about the call itself, which say nothing of how a finished job went.
ABOUT_THE_CALL = frozenset({400, 401, 402, 403, 404, 408, 409, 422, 425, 429})


class OneAttempt(Exception):
    """A request that failed, in a form that fal's SDK does not repeat.

    Args:
        response: An answer that is no success, its body read; None for a failure of the network, which is the
            ``__cause__``.
    """

    def __init__(self, response: httpx.Response | None = None) -> None:
        super().__init__(response)
        self.response = response

    def __str__(self) -> str:
        if self.response is not None:
            return said(self.response)
        cause = self.__cause__
        return f"{type(cause).__name__}: {cause}".removesuffix(": ")


class ModelError(TypedDict, total=False):
    """One entry of a model error's ``detail``."""

    loc: Sequence[object]
    msg: str
    type: str
    ctx: Mapping[str, object]


class _Context(TypedDict):
    provider: str
    model: str | None
    request_id: str | None
    job: Job | None
    status_code: int
    raw_response: object


def explain(config: VideoGenerationConfig, job: Job | None, response: httpx.Response) -> TarashException | None:
    """The exception that an error answer of fal means; None where the status alone tells.

    Args:
        config: Who asked.
        job: The job it is about; a finished one makes an error answer the way it ended.
        response: An answer that is no success, its body read.
    """
    finished = job is not None and job.finished
    context = _Context(
        provider=config.provider,
        model=job.model if job else config.model,
        request_id=job.request_id if job else None,
        job=job.advance("failed") if job and finished else job,
        status_code=response.status_code,
        raw_response=body_of(response),
    )
    if found := model_errors(response):
        return _from_model(found, finished, context)
    message = f"fal answered {response.status_code}: {said(response)}"
    if response.status_code == 403 and said(response).startswith(NO_CREDIT):
        return InsufficientCreditsError(f"{message} (https://fal.ai/dashboard/billing)", **context)
    if error_type(response) in CANCELLED:
        return GenerationFailedError(f"the job was cancelled: {said(response)}", **context)
    if finished and _is_fals_own(response) and response.status_code not in ABOUT_THE_CALL:
        return GenerationFailedError(f"the job failed: {said(response)}{_typed(response)}", **context)
    return None


def _from_model(errors: Sequence[ModelError], finished: bool, context: _Context) -> TarashException | None:
    """A model's answer: the content policy first, then a field that is wrong, then the model's own failure."""
    told = "; ".join(_told(error) for error in errors)
    if moderated := [error for error in errors if error.get("type") == MODERATED]:
        reasons = tuple(reason for error in moderated for reason in _reasons(error))
        return ContentModerationError(
            f"fal's content policy refused it: {told}; change the content", reasons=reasons, **context
        )
    if any(error.get("type") == NOTHING_MADE for error in errors):
        return GenerationFailedError(f"the model made no video: {told}; change the prompt or the images", **context)
    if context["status_code"] in (400, 422):
        return ValidationError(f"fal refused the request: {told}", field=_field(errors[0]), **context)
    return GenerationFailedError(f"the job failed: {told}", **context) if finished else None


def model_errors(response: httpx.Response) -> list[ModelError]:
    """The entries of a model error's body; empty when it is none."""
    body = body_of(response)
    detail = body.get("detail") if isinstance(body, Mapping) else None
    if not isinstance(detail, list):
        return []
    return [cast(ModelError, entry) for entry in detail if isinstance(entry, Mapping)]


def error_type(response: httpx.Response) -> str | None:
    """The machine-readable type of a request error, from the body or the header."""
    body = body_of(response)
    found = body.get("error_type") if isinstance(body, Mapping) else None
    return found if isinstance(found, str) else response.headers.get("x-fal-error-type")


def said(response: httpx.Response) -> str:
    """What an error answer says, for a person."""
    body = body_of(response)
    detail = body.get("detail", body) if isinstance(body, Mapping) else body
    if errors := model_errors(response):
        detail = "; ".join(_told(error) for error in errors)
    if response.has_redirect_location:
        return f"it redirects to '{response.headers['location']}', which is not followed"
    return str(detail) if detail else "no body"


def body_of(response: httpx.Response) -> object:
    """The body as JSON, else its text."""
    try:
        body: object = response.json()
    except ValueError:
        return response.text
    return body


def _is_fals_own(response: httpx.Response) -> bool:
    """Whether the queue answered, and not a proxy before it: a proxy's error page is HTML, and passes by.

    The SDK tells them apart likewise (``_is_ingress_error`` in fal_client/client.py).
    """
    body = body_of(response)
    return isinstance(body, Mapping) and "detail" in body


def _told(error: ModelError) -> str:
    place = ".".join(str(part) for part in error.get("loc", ()) if part != "body")
    text = f"{error.get('msg', 'no message')} ({error.get('type', 'no type')})"
    return f"'{place}': {text}" if place else text


def _field(error: ModelError) -> str | None:
    parts = [str(part) for part in error.get("loc", ()) if part != "body"]
    return parts[0] if parts else None


def _reasons(error: ModelError) -> tuple[str, ...]:
    """The message, and the code of the partner that refused where ``ctx.extra_info.reason`` gives one."""
    context = error.get("ctx")
    extra = context.get("extra_info") if isinstance(context, Mapping) else None
    code = extra.get("reason") if isinstance(extra, Mapping) else None
    return tuple(text for text in (error.get("msg"), code) if isinstance(text, str))


def _typed(response: httpx.Response) -> str:
    found = error_type(response)
    return f" ({found})" if found else ""
