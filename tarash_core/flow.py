"""Flows: an exchange written once, for both worlds.

A flow is a generator that yields effects and is sent their results, in the manner of httpx's ``auth_flow`` and
psycopg's ``generators``. `tarash_core.drive` performs the effects, by blocking or by awaiting.

    def tarash_poll(client, job):
        status = yield from call(client.status, job.model, job.request_id)
        return job.advance(...)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from tarash_core.deadline import Deadline
    from tarash_core.response import VideoGenerationUpdate

T = TypeVar("T")


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
    """Give an update to the caller's progress callback; it is made only where there is one."""

    update: Callable[[], VideoGenerationUpdate]


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


def notify(update: Callable[[], VideoGenerationUpdate]) -> Flow[None]:
    """Tell the caller's progress callback, where there is one: `update` is called to make what it is told.

    A callback that raises is logged; the flow goes on.
    """
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
