"""From resolution and aspect ratio, in the words of the field, to width and height in pixels."""

from __future__ import annotations

import re

from tarash_mock.errors import refused

# The shorter side in pixels.
RESOLUTIONS = {
    "360p": 360,
    "480p": 480,
    "540p": 540,
    "720p": 720,
    "768p": 768,
    "1080p": 1080,
    "1440p": 1440,
    "2160p": 2160,
    "4k": 2160,
}
DEFAULT_RESOLUTION = "720p"
_SMALLEST, _LARGEST, _LONGEST_RATIO = 64, 5760, 4.0
# How far WxH may be from an aspect ratio given with it: "1366x768" is meant as 16:9.
_TOLERANCE = 0.02

Size = tuple[int, int]


def size_of(resolution: str | None, aspect_ratio: str | None, shape: Size | None) -> Size:
    """Width and height, both even.

    Args:
        resolution: A word of `RESOLUTIONS` in any letter case, or ``"WxH"``; None: 720p.
        aspect_ratio: ``"W:H"``, or ``"auto"`` or None for the shape of the given picture, else 16:9.
        shape: Width and height of the first frame, or of the video given, if there is one.

    Raises:
        MockAPIError: 422, naming what is allowed.
    """
    ratio = _ratio(aspect_ratio)
    pixels = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", resolution or "")
    if pixels:
        width, height = int(pixels[1]), int(pixels[2])
        if ratio is not None and height and abs(width / height / ratio - 1) > _TOLERANCE:
            raise refused(
                f"resolution '{resolution}' is not of aspect ratio '{aspect_ratio}'; leave one of them out",
                parameter="aspect_ratio",
            )
        return _checked(width, height, resolution)
    short = _short_side(resolution or DEFAULT_RESOLUTION)
    if ratio is None:
        ratio = _within(shape[0] / shape[1]) if shape else 16 / 9
    if ratio >= 1:
        return _checked(round(short * ratio), short, resolution)
    return _checked(short, round(short / ratio), resolution)


def _short_side(resolution: str) -> int:
    short = RESOLUTIONS.get(resolution.lower())
    if short is None:
        known = ", ".join(RESOLUTIONS)
        raise refused(f"resolution '{resolution}' is not offered; choose {known} or WxH", parameter="resolution")
    return short


def _ratio(aspect_ratio: str | None) -> float | None:
    if aspect_ratio is None or aspect_ratio == "auto":
        return None
    parts = re.fullmatch(r"(\d{1,4}(?:\.\d+)?):(\d{1,4}(?:\.\d+)?)", aspect_ratio)
    width, height = (float(parts[1]), float(parts[2])) if parts else (0.0, 0.0)
    if not width or not height or _within(width / height) != width / height:
        raise refused(
            f"aspect ratio '{aspect_ratio}' is not offered; give 'auto' or W:H between 1:4 and 4:1, e.g. '16:9'",
            parameter="aspect_ratio",
        )
    return width / height


def _within(ratio: float) -> float:
    return min(max(ratio, 1 / _LONGEST_RATIO), _LONGEST_RATIO)


def _checked(width: int, height: int, resolution: str | None) -> Size:
    # Colour is stored for every second pixel (4:2:0), so H.264 in this form has even sides only.
    even = width - width % 2, height - height % 2
    if min(even) < _SMALLEST or max(even) > _LARGEST:
        raise refused(
            f"resolution '{resolution or DEFAULT_RESOLUTION}' makes {even[0]}x{even[1]} pixels; "
            f"each side must be between {_SMALLEST} and {_LARGEST}",
            parameter="resolution",
        )
    return even
