"""Wall-clock deadlines and the pauses between polls."""

from __future__ import annotations

import functools
import math
import random
import time
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any


class Deadline:
    """A moment after which nobody waits any more.

    Args:
        seconds: From now; ``math.inf`` for never.
    """

    __slots__ = ("_start", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._start = time.monotonic()

    def elapsed(self) -> float:
        """Seconds since this deadline was set."""
        return time.monotonic() - self._start

    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.seconds - self.elapsed())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining() <= 0.0


of_this_call: ContextVar[Deadline | None] = ContextVar("tarash_deadline", default=None)


def remaining_seconds() -> float | None:
    """Seconds until the deadline of the generation that this call belongs to; None outside one.

    For plugins whose SDK takes a timeout per request: a blocking call cannot be stopped from outside.
    """
    deadline = of_this_call.get()
    return None if deadline is None else deadline.remaining()


# HTTP libraries take 0 for "do not block", so a passed deadline leaves a moment in which the call fails by itself.
_LEAST_TIMEOUT = 0.001
_TIMEOUTS = ("connect", "read", "write", "pool")


def timeouts_in_time(timeouts: Mapping[str, float | None]) -> dict[str, float | None]:
    """The timeouts of one HTTP request, none longer than what is left of the deadline; outside a generation as given.

    For plugins whose SDK takes an HTTP client: what httpx and httpx2 keep in ``request.extensions["timeout"]``.

    Args:
        timeouts: Seconds for ``connect``, ``read``, ``write`` and ``pool``; None, or left out: no limit.
    """
    seconds = remaining_seconds()
    if seconds is None or seconds == math.inf:
        return dict(timeouts)
    most = max(seconds, _LEAST_TIMEOUT)
    asked = {name: timeouts.get(name) for name in _TIMEOUTS}
    return {name: most if limit is None else min(limit, most) for name, limit in asked.items()}


class _InTime:
    """The body of an answer, read no longer than until a deadline."""

    def __init__(self, stream: Any, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            if self._deadline.passed:
                raise TimeoutError(f"the answer was still coming in after {self._deadline.seconds:g} s")
            yield chunk

    def close(self) -> None:
        self._stream.close()


@functools.cache
def _in_time(base: type) -> type[_InTime]:
    return type("AnswerInTime", (_InTime, base), {})


def answer_in_time(response: Any) -> None:
    """End the reading of an answer with the deadline, though it trickles in: the timeouts of HTTP are for each read.

    For plugins whose SDK takes a sync HTTP client; async code needs none of it: ``event_hooks={"response":
    [answer_in_time]}``.

    Args:
        response: Of httpx or httpx2, its body not read yet.
    """
    deadline = of_this_call.get()
    if deadline is None or deadline.seconds == math.inf:
        return
    base = next(cls for cls in type(response.stream).__mro__ if cls.__name__ == "SyncByteStream")
    response.stream = _in_time(base)(response.stream, deadline)


_GROWTH = 1.25
_LARGEST = 4.0
_JITTER = 0.1


class Backoff:
    """Pauses that grow from `first` seconds by a quarter each time, to at most `largest`, each jittered by 10 %.

    Jitter keeps a crowd of jobs that began together from asking together.
    """

    __slots__ = ("_largest", "_next")

    def __init__(self, first: float, *, largest: float | None = None) -> None:
        self._next = first
        self._largest = first * _LARGEST if largest is None else largest

    def pause(self) -> float:
        """The next pause, in seconds."""
        seconds = min(self._next, self._largest)
        self._next = seconds * _GROWTH
        return seconds * random.uniform(1 - _JITTER, 1 + _JITTER)
