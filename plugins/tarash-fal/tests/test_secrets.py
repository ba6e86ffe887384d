"""A canary key, searched for in everything that is written while jobs succeed, fail and are lost."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from tarash_fal.testing import COMPLETED, IN_QUEUE, FalQueue

from tarash_core import ConfigurationError, TarashException, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.response import VideoGenerationUpdate
from tarash_core.testing import Reply, World, assert_absent

Configured = Callable[..., VideoGenerationConfig]


def echo(key: str) -> dict[str, object]:
    """A provider that repeats the key in every place it has."""
    return {
        "detail": f"key {key} is unknown",
        "error_type": key,
        "headers": {"Authorization": f"Key {key}"},
        key: [key],
    }


def test_a_video(
    world: World,
    fal: FalQueue,
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
    assert_absent(key, response, response.job, updates)
    assert key not in repr(config) + caplog.text
    assert "send_request_headers" in caplog.text  # httpcore tells every step of the wire at this level


@pytest.mark.parametrize("step", ["submit", "status", "result", "cancel"])
@pytest.mark.parametrize("status", [400, 401, 403, 422, 500])
def test_errors_that_repeat_the_key(
    world: World,
    fal: FalQueue,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    step: str,
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    fal.statuses = (IN_QUEUE,) if step == "cancel" else (COMPLETED,)
    fal.fault(step, *[Reply(status, json=echo(key))] * 50)  # type: ignore[arg-type]  # a Step
    config = configured(timeout=0.2)
    with pytest.raises(TarashException) as raised:
        world.cancel(world.submit(config, kite), config=config) if step == "cancel" else world.generate(config, kite)
    error = raised.value
    assert_absent(key, error.message, error.raw_response, error.job, str(error), repr(error), vars(error))
    assert key not in caplog.text


@pytest.mark.parametrize("step", ["submit", "status", "result"])
@pytest.mark.parametrize(
    "fault", [Reply.dropped(), Reply.reset(), Reply(502, body=b"<html>")], ids=["drop", "reset", "502"]
)
def test_no_exception_holds_the_request(
    world: World,
    fal: FalQueue,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    step: str,
    fault: Reply,
) -> None:
    """httpx's exceptions and answers hold the request, and that the header: they must not survive in a cause."""
    fal.statuses = (COMPLETED,)
    fal.fault(step, *[fault] * 20)  # type: ignore[arg-type]  # a Step
    with pytest.raises(TarashException) as raised:
        world.generate(configured(timeout=0.1), kite)
    assert_absent(key, raised.value)


@pytest.mark.parametrize("wrong", ["{}\u00e9", "a\tb{}", "two\nlines {}"])
def test_a_key_that_fits_no_header_is_not_quoted(
    world: World,
    fal: FalQueue,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    wrong: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FAL_KEY", wrong.format(key))
    with pytest.raises(ConfigurationError) as raised:
        world.generate(configured(api_key=None), kite)
    assert_absent(key, raised.value)
    assert fal.server.requests == []
