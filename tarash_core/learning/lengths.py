"""How long a video is to be: seconds, or frames whose rate somebody publishes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from tarash_core.learning import vocabulary as v
from tarash_core.learning.descriptions import describes_seconds
from tarash_core.learning.files import is_heard, is_video
from tarash_core.learning.parameter import Parameter
from tarash_core.learning.shapes import durations

if TYPE_CHECKING:
    from tarash_core.learning.evidence import Role

# Seconds: longer than a minute is no length of a clip that nobody asked for; a length without a unit that may be
# chosen, and one that is used unasked, are of seconds up to these.
_MINUTE, _LONGEST, _LONGEST_UNASKED = 60, 30, 10
_FEW, _SHORTEST_IN_FRAMES = 4, 16  # frames


class FrameRate(NamedTuple):
    """Frames a second unasked, and the parameter that may ask for others, if there is one."""

    value: float
    name: str | None


def frame_rate(counted: Parameter, siblings: tuple[Parameter, ...]) -> FrameRate | None:
    """The rate of counted frames: a parameter beside says what is used unasked, or their own description does."""
    for parameter in siblings:
        words = frozenset(parameter.words)
        if ("fps" in words or words >= {"per", "second"} or "framerate" in words or words >= {"frame", "rate"}) and (
            words <= v.FRAME_RATE
        ):
            value = parameter.number_choices[0] if len(parameter.number_choices) == 1 else parameter.default
            if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
                return FrameRate(value, parameter.name)
    said = {float(rate) for rate in re.findall(r"(\d+(?:\.\d+)?) ?(?:fps|frames per second)\b", counted.description)}
    return FrameRate(said.pop(), None) if len(said) == 1 and 0.0 not in said else None


def lengths(
    parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...]
) -> Iterator[tuple[Role, float]]:
    """Whether a parameter says how long a video is: in seconds, or in frames at a rate that is published."""
    if not parameter.takes("integer", "number", "string") or parameter.kinds == {"boolean"}:
        return
    if words & {"frames", "frame"} and not words & {"per", "rate", "fps", "second"}:
        counts = bool(words & v.COUNTS) or words <= {"frames", "video", "clip", "output"}
        digits = bool(parameter.choices) and all(str(choice).isdigit() for choice in parameter.choices)
        if counts and words <= v.FRAME_COUNT and (digits or parameter.takes("integer", "number")):
            yield "frames", 0.9 if frame_rate(parameter, siblings) and not _is_few(parameter) else 0.4
        elif words == {"max", "frames"} and parameter.takes("integer", "number"):
            # The most of a video that is given; where none has to be, there is nothing to shorten, and it is the count.
            given = any(is_video(other) and other.required for other in siblings)
            yield "frames", 0.65 if frame_rate(parameter, siblings) and not given else 0.4
        return
    if words & {"end", "stop", "max"} and not words - v.LENGTH - v.BESIDE_LENGTH - {"end", "stop", "max"}:
        yield from _ends(parameter, words, siblings)
    if words & {"time", "runtime"} and words <= {"time", "runtime", "video", "clip", "output", "total", "play"}:
        if (
            (parameter.choices or words & {"video", "play"})
            and durations(parameter.choices)
            and _seconds_told(parameter)
        ):
            yield "duration", 0.65
        return
    if words & v.MILLISECONDS and not words - v.MILLISECONDS - v.LENGTH - v.BESIDE_LENGTH:
        if parameter.takes("integer", "number") and durations(parameter.choices) is not None:
            yield "duration", 0.9 if words & v.LENGTH else 0.5
        return
    if not words & v.LENGTH or words - v.LENGTH - v.BESIDE_LENGTH:
        if describes_seconds(parameter.description) and parameter.takes("integer", "number") and not words & v.HEARD:
            yield "duration", 0.6 if durations(parameter.choices) is not None and _seconds_told(parameter) else 0.4
        return
    if parameter.choices and durations(parameter.choices) is None:
        return
    told = parameter.choices or isinstance(parameter.default, str | int | float)
    if _counts_frames(parameter, words) or (_is_like_frames(parameter, words) and frame_rate(parameter, siblings)):
        yield "frames", 0.7 if frame_rate(parameter, siblings) else 0.4
    elif "string" in parameter.open and parameter.kinds == {"string"} and not told:
        yield "duration", 0.65  # seconds in a text, and nobody says in which form
    elif words & (v.LENGTH - {"length"}):
        # More than a minute unasked is of something else: frames, or thousandths of a second.
        long = "seconds" not in words and _is_number(parameter.default) and parameter.default > _MINUTE
        yield "duration", 0.5 if long else 1.0
    elif "length" in words:
        yield "duration", 0.85 if _seconds_told(parameter) else 0.5


def _ends(parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...]) -> Iterator[tuple[Role, float]]:
    """Where a video ends, or the most it may last: its length where it starts at nothing and is not given."""
    if not words & {"end", "stop", "max"} or not words & (v.LENGTH - {"length"}):
        return
    given = any(other.required and (is_video(other) or is_heard(other)) for other in siblings)
    started = any(set(other.words) & v.FIRST and set(other.words) & (v.LENGTH | {"time"}) for other in siblings)
    asked = parameter.takes("integer", "number") and (parameter.required or "max" in words)
    if asked and not given and not started and durations(parameter.choices) is not None:
        yield "duration", 0.65


def _seconds_told(parameter: Parameter) -> bool:
    """Whether a length can only be one of seconds: its values say so, or it ends before frames make a video."""
    if any(isinstance(choice, str) and not choice.isdigit() for choice in parameter.choices):
        return True
    told = [n for n in (*parameter.number_choices, parameter.maximum, parameter.default) if _is_number(n)]
    told += [int(text) for text in parameter.text_choices if text.isdigit()]
    ends = parameter.choices or parameter.maximum is not None
    unasked = parameter.default if _is_number(parameter.default) else 0
    return bool(told) and max(told) <= (_LONGEST if ends else _LONGEST_UNASKED) and unasked <= _LONGEST_UNASKED


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_few(parameter: Parameter) -> bool:
    """Whether so few frames are made unasked that they are no video: they are counted between others."""
    return _is_number(parameter.default) and parameter.default <= _FEW


def _is_like_frames(parameter: Parameter, words: frozenset[str]) -> bool:
    """Whether a length is one that models have in frames, 16, 24 or 49: clips are shorter in seconds."""
    if "length" not in words or words & (v.LENGTH - {"length"}) or parameter.choices:
        return False
    default, most = parameter.default, parameter.maximum
    longer = most is None or most > _LONGEST
    return isinstance(default, int) and _SHORTEST_IN_FRAMES <= default <= _MINUTE and default % 8 in (0, 1) and longer


def _counts_frames(parameter: Parameter, words: frozenset[str]) -> bool:
    """Whether a length is one of frames: by default longer than a minute, and not said to be of seconds."""
    default = parameter.default
    return "length" in words and not words & v.LENGTH - {"length"} and isinstance(default, int) and default > _MINUTE
