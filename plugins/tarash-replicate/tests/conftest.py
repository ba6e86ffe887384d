"""Replicate on loopback for every test of the plugin, and a config that points there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tarash_replicate.testing import ReplicateApi

from tarash_core import VideoGenerationConfig
from tarash_core.testing import clear_environment

MODEL = "google/veo-3.1-fast"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the keys nor the proxies of the machine that runs the tests."""
    clear_environment(monkeypatch, "REPLICATE_", "TARASH_")


@pytest.fixture
def key() -> str:
    """A canary: it must appear in nothing that is written."""
    return "r8_canary7f3a9c51e2"


@pytest.fixture
def api(key: str) -> Iterator[ReplicateApi]:
    """The fake; it takes this key only."""
    with ReplicateApi(key=key) as fake:
        yield fake


@pytest.fixture
def configured(api: ReplicateApi, key: str) -> Callable[..., VideoGenerationConfig]:
    """Build a config for the fake: ``configured(timeout=1)``."""

    def build(**changes: Any) -> VideoGenerationConfig:
        given = {"model": MODEL, "api_key": key, "base_url": api.url, "poll_interval": 0.01, "timeout": 30.0, **changes}
        return VideoGenerationConfig(provider="replicate", **given)

    return build
