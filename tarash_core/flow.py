"""Flows: an exchange written once, driven in both worlds.

A flow is a generator that yields effects and is sent their results, in the manner of httpx's ``auth_flow`` and
psycopg's ``generators``. `run` performs the effects by blocking, `arun` by awaiting; these two are the only drivers.

    def tarash_poll(client, job):
        status = yield from call(client.status, job.model, job.request_id)
        return job.advance(...)
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from tarash_core.interrupt import deferred_interrupt
from tarash_core.log import log

if TYPE_CHECKING:
    from tarash_core.deadline import Deadline
    from tarash_core.response import VideoGenerationUpdate

T = TypeVar("T")
OnProgress = Callable[["VideoGenerationUpdate"], "Awaitable[None] | None"]


_deadline: ContextVar[Deadline | None] = ContextVar("tarash_deadline", default=None)


@dataclass(slots=True)
class Call:
    """Call `fn`; its result, or its awaitable's result, comes back.

    `blocking` sends it to a worker thread under `arun`. `shielded` lets it end, and its result arrive, although the
    task is cancelled or Ctrl-C is pressed meanwhile: the interruption is raised at the flow's next call or sleep.
    """

    fn: Callable[..., Any]
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    blocking: bool = False
    shielded: bool = False
    deadline: Deadline | None = None


@dataclass(slots=True)
class Sleep:
    """Wait so many seconds."""

    seconds: float


@dataclass(slots=True)
class Notify:
    """Give an update to the caller's progress callback."""

    update: VideoGenerationUpdate


Effect = Call | Sleep | Notify
Flow = Generator[Effect, Any, T]


def call(fn: Callable[..., Awaitable[T] | T], *args: Any, **kwargs: Any) -> Flow[T]:
    """Call an SDK method, sync or async, and return its result: ``answer = yield from call(client.get, url)``."""
    return cast(T, (yield Call(fn, args, kwargs)))


def block(fn: Callable[..., T], *args: Any, **kwargs: Any) -> Flow[T]:
    """Like `call`, for a blocking function without async twin: in async code it runs in a worker thread."""
    return cast(T, (yield Call(fn, args, kwargs, blocking=True)))


def sleep(seconds: float) -> Flow[None]:
    """Wait so many seconds, without blocking an event loop."""
    yield Sleep(seconds)


def notify(update: VideoGenerationUpdate) -> Flow[None]:
    """Tell the caller's progress callback. A callback that raises is logged; the flow goes on."""
    yield Notify(update)


def amended(flow: Flow[T], amend: Callable[[Call], None]) -> Flow[T]:
    """The same flow with every `Call` passed through `amend` first, e.g. to set its deadline."""
    try:
        effect = next(flow)
        while True:
            if isinstance(effect, Call):
                amend(effect)
            try:
                value = yield effect
            except GeneratorExit:
                flow.close()
                raise
            except BaseException as error:
                effect = flow.throw(error)
            else:
                effect = flow.send(value)
    except StopIteration as stop:
        return cast(T, stop.value)


def remaining_seconds() -> float | None:
    """Seconds until the deadline of the generation that this call belongs to; None outside one.

    For plugins whose SDK takes a timeout per request: a blocking call cannot be stopped from outside.
    """
    deadline = _deadline.get()
    return None if deadline is None else deadline.remaining()


def run(flow: Flow[T], *, on_progress: OnProgress | None = None) -> T:
    """Drive a flow by blocking. Returns its value; raises what it raises.

    Works inside a running event loop too (a notebook): it blocks that loop, as any sync call does.
    """
    drive = _Drive(flow)
    effect = drive.start()
    while effect is not None:
        effect = drive.resume(_perform(effect, on_progress))
    return drive.value


async def arun(flow: Flow[T], *, on_progress: OnProgress | None = None) -> T:
    """Drive a flow on the running event loop. Returns its value; raises what it raises, cancellation included."""
    drive = _Drive(flow)
    effect = drive.start()
    while effect is not None:
        effect = drive.resume(await _aperform(effect, on_progress))
    return drive.value


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
        if isinstance(upcoming, Notify):
            return upcoming
        interrupt, self._interrupt = self._interrupt, None
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
            case Call(shielded=True):
                return _call_to_the_end(effect)
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
    token = _deadline.set(effect.deadline)
    try:
        return effect.fn(*effect.args, **effect.kwargs)
    finally:
        _deadline.reset(token)


def _call_to_the_end(effect: Call) -> _Outcome:
    value = error = None
    with deferred_interrupt() as deferred:
        try:
            value = _call(effect)
        except BaseException as raised:
            error = raised
    return _Outcome(value, error, deferred.interrupt)


def _tell(on_progress: OnProgress, update: VideoGenerationUpdate) -> None:
    try:
        told = on_progress(update)
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
    token = _deadline.set(effect.deadline)
    try:
        if effect.deadline is None:
            return await _awaited(effect)
        async with asyncio.timeout(effect.deadline.remaining()):
            return await _awaited(effect)
    finally:
        _deadline.reset(token)


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


async def _atell(on_progress: OnProgress, update: VideoGenerationUpdate) -> None:
    try:
        told = on_progress(update)
        if inspect.isawaitable(told):
            await told
    except Exception as error:
        _report(error)


def _report(error: Exception) -> None:
    log.warning("the progress callback raised %s: %s; the job goes on", type(error).__name__, error)
