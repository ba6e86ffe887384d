"""OpenAI's Videos API, as gateways and model servers speak it. https://developers.openai.com/api/reference/resources/videos

The hooks in the order in which they happen. Every request goes through OpenAI's own SDK, by the `post`, `get` and
`delete` that it documents for endpoints without a method (https://github.com/openai/openai-python#undocumented-endpoints):
its `videos.*` methods are deprecated, with a warning at each call that cannot be silenced safely beside other threads,
and cannot send the JSON forms of `input_reference` and `video`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from tarash_core import (
    Converter,
    Flow,
    Job,
    Media,
    ModelMapping,
    Payload,
    TarashException,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationResponse,
    WebhookState,
    block,
    call,
    hookimpl,
)
from tarash_core.ledger import the_only
from tarash_openai.deletion import delete_video, delete_video_async
from tarash_openai.errors import explain, failure_of
from tarash_openai.listing import FIRST_PAGE, MOST_PAGES, like, page_after, videos_of
from tarash_openai.options import authorization, extra_headers, only_to_its_own
from tarash_openai.protocol import (
    accepted,
    address_of,
    content_url,
    documented,
    per_cent,
    posted,
    response_of,
    state_of,
    video_of,
)
from tarash_openai.size import size

if TYPE_CHECKING:
    from openai import OpenAI as Client  # AsyncOpenAI has the same methods

    from tarash_core import GeneratedVideo, LedgerEntry, Mode

__all__ = ["delete_video", "delete_video_async"]

TARASH_HOOK_API = 1


@hookimpl
def tarash_create_client(config: VideoGenerationConfig, mode: Mode) -> object:
    """The SDK's client; importing it takes 600 ms, building it a tenth of a millisecond after the first."""
    from tarash_openai.client import create

    return create(config, mode)


@hookimpl
def tarash_converters() -> Mapping[str, Converter]:
    """What the mappings use: resolution and aspect ratio as one size."""
    return {"size": size}


@hookimpl
def tarash_convert_request(
    config: VideoGenerationConfig, request: VideoGenerationRequest, mapping: ModelMapping
) -> Payload:
    """The mapping's payload, with references to what the server knows or can fetch as the objects it documents."""
    payload = mapping.apply(request, model=config.model or "", on_unsupported=config.on_unsupported)
    return replace(payload, arguments=documented(payload, config))


@hookimpl
def tarash_upload(media: Media) -> Flow[object]:
    """Nothing is sent ahead: a file travels in the request itself, as a part of a form."""
    data = yield from block(media.read)
    return accepted(media, data)


@hookimpl
def tarash_submit(config: VideoGenerationConfig, client: Client, payload: Payload) -> Flow[Job]:
    """One POST."""
    response = yield from call(client.post, **posted(payload))
    video = video_of(response, config.provider)
    return Job(provider=config.provider, model=payload.model, request_id=str(video["id"]))


@hookimpl
def tarash_poll(client: Client, job: Job) -> Flow[Job]:
    """One GET. The finished video is behind an address of its own, which only the client can tell."""
    from httpx2 import Response

    response = yield from call(client.get, address_of(job.request_id), cast_to=Response)
    video = video_of(response, job.provider)
    place = {"content_url": content_url(client, job.request_id)}
    return job.advance(state_of(video, job), progress_percent=per_cent(video), answer=video, provider_data=place)


@hookimpl
def tarash_result(job: Job) -> object:
    """The last poll's answer: it is about the video and does not hold it."""
    if job.state == "failed":
        raise failure_of(job)
    return job.answer


@hookimpl
def tarash_find_submission(
    config: VideoGenerationConfig, client: Client, entry: LedgerEntry
) -> Flow[Job | Literal["not_accepted", "unknown"]]:
    """The account's newest videos, page by page, back to when the request was sent."""
    from httpx2 import Response

    found: list[str] = []
    query: dict[str, object] | None = FIRST_PAGE
    for _ in range(MOST_PAGES):
        response = yield from call(client.get, "/videos", cast_to=Response, options={"params": query})
        videos = videos_of(response, config.provider)
        found += [str(video["id"]) for video in like(videos, entry, config)]
        query = page_after(response, videos, entry)
        if query is None:
            return the_only(entry, found)
    return "unknown"


@hookimpl
def tarash_convert_response(
    request: VideoGenerationRequest | None, job: Job, raw: Mapping[str, object]
) -> VideoGenerationResponse:
    """One video, which its server gives to its account alone."""
    return response_of(raw, request, job)


@hookimpl
def tarash_download_headers(config: VideoGenerationConfig, video: GeneratedVideo) -> Mapping[str, str]:
    """The key, for the config's own address."""
    only_to_its_own(config, video)
    return {**extra_headers(config), **authorization(config)}


@hookimpl
def tarash_map_error(config: VideoGenerationConfig, job: Job | None, error: Exception) -> TarashException | None:
    """The documented error bodies; other statuses and failures of the network are the core's."""
    return explain(config, job, error)


@hookimpl
def tarash_verify_webhook(config: VideoGenerationConfig, headers: Mapping[str, str], body: bytes) -> WebhookState:
    """``video.completed`` and ``video.failed``, their signature checked by the SDK."""
    from tarash_openai.webhook import verified

    return verified(config, headers, body)
