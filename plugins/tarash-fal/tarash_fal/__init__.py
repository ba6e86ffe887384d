"""fal: hundreds of hosted models behind one queue. https://fal.ai/docs/documentation/model-apis/inference/queue

The hooks in the order in which they happen. Every call goes through fal's own SDK, fal-client, on a transport that
sends each request once (`tarash_fal.transport`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from tarash_core import (
    CancelOutcome,
    Converter,
    Flow,
    GenerationFailedError,
    Job,
    JobState,
    Media,
    Payload,
    TarashException,
    UnexpectedResponseError,
    ValidationError,
    VideoGenerationConfig,
    block,
    call,
    hookimpl,
)
from tarash_core.ledger import the_only
from tarash_fal.converters import dimensions, video_size
from tarash_fal.errors import CANCELLED, OneAttempt, body_of, explain
from tarash_fal.listing import ADDRESS, MOST_PAGES, cursor_of, first_page, like, requests_of
from tarash_fal.options import submit_options

if TYPE_CHECKING:
    from tarash_core import LedgerEntry, Mode
    from tarash_fal.client import FalClient as Client  # AsyncFalClient has the same methods

TARASH_HOOK_API = 1

_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
# "owner/alias[/path]", with a namespace before it for workflows (`AppId.from_endpoint_id` in fal_client/client.py).
_ENDPOINT = re.compile(rf"(?!(workflows|comfy)/[^/]*$){_SEGMENT}/{_SEGMENT}(/{_SEGMENT})*", re.ASCII)
# What the SDK's `_parse_status` raises a bare ValueError with.
_UNKNOWN_STATUS = "Unknown status: "
_SITE = "https://fal.ai"
_CANCEL_ANSWERS: dict[int, CancelOutcome] = {200: "cancelled", 202: "requested"}


@hookimpl
def tarash_create_client(config: VideoGenerationConfig, mode: Mode) -> object:
    """The SDK's client; importing it takes 160 ms, building it a tenth of a millisecond after the first."""
    from tarash_fal.client import create

    return create(config, mode)


@hookimpl
def tarash_convert_request(config: VideoGenerationConfig) -> None:
    """Refuse what can't be sent; the mapping does the rest.

    Raises:
        ValidationError: The model is not the id of an endpoint.
        ConfigurationError: An option has a value that fal does not take.
    """
    if config.model is not None and not _ENDPOINT.fullmatch(config.model):
        raise ValidationError(
            f"model='{config.model}' is not an endpoint of fal; write it as 'owner/alias' or 'owner/alias/path', "
            "e.g. 'fal-ai/veo3.1/fast' (see https://fal.ai/models)",
            field="model",
            provider=config.provider,
            model=config.model,
        )
    submit_options(config.provider_config)


@hookimpl
def tarash_converters() -> Mapping[str, Converter]:
    """What the mappings of this plugin ``use``."""
    return {"dimensions": dimensions, "video_size": video_size}


@hookimpl
def tarash_upload(config: VideoGenerationConfig, client: Client, media: Media) -> Flow[object]:
    """fal's CDN, and its storage when that fails; behind a `base_url` the storage alone, which `base_url` reaches."""
    data = yield from block(media.read)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", media.filename or "upload.bin")
    content_type = media.content_type or "application/octet-stream"
    if config.base_url is None:
        return (yield from call(client.upload, data, content_type, name))
    return (yield from call(client.upload, data, content_type, name, repository="fal", fallback_repository="fal"))


@hookimpl
def tarash_submit(config: VideoGenerationConfig, client: Client, payload: Payload) -> Flow[Job]:
    """One POST to the queue."""
    options = submit_options(config.provider_config)
    handle = yield from call(client.submit, payload.model, payload.arguments, **options)
    if not isinstance(handle.request_id, str) or not handle.request_id:
        raise UnexpectedResponseError(f"fal accepted the request and gave it the id {handle.request_id!r}")
    return Job(provider=config.provider, model=payload.model, request_id=handle.request_id, warnings=payload.warnings)


