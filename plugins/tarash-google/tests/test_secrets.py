"""A canary, as key and in the access token, searched for in everything that is written."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from tarash_google.testing import FakeGoogle

from tarash_core import TarashException, VideoGenerationConfig, VideoGenerationRequest, VideoGenerationUpdate
from tarash_core.testing import Reply, World, assert_absent

Configured = Callable[..., VideoGenerationConfig]


def test_a_video(
    world: World,
    google: FakeGoogle,
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
    assert "HTTP Request: POST" in caplog.text


@pytest.mark.parametrize("step", ["submit", "poll"])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Reply.dropped(), id="drop"),
        pytest.param(Reply.reset(), id="reset"),
        pytest.param(Reply(400, json={"error": {"code": 400, "message": "no"}}), id="400"),
        pytest.param(Reply(403, json={"error": {"code": 403, "message": "no"}}), id="403"),
        pytest.param(Reply(502, body=b"<html>"), id="502"),
    ],
)
def test_no_exception_holds_the_key(
    world: World,
    google: FakeGoogle,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    step: str,
    fault: Reply,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    google.fault(step, *[fault] * 30)  # type: ignore[arg-type]  # a Step
    with pytest.raises(TarashException) as raised:
        world.generate(configured(timeout=0.3), kite)
    assert_absent(key, raised.value)
    assert key not in caplog.text


@pytest.mark.parametrize("step", ["submit", "poll"])
def test_errors_that_repeat_the_key(
    world: World, google: FakeGoogle, omni_config: Configured, kite: VideoGenerationRequest, key: str, step: str
) -> None:
    told = {"code": 400, "message": f"key {key} is unknown", "details": [{"reason": key}]}
    google.fault(step, Reply(400, json={"error": told}))  # type: ignore[arg-type]  # a Step
    with pytest.raises(TarashException) as raised:
        world.generate(omni_config(), kite)
    error = raised.value
    assert_absent(key, error.message, error.raw_response, error.job, str(error), repr(error))
