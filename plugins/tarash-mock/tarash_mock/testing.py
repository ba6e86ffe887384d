"""A look into a video, for the tests of this plugin and of applications that use it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

Colour = tuple[float, float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Film:
    """A decoded MP4 file. Read one with `film_of`.

    Args:
        codecs: Names of the codecs, video first: ``("h264", "aac")``.
        pixel_format: ``"yuv420p"``.
        width: Pixels.
        height: Pixels.
        seconds: Length of the whole file.
        fps: Frames per second.
        title: The title in the file's metadata.
        frames: Every frame, in RGB.
    """

    codecs: tuple[str, ...]
    pixel_format: str
    width: int
    height: int
    seconds: float
    fps: float
    title: str
    frames: tuple[Image, ...]

    def colour(self, index: int, box: Box = (0.3, 0.2, 0.7, 0.5)) -> Colour:
        """Mean red, green and blue (0 to 255) of a part of a frame.

        Args:
            index: Which frame; -1 is the last one.
            box: Left, top, right and bottom in shares of width and height.
        """
        from PIL import ImageStat

        left, top, right, bottom = box
        edges = (
            round(left * self.width),
            round(top * self.height),
            round(right * self.width),
            round(bottom * self.height),
        )
        red, green, blue = ImageStat.Stat(self.frames[index].crop(edges)).mean
        return red, green, blue


def film_of(data: bytes) -> Film:
    """Decode a whole video file. Raises av.FFmpegError when it is none."""
    import av

    from tarash_mock.render.planes import image_of

    with av.open(io.BytesIO(data), "r") as container:
        video = container.streams.video[0]
        frames = tuple(image_of(frame) for frame in container.decode(video))
        return Film(
            codecs=tuple(stream.codec_context.name for stream in container.streams),
            pixel_format=video.codec_context.pix_fmt or "",
            width=video.width,
            height=video.height,
            seconds=(container.duration or 0) / 1_000_000,
            fps=float(video.average_rate or 0),
            title=container.metadata.get("title", ""),
            frames=frames,
        )
