import pytest
from tarash_acme.testing import AcmeServer

from tarash_core import ContentModerationError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import Reply, World
from tarash_core.testing.provider_contract import Configured, ProviderContract

pytest_plugins = ["tarash_core.testing.fixtures"]

REQUEST = VideoGenerationRequest(prompt="a red kite", duration_seconds=8, resolution="720p")


@pytest.fixture
def service(key):
    with AcmeServer(key=key) as running:
        yield running


@pytest.fixture
def configured(service, key) -> Configured:
    given = {"provider": "acme", "api_key": key, "base_url": service.url, "poll_interval": 0.01, "timeout": 30.0}
    return lambda **changes: VideoGenerationConfig(**{**given, **changes})


class TestAcme(ProviderContract):
    module, sdk, fake = "tarash_acme", {"httpx"}, AcmeServer
    states = {
        "queued": {"status": "waiting"},
        "processing": {"status": "running"},
        "completed": {"status": "done"},
        "unknown": {"status": "archived"},
    }


def test_a_request_in_acmes_words(world: World, service: AcmeServer, configured: Configured) -> None:
    response = world.generate(configured(), REQUEST)
    assert (response.video.url, response.duration) == (f"{service.url}/kite.mp4", 8)
    sent = service.server.requests[0].json()
    assert sent == {"model": "kite-1", "prompt": "a red kite", "seconds": 8, "size": "small"}


def test_a_refused_prompt_is_told_apart(world: World, service: AcmeServer, configured: Configured) -> None:
    service.fault("submit", Reply(422, json={"type": "policy", "says": "no kites"}))
    with pytest.raises(ContentModerationError, match="no kites"):
        world.generate(configured(), REQUEST)
