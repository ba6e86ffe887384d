"""What Google is sent: media, as bodies on the wire, and what is refused before. Its schemas: test_catalogue.py."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tarash_google.testing import FakeGoogle

from tarash_core import (
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    build_payload,
    find_mapping,
    list_models,
)
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(64)


def sent(world: World, google: FakeGoogle, config: VideoGenerationConfig, request: VideoGenerationRequest) -> Any:
    world.submit(config, request)
    return list(google.jobs.values())[-1].body


def test_every_mapping_says_where_it_is_documented() -> None:
    for mapping in (find_mapping("google", name) for name in list_models("google")):
        assert mapping.docs is not None
        assert mapping.docs.startswith(("https://ai.google.dev/", "https://docs.cloud.google", "https://cloud.google"))
        assert "prompt" in mapping.takes


def test_frames_of_any_kind_go_inside_the_request(
    world: World, google: FakeGoogle, veo_config: Configured, tmp_path: Path
) -> None:
    (tmp_path / "last.jpg").write_bytes(JPEG)
    request = VideoGenerationRequest(
        prompt="a red kite",
        image_list=[
            {"image": f"data:image/png;base64,{base64.b64encode(PNG).decode()}", "role": "first_frame"},
            {"image": tmp_path / "last.jpg", "role": "last_frame"},
        ],
    )
    (instance,) = sent(world, google, veo_config(), request)["instances"]
    assert instance == {
        "prompt": "a red kite",
        "image": {"bytesBase64Encoded": base64.b64encode(PNG).decode(), "mimeType": "image/png"},
        "lastFrame": {"bytesBase64Encoded": base64.b64encode(JPEG).decode(), "mimeType": "image/jpeg"},
    }


def test_references_of_any_kind_go_inside_the_request(world: World, google: FakeGoogle, veo_config: Configured) -> None:
    request = VideoGenerationRequest(
        prompt="a red kite",
        image_list=[
            {"image": "gs://kites/reference.webp", "role": "asset"},
            {"image": PNG, "role": "reference"},
        ],
    )
    (instance,) = sent(world, google, veo_config(), request)["instances"]
    png = {"bytesBase64Encoded": base64.b64encode(PNG).decode(), "mimeType": "image/png"}
    assert instance == {
        "prompt": "a red kite",
        "referenceImages": [
            {"image": {"gcsUri": "gs://kites/reference.webp", "mimeType": "image/webp"}, "referenceType": "ASSET"},
            {"image": png, "referenceType": "ASSET"},
        ],
    }


def test_a_video_goes_inside_the_request(world: World, google: FakeGoogle, veo_config: Configured) -> None:
    (instance,) = sent(world, google, veo_config(), VideoGenerationRequest(video=(MP4, "video/mp4")))["instances"]
    assert instance == {"video": {"bytesBase64Encoded": base64.b64encode(MP4).decode(), "mimeType": "video/mp4"}}


def test_a_video_in_cloud_storage_is_extended(world: World, google: FakeGoogle, veo_config: Configured) -> None:
    request = VideoGenerationRequest(prompt="on it flies", video="gs://kites/1.mp4")
    (instance,) = sent(world, google, veo_config(), request)["instances"]
    assert instance["video"] == {"gcsUri": "gs://kites/1.mp4", "mimeType": "video/mp4"}


def test_a_style_image_has_its_type(world: World, google: FakeGoogle, veo_config: Configured) -> None:
    request = VideoGenerationRequest(prompt="a", image_list=[{"image": PNG, "role": "style"}])
    (instance,) = sent(world, google, veo_config(model="veo-2.0-generate-exp"), request)["instances"]
    assert [item["referenceType"] for item in instance["referenceImages"]] == ["STYLE"]


def test_a_web_address_is_refused_on_the_vertex_road(world: World, google: FakeGoogle, veo_config: Configured) -> None:
    images = [{"image": "https://example.com/kite.png", "role": "first_frame"}]
    with pytest.raises(ValidationError, match=r"reads no web addresses .*give bytes, a file, or a gs://") as raised:
        world.submit(veo_config(), VideoGenerationRequest(prompt="a", image_list=images))
    assert raised.value.field == "image_list"
    assert google.server.requests == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"image_list": [{"image": PNG, "role": "last_frame"}]}, "first_frame"),
        ({"image_list": [{"image": PNG, "role": "asset"}], "duration_seconds": 4}, "reference images need 8 seconds"),
        ({"image_list": [{"image": PNG, "role": "asset"}] * 4}, "asset"),
        ({"image_list": [{"image": PNG, "role": "asset"}], "prompt": None}, "prompt"),
        ({"image_list": [{"image": PNG, "role": role} for role in ("first_frame", "asset")]}, "or frames"),
        ({"image_list": [{"image": PNG, "role": "first_frame"}], "video": "gs://kites/1.mp4"}, "a video to extend"),
        ({"prompt": None}, "a prompt, a first frame or a video"),
        ({"resize_mode": "crop"}, "resize_mode is about the first frame"),
        ({"labels": "kites"}, "labels"),
    ],
)
def test_what_veo_does_not_take(veo_config: Configured, given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        build_payload(veo_config(), VideoGenerationRequest(**{"prompt": "a", **given}))


def test_parameters_that_the_sdk_does_not_know_are_sent_as_they_are(
    world: World, google: FakeGoogle, configured: Configured
) -> None:
    body = sent(world, google, configured(), VideoGenerationRequest(prompt="a", extra_params={"brandNew": 1}))
    assert body.get("parameters", body)["brandNew"] == 1


def test_a_value_that_the_sdk_refuses_costs_nothing(world: World, google: FakeGoogle, veo_config: Configured) -> None:
    request = VideoGenerationRequest(prompt="a", extra_params={"mask": "not a mask"})
    with pytest.raises(ValidationError, match="'mask"):
        world.submit(veo_config(), request)
    assert google.posts == 0
