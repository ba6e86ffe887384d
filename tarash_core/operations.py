"""The operations on a generation, each written once as a flow: submit, poll, wait, cancel."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from typing import TypeVar

from tarash_core.deadline import Backoff, Deadline
from tarash_core.errors import (
    GenerationFailedError,
    HTTPConnectionError,
    HTTPError,
    NotFoundError,
    RateLimitError,
    SubmissionUncertainError,
    TarashException,
    UnexpectedResponseError,
)
from tarash_core.flow import Call, Flow, amended, sleep
from tarash_core.job import FINAL_STATES, Cancellation, Job
from tarash_core.ledger import current_ledger
from tarash_core.media import Media
from tarash_core.payload import Payload
from tarash_core.response import Phase, VideoGenerationResponse
from tarash_core.session import Session
from tarash_core.submission import refused_for_the_moment, refused_or_uncertain

T = TypeVar("T")

_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
# A queue may not know a fresh job everywhere at once; a job that is not found so often in a row is gone.
_NOT_FOUND_LIMIT = 3
# An answer that cannot be read may be a proxy's error page; after so many in a row it is what the provider says.
_UNREADABLE_LIMIT = 5


def submit(session: Session, payload: Payload, deadline: Deadline) -> Flow[Job]:
    """Upload what has to be uploaded, then send the paid request.

    It is sent again, up to `submit_attempts` times, only after the provider certainly refused it for the moment.

    Raises:
        SubmissionUncertainError: It is not certain that nothing was accepted.
        TarashException: The provider refused; nothing is paid.
    """
    payload = yield from _uploaded(session, payload, deadline)
    backoff = Backoff(max(session.poll_interval, 0.5), largest=30.0)
    for _ in range(session.config.submit_attempts - 1):
        try:
            return (yield from _sent(session, payload, deadline))
        except (HTTPError, HTTPConnectionError) as error:
            seconds = _asked_to_wait(error) or backoff.pause()
            if not refused_for_the_moment(error) or deadline.remaining() <= seconds:
                raise
        yield from sleep(seconds)
    return (yield from _sent(session, payload, deadline))


def _sent(session: Session, payload: Payload, deadline: Deadline) -> Flow[Job]:
    """One paid request on the wire, with the ledger written before and after."""
    entry, ledger = session.intent(payload), current_ledger()
    yield from ledger.written(entry)
    session.emit("submitting")

    def to_the_end(effect: Call) -> None:
        effect.deadline, effect.shielded = deadline, True

    try:
        job = yield from amended(session.stack.submit(session.config, session.client, payload), to_the_end)
    except Exception as raised:
        error = refused_or_uncertain(session.meaning_of(raised), raised)
        uncertain = isinstance(error, SubmissionUncertainError)
        yield from ledger.written(entry.now("uncertain" if uncertain else "refused", error=error.message))
        if error is raised:
            raise
        raise error from raised
    job = session.stamped(job, payload, entry)
    yield from ledger.noted(job)
    session.emit("submitted", job)
    return job


def _uploaded(session: Session, payload: Payload, deadline: Deadline) -> Flow[Payload]:
    """The payload with every local file and all bytes replaced by what the provider can read."""
    if not payload.media():
        return payload
    places: dict[int, object] = {}
    for media in payload.media():
        if id(media) not in places:
            upload = session.stack.upload(session.config, session.client, media)
            places[id(media)] = yield from asked(session, upload, deadline)

    def put(value: object) -> object:
        if isinstance(value, Media):
            return places.get(id(value), value.url)
        if isinstance(value, dict):
            return {name: put(item) for name, item in value.items()}
        return [put(item) for item in value] if isinstance(value, list) else value

    arguments = {name: put(value) for name, value in payload.arguments.items()}
    return Payload(payload.model, arguments, payload.warnings, payload.mapping)


def poll(session: Session, job: Job, deadline: Deadline) -> Flow[Job]:
    """Ask once.

    Raises:
        TarashException: What the provider answered, transient or not; the job is in it.
    """
    return (yield from asked(session, session.stack.poll(session.config, session.client, job), deadline, job))


def wait(session: Session, job: Job, deadline: Deadline, *, fresh: bool = False) -> Flow[VideoGenerationResponse]:
    """Poll until the job is done, then fetch and convert its result. Progress goes to the caller.

    A `fresh` job, submitted a moment ago, is not asked for before the first pause.

    Raises:
        TimeoutError: The deadline passed; the job in it can be waited for again.
        GenerationFailedError, ContentModerationError: The provider failed or cancelled the job.
    """
    told = job
    try:
        told, job = yield from _until_finished(session, job, deadline, fresh)
        raw = yield from _fetched(session, job, deadline)
        with session.meanings(job):
            response = session.stack.convert_response(session.config, session.request, job, raw)
    except TarashException as error:
        yield from current_ledger().noted(error.job or job, error=error.message)
        session.emit("failed", error.job, error)
        if job.finished:
            phase: Phase = "cancelled" if job.state == "cancelled" else "failed"
            yield from session.told(phase, job, deadline, before=told, message=error.message)
        raise
    response = session.finished(response)
    places = tuple(video.url for video in response.videos if video.url and not video.url.startswith("data:"))
    yield from current_ledger().noted(response.job, results=places)
    session.emit("finished", job)
    yield from session.told("completed", response.job, deadline, before=told)
    return response


def _fetched(session: Session, job: Job, deadline: Deadline) -> Flow[object]:
    """The raw result of a finished job; the provider's own reason where it failed."""
    if job.state == "cancelled":
        with session.meanings(job):
            raise GenerationFailedError(f"job '{job.request_id}' was cancelled at '{job.provider}'")
    raw = yield from _patiently(
        session, lambda: session.stack.result(session.config, session.client, job), job, deadline
    )
    if job.state == "failed":
        with session.meanings(job):
            raise GenerationFailedError(f"'{job.provider}' failed job '{job.request_id}' without a reason")
    return raw


