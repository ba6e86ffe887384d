"""What a parameter that takes images or videos is for."""

from __future__ import annotations

from collections.abc import Iterator

from tarash_core.learning import vocabulary as v
from tarash_core.learning.descriptions import described_file
from tarash_core.learning.evidence import WORTH_NAMING, Evidence, Role
from tarash_core.learning.files import (
    ends_told,
    holds_many,
    holds_one,
    is_heard,
    is_listed,
    is_video,
    object_key,
    type_told,
    videos_of,
)
from tarash_core.learning.image_lists import end_of_two
from tarash_core.learning.naming import (
    has_address_beside,
    head_of,
    is_filmed,
    is_one_of_many,
    is_only_image,
    is_pictured,
    starts_from_image,
    unnumbered,
)
from tarash_core.learning.parameter import Parameter
from tarash_core.learning.unnamed import unnamed_image


def media_evidence(
    parameter: Parameter, siblings: tuple[Parameter, ...], model_words: frozenset[str]
) -> Iterator[Evidence]:
    """The roles of images and videos that a parameter may have."""
    if (end := end_of_two(parameter, siblings, model_words)) is not None and not _is_no_file(parameter):
        yield Evidence(end, parameter, 0.75)
        return
    if parameter.kinds == {"array"} and set(parameter.words) & v.IMAGE and ends_told(parameter.items):
        yield Evidence("both_frames", parameter, 0.85)
        return
    plain = unnumbered(parameter, siblings)
    if plain is None or _is_no_file(plain):
        return
    words = frozenset(plain.words)
    found = [*_images(plain, words, siblings, model_words), *videos_of(plain, words)]
    if any(role == "video" for role, _ in found):
        if _driven_beside(plain, siblings):
            # One is shown, the other followed: nothing says which a request means, but that one has to be given.
            found = [(role, 0.65 if _only_one_required(plain, siblings) else 0.5) for role, _ in found]
        elif _leads_apart(plain, siblings):
            found = [(role, 0.5) for role, _ in found]  # one to edit, one to go on from
    # The same file in another form: a request is sent with its address.
    most = 0.4 if _placed(plain) else 0.5 if has_address_beside(plain, siblings) else 1.0
    if (plain.kinds == {"array"} and plain.items is None) or is_listed(plain.items or plain):
        most = min(most, 0.65)  # of addresses, by its name alone; or one of a list in an object
    for role, confidence in found or (*described_file(plain, siblings), *_lonely(plain, words, siblings, model_words)):
        if confidence >= WORTH_NAMING:
            yield Evidence(role, parameter, min(confidence, most))


def _is_no_file(parameter: Parameter) -> bool:
    if set(parameter.words) & v.HEARD or type_told(parameter) == "audio" or parameter.choices:
        return True
    if parameter.words and parameter.words[-1] in v.SAID and not parameter.is_file:
        return True
    return not (holds_one(parameter) or holds_many(parameter) or object_key(parameter))


def _lonely(
    parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...], model_words: frozenset[str]
) -> Iterator[tuple[Role, float]]:
    """The only image or video there is, whatever else its name says; or a file, of which the model's name says more."""
    others = [other for other in siblings if other.name != parameter.name]
    head = head_of(parameter.words)
    if words & (v.MEANS - v.STEERS) or not parameter.words or not parameter.kinds:
        return
    if (
        head in v.VIDEO
        and not words & v.LAST
        and not any(map(is_filmed, others))
        and (parameter.required or not words & v.STEERS)
    ):
        yield "video", 0.65
    elif head in v.IMAGE and not words & (v.VIDEO | v.STEERS) and parameter.kinds != {"array"}:
        known = parameter.required or words & (v.SOMEBODY | v.FRAME) or model_words & v.MODEL_STARTS
        yield "only_image", 0.65 if known and is_only_image(parameter, siblings) else 0.4
    elif words <= v.CARRIES | {"media", "asset"} and words & v.FILES and not any(map(is_video, others)):
        if model_words & v.MODEL_EDITS and not model_words & v.MODEL_STARTS:
            yield "video", 0.65
        elif starts_from_image(model_words) and not any(map(is_pictured, others)):
            yield "first_frame", 0.65


