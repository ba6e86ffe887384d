"""What a rule demands of a request, each as a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tarash_core.mapping.limits import Limits
from tarash_core.mapping.vocabulary import ROLES
from tarash_core.mapping.words import either, named, near
from tarash_core.request import VideoGenerationRequest
from tarash_core.yaml_node import Key, shown

# The value of a field, role or extra parameter in a request; None where it is not given.
Reading = Callable[[VideoGenerationRequest], Any]
# Takes a request and the model's name; returns the name at fault and what is said, or None when all is well.
Demand = Callable[[VideoGenerationRequest, str], tuple[str, str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How many items several lists may have together.

    Args:
        of: Image roles, ``video``, and extra parameters.
        limits: `min_items` and `max_items`.
    """

    of: tuple[str, ...]
    limits: Limits

    def describe(self) -> str:
        """In words: ``reference and video_urls: at most 12 items in all``."""
        return f"{either(self.of, last='and')}: {self.limits.describe()} in all"


def offered(name: str, read: Reading, values: tuple[Key, ...], circumstances: str) -> Demand:
    """One of these values, where it is given."""
    is_offered = is_one_of(values)

    def demand(request: VideoGenerationRequest, model: str) -> tuple[str, str] | None:
        value = read(request)
        if value is None or is_offered(value):
            return None
        way_out = f"choose {either(values)}{near(value, values)}"
        return name, f"{name}={shown(value)} is not offered by '{model}'{circumstances}; {way_out}"

    return demand


def needed(name: str, read: Reading, circumstances: str) -> Demand:
    """It must be given."""

    def demand(request: VideoGenerationRequest, model: str) -> tuple[str, str] | None:
        if read(request) is not None:
            return None
        return name, f"'{model}' needs {named(name, ROLES)}{circumstances}"

    return demand


def excluded(name: str, read: Reading, circumstances: str) -> Demand:
    """It must not be given."""

    def demand(request: VideoGenerationRequest, model: str) -> tuple[str, str] | None:
        if read(request) is None:
            return None
        return name, f"'{model}' does not take {named(name, ROLES)}{circumstances}; leave one out"

    return demand


def some_given(readings: Mapping[str, Reading], circumstances: str, *, most: int | None) -> Demand:
    """At least one of these, and with ``most=1`` not more."""
    names = tuple(readings)
    choice = _all_named(names, "or")

    def demand(request: VideoGenerationRequest, model: str) -> tuple[str, str] | None:
        given = [name for name, read in readings.items() if read(request) is not None]
        if not given:
            return names[0], f"'{model}' needs {choice}{circumstances}"
        if most is not None and len(given) > most:
            too_many = _all_named(given, "and")
            return given[1], f"'{model}' takes only one of {too_many}{circumstances}; leave the rest out"
        return None

    return demand


def counted(total: Total, readings: Mapping[str, Reading], circumstances: str) -> Demand:
    """Not more items in all, and not fewer."""
    checks = total.limits.checks()
    names = total.of
    together = _all_named(names, "and")

    def demand(request: VideoGenerationRequest, model: str) -> tuple[str, str] | None:
        count = sum(_count(request, name, readings[name]) for name in names)
        try:
            for check in checks:
                check([None] * count)
        except ValueError as error:
            return names[0], f"'{model}' counts {together} together{circumstances}: {error}"
        return None

    return demand


def is_one_of(values: Sequence[Key]) -> Callable[[Any], bool]:
    """Whether a value is one of these; text in any letter case."""
    folded = {_folded(value) for value in values}
    return lambda value: _folded(value) in folded


def _count(request: VideoGenerationRequest, name: str, read: Reading) -> int:
    if name in ROLES:
        return sum(item.role == name for item in request.image_list)
    value = read(request)
    if value is None:
        return 0
    return len(value) if isinstance(value, list | tuple) else 1


def _all_named(names: Sequence[str], last: str) -> str:
    texts = [named(name, ROLES) for name in names]
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}" if len(texts) > 1 else "".join(texts)


def _folded(value: Any) -> Any:
    """A list or dict is none of ours."""
    if isinstance(value, str):
        return value.casefold()
    return value if isinstance(value, bool | int | float) else None
