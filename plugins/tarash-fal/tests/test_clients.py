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

import pytest
import trustme
from tarash_fal.testing import COMPLETED, IN_QUEUE, FalQueue

import tarash_core as tarash
from tarash_core import VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]


def clients_of(kind: str) -> list[object]:
    """The living clients, told by the name of their class."""
    gc.collect()
    return [thing for thing in gc.get_objects() if type(thing).__name__ == kind]


def test_two_hundred_at_once_on_one_loop(fal: FalQueue, configured: Configured, kite: VideoGenerationRequest) -> None:
    fal.statuses = (IN_QUEUE, COMPLETED)
    config = configured(poll_interval=0.05)

    async def all_at_once() -> int:
        responses = await asyncio.gather(*(tarash.generate_video_async(config, kite) for _ in range(200)))
        assert len(clients_of("AsyncFalClient")) == 1
        return len({response.request_id for response in responses})

    assert asyncio.run(all_at_once()) == 200
    assert (fal.posts, fal.seen("status"), fal.seen("result")) == (200, 400, 200)
    assert fal.server.connections <= 100


def test_one_after_the_other_takes_one_connection(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    for _ in range(3):
        world.generate(configured(), kite)
    assert fal.server.connections == 1


def test_threads_share_a_client(fal: FalQueue, configured: Configured, kite: VideoGenerationRequest) -> None:
    with World("sync"), ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda _: tarash.generate_video(configured(), kite), range(24)))
        assert len(clients_of("FalClient")) == 1
    assert len({response.request_id for response in responses}) == fal.posts == 24
    assert fal.server.connections <= 8


def test_asyncio_run_several_times(fal: FalQueue, configured: Configured, kite: VideoGenerationRequest) -> None:
    for _ in range(4):
        assert asyncio.run(tarash.generate_video_async(configured(), kite)).video.url
    assert fal.posts == len(fal.jobs) == 4
    assert clients_of("AsyncFalClient") == []


def test_the_sync_api_inside_a_running_loop(
    fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    async def notebook() -> str | None:
        return tarash.generate_video(configured(), kite).video.url

    with World("sync"):
        assert asyncio.run(notebook())
    assert fal.posts == 1


def test_closed_clients_are_built_anew(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    world.generate(configured(), kite)
    if world.mode == "sync":
        tarash.close()
    else:
        world.run(tarash.aclose())
    world.generate(configured(), kite)
    assert fal.server.connections == 2


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's TLS context for localhost, whose authority `SSL_CERT_FILE` names."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def test_fals_own_address_over_tls(
    world: World,
    configured: Configured,
    kite: VideoGenerationRequest,
    certified: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with FalQueue(tls=certified) as fal:
        monkeypatch.setattr("fal_client.client.QUEUE_URL_FORMAT", f"{fal.url}/")
        assert world.generate(configured(base_url=None), kite).video.url
    assert fal.posts == 1


def test_an_unknown_authority_is_refused(
    world: World,
    configured: Configured,
    kite: VideoGenerationRequest,
    certified: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with FalQueue(tls=certified) as fal, pytest.raises(tarash.HTTPConnectionError) as raised:
        world.generate(configured(base_url=fal.url), kite)
    assert raised.value.request_sent is False
    assert fal.posts == 0


def test_a_proxy_of_the_environment_is_used(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", fal.url)
    assert world.generate(configured(base_url="http://fal.invalid"), kite).video.url
    assert {got.headers["host"] for got in fal.server.requests} == {"fal.invalid"}


def test_a_base_url_may_have_a_path(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    world.submit(configured(base_url=f"{fal.url}/gateway/"), kite)
    assert fal.server.requests[0].path == "/gateway/fal-ai/veo3.1/fast"


def test_the_plugin_is_light_until_it_is_used() -> None:
    code = "import sys, tarash_fal; print(sorted({'fal_client', 'httpx', 'httpcore'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "[]", ended.stderr
