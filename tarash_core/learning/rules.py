"""How the mapping language says that a parameter has a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tarash_core.learning.descriptions import described_roles
from tarash_core.learning.evidence import Role
from tarash_core.learning.files import beside_key, ends_told, holds_many, holds_one, is_listed, object_key
from tarash_core.learning.length_rules import duration_rule, frames_rule
from tarash_core.learning.lengths import frame_rate
from tarash_core.learning.limits import FieldWords, given, number_limits
from tarash_core.learning.parameter import Parameter, Scalar
from tarash_core.learning.shapes import (
    lines_within,
    named_ratio,
    orientations_of,
    pixels_of,
    ratio_of,
    resolution_of,
    switch_of,
    whole,
)
from tarash_core.learning.sides import side_rule

_FIELDS: Mapping[Role, str] = {
    "prompt": "prompt",
    "negative_prompt": "negative_prompt",
    "duration": "duration_seconds",
    "frames": "duration_seconds",
    "aspect_ratio": "aspect_ratio",
    "resolution": "resolution",
    "size": "resolution",
    "seed": "seed",
    "audio": "generate_audio",
    "enhance_prompt": "enhance_prompt",
    "count": "number_of_videos",
    "video": "video",
}


def rule_of(role: Role, parameter: Parameter, siblings: tuple[Parameter, ...]) -> FieldWords | None:
    """The words of a field; None when the language cannot say it."""
    rule = _rule(role, parameter, siblings)
    if rule is None or not parameter.required or "default" in rule:  # what has a default is never missing
        return rule
    source = next(iter(rule))
    return {source: rule[source], "required": True, **rule}


def _rule(role: Role, parameter: Parameter, siblings: tuple[Parameter, ...]) -> FieldWords | None:
    match role:
        case "prompt" | "negative_prompt":
            return {"from": _FIELDS[role], **_lengths(parameter)}
        case "first_frame" | "last_frame":
            return _one({"image": role}, parameter) or _list({"images": [role]}, parameter)
        case "both_frames":
            return _both_frames(parameter)
        case "only_image":
            either = ["first_frame", "reference"]
            return _one({"image": either}, parameter) or _list({"images": [*either, "asset"]}, parameter)
        case "reference" | "style":
            return _images(role, parameter)
        case "video":
            return _one({"from": "video"}, parameter) or _list({"videos": "all"}, parameter)
        case "duration":
            return duration_rule(parameter)
        case "frames":
            return frames_rule(parameter, frame_rate(parameter, siblings))
        case "aspect_ratio" if switch := orientations_of(parameter):
            return {"from": "aspect_ratio", "values": dict(switch)}
        case "aspect_ratio" if parameter.kinds == {"number"}:
            limits = given(least=parameter.minimum, most=parameter.maximum)
            return {"from": "aspect_ratio", "use": "ratio"} | ({"with": limits} if limits else {})
        case "aspect_ratio":
            return _choices("aspect_ratio", parameter, ratio_of)
        case "resolution" if lines := lines_within(parameter):
            return {"from": "resolution", "values": {f"{each}p": each for each in lines}}
        case "resolution":
            return _choices("resolution", parameter, resolution_of)
        case "size":
            return _size(parameter, siblings)
        case "width" | "height":
            return side_rule(role, parameter, siblings)
        case "audio" | "enhance_prompt":
            return _switch(_FIELDS[role], parameter)
        case "seed" | "count":
            return _integer(_FIELDS[role], parameter)


def _lengths(parameter: Parameter) -> FieldWords:
    # A request without a prompt gives none, so "at least one letter" is said by `required` alone.
    least = parameter.min_length if parameter.min_length and parameter.min_length > 1 else None
    return given(min_length=least, max_length=parameter.max_length)


def _images(role: Role, parameter: Parameter) -> FieldWords | None:
    if holds_many(parameter):
        return _list({"images": ["reference", "asset"] if role == "reference" else [role]}, parameter)
    return _one({"image": role}, parameter)


def _one(source: FieldWords, parameter: Parameter) -> FieldWords | None:
    if holds_one(parameter):
        return source
    return source | _around(parameter, "object") if object_key(parameter) else None


def _both_frames(parameter: Parameter) -> FieldWords | None:
    if not (parameter.min_items or 0) <= 2 <= (parameter.max_items or 2):
        return None
    source: FieldWords = {"images": ["first_frame", "last_frame"]}
    items = parameter.items
    ends = ends_told(items)
    if items is None or ends is None:
        both = _list(source, parameter)
        # Where it is said to hold up to two, it may hold the first one alone.
        alone = parameter.max_items == 2 or described_roles(parameter.description)
        return both and {"min_items": 1 if alone else 2, **both, "max_items": 2}
    beside = {name: value for name, value in beside_key(items).items() if name != ends.place}
    told = {"key": object_key(items, but=ends.place), **ends._asdict(), **beside}
    return source | {"max_items": 2, "use": "placed", "with": told}


def _around(item: Parameter, converter: str) -> FieldWords:
    """The object that a file's address is put into, with what else it needs."""
    listed = {"listed": True} if is_listed(item) else {}
    return {"use": converter, "with": {"key": object_key(item), **listed, **beside_key(item)}}


