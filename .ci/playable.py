"""Fail unless a file is a video that players play: ``python .ci/playable.py FILE`` (needs PyAV)."""

from __future__ import annotations

import sys
from pathlib import Path

import av


def main(path: Path) -> None:
    """Decode every frame and say what was found.

    Raises:
        SystemExit: The file is not H.264 in MP4 with at least one second of frames.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.decode(stream))
        codec = stream.codec_context.name
    if path.read_bytes()[4:8] != b"ftyp" or codec != "h264" or frames < float(stream.average_rate or 1):
        raise SystemExit(f"{path}: {codec}, {frames} frames: not the video that was asked for")
    sys.stdout.write(f"{path}: {stream.width}x{stream.height}, {codec}, {frames} frames\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
