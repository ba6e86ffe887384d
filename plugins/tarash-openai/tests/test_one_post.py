"""What OpenAI's SDK would send again by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openai import OpenAI
from tarash_openai.testing import VideoServer

from tarash_core import (
    RateLimitError,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]

NO = {"error": {"message": "no", "type": "server_error", "param": None, "code": None}}


def test_a_server_that_asks_to_be_asked_again_is_not(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    """The SDK alone would."""
    server.fault("create", Reply(429, json=NO, headers={"x-should-retry": "true"}))
    with pytest.raises(RateLimitError):
        world.generate(configured(), kite)
    assert (server.posts, server.jobs) == (1, {})


@pytest.mark.filterwarnings("ignore:The Sora API")
def test_the_sdk_alone_pays_twice(server: VideoServer, key: str) -> None:
    """The control: without our settings the same fault makes two jobs. When this fails, the SDK has been mended."""
    server.fault("create", Reply.dropped(), accepting=True)
    with OpenAI(api_key=key, base_url=server.url) as client:
        client.videos.create(prompt="a red kite")
    assert (server.posts, len(server.jobs)) == (2, 2)
