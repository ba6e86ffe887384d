"""What goes into a submit: files of any kind, references as the protocol documents them, and on which path."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tarash_openai.testing import VideoServer

import tarash_core as tarash
from tarash_core import ValidationError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + bytes(64)
URL = "https://example.com/first.png"


def with_frame(image: Any) -> VideoGenerationRequest:
    return VideoGenerationRequest(prompt="a red kite", image_list=[{"image": image, "role": "first_frame"}])


def sent(server: VideoServer) -> dict[str, Any]:
    (job,) = server.jobs.values()
    return {"step": job.step, **job.fields}


def content_type(server: VideoServer) -> str:
    return server.server.requests[0].headers["content-type"].partition(";")[0]


def of_path(folder: Path) -> Any:
    (folder / "drachen über see.png").write_bytes(PNG)
    return folder / "drachen über see.png"


KINDS: list[Any] = [
    pytest.param(of_path, "drachen__ber_see.png", id="path"),
    pytest.param(lambda _: PNG, "input.png", id="bytes"),
    pytest.param(lambda _: (PNG, "image/png"), "input.png", id="bytes and type"),
    pytest.param(lambda _: io.BytesIO(PNG), "input.png", id="open file"),
    pytest.param(lambda _: "data:image/png;base64," + base64.b64encode(PNG).decode(), "input.png", id="data URL"),
    pytest.param(lambda _: base64.b64encode(PNG).decode(), "input.png", id="base64"),
]


@pytest.mark.parametrize(("image", "name"), KINDS)
def test_a_first_frame_is_a_part_of_the_form(
    world: World,
    server: VideoServer,
    configured: Configured,
    tmp_path: Path,
    image: Callable[[Path], Any],
    name: str,
) -> None:
    world.submit(configured(), with_frame(image(tmp_path)))
    assert sent(server) == {"step": "create", "model": "sora-2", "prompt": "a red kite", "input_reference": PNG}
    part = server.server.requests[0].body.partition(b'name="input_reference"')[2]
    assert part.startswith(f'; filename="{name}"\r\nContent-Type: image/png\r\n'.encode())


def test_an_address_is_the_servers_to_fetch(world: World, server: VideoServer, configured: Configured) -> None:
    world.submit(configured(), with_frame(URL))
    assert sent(server)["input_reference"] == {"image_url": URL}
    assert content_type(server) == "application/json"


def test_an_image_that_the_server_has(world: World, server: VideoServer, configured: Configured) -> None:
    request = VideoGenerationRequest(prompt="a red kite", extra_params={"file_id": "file-1"})
    world.submit(configured(), request)
    assert sent(server) == {
        "step": "create",
        "model": "sora-2",
        "prompt": "a red kite",
        "input_reference": {"file_id": "file-1"},
    }
    with pytest.raises(ValidationError, match="takes the place of a first frame"):
        world.submit(configured(), request.model_copy(update={"image_list": with_frame(PNG).image_list}))


def test_without_a_file_it_is_a_form_too(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    world.submit(configured(), kite)
    assert content_type(server) == "multipart/form-data"


def test_a_models_own_parameters_reach_the_server(world: World, server: VideoServer, configured: Configured) -> None:
    request = VideoGenerationRequest(
        prompt="a red kite",
        resolution="832x480",
        duration_seconds=2.5,
        extra_params={"num_frames": 81, "flow_shift": 2.5, "hd": True},
    )
    job = world.submit(configured(model="Wan-AI/Wan2.2-T2V-A14B"), request)
    assert sent(server) == {
        "step": "create",
        "model": "Wan-AI/Wan2.2-T2V-A14B",
        "prompt": "a red kite",
        "seconds": "2.5",
        "size": "832x480",
        "num_frames": "81",
        "flow_shift": "2.5",
        "hd": "true",
    }
    assert ["no mapping for 'Wan-AI/Wan2.2-T2V-A14B'" in warning for warning in job.warnings] == [True]


def test_a_remix(world: World, server: VideoServer, configured: Configured) -> None:
    request = VideoGenerationRequest(prompt="now at night", extra_params={"video_id": "video_1"})
    job = world.submit(configured(model="videos/remix"), request)
    assert sent(server) == {"step": "remix", "prompt": "now at night", "video_id": "video_1"}
    assert [(got.method, got.path, got.json()) for got in server.server.requests] == [
        ("POST", "/v1/videos/video_1/remix", {"prompt": "now at night"})
    ]
    assert world.wait(job, config=configured(model="videos/remix")).video.url


@pytest.mark.parametrize(
    ("model", "step", "more"),
    [("videos/edits", "edit", {}), ("videos/extensions", "extend", {"duration_seconds": 20})],
)
def test_editing_and_extending(
    world: World, server: VideoServer, configured: Configured, model: str, step: str, more: dict[str, Any]
) -> None:
    config = configured(model=model)
    seconds = {"seconds": "20"} if more else {}
    world.submit(config, VideoGenerationRequest(prompt="now at night", extra_params={"video_id": "video_1"}, **more))
    assert sent(server) == {"step": step, "prompt": "now at night", "video": {"id": "video_1"}, **seconds}
    assert content_type(server) == "application/json"
    server.jobs.clear()
    world.submit(config, VideoGenerationRequest(prompt="now at night", video=MP4, **more))
    assert sent(server) == {"step": step, "prompt": "now at night", "video": MP4, **seconds}
    assert [got.path for got in server.server.requests] == [f"/v1/{model}"] * 2


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"video": "https://example.com/clip.mp4"}, "takes a file or the id of a video that the server made"),
        ({}, "exactly one of video and video_id"),
        ({"video": MP4, "video_id": "video_1"}, "exactly one of video and video_id"),
    ],
)
def test_videos_that_cannot_be_edited(
    world: World, server: VideoServer, configured: Configured, given: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        world.submit(configured(model="videos/edits"), VideoGenerationRequest(prompt="at night", **given))
    assert server.posts == 0


def test_a_remix_needs_a_video(world: World, server: VideoServer, configured: Configured) -> None:
    with pytest.raises(ValidationError, match="video_id"):
        world.submit(configured(model="videos/remix"), VideoGenerationRequest(prompt="at night"))
    assert server.posts == 0


SIZES = [
    ("sora-2", {"resolution": "720p", "aspect_ratio": "16:9"}, "1280x720"),
    ("sora-2", {"resolution": "720P", "aspect_ratio": "9:16"}, "720x1280"),
    ("sora-2", {"resolution": "1280 x 720"}, "1280x720"),
    ("sora-2", {"aspect_ratio": "16:9"}, "1280x720"),
    ("sora-2-pro", {"aspect_ratio": "7:4"}, "1792x1024"),
    ("sora-2-pro", {"resolution": "1024p", "aspect_ratio": "4:7"}, "1024x1792"),
    ("any-other", {"resolution": "1080p", "aspect_ratio": "9:16"}, "1080x1920"),
    ("any-other", {"resolution": "720p", "aspect_ratio": "4:3"}, "960x720"),
    ("any-other", {"resolution": "832*480"}, "832x480"),
]


@pytest.mark.parametrize(("model", "asked", "size"), SIZES)
def test_resolution_and_aspect_ratio_are_one_size(
    configured: Configured, model: str, asked: dict[str, str], size: str
) -> None:
    payload = tarash.build_payload(configured(model=model), VideoGenerationRequest(prompt="x", **asked))
    assert payload.arguments["size"] == size


NO_SIZES = [
    ("sora-2", {"resolution": "720p"}, "it may mean 720x1280 or 1280x720; give aspect_ratio too"),
    ("sora-2", {"resolution": "1080p", "aspect_ratio": "16:9"}, "choose 720x1280 or 1280x720"),
    ("sora-2", {"resolution": "1280x720", "aspect_ratio": "9:16"}, "choose 720x1280 or 1280x720"),
    ("sora-2", {"resolution": "1024x1792"}, "choose 720x1280 or 1280x720"),
    ("sora-2", {"aspect_ratio": "auto"}, "choose 720x1280 or 1280x720"),
    ("any-other", {"resolution": "720p"}, "with an aspect_ratio like '16:9'"),
    ("any-other", {"aspect_ratio": "0:9", "resolution": "720p"}, "with an aspect_ratio like '16:9'"),
    ("any-other", {"resolution": "480p", "aspect_ratio": "16:9"}, "no whole number of pixels"),
    ("any-other", {"resolution": "1280x720", "aspect_ratio": "1:1"}, "1280x720 is not 1:1"),
    ("any-other", {"resolution": "large"}, "give resolution in pixels"),
]


@pytest.mark.parametrize(("model", "asked", "says"), NO_SIZES)
def test_sizes_that_are_not_offered_are_said_before_anything_is_sent(
    configured: Configured, model: str, asked: dict[str, str], says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        tarash.build_payload(configured(model=model), VideoGenerationRequest(prompt="x", **asked))