def _until_finished(session: Session, job: Job, deadline: Deadline, fresh: bool) -> Flow[tuple[Job, Job]]:
    """Poll until the job is finished. Returns the job that the caller was last told of, and the finished one."""
    backoff = Backoff(session.poll_interval)
    polls = 0
    while True:
        if fresh or polls:
            yield from _pause(session, backoff.pause(), job, deadline)
        before = job
        ask = functools.partial(session.stack.poll, session.config, session.client, before)
        job = yield from _patiently(session, ask, job, deadline)
        polls += 1
        if job.state in FINAL_STATES:
            return before, job
        if job.state != before.state:
            yield from current_ledger().noted(job)
        session.emit("progressed", job)
        yield from session.told("polled", job, deadline, before=before)
        if session.config.max_poll_attempts is not None and polls >= session.config.max_poll_attempts:
            raise session.still_running(job, f"max_poll_attempts={polls}", session.config.timeout)


def _pause(session: Session, seconds: float, job: Job, deadline: Deadline) -> Flow[None]:
    """Sleep, but never past the deadline."""
    if deadline.remaining() <= seconds:
        yield from sleep(deadline.remaining())
        raise session.deadline_passed(job, deadline)
    yield from sleep(seconds)


def _patiently(session: Session, ask: Callable[[], Flow[T]], job: Job, deadline: Deadline) -> Flow[T]:
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
            seconds = _asked_to_wait(error) or backoff.pause()
        yield from _pause(session, seconds, job, deadline)


def _asked_to_wait(error: TarashException) -> float | None:
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


def cancel(session: Session, job: Job, deadline: Deadline) -> Flow[Cancellation]:
    """Stop the job at the provider.

    Raises:
        TarashException: What the provider answered instead.
    """
    asking = session.stack.cancel(session.config, session.client, job)
    outcome = yield from asked(session, asking, deadline, job)
    if outcome == "cancelled":
        job = job.advance("cancelled")
        yield from current_ledger().noted(job)
        session.emit("cancelled", job)
    return Cancellation(outcome=outcome, job=job)


def kept(session: Session, job: Job, deadline: Deadline, interrupt: BaseException) -> Flow[None]:
    """What happens to the job when Ctrl-C or a task cancellation comes: it is kept, or cancelled where asked for.

    The interruption goes on afterwards, with a note that says where the job is.
    """
    note = f"job '{job.request_id}' at '{job.provider}' goes on; wait(job) picks it up"
    if session.config.cancel_on_interrupt:
        try:
            outcome = yield from cancel(session, job, Deadline(min(10.0, max(deadline.remaining(), 1.0))))
            note = f"job '{job.request_id}' at '{job.provider}': {outcome.outcome.replace('_', ' ')}"
        except Exception as error:
            note = f"{note} (cancelling it failed: {error})"
    interrupt.add_note(note)
