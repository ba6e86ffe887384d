"""What the enumerated values of a parameter look like: seconds, ratios, resolutions, pixels, switches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from tarash_core.learning.parameter import Parameter, Scalar

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)(\s*(?:s|sec|secs|second|seconds)?)", re.IGNORECASE)
_RATIO = re.compile(r"(\d{1,2}(?:\.\d+)?)[:x/](\d{1,2}(?:\.\d+)?)")
_NAMED_RATIO = re.compile(r"(?:([a-z]+)(?:_[a-z]+)*_)?(\d{1,2})_(\d{1,2})(?:_hd)?")
_RESOLUTION = re.compile(r"\d{3,4}[pi]?|\d(?:\.\d)?k|[sqfu]?hd|full[ _-]?hd|ultra[ _-]?hd|sd", re.IGNORECASE)
_PIXELS = re.compile(r"(\d{3,4})\s*[x*:]\s*(\d{3,4})(?:\s*\(.*\))?", re.IGNORECASE)
_ORIENTATIONS = {
    **dict.fromkeys(("landscape", "horizontal"), "16:9"),
    **dict.fromkeys(("portrait", "vertical"), "9:16"),
    **dict.fromkeys(("square", "square_hd"), "1:1"),
}
_USUAL_RATIOS = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16", "9:21")
# Values by which a provider says "you choose".
_FREE = frozenset({"auto", "adaptive", "automatic", "default", "source", "original", "keep_ratio"})
_SWITCHES = (("on", "off"), ("true", "false"), ("yes", "no"), ("enabled", "disabled"), ("enable", "disable"))
_LINES = (240, 256, 360, 384, 480, 512, 540, 576, 640, 704, 720, 768, 960, 1024, 1080, 1440, 2160)
_FEWEST_LINES, _MOST_LINES = 256, 4320
# The share of the values that must have a shape for all of them to be read as it.
_MOST = 0.6
# Numbers of so many digits are written as they came.
_LARGE = 10**18
# The share of the values of a length that may say something else: "1 gen".
_FEW_STRANGE = 0.1


class Duration(NamedTuple):
    """Seconds as a provider spells them: `as_` is the language's form, `free` what leaves them to the model."""

    seconds: tuple[int | float, ...]
    as_: str
    free: tuple[Scalar, ...]


class Pixels(NamedTuple):
    """A size in pixels."""

    width: int
    height: int


def durations(choices: Iterable[Scalar]) -> Duration | None:
    """Seconds and their form, when all values are seconds but those that leave them to the model.

    No seconds and no form where all of them do.
    """
    choices = tuple(choices)
    seconds: list[int | float] = []
    forms: set[str] = set()
    strange = 0
    free: list[Scalar] = []
    for choice in choices:
        if isinstance(choice, str) and choice.lower() in _FREE:
            free.append(choice)
        elif isinstance(choice, str):
            found = _SECONDS.fullmatch(choice.strip())
            if found is None:
                free.append(choice)
                strange += 1
                continue
            if not float(found[1]):  # as 0 does below
                free.append(choice)
                continue
            seconds.append(whole(float(found[1])))
            forms.add(f"{{}}{found[2]}" if found[2] else "string")
        elif choice > 0 and not isinstance(choice, bool):
            seconds.append(choice)
            forms.add("integer" if isinstance(choice, int) else "number")
        else:  # -1 and 0 leave it to the model
            free.append(choice)
    forms = {"number"} if forms == {"integer", "number"} else forms
    if len(forms) > 1 or strange > _FEW_STRANGE * len(choices):
        return None
    return Duration(tuple(dict.fromkeys(seconds)), "".join(forms), tuple(dict.fromkeys(free)))


def ratio_of(choice: Scalar) -> str | None:
    """Our word for one value of an aspect ratio: ``"16:9"``, ``"auto"``; None when it is none."""
    if not isinstance(choice, str):
        return None
    text = choice.strip().lower()
    if text in _FREE:
        return choice
    if text in _ORIENTATIONS:
        return _ORIENTATIONS[text]
    if found := _RATIO.fullmatch(text):
        return f"{found[1]}:{found[2]}"
    if named := _NAMED_RATIO.fullmatch(text):
        sides = [int(named[2]), int(named[3])]
        if named[1] in ("portrait", "landscape"):  # portrait_4_3 is upright: three wide, four high
            sides.sort(reverse=named[1] == "landscape")
        return f"{sides[0]}:{sides[1]}"
    return None


