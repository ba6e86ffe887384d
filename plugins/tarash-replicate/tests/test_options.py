"""Options of `provider_config` and names of models: what is sent, and what is refused before anything is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tarash_replicate.testing import ReplicateApi

from tarash_core import (
    ConfigurationError,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    build_payload,
)
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]


@pytest.mark.parametrize("duration", ["5", "90s", "5m", "1h", "1h30m45s"])
def test_a_deadline_is_a_header(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, duration: str
) -> None:
    world.submit(configured(provider_config={"cancel_after": duration}), kite)
    assert api.server.requests[0].headers["cancel-after"] == duration


def test_a_webhook_is_asked_for(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(provider_config={"webhook_url": "https://example.com/hook"}), kite)
    (sent,) = api.sent.values()
    assert sent.json() == {
        "input": {"prompt": "a red kite"},
        "webhook": "https://example.com/hook",
        "webhook_events_filter": ["completed"],
    }
    assert job.provider_config == {"webhook_url": "https://example.com/hook"}


def test_without_options_nothing_is_added(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    world.submit(configured(), kite)
    (sent,) = api.sent.values()
    assert sent.json() == {"input": {"prompt": "a red kite"}}
    assert not {"cancel-after", "prefer"} & sent.headers.keys()


@pytest.mark.parametrize(
    "options",
    [
        {"cancel_after": "4s"},
        {"cancel_after": ""},
        {"cancel_after": "soon"},
        {"cancel_after": "5s1m"},
        {"cancel_after": "90 s"},
        {"cancel_after": 90},
        {"webhook_url": "http://example.com/hook"},
        {"webhook_url": 7},
        {"webhook": "https://example.com/hook"},
    ],
)
def test_a_wrong_option_sends_nothing(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, options: dict[str, object]
) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        world.generate(configured(provider_config=options), kite)
    assert api.server.requests == []


@pytest.mark.parametrize(
    "model",
    [
        "veo-3.1",
        "google/",
        "/veo-3.1",
        "google/veo-3.1/predictions",
        "google/../veo",
        "google/veo?x=1",
        "google veo/3",
        "google/veo-3.1:latest",
        "google/veo-3.1:",
        f"google/veo-3.1:{'g' * 64}",
        "a" * 64,
    ],
)
def test_a_name_that_is_no_model_sends_nothing(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, model: str
) -> None:
    with pytest.raises(ValidationError, match="'owner/name'") as raised:
        world.generate(configured(model=model), kite)
    assert raised.value.field == "model"
    assert api.server.requests == []


def test_a_payload_needs_neither_key_nor_network(kite: VideoGenerationRequest) -> None:
    payload = build_payload(VideoGenerationConfig(provider="replicate", model="google/veo-3.1"), kite)
    assert payload.arguments == {"prompt": "a red kite"}
