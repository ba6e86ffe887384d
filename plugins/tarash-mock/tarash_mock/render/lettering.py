"""Letters: a font that has the characters, lines that fit, and text that can be read on any picture."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

# Pillow brings a font with the letters of English only. For others, what systems have, widest coverage last.
_SYSTEM_FONTS = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "Arial.ttf",
    "segoeui.ttf",
    "Arial Unicode.ttf",
    "NotoSansCJK-Regular.ttc",
    "PingFang.ttc",
    "msyh.ttc",
)
_NO_CHARACTER = "\uffff"
_TRIAL_SIZE = 24


def font_for(text: str, size: int) -> FreeTypeFont:
    """The first font that has every character of `text`, else the one that has the most of them."""
    file = _file_for(frozenset(character for character in text if not character.isascii()))
    return own_font(size) if file is None else _opened(file, size)


@functools.lru_cache(maxsize=64)
def own_font(size: int) -> FreeTypeFont:
    """Pillow's own font, which has all ASCII characters."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("this build of Pillow has no FreeType; install the wheel from PyPI")
    return font


@functools.lru_cache(maxsize=64)
def _opened(file: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(file, size)


@functools.lru_cache(maxsize=256)
def _file_for(characters: frozenset[str]) -> str | None:
    """The file of the system's font that fits best; None: Pillow's own does."""
    best, fewest = None, _missing(own_font(_TRIAL_SIZE), characters)
    for name in _SYSTEM_FONTS if fewest else ():
        file = _system_file(name)
        missing = _missing(_opened(file, _TRIAL_SIZE), characters) if file else fewest
        if missing < fewest:
            best, fewest = file, missing
    return best


@functools.cache
def _system_file(name: str) -> str | None:
    from PIL import ImageFont

    try:
        return str(ImageFont.truetype(name, _TRIAL_SIZE).path)
    except OSError:
        return None


def _missing(font: FreeTypeFont, characters: frozenset[str]) -> int:
    def drawn(character: str) -> tuple[tuple[int, int], bytes]:
        mask = font.getmask(character)
        return mask.size, bytes(mask)

    if not characters:
        return 0
    nothing = drawn(_NO_CHARACTER)
    return sum(not character.isspace() and drawn(character) == nothing for character in characters)


def fitted(text: str, *, width: int, height: int, largest: int, smallest: int) -> tuple[FreeTypeFont, list[str]]:
    """The largest font in which `text` fits the box, and its lines; in the smallest one the text is cut short."""
    for size in range(largest, smallest, -max(1, (largest - smallest) // 8)):
        font = font_for(text, size)
        room = height // line_height(font)
        lines = list(itertools.islice(_lines(text, font, width), room + 1))
        if len(lines) <= room:
            return font, lines
    font = font_for(text, smallest)
    return font, wrapped(text, font, width, most=max(1, height // line_height(font)))


def wrapped(text: str, font: FreeTypeFont, width: int, *, most: int) -> list[str]:
    """The lines of `text`, none wider than `width` pixels; more than `most` lines end in three dots."""
    lines = list(itertools.islice(_lines(text, font, width), most + 1))
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and font.getlength(f"{last}...") > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}..."]


def _lines(text: str, font: FreeTypeFont, width: int) -> Iterator[str]:
    # One at a time: of a long prompt only the beginning is ever shown.
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            for number, piece in enumerate(_pieces(word, font, width)):
                longer = f"{line} {piece}" if line and number == 0 else line + piece
                if line and font.getlength(longer) > width:
                    yield line
                    longer = piece
                line = longer
        yield line


def _pieces(word: str, font: FreeTypeFont, width: int) -> list[str]:
    """The word, or its characters where it is too wide for a line (as with languages without spaces)."""
    return [word] if font.getlength(word) <= width else list(word)


def line_height(font: FreeTypeFont) -> int:
    """Pixels from one line to the next."""
    return round(font.size * 1.3)


def written(lines: list[str], font: FreeTypeFont) -> Image:
    """White text with a soft shadow on a transparent image; the text begins one font size from left and top."""
    from PIL import Image, ImageDraw, ImageFilter

    edge, step = round(font.size), line_height(font)
    width = round(max((font.getlength(line) for line in lines), default=0.0)) + 2 * edge
    mask = Image.new("L", (width, len(lines) * step + 2 * edge))
    pen = ImageDraw.Draw(mask)
    for number, line in enumerate(lines):
        pen.text((edge, edge + number * step), line, font=font, fill=255)
    blurred = mask.filter(ImageFilter.GaussianBlur(font.size / 7)).point([min(255, level * 2) for level in range(256)])
    shadow = Image.new("RGBA", mask.size, (0, 0, 0, 0))
    shadow.putalpha(blurred.point([level * 6 // 10 for level in range(256)]))
    text = Image.new("RGBA", mask.size, (255, 255, 255, 0))
    text.putalpha(mask)
    return Image.alpha_composite(shadow, text)
