"""Every error that leaves Tarash, and what to do about it.

    TarashException                    catch this to catch everything
    ├── ConfigurationError             the config is wrong or incomplete: correct it; nothing was sent
    ├── ValidationError                the request is wrong (by our check, or the provider's 400/422): change it
    ├── ContentModerationError         the provider's policy refused prompt, image or result: change the content
    ├── MappingError                   a mapping file is wrong at file:line:column: correct the file
    ├── PluginError                    a plugin is missing, broken or misbehaves: install, upgrade or report it
    ├── HTTPError                      the provider answered with a status that says no
    │   ├── AuthenticationError        401, 403: check the key and what it may do
    │   ├── InsufficientCreditsError   402: top up
    │   ├── NotFoundError              404: check the model, or the job is gone
    │   └── RateLimitError             429: wait `retry_after` seconds
    ├── HTTPConnectionError            the provider was not reached: `request_sent` tells if it may have heard us
    ├── TimeoutError                   the deadline passed; the job in `.job` goes on: `wait(error.job)`
    ├── GenerationFailedError          the provider says that the job failed or was cancelled
    ├── UnexpectedResponseError        the provider answered what its documentation does not describe
    └── SubmissionUncertainError       the paid request was sent and its answer lost: do not submit again blindly

Errors are classified by status, error type and documented body, never by guessing at message text.
Messages are lower case, quote the value, and end with the way out.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tarash_core.job import Job
    from tarash_core.response import Attempt


class TarashException(Exception):
    """Base of every error that Tarash raises.

    Args:
        message: What happened and what to do, without secrets.
        provider: Name of the provider, e.g. ``"fal"``.
        model: The model asked for.
        request_id: The provider's id of the job, where it gave one.
        raw_response: What the provider answered, redacted, as JSON-like data.
        job: The job, where one was accepted; it can be waited for again.
        status_code: The HTTP status, where the error came as one.
    """

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        model: str | None = None,
        request_id: str | None = None,
        raw_response: Any = None,
        job: Job | None = None,
        status_code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.provider = provider
        self.model = model
        self.request_id = request_id
        self.raw_response = raw_response
        self.job = job
        self.status_code = status_code
        self.attempts: tuple[Attempt, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword arguments do not survive BaseException's own pickling.
        return _rebuild, (type(self), self.message, self.__dict__.copy())


def _rebuild(cls: type[TarashException], message: str, state: dict[str, Any]) -> TarashException:
    error = cls.__new__(cls, message)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class ConfigurationError(TarashException):
    """The config, a key or an environment variable is missing or wrong; nothing was sent."""


class ValidationError(TarashException):
    """The request cannot be served as it is: by our own check before sending, or by the provider's 400 or 422.

    Attributes:
        field: The request field at fault, e.g. ``"duration_seconds"``, where one is known.
    """

    def __init__(self, message: str, *, field: str | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.field = field


class ContentModerationError(TarashException):
    """The provider's content policy refused the prompt, an input or the result.

    Attributes:
        reasons: The provider's own words or codes for it, possibly empty.
    """

    def __init__(self, message: str, *, reasons: tuple[str, ...] = (), **context: Any) -> None:
        super().__init__(message, **context)
        self.reasons = reasons


class MappingError(TarashException):
    """A mapping file cannot be used.

    Attributes:
        file: Path or name of the source.
        line: 1-based, or None where the whole file is meant.
        column: 1-based, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        **context: Any,
    ) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {message}" if place else message, **context)
        self.file = file
        self.line = line
        self.column = column


class PluginError(TarashException):
    """A plugin is missing, could not be loaded, or broke the rules of its hooks."""


class HTTPError(TarashException):
    """The provider answered with an error status; `status_code` holds it."""


class AuthenticationError(HTTPError):
    """401 or 403: the key is wrong, or may not do this."""


class InsufficientCreditsError(HTTPError):
    """402, or what a provider documents in its place: the account has no credit."""


class NotFoundError(HTTPError):
    """404: no such model, or the job is gone."""


class RateLimitError(HTTPError):
    """429: too many requests.

    Attributes:
        retry_after: Seconds to wait as the provider said, or None.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.retry_after = retry_after


class HTTPConnectionError(TarashException):
    """The provider could not be reached, or the connection broke.

    Attributes:
        request_sent: False when it is certain that no byte of the request left this machine's socket (refused, no
            route, TLS failure); True when the provider may have read it.
    """

    def __init__(self, message: str, *, request_sent: bool = True, **context: Any) -> None:
        super().__init__(message, **context)
        self.request_sent = request_sent


class TimeoutError(TarashException, builtins.TimeoutError):
    """The deadline of the generation passed. The job was kept: ``wait(error.job)`` picks it up.

    Attributes:
        timeout_seconds: The deadline that was set, in seconds.
    """

    def __init__(self, message: str, *, timeout_seconds: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.timeout_seconds = timeout_seconds


class GenerationFailedError(TarashException):
    """The provider accepted the job and then failed or cancelled it."""


class UnexpectedResponseError(TarashException):
    """The provider answered something that its documentation does not describe; it is quoted, never guessed.

    Attributes:
        transient: Whether asking again may help: an answer that cannot be read, such as a proxy's error page.
    """

    def __init__(self, message: str, *, transient: bool = False, **context: Any) -> None:
        super().__init__(message, **context)
        self.transient = transient


class SubmissionUncertainError(TarashException):
    """The paid request was sent and no answer came back: the provider may be working on it.

    It is never sent again and never handed to a fallback. Look at the provider's list of requests before trying again.
    """
