"""Webhooks through the public API: what is signed is read, and what is not is refused."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from tarash_openai.testing import signed

from tarash_core import (
    AuthenticationError,
    ConfigurationError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    verify_webhook,
)
from tarash_core.testing import assert_absent

Configured = Callable[..., VideoGenerationConfig]

SECRET = "whsec_" + "Y2FuYXJ5LWNhbmFyeS1jYW5hcnk="


@pytest.mark.parametrize(("event", "state"), [("video.completed", "completed"), ("video.failed", "failed")])
def test_a_signed_webhook_is_read(configured: Configured, event: str, state: str) -> None:
    headers, body = signed(event, "video_1", secret=SECRET)
    told = verify_webhook(configured(provider_config={"webhook_secret": SECRET}), headers, body)
    assert (told["request_id"], told["state"], told["body"]["type"]) == ("video_1", state, event)


def test_the_secret_of_the_environment(configured: Configured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", SECRET)
    headers, body = signed("video.completed", "video_1", secret=SECRET)
    upper = {name.upper(): value for name, value in headers.items()}
    assert verify_webhook(configured(api_key=None, base_url=None), upper, body)["request_id"] == "video_1"


def test_forgeries_are_refused(configured: Configured) -> None:
    config = configured(provider_config={"webhook_secret": SECRET})
    headers, body = signed("video.completed", "video_1", secret=SECRET)
    old = signed("video.completed", "video_1", secret=SECRET, at=time.time() - 400)
    early = signed("video.completed", "video_1", secret=SECRET, at=time.time() + 400)
    other = signed("video.completed", "video_1", secret="whsec_b3RoZXI=")
    unsigned = {name: value for name, value in headers.items() if name != "webhook-signature"}
    undated = {**headers, "webhook-timestamp": "today"}
    forgeries = [old, early, other, (headers, body + b" "), (unsigned, body), (undated, body), (headers, b"\xff")]
    for forged in forgeries:
        with pytest.raises(AuthenticationError, match="not from 'openai', or too old") as raised:
            verify_webhook(config, *forged)
        assert_absent("Y2FuYXJ5", raised.value)


@pytest.mark.parametrize(
    ("secret", "says"), [(None, "set OPENAI_WEBHOOK_SECRET"), ("whsec_not base64!", "copy it again"), (7, "set OPENAI")]
)
def test_a_secret_that_cannot_be_used(configured: Configured, secret: object, says: str) -> None:
    headers, body = signed("video.completed", "video_1", secret=SECRET)
    with pytest.raises(ConfigurationError, match=says):
        verify_webhook(configured(provider_config={"webhook_secret": secret} if secret else {}), headers, body)


def test_a_webhook_about_something_else(configured: Configured) -> None:
    config = configured(provider_config={"webhook_secret": SECRET})
    with pytest.raises(UnexpectedResponseError, match=r"subscribe to video\.completed"):
        verify_webhook(config, *signed("response.completed", "resp_1", secret=SECRET))
