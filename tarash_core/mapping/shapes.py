"""From our value to theirs: the choices, checks and forms of one field, as one function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tarash_core.mapping.kinds import CHECKS, own_copy, sent_media, whole
from tarash_core.mapping.limits import Check, Limits
from tarash_core.mapping.vocabulary import Kind
from tarash_core.mapping.words import either, near

# Takes our value, returns what is sent; ValueError says what is offered.
Shape = Callable[[Any], Any]


def spelled(value: Any) -> str:
    """A value within a text: 8.0 as ``8``, 2.5 as ``2.5``, true as ``true``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(whole(value))


class Choices(dict[Any, Any]):
    """Our values and theirs. A text that is not there is found in any letter case; nothing else is guessed."""

    def __init__(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        super().__init__(pairs)
        self._folded = {key.casefold(): key for key in reversed(list(self)) if isinstance(key, str)}

    def __missing__(self, value: Any) -> Any:
        ours = self._folded.get(value.casefold()) if isinstance(value, str) else None
        if ours is None:
            offered = list(self)
            raise ValueError(f"choose {either(offered)}{near(value, offered)}")
        return self[ours]


def shape_of(limits: Limits, *, kind: Kind, form: str | None = None, values: Mapping[Any, Any] | None = None) -> Shape:
    """The function for one value of a request.

    Args:
        limits: What is offered.
        kind: What our value is; it is trusted to be that, except for ``"any"``.
        form: The ``as`` of the field.
        values: The translation of single values; all there is where `limits` has no `one_of`.
    """
    convert = _PASSED[kind] if form is None else _FORMS.get(form) or _template(form)
    offered = limits.one_of or (tuple(values) if values else None)
    if offered is None:
        return _open(limits.checks(), convert)
    theirs = {value: convert(value) for value in offered} | dict(values or {})
    choose: Shape = Choices(theirs.items()).__getitem__
    if kind == "any":
        choose = _scalars_only(choose)
    if any(isinstance(value, dict | list) for value in theirs.values()):
        return lambda value: own_copy(choose(value))
    return choose


def extra_shape(limits: Limits, *, kind: Kind, items: Kind | None) -> Shape:
    """The function for an extra parameter: its type is checked too, since nothing has checked it before."""
    check_kind = CHECKS[kind]
    of_limits = shape_of(limits, kind="any") if limits.one_of else _open(limits.checks(), _as_it_is)
    if items is None:
        return lambda value: of_limits(check_kind(value))
    check_item = CHECKS[items]
    return lambda value: of_limits([check_item(item) for item in check_kind(value)])


def _open(checks: list[Check], convert: Shape) -> Shape:
    if not checks:
        return convert

    def shape(value: Any) -> Any:
        for check in checks:
            check(value)
        return convert(value)

    return shape


def _scalars_only(shape: Shape) -> Shape:
    def scalar(value: Any) -> Any:
        if isinstance(value, dict | list | tuple | set):
            raise ValueError("it takes a single value")
        return shape(value)

    return scalar


def _as_it_is(value: Any) -> Any:
    return value


def _template(text: str) -> Shape:
    before, _, after = text.partition("{}")
    return lambda value: f"{before}{spelled(value)}{after}"


def _as_integer(value: Any) -> int:
    return int(CHECKS["integer"](_parsed(value)))


def _as_number(value: Any) -> int | float:
    number: int | float = CHECKS["number"](whole(_parsed(value)))
    return number


def _as_boolean(value: Any) -> bool:
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    return bool(CHECKS["boolean"](value))


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    for number in (int, float):
        try:
            return number(value)
        except ValueError:
            continue
    return value


# By the word in ``as``.
_FORMS: dict[str, Shape] = {
    "string": spelled,
    "integer": _as_integer,
    "number": _as_number,
    "boolean": _as_boolean,
}
# By the kind of our value, where there is no ``as``.
_PASSED: dict[Kind, Shape] = {
    "string": _as_it_is,
    "number": whole,
    "integer": _as_it_is,
    "boolean": _as_it_is,
    "media": sent_media,
    "array": own_copy,
    "object": own_copy,
    "any": own_copy,
}
