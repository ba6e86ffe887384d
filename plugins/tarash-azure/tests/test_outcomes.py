"""Azure's own answers.

Bodies as in https://learn.microsoft.com/azure/foundry/openai/concepts/content-filter and .../model-retirements, read
2026-11-23.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
from tarash_openai.testing import QUEUED, VideoServer

from tarash_core import (
    AuthenticationError,
    ContentModerationError,
    GenerationFailedError,
    NotFoundError,
    RateLimitError,
    TarashException,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World
from tarash_core.testing.provider_contract import Refusal, RefusalContract, Steps

Configured = Callable[..., VideoGenerationConfig]

DATED = "2025-04-01-preview"


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
LIMITED = Reply(429, json=error("429", "Requests have exceeded the rate limit"), headers={"Retry-After": "30"})


class TestRefusals(RefusalContract):
    steps = Steps(submit="create")
    refusals = {
        "content filter": Refusal(Reply(400, json=FILTERED), ContentModerationError, "content management policy"),
        "400": Refusal(
            Reply(400, json=error("BadRequest", "bad size", param="size")),
            ValidationError,
            "bad size",
        ),
        "401": Refusal(
            Reply(401, json=error("401", "Access denied due to invalid subscription key")),
            AuthenticationError,
            "invalid subscription key",
        ),
        "no deployment": Refusal(
            Reply(404, json=error("DeploymentNotFound", "The API deployment does not exist")),
            NotFoundError,
            "DeploymentNotFound.*option 'deployment'",
        ),
        "retired": Refusal(
            Reply(410, json=error("ModelRetired", "gone")),
            NotFoundError,
            "retired.*model-retirement-schedule.*deploy another",
        ),
        "429": Refusal(LIMITED, RateLimitError, "exceeded the rate limit"),
    }

    @pytest.fixture
    def service(self, server: VideoServer) -> VideoServer:
        return server

    def told(self, reply: Reply) -> Any:
        """The SDK takes the error out of its object."""
        told = super().told(reply)
        return told.get("error", told) if isinstance(told, dict) else told


class TestRefusalsOfDated(TestRefusals):
    @pytest.fixture
    def configured(self, configured: Configured) -> Configured:
        return functools.partial(configured, api_version=DATED)


def test_reasons_and_pauses_are_kept(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    server.fault("create", Reply(400, json=FILTERED), LIMITED)
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
