"""Every documented way in which Google says no, at the submit and of a job, on both roads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tarash_google.testing import FakeGoogle, filtered, omni, vertex_error

from tarash_core import (
    AuthenticationError,
    ContentModerationError,
    GenerationFailedError,
    HTTPError,
    InsufficientCreditsError,
    NotFoundError,
    RateLimitError,
    SubmissionUncertainError,
    TarashException,
    UnexpectedResponseError,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World
from tarash_core.testing.provider_contract import Refusal, RefusalContract

Configured = Callable[..., VideoGenerationConfig]

CELEBRITY = (
    "Veo could not generate videos because the input image violates Agent Platform's usage guidelines. If you think "
    "this was an error, send feedback. Support codes: 15236754"
)
SENSITIVE = (
    "The prompt could not be submitted. This prompt contains sensitive words that violate Google's Responsible AI "
    "practices. Try rephrasing your prompt. Support codes: 58061214, 61493863"
)


def body(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    """An error as Google writes it: https://google.aip.dev/193."""
    return {"error": {"code": code, "status": status, "message": message, "details": list(details)}}


def info(reason: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}


RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}
INVALID = body(400, "INVALID_ARGUMENT", "Unsupported output video duration 7 seconds")
BAD_KEY = body(400, "INVALID_ARGUMENT", "API key not valid.", info("API_KEY_INVALID"))
EXHAUSTED = body(429, "RESOURCE_EXHAUSTED", "Quota exceeded", RETRY)

UNCERTAIN = [
    pytest.param(Reply(500, json=body(500, "INTERNAL", "no")), id="500"),
    pytest.param(Reply(504, json=body(504, "DEADLINE_EXCEEDED", "late")), id="504"),
    pytest.param(Reply(502, body=b"<html>proxy</html>"), id="502 html"),
    pytest.param(Reply(200, body=b"<html>portal</html>", headers={"Content-Type": "text/html"}), id="200 html"),
    pytest.param(Reply(200, json={}), id="200 without a name"),
    pytest.param(Reply(201, body=b"created"), id="201"),
    pytest.param(Reply(307, headers={"Location": "http://127.0.0.1:9/"}), id="307"),
]


class TestRefusals(RefusalContract):
    refusals = {
        "400": Refusal(Reply(400, json=INVALID), ValidationError),
        "400 bad key": Refusal(Reply(400, json=BAD_KEY), AuthenticationError),
        "400 support codes": Refusal(Reply(400, json=body(400, "INVALID_ARGUMENT", SENSITIVE)), ContentModerationError),
        "400 safety": Refusal(Reply(400, json=body(400, "SAFETY", "blocked")), ContentModerationError),
        "401": Refusal(Reply(401, json=body(401, "UNAUTHENTICATED", "no credentials")), AuthenticationError),
        "402": Refusal(
            Reply(402, json=body(402, "RESOURCE_EXHAUSTED", "credit depleted")),
            InsufficientCreditsError,
        ),
        "403": Refusal(Reply(403, json=body(403, "PERMISSION_DENIED", "not allowed")), AuthenticationError),
        "404": Refusal(Reply(404, json=body(404, "NOT_FOUND", "no such model")), NotFoundError),
        "429": Refusal(Reply(429, json=EXHAUSTED), RateLimitError),
        "503": Refusal(Reply(503, json=body(503, "UNAVAILABLE", "overloaded")), HTTPError),
    }

    @pytest.fixture
    def service(self, google: FakeGoogle) -> FakeGoogle:
        return google


