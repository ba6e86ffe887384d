"""What Replicate tells of a prediction: its video in each form, its progress, its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tarash_replicate.testing import PROCESSING, STARTING, SUCCEEDED, ReplicateApi

from tarash_core import (
    NotFoundError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationUpdate,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]

VERSION = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"


def test_a_video(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, tmp_path: Path
) -> None:
    response = world.generate(configured(), kite)
    assert (response.duration, response.warnings) == (8.0, ())
    assert response.raw_response["metrics"]["predict_time"] == 5.0
    assert world.save(response.video, tmp_path / "kite.mp4").read_bytes() == api.video
    ((job_id, sent),) = api.sent.items()
    assert sent.path == "/v1/models/google/veo-3.1-fast/predictions"
    assert sent.json() == {"input": {"prompt": "a red kite"}}
    assert [got.path for got in api.server.requests[1:4]] == [f"/v1/predictions/{job_id}"] * 3
    assert (api.posts, api.seen("get"), api.seen("download")) == (1, 3, 1)


def test_a_version(world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest) -> None:
    response = world.generate(configured(model=f"google/veo-3.1-fast:{VERSION}"), kite)
    (sent,) = api.sent.values()
    assert (sent.path, sent.json()) == ("/v1/predictions", {"input": {"prompt": "a red kite"}, "version": VERSION})
    assert response.warnings == ()
    assert response.model == f"google/veo-3.1-fast:{VERSION}"


@pytest.mark.parametrize(
    "output",
    [
        pytest.param("{}/1.mp4", id="url"),
        pytest.param(["{}/1.mp4"], id="list"),
        pytest.param({"video": "{}/1.mp4", "thumbnail": "{}/1.png"}, id="object"),
        pytest.param({"url": "{}/1.mp4"}, id="object of url"),
    ],
)
def test_the_forms_of_an_output(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, output: Any
) -> None:
    def here(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: here(item) for name, item in value.items()}
        return [here(item) for item in value] if isinstance(value, list) else value.format(f"{api.url}/files")

    api.output = here(output)
    response = world.generate(configured(), kite)
    assert [video.url for video in response.videos] == [f"{api.url}/files/1.mp4"]


def test_several_videos(world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest) -> None:
    for form in (list[str], lambda urls: {"videos": urls}):
        api.output = form([f"{api.url}/files/1.mp4", f"{api.url}/files/2.mp4"])
        assert [video.url for video in world.generate(configured(), kite).videos] == [
            f"{api.url}/files/1.mp4",
            f"{api.url}/files/2.mp4",
        ]


def bar(percent: int) -> str:
    return f"{percent:3d}%|█████     | {percent}/100 [00:02<00:02, 10.00it/s]"


def test_per_cent_and_logs_are_progress(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    api.states = (
        STARTING,
        {**PROCESSING, "logs": "Using seed: 7\nload"},
        {**PROCESSING, "logs": "Using seed: 7\nloading 99% done\n"},
        {**PROCESSING, "logs": f"Using seed: 7\nloading 99% done\n{bar(10)}\r{bar(45)}\n"},
        {**SUCCEEDED, "logs": f"Using seed: 7\nloading 99% done\n{bar(10)}\r{bar(45)}\n{bar(100)}"},
    )
    updates: list[VideoGenerationUpdate] = []
    world.generate(configured(), kite, on_progress=updates.append)
    assert [(update.phase, update.status, update.progress_percent, update.logs) for update in updates] == [
        ("submitted", "queued", None, ()),
        ("polled", "queued", None, ()),
        ("polled", "processing", None, ("Using seed: 7",)),
        ("polled", "processing", None, ("loading 99% done",)),
        ("polled", "processing", 45.0, (bar(10), bar(45))),
        ("completed", "completed", 100.0, (bar(100),)),
    ]


def test_a_result_that_was_removed(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    removed = {**SUCCEEDED, "data_removed": True, "output": None, "input": {}, "logs": ""}
    api.states = (removed,)
    with pytest.raises(NotFoundError, match="has removed the result"):
        world.generate(configured(), kite)
    assert api.seen("get") == 1


@pytest.mark.parametrize("word", [None, 7])
def test_an_unknown_status_is_quoted_at_once(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, word: object
) -> None:
    api.states = ({"status": word},)
    with pytest.raises(UnexpectedResponseError, match=f"'{word}'"):
        world.generate(configured(), kite)
    assert api.seen("get") == 1


@pytest.mark.parametrize(
    ("states", "answer", "outcome", "state"),
    [
        pytest.param((STARTING,), {"id": "1", "status": "aborted"}, "cancelled", "cancelled", id="aborted"),
        pytest.param((PROCESSING,), {"id": "1", **PROCESSING}, "requested", "queued", id="not yet"),
        pytest.param(({"status": "failed"},), None, "too_late", "queued", id="failed"),
    ],
)
def test_cancelling(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    states: tuple[dict[str, object], ...],
    answer: dict[str, object] | None,
    outcome: str,
    state: str,
) -> None:
    api.states = states
    job = world.submit(configured(), kite)
    if answer is not None:
        api.fault("cancel", Reply(200, json=answer))
    cancellation = world.cancel(job, config=configured())
    assert (cancellation.outcome, cancellation.job.state) == (outcome, state)
    assert api.seen("cancel") == 1
