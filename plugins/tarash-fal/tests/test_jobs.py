"""What fal tells of a job: its video, its place in the queue, its logs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tarash_fal.testing import COMPLETED, IN_QUEUE, FalQueue

from tarash_core import (
    NotFoundError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationUpdate,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]


def test_a_video(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, tmp_path: Path
) -> None:
    response = world.generate(configured(), kite)
    assert response.video.content_type == "video/mp4"
    assert response.video.filename == "output.mp4"
    assert response.video.size_bytes == len(fal.video)
    assert response.seed == 7
    assert world.save(response.video, tmp_path / "kite.mp4").read_bytes() == fal.video
    (job,) = fal.jobs.values()
    assert (job.endpoint, job.arguments["prompt"]) == ("fal-ai/veo3.1/fast", "a red kite")
    assert [got.path for got in fal.server.requests if got.method == "GET"][:2] == [
        f"/fal-ai/veo3.1/requests/{job.request_id}/status"
    ] * 2
    assert (fal.posts, fal.seen("status"), fal.seen("result"), fal.seen("download")) == (1, 3, 1, 1)


def test_several_videos(world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest) -> None:
    fal.result = Reply(json={"videos": [{"url": f"{fal.url}/files/1.mp4"}, {"url": f"{fal.url}/files/2.mp4"}]})
    response = world.generate(configured(), kite)
    assert [video.url for video in response.videos] == [f"{fal.url}/files/1.mp4", f"{fal.url}/files/2.mp4"]


def test_queue_position_and_logs_are_progress(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    drawn = {"status": "IN_PROGRESS", "logs": [{"message": "loading"}, {"message": "drawing"}]}
    fal.statuses = (
        {**IN_QUEUE, "queue_position": 3},
        {**IN_QUEUE, "queue_position": 0},
        {"status": "IN_PROGRESS", "logs": [{"message": "loading"}]},
        drawn,
        {**COMPLETED, "logs": drawn["logs"]},
    )
    updates: list[VideoGenerationUpdate] = []
    world.generate(configured(), kite, on_progress=updates.append)
    assert [(update.phase, update.status, update.queue_position, update.logs) for update in updates] == [
        ("submitted", "queued", None, ()),
        ("polled", "queued", 3, ()),
        ("polled", "queued", 0, ()),
        ("polled", "processing", None, ("loading",)),
        ("polled", "processing", None, ("drawing",)),
        ("completed", "completed", None, updates[-1].logs),
    ]


def test_cancelling_what_fal_does_not_know(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    fal.jobs.clear()
    with pytest.raises(NotFoundError, match="NOT_FOUND"):
        world.cancel(job, config=configured())
