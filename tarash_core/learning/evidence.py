"""What each parameter may be for: a role with a confidence, by its name, type, values, neighbours and description.

Confidence is not a probability: 1 is the usual name with the right type; from `SURE` on nothing is marked; below
`ACCEPTED` the parameter stays an extra one, and the role is named as what it could be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from tarash_core.learning import vocabulary as v
from tarash_core.learning.files import is_video
from tarash_core.learning.lengths import lengths
from tarash_core.learning.parameter import Parameter, Scalar
from tarash_core.learning.shapes import (
    lines_within,
    mostly,
    named_ratio,
    orientations_of,
    pixels_of,
    ratio_of,
    resolution_of,
    switch_of,
)
from tarash_core.learning.sides import side_of
from tarash_core.learning.texts import texts

Role = Literal[
    "prompt", "first_frame", "last_frame", "both_frames", "reference", "only_image", "style", "video", "duration",
    "frames", "aspect_ratio", "resolution", "size", "width", "height", "seed", "audio", "negative_prompt",
    "enhance_prompt", "count",
]  # fmt: skip

SURE, ACCEPTED, WORTH_NAMING = 0.8, 0.6, 0.3
_MOST_UNASKED = 4  # videos


class Evidence(NamedTuple):
    """A role that a parameter may have."""

    role: Role
    parameter: Parameter
    confidence: float


def evidence_of(parameter: Parameter, siblings: tuple[Parameter, ...]) -> Iterator[Evidence]:
    """Every role but those of images and videos (`tarash_core.learning.media`) that a parameter may have."""
    words = frozenset(parameter.words)
    if not words:
        return
    for role, confidence in (
        *texts(parameter, words, siblings),
        *_switches(parameter, words, siblings),
        *_numbers(parameter, words),
        *lengths(parameter, words, siblings),
        *_sizes(parameter, words),
    ):
        if confidence >= WORTH_NAMING:
            yield Evidence(role, parameter, confidence)


def _switches(
    parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...]
) -> Iterator[tuple[Role, float]]:
    if switch_of(parameter) is None:
        return
    if words & v.SOUND and not words - v.SOUND - v.MAKES_SOUND - v.SWITCHING - v.PLAIN and "input" not in words:
        # Of a sound that is put in, alone or in a video, a switch may say whether to keep or to follow it.
        given = any(_brings_sound(other) for other in siblings if other is not parameter)
        yield "audio", 0.5 if given and words & v.PUTS else 0.95
    elif words == {"save", "audio"}:
        yield "audio", 0.65
    of_text = {"prompt", "prompts", "text", "description"}
    if words & v.ENHANCES and not words - v.ENHANCES - v.SWITCHING - v.PLAIN - of_text:
        said = re.search(
            r"(enhanc|expan|extend|rewrit|optimi[sz]|improv|refin)\w* (\w+ ){0,3}prompt", parameter.description
        )
        told = said or words & (v.ENHANCES_ONLY_PROMPTS | {"text"})
        yield "enhance_prompt", 0.95 if words & {"prompt", "prompts"} else 0.7 if told else 0.4


def _brings_sound(parameter: Parameter) -> bool:
    """Whether a sound comes in by it: a sound, or a video that has to be given."""
    words = set(parameter.words)
    if not parameter.takes("string", "array") or parameter.choices or words & v.MEANS:
        return False
    return (bool(words & v.HEARD) and not words & set(v.SAID)) or (is_video(parameter) and parameter.required)


def _numbers(parameter: Parameter, words: frozenset[str]) -> Iterator[tuple[Role, float]]:
    if "seed" in words and words <= v.SEEDED and parameter.kinds == {"string"} and not parameter.choices:
        yield "seed", 0.9
    if not parameter.takes("integer", "number"):
        return
    if words & {"seed", "seeds"} and not words & v.OF_NO_SEED:
        yield "seed", 1.0 if words == {"seed"} else 0.9 if words <= v.SEEDED | v.PLAIN else 0.65
    if words & v.MADE and words & (v.MANY | {"per"}) and words <= v.MADE | v.MANY | v.BESIDE_MADE:
        # Clips may be parts of one video, and a batch what is worked on at once.
        told = _one_unasked(parameter) and not words & {"clip", "clips"}
        yield "count", 0.9 if told else 0.65 if words & v.MADE_BY_PERSONS and _few_unasked(parameter) else 0.5
    elif _counts_alone(words):
        yield "count", 0.7 if _one_unasked(parameter) else 0.4


def _counts_alone(words: frozenset[str]) -> bool:
    """Whether a name counts without saying what: ``count``, ``number_of_media``."""
    told = "media" in words and words & (v.MANY - {"n"}) and words <= v.MANY | {"media"}
    return bool(told) or (len(words) == 1 and words <= v.MADE_ALONE)


def _one_unasked(parameter: Parameter) -> bool:
    """Whether what is counted may be videos: one, when nobody asks for more."""
    return parameter.default in (None, 1) and (parameter.minimum is None or parameter.minimum <= 1)


def _few_unasked(parameter: Parameter) -> bool:
    """Whether what is counted may be videos that are made to choose from."""
    default = parameter.default
    return isinstance(default, int | float) and 1 <= default <= _MOST_UNASKED


def _sizes(parameter: Parameter, words: frozenset[str]) -> Iterator[tuple[Role, float]]:
    if orientations_of(parameter):
        yield "aspect_ratio", 0.65
    if not parameter.takes("string", "integer", "number") or words & v.OF_WHAT_GOES_IN:
        return
    if (side := side_of(parameter)) and words <= {side, side[0]} | v.BESIDE_SIZE:
        yield ("width" if side == "width" else "height"), 0.9
        return
    choices = parameter.choices
    if choices and mostly(choices, pixels_of):
        yield "size", 1.0 if words <= v.SIZED | v.BESIDE_SIZE else 0.7 if _is_of_video(choices) else 0.5
        return
    if words & {"size", "resolution"} and words <= {"resolution"} | v.BESIDE_SIZE and mostly(choices, ratio_of):
        yield from _named_sizes(parameter, words)
        return
    if words & {"aspect", "ratio", "orientation"}:
        yield from _ratios(parameter, words)
        return
    if words & {"resolution", "res"} and words <= {"resolution", "res"} | v.BESIDE_SIZE:
        yield from _resolutions(parameter)
    elif not choices and words <= {"quality"} | v.BESIDE_SIZE and re.fullmatch(r"\d{3,4}[pP]", str(parameter.default)):
        yield "resolution", 0.9
    elif choices and mostly(choices, resolution_of) and words & {"quality", "definition", "size"}:
        yield "resolution", 0.9 if parameter.text_choices else 0.5
    elif any(re.fullmatch(r"\d{3,4}[pP]", text) for text in parameter.text_choices) and mostly(choices, resolution_of):
        yield "resolution", 0.7
    elif choices and parameter.text_choices and mostly(choices, ratio_of):
        yield "aspect_ratio", 0.65 if _is_of_video(choices) or _is_upright_or_wide(choices) else 0.4
    elif not choices and words & {"size", "dimension", "dimensions"} and pixels_of(parameter.default):
        yield "size", 0.8
    elif not choices and words == {"size"} and parameter.kinds == {"string"} and parameter.default in (None, "auto"):
        yield "size", 0.65
    elif not choices and words == {"quality"} and parameter.kinds == {"string"} and parameter.default is None:
        yield "resolution", 0.65


def _ratios(parameter: Parameter, words: frozenset[str]) -> Iterator[tuple[Role, float]]:
    choices = parameter.choices
    named = words <= {"aspect", "ratio", "orientation"} | v.BESIDE_SIZE
    if choices and mostly(choices, lambda choice: ratio_of(choice) or pixels_of(choice)):
        yield "aspect_ratio", 1.0 if named else 0.7 if _is_of_video(choices) else 0.5
    elif not choices and named and "aspect" in words and parameter.kinds == {"number"}:
        yield "aspect_ratio", 0.9
    elif not choices and parameter.takes("string") and named and words & {"aspect", "ratio"}:
        text = parameter.kinds == {"string"} and parameter.default is None
        told = 0.8 if ratio_of(parameter.default) else 0.7 if text else 0.5
        yield "aspect_ratio", 0.95 if "aspect" in words else told


def _named_sizes(parameter: Parameter, words: frozenset[str]) -> Iterator[tuple[Role, float]]:
    """A size whose values are names of shapes: ``landscape_16_9`` and ``square_hd`` are sizes, ``16:9`` is a ratio."""
    if any(":" in text for text in parameter.text_choices):
        yield "aspect_ratio", 0.9 if "size" in words else 0.7 if _is_of_video(parameter.choices) else 0.5
    else:
        yield "size", 0.9


def _resolutions(parameter: Parameter) -> Iterator[tuple[Role, float]]:
    choices = parameter.choices
    if not choices and parameter.kinds and parameter.kinds <= {"integer", "number"}:
        yield "resolution", 0.65 if lines_within(parameter) else 0.3
    elif not choices or mostly(choices, resolution_of):
        yield "resolution", 1.0
    else:
        yield "resolution", 0.6 if parameter.takes("string") else 0.3


def _is_upright_or_wide(choices: Iterable[Scalar]) -> bool:
    """Whether a choice of words is one of how a picture is held; of two directions alone it may be how it is turned."""
    words = {str(choice).lower() for choice in choices}
    return bool(words & {"landscape", "portrait"}) or words >= {"horizontal", "vertical", "square"}


def _is_of_video(choices: Iterable[Scalar]) -> bool:
    """Whether ratios or sizes are those of videos, and no grid or tile: 16:9 or 9:16 is among them."""
    shapes = {named_ratio(*pixels) if (pixels := pixels_of(choice)) else str(choice) for choice in choices}
    return any(re.search(r"\b(16[:x/_]9|9[:x/_]16)\b", shape.replace("_", ":")) for shape in shapes)