def _only_one_required(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    return parameter.required and sum(other.required for other in siblings if is_video(other)) == 1


def _driven_beside(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    """Whether of this video and another one beside it exactly one is there to be followed."""
    follows = [bool(set(other.words) & v.DRIVES) for other in (parameter, *siblings) if is_video(other)]
    return any(follows) and not all(follows)


def _leads_apart(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    """Whether this video and another one are each for something else, and none of them has to be given."""
    leads = [other for other in siblings if is_video(other)]
    return len(leads) > 1 and all(set(other.words) & v.LEADS and not other.required for other in leads)


def _placed(parameter: Parameter) -> bool:
    """Whether it is a list of objects that say where or how much each file counts."""
    items = parameter.items
    return items is not None and any(set(inner.words) & v.PLACES for inner in items.inner.values())


def _images(
    parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...], model_words: frozenset[str]
) -> Iterator[tuple[Role, float]]:
    told = type_told(parameter)
    if words & v.VIDEO or told == "video":
        return
    # A style of an image is a word; an image of a style, or its address, is a file.
    if "style" in words and parameter.words[-1] != "style":
        holds = parameter.is_file or object_key(parameter) or holds_many(parameter) or words & v.URL
        named = words & v.IMAGE or (words & v.REFERS and holds)
        if named and words <= v.IMAGE | v.CARRIES | v.REFERENCE | {"style"}:
            yield "style", 0.85 if words & v.IMAGE else 0.65
        return
    if words & v.MEANS:
        return
    pictured, one = bool(words & v.IMAGE) or told == "image", parameter.kinds != {"array"}
    rest = words - v.IMAGE - v.CARRIES
    if words & v.LAST and pictured and one and rest <= v.LAST:
        yield "last_frame", 0.95
    elif words & v.FIRST and pictured and one and rest <= v.FIRST:
        # The head is a beginning beside a tail, and else a part of somebody; beside a second one the first is a number.
        begins = "head" not in words or any("tail" in other.words for other in siblings)
        second = words - {"first"} | {"second"}
        counted = "first" in words and any(second == set(other.words) for other in siblings)
        yield "first_frame", 0.5 if counted else 0.95 if begins else 0.4
    elif one and pictured and (end := _end_of(words, siblings)):
        yield end, 0.85
    elif one and rest - v.FIRST and _names_end(parameter, v.FIRST):
        yield "first_frame", 0.65
    elif one and rest - v.LAST and _names_end(parameter, v.LAST):
        yield "last_frame", 0.65
    elif one and words & v.REFERS and words - v.REFERS == {"input"} and is_only_image(parameter, siblings):
        # The one picture that is put in; some call it a reference whatever it is for.
        yield "first_frame", 0.65
    elif one and words & v.REFERS and rest <= v.REFERS and _is_all_that_is_shown(parameter, siblings):
        # What it is called, a reference, says little: it is the picture that the model is given.
        yield "only_image", 0.7 if pictured else 0.65
    elif words & v.SOMEBODY and pictured and one and not words & v.REFERS and rest <= v.SOMEBODY:
        yield from _somebody(parameter, siblings)
    elif words & v.REFERENCE and not words & v.REFERS and pictured and one and _speaks_alone(parameter, siblings):
        yield "only_image", 0.65
    elif words & v.REFERENCE or (words & v.SOMEBODY and pictured):
        confidence = _refers(parameter, words, siblings, pictured=pictured)
        # Of a model that makes videos of videos, what is only called a reference may be one.
        yield "reference", 0.5 if not pictured and "v2v" in model_words else confidence
    elif pictured and not rest:
        yield from unnamed_image(parameter, words, siblings, model_words)


def _is_all_that_is_shown(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    """Whether it is the one picture of a model that is given no video and no sound, by its name or its address."""
    held = parameter.is_file or set(parameter.words) & (v.IMAGE | v.URL) or object_key(parameter)
    beside = any(is_video(other) or is_heard(other) for other in siblings)
    return bool(held) and not beside and is_only_image(parameter, siblings)


def _somebody(parameter: Parameter, siblings: tuple[Parameter, ...]) -> Iterator[tuple[Role, float]]:
    """An image of somebody: shown or the first frame, and the same to the caller where there is no other image."""
    if is_only_image(parameter, siblings) and not is_one_of_many(parameter, siblings):
        yield "only_image", 0.7
    else:
        yield "reference", 0.5 if any(map(is_heard, siblings)) else 0.65


def _speaks_alone(parameter: Parameter, siblings: tuple[Parameter, ...]) -> bool:
    """Whether it is the one image of a character who speaks or sings, and has to be given."""
    return parameter.required and any(map(is_heard, siblings)) and is_only_image(parameter, siblings)


def _end_of(words: frozenset[str], siblings: tuple[Parameter, ...]) -> Role | None:
    """Which end it is of ``from_image`` and ``to_image``."""
    ends: tuple[tuple[str, str, Role], ...] = (("from", "to", "first_frame"), ("to", "from", "last_frame"))
    for word, opposite, role in ends:
        if word in words and any(set(other.words) == words - {word} | {opposite} for other in siblings):
            return role
    return None


def _names_end(parameter: Parameter, ends: frozenset[str]) -> bool:
    """Whether a name says ``first_frame`` or ``last_frame`` and more, but of no other kind of image."""
    pairs = zip(parameter.words, parameter.words[1:], strict=False)
    named = any(one in ends and two in v.IMAGE for one, two in pairs)
    # What stands behind it speaks of something about the image: how it is cropped.
    named = named and parameter.words[-1] in v.IMAGE | v.CARRIES
    return named and not set(parameter.words) & (v.REFERENCE | v.MEANS)


def _refers(parameter: Parameter, words: frozenset[str], siblings: tuple[Parameter, ...], *, pictured: bool) -> float:
    """How certain it is that a parameter with a word of reference in its name takes reference images."""
    if words - v.IMAGE - v.CARRIES - v.REFERENCE - v.SOMEBODY or words & v.FRAME:
        return 0.5
    if pictured:
        # Somebody beside a sound is who speaks or sings, and may be the first frame.
        speaks = words & v.SPEAKERS and not holds_many(parameter) and any(map(is_heard, siblings))
        return 0.9 if words & v.REFERS or not speaks else 0.5
    # Of a subject or a character alone it may be the name; what is called a reference is one, if it holds a file.
    if words & v.REFERS and holds_many(parameter):
        return 0.75
    named = words & v.ADDRESS or len(words & v.REFERENCE) > 1
    if words & v.REFERS and (parameter.is_file or named or object_key(parameter)):
        return 0.65
    return 0.4
