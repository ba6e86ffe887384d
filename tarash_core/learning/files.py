"""What a parameter holds: the address of one file or of many, an image, a video or a sound; and what its text says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from tarash_core.learning import vocabulary as v
from tarash_core.learning.parameter import Parameter, Scalar

if TYPE_CHECKING:
    from tarash_core.learning.evidence import Role

# The keys of an address, and values by which an object says that it holds one.
_ADDRESSES = ("url", "uri", "image_url", "video_url", "imageurl", "videourl", "image_uri", "video_uri")
_URL_KEYS = (*_ADDRESSES, "image", "video", "input_image", "inputimage")


def holds_one(parameter: Parameter) -> bool:
    """Whether it takes the address of one file."""
    return "string" in parameter.kinds or not parameter.kinds


def holds_many(parameter: Parameter) -> bool:
    """Whether it takes a list of files, as addresses or as objects around them."""
    items = parameter.items
    if "array" not in parameter.kinds:
        return False
    if items is None:
        return parameter.kinds == {"array"}
    return "string" in items.kinds or object_key(items) is not None


def object_key(parameter: Parameter, *, but: str | None = None) -> str | None:
    """The key under which an object holds the address of a file, when nothing else about it has to be chosen.

    It is ``outer.inner`` where the address is in an object of its own. `but` is what may be chosen.
    """
    key = _address_key(parameter)
    if key is None:
        return None
    inside = object_key(parameter.inner[key]) if parameter.inner[key].kinds == {"object"} else None
    if not (holds_text(parameter.inner[key]) or is_listed(parameter) or inside):
        return None
    needed = {name for name, inner in parameter.inner.items() if inner.required} - {key, but}
    if not needed <= set(beside_key(parameter)):
        return None
    return f"{key}.{inside}" if inside else key


class Ends(NamedTuple):
    """How objects around frames say which end each of them is: ``{"uri": ..., "position": "first"}``."""

    place: str
    first: Scalar
    last: Scalar


def ends_told(holder: Parameter | None) -> Ends | None:
    """What says of an object around a file whether it is the first or the last frame."""
    if holder is None:
        return None
    for name, inner in holder.inner.items():
        values = {end: choice for choice in inner.text_choices for end in ("first", "last") if end in choice.lower()}
        if len(values) == 2 and len(inner.choices) == 2 and object_key(holder, but=name):
            return Ends(name, values["first"], values["last"])
    return None


def holds_text(parameter: Parameter) -> bool:
    """Whether the schema says that it takes a text."""
    return "string" in parameter.kinds


def is_listed(holder: Parameter) -> bool:
    """Whether an object around files takes a list of them."""
    key = _address_key(holder)
    items = holder.inner[key].items if key is not None and holder.inner[key].kinds == {"array"} else None
    return items is not None and holds_text(items)


def beside_key(parameter: Parameter) -> dict[str, Scalar]:
    """What else an object around a file needs: the one value that there is, or the one that says it is an address."""
    key = _address_key(parameter)
    told: dict[str, Scalar] = {}
    for name, inner in parameter.inner.items():
        if name == key or not inner.closed:
            continue
        if inner.required and len(inner.choices) == 1:
            told[name] = inner.choices[0]
        elif address := next((choice for choice in inner.choices if str(choice).lower() in _ADDRESSES), None):
            told[name] = address
    return told


def _address_key(parameter: Parameter) -> str | None:
    spelt = {name.lower(): name for name in parameter.inner}
    return next((spelt[name] for name in _URL_KEYS if name in spelt), None)


def type_told(parameter: Parameter) -> str | None:
    """What an object around a file, or each of a list, says that it is: ``{type: video, ...}``, ``{video_url}``."""
    holder = parameter.items or parameter
    kind = holder.inner.get("type")
    if kind is not None and kind.closed and len(kind.choices) == 1:
        return str(kind.choices[0])
    key = object_key(holder)
    told = re.match(r"image|video", key.lower()) if key and len(holder.inner) == 1 else None
    return told[0] if told else None


def is_video(parameter: Parameter) -> bool:
    """Whether a parameter takes a video, by its name."""
    words = frozenset(parameter.words)
    holds = holds_one(parameter) or holds_many(parameter) or object_key(parameter) is not None
    return holds and any(True for _ in videos_of(parameter, words))


def videos_of(parameter: Parameter, words: frozenset[str]) -> Iterator[tuple[Role, float]]:
    if type_told(parameter) == "video" and words <= v.REFERENCE | v.LEADS:
        yield "video", 0.85
        return
    if not words & v.VIDEO or words & v.MEANS or parameter.choices or words & v.HEARD:
        return
    if parameter.words[-1] in v.SAID:  # what a video is to be, in words
        return
    rest = words - v.VIDEO - v.CARRIES
    if not rest:
        yield "video", 1.0
    elif rest <= v.REFERENCE | v.LEADS:
        yield "video", 0.85


def is_heard(parameter: Parameter) -> bool:
    """Whether it takes a sound, by its name."""
    return bool(set(parameter.words) & v.HEARD) and holds_one(parameter) and not parameter.choices
