"""Whether a submit that failed can have been accepted: what may be sent again, and what must never be."""

from __future__ import annotations

from tarash_core.errors import (
    ConfigurationError,
    ContentModerationError,
    HTTPConnectionError,
    HTTPError,
    MappingError,
    PluginError,
    SubmissionUncertainError,
    TarashException,
    ValidationError,
)

# The provider read the request and said no (RFC 9110, 15.5); 408 and 409 do not say so, and among 5xx only 503
# ("currently unable", 15.6.4) and 501 do: after a 500, 502 or 504 the job may be running.
_REFUSALS = frozenset({400, 401, 402, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422, 425, 429, 431, 451, 501, 503})


def nothing_accepted(error: TarashException) -> bool:
    """Whether it is certain that no job was accepted, so that nothing will be paid."""
    match error:
        case SubmissionUncertainError():
            return False
        case HTTPConnectionError():
            return not error.request_sent
        case HTTPError() | ContentModerationError() | ValidationError():
            return error.status_code is None or error.status_code in _REFUSALS
        case ConfigurationError() | MappingError() | PluginError():
            return True
    return False


def refused_for_the_moment(error: TarashException) -> bool:
    """Whether a submit that was certainly refused may be accepted later: nobody there, too many, overloaded."""
    if isinstance(error, HTTPConnectionError):
        return not error.request_sent
    return isinstance(error, HTTPError) and error.status_code in (429, 503)


def refused_or_uncertain(error: TarashException, *, proves: bool) -> TarashException:
    """The error of a submit, as it is when it proves a refusal, else as `SubmissionUncertainError`.

    Args:
        error: What the plugin says that the exception means.
        proves: Whether it can prove anything: it came from the wire, or from before anything was on it.
    """
    if proves and nothing_accepted(error):
        return error
    return SubmissionUncertainError(
        f"the request to '{error.provider}' was sent and its answer lost ({error.message}); it may be running and "
        "paid: look at the provider's list of requests before you submit again",
        provider=error.provider,
        model=error.model,
        raw_response=error.raw_response,
        status_code=error.status_code,
    )
