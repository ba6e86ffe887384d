"""Webhooks: what Replicate signed is read, and whatever anybody else sent is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from tarash_replicate.testing import SECRET, signed

from tarash_core import (
    AuthenticationError,
    ConfigurationError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    verify_webhook,
)
from tarash_core.testing import assert_absent

BODY = json.dumps(
    {"id": "p1", "status": "succeeded", "output": "https://example.com/Drächen.mp4"}, ensure_ascii=False
).encode()


def config(secret: str | None = SECRET) -> VideoGenerationConfig:
    options: dict[str, Any] = {} if secret is None else {"webhook_secret": secret}
    return VideoGenerationConfig(provider="replicate", model="google/veo-3.1", provider_config=options)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("processing", "processing"),
        ("succeeded", "completed"),
        ("failed", "failed"),
        ("canceled", "cancelled"),
        ("aborted", "failed"),
    ],
)
def test_a_signed_webhook_is_read(status: str, state: str) -> None:
    body = json.dumps({"id": "p1", "status": status}).encode()
    assert verify_webhook(config(), signed(body), body) == {
        "request_id": "p1",
        "state": state,
        "body": {"id": "p1", "status": status},
    }


def test_the_secret_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_WEBHOOK_SECRET", SECRET)
    assert verify_webhook(config(None), signed(BODY), BODY)["request_id"] == "p1"


def test_one_of_several_signatures_is_enough() -> None:
    headers = signed(BODY)
    headers["Webhook-Signature"] = f"v1,{base64.b64encode(b'of another key').decode()} {headers['Webhook-Signature']}"
    assert verify_webhook(config(), headers, BODY)["state"] == "completed"


def forged(**changes: str | None) -> dict[str, str]:
    headers = {name.lower(): value for name, value in signed(BODY).items()}
    for name, value in changes.items():
        headers.pop(f"webhook-{name}")
        headers |= {f"webhook-{name}": value} if value is not None else {}
    return headers


OTHER = "whsec_" + base64.b64encode(b"another secret").decode()


# Made when the test runs: a signature is good for five minutes only.
FORGERIES: list[Any] = [
    pytest.param(lambda: signed(BODY + b" "), BODY, id="body changed"),
    pytest.param(lambda: signed(BODY, secret=OTHER), BODY, id="another secret"),
    pytest.param(lambda: signed(BODY, age=310), BODY, id="too old"),
    pytest.param(lambda: signed(BODY, age=-310), BODY, id="of the future"),
    pytest.param(dict, BODY, id="no headers"),
    pytest.param(lambda: forged(id="msg_2"), BODY, id="another id"),
    pytest.param(lambda: forged(id=None), BODY, id="no id"),
    pytest.param(lambda: forged(timestamp=None), BODY, id="no timestamp"),
    pytest.param(lambda: forged(timestamp="now"), BODY, id="timestamp is no number"),
    pytest.param(lambda: forged(signature=None), BODY, id="no signature"),
    pytest.param(lambda: forged(signature="v1"), BODY, id="half a signature"),
    pytest.param(lambda: forged(signature="v1,%%%"), BODY, id="signature is not base64"),
    pytest.param(lambda: forged(signature="v1,"), BODY, id="empty signature"),
    pytest.param(lambda: signed(b""), b"", id="empty body"),
    pytest.param(lambda: signed(b"\xff"), b"\xff", id="body is no text"),
]


@pytest.mark.parametrize(("headers", "body"), FORGERIES)
def test_whatever_is_not_certain_is_refused(headers: Callable[[], dict[str, str]], body: bytes) -> None:
    with pytest.raises(AuthenticationError, match="not from replicate, or too old"):
        verify_webhook(config(), headers(), body)


@pytest.mark.parametrize("age", [0, 290, -290])
def test_five_minutes_are_allowed(age: float) -> None:
    assert verify_webhook(config(), signed(BODY, age=age), BODY)["request_id"] == "p1"


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_a", "whsec_not base64", "canary7f3a9c51e2", "whsec_canary7f3a9c51e2_x"]
)
def test_a_secret_that_is_none_is_not_quoted(secret: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        verify_webhook(config(secret), signed(BODY), BODY)
    if len(secret) > 10:
        assert_absent(secret, raised.value)


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(ConfigurationError, match="REPLICATE_WEBHOOK_SECRET"):
        verify_webhook(config(None), signed(BODY), BODY)


def test_an_unknown_status_is_said() -> None:
    body = json.dumps({"id": "p1", "status": "archived"}).encode()
    with pytest.raises(UnexpectedResponseError, match="'archived'"):
        verify_webhook(config(), signed(body), body)
