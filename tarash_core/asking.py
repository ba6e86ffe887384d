"""Asking a provider: under the deadline, in Tarash's words, and again after passing trouble, for asking is free."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from tarash_core.deadline import Backoff, Deadline
from tarash_core.errors import (
    HTTPConnectionError,
    HTTPError,
    NotFoundError,
    RateLimitError,
    TarashException,
    UnexpectedResponseError,
)
from tarash_core.flow import Call, Flow, amended, sleep
from tarash_core.job import Job
from tarash_core.session import Session

T = TypeVar("T")

_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
# A queue may not know a fresh job everywhere at once; a job that is not found so often in a row is gone.
_NOT_FOUND_LIMIT = 3
# An answer that cannot be read may be a proxy's error page; after so many in a row it is what the provider says.
_UNREADABLE_LIMIT = 5


def patiently(session: Session, ask: Callable[[], Flow[T]], job: Job | None, deadline: Deadline) -> Flow[T]:
    """Ask again after transient failures, until the deadline: asking is free, and the job is paid."""
    backoff = Backoff(session.poll_interval, largest=max(session.poll_interval * 4, 10.0))
    not_found = unreadable = 0
    while True:
        try:
            return (yield from asked(session, ask(), deadline, job))
        except NotFoundError:
            not_found += 1
            if not_found >= _NOT_FOUND_LIMIT:
                raise
            seconds = backoff.pause()
        except UnexpectedResponseError as error:
            unreadable += 1
            if not error.transient or unreadable >= _UNREADABLE_LIMIT:
                raise
            seconds = backoff.pause()
        except (HTTPError, HTTPConnectionError) as error:
            if isinstance(error, HTTPError) and error.status_code not in _TRANSIENT:
                raise
            seconds = asked_to_wait(error) or backoff.pause()
        yield from pause(session, seconds, job, deadline)


def asked_to_wait(error: TarashException) -> float | None:
    """The provider's own pause, with a little jitter on top so that a crowd does not come back at once."""
    if isinstance(error, RateLimitError) and error.retry_after is not None:
        return error.retry_after * random.uniform(1.0, 1.1)
    return None


def asked(session: Session, flow: Flow[T], deadline: Deadline, job: Job | None = None) -> Flow[T]:
    """Run a plugin's flow under the deadline; what it raises comes out as a Tarash error that holds the job."""

    def in_time(effect: Call) -> None:
        effect.deadline = deadline

    with session.meanings(job, deadline):
        return (yield from amended(flow, in_time))


def pause(session: Session, seconds: float, job: Job | None, deadline: Deadline) -> Flow[None]:
    """Sleep, but never past the deadline."""
    if deadline.remaining() <= seconds:
        yield from sleep(deadline.remaining())
        raise session.deadline_passed(job, deadline)
    yield from sleep(seconds)
