"""Credentials are fetched once, whoever uses them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tarash_google.testing import FakeGoogle

import tarash_core as tarash
from tarash_core import VideoGenerationConfig, VideoGenerationRequest

Configured = Callable[..., VideoGenerationConfig]


def test_jobs_at_the_same_time_share_a_token(
    google: FakeGoogle, veo_config: Configured, kite: VideoGenerationRequest
) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(*(tarash.submit_video_async(veo_config(), kite) for _ in range(20)))

    asyncio.run(all_at_once())
    assert (google.posts, google.seen("token")) == (20, 1)
