"""Both roads to Azure, v1 and dated, with a key and with tokens: what is on the wire, from submit to download."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tarash_openai.testing import VideoServer

from tarash_core import (
    AuthenticationError,
    ConfigurationError,
    HTTPConnectionError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationUpdate,
)
from tarash_core.testing import World, assert_absent

Configured = Callable[..., VideoGenerationConfig]

ROADS = [
    pytest.param({}, "/openai/v1/videos", {}, "bearer", id="v1"),
    pytest.param({"api_version": "preview"}, "/openai/v1/videos", {"api-version": "preview"}, "bearer", id="preview"),
    pytest.param(
        {"api_version": "2025-04-01-preview"},
        "/openai/videos",
        {"api-version": "2025-04-01-preview"},
        "api-key",
        id="dated",
    ),
]


class Tokens:
    """A token provider like azure.identity's; it remembers who called it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.threads: list[threading.Thread] = []

    def __call__(self) -> str:
        self.threads.append(threading.current_thread())
        return self.token


@pytest.fixture
def tokens(key: str) -> Tokens:
    """The one that gives the key."""
    return Tokens(key)


def shown(server: VideoServer) -> set[str]:
    """Which header carried the credential."""
    found = set()
    for got in server.server.requests:
        found.add("bearer" if "authorization" in got.headers else "api-key" if "api-key" in got.headers else "none")
    return found


@pytest.mark.parametrize(("settings", "path", "query", "header"), ROADS)
def test_a_video_with_a_key(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    settings: dict[str, Any],
    path: str,
    query: dict[str, str],
    header: str,
) -> None:
    updates: list[VideoGenerationUpdate] = []
    response = world.generate(configured(**settings), kite, on_progress=updates.append)
    assert world.read(response.video) == server.video
    one = f"{path}/{response.request_id}"
    assert [(got.method, got.path) for got in server.server.requests] == [
        ("POST", path),
        *[("GET", one)] * 3,
        ("GET", f"{one}/content"),
    ]
    assert all(got.query == query for got in server.server.requests)
    assert shown(server) == {header}
    assert [update.progress_percent for update in updates] == [None, 0, 40, 100]
    assert_absent(key, response, response.job, updates)


@pytest.mark.parametrize(("settings", "path", "query", "header"), ROADS)
def test_a_video_with_a_token(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    tokens: Tokens,
    settings: dict[str, Any],
    path: str,
    query: dict[str, str],
    header: str,
) -> None:
    options = {"azure_ad_token_provider": tokens}
    response = world.generate(configured(api_key=None, provider_config=options, **settings), kite)
    assert world.read(response.video) == server.video
    assert {got.path.partition("/video_")[0] for got in server.server.requests} == {path}
    assert shown(server) == {"bearer"}
    assert response.job.provider_config == {}
    requests, download = tokens.threads[:-1], tokens.threads[-1:]
    assert len(requests) == 4
    assert len(download) == 1
    assert all((thread is threading.main_thread()) == (world.mode == "sync") for thread in requests)


def test_a_token_of_the_environment_is_read_at_every_request(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "expired")
    with pytest.raises(AuthenticationError):
        world.submit(configured(api_key=None), kite)
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", key)
    assert world.generate(configured(api_key=None), kite).video.url
    assert shown(server) == {"bearer"}


def test_a_token_provider_wins_over_a_key(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, tokens: Tokens
) -> None:
    world.submit(configured(api_key="another-key", provider_config={"azure_ad_token_provider": tokens}), kite)
    assert len(tokens.threads) == server.posts == 1


def test_a_token_provider_that_fails_is_certain_at_submit_and_passing_at_a_poll(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, key: str
) -> None:
    answers: Iterator[object] = iter([OSError("no network"), key, OSError("no network"), key, key, key])

    def provider() -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    config = configured(api_key=None, provider_config={"azure_ad_token_provider": provider})
    with pytest.raises(HTTPConnectionError, match="gave no token: OSError: no network") as raised:
        world.generate(config, kite)
    assert raised.value.request_sent is False
    assert server.posts == 0
    assert world.generate(config, kite).video.url
    assert server.posts == 1


@pytest.mark.parametrize("token", [None, "", "two words", "t\u00f6ken"])
def test_a_token_that_is_none(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, token: object
) -> None:
    config = configured(api_key=None, provider_config={"azure_ad_token_provider": lambda: token})
    with pytest.raises(ConfigurationError, match="gave no token"):
        world.generate(config, kite)
    assert server.server.requests == []


async def _awaited() -> str:
    return "token"


@pytest.mark.parametrize("provider", ["token", _awaited])
def test_a_token_provider_is_a_plain_function(
    world: World, configured: Configured, kite: VideoGenerationRequest, provider: object
) -> None:
    with pytest.raises(ConfigurationError, match="takes a plain function"):
        world.generate(configured(api_key=None, provider_config={"azure_ad_token_provider": provider}), kite)


def test_no_credentials_at_all(world: World, configured: Configured, kite: VideoGenerationRequest) -> None:
    with pytest.raises(ConfigurationError, match=r"set AZURE_OPENAI_API_KEY, or.*azure_ad_token_provider"):
        world.generate(configured(api_key=None), kite)


def test_no_endpoint(world: World, configured: Configured, kite: VideoGenerationRequest) -> None:
    with pytest.raises(ConfigurationError, match="set base_url, or AZURE_OPENAI_ENDPOINT"):
        world.generate(configured(base_url=None), kite)


@pytest.mark.parametrize("ending", ["/", "/openai", "/openai/v1/"])
def test_the_endpoint_of_the_environment_however_it_ends(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    endpoint: str,
    key: str,
    ending: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", endpoint + ending)
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", key)
    # Set for chat; videos are not at that version.
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    world.submit(configured(base_url=None, api_key=None), kite)
    assert server.server.requests[0].path == "/openai/v1/videos"


def test_a_deployment_has_a_name_of_its_own(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    config = configured(provider_config={"deployment": "kites-in-sweden"})
    job = world.submit(config, kite)
    assert (job.model, job.provider_config, job.warnings) == ("sora-2", {"deployment": "kites-in-sweden"}, ())
    assert next(iter(server.jobs.values())).fields["model"] == "kites-in-sweden"
    assert world.wait(job, config=config).model == "sora-2"
    with pytest.raises(ConfigurationError, match="deployment=7 is no name"):
        world.submit(configured(provider_config={"deployment": 7}), kite)


def test_a_remix_names_no_deployment(world: World, server: VideoServer, configured: Configured) -> None:
    config = configured(model="videos/remix", provider_config={"deployment": "kites-in-sweden"})
    job = world.submit(config, VideoGenerationRequest(prompt="now at night", extra_params={"video_id": "video_1"}))
    assert [(got.path, got.json()) for got in server.server.requests] == [
        ("/openai/v1/videos/video_1/remix", {"prompt": "now at night"})
    ]
    assert job.model == "videos/remix"
