"""Which road a config takes, what it sends there, and what it says of the other one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tarash_google.testing import FakeGoogle

from tarash_core import ConfigurationError, Job, VideoGenerationConfig, VideoGenerationRequest, build_payload
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]

VEO, OMNI = "veo-3.1-generate-001", "gemini-omni-1.2-flash"
PLACE = {"project": "kites", "location": "us-central1"}


def submitted(world: World, google: FakeGoogle, kite: VideoGenerationRequest, **config: Any) -> Job:
    return world.submit(VideoGenerationConfig(provider="google", base_url=google.url, **config), kite)


def test_vertex_with_application_default_credentials(
    world: World, google: FakeGoogle, adc: object, kite: VideoGenerationRequest
) -> None:
    job = submitted(world, google, kite, model=VEO, provider_config=PLACE)
    (posted,) = [got for got in google.server.requests if got.path != "/token"]
    assert (
        posted.path
        == f"/v1beta1/projects/kites/locations/us-central1/publishers/google/models/{VEO}:predictLongRunning"
    )
    assert posted.headers["authorization"] == f"Bearer {google.token}"
    assert "x-goog-api-key" not in posted.headers
    assert job.provider_data == {"road": "vertex", **PLACE, "base_url": google.url}
    assert job.account is None


def test_vertex_by_the_environment(
    world: World, google: FakeGoogle, adc: object, kite: VideoGenerationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "kites")
    monkeypatch.setenv("GOOGLE_CLOUD_LOCATION", "europe-west4")
    job = submitted(world, google, kite, model=VEO)
    assert (job.provider_data["project"], job.provider_data["location"]) == ("kites", "europe-west4")
    assert "/projects/kites/locations/europe-west4/" in google.server.requests[-1].path


def test_a_key_of_the_environment_is_not_sent_to_vertex(
    world: World, google: FakeGoogle, adc: object, kite: VideoGenerationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-the-gemini-api")
    submitted(world, google, kite, model=VEO, provider_config=PLACE)
    assert all("x-goog-api-key" not in got.headers for got in google.server.requests)


def test_vertex_with_an_express_mode_key(
    world: World, google: FakeGoogle, key: str, kite: VideoGenerationRequest
) -> None:
    job = submitted(world, google, kite, model=VEO, api_key=key, provider_config={"vertexai": True})
    (posted,) = google.server.requests
    assert posted.path == f"/v1beta1/publishers/google/models/{VEO}:predictLongRunning"
    assert posted.headers["x-goog-api-key"] == key
    assert "express-mode" in job.logs[0]
    config = VideoGenerationConfig(
        provider="google", model=VEO, api_key=key, base_url=google.url, provider_config={"vertexai": True}
    )
    assert world.wait(job, config=config.model_copy(update={"poll_interval": 0.01})).video.data == google.video


def test_the_key_alone(
    world: World, google: FakeGoogle, key: str, kite: VideoGenerationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "another-purpose")
    job = submitted(world, google, kite, model=OMNI, api_key=key)
    (posted,) = google.server.requests
    assert (posted.path, posted.headers["x-goog-api-key"]) == ("/v1/interactions", key)
    assert job.logs == ("google: the key-only road (Interactions API)",)


def test_a_version_of_the_api(world: World, google: FakeGoogle, key: str, kite: VideoGenerationRequest) -> None:
    submitted(world, google, kite, model=OMNI, api_key=key, api_version="v1beta")
    assert google.server.requests[0].path == "/v1beta/interactions"


def test_the_sdks_own_address_variable_is_pinned(
    world: World, google: FakeGoogle, key: str, kite: VideoGenerationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", google.url)
    config = VideoGenerationConfig(provider="google", model=OMNI, api_key=key, poll_interval=0.01)
    job = world.submit(config, kite)
    monkeypatch.delenv("GOOGLE_GEMINI_BASE_URL")
    assert job.provider_data["base_url"] == google.url
    assert world.wait(job, config=config).video.data == google.video


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"model": VEO, "api_key": "k" * 8}, r"key-only road .* does not make 'veo.*use Vertex: set .*project and loc"),
        ({"model": VEO, "provider_config": {"vertexai": False}}, r"key-only road .* does not make 'veo.*use Vertex"),
        ({"model": VEO}, r"Vertex road needs a project: set provider_config project"),
        ({"model": VEO, "provider_config": {"project": "kites"}}, r"location is missing"),
        ({"model": VEO, "provider_config": {"location": "global"}}, r"project is missing"),
        ({"model": OMNI}, r"key-only road .* needs a key: set api_key"),
        ({"model": OMNI, "provider_config": PLACE}, r"Vertex road does not make 'gemini.*use the key-only road"),
        ({"model": OMNI, "provider_config": {"vertexai": True}, "api_key": "k" * 8}, r"use the key-only road"),
        ({"model": "another", "provider_config": {"vertexai": "yes"}}, r"vertexai='yes'.*true or false"),
        ({"model": "another", "provider_config": {"vertexai": False, **PLACE}}, r"without project and location"),
        ({"model": "another", "provider_config": {"project": 7}}, r"project=7.*text"),
    ],
)
def test_what_a_config_lacks_is_said_before_anything_is_sent(
    world: World, google: FakeGoogle, kite: VideoGenerationRequest, config: dict[str, object], says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says):
        submitted(world, google, kite, **config)
    assert google.server.requests == []


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        ({}, {"input", "duration"}),
        ({"GOOGLE_GENAI_USE_VERTEXAI": "true"}, {"prompt", "duration_seconds"}),
        ({"GOOGLE_GENAI_USE_ENTERPRISE": "1"}, {"prompt", "duration_seconds"}),
        ({"GOOGLE_CLOUD_PROJECT": "kites"}, {"prompt", "duration_seconds"}),
    ],
)
def test_a_model_of_another_name_takes_the_road_of_the_environment(
    kite: VideoGenerationRequest, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], names: set[str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    config = VideoGenerationConfig(provider="google", model="brand-new")
    payload = build_payload(config, kite.model_copy(update={"duration_seconds": 8}))
    assert set(payload.arguments) == names
    assert "no mapping for 'brand-new'" in payload.warnings[0]
