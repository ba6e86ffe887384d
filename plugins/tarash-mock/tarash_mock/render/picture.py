"""The pictures that a request brings: uploaded files are read, web addresses are drawn as a labelled card."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tarash_mock.errors import MockAPIError, refused
from tarash_mock.render.lettering import fitted, line_height, written
from tarash_mock.render.planes import image_of

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

    from tarash_mock.spool import Spool

_REMOTE = ("http://", "https://", "gs://")
_LARGEST = 64_000_000
_CARD = 960, 540
# What shows through a transparent picture.
_PAPER = 32, 32, 38


def shape_of(url: str, spool: Spool, *, parameter: str) -> tuple[int, int] | None:
    """Width and height of an uploaded picture or video as it is shown; None for a web address.

    Raises:
        MockAPIError: 422: the file is gone, is no picture (or video, for ``video_url``), or is too large.
    """
    if url.startswith(_REMOTE):
        return None
    path = spool.path_of(url, parameter=parameter)
    if parameter == "video_url":
        return _first_frame(path).size
    width, height, orientation = _head(path, parameter)
    return (height, width) if orientation in (5, 6, 7, 8) else (width, height)


def picture_of(url: str, spool: Spool, *, parameter: str) -> Image:
    """The picture behind a URL, upright, in RGB. The service never touches the network.

    Raises:
        MockAPIError: As `shape_of`.
    """
    from PIL import Image, ImageOps

    if url.startswith(_REMOTE):
        return _card(url, parameter)
    path = spool.path_of(url, parameter=parameter)
    if parameter == "video_url":
        return _first_frame(path)
    _head(path, parameter)
    try:
        with Image.open(path) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError) as error:
        raise refused(f"the uploaded file cannot be read as an image: {error}", parameter=parameter) from error
    paper = Image.new("RGBA", upright.size, (*_PAPER, 255))
    return Image.alpha_composite(paper, upright).convert("RGB")


def _head(path: Path, parameter: str) -> tuple[int, int, int]:
    """Width, height and EXIF orientation, without decoding the picture."""
    from PIL import ExifTags, Image

    try:
        with Image.open(path) as opened:
            width, height = opened.size
            orientation = int(opened.getexif().get(ExifTags.Base.Orientation, 1))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise refused(
            f"the uploaded file is no image that can be read ({error}); use PNG, JPEG or WebP", parameter=parameter
        ) from error
    if width * height > _LARGEST:
        raise refused(f"the image has {width}x{height} pixels; at most 64 million are taken", parameter=parameter)
    return width, height, orientation


def _first_frame(path: Path) -> Image:
    import av

    unreadable: MockAPIError = refused("the uploaded file is no video that can be read", parameter="video_url")
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                return image_of(frame)
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise unreadable from error
    raise unreadable


def _card(url: str, parameter: str) -> Image:
    """A plain card that names the host, in a colour of its own for each address."""
    from PIL import Image

    hue = hashlib.sha256(url.encode()).digest()[0]
    card = Image.new("HSV", _CARD, (hue, 110, 130)).convert("RGBA")
    label = parameter.removesuffix("s").removesuffix("_url").replace("_", " ")
    text = f"{label} at\n{urlsplit(url).hostname or url}"
    font, lines = fitted(text, width=_CARD[0] - 160, height=_CARD[1] - 200, largest=72, smallest=20)
    top = (_CARD[1] - len(lines) * line_height(font)) // 2
    card.alpha_composite(written(lines, font), (80 - round(font.size), max(0, top - round(font.size))))
    return card.convert("RGB")
