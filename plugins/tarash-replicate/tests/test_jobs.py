"""A prediction on its way: progress, polls that fail, results, cancelling, and another process that picks it up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tarash_replicate.testing import PROCESSING, STARTING, SUCCEEDED, ReplicateApi

from tarash_core import (
    GenerationFailedError,
    HTTPConnectionError,
    HTTPError,
    NotFoundError,
    RateLimitError,
    TarashException,
    TimeoutError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationUpdate,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]

VERSION = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"
THROTTLED = {"title": "Too many requests", "detail": "Request was throttled.", "status": 429, "retry_after": 0.01}
PASSING = [
    pytest.param(Reply.dropped(), id="drop"),
    pytest.param(Reply.reset(), id="reset"),
    pytest.param(Reply(429, json=THROTTLED), id="429"),
    pytest.param(Reply(500, json={"title": "Internal error", "status": 500}), id="500"),
    pytest.param(Reply(502, body=b"<html>bad gateway</html>"), id="502 html"),
    pytest.param(Reply(503, body=b"upstream connect error"), id="503 text"),
    pytest.param(Reply(404, json={"detail": "not known yet"}), id="404"),
    pytest.param(Reply(200, body=b"<html>maintenance</html>"), id="200 html"),
    pytest.param(Reply(200, json=["a", "list"]), id="200 list"),
]


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


@pytest.mark.parametrize("reply", PASSING)
def test_a_poll_that_fails_is_asked_again(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, reply: Reply
) -> None:
    api.fault("get", reply)
    assert world.generate(configured(), kite).video.url
    assert (api.posts, api.seen("get")) == (1, 4)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(Reply.dropped(), HTTPConnectionError, id="drop"),
        pytest.param(Reply(429, json=THROTTLED, headers={"Retry-After": "60"}), RateLimitError, id="429"),
        pytest.param(Reply(503, json={"detail": "no"}), HTTPError, id="503"),
        pytest.param(Reply(504, json={"detail": "no"}), HTTPError, id="504"),
    ],
)
def test_one_poll_is_one_request(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[TarashException],
) -> None:
    """The SDK by itself would ask ten times, and sleep for a minute before each of them."""
    job = world.submit(configured(), kite)
    api.fault("get", reply)
    began = time.monotonic()
    with pytest.raises(error):
        world.poll(job, config=configured())
    assert api.seen("get") == 1
    assert time.monotonic() - began < 5


def test_a_prediction_that_is_gone(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    api.predictions.clear()
    with pytest.raises(NotFoundError) as raised:
        world.wait(job, config=configured())
    assert raised.value.request_id == job.request_id


def test_a_result_that_was_removed(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    removed = {**SUCCEEDED, "data_removed": True, "output": None, "input": {}, "logs": ""}
    api.states = (removed,)
    with pytest.raises(NotFoundError, match="has removed the result"):
        world.generate(configured(), kite)
    assert api.seen("get") == 1


@pytest.mark.parametrize("word", ["archived", None, 7])
def test_an_unknown_status_is_quoted_at_once(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, word: object
) -> None:
    api.states = ({"status": word},)
    with pytest.raises(UnexpectedResponseError, match=f"'{word}'"):
        world.generate(configured(), kite)
    assert api.seen("get") == 1


def test_a_hanging_poll_ends_with_the_deadline(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    api.fault("get", Reply.hanging(60))
    began = time.monotonic()
    with pytest.raises(TimeoutError) as raised:
        world.generate(configured(timeout=0.5), kite)
    assert time.monotonic() - began < 5
    assert raised.value.job is not None
    assert world.wait(raised.value.job, config=configured()).video.url


@pytest.mark.parametrize(
    ("states", "answer", "outcome", "state"),
    [
        pytest.param((STARTING,), None, "cancelled", "cancelled", id="queued"),
        pytest.param((PROCESSING,), None, "cancelled", "cancelled", id="running"),
        pytest.param((STARTING,), {"id": "1", "status": "aborted"}, "cancelled", "cancelled", id="aborted"),
        pytest.param((PROCESSING,), {"id": "1", **PROCESSING}, "requested", "queued", id="not yet"),
        pytest.param((SUCCEEDED,), None, "too_late", "queued", id="done"),
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


def test_a_cancelled_prediction_is_told_when_waited_for(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    world.cancel(job, config=configured())
    with pytest.raises(GenerationFailedError, match="cancelled") as raised:
        world.wait(job, config=configured())
    assert raised.value.job is not None
    assert raised.value.job.state == "cancelled"


def test_cancelling_what_replicate_does_not_know(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    api.predictions.clear()
    with pytest.raises(NotFoundError):
        world.cancel(job, config=configured())


def test_another_process_picks_the_job_up(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, key: str
) -> None:
    job = world.submit(configured(), kite)
    code = "import sys, tarash_core as t; print(t.wait(t.Job.model_validate_json(sys.stdin.read())).video.url)"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        input=job.model_dump_json(),
        env={**os.environ, "REPLICATE_API_TOKEN": key},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.stdout.strip() == f"{api.url}/files/{job.request_id}/output.mp4", ended.stderr
    assert api.posts == 1
