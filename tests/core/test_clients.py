"""More accounts than clients are kept for: those not in use are closed, those that a job waits with are not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from tarash_core import (
    Flow,
    Job,
    Mode,
    Payload,
    VideoGenerationConfig,
    VideoGenerationRequest,
    aclose,
    call,
    close,
    generate_video,
    generate_video_async,
    hookimpl,
    poll,
    poll_async,
    submit_video,
    submit_video_async,
)

ACCOUNTS = 80
KEPT = 64
REQUEST = VideoGenerationRequest(prompt="a red kite")


@dataclass
class Client:
    """A vendor's client that cannot be used once it is closed; its polls wait until all accounts poll."""

    gate: threading.Barrier
    mode: Mode
    closed: bool = False

    def ask(self) -> str:
        if self.gate.parties > 1:
            self.gate.wait(30)
        assert not self.closed, "used after it was closed"
        return "completed"

    async def ask_async(self) -> str:
        return await asyncio.to_thread(self.ask)

    def close(self) -> None:
        self.closed = True


@dataclass
class Provider:
    """A provider of many accounts."""

    gate: threading.Barrier
    name: str = ""
    clients: list[Client] = field(default_factory=list)

    def account(self, number: int) -> VideoGenerationConfig:
        return VideoGenerationConfig(provider=self.name, model="m", api_key=f"key-{number}", poll_interval=0.001)

    @hookimpl
    def tarash_create_client(self, mode: Mode) -> Client:
        self.clients.append(Client(self.gate, mode))
        return self.clients[-1]

    @hookimpl
    def tarash_submit(self, config: VideoGenerationConfig, client: Client, payload: Payload) -> Job:
        assert not client.closed
        return Job(provider=config.provider, model=payload.model, request_id="1")

    @hookimpl
    def tarash_poll(self, client: Client, job: Job) -> Flow[Job]:
        yield from call(client.ask if client.mode == "sync" else client.ask_async)
        return job.advance("completed", answer={"video": {"url": "https://example.com/kite.mp4"}})


@pytest.fixture
def provider(request: pytest.FixtureRequest, make_provider: Callable[..., str]) -> Iterator[Provider]:
    plugin = Provider(threading.Barrier(request.param))
    plugin.name = make_provider(plugin)
    yield plugin
    close()


@pytest.mark.parametrize("provider", [ACCOUNTS], indirect=True)
def test_no_client_is_closed_that_a_thread_waits_with(provider: Provider) -> None:
    with ThreadPoolExecutor(ACCOUNTS) as pool:
        list(pool.map(lambda number: generate_video(provider.account(number), REQUEST), range(ACCOUNTS)))
    assert len(provider.clients) == ACCOUNTS


@pytest.mark.parametrize("provider", [ACCOUNTS], indirect=True)
async def test_no_client_is_closed_that_a_task_waits_with(provider: Provider) -> None:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(ACCOUNTS))
    await asyncio.gather(*(generate_video_async(provider.account(number), REQUEST) for number in range(ACCOUNTS)))
    assert len(provider.clients) == ACCOUNTS
    await aclose()
    assert all(client.closed for client in provider.clients)


@pytest.mark.parametrize("provider", [1], indirect=True)
def test_the_ones_unused_for_the_longest_are_closed(provider: Provider) -> None:
    jobs = [submit_video(provider.account(number), REQUEST) for number in range(KEPT)]
    poll(jobs[0], config=provider.account(0))
    submit_video(provider.account(KEPT), REQUEST)
    assert [number for number, client in enumerate(provider.clients) if client.closed] == [1]
    assert poll(jobs[1], config=provider.account(1)).state == "completed"
    assert len(provider.clients) == KEPT + 2


@pytest.mark.parametrize("provider", [1], indirect=True)
async def test_and_so_on_an_event_loop(provider: Provider) -> None:
    jobs = [await submit_video_async(provider.account(number), REQUEST) for number in range(KEPT)]
    await poll_async(jobs[0], config=provider.account(0))
    await submit_video_async(provider.account(KEPT), REQUEST)
    assert [number for number, client in enumerate(provider.clients) if client.closed] == [1]
    await aclose()
