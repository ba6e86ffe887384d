"""What values are offered: `one_of`, ranges and lengths."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tarash_core.mapping.kinds import CHECKS, is_number
from tarash_core.mapping.spot import Spot
from tarash_core.mapping.vocabulary import LIMITS, Kind
from tarash_core.mapping.words import listed
from tarash_core.yaml_node import Key, shown

Check = Callable[[Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The values that a model offers for one field; None where there is no such limit."""

    one_of: tuple[Key, ...] | None = None
    min: int | float | None = None
    max: int | float | None = None
    multiple_of: int | float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None

    def describe(self) -> str:
        """In words, e.g. ``4, 6 or 8`` or ``1 to 10; at most 3 items``; empty when anything goes."""
        parts = [
            listed(self.one_of) if self.one_of is not None else "",
            _range(self.min, self.max, ""),
            f"a multiple of {shown(self.multiple_of)}" if self.multiple_of is not None else "",
            _range(self.min_length, self.max_length, "letter"),
            _range(self.min_items, self.max_items, "item"),
        ]
        return "; ".join(part for part in parts if part)

    def checks(self) -> list[Check]:
        """One check for each limit but `one_of`: ValueError says what is offered.

        Those of a text or a number ignore values of another type, which an `any` parameter may have.
        """
        checks: list[Check] = []
        if self.min is not None or self.max is not None:
            checks.append(_in_range(self.min, self.max))
        if self.multiple_of is not None:
            checks.append(_multiple(self.multiple_of))
        if self.min_length is not None or self.max_length is not None:
            checks.append(_size(str, self.min_length, self.max_length, "letter"))
        if self.min_items is not None or self.max_items is not None:
            checks.append(_size(list, self.min_items, self.max_items, "item"))
        return checks


def read_limits(spots: Mapping[str, Spot], kind: Kind) -> Limits:
    """The limits among the keys of a field or an extra parameter that holds `kind`."""
    found: dict[str, Any] = {}
    for name, spot in spots.items():
        if name == "one_of":
            found[name] = _choices(spot, kind)
        elif name in ("min", "max", "multiple_of"):
            found[name] = spot.number()
        elif name in LIMITS:
            found[name] = spot.count()
    if found.get("multiple_of", 1) <= 0:
        raise spots["multiple_of"].wrong("a number above 0")
    for least, most in (("min", "max"), ("min_length", "max_length"), ("min_items", "max_items")):
        if least in found and most in found and found[least] > found[most]:
            raise spots[least].error(f"{shown(found[least])} is more than {most} {shown(found[most])}")
    if "one_of" in found and len(found) > 1:
        other = next(name for name in found if name != "one_of")
        raise spots[other].error("'one_of' says all there is; leave this out")
    return Limits(**found)


def _choices(spot: Spot, kind: Kind) -> tuple[Key, ...]:
    choices: list[Key] = []
    for item in spot.items("values"):
        value = checked_scalar(item, kind)
        if value in choices:
            raise item.error(f"{shown(value)} stands here twice")
        choices.append(value)
    return tuple(choices)


def checked_scalar(spot: Spot, kind: Kind) -> Key:
    """One value that a field of this kind can have, in our words."""
    value = spot.scalar()
    try:
        CHECKS[kind](value)
    except ValueError as error:
        hint = "; quote it" if kind == "string" else ""
        raise spot.error(f"{shown(value)} cannot be given here: {error}{hint}") from None
    return value


def _range(least: float | None, most: float | None, unit: str) -> str:
    last = least if most is None else most
    if last is None:
        return ""
    counted = f"{shown(last)} {unit}{'' if last == 1 else 's'}" if unit else shown(last)
    if least is not None and most is not None:
        return f"{shown(least)} to {counted}" if least != most else counted
    return f"at least {counted}" if most is None else f"at most {counted}"


def _in_range(least: float | None, most: float | None) -> Check:
    low = -math.inf if least is None else least
    high = math.inf if most is None else most

    def check(value: Any) -> None:
        if isinstance(value, int | float) and not isinstance(value, bool) and not low <= value <= high:
            raise ValueError(f"it takes {_range(least, most, '')} (nearest: {shown(low if value < low else high)})")

    return check


def _multiple(step: float) -> Check:
    def check(value: Any) -> None:
        steps = value / step if is_number(value) else 0
        # Numbers too large for their steps to be counted are whole ones.
        if math.isfinite(steps) and abs(steps - round(steps)) > 1e-9:
            below, above = math.floor(steps) * step, math.ceil(steps) * step
            raise ValueError(f"it takes multiples of {shown(step)} (nearest: {shown(below)} or {shown(above)})")

    return check


def _size(of: type[str] | type[list[Any]], least: int | None, most: int | None, unit: str) -> Check:
    low = least or 0
    high = math.inf if most is None else most

    def check(value: Any) -> None:
        if isinstance(value, of) and not low <= len(value) <= high:
            raise ValueError(f"it takes {_range(least, most, unit)}, not {len(value)}")

    return check
