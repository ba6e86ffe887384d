"""A job on its way: progress, polls that fail, the download, cancelling, deleting, and another process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import tarash_openai
from tarash_openai.testing import COMPLETED, IN_PROGRESS, QUEUED, VideoServer

from tarash_core import (
    ConfigurationError,
    GeneratedVideo,
    HTTPConnectionError,
    HTTPError,
    Job,
    NotFoundError,
    TarashException,
    TimeoutError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationUpdate,
)
from tarash_core.testing import LoopbackServer, Reply, World

Configured = Callable[..., VideoGenerationConfig]

NO = {"error": {"message": "no", "type": "server_error", "param": None, "code": None}}
PAGE = {"Content-Type": "text/html"}
PASSING = [
    pytest.param(Reply.dropped(), id="drop"),
    pytest.param(Reply.reset(), id="reset"),
    pytest.param(Reply(408, json=NO), id="408"),
    pytest.param(Reply(429, json=NO, headers={"Retry-After": "0.01"}), id="429"),
    pytest.param(Reply(500, json=NO), id="500"),
    pytest.param(Reply(502, body=b"<html>nginx</html>", headers=PAGE), id="502 page"),
    pytest.param(Reply(503, body=b"upstream connect error"), id="503 text"),
    pytest.param(Reply(404, json=NO), id="404"),
    pytest.param(Reply(200, body=b"<html>maintenance</html>", headers=PAGE), id="200 page"),
    pytest.param(Reply(200, body=b'{"id": '), id="200 broken"),
]


def test_a_video(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, key: str, tmp_path: Path
) -> None:
    response = world.generate(configured(), kite)
    assert (response.video.duration, response.video.width, response.video.height) == (4.0, 720, 1280)
    assert (response.duration, response.resolution) == (4.0, "720x1280")
    assert response.video.expires_at is not None
    assert response.video.expires_at.year == 2100
    assert response.video.url == f"{server.url}/videos/{response.request_id}/content"
    assert response.raw_response["status"] == "completed"
    assert world.save(response.video, tmp_path / "kite.mp4").read_bytes() == server.video
    paths = [(got.method, got.path) for got in server.server.requests]
    one = f"/v1/videos/{response.request_id}"
    assert paths == [("POST", "/v1/videos"), *[("GET", one)] * 3, ("GET", f"{one}/content")]
    assert {got.headers["authorization"] for got in server.server.requests} == {f"Bearer {key}"}


def test_progress_is_told(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    server.statuses = (QUEUED, {**IN_PROGRESS, "progress": 12}, {**IN_PROGRESS, "progress": 87.5}, COMPLETED)
    updates: list[VideoGenerationUpdate] = []
    world.generate(configured(), kite, on_progress=updates.append)
    assert [(update.phase, update.status, update.progress_percent) for update in updates] == [
        ("submitted", "queued", None),
        ("polled", "queued", 0),
        ("polled", "processing", 12),
        ("polled", "processing", 87.5),
        ("completed", "completed", 100),
    ]


@pytest.mark.parametrize("progress", [None, -1, 101, "40", True])
def test_progress_that_is_no_per_cent_is_not_told(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, progress: object
) -> None:
    server.statuses = ({**IN_PROGRESS, "progress": progress},)
    assert world.poll(world.submit(configured(), kite), config=configured()).progress_percent is None


def test_a_server_that_tells_only_what_it_must(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    server.fault("create", Reply(json={"id": "b=?#1"}))
    server.fault("retrieve", Reply(json={"id": "b=?#1", "status": "completed"}))
    response = world.generate(configured(), VideoGenerationRequest(prompt="a red kite", duration_seconds=8))
    assert response.video.url == f"{server.url}/videos/b%3D%3F%231/content"
    assert (response.duration, response.resolution, response.video.expires_at) == (8.0, None, None)
    assert server.server.requests[-1].path == "/v1/videos/b=?#1"


@pytest.mark.parametrize("reply", PASSING)
def test_a_poll_that_fails_is_asked_again(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, reply: Reply
) -> None:
    server.fault("retrieve", reply)
    assert world.generate(configured(), kite).video.url
    assert (server.posts, server.seen("retrieve")) == (1, 4)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(Reply.dropped(), HTTPConnectionError, id="drop"),
        pytest.param(Reply(500, json=NO), HTTPError, id="500"),
        pytest.param(Reply(429, json=NO), HTTPError, id="429"),
    ],
)
def test_one_poll_is_one_request(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[TarashException],
) -> None:
    job = world.submit(configured(), kite)
    server.fault("retrieve", reply)
    with pytest.raises(error):
        world.poll(job, config=configured())
    assert server.seen("retrieve") == 1


def test_a_job_that_is_gone(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    server.jobs.clear()
    with pytest.raises(NotFoundError) as raised:
        world.wait(job, config=configured())
    assert raised.value.request_id == job.request_id


def test_a_hanging_poll_ends_with_the_deadline(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    server.fault("retrieve", Reply.hanging(60))
    began = time.monotonic()
    with pytest.raises(TimeoutError) as raised:
        world.generate(configured(timeout=0.5), kite)
    assert time.monotonic() - began < 5
    assert raised.value.job is not None
    assert world.wait(raised.value.job, config=configured()).video.url
    assert server.posts == 1


def test_a_job_that_never_ends_is_kept_at_the_deadline(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    server.statuses = (QUEUED,)
    with pytest.raises(TimeoutError, match="still queued") as raised:
        world.generate(configured(timeout=0.3), kite)
    assert raised.value.job is not None


def test_the_protocol_cannot_cancel_and_nothing_is_sent(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    cancellation = world.cancel(job, config=configured())
    assert (cancellation.outcome, cancellation.job.state) == ("not_supported", "queued")
    assert (len(server.server.requests), len(server.jobs)) == (1, 1)


def deleted(world: World, job: Job, config: VideoGenerationConfig) -> None:
    if world.mode == "sync":
        tarash_openai.delete_video(job, config=config)
    else:
        world.run(tarash_openai.delete_video_async(job, config=config))


def test_deleting_what_the_server_keeps(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.generate(configured(), kite).job
    deleted(world, job, configured())
    assert (server.jobs, server.seen("delete")) == ({}, 1)
    with pytest.raises(NotFoundError):
        deleted(world, job, configured())
    server.fault("delete", Reply(json={"ok": True}))
    with pytest.raises(UnexpectedResponseError, match="ok"):
        deleted(world, job, configured())


def test_another_process_picks_the_job_up_and_downloads_it(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, key: str
) -> None:
    server.statuses = (COMPLETED,)
    job = world.submit(configured(), kite)
    assert key not in job.model_dump_json()
    code = "import sys, tarash_core as t; print(len(t.wait(t.Job.model_validate_json(sys.stdin.read())).video.read()))"
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"{code}; t.close()"],
        input=job.model_dump_json(),
        env={**os.environ, "OPENAI_API_KEY": key},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.stdout.strip() == str(len(server.video)), ended.stderr
    assert server.posts == 1


def test_an_address_of_the_environment_is_pinned(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    job = world.submit(configured(base_url=None), kite)
    assert job.base_url == server.url
    monkeypatch.delenv("OPENAI_BASE_URL")
    assert world.wait(job, config=configured()).video.url


def test_a_download_is_not_ready_or_forbidden(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    response = world.generate(configured(), kite)
    server.jobs.clear()
    with pytest.raises(NotFoundError):
        world.read(response.video)


def test_the_key_is_shown_to_the_configs_own_server_alone(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, key: str
) -> None:
    with LoopbackServer(lambda _: Reply(body=server.video, headers={"Content-Type": "video/mp4"})) as other:
        response = world.generate(configured(), kite)
        server.fault("content", Reply(302, headers={"Location": f"{other.url}/cdn/kite.mp4"}))
        assert world.read(response.video) == server.video
        assert [got.headers.get("authorization") for got in other.requests] == [None]
        stranger = GeneratedVideo(url=f"{other.url}/v1/videos/1/content", needs_key=True)
        with pytest.raises(ConfigurationError, match="the config is for"):
            world.read(stranger, config=configured())
        assert len(other.requests) == 1
