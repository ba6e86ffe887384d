"""A lost answer never pays twice: one POST on the wire, whatever the network does."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from tarash_google.testing import FakeGoogle

from tarash_core import (
    AuthenticationError,
    ConfigurationError,
    HTTPConnectionError,
    SubmissionUncertainError,
    TarashException,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]


@pytest.mark.parametrize("fault", [Reply.dropped(), Reply.reset(), Reply.hanging(60)], ids=["drop", "reset", "hang"])
def test_an_answer_that_is_lost_is_not_asked_for_again(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest, fault: Reply
) -> None:
    google.fault("submit", fault, accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(configured(timeout=1.5), kite)
    assert (google.posts, len(google.jobs)) == (1, 1)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
def test_no_status_is_repeated(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest, status: int
) -> None:
    google.fault("submit", Reply(status, json={"error": {"code": status, "message": "no"}}))
    with pytest.raises(Exception, match="no"):
        world.generate(configured(), kite)
    assert google.posts == 1


def test_a_redirect_takes_the_request_nowhere(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    with FakeGoogle() as another:
        google.fault("submit", Reply(307, headers={"Location": f"{another.url}/v1/interactions"}))
        with pytest.raises(SubmissionUncertainError):
            world.generate(configured(), kite)
    assert another.server.requests == []


def test_a_refused_connection_is_certain(world: World, configured: Configured, kite: VideoGenerationRequest) -> None:
    with pytest.raises(HTTPConnectionError) as raised:
        world.generate(configured(base_url="http://127.0.0.1:9"), kite)
    assert raised.value.request_sent is False


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
