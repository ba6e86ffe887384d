"""The families of ``models/families.yaml``: which model a request that names one goes to.

What holds for every family is in the contract of `test_models.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tarash_core import VideoGenerationConfig, VideoGenerationRequest, build_payload
from tarash_core.errors import ValidationError
from tarash_core.stack import forget

IMAGE, VIDEO = "https://example.com/picture.png", "https://example.com/clip.mp4"


@pytest.fixture(autouse=True)
def _files_of_the_plugin_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither the user's mappings nor those of the folder that the tests run in."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    forget("replicate")
    yield
    forget("replicate")


def asked(*inputs: str) -> VideoGenerationRequest:
    images = [{"image": IMAGE, "role": role} for role in inputs if role != "video"]
    return VideoGenerationRequest(prompt="a red kite", image_list=images, video=VIDEO if "video" in inputs else None)


@pytest.mark.parametrize(
    ("family", "inputs", "model"),
    [
        ("wan-2.2-fast", (), "wan-video/wan-2.2-t2v-fast"),
        ("wan-2.2-fast", ("first_frame", "last_frame"), "wan-video/wan-2.2-i2v-fast"),
        ("wan-2.5", (), "wan-video/wan-2.5-t2v"),
        ("wan-2.5-fast", ("first_frame",), "wan-video/wan-2.5-i2v-fast"),
        ("wan-2.6", ("first_frame",), "wan-video/wan-2.6-i2v"),
        ("kling-3", ("first_frame", "last_frame"), "kwaivgi/kling-v3-video"),
        ("kling-3", ("reference", "video"), "kwaivgi/kling-v3-motion-control"),
    ],
)
def test_the_model_that_takes_the_inputs(family: str, inputs: tuple[str, ...], model: str) -> None:
    payload = build_payload(VideoGenerationConfig(provider="replicate", model=family), asked(*inputs))
    assert (payload.model, payload.warnings) == (model, ())


@pytest.mark.parametrize(("family", "inputs"), [("wan-2.5", ("last_frame",)), ("kling-3", ("first_frame", "video"))])
def test_a_refusal_that_lists_what_there_is(family: str, inputs: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match=f"no model of the family '{family}' takes .*; it has '"):
        build_payload(VideoGenerationConfig(provider="replicate", model=family), asked(*inputs))