@hookimpl
def tarash_poll(client: Client, job: Job) -> Flow[Job]:
    """fal knows three states; a job that failed is COMPLETED too, and its result answers with the error."""
    from fal_client import Completed, InProgress, Queued

    status = yield from call(client.status, job.model, job.request_id, with_logs=True)
    match status:
        case Queued(position):
            return job.advance("queued", queue_position=position)
        case InProgress(logs):
            return job.advance("processing", queue_position=None, logs=_lines(logs))
        case Completed(logs, error=error, error_type=error_type):
            ended = _ended(error, error_type)
            return job.advance(ended, queue_position=None, logs=_lines(logs), answer=error or error_type)
    raise UnexpectedResponseError(f"fal-client gave a status that is not documented: {status!r}", job=job)


@hookimpl
def tarash_result(client: Client, job: Job) -> Flow[object]:
    """One GET of what the job made. (`client.result` would poll again, ten times a second and for ever.)"""
    handle = yield from call(client.get_handle, job.model, job.request_id)
    response = yield from call(handle.client.get, handle.response_url)
    made: object = response.json()
    if job.state != "completed":
        raise GenerationFailedError(f"fal says that the job {job.state}: {job.answer}", job=job, raw_response=made)
    return made


@hookimpl
def tarash_cancel(client: Client, job: Job) -> Flow[CancelOutcome]:
    """One PUT: 200 took it out of the queue, 202 told the runner, 400 was too late. (`client.cancel` tells none apart.)

    https://fal.ai/docs/inference-api/queue/cancel, read 2026-11-23.
    """
    handle = yield from call(client.get_handle, job.model, job.request_id)
    try:
        response = yield from call(handle.client.put, handle.cancel_url)
    except OneAttempt as refused:
        if refused.response is not None and body_of(refused.response) == {"status": "ALREADY_COMPLETED"}:
            return "too_late"
        raise
    outcome = _CANCEL_ANSWERS.get(response.status_code)
    if outcome is None:
        raise UnexpectedResponseError(f"fal answered the cancellation with {response.status_code}", job=job)
    return outcome


@hookimpl
def tarash_find_submission(
    config: VideoGenerationConfig, client: Client, entry: LedgerEntry
) -> Flow[Job | Literal["unknown"]]:
    """The account's requests to the endpoint since then, page by page, with what each was sent."""
    handle = yield from call(client.get_handle, entry.model, "list")
    found: list[str] = []
    query = first_page(entry)
    for _ in range(MOST_PAGES):
        page = (yield from call(handle.client.get, ADDRESS, params=query)).json()
        found += like(requests_of(page), entry)
        cursor = cursor_of(page)
        if not cursor:
            return the_only(entry, found)
        query |= cursor
    return "unknown"


@hookimpl
def tarash_model_schema(config: VideoGenerationConfig, client: Client, model: str) -> Flow[Mapping[str, Any]]:
    """The OpenAPI document of an endpoint. It is open to all, and the transport sends no key along.

    Every model's page for machines links it, e.g. https://fal.ai/models/xai/grok-imagine-video/text-to-video/llms.txt;
    read 2026-11-23.
    """
    handle = yield from call(client.get_handle, model, "schema")
    address = f"{config.base_url or _SITE}/api/openapi/queue/openapi.json"
    response = yield from call(handle.client.get, address, params={"endpoint_id": model})
    document: Mapping[str, Any] = response.json()
    return document


@hookimpl
def tarash_map_error(config: VideoGenerationConfig, job: Job | None, error: Exception) -> TarashException | None:
    """fal's documented error bodies; statuses and failures of the network are the core's."""
    if isinstance(error, OneAttempt) and error.response is not None:
        return explain(config, job, error.response)
    if type(error) is ValueError and str(error).startswith(_UNKNOWN_STATUS):
        word = str(error).removeprefix(_UNKNOWN_STATUS)
        return UnexpectedResponseError(f"fal answered with status '{word}', which it does not document", job=job)
    return None


def _ended(error: str | None, error_type: str | None) -> JobState:
    if error_type in CANCELLED:
        return "cancelled"
    return "failed" if error or error_type else "completed"


def _lines(logs: list[dict[str, object]] | None) -> tuple[str, ...]:
    return tuple(str(entry.get("message", "")) for entry in logs or ())
