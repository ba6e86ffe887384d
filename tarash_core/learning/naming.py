"""How the name of a file is built: what it is of at its end, a number where there are several, and what carries it."""

from __future__ import annotations

from dataclasses import replace

from tarash_core.learning import vocabulary as v
from tarash_core.learning.files import holds_many, holds_one, object_key
from tarash_core.learning.parameter import Parameter

_LETTERS = ("a", "b", "c", "d")


def numbered(words: tuple[str, ...]) -> tuple[tuple[str, ...], int | None]:
    """A name without its number, and the number: of ``image_url_1``, ``image_1_url`` and ``image_a`` alike."""
    at = next((index for index, word in enumerate(words) if index and (word.isdigit() or word in _LETTERS)), None)
    if at is None or not set(words[at + 1 :]) <= v.CARRIES | v.IMAGE | v.VIDEO:
        return words, None
    word = words[at]
    return words[:at] + words[at + 1 :], int(word) if word.isdigit() else _LETTERS.index(word) + 1


def unnumbered(parameter: Parameter, siblings: tuple[Parameter, ...]) -> Parameter | None:
    """A parameter without the number in its name, as in ``image_1``; None for ``image_2``, which goes on from there."""
    stem, number = numbered(parameter.words)
    if number is None:
        return parameter
    others = [numbered(other.words) for other in siblings if other is not parameter]
    first = all(number < (counted or 0) for name, counted in others if name == stem)
    return replace(parameter, words=stem) if first else None


def is_one_of_many(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    """Whether there are others of the same name with another number."""
    return any(numbered(other.words)[0] == numbered(parameter.words)[0] for other in _others(parameter, siblings))


def head_of(words: tuple[str, ...]) -> str:
    """What a name is of: ``video`` of ``pose_video_url`` and of ``video_to_edit``; ``format`` of ``video_format``."""
    if "to" in words[1:-1]:
        words = words[: words.index("to")]
    while len(words) > 1 and words[-1] in v.CARRIES:
        words = words[:-1]
    return words[-1] if words else ""


def is_pictured(parameter: Parameter) -> bool:
    """Whether it takes an image to be shown, by its name."""
    words = set(parameter.words)
    if parameter.choices or words & (v.MEANS | v.VIDEO | v.HEARD):
        return False
    if head_of(numbered(parameter.words)[0]) not in v.IMAGE | v.REFERS:
        return False
    return holds_one(parameter) or holds_many(parameter) or object_key(parameter) is not None


def is_filmed(parameter: Parameter) -> bool:
    """Whether it takes a video, by what its name is of: also one that the name says more of than anybody knows."""
    if parameter.choices or head_of(parameter.words) not in v.VIDEO or set(parameter.words) & (v.MEANS | v.HEARD):
        return False
    return holds_one(parameter) or holds_many(parameter) or object_key(parameter) is not None


def is_only_image(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    """Whether nothing else takes an image to be shown, but those of the same name with a number."""
    stem = _stem(parameter)
    return not any(is_pictured(other) and _stem(other) != stem for other in _others(parameter, siblings))


def is_end(parameter: Parameter) -> bool:
    """Whether it takes the first or the last frame, by its name."""
    words = frozenset(parameter.words)
    named = bool(words & v.IMAGE and words & (v.FIRST | v.LAST) and not words & v.MEANS)
    return named and holds_one(parameter) and not parameter.choices


def is_reference(parameter: Parameter) -> bool:
    """Whether it takes reference images, by its name."""
    words = set(parameter.words)
    return bool(words & v.REFERS and words & v.IMAGE)


def starts_from_image(model_words: frozenset[str]) -> bool:
    """Whether a model's name says that it makes a video of an image."""
    return bool(model_words & v.MODEL_STARTS) or {"image", "to", "video"} <= model_words


def has_address_beside(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    """Whether another parameter takes the same file by its address: ``image_url`` beside ``image_base64``."""
    if not parameter.words or parameter.words[-1] not in v.FORMS:
        return False
    others = (other for other in _others(parameter, siblings) if other.words and other.words[-1] in v.URL)
    return any(_stem(other) == _stem(parameter) and holds_one(other) for other in others)


def _stem(parameter: Parameter) -> tuple[str, ...]:
    """A name without its number and the form of the file."""
    words = numbered(parameter.words)[0]
    return words[:-1] if len(words) > 1 and words[-1] in v.ADDRESS | v.FORMS else words


def _others(parameter: Parameter, siblings: tuple[Parameter, ...]) -> list[Parameter]:
    return [other for other in siblings if other.name != parameter.name]
