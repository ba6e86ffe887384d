"""What a schema says of several parameters together: that some of them have to be given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tarash_core.learning.published import Json


def rules_of(schema: Json, fields: Mapping[str, Any], extra: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules of a mapping that ``anyOf: [{required: [a]}, {required: [b]}]`` comes to.

    Args:
        schema: Of the input.
        fields: Of the mapping: theirs, and what each is sent from.
        extra: The other parameters of the mapping.
    """
    branches = schema.get("anyOf")
    if not isinstance(branches, list) or not branches:
        return []
    names: list[str] = []
    for branch in branches:
        needed = branch.get("required")
        if set(branch) != {"required"} or not isinstance(needed, list) or len(needed) != 1:
            return []
        ours = _ours(fields[needed[0]]) if needed[0] in fields else needed[0] if needed[0] in extra else None
        if ours is None:
            return []
        names.append(ours)
    return [{"some_of": list(dict.fromkeys(names))}] if len(set(names)) > 1 else []


def _ours(words: Mapping[str, Any]) -> str | None:
    """What a request calls the one thing that a field is sent from."""
    match words:
        case {"from": str() as name} | {"image": str() as name} | {"images": [str() as name]}:
            return name
    return None
