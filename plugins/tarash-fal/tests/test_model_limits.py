"""Limits that stand in words on the page of a model, where its schema has none: files counted together, and lengths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tarash_core import Payload, ValidationError, VideoGenerationConfig, VideoGenerationRequest, build_payload
from tarash_core.stack import forget

Json = dict[str, Any]

IMAGE, VIDEO, AUDIO = "https://example.com/picture.png", "https://example.com/clip.mp4", "https://example.com/song.mp3"
ELEMENT = {"frontal_image_url": IMAGE}


@pytest.fixture(autouse=True)
def _files_of_the_plugin_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither the user's mappings nor those of the folder that the tests run in."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    forget("fal")
    yield
    forget("fal")


def convert(model: str, ours: Json) -> Payload:
    config = VideoGenerationConfig(provider="fal", model=model, on_unsupported="error")
    return build_payload(config, VideoGenerationRequest(**{"prompt": "a red kite", **ours}))


def references(count: int) -> list[Json]:
    return [{"image": IMAGE, "role": "reference"}] * count


@pytest.mark.parametrize(
    ("model", "given", "images", "most"),
    [
        ("bytedance/seedance-2.0/reference-to-video", {"video": VIDEO, "audio_urls": [AUDIO] * 3}, 8, 12),
        ("minimax/h3/reference-to-video", {"video": VIDEO, "reference_audio_urls": [AUDIO] * 3}, 8, 12),
        ("wan/v2.6/reference-to-video/flash", {"video": VIDEO}, 4, 5),
        ("fal-ai/kling-video/o1/reference-to-video", {"elements": [ELEMENT] * 4}, 3, 7),
        ("fal-ai/kling-video/o1/standard/video-to-video/edit", {"video": VIDEO, "elements": [ELEMENT]}, 3, 4),
        ("fal-ai/kling-video/o3/pro/video-to-video/reference", {"video": VIDEO, "elements": [ELEMENT]}, 3, 4),
        ("fal-ai/vidu/q2/reference-to-video/pro", {"video": VIDEO}, 4, 4),
    ],
)
def test_files_are_counted_together(model: str, given: Json, images: int, most: int) -> None:
    assert convert(model, {**given, "image_list": references(images)}).warnings == ()
    with pytest.raises(ValidationError, match=rf"at most {most} items, not {most + 1}"):
        convert(model, {**given, "image_list": references(images + 1)})


@pytest.mark.parametrize("path", ["", "fast/", "mini/"])
def test_sound_alone_is_no_reference(path: str) -> None:
    model = f"bytedance/seedance-2.0/{path}reference-to-video"
    with pytest.raises(ValidationError, match="audio needs a reference image or video"):
        convert(model, {"audio_urls": [AUDIO]})
    asset = [{"image": IMAGE, "role": "asset"}]
    assert convert(model, {"audio_urls": [AUDIO], "image_list": asset}).arguments["image_urls"] == [IMAGE]
    assert convert(model, {"audio_urls": [AUDIO], "video": VIDEO}).arguments["video_urls"] == [VIDEO]


def test_a_length_that_the_model_would_not_look_at_is_refused() -> None:
    with pytest.raises(ValidationError, match="as long as the sound unless match_audio_length is false"):
        convert("fal-ai/ltx-2-19b/audio-to-video", {"audio_url": AUDIO, "duration_seconds": 5})


def test_a_last_frame_that_the_endpoint_ignores_is_told() -> None:
    frames = [{"image": IMAGE, "role": role} for role in ("first_frame", "last_frame")]
    with pytest.raises(ValidationError, match="last_frame"):
        convert("fal-ai/bytedance/seedance/v1/pro/image-to-video", {"image_list": frames})
