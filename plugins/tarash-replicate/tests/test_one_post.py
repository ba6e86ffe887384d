"""What is kept of the answer to a submit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from replicate.client import Client
from tarash_replicate.testing import ReplicateApi

from tarash_core import (
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]


@pytest.mark.parametrize("status", ["aborted", "queued", None])
def test_an_id_is_kept_whatever_stands_beside_it(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, status: str | None
) -> None:
    api.fault("submit", Reply(201, json={"id": "kept", "status": status, "version": None}))
    assert world.submit(configured(), kite).request_id == "kept"


def test_the_sdks_own_model_loses_the_id(api: ReplicateApi, key: str) -> None:
    """The control: why predictions are read from their JSON. When this fails, Replicate has mended its SDK."""
    api.fault("submit", Reply(201, json={"id": "lost", "model": "a/b", "version": "hidden", "status": "aborted"}))
    client = Client(key, base_url=api.url)
    with pytest.raises(ValueError, match="unexpected value"):
        client.models.predictions.create("google/veo-3.1", {})
    client._client.close()
