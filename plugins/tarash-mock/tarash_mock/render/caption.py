"""What stands still on every frame: model, prompt, details, and the reference pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tarash_mock.order import IMAGE_PARAMETERS
from tarash_mock.render.lettering import fitted, font_for, line_height, own_font, wrapped, written
from tarash_mock.render.planes import Layer, layer_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

    from tarash_mock.order import Order

_LABELS = dict(zip(IMAGE_PARAMETERS, ("reference", "asset", "style"), strict=True)) | {"video_url": "video"}


class Caption:
    """The layout of one video: all measures follow from its size.

    Args:
        order: What is shown in words.
        model: The model asked for.
        number: Which of the order's videos this is, from 0.
        pictures: Those to show as thumbnails, by parameter.
        low: Keep the middle free for a picture: the prompt goes to the lower third.
    """

    def __init__(
        self, order: Order, *, model: str, number: int, pictures: Mapping[str, Sequence[Image]], low: bool
    ) -> None:
        self._order = order
        self._model = model
        self._number = number
        self._pictures = pictures
        self._low = low
        self.width, self.height = order.size
        unit = min(self.width, self.height)
        self.margin = max(4, round(unit * 0.06)) // 2 * 2
        self.small = own_font(max(9, round(unit * 0.034)))
        self.bar = max(2, round(unit * 0.008)) // 2 * 2

    def layers(self) -> list[Layer]:
        """From bottom to top."""
        drawn = [self._scrim(), *self._header(), *self._thumbnails(), *self._words()]
        return [layer for layer in drawn if layer is not None]

    def _scrim(self) -> Layer | None:
        """A darkening towards the lower edge, under the words."""
        from PIL import Image

        height = round(self.height * (0.5 if self._low else 0.3))
        shade = Image.new("RGBA", (self.width, height), (0, 0, 0, 0))
        shade.putalpha(Image.linear_gradient("L").resize(shade.size).point([level * 7 // 10 for level in range(256)]))
        return layer_of(shade, (0, self.height - height))

    def _header(self) -> list[Layer | None]:
        edge = round(self.small.size)
        at = self.margin - edge, self.margin - edge
        room = self.width - 2 * self.margin - self.clock_width() - edge
        font = font_for(self._model, round(self.small.size))
        return [layer_of(written(wrapped(f"mock  /  {self._model}", font, room, most=1), font), at)]

    def clock_width(self) -> int:
        """Pixels that the time code takes."""
        return round(self.small.getlength("00:00:00:00"))

    def _words(self) -> list[Layer | None]:
        room = self.width - 2 * self.margin
        small = font_for(self._details(), round(self.small.size))
        details = wrapped(self._details(), small, room, most=3)
        floor = self.height - self.margin - self.bar - len(details) * line_height(small)
        drawn = [self._line(details, small, floor)]
        prompt = self._order.prompt.strip()
        if not prompt:
            return drawn
        ceiling = round(self.height * (0.62 if self._low else 0.24))
        height = floor - ceiling - self.margin // 2
        largest = round(min(self.width, self.height) * (0.062 if self._low else 0.088))
        font, lines = fitted(
            prompt, width=round(room * 0.94), height=height, largest=max(largest, 12), smallest=round(self.small.size)
        )
        used = len(lines) * line_height(font)
        top = floor - used - self.margin // 2 if self._low else ceiling + (height - used) // 2
        return [*drawn, self._line(lines, font, top)]

    def _line(self, lines: list[str], font: FreeTypeFont, top: int) -> Layer | None:
        edge = round(font.size)
        return layer_of(written(lines, font), (self.margin - edge, top - edge))

    def _details(self) -> str:
        order = self._order
        parts = [
            f"seed {(order.seed or 0) + self._number}",
            f"{self.width}x{self.height}",
            f"{order.fps} fps",
            f"{order.duration:g} s",
        ]
        if order.num_videos > 1:
            parts.append(f"video {self._number + 1} of {order.num_videos}")
        if order.enhance_prompt:
            parts.append("prompt enhanced")
        if order.generate_audio:
            parts.append("with sound")
        if order.negative_prompt:
            parts.append(f"without {' '.join(order.negative_prompt.split())}")
        return " \u00b7 ".join(parts)

    def _thumbnails(self) -> list[Layer | None]:
        from PIL import ImageOps

        side = round(min(self.width, self.height) * 0.17)
        gap, frame = max(4, side // 10), max(1, side // 50)
        x, y = self.margin, self.margin + round(line_height(self.small) * 1.4)
        drawn: list[Layer | None] = []
        label_font = own_font(max(8, round(self.small.size * 0.75)))
        edge = round(label_font.size)
        for parameter, pictures in self._pictures.items():
            label = _LABELS[parameter]
            for picture in pictures:
                small = ImageOps.contain(picture, (side * 2, side)).convert("RGBA")
                mounted = ImageOps.expand(small, border=frame, fill=(255, 255, 255, 255))
                width = max(mounted.width, round(label_font.getlength(label)))
                if x + width > self.width - self.margin:
                    return drawn
                drawn.append(layer_of(mounted, (x, y)))
                drawn.append(layer_of(written([label], label_font), (x - edge, y + mounted.height - edge + 2)))
                x += width + gap
        return drawn
