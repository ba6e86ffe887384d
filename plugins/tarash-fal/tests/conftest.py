"""fal on loopback for every test of the plugin, and a config that points there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tarash_fal.testing import FalQueue

from tarash_core import VideoGenerationConfig
from tarash_core.testing import clear_environment

MODEL = "fal-ai/veo3.1/fast"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the keys nor the proxies of the machine that runs the tests."""
    clear_environment(monkeypatch, "FAL_", "TARASH_")


@pytest.fixture
def fal(key: str) -> Iterator[FalQueue]:
    """The fake; it takes this key only."""
    with FalQueue(key=key) as queue:
        yield queue


@pytest.fixture
def configured(fal: FalQueue, key: str) -> Callable[..., VideoGenerationConfig]:
    """Build a config for the fake: ``configured(timeout=1)``."""

    def build(**changes: Any) -> VideoGenerationConfig:
        given = {"model": MODEL, "api_key": key, "base_url": fal.url, "poll_interval": 0.01, "timeout": 30.0, **changes}
        return VideoGenerationConfig(provider="fal", **given)

    return build
