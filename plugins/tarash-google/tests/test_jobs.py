"""A job on its way, on both roads: progress, polls that fail, results, cancelling, and another process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tarash_google.testing import FakeGoogle, omni

from tarash_core import (
    ConfigurationError,
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

HTML = Reply(502, body=b"<html>proxy</html>", headers={"Content-Type": "text/html"})
PASSING = [
    pytest.param(Reply.dropped(), id="drop"),
    pytest.param(Reply.reset(), id="reset"),
    pytest.param(Reply(408, json={"error": {"code": 408, "message": "late"}}), id="408"),
    pytest.param(Reply(429, json={"error": {"code": 429}}, headers={"Retry-After": "0.01"}), id="429"),
    pytest.param(Reply(500, json={"error": {"code": 500, "status": "INTERNAL", "message": "no"}}), id="500"),
    pytest.param(HTML, id="502 html"),
    pytest.param(Reply(404, json={"error": {"code": 404, "message": "not known yet"}}), id="404"),
    pytest.param(Reply(200, body=b"<html>maintenance</html>", headers={"Content-Type": "text/html"}), id="200 html"),
]


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


@pytest.mark.parametrize("reply", PASSING)
def test_a_poll_that_fails_is_asked_again(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest, reply: Reply
) -> None:
    google.fault("poll", reply)
    assert world.generate(configured(), kite).video.data == google.video
    assert (google.posts, google.seen("poll")) == (1, 4)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(Reply.dropped(), HTTPConnectionError, id="drop"),
        pytest.param(Reply(503, json={"error": {"code": 503}}), HTTPError, id="503"),
        pytest.param(Reply(429, json={"error": {"code": 429}}), HTTPError, id="429"),
    ],
)
def test_one_poll_is_one_request(
    world: World,
    google: FakeGoogle,
    configured: Configured,
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[TarashException],
) -> None:
    job = world.submit(configured(), kite)
    google.fault("poll", reply)
    with pytest.raises(error):
        world.poll(job, config=configured())
    assert google.seen("poll") == 1


def test_a_job_that_is_gone(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    google.jobs.clear()
    with pytest.raises(NotFoundError) as raised:
        world.wait(job, config=configured())
    assert raised.value.request_id == job.request_id


def test_an_unknown_status_is_quoted_at_once(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    google.states = (omni("archived"),)
    with pytest.raises(UnexpectedResponseError, match="'archived'"):
        world.generate(omni_config(), kite)
    assert google.seen("poll") == 1


def test_a_hanging_poll_ends_with_the_deadline(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    google.fault("poll", Reply.hanging(60))
    began = time.monotonic()
    with pytest.raises(TimeoutError) as raised:
        world.generate(configured(timeout=0.5), kite)
    assert time.monotonic() - began < 6
    assert raised.value.job is not None
    assert world.wait(raised.value.job, config=configured()).video.data == google.video


def test_a_job_that_never_ends(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    google.states = ({"status": "in_progress"},)
    with pytest.raises(TimeoutError) as raised:
        world.generate(configured(timeout=0.5), kite)
    assert raised.value.job is not None
    assert google.posts == 1


def test_another_process_picks_it_up(google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest) -> None:
    """Of the job's JSON alone: on Vertex neither project nor location stands in that process's environment."""
    with World("sync") as world:
        job = world.submit(configured(), kite)
    code = (
        "import sys, tarash_core as t\n"
        "job = t.Job.model_validate_json(sys.stdin.read())\n"
        "print(len(t.wait(job).video.read()))"
    )
    environment = {**os.environ, "GEMINI_API_KEY": google.key or ""} if job.account else dict(os.environ)
    ended = subprocess.run(
        [sys.executable, "-c", code],
        input=job.model_dump_json(),
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )
    assert ended.stdout.strip() == str(len(google.video)), ended.stderr
    assert google.posts == 1


def test_a_job_without_its_key_says_what_is_missing(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(omni_config(), kite).model_copy(update={"account": None})
    with pytest.raises(ConfigurationError, match=r"GEMINI_API_KEY"):
        world.wait(job)


def test_cancelling(world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest) -> None:
    job = world.submit(omni_config(), kite)
    assert world.cancel(job, config=omni_config()).outcome == "cancelled"
    with pytest.raises(GenerationFailedError, match="cancelled"):
        world.wait(job, config=omni_config())


def test_cancelling_too_late(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    google.states = (omni("completed"),)
    job = world.submit(omni_config(), kite)
    assert world.cancel(job, config=omni_config()).outcome == "too_late"


def test_a_refused_cancellation_of_a_running_job_is_an_error(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(omni_config(), kite)
    google.fault("cancel", Reply(400, json={"error": {"code": 400, "message": "not now"}}))
    with pytest.raises(TarashException, match="not now"):
        world.cancel(job, config=omni_config())


def test_a_job_that_is_being_cancelled(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(omni_config(), kite)
    google.fault("cancel", Reply(json={"id": job.request_id, **omni("in_progress")}))
    assert world.cancel(job, config=omni_config()).outcome == "requested"


def test_vertex_cannot_cancel(
    world: World, google: FakeGoogle, veo_config: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(veo_config(), kite)
    asked = len(google.server.requests)
    assert world.cancel(job, config=veo_config()).outcome == "not_supported"
    assert len(google.server.requests) == asked


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
