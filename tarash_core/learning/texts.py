"""What a text is for: the prompt, the negative prompt, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tarash_core.learning import vocabulary as v
from tarash_core.learning.descriptions import describes_prompt
from tarash_core.learning.parameter import Parameter
from tarash_core.learning.shapes import switch_of

if TYPE_CHECKING:
    from tarash_core.learning.evidence import Role

_PROMPTS = frozenset({"prompt", "prompts"})


def texts(parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...]) -> Iterator[tuple[Role, float]]:
    """Whether a text says what is wanted of a video, or what is not."""
    if not parameter.takes("string") or parameter.choices or parameter.is_file:
        return
    if _unwanted(parameter):
        rest = words - v.UNWANTED - v.PLAIN - {"n"}
        if rest <= {"prompt", "prompts", "text", "description", "caption", "elements"}:
            yield "negative_prompt", 1.0 if rest else 0.7
        elif "prompt" in rest and _only_prompt(parameter, siblings):
            yield "negative_prompt", 0.65
        return
    rest = words - v.PLAIN - {"positive"}
    if parameter.words[-1] in v.IMAGE | v.VIDEO:
        return
    if "prompt" in rest and rest <= {"prompt", "text"}:
        described = words & v.OF_WHAT_IS_THERE and any(map(_is_of_what_comes, siblings))
        yield "prompt", 1.0 if words == {"prompt"} else 0.5 if described else 0.95
    elif _is_of_the_whole(rest) or (words & _PROMPTS and _only_prompt(parameter, siblings)):
        yield "prompt", 0.7
    elif words & {"target", "targets"} and words & _PROMPTS and words <= _PROMPTS | v.PLAIN | {"targets"}:
        yield "prompt", 0.65  # beside the one of what is there already
    elif rest & v.TEXTS and len(rest - v.OF_A_TEXT) == 1:
        yield "prompt", _text_alone(parameter, rest, siblings)
    elif (words == {"positive"} or (words <= v.STORIES and parameter.required)) and not _prompted(parameter, siblings):
        yield "prompt", 0.3 if any(map(_is_of_speech, siblings)) else 0.65
    elif not rest and re.search(r"\btext (prompt|description)\b|\bprompt\b", parameter.description):
        yield "prompt", 0.6
    elif parameter.required and describes_prompt(parameter.description) and not _prompted(parameter, siblings):
        yield "prompt", 0.3 if any(map(_is_of_speech, siblings)) else 0.6


def _text_alone(parameter: Parameter, rest: frozenset[str], siblings: tuple[Parameter, ...]) -> float:
    """How certain it is that a text without the word prompt is the prompt."""
    # A text to be spoken stands beside a voice or a sound, one to be written on the video is seldom required.
    if any(map(_is_of_speech, siblings)):
        return 0.3
    if parameter.required and len(rest) == 1:
        return 0.75
    return 0.65 if rest == {"text"} or not _prompted(parameter, siblings) else 0.5


def _prompted(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    """Whether another text says what is wanted."""
    others = (set(other.words) for other in siblings if other is not parameter and other.takes("string", "array"))
    return any(words & (_PROMPTS | {"text"}) and not words & (v.UNWANTED | v.ENHANCES | {"n"}) for words in others)


def _only_prompt(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    """Whether of the prompts that say what is wanted, or of those that say what is not, there is no other one."""
    if _is_of_no_video(parameter):
        return False
    others = (other for other in siblings if other is not parameter and other.takes("string", "array"))
    rivals = (other for other in others if set(other.words) & _PROMPTS and not _is_of_no_video(other))
    return not any(_unwanted(rival) == _unwanted(parameter) for rival in rivals)


def _is_of_no_video(parameter: Parameter) -> bool:
    return bool(set(parameter.words) & (v.HEARD | v.MEANS - {"style"} | v.IMAGE | v.OF_NO_VIDEO))


def _is_of_the_whole(words: frozenset[str]) -> bool:
    return "prompt" in words and words <= {"prompt", "text"} | v.OF_THE_WHOLE


def _is_of_what_comes(parameter: Parameter) -> bool:
    """Whether it is the prompt of what a video is to become, beside which another one may describe what it is."""
    words = set(parameter.words)
    return bool(words & _PROMPTS and words & v.OF_WHAT_COMES) and not _unwanted(parameter)


def _unwanted(parameter: Parameter) -> bool:
    return bool(set(parameter.words) & v.UNWANTED) or parameter.words == ("n", "prompt")


def _is_of_speech(parameter: Parameter) -> bool:
    words = set(parameter.words)
    heard = words & v.HEARD and not words & v.MEANS and parameter.takes("string") and switch_of(parameter) is None
    return bool(words & v.SPOKEN or heard)
