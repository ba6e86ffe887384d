"""From a request to a payload, against building the same dict by hand."""

from __future__ import annotations

import statistics
import timeit
from collections.abc import Callable, Iterator
from typing import Any

from rows import Row

from tarash_core import VideoGenerationConfig, VideoGenerationRequest, build_payload, find_mapping

MODEL = "fal-ai/veo3.1"
REQUEST = VideoGenerationRequest(
    prompt="a red kite over a stormy sea",
    duration_seconds=8,
    resolution="1080p",
    aspect_ratio="16:9",
    generate_audio=True,
    negative_prompt="rain",
    seed=7,
    extra_params={"auto_fix": True},
)


def by_hand(request: VideoGenerationRequest) -> dict[str, Any]:
    """The same dict, unchecked."""
    return {
        "prompt": request.prompt,
        "duration": f"{request.duration_seconds:g}s",
        "resolution": request.resolution,
        "aspect_ratio": request.aspect_ratio,
        "generate_audio": request.generate_audio,
        "negative_prompt": request.negative_prompt,
        "seed": request.seed,
        "auto_fix": request.extra_params["auto_fix"],
    }


def payloads(*, quick: bool) -> Iterator[Row]:
    """The mapping alone, and all that happens before the wire."""
    config = VideoGenerationConfig(provider="fal", model=MODEL)
    mapping = find_mapping("fal", MODEL)

    def applied() -> dict[str, Any]:
        return mapping.apply(REQUEST, model=MODEL, on_unsupported="warn").arguments

    def built() -> dict[str, Any]:
        return build_payload(config, REQUEST).arguments

    def theirs() -> dict[str, Any]:
        return by_hand(REQUEST)

    if not applied() == built() == theirs():
        raise SystemExit(f"the dicts differ: {applied()}, {built()}, {theirs()}")
    medians = _medians((applied, built, theirs), rounds=3 if quick else 25)
    yield Row("request to payload, 8 fields: the mapping's `apply`", medians[0], medians[2], "µs", budget=20)
    yield Row("request to payload, 8 fields: `build_payload`", medians[1], medians[2], "µs", budget=20)


def _medians(functions: tuple[Callable[[], object], ...], *, rounds: int, number: int = 2000) -> list[float]:
    """Microseconds of one call of each, measured in turn."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds):
        for measured, function in zip(times, functions, strict=True):
            measured.append(timeit.timeit(function, number=number) / number * 1e6)
    return [statistics.median(measured) for measured in times]
