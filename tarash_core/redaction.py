"""Keeping secrets out of everything that is written: redacted by name and by value."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

HIDDEN = "[redacted]"

# Names under which providers and HTTP libraries carry credentials; matched whole, in any letter case.
_SECRET_NAME = re.compile(
    r"(?i)(proxy-)?authorization|(x-|x-goog-)?api[-_]?key|api[-_]?token|access[-_]?token|refresh[-_]?token|bearer[-_]?token"
    r"|(client|webhook|fal[-_]?key)[-_]?secret|secret|password|(set-)?cookie|credentials?|fal[-_]key([-_]id)?"
)
_AUTH_VALUE = re.compile(r"(?i)\b(bearer|key|token|basic)\s+[A-Za-z0-9._~+/:=-]{8,}")
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


def redact(value: Any, secrets: tuple[str, ...] = ()) -> Any:
    """A JSON-like copy of `value` without secrets: by key name, and by value wherever a secret's text appears.

    Bytes become their length, other objects their type's name, so that nothing unseen slips through.
    """
    match value:
        case None | bool() | int() | float():
            return value
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
    """Hides what looks like credentials in the log records of the loggers and handlers that it is added to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; never drop it."""
        record.msg, record.args = redact_text(record.getMessage()), None
        return True
