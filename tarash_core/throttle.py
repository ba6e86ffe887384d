"""Limits of an account, kept by waiting instead of failing: jobs at a time, submits a minute.

They hold within this process, for all threads and event loops together, in the order of asking.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque

from tarash_core.config import VideoGenerationConfig
from tarash_core.credentials import account_of
from tarash_core.deadline import Deadline
from tarash_core.errors import TimeoutError
from tarash_core.flow import Flow, sleep

_MINUTE = 60.0
# Seconds after which the first of a queue looks again, where nobody can say when it moves. The others need not look so
# often: each waits so much longer as there are requests before it, up to the most.
_LOOK = 0.02
_LONGEST_LOOK = 2.0

_Account = tuple[str, str | None, str | None]


class Throttle:
    """The running jobs, the recent submits and the queue of one account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: deque[int] = deque()
        self._tickets = itertools.count()
        self._running = 0
        self._submits: deque[float] = deque()

    def enter(self, config: VideoGenerationConfig, deadline: Deadline) -> Flow[None]:
        """Wait until one more job may run and one more request may be sent; then count both.

        Raises:
            TimeoutError: The deadline passed before; nothing was sent.
        """
        with self._lock:
            ticket = next(self._tickets)
            self._queue.append(ticket)
        try:
            while (seconds := self._seconds_until(ticket, config)) > 0:
                left = deadline.remaining()
                if left <= 0:
                    raise _too_long(config, deadline)
                # A queue may empty at once: near its deadline, each looks again.
                yield from sleep(min(seconds, max(left / 2, _LOOK)))
        finally:
            with self._lock:
                self._queue.remove(ticket)

    def leave(self) -> None:
        """One job less is running."""
        with self._lock:
            self._running -= 1

    def _seconds_until(self, ticket: int, config: VideoGenerationConfig) -> float:
        """Seconds until it is worth looking again; 0: it is this one's turn, and counted."""
        now = time.monotonic()
        with self._lock:
            while self._submits and now - self._submits[0] >= _MINUTE:
                self._submits.popleft()
            if ahead := ticket - self._queue[0]:
                return min(_LOOK * (1 + ahead), _LONGEST_LOOK)
            if config.max_concurrent is not None and self._running >= config.max_concurrent:
                return _LOOK
            if config.requests_per_minute is not None and len(self._submits) >= config.requests_per_minute:
                return max(_MINUTE - (now - self._submits[-config.requests_per_minute]), 0.001)
            self._running += 1
            self._submits.append(now)
            return 0.0


_lock = threading.Lock()
_throttles: dict[_Account, Throttle] = {}


def throttle_of(config: VideoGenerationConfig) -> Throttle | None:
    """The throttle of a resolved config's account; None when it sets no limit."""
    if config.max_concurrent is None and config.requests_per_minute is None:
        return None
    account = (config.provider, account_of(config), config.base_url)
    with _lock:
        return _throttles.setdefault(account, Throttle())


def _too_long(config: VideoGenerationConfig, deadline: Deadline) -> TimeoutError:
    limits = {"max_concurrent": config.max_concurrent, "requests_per_minute": config.requests_per_minute}
    said = ", ".join(f"{name}={value}" for name, value in limits.items() if value is not None)
    return TimeoutError(
        f"the deadline of {deadline.seconds:g} s passed while the request waited for its turn ({said}); nothing was "
        "sent: give it more time, or raise the limit",
        timeout_seconds=deadline.seconds,
        provider=config.provider,
        model=config.model,
    )
