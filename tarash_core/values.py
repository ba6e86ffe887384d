"""What the fields of nouns hold: numbers that are numbers, bytes that JSON can carry, options of one's own."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

_MAX_DEPTH = 64


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(f"{value} is not a number")
    return value


def own_copy(value: Any, depth: int = 0) -> Any:
    """The same lists, tuples and dicts, newly made, around the same contents: what the caller changes later stays his.

    Raises:
        ValueError: Nested too deep, or within itself.
    """
    if depth > _MAX_DEPTH:
        raise ValueError(f"nested more than {_MAX_DEPTH} deep")
    if isinstance(value, dict):
        return {name: own_copy(item, depth + 1) for name, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(own_copy(item, depth + 1) for item in value)
    return value


def from_base64(text: str) -> bytes:
    """The bytes of base64 text: either alphabet (RFC 4648, 4 and 5), wrapped in lines or not, padded or not.

    Raises:
        ValueError: It is not base64.
    """
    compact = "".join(text.split()).rstrip("=")
    if len(compact) % 4 == 1 or not compact.isascii():
        raise ValueError("it is not valid base64")
    padded = compact.translate({ord("-"): "+", ord("_"): "/"}) + "=" * (-len(compact) % 4)
    try:
        return base64.b64decode(padded, validate=True)
    except binascii.Error:
        raise ValueError("it is not valid base64") from None


def _read_back(value: Any) -> Any:
    return from_base64(value) if isinstance(value, str) else value


def checked_key(key: SecretStr) -> SecretStr:
    """The key without white space around it, as a file or a shell leaves it there.

    What no HTTP header can carry is refused here: an HTTP library would quote it, key and all, in its own error.

    Raises:
        ValueError: It is empty, masked, or no key; it is not quoted.
    """
    text = key.get_secret_value().strip()
    if not text:
        raise ValueError("the key is empty; leave it out to use the environment")
    if not text.strip("*"):
        raise ValueError("the key is masked; JSON never carries it: pass it again, or leave it out")
    if not all("!" <= letter <= "~" for letter in text):
        raise ValueError(
            "the key holds a space, a line break or a letter that is not ASCII, as no key does; copy it again"
        )
    return SecretStr(text)


# Truth values are no numbers here: `seed=True` is a mistake, and 1 would be a guess.
Integer = Annotated[int, BeforeValidator(_no_truth)]
Number = Annotated[float, BeforeValidator(_no_truth), Field(allow_inf_nan=False)]
# Bytes that JSON carries as base64. A text in their place is that base64, in data read by any JSON parser.
Binary = Annotated[bytes, BeforeValidator(_read_back)]
# A provider's own words, by name.
Options = Annotated[dict[str, Any], AfterValidator(own_copy)]
Key = Annotated[SecretStr, AfterValidator(checked_key)]
