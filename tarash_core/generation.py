"""Whole generations as flows: a request in, a response out, with fallbacks only where nothing can be paid twice."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tarash_core import operations
from tarash_core.certainty import nothing_accepted
from tarash_core.config import VideoGenerationConfig
from tarash_core.credentials import resolved
from tarash_core.deadline import Deadline
from tarash_core.errors import (
    ContentModerationError,
    GenerationFailedError,
    TarashException,
)
from tarash_core.flow import Flow, sleep
from tarash_core.hookspecs import Mode, WebhookState
from tarash_core.log import log
from tarash_core.opening import opened, reopened
from tarash_core.response import Attempt, VideoGenerationResponse
from tarash_core.session import Session
from tarash_core.stack import stack_of
from tarash_core.submission import submit
from tarash_core.throttle import throttle_of

if TYPE_CHECKING:
    from tarash_core.job import Cancellation, Job
    from tarash_core.payload import Payload
    from tarash_core.request import VideoGenerationRequest


def prepared(
    config: VideoGenerationConfig, request: VideoGenerationRequest, *, key_needed: bool = True
) -> tuple[VideoGenerationConfig, Payload]:
    """The resolved config and the payload: everything that can be checked before anything is sent.

    Where the config names a family of models, the one that was chosen stands in the config that is returned.

    Raises:
        PluginError, ConfigurationError, MappingError, ValidationError: Each says what to do.
    """
    stack = stack_of(config.provider)
    config = resolved(config, stack.facts, key_needed=key_needed)
    asked, library = config.model or "", stack.mappings
    model = library.chosen(asked, request)
    if model != asked:
        config = config.model_copy(update={"model": model})
    mapping = library.find(model)
    try:
        return config, stack.convert_request(config, request, mapping)
    except Exception:
        with Session(stack, config, None, request).meanings():
            raise


def _discovered(mode: Mode, config: VideoGenerationConfig, deadline: Deadline) -> Flow[None]:
    """Learn the mapping of a model that has none, where the config asks for it."""
    if config.discover_models:
        from tarash_core.learning.discovery import discovered

        yield from discovered(mode, config, deadline)


def submitted(mode: Mode, config: VideoGenerationConfig, request: VideoGenerationRequest) -> Flow[Job]:
    """Send one request; the job is the caller's from then on."""
    deadline = Deadline(config.timeout)
    yield from _discovered(mode, config, deadline)
    config, payload = prepared(config, request)
    throttle = throttle_of(config)
    if throttle is not None:
        yield from throttle.enter(config, deadline)
    try:
        session = yield from opened(mode, config, request)
        job = yield from submit(session, payload, deadline)
    finally:
        if throttle is not None:
            throttle.leave()
    try:
        yield from session.told("submitted", job, deadline)
        # An interruption that was held back while the request was on the wire is raised here, with the job known.
        yield from sleep(0)
    except (Exception, GeneratorExit):
        raise
    except BaseException as interrupt:
        yield from operations.kept(session, job, deadline, interrupt)
        raise
    return job


def generated(
    mode: Mode, config: VideoGenerationConfig, request: VideoGenerationRequest
) -> Flow[VideoGenerationResponse]:
    """One generation, by the config or, when it is certain that nothing will be paid twice, by its fallbacks."""
    deadline = Deadline(config.timeout)
    attempts: list[Attempt] = []
    configs = (config, *config.fallback_configs)
    for number, candidate in enumerate(configs, 1):
        began = deadline.elapsed()
        try:
            response = yield from _attempted(mode, candidate, request, deadline)
        except TarashException as error:
            attempts.append(_attempt(candidate, deadline.elapsed() - began, error))
            error.attempts = tuple(attempts)
            if number == len(configs) or deadline.passed or not may_fall_back(error):
                raise
            log.info("%s failed with %s; trying the next config", candidate.provider, type(error).__name__)
            continue
        attempts.append(_attempt(candidate, deadline.elapsed() - began, response=response))
        return response.model_copy(update={"attempts": tuple(attempts)})
    raise AssertionError("unreachable: the last config returns or raises")


def _attempted(
    mode: Mode, config: VideoGenerationConfig, request: VideoGenerationRequest, deadline: Deadline
) -> Flow[VideoGenerationResponse]:
    yield from _discovered(mode, config, deadline)
    config, payload = prepared(config, request)
    throttle = throttle_of(config)
    if throttle is None:
        return (yield from _submitted_and_waited(mode, config, request, payload, deadline))
    yield from throttle.enter(config, deadline)
    try:
        return (yield from _submitted_and_waited(mode, config, request, payload, deadline))
    finally:
        throttle.leave()


def _submitted_and_waited(
    mode: Mode,
    config: VideoGenerationConfig,
    request: VideoGenerationRequest,
    payload: Payload,
    deadline: Deadline,
) -> Flow[VideoGenerationResponse]:
    session = yield from opened(mode, config, request)
    job = yield from submit(session, payload, deadline)
    try:
        yield from session.told("submitted", job, deadline)
        return (yield from operations.wait(session, job, deadline, fresh=True))
    except (Exception, GeneratorExit):
        raise
    except BaseException as interrupt:
        yield from operations.kept(session, job, deadline, interrupt)
        raise


def may_fall_back(error: TarashException) -> bool:
    """Whether another config may be paid: nothing was accepted, or the provider itself says that its job failed."""
    if error.job is None:
        return nothing_accepted(error)
    failed = isinstance(error, GenerationFailedError | ContentModerationError)
    return failed and error.job.state == "failed"


def _attempt(
    config: VideoGenerationConfig,
    seconds: float,
    error: TarashException | None = None,
    *,
    response: VideoGenerationResponse | None = None,
) -> Attempt:
    told = error or response
    return Attempt(
        provider=config.provider,
        model=config.model or (told.model if told else None) or "",
        outcome=type(error).__name__ if error else "completed",
        message=error.message if error else None,
        request_id=told.request_id if told else None,
        started_at=time.time() - seconds,
        seconds=seconds,
    )


def waited(mode: Mode, job: Job, config: VideoGenerationConfig | None) -> Flow[VideoGenerationResponse]:
    """Pick up a job, of this process or another, and wait for its result."""
    session = yield from reopened(mode, job, config)
    deadline = Deadline(session.config.timeout)
    try:
        return (yield from operations.wait(session, job, deadline))
    except (Exception, GeneratorExit):
        raise
    except BaseException as interrupt:
        yield from operations.kept(session, job, deadline, interrupt)
        raise


def polled(mode: Mode, job: Job, config: VideoGenerationConfig | None) -> Flow[Job]:
    """Ask once how a job is doing."""
    session = yield from reopened(mode, job, config)
    return (yield from operations.poll(session, job, Deadline(session.config.timeout)))


def cancelled(mode: Mode, job: Job, config: VideoGenerationConfig | None) -> Flow[Cancellation]:
    """Stop a job at its provider."""
    session = yield from reopened(mode, job, config)
    return (yield from operations.cancel(session, job, Deadline(session.config.timeout)))


def verified(config: VideoGenerationConfig, headers: Mapping[str, str], body: bytes) -> WebhookState:
    """What a webhook tells; any doubt about its signature is an error."""
    stack = stack_of(config.provider)
    model = config.model or stack.facts.default_model or "any"
    config = resolved(config.model_copy(update={"model": model}), stack.facts, key_needed=False)
    with Session(stack, config, None).meanings():
        return stack.verify_webhook(config, {name.lower(): value for name, value in headers.items()}, body)
