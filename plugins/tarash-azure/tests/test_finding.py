"""A request whose answer was lost is looked for as at OpenAI; Azure may tell the deployment's name as the model."""

from __future__ import annotations

from collections.abc import Callable

from tarash_openai.testing import VideoServer

from tarash_core import (
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.ledger import MemoryJobStore
from tarash_core.testing import World
from tarash_core.testing.provider_contract import lose


def test_a_deployment_of_another_name_is_found(
    world: World,
    server: VideoServer,
    configured: Callable[..., VideoGenerationConfig],
    kite: VideoGenerationRequest,
    ledger: MemoryJobStore,
) -> None:
    config = configured(provider_config={"deployment": "my-sora"})
    job = world.settle(lose(world, server, "create", config, kite).id, config=config).job
    assert job is not None
    assert list(server.jobs) == [job.request_id]
    assert world.wait(job, config=config).video.url
