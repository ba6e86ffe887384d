"""A request whose answer was lost is looked for as at OpenAI; Azure may tell the deployment's name as the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tarash_openai.testing import VideoServer

from tarash_core import (
    SubmissionUncertainError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    list_jobs,
    settle_job,
)
from tarash_core.ledger import MemoryJobStore, use_ledger
from tarash_core.testing import Reply, World


@pytest.fixture(autouse=True)
def store() -> Iterator[MemoryJobStore]:
    memory = MemoryJobStore()
    use_ledger(memory)
    yield memory
    use_ledger(None)


@pytest.mark.parametrize("options", [{}, {"deployment": "my-sora"}])
def test_what_was_accepted_is_found(
    world: World,
    server: VideoServer,
    configured: Callable[..., VideoGenerationConfig],
    kite: VideoGenerationRequest,
    options: dict[str, object],
) -> None:
    config = configured(provider_config=options)
    server.fault("create", Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(config, kite)
    job = settle_job(list_jobs(states={"uncertain"})[0].id, config=config).job
    assert job is not None
    assert list(server.jobs) == [job.request_id]
    assert world.wait(job, config=config).video.url
