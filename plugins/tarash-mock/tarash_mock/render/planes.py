"""Pictures as H.264 stores them: brightness for each pixel, colour for each square of four (4:2:0, BT.709).

Drawing straight into these planes costs a third of drawing in RGB and converting each frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av
    from av.video.plane import VideoPlane
    from PIL.Image import Image

Box = tuple[float, float, float, float]
Point = tuple[int, int]

WHITE = 235
NEUTRAL = 128


@dataclass(slots=True)
class Planes:
    """Brightness (16 black to 235 white) and the two colour differences, at half width and height."""

    y: Image
    u: Image
    v: Image

    def copy(self) -> Planes:
        """Another picture with the same content."""
        return Planes(self.y.copy(), self.u.copy(), self.v.copy())

    def paste(self, other: Planes, at: Point) -> None:
        """Put another picture on this one; `at` is even."""
        half = at[0] // 2, at[1] // 2
        self.y.paste(other.y, at)
        self.u.paste(other.u, half)
        self.v.paste(other.v, half)

    def lay(self, layer: Layer) -> None:
        """Put a layer on this picture, as far as it lets through."""
        half = layer.at[0] // 2, layer.at[1] // 2
        self.y.paste(layer.planes.y, layer.at, layer.alpha)
        self.u.paste(layer.planes.u, half, layer.half_alpha)
        self.v.paste(layer.planes.v, half, layer.half_alpha)

    def stencil(self, mask: Image, at: Point) -> None:
        """Paint white where the mask is; `at` and the mask's sides are even."""
        half, half_mask = (at[0] // 2, at[1] // 2), mask.reduce(2)
        self.y.paste(WHITE, (*at, at[0] + mask.width, at[1] + mask.height), mask)
        box = (*half, half[0] + half_mask.width, half[1] + half_mask.height)
        self.u.paste(NEUTRAL, box, half_mask)
        self.v.paste(NEUTRAL, box, half_mask)

    def blend(self, other: Planes, share: float) -> Planes:
        """A mix of two pictures of one size: `share` 0 is this one, 1 the other."""
        from PIL import Image

        return Planes(
            Image.blend(self.y, other.y, share),
            Image.blend(self.u, other.u, share),
            Image.blend(self.v, other.v, share),
        )

    def magnified(self, factor: float) -> Planes:
        """The middle of the picture, `factor` times as large, in the same size."""
        if factor <= 1.0:
            return self.copy()
        return Planes(_magnified(self.y, factor), _magnified(self.u, factor), _magnified(self.v, factor))


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture that lets through what is below it, and its place. Build it with `layer_of`."""

    planes: Planes
    alpha: Image
    half_alpha: Image
    at: Point


def layer_of(image: Image, at: Point = (0, 0)) -> Layer | None:
    """A layer of an RGBA image at a place; only the part that shows is kept; None when nothing shows."""
    shown = image.getchannel("A").getbbox()
    if shown is None:
        return None
    # Even edges on the canvas, so that colour and brightness stay aligned.
    left, top = (shown[0] + at[0]) // 2 * 2, (shown[1] + at[1]) // 2 * 2
    right, bottom = -(-(shown[2] + at[0]) // 2) * 2, -(-(shown[3] + at[1]) // 2) * 2
    part = image.crop((left - at[0], top - at[1], right - at[0], bottom - at[1]))
    alpha = part.getchannel("A")
    return Layer(planes_of(part.convert("RGB")), alpha, alpha.reduce(2), (left, top))


def planes_of(image: Image, size: tuple[int, int] | None = None) -> Planes:
    """Convert an RGB image, scaled smoothly to `size` if given. The sides of the result must be even."""
    import av
    from PIL import Image

    width, height = size or image.size
    source = av.VideoFrame(image.width, image.height, "rgb0")
    _fill(source.planes[0], image.convert("RGBX"), pixel_bytes=4)
    frame = source.reformat(
        width=width, height=height, format="yuv420p", dst_colorspace="ITU709", interpolation="BICUBIC"
    )
    sizes = ((width, height), (width // 2, height // 2), (width // 2, height // 2))
    y, u, v = (
        Image.frombytes("L", plane_size, bytes(plane), "raw", "L", plane.line_size, 1)
        for plane, plane_size in zip(frame.planes, sizes, strict=True)
    )
    return Planes(y, u, v)


def frame_of(planes: Planes) -> av.VideoFrame:
    """The picture as a frame for the encoder."""
    import av

    frame = av.VideoFrame(planes.y.width, planes.y.height, "yuv420p")
    for target, source in zip(frame.planes, (planes.y, planes.u, planes.v), strict=True):
        _fill(target, source, pixel_bytes=1)
    return frame


def image_of(frame: av.VideoFrame) -> Image:
    """A decoded frame as an RGB image."""
    from PIL import Image

    # RGB has no such colour space, but av 14 heeds the frame's own only when another one is named for the result.
    converted = frame.reformat(format="rgb24", dst_colorspace="ITU601")
    plane = converted.planes[0]
    return Image.frombytes("RGB", (frame.width, frame.height), bytes(plane), "raw", "RGB", plane.line_size, 1)


def _fill(plane: VideoPlane, image: Image, *, pixel_bytes: int) -> None:
    """Copy an image into a plane, whose rows may be longer than the picture is wide."""
    from PIL import Image

    row = plane.line_size // pixel_bytes
    if row != image.width:
        padded = Image.new(image.mode, (row, image.height))
        padded.paste(image)
        image = padded
    plane.update(image.tobytes())


def _magnified(plane: Image, factor: float) -> Image:
    from PIL import Image

    width, height = plane.size
    left, top = width / 2 * (1 - 1 / factor), height / 2 * (1 - 1 / factor)
    return plane.resize(plane.size, Image.Resampling.BILINEAR, box=(left, top, width - left, height - top))
