"""A request whose answer was lost is looked for in the server's list, and claimed only where it is surely the one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tarash_openai.testing import VideoServer

from tarash_core import (
    ConfigurationError,
    LedgerEntry,
    NotFoundError,
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
FIRST = "video_000001"


@pytest.fixture(autouse=True)
def store() -> Iterator[MemoryJobStore]:
    memory = MemoryJobStore()
    use_ledger(memory)
    yield memory
    use_ledger(None)


def lose(
    world: World, server: VideoServer, config: VideoGenerationConfig, request: VideoGenerationRequest
) -> LedgerEntry:
    """Submit, accepted by the server, and lose the answer."""
    server.fault("create", Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(config, request)
    return list_jobs(states={"uncertain"}, limit=1)[0]


def settle(world: World, entry: LedgerEntry, config: VideoGenerationConfig) -> LedgerEntry:
    if world.mode == "sync":
        return settle_job(entry.id, config=config)
    return world.run(settle_job_async(entry.id, config=config))


def unsettled(world: World, entry: LedgerEntry, config: VideoGenerationConfig) -> None:
    with pytest.raises(ConfigurationError, match="cannot tell"):
        settle(world, entry, config)
    assert list_jobs(states={"uncertain"}) == [entry]


@pytest.mark.parametrize("given", [{}, {"duration_seconds": 8}, {"resolution": "720p", "aspect_ratio": "16:9"}])
def test_what_was_accepted_is_found_and_waited_for(
    world: World, server: VideoServer, configured: Configured, given: dict[str, object]
) -> None:
    world.submit(configured(), VideoGenerationRequest(prompt="another kite", **given))
    entry = lose(world, server, configured(), VideoGenerationRequest(prompt="a red kite", **given))
    world.submit(configured(), VideoGenerationRequest(prompt="a third kite", **given))
    job = settle(world, entry, configured()).job
    assert job is not None
    assert server.jobs[job.request_id].fields["prompt"] == "a red kite"
    assert world.wait(job, config=configured()).video.url
    assert server.posts == 3


def test_it_is_looked_for_page_by_page(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    entry = lose(world, server, configured(), kite)
    for number in range(5):
        world.submit(configured(), VideoGenerationRequest(prompt=f"kite {number}"))
    server.page_size = 2
    job = settle(world, entry, configured()).job
    assert job is not None
    assert job.request_id == FIRST
    assert server.seen("list") == 3


def test_pages_older_than_the_request_are_not_read(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    for number in range(4):
        old = world.submit(configured(), VideoGenerationRequest(prompt=f"kite {number}"))
        server.jobs[old.request_id].created_at = 1760627796
    entry = lose(world, server, configured(), kite)
    server.page_size = 2
    assert settle(world, entry, configured()).job is not None
    assert server.seen("list") == 1


def test_of_two_alike_none_is_claimed(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, store: MemoryJobStore
) -> None:
    job = world.submit(configured(), kite)
    assert job.ledger_id is not None
    store.remove(job.ledger_id)
    unsettled(world, lose(world, server, configured(), kite), configured())


@pytest.mark.parametrize(
    ("field", "value"), [("prompt", "a blue kite"), ("prompt", None), ("model", "sora-2-pro"), ("created", 1760627796)]
)
def test_what_differs_is_not_claimed(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    field: str,
    value: object,
) -> None:
    entry = lose(world, server, configured(), kite)
    job = server.jobs[FIRST]
    if field == "created":
        job.created_at = 1760627796
    else:
        job.fields[field] = value
    unsettled(world, entry, configured())


def test_a_request_with_an_image_is_not_recognised(world: World, server: VideoServer, configured: Configured) -> None:
    image = {"image": b"\x89PNG\r\n\x1a\n" + bytes(16), "role": "first_frame"}
    entry = lose(world, server, configured(), VideoGenerationRequest(prompt="a red kite", image_list=[image]))
    unsettled(world, entry, configured())


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(body=b"<html>"), UnexpectedResponseError),
        (Reply(json={"data": [{"id": "x"}]}), UnexpectedResponseError),
        (Reply(404, json={"error": {"message": "no such route"}}), NotFoundError),
    ],
)
def test_a_server_without_a_list_settles_nothing(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[Exception],
) -> None:
    entry = lose(world, server, configured(), kite)
    server.fault("list", reply)
    with pytest.raises(error):
        settle(world, entry, configured())
    assert list_jobs(states={"uncertain"}) == [entry]
