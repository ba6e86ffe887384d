"""A job on its way: progress, polls that fail, results, cancelling, and another process that picks it up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tarash_fal.testing import COMPLETED, IN_PROGRESS, IN_QUEUE, FalQueue

from tarash_core import (
    GenerationFailedError,
    HTTPConnectionError,
    HTTPError,
    NotFoundError,
    TarashException,
    TimeoutError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationUpdate,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]

NGINX = Reply(502, body=b"<html>nginx</html>", headers={"Content-Type": "text/html"})
PASSING = [
    pytest.param(Reply.dropped(), id="drop"),
    pytest.param(Reply.reset(), id="reset"),
    pytest.param(Reply(408, json={"detail": "late"}), id="408"),
    pytest.param(Reply(429, json={"detail": "slow down"}, headers={"Retry-After": "0.01"}), id="429"),
    pytest.param(NGINX, id="502 nginx"),
    pytest.param(Reply(503, body=b"upstream connect error"), id="503 text"),
    pytest.param(Reply(404, json={"detail": "not known yet"}), id="404"),
    pytest.param(Reply(200, body=b"<html>maintenance</html>"), id="200 html"),
]


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


@pytest.mark.parametrize("reply", PASSING)
def test_a_poll_that_fails_is_asked_again(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, reply: Reply
) -> None:
    fal.fault("status", reply)
    assert world.generate(configured(), kite).video.url
    assert (fal.posts, fal.seen("status")) == (1, 4)


@pytest.mark.parametrize("reply", PASSING)
def test_a_result_that_does_not_arrive_is_fetched_again(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, reply: Reply
) -> None:
    fal.fault("result", reply)
    assert world.generate(configured(), kite).video.url
    assert (fal.posts, fal.seen("status"), fal.seen("result")) == (1, 3, 2)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(Reply.dropped(), HTTPConnectionError, id="drop"),
        pytest.param(Reply(500, json={"detail": "no"}), HTTPError, id="500"),
        pytest.param(NGINX, HTTPError, id="502 nginx"),
    ],
)
def test_one_poll_is_one_request(
    world: World,
    fal: FalQueue,
    configured: Configured,
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[TarashException],
) -> None:
    job = world.submit(configured(), kite)
    fal.fault("status", reply)
    with pytest.raises(error):
        world.poll(job, config=configured())
    assert fal.seen("status") == 1


def test_a_job_that_is_gone(world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest) -> None:
    job = world.submit(configured(), kite)
    fal.jobs.clear()
    with pytest.raises(NotFoundError) as raised:
        world.wait(job, config=configured())
    assert raised.value.request_id == job.request_id


def test_an_unknown_status_is_quoted_at_once(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    fal.statuses = ({"status": "ARCHIVED"},)
    with pytest.raises(UnexpectedResponseError, match="'ARCHIVED'"):
        world.generate(configured(), kite)
    assert fal.seen("status") == 1


def test_a_hanging_poll_ends_with_the_deadline(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    fal.fault("status", Reply.hanging(60))
    began = time.monotonic()
    with pytest.raises(TimeoutError) as raised:
        world.generate(configured(timeout=0.5), kite)
    assert time.monotonic() - began < 5
    assert raised.value.job is not None
    assert world.wait(raised.value.job, config=configured()).video.url


@pytest.mark.parametrize(
    ("statuses", "outcome", "state"),
    [
        pytest.param((IN_QUEUE,), "cancelled", "cancelled", id="queued"),
        pytest.param((IN_PROGRESS,), "requested", "queued", id="running"),
        pytest.param((COMPLETED,), "too_late", "queued", id="done"),
    ],
)
def test_cancelling(
    world: World,
    fal: FalQueue,
    configured: Configured,
    kite: VideoGenerationRequest,
    statuses: tuple[dict[str, object], ...],
    outcome: str,
    state: str,
) -> None:
    fal.statuses = statuses
    job = world.submit(configured(), kite)
    cancellation = world.cancel(job, config=configured())
    assert (cancellation.outcome, cancellation.job.state) == (outcome, state)
    assert fal.seen("cancel") == 1


def test_a_cancelled_job_is_told_when_waited_for(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    world.cancel(job, config=configured())
    with pytest.raises(GenerationFailedError, match="cancelled") as raised:
        world.wait(job, config=configured())
    assert raised.value.job is not None
    assert raised.value.job.state == "cancelled"


def test_cancelling_what_fal_does_not_know(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    fal.jobs.clear()
    with pytest.raises(NotFoundError, match="NOT_FOUND"):
        world.cancel(job, config=configured())


def test_another_400_is_not_too_late(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    fal.fault("cancel", Reply(400, json={"detail": "bad id"}))
    with pytest.raises(TarashException, match="bad id"):
        world.cancel(job, config=configured())


def test_another_process_picks_the_job_up(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, key: str
) -> None:
    job = world.submit(configured(), kite)
    code = "import sys, tarash_core as t; print(t.wait(t.Job.model_validate_json(sys.stdin.read())).video.url)"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        input=job.model_dump_json(),
        env={**os.environ, "FAL_KEY": key},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.stdout.strip() == f"{fal.url}/files/{job.request_id}/output.mp4", ended.stderr
    assert fal.posts == 1
