"""The operations on a submitted generation, each written once as a flow: poll, wait, cancel."""

from __future__ import annotations

import functools

from tarash_core.asking import asked, patiently, pause
from tarash_core.deadline import Backoff, Deadline
from tarash_core.errors import GenerationFailedError, TarashException
from tarash_core.flow import Flow
from tarash_core.job import FINAL_STATES, Cancellation, Job, JobState
from tarash_core.ledger import current_ledger
from tarash_core.response import Phase, VideoGenerationResponse
from tarash_core.session import Session

# States that last no longer than this are not written into the ledger: the next one is on its way.
_PASSING = 1.0


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
    raw = yield from patiently(
        session, lambda: session.stack.result(session.config, session.client, job), job, deadline
    )
    if job.state == "failed":
        with session.meanings(job):
            raise GenerationFailedError(f"'{job.provider}' failed job '{job.request_id}' without a reason")
    return raw


def _until_finished(session: Session, job: Job, deadline: Deadline, fresh: bool) -> Flow[tuple[Job, Job]]:
    """Poll until the job is finished. Returns the job that the caller was last told of, and the finished one."""
    backoff = Backoff(session.poll_interval)
    kept: JobState = job.state
    polls = 0
    while True:
        if fresh or polls:
            yield from pause(session, backoff.pause(), job, deadline)
        before = job
        ask = functools.partial(session.stack.poll, session.config, session.client, before)
        job = yield from patiently(session, ask, job, deadline)
        polls += 1
        if job.state in FINAL_STATES:
            return before, job
        if job.state != kept and deadline.elapsed() >= _PASSING:
            yield from current_ledger().noted(job)
            kept = job.state
        session.emit("progressed", job)
        yield from session.told("polled", job, deadline, before=before)
        if session.config.max_poll_attempts is not None and polls >= session.config.max_poll_attempts:
            raise session.still_running(job, f"max_poll_attempts={polls}", session.config.timeout)


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
