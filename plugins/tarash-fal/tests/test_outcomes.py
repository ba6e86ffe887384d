"""Every documented answer of fal and the exception that it becomes, once for both worlds.

Bodies as in https://fal.ai/docs/documentation/model-apis/errors and .../request-errors, read 2026-11-23; those of
locked accounts from fal-ai/fal issues 1163 and 1168, that of a partner's refusal as fal returned it in September 2026.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tarash_fal.testing import COMPLETED, IN_QUEUE, FalQueue

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
from tarash_core.testing.provider_contract import Refusal, RefusalContract


def model_error(kind: str, *loc: str, msg: str = "told so", **more: Any) -> dict[str, Any]:
    return {"detail": [{"loc": ["body", *loc], "msg": msg, "type": kind, "url": "https://docs.fal.ai/errors/", **more}]}


def request_error(kind: str, text: str) -> dict[str, Any]:
    return {"detail": text, "error_type": kind}


LOCKED = "User is locked. Reason: {}"
PARTNER = model_error(
    "content_policy_violation",
    "image_url",
    msg="The images or videos provided may contain likenesses of real people",
    ctx={"extra_info": {"reason": "partner_validation_failed"}},
)
NO_KEY = {"detail": "Authentication is required to access this application"}
NO_APP = {"detail": "Application 'veo9' not found"}
EMPTY = LOCKED.format("Exhausted balance. Top up your balance at fal.ai/dashboard/billing.")


# The answer of the result's address once the job is COMPLETED -> the exception, and words of its message.
AT_RESULT = [
    pytest.param(Reply(422, json=PARTNER), ContentModerationError, "likenesses of real people", id="policy"),
    pytest.param(
        Reply(422, json=model_error("value_error", "duration", msg="too long")),
        ValidationError,
        "'duration'",
        id="value",
    ),
    pytest.param(
        Reply(422, json=model_error("brand_new_type", "seed")), ValidationError, "brand_new_type", id="unlisted type"
    ),
    pytest.param(Reply(422, json=model_error("no_media_generated")), GenerationFailedError, "made no video", id="none"),
    pytest.param(
        Reply(500, json=model_error("internal_server_error")), GenerationFailedError, "internal_server_error", id="500"
    ),
    pytest.param(
        Reply(504, json=model_error("generation_timeout")), GenerationFailedError, "generation_timeout", id="504 model"
    ),
    pytest.param(
        Reply(504, json=request_error("request_timeout", "Request timed out")),
        GenerationFailedError,
        r"Request timed out \(request_timeout\)",
        id="504 request",
    ),
    pytest.param(
        Reply(503, json={"detail": "gone"}, headers={"X-Fal-Error-Type": "runner_disconnected"}),
        GenerationFailedError,
        "runner_disconnected",
        id="503 by header",
    ),
    pytest.param(Reply(500, json={"detail": "out of memory"}), GenerationFailedError, "out of memory", id="500 string"),
    pytest.param(
        Reply(499, json=request_error("client_cancelled", "Cancelled")),
        GenerationFailedError,
        "was cancelled: Cancelled",
        id="499",
    ),
    pytest.param(Reply(200, json={"video": None}), UnexpectedResponseError, "without a video", id="empty"),
    pytest.param(Reply(200, json={"video": []}), UnexpectedResponseError, "without a video", id="empty list"),
]


class TestRefusals(RefusalContract):
    refusals = {
        "401": Refusal(Reply(401, json=NO_KEY), AuthenticationError, "Authentication is required"),
        "402": Refusal(Reply(402, json={"detail": "Payment required"}), InsufficientCreditsError, "Payment"),
        "403": Refusal(Reply(403, json={"detail": "Forbidden"}), AuthenticationError, "Forbidden"),
        "no balance": Refusal(Reply(403, json={"detail": EMPTY}), InsufficientCreditsError, "billing"),
        "top up": Refusal(Reply(403, json={"detail": LOCKED.format("TOP_UP.")}), InsufficientCreditsError, "TOP_UP"),
        "admin lock": Refusal(
            Reply(403, json={"detail": LOCKED.format("Admin lock. Please contact support@fal.ai")}),
            AuthenticationError,
            "Admin lock",
        ),
        "404": Refusal(Reply(404, json=NO_APP), NotFoundError, "veo9"),
        "422 string": Refusal(Reply(422, json={"detail": "no prompt"}), ValidationError, "no prompt"),
        "422 list": Refusal(
            Reply(422, json=model_error("missing", "image_url", msg="Field required")),
            ValidationError,
            r"'image_url': Field required \(missing\)",
        ),
        "policy": Refusal(
            Reply(422, json=model_error("content_policy_violation", "prompt")), ContentModerationError, "policy"
        ),
        "429": Refusal(
            Reply(429, json={"detail": "slow down"}, headers={"Retry-After": "7"}), RateLimitError, "slow down"
        ),
    }

    @pytest.fixture
    def service(self, fal: FalQueue) -> FalQueue:
        return fal


@pytest.mark.parametrize(("reply", "error", "says"), AT_RESULT)
def test_failed_after_completion(
    world: World,
    fal: FalQueue,
    configured: Callable[..., VideoGenerationConfig],
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[TarashException],
    says: str,
) -> None:
    fal.result = reply
    with pytest.raises(error, match=says) as raised:
        world.generate(configured(), kite)
    assert type(raised.value) is error
    assert raised.value.raw_response == reply.json
    (job,) = fal.jobs.values()
    assert raised.value.request_id == job.request_id
    assert raised.value.job is not None
    assert raised.value.job.state == ("completed" if error is UnexpectedResponseError else "failed")
    assert (fal.posts, fal.seen("result")) == (1, 1)


def test_a_failure_that_the_status_tells(
    world: World, fal: FalQueue, configured: Callable[..., VideoGenerationConfig], kite: VideoGenerationRequest
) -> None:
    failure = request_error("startup_timeout", "the runner did not start")
    fal.statuses = (IN_QUEUE, {**COMPLETED, "error": failure["detail"], "error_type": failure["error_type"]})
    fal.result = Reply(504, json=failure)
    with pytest.raises(GenerationFailedError, match="startup_timeout") as raised:
        world.generate(configured(), kite)
    assert raised.value.raw_response == failure


def test_a_failure_that_only_the_status_tells(
    world: World, fal: FalQueue, configured: Callable[..., VideoGenerationConfig], kite: VideoGenerationRequest
) -> None:
    fal.statuses = ({**COMPLETED, "error": "ran out of memory"},)
    with pytest.raises(GenerationFailedError, match="ran out of memory"):
        world.generate(configured(), kite)


def test_the_field_and_the_reasons_are_told(
    world: World, fal: FalQueue, configured: Callable[..., VideoGenerationConfig], kite: VideoGenerationRequest
) -> None:
    fal.fault("submit", Reply(422, json=model_error("missing", "image_url")), Reply(422, json=PARTNER))
    with pytest.raises(ValidationError) as wrong:
        world.generate(configured(), kite)
    with pytest.raises(ContentModerationError) as refused:
        world.generate(configured(), kite)
    assert wrong.value.field == "image_url"
    assert refused.value.reasons == (PARTNER["detail"][0]["msg"], "partner_validation_failed")


def test_retry_after_is_told(
    world: World, fal: FalQueue, configured: Callable[..., VideoGenerationConfig], kite: VideoGenerationRequest
) -> None:
    fal.fault("submit", Reply(429, json={"detail": "slow down"}, headers={"Retry-After": "7"}))
    with pytest.raises(RateLimitError) as raised:
        world.generate(configured(), kite)
    assert raised.value.retry_after == 7.0
