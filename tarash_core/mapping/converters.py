"""Named functions that a mapping may ``use`` where the vocabulary of YAML ends.

The core list is closed and knows no provider; a plugin adds its own through the hook ``tarash_converters``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias, get_type_hints

from pydantic import Field, TypeAdapter, ValidationError

from tarash_core.request import VideoGenerationRequest
from tarash_core.yaml_node import shown

# (value, request, **arguments) -> value. `value` is what the field's source holds, checked against its limits (URL
# media as text, other media as `Media`); None with ``takes``. `arguments` come from ``with``. None sends nothing;
# ValueError says, in lower case, what is taken instead.
Converter: TypeAlias = Callable[..., Any]

_RATIO = re.compile(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)")
_PIXELS = re.compile(r"(\d{1,5})\s*[x*]\s*(\d{1,5})", re.IGNORECASE)


def frames(
    value: float,
    request: VideoGenerationRequest,
    *,
    fps: Annotated[float, Field(gt=0)],
    rate: str | None = None,
    plus: int = 0,
    multiple_of: Annotated[int, Field(ge=1)] = 1,
    least: int = 0,
    most: int | None = None,
) -> int:
    """Seconds as a number of frames: ``seconds * fps + plus``, where ``seconds * fps`` is a multiple of `multiple_of`.

    With ``fps: 16, plus: 1`` five seconds are 81 frames. Where the request may choose the frame rate, `rate` is the
    extra parameter that holds it, and `fps` counts when it does not. `least` and `most` are numbers of frames, since
    what they are in seconds depends on the rate.
    """
    given = request.extra_params.get(rate) if rate is not None else None
    each = given if isinstance(given, int | float) and not isinstance(given, bool) and given > 0 else fps
    exact = value * each / multiple_of
    if abs(exact - round(exact)) > 1e-6:
        below, above = (int(exact) * multiple_of / each, (int(exact) + 1) * multiple_of / each)
        raise ValueError(f"it must be a whole number of frames at {each} a second (nearest: {below:g} or {above:g})")
    count = round(exact) * multiple_of + plus
    if count < least or (most is not None and count > most):
        raise ValueError(_frames_offered(each, plus, least, most))
    return count


def _frames_offered(fps: float, plus: int, least: int, most: int | None) -> str:
    first = f"{(least - plus) / fps:g}"
    if most is None:
        return f"it takes at least {first} seconds ({least} frames at {fps} a second)"
    return f"it takes {first} to {(most - plus) / fps:g} seconds ({least} to {most} frames at {fps} a second)"


def ratio(
    value: str, request: VideoGenerationRequest, *, least: float | None = None, most: float | None = None
) -> float:
    """A ratio like ``16:9`` as the number of its width for each of its height, within limits."""
    found = _RATIO.fullmatch(value.strip())
    if found is None or not float(found[2]):
        raise ValueError("it must be a ratio, like '16:9'")
    number = float(found[1]) / float(found[2])
    if (least is not None and number < least) or (most is not None and number > most):
        ends = [f"{word} {end:g}" for word, end in (("at least", least), ("at most", most)) if end is not None]
        raise ValueError(f"width to height must be {' and '.join(ends)}, and is {number:.4g}")
    return number


def milliseconds(value: float, request: VideoGenerationRequest) -> int:
    """Seconds as milliseconds."""
    exact = value * 1000
    if abs(exact - round(exact)) > 1e-6:
        raise ValueError("it must be a whole number of milliseconds")
    return round(exact)


def side(name: str) -> Converter:
    """The converter of one side of a resolution: ``width`` or ``height``."""

    def of_resolution(
        value: str,
        request: VideoGenerationRequest,
        *,
        least: int | None = None,
        most: int | None = None,
        multiple_of: Annotated[int, Field(ge=1)] = 1,
    ) -> int:
        """The pixels of that side of a resolution like ``1280x720``, within limits in pixels."""
        width, height = _pixels(value)
        pixels = width if name == "width" else height
        if least is not None and pixels < least:
            raise ValueError(f"its {name} must be at least {least} pixels")
        if most is not None and pixels > most:
            raise ValueError(f"its {name} must be at most {most} pixels")
        if pixels % multiple_of:
            below = pixels - pixels % multiple_of
            nearest = [str(each) for each in (below, below + multiple_of) if least is None or each >= least]
            raise ValueError(f"its {name} must be a multiple of {multiple_of} pixels (nearest: {' or '.join(nearest)})")
        return pixels

    return of_resolution


def objects(
    value: list[Any], request: VideoGenerationRequest, *, key: str, listed: bool = False, **others: Any
) -> list[dict[str, Any]]:
    """Every item of a list as an object that holds it under `key`, beside the same `others` in each.

    `listed` puts it into a list of its own first, for objects that could hold several. A `key` like ``image_url.url``
    is one inside another.
    """
    return [{**_held(key, [item] if listed else item), **others} for item in value]


def placed(
    value: list[Any], request: VideoGenerationRequest, *, key: str, place: str, first: Any, last: Any, **others: Any
) -> list[dict[str, Any]]:
    """The first and the last frame as objects that say under `place` which of them each is, by `first` or `last`."""
    roles = {item.role for item in request.image_list}
    ends = [told for role, told in (("first_frame", first), ("last_frame", last)) if role in roles]
    if len(ends) != len(value):
        raise ValueError("it takes a first and a last frame, and no other image")
    return [{**_held(key, item), place: told, **others} for item, told in zip(value, ends, strict=True)]


def wrapped(value: Any, request: VideoGenerationRequest, *, key: str, **others: Any) -> dict[str, Any]:
    """The value as an object that holds it under `key`, beside `others`."""
    return {**_held(key, value), **others}


def _held(path: str, value: Any) -> dict[str, Any]:
    key, _, inner = path.partition(".")
    return {key: _held(inner, value) if inner else value}


def checked_arguments(converter: Converter, arguments: Mapping[str, Any]) -> str | None:
    """What is wrong with the arguments of a converter, or None when it can be called with them.

    Their names are checked against its signature, their values against its annotations where it has some.
    """
    try:
        inspect.signature(converter).bind(None, None, **arguments)
    except TypeError as error:
        return str(error)
    types = _annotations(converter)
    for name, value in arguments.items():
        try:
            TypeAdapter(types.get(name, Any)).validate_python(value, strict=True)
        except ValidationError as error:
            return f"{name}={shown(value)}: {error.errors()[0]['msg'].removeprefix('Input ')}"
    return None


def _annotations(converter: Converter) -> Mapping[str, Any]:
    """Empty for a callable without annotations, or with some that only a type checker understands."""
    try:
        return get_type_hints(converter, include_extras=True)
    except (NameError, TypeError):
        return {}


def _pixels(value: str) -> tuple[int, int]:
    found = _PIXELS.fullmatch(value.strip())
    if found is None:
        raise ValueError("it must be width and height in pixels, like '1280x720'")
    return int(found[1]), int(found[2])


CORE_CONVERTERS: Mapping[str, Converter] = {
    "frames": frames,
    "milliseconds": milliseconds,
    "ratio": ratio,
    "width": side("width"),
    "height": side("height"),
    "object": wrapped,
    "objects": objects,
    "placed": placed,
}
