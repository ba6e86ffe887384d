"""Where a result stands: inside the answer, behind the key, in Cloud Storage; several, filtered, incomplete."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from tarash_google.testing import FakeGoogle, filtered, inline_video, omni

from tarash_core import (
    GenerationFailedError,
    TarashException,
    UnexpectedResponseError,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import World, tiny_video

Configured = Callable[..., VideoGenerationConfig]

PLACED = {"project": "kites", "location": "us-central1", "output_gcs_uri": "gs://kites/"}


def by_address(google: FakeGoogle) -> dict[str, str]:
    """A video that the Gemini API keeps."""
    return {"type": "video", "mime_type": "video/mp4", "uri": f"{google.url}/v1beta/files/abc-1:download?alt=media"}


def test_a_video_by_address_is_waited_for_and_fetched_with_the_key(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    google.states = (omni("completed", by_address(google)),)
    google.file_states = ("PROCESSING", "PROCESSING", "ACTIVE")
    response = world.generate(omni_config(), kite)
    assert (google.seen("poll"), google.seen("file")) == (3, 3)
    assert world.read(response.video) == google.video
    assert google.server.requests[-1].headers["x-goog-api-key"] == google.key


def test_a_file_that_could_not_be_written(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    google.states = (omni("completed", by_address(google)),)
    google.file_states = ("FAILED",)
    with pytest.raises(GenerationFailedError, match="files/abc-1"):
        world.generate(omni_config(), kite)


def test_the_key_goes_to_no_other_host(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    with FakeGoogle() as another:
        elsewhere = {**by_address(google), "uri": f"{another.url}/v1/videos/1.mp4"}
        google.states = (omni("completed", elsewhere),)
        response = world.generate(omni_config(), kite)
        with pytest.raises(TarashException):
            world.read(response.video)
        (asked,) = another.server.requests
    assert "x-goog-api-key" not in asked.headers


def test_a_video_in_cloud_storage_is_given_as_it_is(
    world: World, google: FakeGoogle, veo_config: Configured, kite: VideoGenerationRequest
) -> None:
    stored = {"videos": [{"gcsUri": "gs://kites/1/sample_0.mp4", "mimeType": "video/mp4"}]}
    google.states = ({"done": True, "response": stored},)
    response = world.generate(veo_config(provider_config=PLACED), kite)
    assert (response.video.url, response.video.data) == ("gs://kites/1/sample_0.mp4", None)
    (job,) = google.jobs.values()
    assert job.body["parameters"]["storageUri"] == "gs://kites/"
    with pytest.raises(UnexpectedResponseError, match=r"gs://kites/1/sample_0\.mp4.*gcloud storage cp"):
        world.read(response.video)


def test_several_videos_and_one_that_was_filtered(
    world: World, google: FakeGoogle, veo_config: Configured, kite: VideoGenerationRequest
) -> None:
    made = inline_video(tiny_video())["videos"] * 2
    google.states = ({"done": True, "response": filtered("no faces", videos=made)},)
    response = world.generate(veo_config(), kite.model_copy(update={"number_of_videos": 3}))
    assert [video.data for video in response.videos] == [tiny_video()] * 2
    assert "google filtered 1 of 3 videos: no faces" in response.warnings


def test_an_incomplete_video_is_given_with_a_warning(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    part = {"type": "video", "mime_type": "video/mp4", "data": base64.b64encode(tiny_video()).decode()}
    google.states = (omni("incomplete", part),)
    response = world.generate(omni_config(), kite)
    assert response.video.data == tiny_video()
    assert "incomplete" in response.warnings[-1]


def test_the_video_is_in_no_json_of_the_job(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    response = world.generate(configured(), kite)
    encoded = base64.b64encode(google.video).decode()
    assert encoded[:40] not in response.job.model_dump_json()
    assert f"<{len(google.video)} bytes>" in str(response.raw_response)
