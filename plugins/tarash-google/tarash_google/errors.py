"""What Google's errors mean, by status, reason, and documented code.

Bodies are ``{error: {code, message, status, details: [...]}}``, alone or in a list (https://google.aip.dev/193). Both
families of the SDK come here: `google.genai.errors.APIError` of Vertex, and the classes of the Interactions API, which
are not its subclasses and stand in a private module. Read 2026-11-23; the rest, and the network, is the core's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tarash_core import (
    AuthenticationError,
    ConfigurationError,
    ContentModerationError,
    GenerationFailedError,
    HTTPConnectionError,
    Job,
    RateLimitError,
    TarashException,
    UnexpectedResponseError,
)

# "Support codes: 29310472": https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/video/
# responsible-ai-and-usage-guidelines#safety-filters
_CATEGORIES = {
    "child": ("58061214", "17301594"),
    "celebrity": ("29310472", "15236754"),
    "video safety violation": ("64151117", "42237218"),
    "dangerous content": ("62263041",),
    "hate": ("57734940", "22137204"),
    "other": ("74803281", "29578790", "42876398"),
    "prohibited content": ("89371032", "49114662", "63429089", "72817394", "60599140"),
    "third-party content": ("35561574", "35561575"),
    "sexual": ("90789179", "43188360"),
    "toxic": ("78610348",),
    "violence": ("61493863", "56562880"),
    "vulgar": ("32635315",),
}
_CATEGORY_OF = {code: category for category, codes in _CATEGORIES.items() for code in codes}
_SUPPORT_CODES = re.compile(r"Support codes?: *\**([0-9][0-9, ]*)")
# `types.BlockedReason` and `types.FinishReason` of the SDK, as far as they are about content.
_BLOCKED = frozenset(
    ("SAFETY", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "JAILBREAK")
)
# A key that is wrong is a 400 with this reason: https://docs.cloud.google.com/docs/authentication/api-keys.
_BAD_KEY = frozenset({"API_KEY_INVALID", "API_KEY_EXPIRED"})
_ADC = "run 'gcloud auth application-default login', or let GOOGLE_APPLICATION_CREDENTIALS name a credentials file"


def explain(error: Exception) -> TarashException | None:
    """The exception that one of the SDK's, or of google-auth's, means; None where the status or the network tells."""
    module = type(error).__module__
    if module.startswith("google.auth"):
        return _from_auth(error)
    if not module.startswith("google.genai"):
        return None
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    body = getattr(error, "details", None) or getattr(error, "body", None)
    if not isinstance(status, int):
        return None
    if status < 300:
        return UnexpectedResponseError(f"google gave an answer that cannot be read: {_short(error)}", transient=True)
    fault = _fault(body)
    message = f"google answered {status}: {fault.get('message') or _short(error)}"
    details = tuple(_details(fault))
    context: dict[str, Any] = {"status_code": status, "raw_response": body}
    if moderated := _moderated(fault):
        return ContentModerationError(
            f"google's safety filters refused it: {moderated[0]}", reasons=moderated, **context
        )
    if any(detail.get("reason") in _BAD_KEY for detail in details):
        return AuthenticationError(f"{message}; check the key (https://aistudio.google.com/api-keys)", **context)
    if status == 429:
        return RateLimitError(message, retry_after=_retry_delay(details), **context)
    return None


def failure_of(job: Job) -> TarashException:
    """What Google says of a job that failed, by the answer of the last poll."""
    answer: Mapping[str, Any] = job.answer or {}
    context: dict[str, Any] = {"job": job, "raw_response": {**answer, "videos": None}}
    if reasons := tuple(answer.get("rai_media_filtered_reasons") or ()) or answer.get("rai_media_filtered_count"):
        told = reasons if isinstance(reasons, tuple) else ()
        says = "; ".join(told) or "no reason given"
        return ContentModerationError(
            f"google's safety filters kept the video back: {says}; change the content",
            reasons=(*told, *(category for text in told for category in _categories(text))),
            **context,
        )
    faults = [fault for fault in (*answer.get("errors", ()), answer.get("error")) if isinstance(fault, Mapping)]
    for fault in faults:
        if moderated := _moderated(fault):
            return ContentModerationError(
                f"google's safety filters refused it: {moderated[0]}", reasons=moderated, **context
            )
    said = "; ".join(f"{fault.get('message', 'no message')} (code {fault.get('code')})" for fault in faults)
    status = answer.get("status")
    ended = f"ended as '{status}'" if status not in (None, "failed") else "failed"
    return GenerationFailedError(f"google's job {ended}: {said or 'no reason given'}", **context)


def wordy(job: Job) -> GenerationFailedError | None:
    """The error of a finished interaction that holds words and no video: what Gemini Omni does when it refuses."""
    answer: Mapping[str, Any] = job.answer or {}
    if answer.get("videos") or not answer.get("text"):
        return None
    return GenerationFailedError(f"google made no video and answered: '{answer['text'][:300]}'", raw_response=answer)


def _from_auth(error: Exception) -> TarashException:
    """google-auth's exceptions come while a token is fetched: before the request, which was not sent."""
    from google.auth import exceptions

    if isinstance(error, exceptions.DefaultCredentialsError):
        return ConfigurationError(f"google found no application-default credentials; {_ADC}")
    if isinstance(error, exceptions.TransportError) or getattr(error, "retryable", False):
        return HTTPConnectionError(f"google's token server was not reached: {_short(error)}", request_sent=False)
    return AuthenticationError(f"google gave no token for the application-default credentials: {_short(error)}; {_ADC}")


def _fault(body: object) -> Mapping[str, Any]:
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, Mapping):
        return {}
    error = body.get("error", body)
    return error if isinstance(error, Mapping) else {}


def _details(fault: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    found = fault.get("details")
    yield from (detail for detail in (found if isinstance(found, list) else ()) if isinstance(detail, Mapping))


def _moderated(fault: Mapping[str, Any]) -> tuple[str, ...]:
    """The message and the categories of a refusal for its content; empty when it is another one."""
    message = str(fault.get("message", ""))
    categories = tuple(_categories(message))
    words = {str(fault.get(name, "")).rpartition("/")[2].upper() for name in ("code", "status")}
    return (message, *categories) if categories or words & _BLOCKED else ()


def _categories(message: str) -> Iterator[str]:
    for found in _SUPPORT_CODES.finditer(message):
        yield from (_CATEGORY_OF[code] for code in re.findall(r"\d+", found[1]) if code in _CATEGORY_OF)


def _retry_delay(details: tuple[Mapping[str, Any], ...]) -> float | None:
    """Seconds of ``google.rpc.RetryInfo``: a protobuf Duration like ``"34.5s"``."""
    for detail in details:
        found = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay", "")))
        if found:
            return float(found[1])
    return None


def _short(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 300 else f"{text[:297]}..."