def test_a_refusal_in_a_list(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    google.fault("submit", Reply(400, json=[BAD_KEY]))
    with pytest.raises(AuthenticationError, match="API key not valid"):
        world.generate(configured(), kite)
    assert google.posts == 1


@pytest.mark.parametrize("reply", UNCERTAIN)
def test_an_answer_that_proves_nothing(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest, reply: Reply
) -> None:
    google.fault("submit", reply)
    with pytest.raises(SubmissionUncertainError):
        world.generate(configured(), kite)
    assert google.posts == 1


def test_reasons_are_the_documented_categories(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    google.fault("submit", Reply(400, json=body(400, "INVALID_ARGUMENT", SENSITIVE)))
    with pytest.raises(ContentModerationError) as raised:
        world.generate(configured(), kite)
    assert raised.value.reasons == (SENSITIVE, "child", "violence")


def test_the_delay_of_a_rate_limit_is_told(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest
) -> None:
    google.fault("submit", Reply(429, json=EXHAUSTED))
    with pytest.raises(RateLimitError) as raised:
        world.generate(configured(), kite)
    assert raised.value.retry_after == 34.5


def test_a_wrong_key(world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest) -> None:
    with pytest.raises(AuthenticationError, match="API key not valid"):
        world.generate(omni_config(api_key="another-key"), kite)
    assert google.jobs == {}


FILTERED = {"done": True, "response": filtered(CELEBRITY)}
COUNTED = {"done": True, "response": {"raiMediaFilteredCount": 1}}
BLOCKED = {"code": "https://ai.google.dev/errors/SAFETY", "message": "blocked for its content"}

FAILURES = [
    pytest.param("vertex", FILTERED, ContentModerationError, "celebrity", id="filtered with reasons"),
    pytest.param("vertex", COUNTED, ContentModerationError, None, id="filtered without reasons"),
    pytest.param("vertex", vertex_error(3, SENSITIVE), ContentModerationError, "child", id="operation refused"),
    pytest.param("vertex", vertex_error(13, "internal error"), GenerationFailedError, None, id="operation failed"),
    pytest.param("interactions", omni("failed", errors=[BLOCKED]), ContentModerationError, None, id="blocked"),
    pytest.param("interactions", omni("failed", error=BLOCKED), ContentModerationError, None, id="blocked, one error"),
    pytest.param("interactions", omni("failed"), GenerationFailedError, None, id="failed"),
    pytest.param("interactions", omni("cancelled"), GenerationFailedError, None, id="cancelled"),
    pytest.param("interactions", omni("incomplete"), GenerationFailedError, None, id="incomplete"),
    pytest.param("interactions", omni("budget_exceeded"), GenerationFailedError, None, id="budget exceeded"),
    pytest.param("interactions", omni("requires_action"), GenerationFailedError, None, id="requires action"),
    pytest.param("interactions", omni("requires_continuation"), GenerationFailedError, None, id="continuation"),
]


@pytest.mark.parametrize(("road", "state", "error", "reason"), FAILURES)
def test_a_job_that_fails(
    world: World,
    google: FakeGoogle,
    kite: VideoGenerationRequest,
    request: pytest.FixtureRequest,
    road: str,
    state: dict[str, Any],
    error: type[TarashException],
    reason: str | None,
) -> None:
    configured = request.getfixturevalue("veo_config" if road == "vertex" else "omni_config")
    google.states = (state,)
    with pytest.raises(error) as raised:
        world.generate(configured(), kite)
    assert type(raised.value) is error
    assert raised.value.job is not None
    assert raised.value.job.state in ("failed", "cancelled")
    assert google.posts == 1
    if isinstance(raised.value, ContentModerationError):
        assert reason is None or reason in raised.value.reasons


def test_the_failure_quotes_google(
    world: World, google: FakeGoogle, veo_config: Configured, kite: VideoGenerationRequest
) -> None:
    google.states = (vertex_error(8, "Resource exhausted"),)
    with pytest.raises(GenerationFailedError, match=r"Resource exhausted \(code 8\)"):
        world.generate(veo_config(), kite)


def test_words_in_the_place_of_a_video(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    google.states = (omni("completed", {"type": "text", "text": "I can't help with that."}),)
    with pytest.raises(GenerationFailedError, match="I can't help with that"):
        world.generate(omni_config(), kite)


@pytest.mark.parametrize("done", [{"done": True}, {"done": True, "response": {}}, omni("completed")])
def test_a_job_that_made_nothing(
    world: World, google: FakeGoogle, configured: Configured, kite: VideoGenerationRequest, done: dict[str, Any]
) -> None:
    google.states = ({**omni("completed"), **done, "done": True},)
    with pytest.raises(UnexpectedResponseError, match="without a video"):
        world.generate(configured(), kite)


def test_a_video_that_is_no_base64(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest
) -> None:
    google.states = (omni("completed", {"type": "video", "data": "%%%", "mime_type": "video/mp4"}),)
    with pytest.raises(UnexpectedResponseError, match="cannot be read"):
        world.generate(omni_config(), kite)
