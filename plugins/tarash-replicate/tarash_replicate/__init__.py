"""Replicate: hosted models, each run a prediction. https://replicate.com/docs/reference/http

The hooks in the order in which they happen. Every call goes through Replicate's own SDK, replicate 1.x, on a transport
that sends each request once (`tarash_replicate.transport`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from tarash_core import (
    CancelOutcome,
    Flow,
    Job,
    Media,
    NotFoundError,
    Payload,
    TarashException,
    UnexpectedResponseError,
    ValidationError,
    VideoGenerationConfig,
    WebhookState,
    block,
    call,
    hookimpl,
)
from tarash_core.ledger import the_only
from tarash_replicate.errors import Refused, explain
from tarash_replicate.listing import MOST_PAGES, cursor_of, is_older, like, predictions_of
from tarash_replicate.options import deadline_header, webhook_fields
from tarash_replicate.prediction import NEVER_MORE, failure_of, log_lines, percent_of, state_of
from tarash_replicate.sdk import check_installed

if TYPE_CHECKING:
    from tarash_core import LedgerEntry, Mode
    from tarash_replicate.client import ReplicateClient as Client  # AsyncReplicateClient has the same methods

TARASH_HOOK_API = 1

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
# "owner/name" for an official model, "owner/name:VERSION" for any; a version's id has 64 hexadecimal digits.
_MODEL = re.compile(rf"{_NAME}/{_NAME}(:[0-9a-f]{{64}})?", re.ASCII)


@hookimpl
def tarash_create_client(config: VideoGenerationConfig, mode: Mode) -> object:
    """The SDK's client; importing it takes 150 ms."""
    check_installed()
    from tarash_replicate.client import create

    return create(config, mode)


@hookimpl
def tarash_convert_request(config: VideoGenerationConfig) -> None:
    """Refuse what can't be sent; the mapping does the rest.

    Raises:
        ValidationError: The model is not the name of one.
        ConfigurationError: An option has a value that Replicate does not take.
    """
    if config.model is not None and not _MODEL.fullmatch(config.model):
        raise ValidationError(
            f"model='{config.model}' is no model of Replicate; write an official one as 'owner/name', e.g. "
            "'google/veo-3.1-fast', and any other as 'owner/name:VERSION', with the 64 digits of its version",
            field="model",
            provider=config.provider,
            model=config.model,
        )
    webhook_fields(config.provider_config)
    deadline_header(config.provider_config)


@hookimpl
def tarash_upload(client: Client, media: Media) -> Flow[object]:
    """Replicate's own file store; the prediction gets the file's address."""
    data = yield from block(media.read)
    name = re.sub(r"[^A-Za-z0-9._-]", "_", media.filename or "upload.bin")
    content = (name, data, media.content_type or "application/octet-stream")
    kept = yield from call(client.ask, "POST", "/v1/files", files={"content": content})
    address = kept["urls"]["get"]
    if not isinstance(address, str):
        raise UnexpectedResponseError(f"replicate kept the file and gave it the address {address!r}")
    return address


@hookimpl
def tarash_submit(config: VideoGenerationConfig, client: Client, payload: Payload) -> Flow[Job]:
    """One POST: to the model where it is an official one, else for the version.

    https://replicate.com/docs/topics/models/official-models, read 2026-11-23.
    """
    model, _, version = payload.model.partition(":")
    body = {"input": payload.arguments, **webhook_fields(config.provider_config)}
    path = "/v1/predictions" if version else f"/v1/models/{model}/predictions"
    if version:
        body["version"] = version
    headers = deadline_header(config.provider_config)
    made = yield from call(client.ask, "POST", path, json=body, headers=headers)
    job_id = made.get("id")
    if not isinstance(job_id, str) or not job_id:
        raise UnexpectedResponseError(f"replicate accepted the request and gave it the id {job_id!r}")
    return Job(provider=config.provider, model=payload.model, request_id=job_id, warnings=payload.warnings)


@hookimpl
def tarash_poll(client: Client, job: Job) -> Flow[Job]:
    """One GET. Its answer is the whole prediction, the result included."""
    told = yield from call(client.ask, "GET", f"/v1/predictions/{job.request_id}")
    return job.advance(state_of(told), progress_percent=percent_of(told), logs=log_lines(told), answer=told)


@hookimpl
def tarash_result(job: Job) -> object | None:
    """The last poll's answer, by the core's default; what Replicate says of a prediction that failed."""
    if job.state == "failed":
        raise failure_of(job.answer)
    return None


@hookimpl
def tarash_convert_response(job: Job, raw: object) -> None:
    """Tell a result that was removed from one that never was; the paths of ``provider.yaml`` do the rest.

    Replicate removes inputs, outputs and logs an hour after the end by default
    (https://replicate.com/docs/topics/predictions/data-retention, read 2026-11-23).
    """
    if isinstance(raw, Mapping) and raw.get("data_removed") and not raw.get("output"):
        raise NotFoundError(
            f"replicate has removed the result of prediction '{job.request_id}', as it does an hour after the end; "
            "save videos sooner",
            raw_response=raw,
        )


@hookimpl
def tarash_cancel(client: Client, job: Job) -> Flow[CancelOutcome]:
    """One POST, answered with the prediction as it is then."""
    told = yield from call(client.ask, "POST", f"/v1/predictions/{job.request_id}/cancel")
    if told.get("status") in NEVER_MORE:
        return "cancelled"
    return "requested" if state_of(told) in ("queued", "processing") else "too_late"


@hookimpl
def tarash_find_submission(
    config: VideoGenerationConfig, client: Client, entry: LedgerEntry
) -> Flow[Job | Literal["not_accepted", "unknown"]]:
    """The account's newest predictions, page by page, back to when the request was sent."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        page = yield from call(client.ask, "GET", "/v1/predictions", params=cursor)
        listed = predictions_of(page)
        found += [str(one["id"]) for one in like(listed, entry)]
        cursor = cursor_of(page)
        if not cursor or is_older(listed, entry):
            return the_only(entry, found)
    return "unknown"


@hookimpl
def tarash_model_schema(client: Client, model: str) -> Flow[Mapping[str, Any]]:
    """The OpenAPI document of a version, or of a model's latest one; ``components.schemas.Input`` is the input.

    The addresses, and `openapi_schema`, are those of ``replicate/model.py`` and ``version.py`` in replicate 1.0.7.
    """
    if not _MODEL.fullmatch(model):
        raise ValidationError(f"model='{model}' is not a model of replicate; write it as 'owner/name'", field="model")
    name, _, version = model.partition(":")
    told = yield from call(
        client.ask, "GET", f"/v1/models/{name}/versions/{version}" if version else f"/v1/models/{name}"
    )
    holder = told if version else told.get("latest_version")
    schema = holder.get("openapi_schema") if isinstance(holder, Mapping) else None
    if not isinstance(schema, Mapping):
        raise UnexpectedResponseError(f"replicate publishes no schema of '{model}'")
    return schema


@hookimpl
def tarash_map_error(config: VideoGenerationConfig, job: Job | None, error: Exception) -> TarashException | None:
    """Replicate's documented error bodies; statuses and failures of the network are the core's."""
    return explain(config, job, error.response) if isinstance(error, Refused) else None


@hookimpl
def tarash_verify_webhook(config: VideoGenerationConfig, headers: Mapping[str, str], body: bytes) -> WebhookState:
    """The signature by the SDK, and no older than five minutes."""
    check_installed()
    from tarash_replicate.webhook import verified

    return verified(config, headers, body)
