"""The hooks of Tarash, hook API version 1: everything that a plugin can do.

A plugin implements a hook with `hookimpl` and as few of its arguments as it needs. *value* hooks return at once; *flow*
hooks are generators that ask for I/O (see `tarash_core.flow`). ``None`` from a first-result hook means "no opinion".
``@hookimpl(wrapper=True)`` around a flow hook stays open until the answer or the error is there, sync and async.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import pluggy

if TYPE_CHECKING:
    from tarash_core.config import VideoGenerationConfig
    from tarash_core.errors import TarashException
    from tarash_core.events import Event
    from tarash_core.flow import Flow
    from tarash_core.job import CancelOutcome, Job
    from tarash_core.ledger import LedgerEntry
    from tarash_core.mapping.converters import Converter
    from tarash_core.mapping.model import ModelMapping
    from tarash_core.media import Media
    from tarash_core.payload import Payload
    from tarash_core.request import VideoGenerationRequest
    from tarash_core.response import VideoGenerationResponse
    from tarash_core.video import GeneratedVideo

HOOK_API = 1
Mode = Literal["sync", "async"]

hookspec = pluggy.HookspecMarker("tarash")
hookimpl = pluggy.HookimplMarker("tarash")


class WebhookState(TypedDict):
    """What a verified webhook told: the job's id, its state, and the provider's body."""

    request_id: str
    state: str
    body: Any


@hookspec(firstresult=True)
def tarash_create_client(config: VideoGenerationConfig, mode: Mode) -> object | None:
    """Value, required. Build the vendor's client for ``"sync"`` or ``"async"``; import the SDK here.

    `config` has its key resolved and checked. The client is cached and shared between threads (sync) or within one
    event loop (async). Its ``close()`` (sync) or ``aclose()`` (async), if it has one, is called when it is dropped.
    """


@hookspec(firstresult=True)
def tarash_convert_request(
    config: VideoGenerationConfig, request: VideoGenerationRequest, mapping: ModelMapping
) -> Payload | None:
    """Value. Turn the request into the provider's words. Default: the model's YAML mapping."""


@hookspec(firstresult=True)
def tarash_submit(config: VideoGenerationConfig, client: object, payload: Payload) -> Flow[Job] | None:
    """Flow, required. Send the paid request once, whatever the network does, and return the job.

    Raise what the SDK raises: `tarash_map_error` tells what it means. An error that does not prove that nothing was
    accepted becomes `SubmissionUncertainError`.
    """


@hookspec(firstresult=True)
def tarash_poll(config: VideoGenerationConfig, client: object, job: Job) -> Flow[Job] | None:
    """Flow, required. Ask once and return the job in its new state (`Job.advance`).

    A job that failed is ``advance("failed", answer=...)`` and `tarash_result` raises what the provider says of it; or
    raise here. A status word that the provider does not document is an `UnexpectedResponseError` that quotes it.
    """


@hookspec(firstresult=True)
def tarash_result(config: VideoGenerationConfig, client: object, job: Job) -> Flow[object] | None:
    """Flow. Fetch what a finished job made, raw; raise the provider's error of a failed one. Default: `job.answer`."""


@hookspec(firstresult=True)
def tarash_cancel(config: VideoGenerationConfig, client: object, job: Job) -> Flow[CancelOutcome] | None:
    """Flow. Stop the job at the provider and tell what came of it. Default: ``"not_supported"``."""


@hookspec(firstresult=True)
def tarash_find_submission(
    config: VideoGenerationConfig, client: object, entry: LedgerEntry
) -> Flow[Job | Literal["not_accepted", "unknown"]] | None:
    """Flow. Look whether a request whose answer was lost was accepted: in the provider's list, or by idempotency key.

    Return its job; ``"not_accepted"`` only where the provider proves it; ``"unknown"`` where it cannot tell (default).
    """


@hookspec(firstresult=True)
def tarash_upload(config: VideoGenerationConfig, client: object, media: Media) -> Flow[object] | None:
    """Flow. Put bytes where the provider can read them; return the URL, or what `tarash_submit` takes in its place.

    Default: a data URL, within the limit that ``provider.yaml`` gives.
    """


@hookspec(firstresult=True)
def tarash_convert_response(
    config: VideoGenerationConfig, request: VideoGenerationRequest | None, job: Job, raw: object
) -> VideoGenerationResponse | None:
    """Value. Turn the raw result into the normalized response. Default: by the ``result`` paths of ``provider.yaml``.

    `request` is None when the job is picked up in another process.
    """


@hookspec(firstresult=True)
def tarash_download_headers(config: VideoGenerationConfig, video: GeneratedVideo) -> Mapping[str, str] | None:
    """Value. Headers for downloading a video that `needs_key`: it is given to its account alone. Default: none.

    They are sent to the origin of the video's own URL alone, never along a redirect to another host. A video may have
    been read from JSON: check that its URL is of the config's own address before a key is put into a header.
    """


@hookspec(firstresult=True)
def tarash_map_error(
    config: VideoGenerationConfig, request: VideoGenerationRequest | None, job: Job | None, error: Exception
) -> TarashException | None:
    """Value. Say what an exception of the SDK or of HTTP means. Default: by status and by kind of transport failure."""


@hookspec(firstresult=True)
def tarash_verify_webhook(
    config: VideoGenerationConfig, headers: Mapping[str, str], body: bytes
) -> WebhookState | None:
    """Value. Check a webhook's signature and return the job's state; raise when it is forged. Default: no webhooks."""


@hookspec(firstresult=True)
def tarash_model_schema(config: VideoGenerationConfig, client: object, model: str) -> Flow[Mapping[str, Any]] | None:
    """Flow. The published input schema of a model: JSON Schema, or OpenAPI around it. Default: none is published."""


@hookspec
def tarash_converters() -> Mapping[str, Converter] | None:
    """Value, all. Named converters that this plugin's YAML may ``use``."""


@hookspec
def tarash_event(event: Event) -> None:
    """Value, all. Told of every step of a job's life; what it raises is logged and changes nothing."""
