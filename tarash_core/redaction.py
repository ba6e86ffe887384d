"""Keeping secrets out of everything that is written: redacted by name and by value."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

HIDDEN = "[redacted]"

# Names under which providers, gateways and HTTP libraries carry credentials, with any words before them
# ("x-litellm-api-key"); matched whole, in any letter case.
_SECRET_NAME = re.compile(
    r"(?i)([a-z0-9]+[-_])*(authorization|api[-_]?key|(api|auth|access|refresh|bearer|id|session)[-_]?token"
    r"|(client|webhook|key)[-_]?secret|(secret|private|access|subscription)[-_]?key)"
    r"|token|secret|passw(or)?d|(set-)?cookie|credentials?|fal[-_]key([-_]id)?"
)
# A credential is long or has a digit; "token provided" and "basic authentication" are words.
_AUTH_VALUE = re.compile(
    r"(?i)\b(bearer|key|token|basic)\s+(?:(?=[a-z._~+/:=-]*[0-9])[a-z0-9._~+/:=-]{8,}|[a-z0-9._~+/:=-]{20,})"
)
_SHORTEST_SECRET = 4


def secrets_of(*keys: SecretStr | None) -> tuple[str, ...]:
    """The texts to hide: each key, and the parts of one that is made of several, longest first."""
    texts: set[str] = set()
    for key in keys:
        if key is not None:
            text = key.get_secret_value()
            texts.update((text, *text.split(":")))
    return tuple(sorted((text for text in texts if len(text) >= _SHORTEST_SECRET), key=len, reverse=True))


def redact_text(text: str, secrets: tuple[str, ...] = ()) -> str:
    """The text without these secrets and without anything that looks like an Authorization value."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return _AUTH_VALUE.sub(lambda found: f"{found.group(1)} {HIDDEN}", text)


def forget_credentials(error: BaseException | None) -> None:
    """Take credentials out of the requests that hang on an exception and on what caused it.

    HTTP libraries and SDKs keep the request, and with it the key, in their exceptions (``error.request``, that of
    ``error.response`` or ``error.raw_response``, and of a redirect its ``next_request``); whoever logs or pickles the
    exception would write it down.
    """
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        for holder in (error, *(getattr(error, name, None) for name in ("response", "raw_response"))):
            _forget_in(holder)
        error = error.__cause__ or error.__context__


def _forget_in(holder: Any) -> None:
    for request in ("request", "next_request"):
        # httpx raises RuntimeError where no request was set.
        with contextlib.suppress(AttributeError, RuntimeError):
            headers = getattr(holder, request).headers
            for name in [name for name in headers if _SECRET_NAME.fullmatch(name)]:
                del headers[name]


def redact(value: Any, secrets: tuple[str, ...] = ()) -> Any:
    """A JSON-like copy of `value` without secrets: by key name, and by value wherever a secret's text appears.

    Bytes become their length, other objects their type's name, so that nothing unseen slips through.
    """
    match value:
        case None | bool():
            return value
        case int() | float():
            return HIDDEN if str(value) in secrets else value
        case str():
            return redact_text(value, secrets)
        case bytes() | bytearray():
            return f"<{len(value)} bytes>"
        case Mapping():
            return {
                redact_text(str(name), secrets): HIDDEN if _SECRET_NAME.fullmatch(str(name)) else redact(item, secrets)
                for name, item in value.items()
            }
        case list() | tuple() | set() | frozenset():
            return [redact(item, secrets) for item in value]
    return f"<{type(value).__name__}>"


class RedactingFilter(logging.Filter):
    """Hides what looks like credentials in the log records of the loggers and handlers that it is added to.

    Message, traceback and the fields given as ``extra`` are rewritten; no record is dropped.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; never drop it."""
        with contextlib.suppress(TypeError, ValueError, KeyError):  # A wrong format string: logging itself reports it.
            record.msg, record.args = redact_text(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact_text(record.exc_text)
        for name, value in vars(record).items():
            if name not in _OWN_FIELDS and isinstance(value, str | dict | list | tuple):
                setattr(record, name, redact({name: value})[name])
        return True


_FORMATTER = logging.Formatter()
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
