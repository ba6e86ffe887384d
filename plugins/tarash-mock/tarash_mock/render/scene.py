"""One video as a sequence of pictures: background, first and last frame, caption, time code and progress bar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tarash_mock.order import IMAGE_PARAMETERS
from tarash_mock.render.backdrop import Backdrop
from tarash_mock.render.caption import Caption
from tarash_mock.render.planes import Layer, Planes, layer_of, planes_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from tarash_mock.order import Order

# How much a first frame has grown at the end, so that it lives.
_ZOOM = 0.08


class Scene:
    """The pictures of one video of an order.

    Args:
        order: The settled order.
        model: The model asked for.
        number: Which of the order's videos this is, from 0.
        pictures: Those that the order brings, by parameter.
    """

    def __init__(self, order: Order, *, model: str, number: int, pictures: Mapping[str, tuple[Image, ...]]) -> None:
        self._order = order
        self._size = order.size
        self._backdrop = Backdrop(seed=(order.seed or 0) + number, prompt=order.prompt, size=self._size)
        self._first = _mounted(pictures.get("first_frame_url"), self._size)
        self._last = _mounted(pictures.get("last_frame_url"), self._size)
        has_frames = self._first is not None or self._last is not None
        small = {name: pictures[name] for name in (*IMAGE_PARAMETERS, "video_url") if name in pictures}
        self._caption = Caption(order, model=model, number=number, pictures=small, low=has_frames)
        self._layers = [*self._caption.layers(), *self._instruments()]

    def picture(self, index: int) -> Planes:
        """The frame of this index, ready to encode."""
        passed = index / max(1, self._order.frames - 1)
        picture = self._stage(index / self._order.fps, passed)
        for layer in self._layers:
            picture.lay(layer)
        self._read_instruments(picture, index)
        return picture

    def _stage(self, seconds: float, passed: float) -> Planes:
        """Background and frames: the first one alone at the beginning, the last one alone at the end."""
        start = self._backdrop.at(seconds)
        if self._first is None and self._last is None:
            return start
        share = _eased((passed - 0.2) / 0.6) if self._last is not None else 0.0
        end = start.copy() if share > 0.0 else start
        if self._first is not None and share < 1.0:
            start.paste(self._first[0].magnified(1 + _ZOOM * passed), self._first[1])
        if self._last is not None and share > 0.0:
            end.paste(self._last[0].magnified(1 + _ZOOM * (1 - passed)), self._last[1])
        return start.blend(end, share) if 0.0 < share < 1.0 else end if share else start

    def _instruments(self) -> list[Layer]:
        """The ground of time code and progress bar."""
        from PIL import Image, ImageDraw

        canvas = Image.new("RGBA", self._size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(canvas)
        x, y, width, height = self._clock_box()
        pen.rounded_rectangle((x, y, x + width, y + height), radius=height / 3, fill=(0, 0, 0, 110))
        clock = layer_of(canvas.crop((0, 0, self._size[0], y + height + 2)))
        left, top, right, bottom = self._bar_box()
        pen.rectangle((left, top, right - 1, bottom - 1), fill=(255, 255, 255, 70))
        strip = top - top % 2
        bar = layer_of(canvas.crop((0, strip, *self._size)), (0, strip))
        return [layer for layer in (clock, bar) if layer is not None]

    def _read_instruments(self, picture: Planes, index: int) -> None:
        from PIL import Image, ImageDraw

        x, y, width, height = self._clock_box()
        mask = Image.new("L", (width, height))
        font = self._caption.small
        middle = width / 2, height / 2
        ImageDraw.Draw(mask).text(middle, time_code(index, self._order.fps), font=font, fill=255, anchor="mm")
        picture.stencil(mask, (x, y))
        left, top, right, bottom = self._bar_box()
        done = round((right - left) * (index + 1) / self._order.frames) // 2 * 2
        if done:
            picture.stencil(Image.new("L", (done, bottom - top), 255), (left, top))

    def _clock_box(self) -> tuple[int, int, int, int]:
        """Left, top, width, height, all even."""
        size = round(self._caption.small.size)
        width, height = (self._caption.clock_width() + size) // 2 * 2, size * 17 // 10 // 2 * 2
        left = self._size[0] - self._caption.margin - width
        return left // 2 * 2, max(0, self._caption.margin - height // 5) // 2 * 2, width, height

    def _bar_box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom, all even."""
        margin, height = self._caption.margin, self._caption.bar
        bottom = (self._size[1] - margin // 2) // 2 * 2
        return margin, bottom - height, self._size[0] - margin, bottom


def time_code(index: int, fps: int) -> str:
    """``hh:mm:ss:ff`` of a frame."""
    seconds, frame = divmod(index, fps)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frame:02}"


def _mounted(pictures: tuple[Image, ...] | None, size: tuple[int, int]) -> tuple[Planes, tuple[int, int]] | None:
    """The whole picture as large as the frame allows, and where it goes."""
    if not pictures:
        return None
    picture = pictures[0]
    scale = min(size[0] / picture.width, size[1] / picture.height)
    width, height = (max(2, round(side * scale / 2) * 2) for side in picture.size)
    at = (size[0] - width) // 4 * 2, (size[1] - height) // 4 * 2
    return planes_of(picture, (width, height)), at


def _eased(share: float) -> float:
    clamped = min(max(share, 0.0), 1.0)
    return clamped * clamped * (3 - 2 * clamped)
