"""Every documented answer of Replicate and the exception that it becomes, once for both worlds.

Bodies as Replicate returned them in 2025 and 2026; the pages that document them stand in `tarash_replicate.errors` and
`tarash_replicate.prediction`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tarash_replicate.testing import STARTING, SUCCEEDED, ReplicateApi

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

Configured = Callable[..., VideoGenerationConfig]


def problem(status: int, title: str, detail: str, **more: Any) -> Reply:
    return Reply(status, json={"title": title, "detail": detail, "status": status, **more})


NO_KEY = problem(401, "Unauthenticated", "You did not pass an authentication token")
NO_CREDIT = problem(402, "Insufficient credit", "You have insufficient credit to run this model. Go to ...")
NO_MODEL = Reply(404, json={"detail": "The requested resource could not be found.", "status": 404})
NO_VERSION = problem(422, "Invalid version or not permitted", "The specified version does not exist")
WRONG = problem(
    422,
    "Input validation failed",
    '- input.aspect_ratio: aspect_ratio must be one of the following: "16:9", "9:16"\n',
    invalid_fields=[{"type": "enum", "field": "input.aspect_ratio", "description": "aspect_ratio must be one of ..."}],
)
MISSING = problem(
    422,
    "Input validation failed",
    "- input: prompt is required\n",
    invalid_fields=[{"type": "required", "field": "input", "description": "prompt is required"}],
)
THROTTLED = Reply(
    429, json={"detail": "Request was throttled. Your rate limit resets in ~5s.", "status": 429, "retry_after": 5}
)


FLAGGED = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
# What a prediction is at its end -> the exception, and words of its message.
AT_THE_END = [
    pytest.param({"status": "failed", "error": FLAGGED}, ContentModerationError, "flagged as sensitive", id="E005"),
    pytest.param(
        {"status": "failed", "error": f"Async prediction failed: ModelError: {FLAGGED} (uIJ6l3ruRD)"},
        ContentModerationError,
        "flagged as sensitive",
        id="E005 in a longer text",
    ),
    pytest.param(
        {"status": "failed", "error": "Service is currently unavailable due to high demand. (E003)"},
        GenerationFailedError,
        "high demand",
        id="E003",
    ),
    pytest.param(
        {"status": "failed", "error": "Prediction interrupted; please retry (code: PA)"},
        GenerationFailedError,
        "interrupted",
        id="no code",
    ),
    # A text without a code is not classified, whatever it says.
    pytest.param(
        {"status": "failed", "error": "NSFW content detected. Try running it again."},
        GenerationFailedError,
        "NSFW content",
        id="text alone",
    ),
    pytest.param({"status": "failed", "error": None}, GenerationFailedError, "no reason given", id="no error"),
    pytest.param(
        {"status": "failed", "error": {"code": 7, "message": "out of memory"}},
        GenerationFailedError,
        "out of memory",
        id="error is an object",
    ),
    pytest.param(
        {"status": "aborted", "error": None}, GenerationFailedError, "aborted.*nothing is charged", id="abort"
    ),
    pytest.param({**SUCCEEDED, "output": None}, UnexpectedResponseError, "without a video", id="nothing"),
    pytest.param({**SUCCEEDED, "output": []}, UnexpectedResponseError, "without a video", id="empty list"),
    pytest.param(
        {**SUCCEEDED, "output": {"image": "x"}}, UnexpectedResponseError, "without a video", id="other object"
    ),
]


class TestRefusals(RefusalContract):
    refusals = {
        "401": Refusal(NO_KEY, AuthenticationError, "did not pass"),
        "402": Refusal(NO_CREDIT, InsufficientCreditsError, "Insufficient credit: You have"),
        "403": Refusal(problem(403, "Forbidden", "not yours"), AuthenticationError, "not yours"),
        "404": Refusal(NO_MODEL, NotFoundError, "no official model 'google/veo-3.1-fast'.*owner/name:VERSION"),
        "400": Refusal(problem(400, "Bad request", "no JSON"), ValidationError, "no JSON"),
        "422 field": Refusal(WRONG, ValidationError, "aspect_ratio must be one of"),
        "422 required": Refusal(MISSING, ValidationError, "prompt is required"),
        "422 version": Refusal(NO_VERSION, ValidationError, "does not exist"),
        "422 short": Refusal(Reply(422, json={"detail": "no"}), ValidationError, "no"),
        "422 text": Refusal(Reply(422, body=b"no"), ValidationError, "no"),
        "429": Refusal(THROTTLED, RateLimitError, "resets in ~5s"),
    }

    @pytest.fixture
    def service(self, api: ReplicateApi) -> ReplicateApi:
        return api

    def jobs(self, service: ReplicateApi) -> dict[str, Any]:
        return service.predictions


@pytest.mark.parametrize(("end", "error", "says"), AT_THE_END)
def test_how_a_prediction_ends(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    end: dict[str, Any],
    error: type[TarashException],
    says: str,
) -> None:
    api.states = (STARTING, end)
    with pytest.raises(error, match=says) as raised:
        world.generate(configured(), kite)
    assert type(raised.value) is error
    (prediction,) = api.predictions.values()
    assert raised.value.request_id == prediction["id"]
    assert raised.value.raw_response == prediction
    assert raised.value.job is not None
    assert raised.value.job.state == ("completed" if error is UnexpectedResponseError else "failed")
    assert (api.posts, api.seen("get")) == (1, 2)


def test_the_field_and_the_reasons_are_told(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest
) -> None:
    fields = []
    for reply in (WRONG, MISSING):
        api.fault("submit", reply)
        with pytest.raises(ValidationError) as wrong:
            world.generate(configured(), kite)
        fields.append(wrong.value.field)
    api.states = ({"status": "failed", "error": FLAGGED},)
    with pytest.raises(ContentModerationError) as refused:
        world.generate(configured(), kite)
    assert fields == ["aspect_ratio", None]
    assert refused.value.reasons == ("E005", FLAGGED)


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        pytest.param(THROTTLED, 5.0, id="body"),
        pytest.param(Reply(429, json={"retry_after": 5}, headers={"Retry-After": "7"}), 7.0, id="header"),
        pytest.param(Reply(429, json={"detail": "slow down"}), None, id="neither"),
        pytest.param(Reply(429, json={"retry_after": True}), None, id="no number"),
        pytest.param(Reply(429, body=b"slow down"), None, id="text"),
    ],
)
def test_retry_after_is_told(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    reply: Reply,
    seconds: float | None,
) -> None:
    api.fault("submit", reply)
    with pytest.raises(RateLimitError) as raised:
        world.generate(configured(), kite)
    assert raised.value.retry_after == seconds


def test_a_wrong_key(world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest) -> None:
    with pytest.raises(AuthenticationError):
        world.generate(configured(api_key="r8_another"), kite)
    assert api.predictions == {}
