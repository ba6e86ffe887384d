"""From a provider's raw result to the normalized response, by the paths of ``provider.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from tarash_core.errors import UnexpectedResponseError
from tarash_core.provider import ResultPaths
from tarash_core.response import VideoGenerationResponse
from tarash_core.video import GeneratedVideo

if TYPE_CHECKING:
    from tarash_core.job import Job
    from tarash_core.request import VideoGenerationRequest


def response_from(
    raw: object, *, paths: ResultPaths, request: VideoGenerationRequest | None, job: Job
) -> VideoGenerationResponse:
    """Read the videos and what is told of them.

    Raises:
        UnexpectedResponseError: There is no video in the result; the job stays in the error.
    """
    videos = tuple(_video(item, raw, paths) for item in _items(raw, paths.videos))
    if not videos:
        names = ", ".join(raw) if isinstance(raw, Mapping) else type(raw).__name__
        raise UnexpectedResponseError(
            f"'{job.provider}' finished job '{job.request_id}' without a video (it made: {names or 'nothing'})",
            provider=job.provider,
            model=job.model,
            request_id=job.request_id,
            raw_response=raw,
            job=job,
        )
    first = videos[0]
    seed = _first_of((raw,), paths.seed)
    return VideoGenerationResponse(
        request_id=job.request_id,
        provider=job.provider,
        model=job.model,
        videos=videos,
        duration=first.duration or (request.duration_seconds if request else None),
        resolution=_resolution(first) or (request.resolution if request else None),
        aspect_ratio=request.aspect_ratio if request else None,
        seed=seed if isinstance(seed, int) else None,
        warnings=job.warnings,
        job=job,
        raw_response=raw,
    )


def _items(raw: object, paths: Iterable[str]) -> list[object]:
    """What stands at the first path that holds something: one video or a list of them."""
    for path in paths:
        found = _at(raw, path)
        if isinstance(found, str | Mapping):
            return [found]
        if isinstance(found, Sequence) and found:
            return [item for item in found if isinstance(item, str | Mapping)]
    return []


def _video(item: object, raw: object, paths: ResultPaths) -> GeneratedVideo:
    if isinstance(item, str):
        item = {paths.url[0]: item}
    url = _first_of((item,), paths.url)
    data = _first_of((item,), ("data",))
    if not isinstance(url, str) and not isinstance(data, bytes):
        raise UnexpectedResponseError("a video of the result has neither a URL nor data", raw_response=raw)
    everywhere = (item, raw)
    return GeneratedVideo(
        url=url if isinstance(url, str) else None,
        data=data if isinstance(data, bytes) else None,
        content_type=_text(_first_of((item,), paths.content_type)),
        filename=_text(_first_of((item,), paths.filename)),
        size_bytes=_integer(_first_of((item,), paths.size_bytes)),
        duration=_number(_first_of(everywhere, paths.duration)),
        fps=_number(_first_of(everywhere, paths.fps)),
        width=_integer(_first_of(everywhere, paths.width)),
        height=_integer(_first_of(everywhere, paths.height)),
    )


def _first_of(places: Iterable[object], paths: Iterable[str]) -> object:
    for place in places:
        for path in paths:
            found = _at(place, path)
            if found is not None:
                return found
    return None


def _at(place: object, path: str) -> object:
    for name in path.split("."):
        if not isinstance(place, Mapping):
            return None
        place = place.get(name)
    return place


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _integer(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _resolution(video: GeneratedVideo) -> str | None:
    return f"{video.width}x{video.height}" if video.width and video.height else None
