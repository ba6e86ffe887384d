"""Limits of an account are kept by waiting: in both worlds, in order, and never past the deadline."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import tarash_core as tarash
from tarash_core import VideoGenerationConfig, VideoGenerationRequest, VideoGenerationResponse, throttle
from tarash_core.deadline import Deadline
from tarash_core.flow import Sleep
from tarash_core.testing import ScriptedProvider, World

REQUEST = VideoGenerationRequest(prompt="a red kite")
Make = Callable[..., str]
_keys = itertools.count(1)


def config(provider: str, **settings: Any) -> VideoGenerationConfig:
    """Of an account of its own: throttles last as long as the process."""
    given = {"model": "m", "api_key": f"key-{next(_keys)}", "poll_interval": 0.005, **settings}
    return VideoGenerationConfig(provider=provider, **given)


class Counting(ScriptedProvider):
    """Knows how many of its jobs run, and the most that ever did."""

    def __init__(self, **script: Any) -> None:
        super().__init__(submit=[self._begin], result=[self._end], poll=["processing", "completed"] * 50, **script)
        self.running = self.most = 0
        self._numbers = itertools.count(1)

    def _begin(self) -> str:
        self.running += 1
        self.most = max(self.most, self.running)
        return str(next(self._numbers))

    def _end(self) -> dict[str, object]:
        self.running -= 1
        return {"video": "https://example.com/kite.mp4"}


def at_once(world: World, *configs: VideoGenerationConfig) -> list[VideoGenerationResponse]:
    """Generations of all these configs at the same time, by threads or by tasks."""
    if world.mode == "sync":
        with ThreadPoolExecutor(len(configs)) as pool:
            return list(pool.map(lambda config: tarash.generate_video(config, REQUEST), configs))

    async def together() -> list[VideoGenerationResponse]:
        return await asyncio.gather(*(tarash.generate_video_async(config, REQUEST) for config in configs))

    return world.run(together())


FACTS = "api_key: {environment: [SCRIPTED_KEY]}\n"


@pytest.mark.parametrize(("limit", "most"), [(1, 1), (2, 2)])
def test_no_more_jobs_than_allowed_run_at_a_time(world: World, make_provider: Make, limit: int, most: int) -> None:
    script = Counting()
    settings = config(make_provider(script, facts=FACTS), max_concurrent=limit)
    answers = at_once(world, *[settings] * 5)
    assert sorted(answer.request_id for answer in answers) == ["1", "2", "3", "4", "5"]
    assert script.most <= most


def test_threads_and_event_loops_share_a_limit(make_provider: Make) -> None:
    script, lock = Counting(), threading.Lock()
    begin, end = script.steps["submit"][0], script.steps["result"][0]

    def guarded(step: Callable[[], object]) -> Callable[[], object]:
        def counted() -> object:
            with lock:
                return step()

        return counted

    script.steps["submit"], script.steps["result"] = [guarded(begin)], [guarded(end)]
    settings = config(make_provider(script, facts=FACTS), max_concurrent=4, timeout=60.0)

    async def together() -> list[VideoGenerationResponse]:
        return await asyncio.gather(*(tarash.generate_video_async(settings, REQUEST) for _ in range(20)))

    with ThreadPoolExecutor(12) as pool:
        loops = [pool.submit(asyncio.run, together()) for _ in range(2)]
        alone = [pool.submit(tarash.generate_video, settings, REQUEST) for _ in range(10)]
        answers = [answer for loop in loops for answer in loop.result()] + [one.result() for one in alone]
    assert len({answer.request_id for answer in answers}) == 50
    assert 1 < script.most <= 4


def test_without_a_limit_all_run(world: World, make_provider: Make) -> None:
    script = Counting()
    at_once(world, *[config(make_provider(script, facts=FACTS))] * 5)
    assert script.most > 2


def test_another_account_does_not_wait(world: World, make_provider: Make) -> None:
    script = Counting()
    name = make_provider(script, facts=FACTS)
    at_once(world, *[config(name, max_concurrent=1) for _ in range(5)])
    assert script.most > 1


def test_a_failure_makes_room(world: World, make_provider: Make) -> None:
    script = ScriptedProvider(submit=[tarash.HTTPError("no", status_code=400), "1"])
    settings = config(make_provider(script, facts=FACTS), max_concurrent=1)
    with pytest.raises(tarash.HTTPError):
        world.generate(settings, REQUEST)
    assert world.generate(settings, REQUEST).request_id == "1"


def test_no_more_requests_a_minute_than_allowed(
    world: World, make_provider: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "_MINUTE", 0.3)
    sent: list[float] = []

    def submit() -> str:
        sent.append(time.monotonic())
        return "1"

    script = ScriptedProvider(submit=[submit])
    began = time.monotonic()
    at_once(world, *[config(make_provider(script, facts=FACTS), requests_per_minute=2)] * 5)
    assert len(sent) == 5
    assert sorted(sent)[2] - began >= 0.3
    assert sorted(sent)[4] - began >= 0.6


@pytest.mark.parametrize("way", ["generate", "submit"])
def test_a_deadline_that_passes_in_the_queue_sends_nothing(world: World, make_provider: Make, way: str) -> None:
    script = ScriptedProvider()
    settings = config(make_provider(script, facts=FACTS), requests_per_minute=1, timeout=0.2)
    getattr(world, way)(settings, REQUEST)
    began = time.monotonic()
    with pytest.raises(tarash.TimeoutError, match="requests_per_minute=1") as caught:
        getattr(world, way)(settings, REQUEST)
    assert time.monotonic() - began < 2
    assert (caught.value.job, script.calls.count("submit")) == (None, 1)


def test_who_gives_up_leaves_the_queue(make_provider: Make) -> None:
    script = Counting()
    settings = config(make_provider(script, facts=FACTS), max_concurrent=1)

    async def main() -> None:
        first = asyncio.create_task(tarash.generate_video_async(settings, REQUEST))
        while not script.running:
            await asyncio.sleep(0)
        second = asyncio.create_task(tarash.generate_video_async(settings, REQUEST))
        third = asyncio.create_task(tarash.generate_video_async(settings, REQUEST))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        await asyncio.gather(first, third)
        await tarash.aclose()

    asyncio.run(main())
    assert script.calls.count("submit") == 2


def test_the_first_in_the_queue_is_the_first_out(make_provider: Make) -> None:
    script = Counting()
    settings = config(make_provider(script, facts=FACTS), max_concurrent=1)
    order: list[int] = []

    async def one(number: int) -> None:
        await tarash.generate_video_async(settings, REQUEST)
        order.append(number)

    async def main() -> None:
        await asyncio.gather(*(one(number) for number in range(5)))
        await tarash.aclose()

    asyncio.run(main())
    assert order == [0, 1, 2, 3, 4]


def test_who_stands_further_back_looks_less_often() -> None:
    """A thousand that wait cost little: none looks more often than its turn can be near."""
    line, settings = throttle.Throttle(), VideoGenerationConfig(provider="any", max_concurrent=1)
    flows = [line.enter(settings, Deadline(600)) for _ in range(1001)]
    assert list(flows[0]) == []
    asked = [next(flow) for flow in flows[1:]]
    pauses = [effect.seconds for effect in asked if isinstance(effect, Sleep)]
    assert len(pauses) == 1000
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (0.02, 2.0)
    assert sum(1 / pause for pause in pauses) < 1000
    for flow in flows:
        flow.close()
    line.leave()
    assert list(line.enter(settings, Deadline(1))) == []


def test_far_back_in_a_queue_that_empties_at_once_the_turn_comes_before_the_deadline() -> None:
    one, settings = throttle.Throttle(), VideoGenerationConfig(provider="any", max_concurrent=1)
    before = [one.enter(settings, Deadline(60.0)) for _ in range(200)]
    for waiting in before:
        next(waiting, None)  # The first one has its turn; the others wait.
    entering = one.enter(settings, Deadline(1.5))
    slept = next(entering)
    assert isinstance(slept, Sleep)
    assert slept.seconds < 1.0
    for waiting in before[1:]:
        waiting.close()
    one.leave()
    with pytest.raises(StopIteration):
        next(entering)
