"""What an image is for of which its name says no more: told by what stands beside it, and by the model's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tarash_core.learning import vocabulary as v
from tarash_core.learning.descriptions import described_roles
from tarash_core.learning.files import holds_many, holds_one, is_heard, is_video
from tarash_core.learning.image_lists import listed_images
from tarash_core.learning.naming import is_end, is_one_of_many, is_only_image, is_reference, starts_from_image
from tarash_core.learning.parameter import Parameter

if TYPE_CHECKING:
    from tarash_core.learning.evidence import Role


def unnamed_image(
    parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...], model_words: frozenset[str]
) -> Iterator[tuple[Role, float]]:
    """An image that its name says no more of."""
    if words & v.FRAME and parameter.kinds == {"array"}:
        if parameter.min_items == parameter.max_items == 2 and is_only_image(parameter, siblings):
            yield "both_frames", 0.7
        return
    if words & v.FRAME and not is_only_image(parameter, siblings):
        return
    said = described_roles(parameter.description)
    if parameter.kinds == {"array"}:
        yield listed_images(parameter, siblings, model_words, said)
        return
    if said == {"reference"} and (starts_from_image(model_words) or "image-to-video" in parameter.description):
        # Some call it a reference that the video starts from.
        yield ("only_image", 0.7) if is_only_image(parameter, siblings) else ("first_frame", 0.65)
    elif len(said) == 1:
        role = said.pop()
        if role == "reference" and any(map(_ends, siblings)):
            role = "first_frame"  # whatever it is called, the video ends with another one
        yield role, 0.5 if role == "reference" and any(map(is_reference, siblings)) else 0.9
    else:
        yield _single(parameter, siblings, model_words)


def _single(parameter: Parameter, siblings: tuple[Parameter, ...], model_words: frozenset[str]) -> tuple[Role, float]:
    if any(other.words[:-1] == parameter.words and other.words[-1] in v.ADDRESS for other in siblings):
        return "first_frame", 0.5  # the same image as a file; a request is sent with its address
    if any(map(_ends, siblings)):
        return "first_frame", 0.9
    led = [other for other in siblings if is_video(other)]
    if not led and re.search(r"\b(to|be) animated?\b", parameter.description):
        return "first_frame", 0.9
    if any(map(is_reference, siblings)):
        return "first_frame", 0.75
    heard = any(is_heard(other) for other in siblings)
    if (model_words & v.MODEL_SHOWS and not heard) or (led and model_words & v.MODEL_FOLLOWS):
        return "reference", 0.8
    if _may_be_either(parameter, siblings, led, model_words):
        # Somebody who is to speak or to move, or something to be put into a video: the first frame to some providers,
        # a reference to others, and the same picture in the same place to the caller, if it is the only one.
        return ("only_image", 0.7) if is_only_image(parameter, siblings) else ("first_frame", 0.5)
    if led:
        return "only_image" if is_only_image(parameter, siblings) else "first_frame", 0.7
    return "first_frame", 0.9


def _ends(parameter: Parameter) -> bool:
    return is_end(parameter) and bool(set(parameter.words) & v.LAST)


def _may_be_either(
    parameter: Parameter, siblings: tuple[Parameter, ...], led: list[Parameter], model_words: frozenset[str]
) -> bool:
    """Whether an image may be the first frame or somebody to be shown."""
    if parameter.required and any(map(_is_spoken, siblings)):
        return True
    if any(other.required for other in led) or (led and any(set(other.words) & v.DRIVES for other in siblings)):
        return True
    counted = is_one_of_many(parameter, siblings) or bool(set(parameter.words) & v.FRAME)
    alone = is_only_image(parameter, siblings) and bool(model_words & v.MODEL_OF_SOMEBODY)
    return bool(model_words & v.MODEL_SHOWS) or alone or counted or _weighed_as_somebody(siblings)


def _is_spoken(parameter: Parameter) -> bool:
    """Whether it brings what somebody has to speak or sing: a sound that has to be given, or the voice of a text."""
    return (is_heard(parameter) and parameter.required) or bool(set(parameter.words) & {"voice", "speaker"})


def _weighed_as_somebody(siblings: tuple[Parameter, ...]) -> bool:
    """Whether a number says how much somebody or something is to be kept of whom no other parameter has an image."""
    kept = [words for words in map(_kept, siblings) if words]
    files = {word for other in siblings if holds_one(other) or holds_many(other) for word in other.words}
    return any(not words & files for words in kept)


def _kept(parameter: Parameter) -> frozenset[str]:
    words = frozenset(parameter.words)
    counts = words & {"scale", "strength", "weight", "fidelity"} and parameter.kinds & {"integer", "number"}
    return words & (v.REFERENCE | {"ip", "id", "face", "likeness"}) if counts else frozenset()
