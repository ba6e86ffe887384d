"""Which of a server's listed videos a lost one has become, beside what the contract asks of every list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tarash_openai.testing import VideoServer

from tarash_core import (
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import World
from tarash_core.testing.provider_contract import lose, stays_uncertain

pytestmark = pytest.mark.usefixtures("ledger")

Configured = Callable[..., VideoGenerationConfig]
FIRST = "video_000001"


@pytest.mark.parametrize("given", [{"duration_seconds": 8}, {"resolution": "720p", "aspect_ratio": "16:9"}])
def test_what_was_accepted_is_found_by_what_was_asked_for(
    world: World, server: VideoServer, configured: Configured, given: dict[str, object]
) -> None:
    world.submit(configured(), VideoGenerationRequest(prompt="another kite", **given))
    entry = lose(world, server, "create", configured(), VideoGenerationRequest(prompt="a red kite", **given))
    world.submit(configured(), VideoGenerationRequest(prompt="a third kite", **given))
    job = world.settle(entry.id, config=configured()).job
    assert job is not None
    assert server.jobs[job.request_id].fields["prompt"] == "a red kite"
    assert world.wait(job, config=configured()).video.url
    assert server.posts == 3


@pytest.mark.parametrize(("field", "value"), [("prompt", "a blue kite"), ("prompt", None), ("model", "sora-2-pro")])
def test_what_differs_is_not_claimed(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    field: str,
    value: object,
) -> None:
    entry = lose(world, server, "create", configured(), kite)
    server.jobs[FIRST].fields[field] = value
    stays_uncertain(world, entry, configured())


def test_a_request_with_an_image_is_not_recognised(world: World, server: VideoServer, configured: Configured) -> None:
    image = {"image": b"\x89PNG\r\n\x1a\n" + bytes(16), "role": "first_frame"}
    entry = lose(world, server, "create", configured(), VideoGenerationRequest(prompt="a red kite", image_list=[image]))
    stays_uncertain(world, entry, configured())
