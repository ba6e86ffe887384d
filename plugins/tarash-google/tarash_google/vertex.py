"""The Vertex road: Veo's operations, by the SDK's types.

https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation, read 2026-11-23, and
``_GenerateVideosConfig_to_vertex`` in the SDK's ``models.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pydantic

from tarash_core import Job, ValidationError, VideoGenerationConfig
from tarash_google.inline import Inline, type_of_address

if TYPE_CHECKING:
    from google.genai import types

_SOURCE = ("prompt", "image", "video")
# Fields of `types.GenerateVideosConfig` that are not the request's own.
_NOT_OURS = frozenset({"http_options", "webhook_config"})
# The SDK writes the words of its enums in capitals; Google documents 'lossless' and 'crop'.
_AS_DOCUMENTED = {"compression_quality": "compressionQuality", "resize_mode": "resizeMode"}


def keywords_of(config: VideoGenerationConfig, model: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The keyword arguments of `generate_videos`. What the SDK has no name for goes into ``parameters`` as it is.

    Raises:
        ValidationError: The SDK refuses a value; nothing has been sent.
    """
    from google.genai import types

    known = types.GenerateVideosConfig.model_fields.keys() - _NOT_OURS - _AS_DOCUMENTED.keys()
    named = {name: _form(name, value) for name, value in arguments.items() if name in known}
    unnamed = {name: value for name, value in arguments.items() if name not in known and name not in _SOURCE}
    others = {_AS_DOCUMENTED.get(name, name): value for name, value in unnamed.items()}
    folder = config.provider_config.get("output_gcs_uri")
    given = {"output_gcs_uri": folder, **named} if folder else named
    try:
        source = types.GenerateVideosSource(**{name: _form(name, arguments.get(name)) for name in _SOURCE})
        settings = types.GenerateVideosConfig(**given)
    except pydantic.ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in wrong["loc"])
        raise ValidationError(f"google's SDK does not take '{place}': {wrong['msg'].lower()}", field=place) from None
    if others:
        settings.http_options = types.HttpOptions(extra_body={"parameters": others})
    return {"model": model, "source": source, "config": settings}


def polled(job: Job, operation: types.GenerateVideosOperation) -> Job:
    """The job as an operation tells of it: it is running, or done. Videos that Google filtered are a failure."""
    if not operation.done:
        return job.advance("processing")
    if operation.error:
        return job.advance("failed", answer={"error": operation.error})
    response = operation.response
    videos = [found for made in (response.generated_videos or [] if response else []) if (found := _made(made.video))]
    count = (response.rai_media_filtered_count if response else None) or 0
    reasons = list((response.rai_media_filtered_reasons if response else None) or ())
    answer = {"videos": videos, "rai_media_filtered_count": count, "rai_media_filtered_reasons": reasons}
    if not videos and (count or reasons):
        return job.advance("failed", answer=answer)
    if count:
        lost = f"google filtered {count} of {count + len(videos)} videos: {'; '.join(reasons) or 'no reason given'}"
        return job.advance("completed", answer=answer, warnings=(*job.warnings, lost))
    return job.advance("completed", answer=answer)


def _made(video: types.Video | None) -> dict[str, Any] | None:
    if video is None:
        return None
    told = {"url": video.uri, "data": video.video_bytes, "content_type": video.mime_type}
    return {name: value for name, value in told.items() if value is not None}


def _form(name: str, value: Any) -> Any:
    """An image or video as the SDK takes it: bytes with their type, or an address in Cloud Storage with its type."""
    if name in ("image", "last_frame"):
        return _image(value)
    if name == "reference_images" and isinstance(value, list):
        return [{**item, "image": _image(item.get("image"))} if isinstance(item, dict) else item for item in value]
    if name == "video":
        return _video(value)
    return value


def _image(value: Any) -> Any:
    if isinstance(value, Inline):
        return {"image_bytes": value.data, "mime_type": value.content_type}
    return {"gcs_uri": value, "mime_type": type_of_address(value)} if isinstance(value, str) else value


def _video(value: Any) -> Any:
    if isinstance(value, Inline):
        return {"video_bytes": value.data, "mime_type": value.content_type}
    return {"uri": value, "mime_type": type_of_address(value)} if isinstance(value, str) else value
