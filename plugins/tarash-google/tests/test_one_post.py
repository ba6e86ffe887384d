"""A lost answer never pays twice: one POST on the wire, whatever the network does."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from tarash_google.testing import FakeGoogle

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
