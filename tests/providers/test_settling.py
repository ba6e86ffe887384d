"""A lost submit, settled on every road to every provider.

What becomes of the paid request otherwise is in `tarash_core.testing.provider_contract`, which every plugin's tests
inherit; here is what an entry of the ledger has to hold for a road that takes options.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from loopback import KEY, ROADS, Double, Server

from tarash_core import Job, SubmissionUncertainError, VideoGenerationRequest
from tarash_core.ledger import MemoryJobStore
from tarash_core.testing import Reply, World, assert_absent, clear_environment

ENVIRONMENT = {
    "fal": "FAL_KEY",
    "replicate": "REPLICATE_API_TOKEN",
    "openai": "OPENAI_API_KEY",
    "azure-openai": "AZURE_OPENAI_API_KEY",
    "google": "GEMINI_API_KEY",
}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies of the machine that runs the tests, nor any vendor's variables."""
    clear_environment(monkeypatch, "FAL_", "REPLICATE_", "OPENAI_", "AZURE_", "GOOGLE_", "GEMINI_")


@pytest.fixture(params=ROADS)
def double(request: pytest.FixtureRequest) -> Double:
    """Each provider in turn."""
    return ROADS[request.param]


@pytest.fixture
def server(double: Double) -> Iterator[Server]:
    """Its server, which takes one key only."""
    with double.make(key=KEY) as running:
        yield running


def test_a_lost_job_is_settled_and_asked_for_with_the_ledger_and_the_environment_alone(
    world: World,
    double: Double,
    server: Server,
    kite: VideoGenerationRequest,
    ledger: MemoryJobStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Days later nobody has the config any more: the ledger has the address and the options, and never the key."""
    server.fault(double.step, Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(double.config(server), kite)
    (request_id,) = double.jobs(server)
    (lost,) = ledger.entries()
    assert_absent(KEY, lost)
    monkeypatch.setenv(ENVIRONMENT[double.provider], KEY)
    job = world.settle(lost.id, request_id=request_id).job
    assert job is not None
    assert (job.digest, job.provider_config) == (lost.digest, double.options)
    later = Job.model_validate_json(job.model_dump_json())
    assert not world.poll(later).finished
    assert world.wait(later, config=double.config(server)).request_id == request_id
    assert (server.posts, [entry.state for entry in ledger.entries()]) == (1, ["completed"])
