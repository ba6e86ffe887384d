"""One client, whoever uses it: many at once on one loop, threads, several loops in turn."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from tarash_google.testing import FakeGoogle

import tarash_core as tarash
from tarash_core import VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]


def test_fifty_at_once_on_one_loop(google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest) -> None:
    config = configured(poll_interval=0.05)

    async def all_at_once() -> int:
        responses = await asyncio.gather(*(tarash.generate_video_async(config, kite) for _ in range(50)))
        return len({response.request_id for response in responses})

    assert asyncio.run(all_at_once()) == 50
    assert (google.posts, google.seen("poll")) == (50, 150)
    assert google.seen("token") <= 1
    assert google.server.connections <= 33


def test_one_after_the_other_takes_one_connection(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    for _ in range(3):
        world.generate(omni_config(), kite)
    assert google.server.connections == 1


def test_threads_share_a_client(google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest) -> None:
    with World("sync"), ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda _: tarash.generate_video(configured(), kite), range(16)))
    assert len({response.request_id for response in responses}) == google.posts == 16
    assert google.server.connections <= 16


def test_asyncio_run_several_times(google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest) -> None:
    for _ in range(3):
        assert asyncio.run(tarash.generate_video_async(configured(), kite)).video.data == google.video
    assert google.posts == len(google.jobs) == 3


def test_the_sync_api_inside_a_running_loop(
    google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    async def notebook() -> bytes | None:
        return tarash.generate_video(configured(), kite).video.data

    with World("sync"):
        assert asyncio.run(notebook()) == google.video
    assert google.posts == 1


def test_closed_clients_are_built_anew(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    world.generate(omni_config(), kite)
    if world.mode == "sync":
        tarash.close()
    else:
        world.run(tarash.aclose())
    world.generate(omni_config(), kite)
    assert google.server.connections == 2


def test_a_proxy_of_the_environment_is_used(
    world: World,
    google: FakeGoogle,
    omni_config: Configured,
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", google.url)
    world.submit(omni_config(base_url="http://google.invalid"), kite)
    assert [got.headers["host"] for got in google.server.requests] == ["google.invalid"]


def test_the_plugin_is_light_until_it_is_used() -> None:
    code = "import sys, tarash_google; print(sorted({'google.genai', 'google.auth', 'httpx2'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "[]", ended.stderr
