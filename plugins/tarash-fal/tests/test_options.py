"""Options of `provider_config` and names of endpoints: what is sent, and what is refused before anything is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tarash_fal.testing import FalQueue

from tarash_core import (
    ConfigurationError,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    build_payload,
)
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]


@pytest.mark.parametrize(
    ("options", "header", "value"),
    [
        ({"start_timeout": 30}, "x-fal-request-timeout", "30.0"),
        ({"start_timeout": 1.5}, "x-fal-request-timeout", "1.5"),
        ({"priority": "low"}, "x-fal-queue-priority", "low"),
        ({"hint": "session 1"}, "x-fal-runner-hint", "session 1"),
        ({"no_retry": True}, "x-fal-no-retry", "1"),
        ({"no_retry": False}, "x-fal-no-retry", None),
        ({"store_io": False}, "x-fal-store-io", "0"),
        ({"store_io": True}, "x-fal-store-io", None),
        ({"expires_in": 3600}, "x-fal-object-lifecycle-preference", '{"expiration_duration_seconds": 3600}'),
    ],
)
def test_an_option_is_a_header(
    world: World,
    fal: FalQueue,
    configured: Configured,
    kite: VideoGenerationRequest,
    options: dict[str, object],
    header: str,
    value: str | None,
) -> None:
    world.submit(configured(provider_config=options), kite)
    assert fal.server.requests[0].headers.get(header) == value


@pytest.mark.parametrize(
    "options",
    [
        {"start_timeout": 1},
        {"start_timeout": "30"},
        {"start_timeout": True},
        {"priority": "high"},
        {"hint": "two\nlines"},
        {"hint": 7},
        {"no_retry": "yes"},
        {"store_io": 0},
        {"expires_in": 0},
        {"expires_in": 1.5},
        {"retries": 3},
    ],
)
def test_a_wrong_option_sends_nothing(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, options: dict[str, object]
) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        world.generate(configured(provider_config=options), kite)
    assert fal.server.requests == []


@pytest.mark.parametrize(
    "model", ["veo3.1", "fal-ai/", "/fal-ai/veo3.1", "fal-ai/../me", "fal-ai/veo?x=1", "fal ai/veo", "workflows/me"]
)
def test_a_name_that_is_no_endpoint_sends_nothing(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, model: str
) -> None:
    with pytest.raises(ValidationError, match="'owner/alias'") as raised:
        world.generate(configured(model=model), kite)
    assert raised.value.field == "model"
    assert fal.server.requests == []


@pytest.mark.parametrize("model", ["fal-ai/veo3.1", "bytedance/seedance-2.0/text-to-video", "workflows/me/my-flow/v2"])
def test_endpoints_and_workflows_are_polled_by_owner_and_alias(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, model: str
) -> None:
    world.submit(configured(model=model), kite)
    assert fal.server.requests[0].path == f"/{model}"


def test_a_payload_needs_neither_key_nor_network(fal: FalQueue, kite: VideoGenerationRequest) -> None:
    payload = build_payload(VideoGenerationConfig(provider="fal", model="fal-ai/veo3.1"), kite)
    assert payload.arguments["prompt"] == "a red kite"


def test_the_key_may_come_in_two_halves(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAL_KEY_ID", "id-7f3a")
    monkeypatch.setenv("FAL_KEY_SECRET", "secret-9c51")
    fal.key = "id-7f3a:secret-9c51"
    assert world.generate(configured(api_key=None), kite).video.url
