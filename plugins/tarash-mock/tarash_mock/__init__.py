"""The embedded provider: real MP4 files on this machine, without a key and without paying.

The service that it talks to is pretended, in `tarash_mock.service`; what it can do and how it can be made to fail is in
the README: https://github.com/tarash-dev/tarash/tree/main/plugins/tarash-mock
"""

from __future__ import annotations

from typing import cast

from tarash_core import (
    AuthenticationError,
    ConfigurationError,
    ContentModerationError,
    Flow,
    GenerationFailedError,
    HTTPConnectionError,
    HTTPError,
    InsufficientCreditsError,
    Job,
    Media,
    NotFoundError,
    Payload,
    RateLimitError,
    TarashException,
    ValidationError,
    VideoGenerationConfig,
    block,
    call,
    hookimpl,
)
from tarash_mock.errors import POLICY, MockAPIError, MockJobFailedError, MockReplyLostError, MockSpoolError
from tarash_mock.service import MockService, Ticket

TARASH_HOOK_API = 1


@hookimpl
def tarash_create_client(config: VideoGenerationConfig) -> MockService:
    """The same client for both worlds: its methods block, so they are called with `block`."""
    options = config.provider_config
    defaults = {name: value for name, value in options.items() if name.startswith("mock_")}
    spool = options.get("spool")
    if spool is not None and not isinstance(spool, str):
        raise ConfigurationError(f"provider_config['spool'] is {spool!r}; give the path of a folder as text")
    return MockService(spool=spool, defaults=defaults)


@hookimpl
def tarash_upload(client: MockService, media: Media) -> Flow[object]:
    """Into the spool folder; the URL is a ``file://`` one."""
    data = yield from block(media.read)
    return (yield from block(client.upload, data, media.content_type))


@hookimpl
def tarash_submit(config: VideoGenerationConfig, client: MockService, payload: Payload) -> Flow[Job]:
    """The ticket is the job."""
    ticket = yield from block(client.submit, payload.model, payload.arguments)
    return Job(
        provider=config.provider,
        model=payload.model,
        request_id=ticket["id"],
        provider_data=cast("dict[str, object]", ticket),
    )


@hookimpl
def tarash_poll(client: MockService, job: Job) -> Flow[Job]:
    """State, per cent, queue position and log lines. The answer is a matter of microseconds, so no thread is used."""
    status = yield from call(client.status, _ticket(job))
    return job.advance(
        status.state,
        progress_percent=status.progress,
        queue_position=status.queue_position,
        logs=status.logs,
    )


@hookimpl
def tarash_result(client: MockService, job: Job) -> Flow[object]:
    """Rendered now: a job holds no bytes."""
    return (yield from block(client.result, _ticket(job)))


@hookimpl
def tarash_cancel(client: MockService, job: Job) -> Flow[object]:
    """At once, and seen by other processes."""
    return (yield from block(client.cancel, _ticket(job)))


@hookimpl
def tarash_map_error(error: Exception) -> TarashException | None:
    """By kind, by status and by the service's own code."""
    match error:
        case MockReplyLostError():
            return HTTPConnectionError(f"'mock' gave no answer: {error}", request_sent=True)
        case MockJobFailedError(code=code) if code == POLICY:
            return ContentModerationError(f"'mock' says: {error}", reasons=(error.code,))
        case MockJobFailedError():
            return GenerationFailedError(f"'mock' says: {error}")
        case MockSpoolError():
            return ConfigurationError(str(error))
        case MockAPIError():
            return _refusal(error)
    return None


def _refusal(error: MockAPIError) -> TarashException:
    status, message = error.status_code, f"'mock' says: {error}"
    if error.code == POLICY:
        return ContentModerationError(message, reasons=(error.code,), status_code=status, raw_response=error.body)
    if status == 422:
        return ValidationError(message, field=error.parameter, status_code=status, raw_response=error.body)
    if status == 429:
        return RateLimitError(message, retry_after=error.retry_after, status_code=status, raw_response=error.body)
    by_status: dict[int, type[HTTPError]] = {
        401: AuthenticationError,
        402: InsufficientCreditsError,
        404: NotFoundError,
    }
    return by_status.get(status, HTTPError)(message, status_code=status, raw_response=error.body)


def _ticket(job: Job) -> Ticket:
    return cast(Ticket, job.provider_data)
