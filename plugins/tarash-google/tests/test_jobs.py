"""A job on its way, on both roads: its video, its updates, and whose credentials it is waited for with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tarash_google.testing import FakeGoogle, omni

from tarash_core import (
    ConfigurationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationUpdate,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]


def test_a_video(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest, tmp_path: Path
) -> None:
    response = world.generate(configured(), kite)
    assert response.video.content_type == "video/mp4"
    assert world.save(response.video, tmp_path / "kite.mp4").read_bytes() == google.video
    (job,) = google.jobs.values()
    assert (job.model, response.request_id) == (configured().model, job.name)
    assert (google.posts, google.seen("poll"), google.seen("download")) == (1, 3, 0)


def test_the_updates_tell_the_states_and_the_road(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    updates: list[VideoGenerationUpdate] = []
    world.generate(configured(), kite, on_progress=updates.append)
    told = [(update.phase, update.status) for update in updates]
    early = "queued" if google.seen("token") == 0 else "processing"
    assert told == [("submitted", "queued"), ("polled", early), ("polled", "processing"), ("completed", "completed")]
    (line,) = updates[0].logs
    assert line.startswith("google: the Vertex road, project 'kites'" if early == "processing" else "google: the key-")


def test_a_job_without_its_key_says_what_is_missing(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(omni_config(), kite).model_copy(update={"account": None})
    with pytest.raises(ConfigurationError, match=r"GEMINI_API_KEY"):
        world.wait(job)


def test_a_job_that_is_being_cancelled(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(omni_config(), kite)
    google.fault("cancel", Reply(json={"id": job.request_id, **omni("in_progress")}))
    assert world.cancel(job, config=omni_config()).outcome == "requested"


def test_a_key_that_lies_around_does_not_own_a_job_that_other_credentials_paid(
    world: World,
    veo_config: Callable[..., VideoGenerationConfig],
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = veo_config()
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-something-else-entirely")
    job = world.submit(config, kite)
    assert job.account is None
    monkeypatch.delenv("GEMINI_API_KEY")
    assert world.wait(job, config=config).request_id == job.request_id
