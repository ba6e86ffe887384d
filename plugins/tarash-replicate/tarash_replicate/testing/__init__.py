"""A fake of Replicate on 127.0.0.1, for tests of the plugin and of applications: predictions, files, downloads.

    with ReplicateApi() as api:
        config = VideoGenerationConfig(provider="replicate", model="google/veo-3.1", api_key="any", base_url=api.url)
        generate_video(config, VideoGenerationRequest(prompt="a red kite")).video.save("kite.mp4")
    assert api.posts == 1

It speaks the protocol as documented (https://replicate.com/docs/reference/http, read 2026-11-23) and as replicate 1.0.7
reads it. `signed` makes the headers of a webhook.
"""

from tarash_replicate.testing.api import PROCESSING, STARTING, SUCCEEDED, ReplicateApi
from tarash_replicate.testing.webhook import SECRET, signed

__all__ = ["PROCESSING", "SECRET", "STARTING", "SUCCEEDED", "ReplicateApi", "signed"]
