"""Where Replicate's client goes, and with which SDK."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tarash_replicate.testing import ReplicateApi

import tarash_core as tarash
from tarash_core import ConfigurationError, PluginError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]


def test_a_base_url_may_have_a_path(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    with pytest.raises(tarash.NotFoundError):
        world.submit(configured(base_url=f"{api.url}/gateway/"), kite)
    assert api.server.requests[0].path == "/gateway/v1/models/google/veo-3.1-fast/predictions"


def test_the_address_of_the_environment_is_the_sdks(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REPLICATE_BASE_URL", api.url)
    assert world.generate(configured(base_url=None), kite).video.url


def test_an_address_with_the_version_in_it_is_refused(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is right for replicate 2.x, and would lead to /v1/v1 here."""
    with pytest.raises(ConfigurationError, match=r"base_url='.*/v1' ends with '/v1'"):
        world.generate(configured(base_url=f"{api.url}/v1"), kite)
    monkeypatch.setenv("REPLICATE_BASE_URL", f"{api.url}/v1/")
    with pytest.raises(ConfigurationError, match=r"REPLICATE_BASE_URL='.*/v1/' ends with '/v1'"):
        world.generate(configured(base_url=None), kite)
    assert api.server.requests == []


@pytest.mark.parametrize("version", ["2.0.0b4", "2.1", "0.34.2", "1.0.3"])
def test_another_sdk_is_refused_plainly(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
) -> None:
    installed = tmp_path / f"replicate-{version}.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: replicate\nVersion: {version}\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PluginError, match=rf"'replicate' {version} is installed.*pip install 'replicate>=1.0.4,<2'"):
        world.generate(configured(), kite)
    assert api.server.requests == []
