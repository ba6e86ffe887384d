"""A request whose answer was lost is looked for in Replicate's list, and claimed only where it is surely the one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from tarash_replicate.testing import ReplicateApi

from tarash_core import (
    ConfigurationError,
    LedgerEntry,
    SubmissionUncertainError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    list_jobs,
    settle_job,
    settle_job_async,
)
from tarash_core.ledger import MemoryJobStore, use_ledger
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]
VERSION = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"


@pytest.fixture(autouse=True)
def store() -> Iterator[MemoryJobStore]:
    memory = MemoryJobStore()
    use_ledger(memory)
    yield memory
    use_ledger(None)


def lose(world: World, api: ReplicateApi, config: VideoGenerationConfig, kite: VideoGenerationRequest) -> LedgerEntry:
    """Submit, accepted by the server, and lose the answer."""
    api.fault("submit", Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(config, kite)
    return list_jobs(states={"uncertain"}, limit=1)[0]


def settle(world: World, entry: LedgerEntry, config: VideoGenerationConfig) -> LedgerEntry:
    if world.mode == "sync":
        return settle_job(entry.id, config=config)
    return world.run(settle_job_async(entry.id, config=config))


@pytest.mark.parametrize("model", ["google/veo-3.1-fast", f"someone/kites:{VERSION}"])
def test_what_was_accepted_is_found_and_waited_for(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, model: str
) -> None:
    config = configured(model=model)
    world.submit(config, VideoGenerationRequest(prompt="another kite"))
    entry = lose(world, api, config, kite)
    world.submit(config, VideoGenerationRequest(prompt="a third kite"))
    job = settle(world, entry, config).job
    assert job is not None
    assert api.predictions[job.request_id]["input"]["prompt"] == kite.prompt
    assert world.wait(job, config=config).video.url
    assert api.posts == 3


def test_it_is_looked_for_page_by_page(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    entry = lose(world, api, configured(), kite)
    for number in range(5):
        world.submit(configured(), VideoGenerationRequest(prompt=f"kite {number}"))
    api.page_size = 2
    job = settle(world, entry, configured()).job
    assert job is not None
    assert job.request_id == f"{1:026d}"
    assert api.seen("list") == 3


def test_pages_older_than_the_request_are_not_read(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    for number in range(4):
        old = world.submit(configured(), VideoGenerationRequest(prompt=f"kite {number}"))
        api.predictions[old.request_id]["created_at"] = "2026-01-01T00:00:00.000000Z"
    entry = lose(world, api, configured(), kite)
    api.page_size = 2
    assert settle(world, entry, configured()).job is not None
    assert api.seen("list") == 1


def unsettled(world: World, entry: LedgerEntry, config: VideoGenerationConfig) -> None:
    with pytest.raises(ConfigurationError, match="cannot tell"):
        settle(world, entry, config)
    assert list_jobs(states={"uncertain"}) == [entry]


def test_what_the_ledger_knows_is_not_claimed(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    known = world.submit(configured(), kite)
    api.fault("submit", Reply.dropped())
    with pytest.raises(SubmissionUncertainError):
        world.generate(configured(), kite)
    assert list(api.predictions) == [known.request_id]
    unsettled(world, list_jobs(states={"uncertain"})[0], configured())


def test_of_two_alike_none_is_claimed(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, store: MemoryJobStore
) -> None:
    job = world.submit(configured(), kite)
    assert job.ledger_id is not None
    store.remove(job.ledger_id)
    unsettled(world, lose(world, api, configured(), kite), configured())


@pytest.mark.parametrize(
    "other",
    [
        {"model": "google/veo-3"},
        {"input": {"prompt": "a blue kite"}},
        {"input": {}},
        {"input": None},
        {"created_at": "2026-01-01T00:00:00Z"},
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
    entry = lose(world, api, configured(), kite)
    api.predictions[f"{1:026d}"] |= other
    unsettled(world, entry, configured())


UNDATED = {"id": "x", "model": "google/veo-3.1-fast", "input": {}, "created_at": 5}


@pytest.mark.parametrize(
    "reply", [Reply(json={}), Reply(json={"results": [7]}), Reply(json={"results": [UNDATED]})], ids=repr
)
def test_a_list_that_is_none_settles_nothing(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, reply: Reply
) -> None:
    entry = lose(world, api, configured(), kite)
    api.fault("list", reply)
    with pytest.raises(UnexpectedResponseError):
        settle(world, entry, configured())
    assert list_jobs(states={"uncertain"}) == [entry]


def test_the_next_page_is_asked_for_at_the_configs_own_address(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    entry = lose(world, api, configured(), kite)
    with ReplicateApi() as stranger:
        told = {"results": [api.predictions[f"{1:026d}"] | {"id": "x", "input": {}}]}
        api.fault("list", Reply(json={**told, "next": f"{stranger.url}/v1/predictions?cursor=0"}))
        assert settle(world, entry, configured()).job is not None
        assert stranger.server.requests == []
    assert re.search("cursor", str([request.query for request in api.server.requests]))
