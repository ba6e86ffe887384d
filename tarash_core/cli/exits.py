"""The exit codes of ``tarash``: one for each kind of failure, so that a script can tell them apart."""

from __future__ import annotations

from collections.abc import Mapping

from tarash_core import errors

OK = 0
UNEXPECTED = 1
USAGE = 2
CONFIGURATION = 3
OUTPUT = 18
UNHEALTHY = 19
NOT_CANCELLED = 20
INTERRUPTED = 130

# In the order of the tree in `tarash_core.errors`; numbers are never reused.
ERROR_CODES: dict[type[errors.TarashException], int] = {
    errors.ConfigurationError: CONFIGURATION,
    errors.ValidationError: 4,
    errors.ContentModerationError: 5,
    errors.MappingError: 6,
    errors.PluginError: 7,
    errors.HTTPError: 8,
    errors.AuthenticationError: 9,
    errors.InsufficientCreditsError: 10,
    errors.NotFoundError: 11,
    errors.RateLimitError: 12,
    errors.HTTPConnectionError: 13,
    errors.TimeoutError: 14,
    errors.GenerationFailedError: 15,
    errors.UnexpectedResponseError: 16,
    errors.SubmissionUncertainError: 17,
}

MEANINGS: dict[int, str] = {
    OK: "done",
    UNEXPECTED: "unexpected error: a bug; please report it with the output of --debug",
    USAGE: "wrong usage of the command",
    CONFIGURATION: "ConfigurationError: key, provider or option is missing or wrong; nothing was sent",
    4: "ValidationError: the request cannot be served as it is",
    5: "ContentModerationError: refused by the provider's policy",
    6: "MappingError: a mapping file is wrong",
    7: "PluginError: a plugin is missing or broken",
    8: "HTTPError: the provider said no (any other status)",
    9: "AuthenticationError: the key is wrong, or may not do this",
    10: "InsufficientCreditsError: the account has no credit",
    11: "NotFoundError: no such model, or the job is gone",
    12: "RateLimitError: too many requests",
    13: "HTTPConnectionError: the provider was not reached",
    14: "TimeoutError: the deadline passed; the job is kept",
    15: "GenerationFailedError: the provider failed or cancelled the job",
    16: "UnexpectedResponseError: an undocumented answer",
    17: "SubmissionUncertainError: sent, and the answer was lost",
    OUTPUT: "a file cannot be read or written",
    UNHEALTHY: "`tarash doctor` found something broken",
    NOT_CANCELLED: "`tarash jobs cancel`: the job had finished, or the provider cannot stop jobs",
    INTERRUPTED: "interrupted; a job that was sent is kept",
}


class OutputError(Exception):
    """A file that the command has to read or write cannot be read or written.

    Args:
        message: Which file, and why.
        hint: The command that goes on from here, or None.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def reason(error: OSError) -> str:
    """Why a file cannot be read or written: ``no such file or directory``."""
    return (error.strerror or str(error)).lower()


class Unfinished(Exception):
    """The command ends without its video, although a job was accepted.

    Args:
        message: What happened, and where the job is kept.
        hint: The command that goes on from here, or None.
        cause: The error or the interruption behind it; it decides the exit code.
        facts: What ``--json`` tells beside the message.
    """

    def __init__(
        self, message: str, *, cause: BaseException, hint: str | None = None, facts: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.cause = cause
        self.facts = dict(facts or {})


def code_of(error: BaseException) -> int:
    """The exit code of an error: that of the nearest class in the table, else `UNEXPECTED`."""
    if isinstance(error, Unfinished):
        return code_of(error.cause)
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    for kind in type(error).__mro__:
        if issubclass(kind, errors.TarashException) and kind in ERROR_CODES:
            return ERROR_CODES[kind]
    return OUTPUT if isinstance(error, (OutputError, OSError)) else UNEXPECTED


def table() -> str:
    """The codes and their meanings, a line each, for ``tarash --help``."""
    return "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANINGS.items())
