"""Google: Veo through Vertex AI, Gemini Omni through the Interactions API. https://ai.google.dev/gemini-api/docs/video

The hooks in the order in which they happen. The config decides which of the two roads a job takes
(`tarash_google.roads`); the job remembers it.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tarash_core import (
    CancelOutcome,
    Flow,
    Job,
    TarashException,
    UnexpectedResponseError,
    ValidationError,
    VideoGenerationConfig,
    block,
    call,
    find_mapping,
    hookimpl,
)
from tarash_google import interactions, vertex
from tarash_google.converters import omni_input, reference_images
from tarash_google.errors import explain, failure_of, wordy
from tarash_google.inline import Inline
from tarash_google.roads import Road, check_credentials, road_of

if TYPE_CHECKING:
    from tarash_core import (
        Converter,
        GeneratedVideo,
        Media,
        Mode,
        ModelMapping,
        Payload,
        VideoGenerationRequest,
        VideoGenerationResponse,
    )
    from tarash_google.client import GoogleClient as Client  # AsyncGoogleClient has the same methods

TARASH_HOOK_API = 1

_GEMINI_API = "https://generativelanguage.googleapis.com"
_STILL_WRITTEN = frozenset({"PROCESSING", "STATE_UNSPECIFIED"})


@hookimpl
def tarash_create_client(config: VideoGenerationConfig, mode: Mode) -> object:
    """The SDK's clients, built when their road is taken; importing the SDK takes 640 ms."""
    check_credentials(config, road_of(config))
    from tarash_google.client import create

    return create(config, mode)


@hookimpl
def tarash_converters() -> Mapping[str, Converter]:
    """What this plugin's YAML may ``use``."""
    return {"reference_images": reference_images, "omni_input": omni_input}


@hookimpl
def tarash_convert_request(
    config: VideoGenerationConfig, request: VideoGenerationRequest, mapping: ModelMapping
) -> Payload | None:
    """Refuse what the road does not take; the mapping does the rest, a model without one by its road's names.

    Raises:
        ConfigurationError: The model is on the other road.
        ValidationError: A web address on the Vertex road.
    """
    road, model = road_of(config), config.model or ""
    if road.name == "vertex":
        _check_addresses(request)
        return None
    if not mapping.generic:
        return None
    shared = find_mapping(config.provider, f"interactions/{model}")
    payload = shared.apply(request, model=model, on_unsupported=config.on_unsupported)
    told = f"no mapping for '{model}'; that of the Interactions API was used, which checks no values"
    return replace(payload, warnings=(told, *payload.warnings))


@hookimpl
def tarash_upload(media: Media) -> Flow[object]:
    """Nothing is uploaded: bytes go inside the request."""
    data = yield from block(media.read)
    return Inline(data, media.content_type or "application/octet-stream")


@hookimpl
def tarash_submit(config: VideoGenerationConfig, client: Client, payload: Payload) -> Flow[Job]:
    """One POST; its road stands in the job."""
    road = road_of(config)
    sdk = client.on(road)
    if road.name == "vertex":
        keywords = vertex.keywords_of(config, payload.model, payload.arguments)
        name = (yield from call(sdk.models.generate_videos, **keywords)).name
    else:
        keywords = interactions.keywords_of(payload.model, payload.arguments)
        made: Any = yield from call(sdk.interactions.create, **keywords)
        name = made.id
    if not name:
        raise UnexpectedResponseError("google accepted the request and gave it no name")
    return Job(
        provider=config.provider,
        model=payload.model,
        request_id=name,
        account=None if road.keyed else "",
        logs=(str(road),),
        provider_data=road.data(),
        warnings=payload.warnings,
    )


@hookimpl
def tarash_poll(config: VideoGenerationConfig, client: Client, job: Job) -> Flow[Job]:
    """One request on the job's road. A finished answer holds the video, unless it was to be written elsewhere."""
    road = Road.of_job(job, config)
    job = job.model_copy(update={"provider_data": road.data()})
    sdk = client.on(road)
    if road.name == "vertex":
        from google.genai.types import GenerateVideosOperation

        asked = GenerateVideosOperation.model_validate({"name": job.request_id})
        return vertex.polled(job, (yield from call(sdk.operations.get, asked)))
    told = yield from call(sdk.interactions.get, job.request_id)
    job = interactions.polled(job, interactions.told_by(told))
    name = interactions.file_of(job)
    if name is None:
        return job
    file = yield from call(sdk.files.get, name=name)
    state = file.state.name if file.state else ""
    if state == "FAILED":
        return job.advance("failed", answer={"error": {"message": f"writing '{name}' failed", "code": state}})
    return job.advance("processing", answer=None) if state in _STILL_WRITTEN else job


@hookimpl
def tarash_result(job: Job) -> object | None:
    """The last poll's answer, by the core's default; what Google says of a job that failed."""
    if job.state == "failed":
        raise failure_of(job)
    if refusal := wordy(job):
        raise refusal
    return None


@hookimpl
def tarash_cancel(config: VideoGenerationConfig, client: Client, job: Job) -> Flow[CancelOutcome]:
    """One POST on the key-only road, and a look where it is refused; Vertex cannot stop its operations."""
    road = Road.of_job(job, config)
    if road.name == "vertex":
        return "not_supported"
    sdk = client.on(road)
    try:
        told = yield from call(sdk.interactions.cancel, job.request_id)
    except Exception as refused:
        if getattr(refused, "status_code", None) not in (400, 409):
            raise
        told = yield from call(sdk.interactions.get, job.request_id)
        if interactions.cancelled(interactions.told_by(told)) == "requested":
            raise
    return interactions.cancelled(interactions.told_by(told))


@hookimpl(wrapper=True)
def tarash_convert_response(
    job: Job,
) -> Generator[None, VideoGenerationResponse, VideoGenerationResponse]:
    """By the paths of ``provider.yaml``; a video that the Gemini API keeps is behind its key."""
    response = yield
    if job.provider_data.get("road") != "interactions":
        return response
    videos = (video.model_copy(update={"needs_key": video.url is not None}) for video in response.videos)
    return response.model_copy(update={"videos": tuple(videos)})


@hookimpl
def tarash_download_headers(config: VideoGenerationConfig, video: GeneratedVideo) -> Mapping[str, str] | None:
    """The key, for the API's own host and no other that an answer may name."""
    if (
        config.api_key is None
        or video.url is None
        or _origin(video.url) != _origin(road_of(config).base_url or _GEMINI_API)
    ):
        return None
    return {"x-goog-api-key": config.api_key.get_secret_value()}


@hookimpl
def tarash_map_error(error: Exception) -> TarashException | None:
    """Google's documented error bodies; statuses and failures of the network are the core's."""
    return explain(error)


def _check_addresses(request: VideoGenerationRequest) -> None:
    media = {"image_list": request.images(), "video": (request.video,) if request.video else ()}
    for field, given in media.items():
        for url in (item.url for item in given if item.url and not item.url.lower().startswith("gs://")):
            raise ValidationError(
                f"the Vertex road reads no web addresses ('{url[:120]}'); give bytes, a file, or a gs:// address",
                field=field,
            )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
