"""The scalars of YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema).

``16:9`` is text, ``on``, ``off``, ``yes`` and ``no`` are words, and a date is text. Where 1.1 and 1.2 read a number
differently, nothing is guessed: it is refused.
"""

from __future__ import annotations

import re

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_STARTS_NUMBER = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_OLD_OCTAL = re.compile(r"[-+]?0[0-9]+")
_MAX_DIGITS = 30


def read_plain_scalar(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar.

    Raises:
        ValueError: A number that YAML 1.1 and 1.2 read differently, or that is not finite or absurdly long.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        if _OLD_OCTAL.fullmatch(text):
            plain = text.lstrip("+-0") or "0"
            raise ValueError(f"'{text}' is one number in YAML 1.1 and another in 1.2; write {plain}, or quote the text")
        return int(_of_sane_length(text))
    if _OCTAL.fullmatch(text):
        return int(_of_sane_length(text)[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(_of_sane_length(text)[2:], 16)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"'{text}' is not a finite number; quote it if it is text")
    if _FLOAT.fullmatch(text):
        value = float(_of_sane_length(text))
        if value in (float("inf"), float("-inf")):
            raise ValueError(f"'{text}' is too large for a number; quote it if it is text")
        return value
    return text


def _of_sane_length(text: str) -> str:
    if len(text) > _MAX_DIGITS:
        raise ValueError(f"'{text[:_MAX_DIGITS]}...' is too long for a number; quote it if it is text")
    return text
