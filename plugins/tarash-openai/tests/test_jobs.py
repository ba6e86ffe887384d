"""What a server tells of a video: progress, the download behind the key, deleting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import tarash_openai
from tarash_openai.testing import COMPLETED, IN_PROGRESS, QUEUED, VideoServer

from tarash_core import (
    ConfigurationError,
    GeneratedVideo,
    Job,
    NotFoundError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationUpdate,
)
from tarash_core.testing import LoopbackServer, Reply, World

Configured = Callable[..., VideoGenerationConfig]


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
