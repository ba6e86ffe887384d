"""A fake of Google on 127.0.0.1, for tests of the plugin and of applications: both roads, and the token server.

    with FakeGoogle() as google:
        config = VideoGenerationConfig(
            provider="google", model="gemini-omni-1.2-flash", api_key="any", base_url=google.url
        )
        generate_video(config, VideoGenerationRequest(prompt="a red kite")).video.save("kite.mp4")
    assert google.posts == 1

It speaks what google-genai 3.4.0 sends and reads, and what the pages that the plugin names document.
"""

from tarash_google.testing.credentials import service_account
from tarash_google.testing.server import FakeGoogle, FakeJob, filtered, inline_video, omni, vertex_error

__all__ = ["FakeGoogle", "FakeJob", "filtered", "inline_video", "omni", "service_account", "vertex_error"]
