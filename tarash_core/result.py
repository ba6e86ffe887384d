"""From a provider's raw result to the normalized response, by the paths of ``provider.yaml``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from tarash_core.errors import UnexpectedResponseError
from tarash_core.provider import ResultPaths
from tarash_core.response import VideoGenerationResponse
from tarash_core.video import GeneratedVideo

if TYPE_CHECKING:
    from tarash_core.job import Job
    from tarash_core.request import VideoGenerationRequest

# A video in a result: its address, or what is told of it.
Item: TypeAlias = "str | Mapping[str, object]"


def response_from(
    raw: object, *, paths: ResultPaths, request: VideoGenerationRequest | None, job: Job
) -> VideoGenerationResponse:
    """Read the videos and what is told of them. An entry of a list without an address becomes a warning.

    Raises:
        UnexpectedResponseError: There is no video in the result; the job stays in the error.
    """
    items, missing = _items(raw, paths)
    videos = tuple(_video(item, raw, paths) for item in items)
    if not videos:
        names = ", ".join(map(str, raw)) if isinstance(raw, Mapping) else type(raw).__name__
        raise UnexpectedResponseError(
            f"'{job.provider}' finished job '{job.request_id}' without a video (it made: {names or 'nothing'})",
            provider=job.provider,
            model=job.model,
            request_id=job.request_id,
            raw_response=raw,
            job=job,
        )
    first = videos[0]
    seed = _first_of((*items, raw), paths.seed)
    return VideoGenerationResponse(
        request_id=job.request_id,
        provider=job.provider,
        model=job.model,
        videos=videos,
        duration=first.duration or (request.duration_seconds if request else None),
        resolution=_resolution(first) or (request.resolution if request else None),
        aspect_ratio=request.aspect_ratio if request else None,
        seed=seed if isinstance(seed, int) and not isinstance(seed, bool) else None,
        warnings=(*job.warnings, *_lost(len(videos), missing)),
        job=job,
        raw_response=raw,
    )


def _items(raw: object, paths: ResultPaths) -> tuple[list[Item], int]:
    """What stands at the first path that holds a video: one or several of them, and how many entries are none."""
    for path in paths.videos:
        found = _at(raw, path)
        several = found if isinstance(found, Sequence) and not isinstance(found, str | bytes) else [found]
        if videos := [item for item in several if isinstance(item, str | Mapping) and _source(item, paths)]:
            return videos, len(several) - len(videos)
    return [], 0


def _lost(found: int, missing: int) -> tuple[str, ...]:
    return (f"{missing} of {found + missing} results hold no video",) if missing else ()


def _source(item: Item, paths: ResultPaths) -> str | bytes | None:
    """The address of a video, or its bytes."""
    if isinstance(item, str):
        return item
    found = _first_of((item,), paths.url) or item.get("data")
    return found if isinstance(found, str | bytes) else None


def _video(item: Item, raw: object, paths: ResultPaths) -> GeneratedVideo:
    source = _source(item, paths)
    everywhere = (item, raw)
    return GeneratedVideo(
        url=source if isinstance(source, str) else None,
        data=source if isinstance(source, bytes) else None,
        content_type=_text(_first_of(everywhere, paths.content_type)),
        filename=_text(_first_of(everywhere, paths.filename)),
        size_bytes=_integer(_first_of(everywhere, paths.size_bytes)),
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
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _integer(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _resolution(video: GeneratedVideo) -> str | None:
    return f"{video.width}x{video.height}" if video.width and video.height else None
