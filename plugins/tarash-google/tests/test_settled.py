"""A job whose answer was lost, settled by its name from Google's own pages, goes on as any other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tarash_google.testing import FakeGoogle

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


def test_it_is_waited_for_on_the_road_of_the_config(
    world: World,
    google: FakeGoogle,
    configured: Callable[..., VideoGenerationConfig],
    kite: VideoGenerationRequest,
) -> None:
    google.fault("submit", Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(configured(), kite)
    (name,) = google.jobs
    job = settle_job(list_jobs(states={"uncertain"})[0].id, request_id=name).job
    assert job is not None
    response = world.wait(job, config=configured())
    assert world.read(response.video) == google.video
    assert response.job.provider_data["road"] in ("vertex", "interactions")
    assert google.posts == 1
