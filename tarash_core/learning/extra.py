"""How the mapping language says what a parameter without a role holds."""

from __future__ import annotations

import math
from typing import Any

from tarash_core.learning import vocabulary as v
from tarash_core.learning.parameter import Parameter
from tarash_core.learning.shapes import whole

_CALLED_BACK = frozenset({"callback", "webhook", "hook", "redirect", "return"})
_PICTURED = v.IMAGE | v.VIDEO | v.HEARD | {"mask", "masks"}
_ADDRESS = frozenset({"url", "urls", "uri", "uris"})


def extra_of(parameter: Parameter) -> dict[str, Any]:
    """The words of an extra parameter: its type, limits, and whether it is required."""
    kind = _kind(parameter)
    words: dict[str, Any] = {"type": kind}
    if kind == "array" and parameter.items is not None and (items := _item_kind(parameter)):
        words["items"] = items
    words |= _limits(parameter, kind)
    return words | ({"required": True} if parameter.required else {})


def constant_of(parameter: Parameter) -> Any:
    """The one value that a required parameter can have; None where there is a choice."""
    one = parameter.required and parameter.closed and len(parameter.choices) == 1
    return parameter.choices[0] if one else None


def _kind(parameter: Parameter) -> str:
    kinds = parameter.kinds
    if kinds == {"string"}:
        return "media" if _is_file(parameter) and not parameter.choices else "string"
    if kinds == {"integer", "number"}:
        return "number"
    return next(iter(kinds)) if len(kinds) == 1 else "any"


def _item_kind(parameter: Parameter) -> str | None:
    items = parameter.items
    if items is None or len(items.kinds) != 1:
        return None
    kind = next(iter(items.kinds))
    if kind == "string" and not items.choices and (items.is_file or _named_file(parameter)):
        return "media"
    return kind


def _is_file(parameter: Parameter) -> bool:
    return (parameter.is_file or _named_file(parameter)) and not set(parameter.words) & _CALLED_BACK


def _named_file(parameter: Parameter) -> bool:
    return bool(set(parameter.words) & _PICTURED) and bool(set(parameter.words) & _ADDRESS)


def _limits(parameter: Parameter, kind: str) -> dict[str, Any]:
    if parameter.closed and kind in ("string", "integer", "number", "boolean"):
        fitting = [choice for choice in parameter.choices if _is_of(kind, choice)]
        return {"one_of": list(dict.fromkeys(fitting))} if fitting else {}
    if kind == "string":
        return _range("min_length", parameter.min_length or None, "max_length", parameter.max_length)
    if kind == "array":
        return _range("min_items", parameter.min_items or None, "max_items", parameter.max_items)
    if kind in ("integer", "number"):
        step = parameter.multiple_of
        least = None if parameter.minimum is None else whole(parameter.minimum)
        most = None if parameter.maximum is None else whole(parameter.maximum)
        return _range("min", least, "max", most) | ({"multiple_of": whole(step)} if step and step > 0 else {})
    return {}


def _is_of(kind: str, choice: object) -> bool:
    """Whether an enumerated value is of the type: schemas enumerate others too."""
    match kind:
        case "string":
            return isinstance(choice, str)
        case "boolean":
            return isinstance(choice, bool)
        case "integer":
            return isinstance(choice, int) and not isinstance(choice, bool)
    return isinstance(choice, int | float) and not isinstance(choice, bool)


def _range(low: str, least: float | None, high: str, most: float | None) -> dict[str, Any]:
    if least is not None and most is not None and least > most:
        return {}
    found = {low: least, high: most}
    return {name: value for name, value in found.items() if value is not None and math.isfinite(value)}
