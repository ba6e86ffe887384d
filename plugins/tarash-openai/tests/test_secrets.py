"""A canary key, searched for in everything that is written while jobs succeed, fail and are lost."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from tarash_openai.testing import COMPLETED, VideoServer

from tarash_core import TarashException, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.response import VideoGenerationUpdate
from tarash_core.testing import Reply, World, assert_absent

Configured = Callable[..., VideoGenerationConfig]


def echo(key: str) -> dict[str, object]:
    """A server that repeats the key in every place it has."""
    return {"error": {"message": f"Incorrect API key provided: {key}", "type": key, "param": key, "code": key}}


def test_a_video(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    updates: list[VideoGenerationUpdate] = []
    config = configured()
    response = world.generate(config, kite, on_progress=updates.append)
    assert len(updates) == 4
    assert_absent(key, response, response.job, response.video, updates)
    assert key not in repr(config) + caplog.text
    assert "HTTP Request: POST" in caplog.text


@pytest.mark.parametrize("step", ["create", "retrieve"])
@pytest.mark.parametrize("status", [307, 400, 401, 404, 422, 429, 500])
def test_no_error_holds_the_key(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    step: str,
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.statuses = (COMPLETED,)
    where = {"Location": "/v1/videos"} if status == 307 else {}
    server.fault(step, *[Reply(status, json=echo(key), headers=where)] * 50)  # type: ignore[arg-type]  # a Step
    with pytest.raises(TarashException) as raised:
        world.generate(configured(timeout=0.2), kite)
    error = raised.value
    told = {name: value for name, value in vars(error).items() if not name.startswith("__")}
    assert_absent(key, error.message, error.raw_response, error.job, str(error), repr(error), told)
    assert key not in caplog.text


@pytest.mark.parametrize("step", ["create", "retrieve"])
@pytest.mark.parametrize(
    "fault",
    [
        Reply.dropped(),
        Reply.reset(),
        Reply(502, body=b"<html>"),
        Reply(429, json={"error": {"message": "no"}}),
        Reply(307, headers={"Location": "/v1/videos"}),
        Reply(200, body=b"{"),
    ],
    ids=["drop", "reset", "502", "429", "307", "broken"],
)
def test_no_exception_holds_the_request(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    step: str,
    fault: Reply,
) -> None:
    """httpx2's exceptions and answers hold the request, and that the header: they must not survive in a cause."""
    server.statuses = (COMPLETED,)
    server.fault(step, *[fault] * 50)  # type: ignore[arg-type]  # a Step
    with pytest.raises(TarashException) as raised:
        world.generate(configured(timeout=0.1), kite)
    assert_absent(key, raised.value)
