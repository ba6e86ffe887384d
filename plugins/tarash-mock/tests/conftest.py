"""What the tests of the embedded provider share: tiny requests, a spool of their own, and a look into the MP4."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tarash_mock.service import MockService
from tarash_mock.testing import Film, film_of

from tarash_core import VideoGenerationConfig, VideoGenerationRequest

MakeConfig = Callable[..., VideoGenerationConfig]


def _painted(
    colour: tuple[int, ...] | str, size: tuple[int, int] = (320, 180), *, form: str = "PNG", **save: Any
) -> bytes:
    image = Image.new("RGBA" if form == "PNG" else "RGB", size, colour)
    file = io.BytesIO()
    image.save(file, form, **save)
    return file.getvalue()


@pytest.fixture
def decoded() -> Callable[[bytes], Film]:
    """Decode every frame of an MP4."""
    return film_of


@pytest.fixture
def painted() -> Callable[..., bytes]:
    """A picture file of one colour."""
    return _painted


@pytest.fixture
def service(tmp_path: Path) -> MockService:
    """The pretended service by itself, with nothing to wait for."""
    return MockService(spool=str(tmp_path / "spool"), defaults={"mock_seconds": 0})


@pytest.fixture
def make(service: MockService) -> Callable[..., bytes]:
    """One small video straight from the service."""

    def make(**arguments: Any) -> bytes:
        small = {"prompt": "a red kite", "resolution": "320x180", "duration": 0.5, "fps": 12, "seed": 7, **arguments}
        return service.result(service.submit("mock/video", small))["videos"][0]["data"]

    return make


@pytest.fixture
def config(tmp_path: Path) -> MakeConfig:
    """A config with a spool of its own, that does not wait long."""

    def config(
        model: str | None = None, *, options: dict[str, Any] | None = None, **fields: Any
    ) -> VideoGenerationConfig:
        provider_config = {"spool": str(tmp_path / "spool"), "mock_seconds": 0.05, **(options or {})}
        settings: dict[str, Any] = {"poll_interval": 0.02, "timeout": 30.0, **fields}
        return VideoGenerationConfig(provider="mock", model=model, provider_config=provider_config, **settings)

    return config


@pytest.fixture
def small() -> Callable[..., VideoGenerationRequest]:
    """A request whose video is quickly made."""

    def small(**fields: Any) -> VideoGenerationRequest:
        tiny = {
            "prompt": "a red kite",
            "resolution": "320x180",
            "duration_seconds": 0.5,
            "fps": 12,
            "seed": 7,
            **fields,
        }
        return VideoGenerationRequest(**tiny)

    return small
