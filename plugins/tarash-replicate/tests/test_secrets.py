"""A canary key, searched for in everything that is written while jobs succeed, fail and are lost."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from tarash_replicate.testing import SECRET, STARTING, SUCCEEDED, ReplicateApi

from tarash_core import TarashException, VideoGenerationConfig, VideoGenerationRequest, VideoGenerationUpdate
from tarash_core.testing import Reply, World, assert_absent

Configured = Callable[..., VideoGenerationConfig]


def echo(key: str) -> dict[str, object]:
    """A provider that repeats the key in every place it has."""
    return {
        "title": key,
        "detail": f"token {key} is unknown",
        "headers": {"Authorization": f"Bearer {key}"},
        key: [key],
    }


def test_a_video(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    updates: list[VideoGenerationUpdate] = []
    config = configured()
    response = world.generate(config, kite, on_progress=updates.append)
    assert len(updates) == 4
    assert_absent(key, response, response.job, updates)
    assert key not in repr(config) + caplog.text
    assert "HTTP Request: POST" in caplog.text


@pytest.mark.parametrize("step", ["submit", "get", "cancel"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500])
def test_errors_that_repeat_the_key(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    step: str,
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    api.states = (STARTING,) if step == "cancel" else (SUCCEEDED,)
    api.fault(step, *[Reply(status, json=echo(key))] * 50)  # type: ignore[arg-type]  # a Step
    config = configured(timeout=0.2)
    with pytest.raises(TarashException) as raised:
        world.cancel(world.submit(config, kite), config=config) if step == "cancel" else world.generate(config, kite)
    error = raised.value
    assert_absent(key, error.message, error.raw_response, error.job, str(error), repr(error), vars(error))
    assert key not in caplog.text


def test_a_failure_that_repeats_the_key(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, key: str
) -> None:
    api.states = ({"status": "failed", "error": f"no access with {key}", "logs": f"token {key}\n"},)
    with pytest.raises(TarashException, match="no access with") as raised:
        world.generate(configured(), kite)
    error = raised.value
    assert_absent(key, error.message, error.raw_response, str(error))


@pytest.mark.parametrize("step", ["submit", "get"])
@pytest.mark.parametrize(
    "fault", [Reply.dropped(), Reply.reset(), Reply(502, body=b"<html>")], ids=["drop", "reset", "502"]
)
def test_no_exception_holds_the_request(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    step: str,
    fault: Reply,
) -> None:
    """httpx's exceptions and answers hold the request, and that the header: they must not survive in a cause."""
    api.fault(step, *[fault] * 20)  # type: ignore[arg-type]  # a Step
    with pytest.raises(TarashException) as raised:
        world.generate(configured(timeout=0.1), kite)
    assert_absent(key, raised.value)


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
