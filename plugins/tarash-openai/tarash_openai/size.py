"""Resolution and aspect ratio as the one `size` of the protocol: width x height in pixels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from tarash_core import VideoGenerationRequest

_PIXELS = re.compile(r"(\d{2,5})\s*[x*]\s*(\d{2,5})", re.IGNORECASE)
_LINES = re.compile(r"(\d{3,4})p", re.IGNORECASE)
_RATIO = re.compile(r"(\d{1,3}):(\d{1,3})")


def size(_value: None, request: VideoGenerationRequest, *, sizes: Sequence[str] = ()) -> str:
    """The size that a request asks for: ``1280x720`` as it is, or ``720p`` with ``16:9``.

    Args:
        _value: Nothing: the request's `resolution` and `aspect_ratio` are read here.
        request: What is asked for.
        sizes: What the model offers; empty where nobody knows, then any size goes that comes out in whole pixels.

    Raises:
        ValueError: Saying what is offered, or what to give too.
    """
    if not sizes:
        return _computed(request.resolution, request.aspect_ratio)
    found = [offered for offered in sizes if _fits(offered, request)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValueError(f"choose {_either(sizes)} as resolution, or what comes to one of them")
    missing = "aspect_ratio" if request.aspect_ratio is None else "resolution"
    raise ValueError(f"it may mean {_either(found)}; give {missing} too")


def _fits(offered: str, request: VideoGenerationRequest) -> bool:
    width, height = _pixels(offered) or (0, 0)
    wanted, ratio = request.resolution, request.aspect_ratio
    if wanted is not None and _pixels(wanted) != (width, height) and _lines(wanted) != min(width, height):
        return False
    return ratio is None or _ratio(ratio) == Fraction(width, height)


def _computed(resolution: str | None, aspect_ratio: str | None) -> str:
    ratio = _ratio(aspect_ratio) if aspect_ratio is not None else None
    if pixels := _pixels(resolution or ""):
        if ratio is not None and ratio != Fraction(*pixels):
            raise ValueError(f"{pixels[0]}x{pixels[1]} is not {aspect_ratio}; leave one of them out")
        return f"{pixels[0]}x{pixels[1]}"
    lines = _lines(resolution or "")
    if lines is None or ratio is None:
        raise ValueError(
            "give resolution in pixels, like '1280x720', or one like '720p' with an aspect_ratio like '16:9'"
        )
    longer = lines * max(ratio, 1 / ratio)
    if longer.denominator != 1:
        raise ValueError(f"{resolution} at {aspect_ratio} is no whole number of pixels; give it like '1280x720'")
    return f"{longer}x{lines}" if ratio >= 1 else f"{lines}x{longer}"


def _pixels(text: str) -> tuple[int, int] | None:
    found = _PIXELS.fullmatch(text.strip())
    return (int(found[1]), int(found[2])) if found else None


def _lines(text: str) -> int | None:
    found = _LINES.fullmatch(text.strip())
    return int(found[1]) if found else None


def _ratio(text: str) -> Fraction | None:
    found = _RATIO.fullmatch(text.strip())
    return Fraction(int(found[1]), int(found[2])) if found and int(found[1]) and int(found[2]) else None


def _either(words: Sequence[str]) -> str:
    return " or ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} or {words[-1]}"
