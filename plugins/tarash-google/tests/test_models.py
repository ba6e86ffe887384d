"""What each model is sent, held against the schemas that Google published, as bodies on the wire."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
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

SCHEMAS = json.loads((Path(__file__).parent / "data" / "veo_schemas.json").read_text())["models"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(64)
# In the schemas of all models because they are in one table; documented for other models or for masks only.
NOT_OFFERED = {
    "veo-2.0-generate-001": {"mask", "referenceImages"},
    "veo-3.0-generate-001": {"mask", "referenceImages", "lastFrame", "video"},
    "veo-3.0-fast-generate-001": {"mask", "referenceImages", "lastFrame", "video"},
    "veo-3.1-generate-001": {"mask"},
    "veo-3.1-fast-generate-001": {"mask"},
}
# Our word for each parameter of theirs.
OURS: dict[str, Any] = {
    "prompt": ("prompt", "a red kite"),
    "image": ("first_frame", PNG),
    "lastFrame": ("last_frame", JPEG),
    "referenceImages": ("asset", PNG),
    "video": ("video", (MP4, "video/mp4")),
    "aspectRatio": ("aspect_ratio", "9:16"),
    "durationSeconds": ("duration_seconds", 8),
    "resolution": ("resolution", "1080p"),
    "generateAudio": ("generate_audio", False),
    "sampleCount": ("number_of_videos", 2),
    "negativePrompt": ("negative_prompt", "rain"),
    "enhancePrompt": ("enhance_prompt", True),
    "seed": ("seed", 7),
    "personGeneration": ("person_generation", "dont_allow"),
    "compressionQuality": ("compression_quality", "lossless"),
    "resizeMode": ("resize_mode", "crop"),
    "storageUri": ("output_gcs_uri", "gs://kites/"),
    "fps": ("fps", 24),
    "pubsubTopic": ("pubsub_topic", "projects/kites/topics/done"),
    "labels": ("labels", {"team": "kites"}),
}


def requested(*theirs: str) -> VideoGenerationRequest:
    """A request that asks for these parameters of theirs, and only for them."""
    given = dict(OURS[name] for name in theirs)
    roles = [role for role in ("first_frame", "last_frame", "asset") if role in given]
    images = [{"image": given.pop(role), "role": role} for role in roles]
    return VideoGenerationRequest(**given, image_list=images)


def offered(model: str) -> list[str]:
    """Every parameter of a model's schema."""
    schema = SCHEMAS[model]["input_schema"]["properties"]
    names = [*schema["instances"]["items"]["properties"], *schema["parameters"]["properties"], "labels"]
    return [name for name in names if name not in NOT_OFFERED[model]]


def sent(world: World, google: FakeGoogle, config: VideoGenerationConfig, request: VideoGenerationRequest) -> Any:
    world.submit(config, request)
    return list(google.jobs.values())[-1].body


@pytest.mark.parametrize(("model", "name"), [(model, name) for model in SCHEMAS for name in offered(model)])
def test_each_parameter_alone_is_what_the_schema_says(
    google: FakeGoogle, veo_config: Configured, model: str, name: str
) -> None:
    needed = {"prompt", name} | ({"image"} if name == "lastFrame" else set())
    with World("sync") as world:
        body = sent(world, google, veo_config(model=model, on_unsupported="error"), requested(*sorted(needed)))
    jsonschema.validate(body, SCHEMAS[model]["input_schema"])
    assert name in body["instances"][0] | body.get("parameters", {}) | {"labels": body.get("labels")}


@pytest.mark.parametrize("model", SCHEMAS)
def test_values_are_those_of_the_schema(veo_config: Configured, model: str) -> None:
    """Every value of an enumeration is taken; one beyond it, or beyond a limit, is refused before anything is sent."""
    parameters = SCHEMAS[model]["input_schema"]["properties"]["parameters"]["properties"]
    limits: dict[str, list[Any]] = {
        "durationSeconds": [3, 9],
        "resolution": ["360p"],
        "aspectRatio": ["1:1"],
        "personGeneration": ["all"],
    }
    limits |= {"sampleCount": [5], "seed": [-1, 4294967296]}
    for theirs, wrong in limits.items():
        if theirs not in parameters:
            continue
        ours = OURS[theirs][0]
        for value in parameters[theirs].get("enum", []):
            assert build_payload(veo_config(model=model), VideoGenerationRequest(prompt="a", **{ours: value}))
        for value in wrong:
            with pytest.raises(ValidationError, match=ours):
                build_payload(veo_config(model=model), VideoGenerationRequest(prompt="a", **{ours: value}))


def test_every_mapping_says_where_it_is_documented() -> None:
    names = list_models("google")
    assert set(SCHEMAS) < set(names)
    for mapping in (find_mapping("google", name) for name in names):
        assert mapping.docs is not None
        assert mapping.docs.startswith(("https://ai.google.dev/", "https://docs.cloud.google", "https://cloud.google"))
        assert "prompt" in mapping.takes


def test_images_of_any_kind_go_inside_the_request(
    world: World, google: FakeGoogle, veo_config: Configured, tmp_path: Path
) -> None:
    (tmp_path / "last.jpg").write_bytes(JPEG)
    request = VideoGenerationRequest(
        prompt="a red kite",
        image_list=[
            {"image": f"data:image/png;base64,{base64.b64encode(PNG).decode()}", "role": "first_frame"},
            {"image": tmp_path / "last.jpg", "role": "last_frame"},
            {"image": "gs://kites/reference.webp", "role": "asset"},
            {"image": PNG, "role": "reference"},
        ],
    )
    (instance,) = sent(world, google, veo_config(), request)["instances"]
    png = {"bytesBase64Encoded": base64.b64encode(PNG).decode(), "mimeType": "image/png"}
    assert instance == {
        "prompt": "a red kite",
        "image": png,
        "lastFrame": {"bytesBase64Encoded": base64.b64encode(JPEG).decode(), "mimeType": "image/jpeg"},
        "referenceImages": [
            {"image": {"gcsUri": "gs://kites/reference.webp", "mimeType": "image/webp"}, "referenceType": "ASSET"},
            {"image": png, "referenceType": "ASSET"},
        ],
    }


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
        ({"labels": "kites"}, "labels"),
    ],
)
def test_what_veo_does_not_take(veo_config: Configured, given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        build_payload(veo_config(), VideoGenerationRequest(prompt="a", **given))


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
