"""Every documented answer and the exception that it becomes, once for both worlds.

Bodies as in https://developers.openai.com/api/docs/guides/error-codes and
https://learn.microsoft.com/azure/foundry/openai/concepts/content-filter, read 2026-11-23; ``detail`` is FastAPI's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tarash_openai.testing import QUEUED, VideoServer

from tarash_core import (
    AuthenticationError,
    ContentModerationError,
    GenerationFailedError,
    InsufficientCreditsError,
    NotFoundError,
    RateLimitError,
    TarashException,
    UnexpectedResponseError,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World
from tarash_core.testing.provider_contract import Refusal, RefusalContract, Steps

Configured = Callable[..., VideoGenerationConfig]


def error(message: str, code: str | None = None, kind: str | None = None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind or "invalid_request_error", "param": param, "code": code}}


BLOCKED = error("Your request was blocked by our moderation system.", "moderation_blocked")
FILTERED = error("The response was filtered", "content_filter", param="prompt")
FILTERED["error"]["innererror"] = {
    "code": "ResponsibleAIPolicyViolation",
    "content_filter_result": {"violence": {"filtered": True, "severity": "high"}, "hate": {"filtered": False}},
}
QUOTA = "You exceeded your current quota, please check your plan and billing details."
SECONDS = error("Invalid value: '5'.", "invalid_value", param="seconds")
DETAIL = {"detail": [{"loc": ["body", "prompt"], "msg": "Field required", "type": "missing"}]}


class TestRefusals(RefusalContract):
    steps = Steps(submit="create")
    refusals = {
        "401": Refusal(
            Reply(401, json=error("Incorrect API key provided", "invalid_api_key")),
            AuthenticationError,
            "Incorrect API key",
        ),
        "403": Refusal(
            Reply(403, json=error("Country, region, or territory not supported")),
            AuthenticationError,
            "Country",
        ),
        "402": Refusal(Reply(402, json=error("No balance")), InsufficientCreditsError, "No balance"),
        "quota": Refusal(
            Reply(429, json=error(QUOTA, "insufficient_quota", "insufficient_quota")),
            InsufficientCreditsError,
            "add credit",
        ),
        "balance": Refusal(
            Reply(429, json=error(QUOTA, "credit_balance_exhausted", "insufficient_quota")),
            InsufficientCreditsError,
            "credit_balance_exhausted",
        ),
        "404": Refusal(
            Reply(404, json=error("The model 'sora-9' does not exist", "model_not_found")),
            NotFoundError,
            "'/v1'",
        ),
        "404 page": Refusal(Reply(404, body=b"<html>nginx</html>"), NotFoundError, "nginx.*'/v1'"),
        "400": Refusal(Reply(400, json=SECONDS), ValidationError, "Invalid value"),
        "422 detail": Refusal(Reply(422, json=DETAIL), ValidationError, "Field required"),
        "moderation": Refusal(Reply(400, json=BLOCKED), ContentModerationError, "moderation_blocked"),
        "content filter": Refusal(Reply(400, json=FILTERED), ContentModerationError, "was filtered"),
        "gateway's policy": Refusal(
            Reply(400, json=error("No.", "content_policy_violation")), ContentModerationError, "No"
        ),
        "429": Refusal(
            Reply(429, json=error("Rate limit reached", "rate_limit_exceeded"), headers={"Retry-After": "7"}),
            RateLimitError,
            "Rate limit",
        ),
    }

    @pytest.fixture
    def service(self, server: VideoServer) -> VideoServer:
        return server

    def told(self, reply: Reply) -> Any:
        """The SDK takes the error out of its object."""
        told = super().told(reply)
        return told.get("error", told) if isinstance(told, dict) else told


def test_the_details_of_a_refusal_are_kept(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    server.fault("create", Reply(400, json=SECONDS), Reply(400, json=FILTERED))
    with pytest.raises(ValidationError) as wrong:
        world.generate(configured(), kite)
    assert (wrong.value.field, wrong.value.raw_response) == ("duration_seconds", SECONDS["error"])
    with pytest.raises(ContentModerationError) as blocked:
        world.generate(configured(), kite)
    assert blocked.value.reasons == ("content_filter", "violence")


def test_retry_after_is_told(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    server.fault("create", Reply(429, json=error("Slow down"), headers={"Retry-After": "7"}))
    with pytest.raises(RateLimitError) as raised:
        world.generate(configured(), kite)
    assert raised.value.retry_after == 7.0


def failed(told: object) -> dict[str, Any]:
    return {"status": "failed", "progress": 10, "error": told}


# The last poll of a job -> the exception, and words of its message.
AT_THE_END = [
    pytest.param(
        failed({"code": "moderation_blocked", "message": "Blocked by our moderation system."}),
        ContentModerationError,
        r"Blocked by our moderation system\. \(moderation_blocked\); change the content",
        id="moderation",
    ),
    pytest.param(
        failed({"code": "internal_error", "message": "Out of memory"}),
        GenerationFailedError,
        r"Out of memory \(internal_error\)",
        id="failed",
    ),
    pytest.param(failed("out of memory"), GenerationFailedError, "out of memory", id="failed with text"),
    pytest.param(failed({"code": {"a": 1}, "message": "odd"}), GenerationFailedError, "odd", id="failed oddly"),
    pytest.param(failed(None), GenerationFailedError, "no reason given", id="failed without reason"),
    pytest.param({"status": "cancelled"}, GenerationFailedError, "was cancelled", id="cancelled"),
]


@pytest.mark.parametrize(("last", "kind", "says"), AT_THE_END)
def test_jobs_that_end_without_a_video(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    last: dict[str, Any],
    kind: type[TarashException],
    says: str,
) -> None:
    server.statuses = (QUEUED, last)
    with pytest.raises(kind, match=says) as raised:
        world.generate(configured(), kite)
    assert type(raised.value) is kind
    assert raised.value.job is not None
    assert raised.value.job.state == last["status"]
    assert (server.posts, server.seen("retrieve")) == (1, 2)


def test_the_reason_of_a_blocked_job_is_its_code(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    server.statuses = (failed({"code": "moderation_blocked", "message": "No."}),)
    with pytest.raises(ContentModerationError) as raised:
        world.generate(configured(), kite)
    assert raised.value.reasons == ("moderation_blocked",)
    assert raised.value.raw_response["error"]["code"] == "moderation_blocked"


@pytest.mark.parametrize("word", ["archived", None, 3, ["completed"]])
def test_an_unknown_status_is_quoted_at_once(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, word: object
) -> None:
    server.statuses = ({"status": word},)
    with pytest.raises(UnexpectedResponseError, match=re.escape(repr(word))):
        world.generate(configured(), kite)
    assert server.seen("retrieve") == 1


def test_a_redirect_is_not_followed(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    job = world.submit(configured(), kite)
    server.fault("retrieve", Reply(301, headers={"Location": "https://elsewhere.example/v1/videos/1"}))
    with pytest.raises(
        TarashException, match=r"redirects to 'https://elsewhere\.example/v1/videos/1'.*correct base_url"
    ):
        world.poll(job, config=configured())


@pytest.mark.parametrize("address", [None, "https://api.openai.com/v1", "https://eu.api.openai.com/v1"])
def test_the_hosted_service_ended(
    world: World, configured: Configured, kite: VideoGenerationRequest, address: str | None
) -> None:
    with pytest.raises(
        TarashException, match=r"shut down its Videos API and Sora 2 on 2026-09-24.*set base_url"
    ) as raised:
        world.generate(configured(base_url=address), kite)
    assert type(raised.value).__name__ == "ConfigurationError"
