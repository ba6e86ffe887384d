"""A server of the protocol on loopback for every test of the plugin, and a config that points there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tarash_openai.testing import VideoServer

from tarash_core import VideoGenerationConfig
from tarash_core.testing import clear_environment


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the keys nor the proxies of the machine that runs the tests."""
    clear_environment(monkeypatch, "OPENAI_", "AZURE_")


@pytest.fixture
def server(key: str) -> Iterator[VideoServer]:
    """The fake; it takes this key only, as a bearer or as ``api-key``."""
    with VideoServer(key=key) as running:
        yield running


@pytest.fixture
def endpoint(server: VideoServer) -> str:
    """What Azure calls an endpoint: the address without a path."""
    return server.server.url


@pytest.fixture
def configured(endpoint: str, key: str) -> Callable[..., VideoGenerationConfig]:
    """Build a config for the fake: ``configured(timeout=1)``."""

    def build(**changes: Any) -> VideoGenerationConfig:
        given = {"model": "sora-2", "api_key": key, "base_url": endpoint, "poll_interval": 0.01, "timeout": 30.0}
        return VideoGenerationConfig(provider="azure-openai", **{**given, **changes})

    return build
