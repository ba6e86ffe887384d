"""The families of ``models/families.yaml``: which endpoint a request that names one goes to.

What holds for every family is in the contract of `test_models.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import tarash_fal

from tarash_core import VideoGenerationConfig, VideoGenerationRequest, build_payload
from tarash_core.errors import ValidationError
from tarash_core.mapping.library import MappingLibrary

MODELS = Path(tarash_fal.__file__).parent / "models"
LIBRARY = MappingLibrary.load("fal", models=MODELS, converters=tarash_fal.tarash_converters())
FAMILIES = LIBRARY.families()
IMAGE, VIDEO = "https://example.com/picture.png", "https://example.com/clip.mp4"


def asked(*inputs: str) -> VideoGenerationRequest:
    images = [{"image": IMAGE, "role": role} for role in inputs if role != "video"]
    return VideoGenerationRequest(prompt="a red kite", image_list=images, video=VIDEO if "video" in inputs else None)


@pytest.mark.parametrize(
    ("family", "inputs", "model"),
    [
        ("veo-3.1", (), "fal-ai/veo3.1"),
        ("veo-3.1", ("first_frame",), "fal-ai/veo3.1/image-to-video"),
        ("veo-3.1", ("first_frame", "last_frame"), "fal-ai/veo3.1/first-last-frame-to-video"),
        ("veo-3.1", ("reference", "reference"), "fal-ai/veo3.1/reference-to-video"),
        ("veo-3.1", ("video",), "fal-ai/veo3.1/extend-video"),
        ("veo-3.1-fast", ("first_frame",), "fal-ai/veo3.1/fast/image-to-video"),
        ("veo-3.1-lite", ("last_frame", "first_frame"), "fal-ai/veo3.1/lite/first-last-frame-to-video"),
        ("hailuo-02-pro", ("first_frame", "last_frame"), "fal-ai/minimax/hailuo-02/pro/image-to-video"),
        ("hailuo-2.3-standard", (), "fal-ai/minimax/hailuo-2.3/standard/text-to-video"),
        ("kling-1.6-pro", ("reference",), "fal-ai/kling-video/v1.6/pro/elements"),
        ("kling-2.6-pro", ("reference", "video"), "fal-ai/kling-video/v2.6/pro/motion-control"),
        ("kling-3-pro", ("first_frame", "last_frame"), "fal-ai/kling-video/v3/pro/image-to-video"),
        ("seedance-2", ("reference", "video"), "bytedance/seedance-2.0/reference-to-video"),
        ("seedance-1-lite", ("first_frame", "last_frame"), "fal-ai/bytedance/seedance/v1/lite/image-to-video"),
        ("seedance-1-lite", ("reference",), "fal-ai/bytedance/seedance/v1/lite/reference-to-video"),
        ("sora-2-pro", ("first_frame",), "fal-ai/sora-2/image-to-video/pro"),
        ("wan-2.5", ("first_frame",), "fal-ai/wan-25-preview/image-to-video"),
        ("wan-2.6-flash", ("reference",), "wan/v2.6/reference-to-video/flash"),
    ],
)
def test_the_endpoint_that_takes_the_inputs(family: str, inputs: tuple[str, ...], model: str) -> None:
    assert LIBRARY.chosen(family, asked(*inputs)) == model


def test_the_payload_is_for_the_endpoint_that_was_chosen() -> None:
    config = VideoGenerationConfig(provider="fal", model="veo-3.1")
    payload = build_payload(config, asked("first_frame"))
    assert payload.model == "fal-ai/veo3.1/image-to-video"
    assert payload.arguments == {"prompt": "a red kite", "image_url": IMAGE}
    assert payload.warnings == ()


@pytest.mark.parametrize(
    ("family", "inputs"),
    [
        ("veo-3.1", ("last_frame",)),
        ("veo-3.1", ("reference", "first_frame")),
        ("veo-3.1-fast", ("reference",)),
        ("hailuo-2.3-pro", ("first_frame", "last_frame")),
        ("kling-3-pro", ("video",)),
        ("seedance-1-pro", ("first_frame", "last_frame")),
        ("wan-2.6-flash", ()),
    ],
)
def test_a_refusal_that_lists_what_there_is(family: str, inputs: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        LIBRARY.chosen(family, asked(*inputs))
    assert all(f"'{model}' (" in str(caught.value) for model in FAMILIES[family])


def test_a_duration_that_only_fal_has() -> None:
    config = VideoGenerationConfig(provider="fal", model="seedance-2", on_unsupported="error")
    payload = build_payload(config, VideoGenerationRequest(prompt="a red kite", extra_params={"duration": "auto"}))
    assert payload.arguments == {"prompt": "a red kite", "duration": "auto"}
