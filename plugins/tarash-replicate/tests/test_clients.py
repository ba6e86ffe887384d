"""One client, whoever uses it: many at once on one loop, threads, several loops in turn, TLS, a proxy, the address."""

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
from tarash_replicate.testing import STARTING, SUCCEEDED, ReplicateApi

import tarash_core as tarash
from tarash_core import ConfigurationError, PluginError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]


def clients_of(kind: str) -> list[object]:
    """The living clients, told by the name of their class."""
    gc.collect()
    return [thing for thing in gc.get_objects() if type(thing).__name__ == kind]


def test_fifty_at_once_on_one_loop(api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest) -> None:
    api.states = (STARTING, SUCCEEDED)
    config = configured(poll_interval=0.05)

    async def all_at_once() -> int:
        responses = await asyncio.gather(*(tarash.generate_video_async(config, kite) for _ in range(50)))
        assert len(clients_of("AsyncReplicateClient")) == 1
        return len({response.request_id for response in responses})

    assert asyncio.run(all_at_once()) == 50
    assert (api.posts, api.seen("get")) == (50, 100)
    assert api.server.connections <= 50


def test_one_after_the_other_takes_one_connection(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    for _ in range(3):
        world.generate(configured(), kite)
    assert api.server.connections == 1


def test_threads_share_a_client(api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest) -> None:
    with World("sync"), ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda _: tarash.generate_video(configured(), kite), range(24)))
        assert len(clients_of("ReplicateClient")) == 1
    assert len({response.request_id for response in responses}) == api.posts == 24
    assert api.server.connections <= 8


def test_asyncio_run_several_times(api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest) -> None:
    for _ in range(4):
        assert asyncio.run(tarash.generate_video_async(configured(), kite)).video.url
    assert api.posts == len(api.predictions) == 4
    assert clients_of("AsyncReplicateClient") == []


def test_the_sync_api_inside_a_running_loop(
    api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    async def notebook() -> str | None:
        return tarash.generate_video(configured(), kite).video.url

    with World("sync"):
        assert asyncio.run(notebook())
    assert api.posts == 1


def test_closed_clients_are_built_anew(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    world.generate(configured(), kite)
    if world.mode == "sync":
        tarash.close()
    else:
        world.run(tarash.aclose())
    world.generate(configured(), kite)
    assert api.server.connections == 2


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
    with ReplicateApi(tls=certified) as api:
        assert world.generate(configured(base_url=api.url), kite).video.url
    assert api.posts == 1


def test_an_unknown_authority_is_refused(
    world: World,
    configured: Configured,
    kite: VideoGenerationRequest,
    certified: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with ReplicateApi(tls=certified) as api, pytest.raises(tarash.HTTPConnectionError) as raised:
        world.generate(configured(base_url=api.url), kite)
    assert raised.value.request_sent is False
    assert api.posts == 0


def test_a_proxy_of_the_environment_is_used(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The SDK's own transport passes it by."""
    monkeypatch.setenv("HTTP_PROXY", api.url)
    assert world.generate(configured(base_url="http://replicate.invalid"), kite).video.url
    assert {got.headers["host"] for got in api.server.requests} == {"replicate.invalid"}


def test_a_base_url_may_have_a_path(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    with pytest.raises(tarash.NotFoundError):
        world.submit(configured(base_url=f"{api.url}/gateway/"), kite)
    assert api.server.requests[0].path == "/gateway/v1/models/google/veo-3.1-fast/predictions"


def test_the_address_of_the_environment_is_the_sdks(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REPLICATE_BASE_URL", api.url)
    assert world.generate(configured(base_url=None), kite).video.url


def test_an_address_with_the_version_in_it_is_refused(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is right for replicate 2.x, and would lead to /v1/v1 here."""
    with pytest.raises(ConfigurationError, match=r"base_url='.*/v1' ends with '/v1'"):
        world.generate(configured(base_url=f"{api.url}/v1"), kite)
    monkeypatch.setenv("REPLICATE_BASE_URL", f"{api.url}/v1/")
    with pytest.raises(ConfigurationError, match=r"REPLICATE_BASE_URL='.*/v1/' ends with '/v1'"):
        world.generate(configured(base_url=None), kite)
    assert api.server.requests == []


@pytest.mark.parametrize("version", ["2.0.0b4", "2.1", "0.34.2", "1.0.3"])
def test_another_sdk_is_refused_plainly(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
) -> None:
    installed = tmp_path / f"replicate-{version}.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: replicate\nVersion: {version}\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PluginError, match=rf"'replicate' {version} is installed.*pip install 'replicate>=1.0.4,<2'"):
        world.generate(configured(), kite)
    assert api.server.requests == []


def test_the_plugin_is_light_until_it_is_used() -> None:
    code = "import sys, tarash_replicate; print(sorted({'replicate', 'httpx', 'httpcore'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "[]", ended.stderr
