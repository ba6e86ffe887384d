"""Rendering: an order becomes an MP4 file with H.264 video, and AAC sound where it is asked for."""

from __future__ import annotations

import builtins
import tempfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from tarash_core import remaining_seconds
from tarash_mock.render.planes import frame_of
from tarash_mock.render.scene import Scene
from tarash_mock.render.sound import BLOCK, SAMPLE_RATE, chord

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from PIL.Image import Image

    from tarash_mock.order import Order

__all__ = ["render"]


def render(order: Order, *, model: str, number: int, pictures: Mapping[str, tuple[Image, ...]]) -> bytes:
    """Draw and encode one video. The same arguments make the same bytes on the same machine.

    Args:
        order: The settled order.
        model: The model asked for.
        number: Which of the order's videos, from 0.
        pictures: Those that the order brings, by parameter.

    Returns:
        The MP4 file, with its index in front, so that it plays while it loads.

    Raises:
        TimeoutError: The deadline of the generation passed meanwhile.
    """
    import av

    scene = Scene(order, model=model, number=number, pictures=pictures)
    # The index is moved to the front in a second pass over the finished file, which needs a real one.
    with tempfile.TemporaryDirectory(prefix="tarash-mock-") as folder:
        path = Path(folder) / "video.mp4"
        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        with av.open(str(path), "w", format="mp4", options=options) as container:
            container.metadata["title"] = order.prompt[:500]
            container.metadata["comment"] = f"tarash-mock {model} seed {(order.seed or 0) + number}"
            video = _video_stream(container, order)
            audio = _audio_stream(container) if order.generate_audio else None
            _encode_pictures(container, video, scene, order.frames)
            if audio is not None:
                _encode_sound(container, audio, seed=(order.seed or 0) + number, seconds=order.frames / order.fps)
        return path.read_bytes()


def _video_stream(container: OutputContainer, order: Order) -> VideoStream:
    stream = container.add_stream("libx264", rate=order.fps)
    stream.width, stream.height = order.size
    stream.pix_fmt = "yuv420p"
    stream.options = {
        "preset": "ultrafast",
        "crf": "21",
        # Soft gradients need the two things that "ultrafast" leaves out; and without naming the colours a player
        # guesses them from the height of the picture.
        "x264-params": "aq-mode=1:deblock=1,1,1:colorprim=bt709:transfer=bt709:colormatrix=bt709",
    }
    # What comes out depends on the number of threads, so it must not depend on the machine's.
    stream.codec_context.thread_count = 1
    return stream


def _audio_stream(container: OutputContainer) -> AudioStream:
    stream = container.add_stream("aac", rate=SAMPLE_RATE)
    stream.codec_context.layout = "mono"
    stream.codec_context.bit_rate = 96_000
    return stream


def _encode_pictures(container: OutputContainer, stream: VideoStream, scene: Scene, frames: int) -> None:
    for index in range(frames):
        if remaining_seconds() == 0.0:
            # A worker thread cannot be stopped from outside: it has to look at the clock itself.
            raise builtins.TimeoutError("the deadline passed while the video was being rendered")
        frame = frame_of(scene.picture(index))
        frame.pts = index
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _encode_sound(container: OutputContainer, stream: AudioStream, *, seed: int, seconds: float) -> None:
    import av

    for number, block in enumerate(chord(seed, seconds)):
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(block) // 2)
        frame.planes[0].update(block)
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = Fraction(1, SAMPLE_RATE)
        frame.pts = number * BLOCK
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
