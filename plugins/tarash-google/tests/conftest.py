"""Google on loopback for every test of the plugin, and a config for each of the two roads to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tarash_google.testing import FakeGoogle, service_account

from tarash_core import VideoGenerationConfig
from tarash_core.testing import clear_environment

VEO = "veo-3.1-generate-001"
OMNI = "gemini-omni-1.2-flash"
PLACE = {"project": "kites", "location": "us-central1"}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the keys, credentials nor the proxies of the machine that runs the tests."""
    clear_environment(monkeypatch, "GOOGLE_", "GEMINI_", "TARASH_")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


@pytest.fixture
def google(key: str) -> Iterator[FakeGoogle]:
    """The fake; it takes this key only."""
    with FakeGoogle(key=key, token=f"ya29.{key}") as fake:
        yield fake


@pytest.fixture
def adc(google: FakeGoogle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Application-default credentials whose tokens come from the fake."""
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps(service_account(f"{google.url}/token")))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    return file


@pytest.fixture
def omni_config(google: FakeGoogle, key: str) -> Callable[..., VideoGenerationConfig]:
    """Build a config for the key-only road: ``omni_config(timeout=1)``."""

    def build(**changes: Any) -> VideoGenerationConfig:
        given = {"model": OMNI, "api_key": key, "base_url": google.url, "poll_interval": 0.01, "timeout": 30.0}
        return VideoGenerationConfig(provider="google", **{**given, **changes})

    return build


@pytest.fixture
def veo_config(google: FakeGoogle, adc: Path) -> Callable[..., VideoGenerationConfig]:
    """Build a config for the Vertex road, with application-default credentials."""

    def build(**changes: Any) -> VideoGenerationConfig:
        given = {"model": VEO, "provider_config": PLACE, "base_url": google.url, "poll_interval": 0.01, "timeout": 30.0}
        return VideoGenerationConfig(provider="google", **{**given, **changes})

    return build


@pytest.fixture(params=["vertex", "interactions"])
def configured(request: pytest.FixtureRequest) -> Callable[..., VideoGenerationConfig]:
    """A config for each of the two roads in turn."""
    build: Callable[..., VideoGenerationConfig] = request.getfixturevalue(
        "veo_config" if request.param == "vertex" else "omni_config"
    )
    return build
