"""Azure's own answers, and that what holds for OpenAI's client holds for Azure's: one POST, one client, any loop.

Bodies as in https://learn.microsoft.com/azure/foundry/openai/concepts/content-filter and .../model-retirements, read
2026-11-23.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from tarash_openai.testing import COMPLETED, QUEUED, VideoServer

import tarash_core as tarash
from tarash_core import (
    AuthenticationError,
    ContentModerationError,
    GenerationFailedError,
    NotFoundError,
    RateLimitError,
    SubmissionUncertainError,
    TarashException,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World, assert_absent

Configured = Callable[..., VideoGenerationConfig]

DATED = "2025-04-01-preview"
both_roads = pytest.mark.parametrize("version", [None, DATED], ids=["v1", "dated"])


def error(code: str, message: str, **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, **more}}


FILTERED = error(
    "content_filter",
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    param="prompt",
    type=None,
    status=400,
    innererror={
        "code": "ResponsibleAIPolicyViolation",
        "content_filter_result": {
            "hate": {"filtered": False, "severity": "safe"},
            "violence": {"filtered": True, "severity": "medium"},
            "jailbreak": {"filtered": True, "detected": True},
        },
    },
)
ANSWERS = [
    pytest.param(Reply(400, json=FILTERED), ContentModerationError, "content management policy", id="content filter"),
    pytest.param(Reply(400, json=error("BadRequest", "bad size", param="size")), ValidationError, "bad size", id="400"),
    pytest.param(
        Reply(401, json=error("401", "Access denied due to invalid subscription key")),
        AuthenticationError,
        "invalid subscription key",
        id="401",
    ),
    pytest.param(
        Reply(404, json=error("DeploymentNotFound", "The API deployment does not exist")),
        NotFoundError,
        "DeploymentNotFound.*option 'deployment'",
        id="no deployment",
    ),
    pytest.param(
        Reply(410, json=error("ModelRetired", "gone")),
        NotFoundError,
        "retired.*model-retirement-schedule.*deploy another",
        id="retired",
    ),
    pytest.param(
        Reply(429, json=error("429", "Requests have exceeded the rate limit"), headers={"Retry-After": "30"}),
        RateLimitError,
        "exceeded the rate limit",
        id="429",
    ),
]


@both_roads
@pytest.mark.parametrize(("reply", "kind", "says"), ANSWERS)
def test_refused_at_submit(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    version: str | None,
    reply: Reply,
    kind: type[TarashException],
    says: str,
) -> None:
    server.fault("create", reply)
    with pytest.raises(kind, match=says) as raised:
        world.generate(configured(api_version=version), kite)
    assert (type(raised.value), raised.value.status_code) == (kind, reply.status)
    assert server.posts == 1
    assert_absent(key, raised.value)


def test_reasons_and_pauses_are_kept(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    server.fault("create", Reply(400, json=FILTERED), ANSWERS[-1].values[0])  # type: ignore[arg-type]  # a Reply
    with pytest.raises(ContentModerationError) as blocked:
        world.submit(configured(), kite)
    assert blocked.value.reasons == ("content_filter", "violence", "jailbreak")
    with pytest.raises(RateLimitError) as limited:
        world.submit(configured(), kite)
    assert limited.value.retry_after == 30.0


@pytest.mark.parametrize(
    ("code", "kind"), [("moderation_blocked", ContentModerationError), ("internal_error", GenerationFailedError)]
)
def test_a_job_that_failed(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    code: str,
    kind: type[TarashException],
) -> None:
    server.statuses = (QUEUED, {"status": "failed", "error": {"code": code, "message": "No."}})
    with pytest.raises(kind, match=code) as raised:
        world.generate(configured(), kite)
    assert type(raised.value) is kind


@both_roads
@pytest.mark.parametrize(
    "reply", [Reply.dropped(), Reply.reset(), Reply(200, body=b"{")], ids=["drop", "reset", "broken"]
)
def test_a_lost_reply_is_never_sent_again(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    version: str | None,
    reply: Reply,
) -> None:
    server.fault("create", reply, accepting=True)
    with pytest.raises(SubmissionUncertainError) as raised:
        world.generate(configured(api_version=version), kite)
    assert (server.posts, len(server.jobs)) == (1, 1)
    assert_absent(key, raised.value)


@both_roads
def test_fifty_at_once_on_one_loop_and_then_on_another(
    server: VideoServer, configured: Configured, kite: VideoGenerationRequest, version: str | None
) -> None:
    server.statuses = (QUEUED, COMPLETED)
    config = configured(poll_interval=0.05, api_version=version)

    async def many(count: int) -> int:
        responses = await asyncio.gather(*(tarash.generate_video_async(config, kite) for _ in range(count)))
        return len({response.request_id for response in responses})

    assert asyncio.run(many(50)) == 50
    assert asyncio.run(many(2)) == 2
    assert (server.posts, server.seen("retrieve")) == (52, 104)
    assert server.server.connections <= 52


def test_the_plugin_is_light_until_it_is_used() -> None:
    code = "import sys, tarash_azure; print(sorted({'openai', 'httpx', 'httpx2'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "[]", ended.stderr
