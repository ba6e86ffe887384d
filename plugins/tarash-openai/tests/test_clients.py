"""One client, whoever uses it: many at once on one loop, threads, several loops in turn, TLS, a proxy."""

from __future__ import annotations

import asyncio
import gc
import ssl
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import trustme
from tarash_openai.testing import COMPLETED, QUEUED, VideoServer

import tarash_core as tarash
from tarash_core import ConfigurationError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]


def clients_of(kind: str) -> list[object]:
    """The living clients, told by the name of their class."""
    gc.collect()
    return [thing for thing in gc.get_objects() if type(thing).__name__ == kind]


def test_fifty_at_once_on_one_loop(server: VideoServer, configured: Configured, kite: VideoGenerationRequest) -> None:
    server.statuses = (QUEUED, COMPLETED)
    config = configured(poll_interval=0.05)

    async def all_at_once() -> int:
        responses = await asyncio.gather(*(tarash.generate_video_async(config, kite) for _ in range(50)))
        assert len(clients_of("AsyncOpenAI")) == 1
        return len({response.request_id for response in responses})

    assert asyncio.run(all_at_once()) == 50
    assert (server.posts, server.seen("retrieve")) == (50, 100)
    assert server.server.connections <= 50


def test_one_after_the_other_takes_one_connection(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    for _ in range(3):
        world.generate(configured(), kite)
    assert server.server.connections == 1


def test_threads_share_a_client(server: VideoServer, configured: Configured, kite: VideoGenerationRequest) -> None:
    with World("sync"), ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda _: tarash.generate_video(configured(), kite), range(24)))
        assert len(clients_of("OpenAI")) == 1
    assert len({response.request_id for response in responses}) == server.posts == 24
    assert server.server.connections <= 8


def test_asyncio_run_several_times(server: VideoServer, configured: Configured, kite: VideoGenerationRequest) -> None:
    for _ in range(4):
        assert asyncio.run(tarash.generate_video_async(configured(), kite)).video.url
    assert server.posts == len(server.jobs) == 4
    assert clients_of("AsyncOpenAI") == []


def test_the_sync_api_inside_a_running_loop(
    server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    async def notebook() -> str | None:
        return tarash.generate_video(configured(), kite).video.url

    with World("sync"):
        assert asyncio.run(notebook())
    assert server.posts == 1


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS context for localhost, whose authority `SSL_CERT_FILE` names."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def test_over_tls(
    world: World, configured: Configured, kite: VideoGenerationRequest, certified: ssl.SSLContext
) -> None:
    with VideoServer(tls=certified) as server:
        assert world.read(world.generate(configured(base_url=server.url), kite).video) == server.video


def test_an_unknown_authority_is_refused(
    world: World,
    configured: Configured,
    kite: VideoGenerationRequest,
    certified: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with VideoServer(tls=certified) as server, pytest.raises(tarash.HTTPConnectionError) as raised:
        world.generate(configured(base_url=server.url), kite)
    assert raised.value.request_sent is False
    assert server.posts == 0


def test_clients_share_a_tls_context() -> None:
    code = (
        "import ssl; made = []; real = ssl.SSLContext.load_verify_locations\n"
        "ssl.SSLContext.load_verify_locations = lambda self, *a, **k: (made.append(self), real(self, *a, **k))[1]\n"
        "from tarash_openai.client import http_client\n"
        "[http_client('sync') for _ in range(5)]; print(len(made))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert int(ended.stdout) <= 1, ended.stderr


def test_a_proxy_of_the_environment_is_used(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.server.url)
    assert world.generate(configured(base_url="http://gateway.invalid/v1"), kite).video.url
    assert {got.headers["host"] for got in server.server.requests} == {"gateway.invalid"}


def test_a_gateways_headers_are_sent_with_every_request(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    config = configured(provider_config={"headers": {"X-Team": "red", "x-litellm-api-key": "sk-1234"}})
    response = world.generate(config, kite)
    assert world.read(response.video) == server.video
    assert {(got.headers["x-team"], got.headers["x-litellm-api-key"]) for got in server.server.requests} == {
        ("red", "sk-1234")
    }
    assert "sk-1234" not in response.job.model_dump_json()


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        (["X-Team: red"], "takes a dict"),
        ({"X-Team": 7}, "takes a dict"),
        ({"X Team": "red"}, "'X Team' is no name of a header"),
        ({"X-Team": "r\u00e9d-canary"}, "'X-Team' holds what no header can"),
        ({"X-Team": "red\r\nX: canary"}, "'X-Team' holds what no header can"),
    ],
)
def test_headers_that_cannot_be_sent(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, headers: Any, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says) as raised:
        world.generate(configured(provider_config={"headers": headers}), kite)
    assert "canary" not in str(raised.value)
    assert server.server.requests == []


def test_the_plugin_is_light_until_it_is_used() -> None:
    code = "import sys, tarash_openai; print(sorted({'openai', 'httpx', 'httpx2'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "[]", ended.stderr
