"""Application-default credentials: one token for all, and what is said where there is none, before anything is sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from tarash_google.testing import FakeGoogle

import tarash_core as tarash
from tarash_core import (
    AuthenticationError,
    ConfigurationError,
    TarashException,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]


def test_a_token_that_is_refused_costs_nothing(
    world: World, google: FakeGoogle, veo_config: Configured, kite: VideoGenerationRequest
) -> None:
    google.fault("token", Reply(400, json={"error": "invalid_grant", "error_description": "account not found"}))
    with pytest.raises(AuthenticationError, match="account not found"):
        world.generate(veo_config(), kite)
    assert google.posts == 0


def test_missing_credentials_cost_nothing(
    world: World,
    google: FakeGoogle,
    veo_config: Configured,
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")
    with pytest.raises(ConfigurationError, match="gcloud auth application-default login"):
        world.generate(veo_config(), kite)
    assert google.posts == 0


def test_a_token_server_that_hangs_ends_with_the_deadline(
    world: World, google: FakeGoogle, veo_config: Configured, kite: VideoGenerationRequest
) -> None:
    google.fault("token", *[Reply.hanging(60)] * 3)
    began = time.monotonic()
    with pytest.raises(TarashException):
        world.generate(veo_config(timeout=0.5), kite)
    assert time.monotonic() - began < 10
    assert google.posts == 0


def test_jobs_at_the_same_time_share_a_token(
    google: FakeGoogle, veo_config: Configured, kite: VideoGenerationRequest
) -> None:
    async def all_at_once() -> None:
        await asyncio.gather(*(tarash.submit_video_async(veo_config(), kite) for _ in range(20)))

    asyncio.run(all_at_once())
    assert (google.posts, google.seen("token")) == (20, 1)
