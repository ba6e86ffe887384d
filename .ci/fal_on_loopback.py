"""One video through the installed tarash-fal and fal's own SDK, against the fake of fal that the plugin brings."""

from __future__ import annotations

import sys
from pathlib import Path

from tarash_fal.testing import FalQueue

from tarash_core import PluginError, VideoGenerationConfig, VideoGenerationRequest, generate_video


def main() -> None:
    """Generate, save, and count what went over the wire.

    Raises:
        SystemExit: The paid request was sent more or less than once, or another plugin is there too.
    """
    request = VideoGenerationRequest(prompt="a red kite over a stormy sea", duration_seconds=8)
    with FalQueue() as fal:
        config = VideoGenerationConfig(
            provider="fal", model="fal-ai/veo3.1", api_key="any-key", base_url=fal.url, poll_interval=0.05
        )
        saved = generate_video(config, request).video.save(Path("kite.mp4"))
        if fal.posts != 1:
            raise SystemExit(f"{fal.posts} requests were paid for one video")
    sys.stdout.write(f"{saved}: {saved.stat().st_size} bytes, one POST\n")
    try:
        generate_video(VideoGenerationConfig(provider="mock"), request)
    except PluginError as error:
        sys.stdout.write(f"{error}\n")
    else:
        raise SystemExit("tarash-fal brought tarash-mock with it")


if __name__ == "__main__":
    main()
