"""A fake of fal on 127.0.0.1, for tests of the plugin and of applications: the queue, the storage,
the CDN, and the list of requests.

    with FalQueue() as fal:
        config = VideoGenerationConfig(provider="fal", model="fal-ai/veo3.1", api_key="any", base_url=fal.url)
        generate_video(config, VideoGenerationRequest(prompt="a red kite")).video.save("kite.mp4")
    assert fal.posts == 1

It speaks the protocol as documented (https://fal.ai/docs/api-reference/inference-api/openapi/queue.json and the pages
beside it, read 2026-11-23) and as fal-client 1.0.3 reads it.
"""

from tarash_fal.testing.queue import COMPLETED, IN_PROGRESS, IN_QUEUE, FalJob, FalQueue

__all__ = ["COMPLETED", "IN_PROGRESS", "IN_QUEUE", "FalJob", "FalQueue"]
