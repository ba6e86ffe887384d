"""What a value can be: text, number, list..., checked where pydantic has not done it already."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from typing import Any

from tarash_core.errors import TarashException
from tarash_core.mapping.vocabulary import Kind
from tarash_core.media import Media


def whole(value: Any) -> Any:
    """8.0 as 8; everything else as it is. JSON's readers differ on whether 8.0 is an integer; 8 is one for all."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_number(value: Any) -> bool:
    """Whether this is a finite number that a double can hold; true and false are none."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:
        return False


def sent_media(media: Media) -> str | Media:
    """A URL as text; other media as they are, for the core to upload."""
    return media if media.url is None else media.url


def own_copy(value: Any) -> Any:
    """The value, copied where it could be changed later."""
    return copy.deepcopy(value) if isinstance(value, dict | list | tuple | set) else value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it must be text")
    return value


def _integer(value: Any) -> int:
    number = whole(value)
    if not is_number(number) or not isinstance(number, int):
        raise ValueError(f"it must be a whole number{_nearest_whole(value)}")
    return number


def _number(value: Any) -> int | float:
    if not is_number(value):
        raise ValueError("it must be a number")
    number: int | float = value
    return number


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("it must be true or false")
    return value


def _media(value: Any) -> str | Media:
    try:
        return sent_media(Media.of(value))
    except TarashException as error:
        raise ValueError(error.message) from None


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise ValueError("it must be a list")
    return [own_copy(item) for item in value]


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("it must be an object (a dict)")
    return copy.deepcopy(dict(value))


def _nearest_whole(value: Any) -> str:
    if not is_number(value):
        return ""
    return f" (nearest: {math.floor(value)} or {math.ceil(value)})"


# Each takes a value and returns it as it is sent; ValueError says what it must be.
CHECKS: dict[Kind, Callable[[Any], Any]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "media": _media,
    "array": _array,
    "object": _object,
    "any": own_copy,
}
