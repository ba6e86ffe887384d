"""Lanes over real sockets: never more connections than allowed, each for one request at a time, none left open."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest

from tarash_core import Lanes
from tarash_core.testing import LoopbackServer, Received, Reply


class Service:
    """Answers with the path, and counts how many requests are being answered at once."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        self._pause = threading.Event()

    def __call__(self, received: Received) -> Reply:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self._pause.wait(0.01)
        with self._lock:
            self._now -= 1
        return Reply.dropped() if received.path == "/drop" else Reply(json=received.path)


async def answer(lanes: Lanes[httpx.AsyncHTTPTransport], url: str) -> object:
    async with lanes.lane() as transport:
        response = await transport.handle_async_request(httpx.Request("GET", url))
        await response.aread()
        await response.aclose()
        return response.json()


async def test_many_at_once_wait_in_line_for_a_few_connections() -> None:
    lanes, service = Lanes(httpx.AsyncHTTPTransport, count=4), Service()
    with LoopbackServer(service) as server:
        answers = await asyncio.gather(*(answer(lanes, f"{server.url}/{n}") for n in range(60)))
        assert answers == [f"/{n}" for n in range(60)]
        assert (service.most, server.connections) == (4, 4)
        await lanes.aclose()


async def test_one_after_the_other_uses_one_connection() -> None:
    lanes = Lanes(httpx.AsyncHTTPTransport)
    with LoopbackServer(Service()) as server:
        assert [await answer(lanes, f"{server.url}/{n}") for n in range(5)] == [f"/{n}" for n in range(5)]
        assert server.connections == 1
        await lanes.aclose()


async def test_a_failed_or_cancelled_request_gives_its_lane_back() -> None:
    lanes = Lanes(httpx.AsyncHTTPTransport, count=1)
    with LoopbackServer(Service()) as server:
        for _ in range(3):
            with pytest.raises(httpx.RemoteProtocolError):
                await answer(lanes, f"{server.url}/drop")
        gone = asyncio.create_task(answer(lanes, f"{server.url}/gone"))
        waiting = asyncio.create_task(answer(lanes, f"{server.url}/waiting"))
        await asyncio.sleep(0)
        assert gone.cancel()
        assert await answer(lanes, f"{server.url}/here") == "/here"
        assert await waiting == "/waiting"
        await lanes.aclose()


async def test_closing_closes_every_connection() -> None:
    lanes = Lanes(httpx.AsyncHTTPTransport)
    with LoopbackServer(Service()) as server:
        await asyncio.gather(*(answer(lanes, f"{server.url}/{n}") for n in range(8)))
        assert server.open_connections == server.connections > 1
        await lanes.aclose()
        for _ in range(200):
            if not server.open_connections:
                break
            await asyncio.sleep(0.01)
        assert server.open_connections == 0
