"""Which of Replicate's listed predictions a lost one has become, beside what the contract asks of every list."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tarash_replicate.testing import ReplicateApi

from tarash_core import (
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World
from tarash_core.testing.provider_contract import lose, stays_uncertain

pytestmark = pytest.mark.usefixtures("ledger")

Configured = Callable[..., VideoGenerationConfig]
VERSION = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"


def test_a_prediction_of_a_version_is_found(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    config = configured(model=f"someone/kites:{VERSION}")
    world.submit(config, VideoGenerationRequest(prompt="another kite"))
    entry = lose(world, api, "submit", config, kite)
    job = world.settle(entry.id, config=config).job
    assert job is not None
    assert api.predictions[job.request_id]["input"]["prompt"] == kite.prompt
    assert world.wait(job, config=config).video.url
    assert api.posts == 2


@pytest.mark.parametrize(
    "other",
    [
        {"model": "google/veo-3"},
        {"input": {"prompt": "a blue kite"}},
        {"input": {}},
        {"input": None},
        {"created_at": "2099-01-01T00:00:00Z"},
    ],
    ids=repr,
)
def test_what_differs_is_not_claimed(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    other: dict[str, object],
) -> None:
    entry = lose(world, api, "submit", configured(), kite)
    api.predictions[f"{1:026d}"] |= other
    stays_uncertain(world, entry, configured())


def test_the_next_page_is_asked_for_at_the_configs_own_address(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    entry = lose(world, api, "submit", configured(), kite)
    with ReplicateApi() as stranger:
        told = {"results": [api.predictions[f"{1:026d}"] | {"id": "x", "input": {}}]}
        api.fault("list", Reply(json={**told, "next": f"{stranger.url}/v1/predictions?cursor=0"}))
        assert world.settle(entry.id, config=configured()).job is not None
        assert stranger.server.requests == []
    assert re.search("cursor", str([request.query for request in api.server.requests]))
