"""Values, choices and nearest ones, as a message says them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tarash_core.suggest import nearest
from tarash_core.yaml_node import shown

_MOST_SHOWN = 16


def either(values: Sequence[Any], *, last: str = "or") -> str:
    """``4, 6 or '8k'``; a long list is cut and its length told."""
    return _joined([shown(value) for value in values[:_MOST_SHOWN]], len(values), last)


def listed(values: Sequence[Any], *, last: str = "or") -> str:
    """As `either`, without quotes: for tables."""
    return _joined([shown(value).strip("'") for value in values[:_MOST_SHOWN]], len(values), last)


def _joined(texts: Sequence[str], count: int, last: str) -> str:
    if count > len(texts):
        return f"{', '.join(texts)}... ({count} in all)"
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}" if len(texts) > 1 else "".join(texts)


def near(value: Any, choices: Sequence[Any]) -> str:
    """`` (nearest: 6 or 8)``, or nothing when no choice is like the value."""
    if _is_number(value):
        numbers = sorted(choice for choice in choices if _is_number(choice))
        below = [number for number in numbers if number <= value][-1:]
        above = [number for number in numbers if number > value][:1]
        close: list[Any] = below + above
    elif isinstance(value, str):
        word = nearest(value, [choice for choice in choices if isinstance(choice, str)])
        close = [word] if word else []
    else:
        return ""
    return f" (nearest: {either(close)})" if close and len(choices) > 1 else ""


def named(name: str, roles: Sequence[str]) -> str:
    """A request field by its name; a role as ``an image with role 'first_frame'``."""
    return f"an image with role '{name}'" if name in roles else name


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
