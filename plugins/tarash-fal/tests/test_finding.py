"""Which of fal's listed requests a lost one has become, beside what the contract asks of every list."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tarash_fal.listing import ADDRESS, like
from tarash_fal.testing import FalQueue
from tarash_fal.transport import Route

from tarash_core import (
    ConfigurationError,
    LedgerEntry,
    UnexpectedResponseError,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.ledger import digest_of
from tarash_core.testing import Reply, World
from tarash_core.testing.provider_contract import lose

pytestmark = pytest.mark.usefixtures("ledger")

Configured = Callable[..., VideoGenerationConfig]
SENT = {"prompt": "a red kite", "duration": "8s"}


def test_a_request_with_an_uploaded_picture_is_found(world: World, fal: FalQueue, configured: Configured) -> None:
    """Its address was sent, and the list has it."""
    picture = (b"\x89PNG\r\n\x1a\n" + bytes(64), "image/png")
    kite = VideoGenerationRequest(prompt="a red kite", image_list=[{"image": picture, "role": "first_frame"}])
    config = configured(model="fal-ai/veo3.1/fast/image-to-video")
    entry = lose(world, fal, "submit", config, kite)
    lose(world, fal, "submit", config, VideoGenerationRequest(prompt="a kite", image_list=kite.image_list))
    settled = world.settle(entry.id, config=config)
    assert settled.job is not None
    assert fal.jobs[settled.job.request_id].arguments["prompt"] == "a red kite"
    assert world.wait(settled.job, config=config).status == "completed"
    assert fal.posts == 2


def test_what_it_was_sent_is_asked_for_with_the_key(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, key: str
) -> None:
    world.settle(lose(world, fal, "submit", configured(), kite).id, config=configured())
    (asked,) = [got for got in fal.server.requests if got.path == "/v1/models/requests/by-endpoint"]
    assert asked.headers["authorization"] == f"Key {key}"
    assert asked.query.pop("start") < "2999"
    assert asked.query == {"endpoint_id": configured().model, "expand": "payloads", "limit": "100"}


def test_the_platform_is_one_of_fals_own_hosts() -> None:
    """The key is sent there, and taken from requests to any other."""
    import httpx

    for address, holds in ((ADDRESS, True), ("https://api.fal.ai.example.com/v1/models", False)):
        request = httpx.Request("GET", address, headers={"Authorization": "Key k"})
        Route("Key k").direct(request)
        assert ("Authorization" in request.headers) == holds
        assert str(request.url) == address


def listed(**changes: Any) -> dict[str, Any]:
    told = {
        "request_id": "1",
        "endpoint_id": "fal-ai/veo3.1",
        "sent_at": "2026-11-26T12:00:00Z",
        "started_at": "2026-11-26T12:00:05Z",
        "json_input": dict(reversed(SENT.items())),
    }
    return {name: value for name, value in (told | changes).items() if value is not ...}


@pytest.mark.parametrize(
    ("changes", "is_it"),
    [
        ({}, True),
        ({"sent_at": "2026-11-26T12:00:00.250000+00:00"}, True),
        ({"sent_at": "2026-11-26T12:00:00"}, True),
        ({"sent_at": "2026-11-26T11:59:00Z"}, True),
        ({"sent_at": "2026-11-26T11:50:00Z"}, False),
        ({"sent_at": "2026-11-26T14:00:00Z"}, False),
        ({"endpoint_id": "fal-ai/veo3.1/fast"}, False),
        ({"json_input": {**SENT, "seed": 7}}, False),
        ({"json_input": {}}, False),
        ({"json_input": None}, False),
        ({"json_input": ...}, False),
    ],
    ids=repr,
)
def test_it_is_told_by_endpoint_time_and_arguments(changes: dict[str, Any], is_it: bool) -> None:
    entry = LedgerEntry.made(provider="fal", model="fal-ai/veo3.1", digest=digest_of(SENT))
    # 2026-11-26T12:00:00Z
    entry = entry.model_copy(update={"created_at": 1_795_694_400.0, "updated_at": 1_795_694_400.0})
    assert like([listed(**changes)], entry) == (["1"] if is_it else [])


@pytest.mark.parametrize("moment", ["soon", None, 5])
def test_a_time_that_is_none_is_quoted(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest, moment: object
) -> None:
    entry = lose(world, fal, "submit", configured(), kite)
    (job,) = fal.jobs.values()
    item = {"request_id": "1", "endpoint_id": job.endpoint, "sent_at": moment, "json_input": job.arguments}
    fal.fault("list", Reply(json={"items": [item], "has_more": False}))
    with pytest.raises(UnexpectedResponseError, match=re.escape(f"was sent at {moment!r}")):
        world.settle(entry.id, config=configured())


def test_a_list_without_end_is_left(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    entry = lose(world, fal, "submit", configured(), kite)
    fal.fault("list", *[Reply(json={"items": [], "has_more": True, "next_cursor": "Mg=="})] * 40)
    with pytest.raises(ConfigurationError, match="cannot tell"):
        world.settle(entry.id, config=configured())
    assert fal.seen("list") == 20
