"""Keys in other places than the header: what a model writes, what it is given, what webhooks are signed with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tarash_replicate.testing import SECRET, ReplicateApi

from tarash_core import TarashException, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World, assert_absent

Configured = Callable[..., VideoGenerationConfig]


def test_a_failure_that_repeats_the_key(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, key: str
) -> None:
    api.states = ({"status": "failed", "error": f"no access with {key}", "logs": f"token {key}\n"},)
    with pytest.raises(TarashException, match="no access with") as raised:
        world.generate(configured(), kite)
    error = raised.value
    assert_absent(key, error.message, error.raw_response, str(error))


def test_a_key_among_the_inputs_is_not_in_the_answer(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    """Sora 2 takes one, and a prediction repeats its inputs."""
    request = kite.model_copy(update={"extra_params": {"openai_api_key": "sk-canary51e2"}})
    response = world.generate(configured(model="openai/sora-2"), request)
    (sent,) = api.sent.values()
    assert sent.json()["input"]["openai_api_key"] == "sk-canary51e2"
    assert_absent("sk-canary51e2", response, response.job)


def test_the_webhook_secret_is_in_no_job(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(provider_config={"webhook_secret": SECRET}), kite)
    assert_absent(SECRET, job)
    assert SECRET.encode() not in b"".join(got.body for got in api.server.requests)
