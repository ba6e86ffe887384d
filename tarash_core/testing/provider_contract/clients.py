"""One client, whoever uses it: many at once on one loop, threads, several loops in turn, TLS, a proxy."""

from __future__ import annotations

import asyncio
import gc
import ssl
import subprocess
import sys
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

import tarash_core as tarash
from tarash_core import VideoGenerationConfig
from tarash_core.hookspecs import Mode
from tarash_core.stack import stack_of
from tarash_core.testing.provider_contract.case import Configured, Place, ProviderCase, Service
from tarash_core.testing.world import World


class Built:
    """The clients that the plugin has built during a test."""

    def __init__(self) -> None:
        self.modes: list[Mode] = []
        self._clients: list[weakref.ref[object]] = []

    def add(self, client: object, mode: Mode) -> None:
        """Note one, without keeping it."""
        self.modes.append(mode)
        self._clients.append(weakref.ref(client))

    @property
    def alive(self) -> int:
        """How many of them are still there."""
        gc.collect()
        return sum(client() is not None for client in self._clients)


class ClientPromises(ProviderCase):
    """What holds for the client that ``tarash_create_client`` builds."""

    @pytest.fixture
    def built(self, configured: Configured, monkeypatch: pytest.MonkeyPatch) -> Built:
        """The clients of this provider."""
        stack, noted = stack_of(configured().provider), Built()
        create = stack.create_client

        def create_client(config: VideoGenerationConfig, mode: Mode) -> object:
            client = create(config, mode)
            noted.add(client, mode)
            return client

        monkeypatch.setattr(stack, "create_client", create_client)
        return noted

    def test_many_at_once_on_one_loop_share_a_client(self, place: Place, built: Built) -> None:
        """And its connections; each job is submitted once and polled as often as it takes."""
        self.play(place.service, "queued", "completed")
        config, number = place.configured(poll_interval=0.05), self.at_once

        async def all_at_once() -> int:
            responses = await asyncio.gather(*(tarash.generate_video_async(config, place.kite) for _ in range(number)))
            return len({response.request_id for response in responses})

        assert asyncio.run(all_at_once()) == number
        assert built.modes == ["async"]
        assert (place.service.posts, place.service.seen(self.steps.poll)) == (number, 2 * number)
        assert self.steps.result is None or place.service.seen(self.steps.result) == number
        assert self.most_connections is None or place.service.server.connections <= self.most_connections

    def test_one_after_the_other_takes_one_connection(self, world: World, place: Place) -> None:
        """Kept from one generation to the next."""
        for _ in range(3):
            world.generate(place.configured(), place.kite)
        assert place.service.server.connections == self.connections

    def test_threads_share_a_client(self, place: Place, built: Built) -> None:
        """Eight of them, with no more connections than threads."""
        with World("sync"), ThreadPoolExecutor(8) as pool:
            responses = list(pool.map(lambda _: tarash.generate_video(place.configured(), place.kite), range(24)))
        assert built.modes == ["sync"]
        assert len({response.request_id for response in responses}) == place.service.posts == 24
        assert place.service.server.connections <= 8 * self.connections

    def test_every_loop_has_its_own_client(self, place: Place, built: Built) -> None:
        """`asyncio.run` several times in one process: none is used on another loop, and none is left behind."""
        for _ in range(4):
            response = asyncio.run(tarash.generate_video_async(place.configured(), place.kite))
            assert response.video.url or response.video.data
        assert place.service.posts == len(self.jobs(place.service)) == 4
        assert (built.modes, built.alive) == (["async"] * 4, 0)
        assert _hung_up(place.service)

    def test_the_sync_api_inside_a_running_loop(self, place: Place) -> None:
        """As in a notebook."""

        async def notebook() -> bytes:
            return tarash.generate_video(place.configured(), place.kite).video.read()

        with World("sync"):
            assert asyncio.run(notebook()) == self.video(place.service)
        assert place.service.posts == 1

    def test_closed_clients_are_built_anew(self, world: World, place: Place, built: Built) -> None:
        """`close` and `aclose` close the connections; the next use opens others."""
        world.generate(place.configured(), place.kite)
        if world.mode == "sync":
            tarash.close()
        else:
            world.run(tarash.aclose())
        assert _hung_up(place.service)
        world.generate(place.configured(), place.kite)
        assert built.modes == [world.mode] * 2
        assert place.service.server.connections == 2 * self.connections

    def test_over_tls(self, world: World, place: Place, certified: ssl.SSLContext) -> None:
        """Certificates are those of the environment, from the submit to the download."""
        with self.serve(place.key, tls=certified) as secure:
            response = world.generate(place.configured(base_url=place.at(secure.server.url)), place.kite)
            assert world.read(response.video) == self.video(secure)
        assert secure.posts == 1

    def test_a_proxy_of_the_environment_is_used(
        self, world: World, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """For every step of a job."""
        elsewhere = place.configured(base_url=place.at("http://provider.invalid"))
        monkeypatch.setenv("HTTP_PROXY", place.service.server.url)
        assert world.generate(elsewhere, place.kite).status == "completed"
        asked = [
            got for got in place.service.server.requests if place.service.step_of(got) in self.steps.of_a_generation
        ]
        assert len(asked) > 1
        assert {got.headers["host"] for got in asked} == {"provider.invalid"}

    def test_the_plugin_is_light_until_it_is_used(self) -> None:
        """Importing it loads no SDK."""
        code = f"import sys, {self.module}; print(sorted({set(self.sdk)} & set(sys.modules)))"
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
        assert ended.stdout.strip() == "[]", ended.stderr


def _hung_up(service: Service) -> bool:
    """Whether no client is connected any longer; the service may take a moment to see it."""
    limit = time.monotonic() + 5
    while service.server.open_connections and time.monotonic() < limit:
        time.sleep(0.01)
    return service.server.open_connections == 0
