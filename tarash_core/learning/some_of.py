"""What a schema says of several parameters together: that one of them has to be given, or the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tarash_core.learning.published import Json


def rules_of(schema: Json, fields: Mapping[str, Any], extra: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rule of a mapping that ``anyOf: [{required: [a]}, {required: [b]}]`` comes to.

    Where one branch needs several, as in ``[{required: [a]}, {required: [b, c]}]``, those are needed without the other.

    Args:
        schema: Of the input.
        fields: Of the mapping: theirs, and what each is sent from.
        extra: The other parameters of the mapping.
    """
    branches = schema.get("anyOf")
    if not isinstance(branches, list):
        return []
    needed = [_needed(branch, fields, extra) for branch in branches]
    if not all(needed):
        return []
    if all(len(names) == 1 for names in needed):
        names = list(dict.fromkeys(name for (name,) in needed))
        return [{"some_of": names}] if len(names) > 1 else []
    alone, *others = sorted(needed, key=len)
    if len(alone) == 1 and len(others) == 1 and alone[0] not in others[0]:
        return [{"when": {alone[0]: "missing"}, "needs": others[0]}]
    return []


def _needed(branch: Any, fields: Mapping[str, Any], extra: Mapping[str, Any]) -> list[str]:
    """What a branch that says nothing else needs, as a request calls it; nothing where that cannot be said."""
    if not isinstance(branch, Mapping) or set(branch) != {"required"} or not isinstance(branch["required"], list):
        return []
    ours = [
        _ours(fields[name]) if name in fields else name if name in extra else None
        for name in map(str, branch["required"])
    ]
    names = [name for name in ours if name is not None]
    return list(dict.fromkeys(names)) if len(names) == len(ours) else []


def _ours(words: Mapping[str, Any]) -> str | None:
    """What a request calls the one thing that a field is sent from."""
    match words:
        case {"from": str() as name} | {"image": str() as name} | {"images": [str() as name]}:
            return name
    return None
