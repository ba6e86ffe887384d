"""What a list of images is for of which its name says no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tarash_core.learning import vocabulary as v
from tarash_core.learning.files import holds_many, is_video
from tarash_core.learning.naming import is_end, is_only_image, is_reference, numbered
from tarash_core.learning.parameter import Parameter

if TYPE_CHECKING:
    from tarash_core.learning.evidence import Role

_ENDS = {"first_frame", "last_frame"}


def listed_images(
    parameter: Parameter, siblings: tuple[Parameter, ...], model_words: frozenset[str], said: set[Role]
) -> tuple[Role, float]:
    """What a list of images is for that its name says no more of: references where something beside it says so.

    Alone it is taken in either role, but where the model's name says that it goes from one image to the next.
    """
    alone = is_only_image(parameter, siblings)
    if told := _frames_told(parameter, said, alone=alone):
        return told
    if parameter.max_items in (1, 2) and any(map(_lists_references, siblings)) and said <= {"first_frame"}:
        return "first_frame" if parameter.max_items == 1 else "both_frames", 0.7
    if said:
        shows = said == {"reference"} or ("reference" in said and model_words & v.MODEL_SHOWS)
        return "reference", 0.9 if shows else 0.4
    if model_words & v.MODEL_STYLES:
        return "style", 0.4
    if any(set(other.words) & v.PLACED for other in siblings if other.name != parameter.name):
        return "reference", 0.4
    if model_words & v.MODEL_SHOWS:
        return "reference", 0.9
    if "multi" in model_words and model_words & {"image", "images"}:
        return "reference", 0.75
    if alone and _goes_from_end_to_end(model_words) and not any(map(is_video, siblings)):
        return "both_frames", 0.85 if parameter.min_items == parameter.max_items == 2 else 0.7
    shown = alone and bool(model_words & v.MODEL_STARTS or {"image", "to"} <= model_words)
    if shown and parameter.max_items == 1:
        return "first_frame", 0.75
    if any(is_video(other) or is_end(other) for other in siblings):
        return "reference", 0.75
    if alone and not _goes_between(model_words):
        if (parameter.min_items or 0) <= 1:
            return "only_image", 0.65
        if model_words & v.MODEL_OF_SOMEBODY:
            return "reference", 0.65  # several people
    return "first_frame" if shown else "reference", 0.5


def _frames_told(parameter: Parameter, said: set[Role], *, alone: bool) -> tuple[Role, float] | None:
    """What a list is for that is said to hold a frame, or two."""
    if "last_frame" in said and (parameter.max_items == 2 or (said >= _ENDS and parameter.max_items is None)):
        return "both_frames", 0.85
    if said == {"first_frame"} and parameter.max_items == 1:
        return "first_frame", 0.9
    if "reference" in said and alone and (parameter.max_items == 1 or "image-to-video" in parameter.description):
        return "only_image", 0.7  # some call it a reference that the video starts from
    return None


def _lists_references(parameter: Parameter) -> bool:
    """Whether it is a list for references, so that another short list is for frames."""
    return is_reference(parameter) and holds_many(parameter)


def end_of_two(parameter: Parameter, siblings: tuple[Parameter, ...], model_words: frozenset[str]) -> Role | None:
    """Which end ``image_1`` or ``image_2`` is of a model that by its name goes from one image to the next."""
    stem, number = numbered(parameter.words)
    if not set(stem) & v.IMAGE or not set(stem) <= v.IMAGE | v.CARRIES:
        return None
    if not _goes_from_end_to_end(model_words) and not re.search(v.MODEL_JOINS_TWO, " ".join(model_words)):
        return None
    counted = sorted(numbered(other.words)[1] or 1 for other in siblings if numbered(other.words)[0] == stem)
    if counted != [1, 2] or any(is_video(other) for other in siblings):
        return None
    return "last_frame" if number == 2 else "first_frame"


def _goes_from_end_to_end(model_words: frozenset[str]) -> bool:
    """Whether a model's name says that it is given a first and a last frame."""
    return any(pair <= model_words for pair in v.MODEL_ENDS) or any(
        word.startswith(("flf", "startend")) for word in model_words
    )


def _goes_between(model_words: frozenset[str]) -> bool:
    """Whether a model's name says that it goes from one image to the next, or that it starts from none."""
    from_text = {"text", "to"} <= model_words and "image" not in model_words
    return from_text or bool(re.search(v.MODEL_GOES_BETWEEN, " ".join(model_words)))
