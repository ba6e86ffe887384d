"""The two drivers of flows: `run` performs the effects by blocking, `arun` by awaiting. There are no others."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from tarash_core.deadline import of_this_call
from tarash_core.flow import Call, Effect, Flow, Notify, Sleep
from tarash_core.interrupt import Deferred, deferred_interrupt
from tarash_core.log import log

if TYPE_CHECKING:
    from tarash_core.response import VideoGenerationUpdate

T = TypeVar("T")
OnProgress = Callable[["VideoGenerationUpdate"], "Awaitable[None] | None"]


def run(flow: Flow[T], *, on_progress: OnProgress | None = None) -> T:
    """Drive a flow by blocking. Returns its value; raises what it raises.

    Works inside a running event loop too (a notebook): it blocks that loop, as any sync call does.
    """
    drive = _Drive(flow)
    try:
        effect = drive.start()
        while effect is not None:
            if isinstance(effect, Call) and effect.shielded:
                effect = _perform_to_the_end(drive, effect)
            else:
                effect = drive.resume(_perform(effect, on_progress))
        return drive.value
    finally:
        # Where Ctrl-C came between two effects, the flow does not know of it yet.
        flow.close()


async def arun(flow: Flow[T], *, on_progress: OnProgress | None = None) -> T:
    """Drive a flow on the running event loop. Returns its value; raises what it raises, cancellation included."""
    drive = _Drive(flow)
    try:
        effect = drive.start()
        while effect is not None:
            effect = drive.resume(await _aperform(effect, on_progress))
        return drive.value
    finally:
        flow.close()


class _Outcome(NamedTuple):
    """What performing an effect gave: a value or an error, and an interruption that came meanwhile."""

    value: Any = None
    error: BaseException | None = None
    interrupt: BaseException | None = None


class _Drive(Generic[T]):
    """A flow on its way: hands it the outcome of one effect and takes the next, until its `value` is there."""

    value: T

    def __init__(self, flow: Flow[T]) -> None:
        self._flow = flow
        self._interrupt: BaseException | None = None

    def start(self) -> Effect | None:
        return self._step(self._flow.send, None)

    def resume(self, outcome: _Outcome) -> Effect | None:
        self._interrupt = self._interrupt or outcome.interrupt
        if self._interrupt is None:
            return self._hand_over(outcome)
        # The flow learns the outcome first and may still tell of it, so that the job is known before it is interrupted.
        try:
            upcoming = self._hand_over(outcome)
        except BaseException as error:
            raise self._interrupt from error
        return self.interrupted(self._interrupt, upcoming)

    def interrupted(self, interrupt: BaseException, upcoming: Effect | None) -> Effect | None:
        """Interrupt the flow instead of performing its next effect; only what it tells of is told before."""
        if isinstance(upcoming, Notify):
            self._interrupt = interrupt
            return upcoming
        self._interrupt = None
        if upcoming is None:
            raise interrupt
        return self._step(self._flow.throw, interrupt)

    def _hand_over(self, outcome: _Outcome) -> Effect | None:
        if outcome.error is not None:
            return self._step(self._flow.throw, outcome.error)
        return self._step(self._flow.send, outcome.value)

    def _step(self, advance: Callable[[Any], Effect], what: Any) -> Effect | None:
        try:
            return advance(what)
        except StopIteration as stop:
            self.value = stop.value
            return None


def _perform(effect: Effect, on_progress: OnProgress | None) -> _Outcome:
    try:
        match effect:
            case Call():
                return _Outcome(_call(effect))
            case Sleep(seconds):
                time.sleep(max(0.0, seconds))
            case Notify(update) if on_progress is not None:
                _tell(on_progress, update)
    except BaseException as error:
        return _Outcome(error=error)
    return _Outcome()


def _call(effect: Call) -> Any:
    token = of_this_call.set(effect.deadline)
    try:
        return effect.fn(*effect.args, **effect.kwargs)
    finally:
        of_this_call.reset(token)


def _perform_to_the_end(drive: _Drive[T], effect: Call) -> Effect | None:
    """A shielded call and what the flow makes of its answer, so that the job that it tells of reaches the ledger."""
    held = Deferred()
    try:
        with deferred_interrupt(held):
            upcoming = drive.resume(_perform(effect, None))
    except BaseException as error:
        if held.interrupt is None:
            raise
        raise held.interrupt from error
    return upcoming if held.interrupt is None else drive.interrupted(held.interrupt, upcoming)


def _tell(on_progress: OnProgress, update: Callable[[], VideoGenerationUpdate]) -> None:
    try:
        told = on_progress(update())
        if inspect.isawaitable(told):
            _await_here(told)
    except Exception as error:
        _report(error)


def _await_here(told: Awaitable[None]) -> None:
    """Await an async callback of the sync API; where a loop runs in this thread, on a loop in another one."""

    async def waiting() -> None:
        await told

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(waiting())
        return
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(asyncio.run, waiting()).result()


async def _aperform(effect: Effect, on_progress: OnProgress | None) -> _Outcome:
    try:
        match effect:
            case Call(shielded=True):
                return await _acall_to_the_end(effect)
            case Call():
                return _Outcome(await _acall(effect))
            case Sleep(seconds):
                await asyncio.sleep(max(0.0, seconds))
            case Notify(update) if on_progress is not None:
                await _atell(on_progress, update)
    except BaseException as error:
        return _Outcome(error=error)
    return _Outcome()


async def _acall(effect: Call) -> Any:
    token = of_this_call.set(effect.deadline)
    try:
        if effect.deadline is None:
            return await _awaited(effect)
        async with asyncio.timeout(effect.deadline.remaining()):
            return await _awaited(effect)
    finally:
        of_this_call.reset(token)


async def _awaited(effect: Call) -> Any:
    if effect.blocking:
        return await asyncio.to_thread(effect.fn, *effect.args, **effect.kwargs)
    value = effect.fn(*effect.args, **effect.kwargs)
    return await value if inspect.isawaitable(value) else value


async def _acall_to_the_end(effect: Call) -> _Outcome:
    task = asyncio.ensure_future(_acall(effect))
    interrupt: BaseException | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as cancelled:
            interrupt = cancelled
    if task.cancelled():
        return _Outcome(error=asyncio.CancelledError(), interrupt=interrupt)
    error = task.exception()
    return _Outcome(None if error else task.result(), error, interrupt)


async def _atell(on_progress: OnProgress, update: Callable[[], VideoGenerationUpdate]) -> None:
    try:
        told = on_progress(update())
        if inspect.isawaitable(told):
            await told
    except Exception as error:
        _report(error)


def _report(error: Exception) -> None:
    log.warning("the progress callback raised %s: %s; the job goes on", type(error).__name__, error)
