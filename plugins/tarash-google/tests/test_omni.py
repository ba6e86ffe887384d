"""What Gemini Omni is sent on the key-only road, as bodies on the wire."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from tarash_google.testing import FakeGoogle

from tarash_core import ValidationError, VideoGenerationConfig, VideoGenerationRequest, build_payload
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
TEXT = {"type": "text", "text": "a red kite"}
IMAGE = {"type": "image", "data": base64.b64encode(PNG).decode(), "mime_type": "image/png"}


def sent(world: World, google: FakeGoogle, config: VideoGenerationConfig, request: VideoGenerationRequest) -> Any:
    world.submit(config, request)
    return list(google.jobs.values())[-1].body


def tagged(tags: str) -> dict[str, str]:
    return {"type": "text", "text": f"{tags} a red kite"}


@pytest.mark.parametrize(
    ("given", "content", "format_", "settings"),
    [
        ({}, [TEXT], {}, None),
        (
            {"duration_seconds": 12, "resolution": "720p", "aspect_ratio": "9:16", "seed": 7},
            [TEXT],
            {"duration": "12s", "resolution": "720p", "aspect_ratio": "9:16"},
            {"seed": 7},
        ),
        ({"resolution": "4k"}, [TEXT], {"resolution": "4k", "delivery": "uri"}, None),
        ({"resolution": "1080p", "delivery": "inline"}, [TEXT], {"resolution": "1080p", "delivery": "inline"}, None),
        ({"task": "text_to_video"}, [TEXT], {}, {"video_config": {"task": "text_to_video"}}),
        (
            {"image_list": [{"image": PNG, "role": "first_frame"}]},
            [IMAGE, tagged("[# Sources <FIRST_FRAME>@Image1]")],
            {},
            None,
        ),
        (
            {"image_list": [{"image": PNG, "role": role} for role in ("style", "last_frame", "first_frame", "asset")]},
            [
                *[IMAGE] * 4,
                tagged(
                    "[# Sources <FIRST_FRAME>@Image1 <LAST_FRAME>@Image2] "
                    "[# References <IMAGE_REF_0>@Image3 <IMAGE_REF_1>@Image4]"
                ),
            ],
            {},
            None,
        ),
        (
            {"video": "https://example.com/files/1.mp4"},
            [{"type": "video", "uri": "https://example.com/files/1.mp4", "mime_type": "video/mp4"}, TEXT],
            {},
            None,
        ),
    ],
)
def test_what_gemini_omni_is_sent(
    world: World,
    google: FakeGoogle,
    omni_config: Configured,
    given: dict[str, Any],
    content: list[dict[str, str]],
    format_: dict[str, str],
    settings: dict[str, Any] | None,
) -> None:
    body = sent(world, google, omni_config(), VideoGenerationRequest(prompt="a red kite", **given))
    assert body == {
        "model": "gemini-omni-1.2-flash",
        "background": True,
        "store": True,
        "input": [{"type": "user_input", "content": content}],
        "response_format": {"type": "video", **format_},
        **({"generation_config": settings} if settings else {}),
    }


def test_a_prompt_that_names_its_images_is_left_as_it_is(
    world: World, google: FakeGoogle, omni_config: Configured
) -> None:
    prompt = "[# References <IMAGE_REF_0>@Image1] a kite like <IMAGE_REF_0>"
    request = VideoGenerationRequest(prompt=prompt, image_list=[{"image": PNG, "role": "first_frame"}])
    (step,) = sent(world, google, omni_config(), request)["input"]
    assert step["content"][-1]["text"] == prompt


@pytest.mark.parametrize(
    ("model", "given", "says"),
    [
        ("gemini-omni-1.1-flash", {"duration_seconds": 11}, "duration_seconds=11"),
        ("gemini-omni-1.2-flash", {"duration_seconds": 16}, "duration_seconds=16"),
        ("gemini-omni-1.2-flash", {"duration_seconds": 2.5}, "duration_seconds"),
        ("gemini-omni-1.2-flash", {"resolution": "540p"}, "resolution='540p'"),
        ("gemini-omni-1.2-flash", {"image_list": [{"image": PNG, "role": "last_frame"}]}, "first_frame"),
        ("gemini-omni-1.2-flash", {"image_list": [{"image": PNG, "role": "first_frame"}] * 2}, "one image"),
        ("gemini-omni-1.2-flash", {"task": "dream"}, "task='dream'"),
    ],
)
def test_what_gemini_omni_does_not_take(omni_config: Configured, model: str, given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        build_payload(omni_config(model=model), VideoGenerationRequest(prompt="a", **given))


def test_what_the_key_only_road_leaves_out_is_said(omni_config: Configured) -> None:
    request = VideoGenerationRequest(prompt="a", negative_prompt="rain", number_of_videos=2, generate_audio=False)
    warnings = build_payload(omni_config(), request).warnings
    assert len(warnings) == 3
    with pytest.raises(ValidationError, match=r"generate_audio; models of 'google' that do: veo-"):
        build_payload(omni_config(on_unsupported="error"), request)
