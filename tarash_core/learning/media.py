"""What a parameter that takes images or videos is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tarash_core.learning import vocabulary as v
from tarash_core.learning.evidence import WORTH_NAMING, Evidence, Role
from tarash_core.learning.parameter import Parameter

_URL_KEYS = ("url", "uri", "image_url", "video_url")


def media_evidence(
    parameter: Parameter, siblings: tuple[Parameter, ...], model_words: frozenset[str]
) -> Iterator[Evidence]:
    """The roles of images and videos that a parameter may have."""
    words = frozenset(parameter.words)
    if (
        words & v.HEARD
        or _type_told(parameter) == "audio"
        or parameter.choices
        or (parameter.words and parameter.words[-1] in v.SAID)
    ):
        return
    if not (holds_one(parameter) or holds_many(parameter) or object_key(parameter)):
        return
    found = [*_images(parameter, words, siblings, model_words), *_videos(parameter, words)]
    most = 0.4 if _placed(parameter) else 1.0
    for role, confidence in found or _described(parameter):
        if confidence >= WORTH_NAMING:
            yield Evidence(role, parameter, min(confidence, most))


def holds_one(parameter: Parameter) -> bool:
    """Whether it takes the address of one file."""
    return "string" in parameter.kinds or not parameter.kinds


def holds_many(parameter: Parameter) -> bool:
    """Whether it takes a list of files, as addresses or as objects around them."""
    items = parameter.items
    if "array" not in parameter.kinds or items is None:
        return False
    return "string" in items.kinds or object_key(items) is not None


def _placed(parameter: Parameter) -> bool:
    """Whether it is a list of objects that say where or how much each file counts."""
    items = parameter.items
    return items is not None and any(set(inner.words) & v.PLACES for inner in items.inner.values())


def object_key(parameter: Parameter) -> str | None:
    """The key under which an object holds the address of a file, when nothing else about it has to be chosen."""
    key = next((name for name in _URL_KEYS if name in parameter.inner), None)
    if key is None or not parameter.inner[key].takes("string"):
        return None
    others = (inner for name, inner in parameter.inner.items() if name != key and inner.required)
    return key if all(len(inner.choices) == 1 and inner.closed for inner in others) else None


def _images(
    parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...], model_words: frozenset[str]
) -> Iterator[tuple[Role, float]]:
    told = _type_told(parameter)
    if words & v.VIDEO or told == "video":
        return
    # A style of an image is a word; an image of a style, or its address, is a file.
    if "style" in words and parameter.words[-1] != "style":
        if words & v.IMAGE and words <= v.IMAGE | v.CARRIES | v.REFERENCE | {"style"}:
            yield "style", 0.85
        return
    if words & v.MEANS:
        return
    pictured, one = bool(words & v.IMAGE) or told == "image", parameter.kinds != {"array"}
    rest = words - v.IMAGE - v.CARRIES
    if words & v.LAST and pictured and one and rest <= v.LAST:
        yield "last_frame", 0.95
    elif words & v.FIRST and pictured and one and rest <= v.FIRST:
        # The head is a beginning beside a tail, and else a part of somebody.
        begins = "head" not in words or any("tail" in other.words for other in siblings)
        yield "first_frame", 0.95 if begins else 0.4
    elif one and "input" in words and words <= v.REFERS | {"input"} and not _pictured(siblings):
        # The one picture that is put in; some call it a reference whatever it is for.
        yield "first_frame", 0.65
    elif words & v.REFERENCE:
        yield "reference", _refers(parameter, words, siblings, pictured=pictured)
    elif pictured and not rest:
        yield from _plain(parameter, words, siblings, model_words)


def _refers(parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...], *, pictured: bool) -> float:
    """How certain it is that a parameter with a word of reference in its name takes reference images."""
    if words - v.IMAGE - v.CARRIES - v.REFERENCE or words & v.FRAME:
        return 0.5
    if pictured:
        # Somebody beside a sound is who speaks or sings, and may be the first frame.
        return 0.9 if words & v.REFERS or not any(map(_is_heard, siblings)) else 0.5
    # Of a subject or a character alone it may be the name; what is called a reference is one, if it holds a file.
    if words & v.REFERS and holds_many(parameter):
        return 0.75
    named = words & v.ADDRESS or len(words & v.REFERENCE) > 1
    if words & v.REFERS and (parameter.is_file or named or object_key(parameter)):
        return 0.65
    return 0.4


def _pictured(siblings: tuple[Parameter, ...]) -> bool:
    return any(
        set(other.words) & v.IMAGE and not other.choices and other.takes("string", "array") for other in siblings
    )


def _plain(
    parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...], model_words: frozenset[str]
) -> Iterator[tuple[Role, float]]:
    """An image that its name says no more of."""
    if words & v.FRAME:
        return
    said = described_roles(parameter.description)
    if parameter.kinds == {"array"}:
        yield from _plain_list(parameter, siblings, model_words, said)
        return
    if len(said) == 1:
        yield said.pop(), 0.9
        return
    led = [other for other in siblings if is_video(other)]
    if model_words & v.MODEL_SHOWS:
        # Beside a sound to speak or sing, who is shown may be the first frame too.
        yield "reference", 0.5 if any(_is_heard(other) for other in siblings) else 0.8
    elif led and model_words & v.MODEL_FOLLOWS:
        yield "reference", 0.8
    elif parameter.required and any(other.required for other in led):
        # Somebody to be moved as in the video, or what it is to begin with; a video of motion says which.
        yield "reference", 0.7 if any(set(other.words) & {"driving", "motion"} for other in led) else 0.5
    elif any(other.required for other in led) or _weighed_as_somebody(siblings):
        yield "first_frame", 0.5
    else:
        yield "first_frame", 0.7 if led else 0.9


def _plain_list(
    parameter: Parameter, siblings: tuple[Parameter, ...], model_words: frozenset[str], said: set[Role]
) -> Iterator[tuple[Role, float]]:
    """A list of images that its name says no more of: references where something beside it says so.

    Alone it may as well be the first and the last frame, keyframes, or pictures to be shown one after another.
    """
    if said:
        yield "reference", 0.9 if said == {"reference"} else 0.4
        return
    if any(set(other.words) & v.PLACED for other in siblings if other is not parameter):
        yield "reference", 0.4
        return
    if model_words & v.MODEL_SHOWS:
        yield "reference", 0.9
        return
    alone = not any(holds_one(other) and set(other.words) & v.IMAGE for other in siblings if not other.choices)
    shown = alone and (model_words & {"i2v", "img2video", "image2video"} or {"image", "to"} <= model_words)
    if shown and parameter.max_items == 1:
        yield "first_frame", 0.75
    elif any(is_video(other) or _is_end(other) for other in siblings):
        yield "reference", 0.75
    else:
        yield ("first_frame" if shown else "reference"), 0.5


def _is_end(parameter: Parameter) -> bool:
    """Whether it takes the first or the last frame, by its name."""
    words = frozenset(parameter.words)
    named = bool(words & v.IMAGE and words & (v.FIRST | v.LAST) and not words & v.MEANS)
    return named and holds_one(parameter) and not parameter.choices


def _is_heard(parameter: Parameter) -> bool:
    """Whether it takes a sound, by its name."""
    return bool(set(parameter.words) & v.HEARD) and holds_one(parameter) and not parameter.choices


def _weighed_as_somebody(siblings: tuple[Parameter, ...]) -> bool:
    """Whether a number says how much somebody or something is to be kept of whom no other parameter has an image."""
    kept = [words for words in map(_kept, siblings) if words]
    files = {word for other in siblings if holds_one(other) or holds_many(other) for word in other.words}
    return any(not words & files for words in kept)


def _kept(parameter: Parameter) -> frozenset[str]:
    words = frozenset(parameter.words)
    counts = words & {"scale", "strength", "weight", "fidelity"} and parameter.kinds & {"integer", "number"}
    return words & (v.REFERENCE | {"ip", "id", "face", "likeness"}) if counts else frozenset()


def is_video(parameter: Parameter) -> bool:
    """Whether a parameter takes a video, by its name."""
    words = frozenset(parameter.words)
    holds = holds_one(parameter) or holds_many(parameter) or object_key(parameter) is not None
    return holds and any(True for _ in _videos(parameter, words))


def _type_told(parameter: Parameter) -> str | None:
    """What an object around a file, or each of a list, says that the file is: ``{type: video, uri: ...}``."""
    holder = parameter.items or parameter
    kind = holder.inner.get("type")
    return str(kind.choices[0]) if kind is not None and kind.closed and len(kind.choices) == 1 else None


def _videos(parameter: Parameter, words: frozenset[str]) -> Iterator[tuple[Role, float]]:
    if _type_told(parameter) == "video" and words <= v.REFERENCE | v.LEADS:
        yield "video", 0.85
        return
    if not words & v.VIDEO or words & v.MEANS or parameter.choices or words & v.HEARD:
        return
    rest = words - v.VIDEO - v.CARRIES
    if not rest:
        yield "video", 1.0
    elif rest <= v.REFERENCE | v.LEADS:
        yield "video", 0.85


def described_roles(text: str) -> set[Role]:
    """The roles of an image that a description speaks of."""
    said: set[Role] = set()
    if re.search(r"\b(last|end|ending|final|tail)[ -](frame|image)s?\b", text):
        said.add("last_frame")
    if re.search(r"\b(first|start|starting|initial)[ -](frame|image)s?\b|\b(to|be) animate", text):
        said.add("first_frame")
    if re.search(
        r"\breference (image|photo|picture)|\b(character|subject|identity) (reference|image)|\bas (a |the )?reference",
        text,
    ):
        said.add("reference")
    return said


def _described(parameter: Parameter) -> Iterator[tuple[Role, float]]:
    """By the description alone, of a file whose name says nothing."""
    if not re.search(r"\b(url|uri|file|upload)\b", parameter.description) and not parameter.is_file:
        return
    words = frozenset(parameter.words)
    said = described_roles(parameter.description)
    if len(said) == 1 and not words & (v.MEANS | v.VIDEO):
        yield said.pop(), 0.65