def orientations_of(parameter: Parameter) -> Mapping[str, bool] | None:
    """The ratios that a switch called ``portrait`` or ``landscape`` asks for; None of any other parameter."""
    if parameter.kinds != {"boolean"} or len(parameter.words) != 1:
        return None
    on = _ORIENTATIONS.get(parameter.words[0])
    return {"9:16": on == "9:16", "16:9": on == "16:9"} if on in ("9:16", "16:9") else None


def resolution_of(choice: Scalar) -> str | None:
    """Our word for one value of a resolution: ``"720p"``, ``"4k"``; None when it is none."""
    text = re.sub(r"^(?:resolution|res)_?(?=\d)", "", str(choice).strip(), flags=re.IGNORECASE)
    if isinstance(choice, bool) or not _RESOLUTION.fullmatch(text):
        return None
    return f"{text}p" if text.isdigit() else text


def lines_within(parameter: Parameter) -> tuple[int, ...]:
    """The usual numbers of lines that a whole number with both limits may be, and its default; none of another one."""
    low, high, step = parameter.minimum, parameter.maximum, parameter.multiple_of or 1
    if parameter.choices or high is None or not _FEWEST_LINES <= high <= _MOST_LINES:
        return ()
    if low is None:
        if high not in _LINES:
            return ()
        low = _FEWEST_LINES
    within = {lines for lines in _LINES if low <= lines <= high and lines % step == 0}
    default = parameter.default
    return tuple(sorted(within | ({default} if isinstance(default, int) and low <= default <= high else set())))


def pixels_of(choice: object) -> Pixels | None:
    """The size that a value like ``1280x720``, ``1280*720`` or ``1280:720`` says."""
    found = _PIXELS.fullmatch(choice.strip()) if isinstance(choice, str) else None
    return Pixels(int(found[1]), int(found[2])) if found else None


def switch_of(parameter: Parameter) -> Mapping[bool, Scalar] | None:
    """What says yes and what says no, when the parameter is a switch."""
    texts = {text.lower(): text for text in parameter.text_choices}
    if parameter.kinds == {"boolean"} or ("boolean" in parameter.kinds and (_says_switch(texts) or not texts)):
        return {True: True, False: False}
    for yes, no in _SWITCHES:
        if yes in texts and no in texts and parameter.closed:
            return {True: texts[yes], False: texts[no]}
    return None


def _says_switch(texts: Iterable[str]) -> bool:
    return any(set(texts) == set(switch) for switch in _SWITCHES)


def mostly(choices: Iterable[Scalar], shape: Callable[[Scalar], object]) -> bool:
    """Whether most of some values have a shape, and not only words that leave it to the model."""
    told = [choice for choice in choices if not (isinstance(choice, str) and choice.lower() in _FREE)]
    return bool(told) and sum(shape(choice) is not None for choice in told) >= _MOST * len(told)


def named_ratio(width: int, height: int) -> str:
    """The usual name of a ratio within 3 %, else the ratio in its lowest terms."""
    exact = Fraction(width, height)
    nearest = min(_USUAL_RATIOS, key=lambda name: abs(_fraction(name) / exact - 1))
    if abs(_fraction(nearest) / exact - 1) <= 0.03:
        return nearest
    return f"{exact.numerator}:{exact.denominator}"


def is_usual_ratio(width: int, height: int) -> bool:
    """Whether a size has a ratio that is usual."""
    return named_ratio(width, height) in _USUAL_RATIOS


def _fraction(name: str) -> Fraction:
    width, _, height = name.partition(":")
    return Fraction(int(width), int(height))


def whole(value: float) -> int | float:
    """A number without a point where it has no fraction."""
    return int(value) if abs(value) < _LARGE and value == int(value) else value
