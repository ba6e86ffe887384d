"""Limits of a parameter in the words of the mapping language."""

from __future__ import annotations

from typing import Any

from tarash_core.learning.parameter import Parameter
from tarash_core.learning.shapes import whole

FieldWords = dict[str, Any]


def number_limits(parameter: Parameter, *, least: int | None) -> FieldWords:
    """``min``, ``max`` and ``multiple_of`` of a number; none where they leave no number."""
    low, high, step = parameter.minimum, parameter.maximum, parameter.multiple_of
    if least is not None and low is not None:
        low = max(low, least)
    if low is not None and high is not None and low > high:
        return {}
    return {name: whole(value) for name, value in given(min=low, max=high, multiple_of=step).items()}


def given(**words: Any) -> FieldWords:
    """The words that have a value."""
    return {name: value for name, value in words.items() if value is not None}
