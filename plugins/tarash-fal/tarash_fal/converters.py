"""Sizes, where fal's models take them in a form that YAML can't say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tarash_core import VideoGenerationRequest

# fal's names of sizes, and the aspect ratio that each has. https://fal.ai/models/fal-ai/ltx-2-19b/text-to-video/llms.txt
PRESETS: Mapping[str, str] = MappingProxyType(
    {
        "square_hd": "1:1",
        "square": "1:1",
        "portrait_4_3": "3:4",
        "portrait_16_9": "9:16",
        "landscape_4_3": "4:3",
        "landscape_16_9": "16:9",
    }
)
_PIXELS = re.compile(r"(\d{1,5})\s*[x*]\s*(\d{1,5})", re.IGNORECASE)
_LINES = re.compile(r"(\d{3,5})p", re.IGNORECASE)
_RATIO = re.compile(r"(\d{1,3}):(\d{1,3})")


def video_size(value: None, request: VideoGenerationRequest, *, auto: bool = False) -> str | dict[str, int]:
    """One of fal's sizes by name, or width and height, from the request's resolution or aspect ratio.

    Args:
        value: Nothing; the request is read as a whole.
        request: Its resolution is width and height (``"1280x720"``) or a name of fal's, its aspect ratio one of these.
        auto: Whether the model offers ``auto``, the size of the image or video given.

    Raises:
        ValueError: Neither is a size that fal has, or they do not go together.
    """
    size, ratio = (request.resolution or "").lower(), (request.aspect_ratio or "").lower()
    names = (*PRESETS, "auto") if auto else tuple(PRESETS)
    if not size:
        return _preset(ratio, auto=auto)
    if size in names:
        if ratio not in ("", PRESETS.get(size, "auto")):
            raise ValueError(f"'{size}' is not {ratio}; leave one out")
        return size
    pixels = _PIXELS.fullmatch(size)
    if pixels is None:
        raise ValueError(f"choose width and height, like '1280x720', or one of {', '.join(names)}, or an aspect_ratio")
    width, height = int(pixels[1]), int(pixels[2])
    if ratio and not _has_ratio(width, height, ratio):
        raise ValueError(f"{width}x{height} is not {ratio}; leave one out")
    return {"width": width, "height": height}


def dimensions(value: None, request: VideoGenerationRequest, *, sizes: Sequence[str]) -> str:
    """The one of these sizes (``"1920x1080"``) that the request's resolution and aspect ratio mean.

    Args:
        value: Nothing; the request is read as a whole.
        request: Its resolution is one of the sizes, or the shorter side as ``"1080p"``.
        sizes: What the model offers, as width and height.

    Raises:
        ValueError: None of them is meant, or several are.
    """
    found = [size for size in sizes if _is_meant(size, request.resolution, request.aspect_ratio)]
    if len(found) == 1:
        return found[0]
    which = found or sizes
    raise ValueError(f"choose {', '.join(which[:-1])} or {which[-1]}")


def _preset(ratio: str, *, auto: bool) -> str:
    if auto and ratio == "auto":
        return ratio
    for name, of_name in PRESETS.items():
        if of_name == ratio:
            return name
    offered = [*dict.fromkeys(PRESETS.values()), *(["auto"] if auto else [])]
    raise ValueError(f"'{ratio}' is none of {', '.join(offered)}; other ratios as width and height in resolution")


def _is_meant(size: str, resolution: str | None, ratio: str | None) -> bool:
    width, height = (int(side) for side in size.split("x"))
    if ratio and not _has_ratio(width, height, ratio):
        return False
    if not resolution:
        return True
    if lines := _LINES.fullmatch(resolution):
        return min(width, height) == int(lines[1])
    pixels = _PIXELS.fullmatch(resolution)
    return pixels is not None and (int(pixels[1]), int(pixels[2])) == (width, height)


def _has_ratio(width: int, height: int, ratio: str) -> bool:
    sides = _RATIO.fullmatch(ratio)
    return sides is not None and width * int(sides[2]) == height * int(sides[1])
