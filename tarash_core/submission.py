"""Submitting: uploads first, then the paid request, once, with the ledger written before and after."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, cast

from tarash_core.asking import asked_to_wait, patiently
from tarash_core.certainty import refused_for_the_moment, refused_or_uncertain
from tarash_core.deadline import Backoff, Deadline
from tarash_core.errors import (
    ContentModerationError,
    HTTPConnectionError,
    HTTPError,
    PluginError,
    SubmissionUncertainError,
    TarashException,
)
from tarash_core.flow import Call, Effect, Flow, sleep
from tarash_core.job import Job
from tarash_core.ledger import LedgerEntry, current_ledger
from tarash_core.media import Media
from tarash_core.payload import Payload
from tarash_core.session import Session


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
            seconds = asked_to_wait(error) or backoff.pause()
            if not refused_for_the_moment(error) or deadline.remaining() <= seconds:
                raise
        yield from sleep(seconds)
    return (yield from _sent(session, payload, deadline))


def _sent(session: Session, payload: Payload, deadline: Deadline) -> Flow[Job]:
    """One paid request on the wire, with the ledger written before and after."""
    entry, ledger, wire = session.intent(payload), current_ledger(), _Wire(deadline)
    accepted: LedgerEntry | None = None
    try:
        yield from ledger.written(entry)
        session.emit("submitting")
        job = yield from wire.watched(session.stack.submit(session.config, session.client, payload))
        job = session.stamped(job, payload, entry)
        accepted = LedgerEntry.of(job)
        yield from ledger.written(accepted)
    except Exception as raised:
        meaning = session.meaning_of(raised)
        error = refused_or_uncertain(meaning, proves=wire.proves(raised, meaning))
        uncertain = isinstance(error, SubmissionUncertainError)
        yield from ledger.written(entry.now("uncertain" if uncertain else "refused", error=error.message))
        if error is raised:
            raise
        raise error from raised
    except BaseException as interrupt:
        # A second Ctrl-C, which breaks through, or a flow that is dropped with its event loop.
        reason = f"{type(interrupt).__name__} while the request was {'on the wire' if wire.called else 'not yet sent'}"
        ledger.left(accepted or entry.now("uncertain" if wire.called else "refused", error=reason))
        raise
    session.emit("submitted", job)
    return job


def _uploaded(session: Session, payload: Payload, deadline: Deadline) -> Flow[Payload]:
    """The payload with every local file and all bytes replaced by what the provider can read."""
    if not payload.media():
        return payload
    places: dict[int, object] = {}
    for media in payload.media():
        if id(media) not in places:
            upload = functools.partial(session.stack.upload, session.config, session.client, media)
            places[id(media)] = yield from patiently(session, upload, None, deadline)

    def put(value: object) -> object:
        if isinstance(value, Media):
            return places.get(id(value), value.url)
        if isinstance(value, dict):
            return {name: put(item) for name, item in value.items()}
        return [put(item) for item in value] if isinstance(value, list) else value

    arguments = {name: put(value) for name, value in payload.arguments.items()}
    return Payload(payload.model, arguments, payload.warnings, payload.mapping)


class _Wire:
    """Watches what a submit sends: every call is brought to its end, and what failed is told from what was answered."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self.called = self._answered = False
        self._failures: list[BaseException] = []

    def watched(self, flow: Flow[Job]) -> Flow[Job]:
        """The plugin's flow, its calls shielded from interruption and under the deadline."""
        advance: Callable[[Any], Effect] = flow.send
        what: Any = None
        while True:
            try:
                effect = advance(what)
            except StopIteration as stop:
                return cast(Job, stop.value)
            if isinstance(effect, Call):
                effect.deadline, effect.shielded = self._deadline, True
                self.called = True
            try:
                advance, what = flow.send, (yield effect)
                self._answered = self._answered or isinstance(effect, Call)
            except GeneratorExit:
                flow.close()
                raise
            except BaseException as error:
                self._failures.append(error)
                advance, what = flow.throw, error

    def proves(self, raised: BaseException, meaning: TarashException) -> bool:
        """Whether an error can prove a refusal: it came from a call, or before any call was answered.

        After an answer, what a plugin raises by itself proves a refusal only where it says that the provider refused:
        with a status, or as moderation. A `ValidationError` of our own nouns may be about a job that runs. And an
        exception that the plugin does not know proves nothing once a call was made.
        """
        if isinstance(meaning, PluginError) and meaning is not raised:
            return not self.called
        if meaning.status_code is not None or isinstance(meaning, ContentModerationError | HTTPError):
            return True
        cause: BaseException | None = raised
        while cause is not None:
            if any(cause is failure for failure in self._failures):
                return True
            cause = cause.__cause__ or cause.__context__
        return not self._answered
