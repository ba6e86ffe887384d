"""What each parameter may be for: a role with a confidence, by its name, type, values, neighbours and description.

Confidence is not a probability: 1 is the usual name with the right type; from `SURE` on nothing is marked; below
`ACCEPTED` the parameter stays an extra one, and the role is named as what it could be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from tarash_core.learning import vocabulary as v
from tarash_core.learning.parameter import Parameter
from tarash_core.learning.shapes import (
    durations,
    mostly,
    pixels_of,
    ratio_of,
    resolution_of,
    switch_of,
)

Role = Literal[
    "prompt", "first_frame", "last_frame", "reference", "style", "video", "duration", "frames", "aspect_ratio",
    "resolution", "size", "width", "height", "seed", "audio", "negative_prompt", "enhance_prompt", "count",
]  # fmt: skip

SURE, ACCEPTED, WORTH_NAMING = 0.8, 0.6, 0.3


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
        *_texts(parameter, words, siblings),
        *_switches(parameter, words),
        *_numbers(parameter, words),
        *_lengths(parameter, words, siblings),
        *_sizes(parameter, words),
    ):
        if confidence >= WORTH_NAMING:
            yield Evidence(role, parameter, confidence)


class FrameRate(NamedTuple):
    """Frames a second unasked, and the parameter that may ask for others."""

    value: float
    name: str


def frame_rate(siblings: tuple[Parameter, ...]) -> FrameRate | None:
    """The frame rate, where a parameter beside says what is used unasked."""
    for parameter in siblings:
        words = frozenset(parameter.words)
        if ("fps" in words or words >= {"per", "second"} or "framerate" in words or words >= {"frame", "rate"}) and (
            words <= v.FRAME_RATE
        ):
            value = parameter.number_choices[0] if len(parameter.number_choices) == 1 else parameter.default
            if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
                return FrameRate(value, parameter.name)
    return None


def _texts(
    parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...]
) -> Iterator[tuple[Role, float]]:
    if not parameter.takes("string") or parameter.choices or parameter.is_file:
        return
    if words & v.UNWANTED:
        rest = words - v.UNWANTED - v.PLAIN
        if rest <= {"prompt", "prompts", "text", "description"}:
            yield "negative_prompt", 1.0 if rest else 0.7
        return
    rest = words - v.PLAIN - {"positive"}
    if parameter.words[-1] in v.IMAGE | v.VIDEO:
        return
    if "prompt" in rest and rest <= {"prompt", "text"}:
        yield "prompt", 1.0 if words == {"prompt"} else 0.95
    elif rest & v.TEXTS and len(rest) == 1:
        # A text to be spoken stands beside a voice.
        spoken = any({"voice", "speaker", "tts"} & set(other.words) for other in siblings)
        yield "prompt", 0.3 if spoken else 0.75 if parameter.required else 0.65
    elif not rest and re.search(r"\btext (prompt|description)\b|\bprompt\b", parameter.description):
        yield "prompt", 0.6


def _switches(parameter: Parameter, words: frozenset[str]) -> Iterator[tuple[Role, float]]:
    if switch_of(parameter) is None:
        return
    if words & v.SOUND:
        rest = words - v.SOUND - v.MAKES_SOUND - v.SWITCHING - v.PLAIN
        # Of a sound that is put in, a switch says whether to keep it.
        yield "audio", 0.0 if rest or "input" in words else 0.95
    if words & v.ENHANCES and not words - v.ENHANCES - v.SWITCHING - v.PLAIN - {"prompt", "prompts", "text", "user"}:
        yield (
            "enhance_prompt",
            0.95 if words & {"prompt", "prompts"} else 0.7 if "prompt" in parameter.description else 0.4,
        )


def _numbers(parameter: Parameter, words: frozenset[str]) -> Iterator[tuple[Role, float]]:
    if not parameter.takes("integer", "number"):
        return
    if "seed" in words and words <= v.SEEDED | v.PLAIN:
        yield "seed", 1.0 if words == {"seed"} else 0.9
    if words & v.MADE and words & v.MANY and words <= v.MADE | v.MANY | v.BESIDE_MADE:
        yield "count", 0.9
    elif words in ({"n"}, {"count"}, {"quantity"}):
        yield "count", 0.7


def _lengths(
    parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...]
) -> Iterator[tuple[Role, float]]:
    if not parameter.takes("integer", "number", "string") or parameter.kinds == {"boolean"}:
        return
    if words & {"frames", "frame"} and not words & {"per", "rate", "fps", "second"}:
        counts = bool(words & v.COUNTS) or words <= {"frames", "video"}
        digits = bool(parameter.choices) and all(str(choice).isdigit() for choice in parameter.choices)
        if counts and words <= v.FRAME_COUNT and (digits or parameter.takes("integer", "number")):
            yield "frames", 0.9 if frame_rate(siblings) else 0.4
        return
    if not words & v.LENGTH or words - v.LENGTH - v.BESIDE_LENGTH:
        return
    if parameter.choices and durations(parameter.choices) is None:
        return
    told = parameter.choices or isinstance(parameter.default, str | int | float)
    if _counts_frames(parameter, words):
        yield "frames", 0.7 if frame_rate(siblings) else 0.4
    elif "string" in parameter.open and parameter.kinds == {"string"} and not told:
        yield "duration", 0.65  # seconds in a text, and nobody says in which form
    elif words & {"duration", "seconds"}:
        yield "duration", 1.0
    elif "length" in words:
        yield "duration", 0.85 if words != {"length"} or told else 0.6


def _counts_frames(parameter: Parameter, words: frozenset[str]) -> bool:
    """Whether a length is one of frames: by default longer than a minute, and not said to be of seconds."""
    default = parameter.default
    return "length" in words and not words & v.LENGTH - {"length"} and isinstance(default, int) and default > 60


def _sizes(parameter: Parameter, words: frozenset[str]) -> Iterator[tuple[Role, float]]:
    if not parameter.takes("string", "integer", "number") or words & v.OF_WHAT_GOES_IN:
        return
    for side in ("width", "height"):
        if side in words and words <= {side} | v.BESIDE_SIZE and parameter.takes("integer", "number"):
            yield ("width" if side == "width" else "height"), 0.9
            return
    choices = parameter.choices
    about_size = bool(words & v.SIZED)
    if choices and mostly(choices, pixels_of):
        yield "size", 1.0 if about_size else 0.7
        return
    if "size" in words and words <= v.BESIDE_SIZE and mostly(choices, ratio_of):
        yield "size", 0.9
        return
    if words & {"aspect", "ratio", "orientation"}:
        fits = mostly(choices, ratio_of)
        named = words <= {"aspect", "ratio"} | v.BESIDE_SIZE
        if not choices and parameter.takes("string") and words & {"aspect", "ratio"} and named:
            yield "aspect_ratio", 0.95 if "aspect" in words else 0.6
        elif fits:
            yield "aspect_ratio", 1.0 if named else 0.7
        return
    if "resolution" in words and words <= {"resolution"} | v.BESIDE_SIZE:
        fits = mostly(choices, resolution_of)
        yield "resolution", 1.0 if fits or not choices else 0.6 if parameter.takes("string") else 0.3
    elif choices and mostly(choices, resolution_of) and words & {"quality", "definition", "size"}:
        yield "resolution", 0.9 if parameter.text_choices else 0.5
    elif choices and parameter.text_choices and mostly(choices, ratio_of):
        yield "aspect_ratio", 0.65
    elif not choices and words & {"size", "dimensions"} and pixels_of(parameter.default):
        yield "size", 0.8
