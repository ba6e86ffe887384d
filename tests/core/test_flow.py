"""Flows and their two drivers: the same effects, results, errors and interruptions in both worlds."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from typing import Any

import pytest

from tarash_core import Job, arun, block, call, notify, remaining_seconds, run, sleep
from tarash_core.deadline import Deadline
from tarash_core.flow import Call, Flow, amended
from tarash_core.response import VideoGenerationUpdate
from tarash_core.testing import World

UPDATE = VideoGenerationUpdate(
    phase="polled", status="queued", job=Job(provider="p", model="m", request_id="r"), queue_position=1
)


async def double_async(number: int) -> int:
    await asyncio.sleep(0)
    return number * 2


def double(number: int) -> int:
    return number * 2


def fail(error: BaseException) -> None:
    raise error


def test_calls_give_back_results_and_errors(world: World) -> None:
    twice = double if world.mode == "sync" else double_async

    def flow() -> Flow[list[Any]]:
        got = [(yield from call(twice, 4)), (yield from block(double, 5))]
        try:
            yield from call(fail, KeyError("gone"))
        except KeyError as error:
            got.append(error.args[0])
        yield from sleep(0.001)
        return got

    assert world.drive(flow()) == [8, 10, "gone"]


def test_an_error_nobody_catches_leaves_the_flow(world: World) -> None:
    def flow() -> Flow[None]:
        yield from call(fail, ZeroDivisionError("by zero"))

    with pytest.raises(ZeroDivisionError, match="by zero"):
        world.drive(flow())


def test_blocking_calls_leave_the_event_loop_free() -> None:
    def flow() -> Flow[int]:
        return (yield from block(threading.get_ident))

    assert asyncio.run(arun(flow())) != threading.get_ident()
    assert run(flow()) == threading.get_ident()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_progress_callbacks_of_either_kind_are_called(world: World, kind: str) -> None:
    told: list[VideoGenerationUpdate] = []

    async def tell_async(update: VideoGenerationUpdate) -> None:
        await asyncio.sleep(0)
        told.append(update)

    world.drive(notify(lambda: UPDATE), on_progress=told.append if kind == "sync" else tell_async)
    assert told == [UPDATE]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_callback_that_raises_is_logged_and_changes_nothing(
    world: World, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    def tell(update: VideoGenerationUpdate) -> None:
        raise ValueError("callback bug")

    async def tell_async(update: VideoGenerationUpdate) -> None:
        raise ValueError("callback bug")

    def flow() -> Flow[str]:
        yield from notify(lambda: UPDATE)
        return "went on"

    with caplog.at_level(logging.WARNING, "tarash"):
        assert world.drive(flow(), on_progress=tell if kind == "sync" else tell_async) == "went on"
    assert "callback bug" in caplog.text


def test_an_async_callback_is_awaited_by_the_sync_driver_inside_a_running_loop() -> None:
    told: list[VideoGenerationUpdate] = []

    async def tell(update: VideoGenerationUpdate) -> None:
        await asyncio.sleep(0)
        told.append(update)

    async def notebook() -> None:
        run(notify(lambda: UPDATE), on_progress=tell)

    asyncio.run(notebook())
    assert told == [UPDATE]


def test_a_deadline_reaches_the_call_and_stops_an_awaited_one() -> None:
    seen: list[float | None] = []

    def note() -> None:
        seen.append(remaining_seconds())

    def with_deadline(effect: Call) -> None:
        effect.deadline = deadline

    deadline = Deadline(60)
    run(amended(call(note), with_deadline))
    asyncio.run(arun(amended(call(note), with_deadline)))
    assert [seconds is not None and 0 < seconds <= 60 for seconds in seen] == [True, True]
    assert remaining_seconds() is None

    deadline = Deadline(0.01)
    with pytest.raises(TimeoutError):
        asyncio.run(arun(amended(call(asyncio.sleep, 60), with_deadline)))


def test_cancelling_a_task_unwinds_the_flow_which_may_still_clean_up() -> None:
    cleaned: list[str] = []

    async def clean() -> None:
        await asyncio.sleep(0)
        cleaned.append("cleaned")

    def flow() -> Flow[None]:
        try:
            yield from sleep(60)
        except asyncio.CancelledError:
            yield from call(clean)
            raise

    async def main() -> None:
        task = asyncio.create_task(arun(flow()))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert cleaned == ["cleaned"]


def shielded(effect: Call) -> None:
    effect.shielded = True


def test_a_shielded_call_ends_although_the_task_is_cancelled() -> None:
    told: list[VideoGenerationUpdate] = []
    got: list[int] = []

    async def slow() -> int:
        await asyncio.sleep(0.05)
        return 7

    def flow() -> Flow[None]:
        got.append((yield from amended(call(slow), shielded)))
        yield from notify(lambda: UPDATE)
        yield from sleep(60)

    async def main() -> None:
        task = asyncio.create_task(arun(flow(), on_progress=told.append))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert got == [7]
    assert told == [UPDATE]


def test_ctrl_c_waits_for_a_shielded_call_and_is_raised_after_it() -> None:
    told: list[VideoGenerationUpdate] = []
    got: list[int] = []

    def slow() -> int:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        return 7

    def flow() -> Flow[None]:
        got.append((yield from amended(call(slow), shielded)))
        yield from notify(lambda: UPDATE)
        yield from sleep(60)

    with pytest.raises(KeyboardInterrupt):
        run(flow(), on_progress=told.append)
    assert got == [7]
    assert told == [UPDATE]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_during_a_shielded_call_that_fails_is_raised_with_the_failure_as_cause() -> None:
    def slow() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        raise ConnectionError("reply lost")

    with pytest.raises(KeyboardInterrupt) as caught:
        run(amended(call(slow), shielded))
    assert isinstance(caught.value.__cause__, ConnectionError)


def test_a_second_ctrl_c_breaks_through() -> None:
    def stuck() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the second interrupt did not break through")

    with pytest.raises(KeyboardInterrupt):
        run(amended(call(stuck), shielded))


def test_an_interruption_of_the_last_call_is_not_swallowed() -> None:
    def slow() -> int:
        os.kill(os.getpid(), signal.SIGINT)
        return 7

    with pytest.raises(KeyboardInterrupt):
        run(amended(call(slow), shielded))