def _list(source: FieldWords, parameter: Parameter) -> FieldWords | None:
    items = parameter.items
    if not holds_many(parameter):
        return None
    rule = {**source}
    if items is not None and "string" not in items.kinds:
        rule |= _around(items, "objects")
    return rule | given(min_items=parameter.min_items or None, max_items=parameter.max_items)


def _choices(field: str, parameter: Parameter, ours_of: Any) -> FieldWords | None:
    """A field whose values the provider enumerates, translated where they are not our words."""
    rule: FieldWords = {"from": field}
    if not parameter.choices or "string" in parameter.open:
        return rule if parameter.takes("string") else None
    pairs: dict[Scalar, Scalar] = {}
    for theirs in parameter.choices:
        ours = ours_of(theirs)
        ours = theirs if ours is None or ours in pairs else ours
        # In a request it is a text in any case.
        pairs.setdefault(ours if isinstance(ours, str) else str(ours), theirs)
    if all(ours == theirs for ours, theirs in pairs.items()):
        return rule | {"one_of": list(pairs)}
    return rule | {"values": pairs}


def _size(parameter: Parameter, siblings: tuple[Parameter, ...]) -> FieldWords | None:
    ratios = (other for other in siblings if other is not parameter and set(other.words) & {"aspect", "ratio"})
    if any(ratio.takes("string") for ratio in ratios):
        # The ratio is asked for beside it, and a size by its pixels.
        return _choices("resolution", parameter, resolution_of)
    table: dict[str, dict[str, str]] = {}
    cells: dict[str, tuple[str, str]] = {}
    for theirs in parameter.text_choices:
        pixels = pixels_of(theirs)
        if pixels is None:
            continue
        row = table.setdefault(f"{min(pixels)}p", {})
        ratio = named_ratio(*pixels)
        ratio = ratio if ratio not in row else f"{pixels.width}:{pixels.height}"
        row[ratio] = theirs
        cells[theirs] = (f"{min(pixels)}p", ratio)
    if not table and parameter.text_choices:
        return _choices("aspect_ratio", parameter, ratio_of)
    if not table:
        said = parameter.default in (None, "auto") or pixels_of(parameter.default)
        return {"from": "resolution"} if said else None
    rule: FieldWords = {"lookup": ["resolution", "aspect_ratio"], "table": table}
    default = cells.get(str(parameter.default))
    others = [theirs for theirs in parameter.choices if theirs not in cells]
    return rule | ({"default": list(default)} if default else {}) | ({"also": others} if others else {})


def _switch(field: str, parameter: Parameter) -> FieldWords | None:
    switch = switch_of(parameter)
    if switch is None:
        return None
    return {"from": field} if switch[True] is True else {"from": field, "values": dict(switch)}


def _integer(field: str, parameter: Parameter) -> FieldWords | None:
    rule: FieldWords = {"from": field}
    if parameter.number_choices and not parameter.open:
        return rule | {"one_of": list(dict.fromkeys(map(whole, parameter.number_choices)))}
    if parameter.kinds == {"string"}:
        return None if parameter.choices else rule | {"as": "string"}
    return rule | number_limits(parameter, least=None)
