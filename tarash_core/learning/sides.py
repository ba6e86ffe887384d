"""Width and height as two parameters of one size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tarash_core.learning.parameter import Parameter
from tarash_core.learning.shapes import Pixels, is_usual_ratio

_MOST_SIZES = 64
_OTHER = {"width": "height", "height": "width", "w": "h", "h": "w"}


def side_of(parameter: Parameter) -> str | None:
    """``width`` or ``height``, where a number's name says that it is one: by the word or by its letter."""
    if not parameter.kinds or not parameter.takes("integer", "number"):
        return None
    words = set(parameter.words)
    return next((side for side in ("width", "height") if words & {side, side[0]}), None)


def side_rule(side: str, parameter: Parameter, siblings: tuple[Parameter, ...]) -> dict[str, Any] | None:
    """The words of a width or a height; of enumerated ones the sizes in which both are values that there are."""
    if not parameter.closed:
        limits = {"least": parameter.minimum, "most": parameter.maximum, "multiple_of": parameter.multiple_of}
        told = {word: int(limit) for word, limit in limits.items() if limit is not None and limit >= 1}
        return {"from": "resolution", "use": side, **({"with": told} if told else {})}
    swapped = tuple(_OTHER.get(word, word) for word in parameter.words)
    other = next((each for each in siblings if each.words == swapped and each.closed), None)
    if other is None:
        return None
    width, height = (parameter, other) if side == "width" else (other, parameter)
    values = {f"{size.width}x{size.height}": getattr(size, side) for size in _sizes(width, height)}
    return {"from": "resolution", "values": values} if values else None


def _sizes(width: Parameter, height: Parameter) -> list[Pixels]:
    """All pairs where they are few, else those of usual ratios; none where some value would be in no pair."""
    widths, heights = list(_whole(width)), list(_whole(height))
    pairs = [Pixels(one, two) for one in widths for two in heights]
    if len(pairs) > _MOST_SIZES:
        unasked = (width.default, height.default)
        pairs = [pair for pair in pairs if pair == unasked or is_usual_ratio(*pair)]
    reached = {pair.width for pair in pairs}, {pair.height for pair in pairs}
    return pairs if reached == (set(width.choices), set(height.choices)) else []


def _whole(parameter: Parameter) -> Iterator[int]:
    return (choice for choice in parameter.number_choices if isinstance(choice, int) and choice > 0)
