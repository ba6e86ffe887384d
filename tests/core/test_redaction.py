"""No secret survives redaction, wherever it stands; words do."""

from __future__ import annotations

import datetime
import logging
from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st
from pydantic import SecretStr

from tarash_core.redaction import HIDDEN, RedactingFilter, forget_credentials, redact, redact_text, secrets_of
from tarash_core.testing import assert_absent

KEY = "sk-canary-4711-abcdef"

SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=40).filter(
    # The mark that hides may hold a short secret itself, and so may the mark of bytes and types.
    lambda text: text not in HIDDEN and text not in "<123456789 bytes>" and text not in "<datetime>"
)


@st.composite
def structures_with(draw: st.DrawFn, secret: str) -> Any:
    """JSON-like data, with the secret in a key or a value somewhere, alone or inside a longer text."""
    # A number is hidden when it is the secret; digits inside a longer number are no key.
    scalars = st.none() | st.booleans() | st.integers(-99, 999) | st.text(max_size=8)
    planted = st.builds(lambda left, right: f"{left}{secret}{right}", st.text(max_size=4), st.text(max_size=4))
    leaf = planted | scalars
    return draw(
        st.recursive(
            leaf,
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.tuples(inner, planted)
                | st.dictionaries(st.text(max_size=6) | planted, inner, max_size=3)
            ),
            max_leaves=8,
        )
    )


@given(st.data())
def test_no_secret_survives(data: st.DataObject) -> None:
    secret = data.draw(SECRETS)
    structure = data.draw(structures_with(secret))
    for text in texts_in(redact(structure, (secret,))):
        # What is left over on both sides of a hidden piece may spell it again, together with the mark or without.
        assert secret not in text.replace(HIDDEN, "\0")


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in texts_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [str(value)]


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "proxy-authorization",
        "api_key",
        "apiKey",
        "API-KEY",
        "x-api-key",
        "x-goog-api-key",
        "api_token",
        "access_token",
        "refreshToken",
        "auth_token",
        "token",
        "client_secret",
        "webhook_secret",
        "secret",
        "secret_key",
        "private_key",
        "password",
        "Cookie",
        "Set-Cookie",
        "credentials",
        "FAL_KEY",
        "fal_key_id",
        "fal_key_secret",
    ],
)
def test_hidden_by_name(name: str) -> None:
    assert redact({name: "unknown to us"}) == {name: HIDDEN}
    assert redact([{"headers": {name: ["a", "b"]}}]) == [{"headers": {name: HIDDEN}}]


@pytest.mark.parametrize(
    "name", ["key", "next_page", "tokens", "total_tokens", "keyframe", "api_version", "cookies_ok"]
)
def test_not_hidden_by_name(name: str) -> None:
    assert redact({name: "plain"}) == {name: "plain"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Authorization: Bearer abcdef1234567", f"Authorization: Bearer {HIDDEN}"),
        ("Key 12345678-aaaa:bbbb", f"Key {HIDDEN}"),
        ("sent 'Token r8_abcdefgh'", f"sent 'Token {HIDDEN}'"),
        ("Basic dXNlcjpwYXNzd29yZA==", f"Basic {HIDDEN}"),
        ("bearer abcdefghijklmnopqrstuvwxyz", f"bearer {HIDDEN}"),
        ("the token provided is wrong", None),
        ("use basic authentication", None),
        ("set the key FAL_KEY in the environment", None),
        ("another key of 'fal'", None),
    ],
)
def test_what_looks_like_a_credential(text: str, says: str | None) -> None:
    assert redact_text(text) == (text if says is None else says)


def test_the_parts_of_a_key_are_secrets_too() -> None:
    assert secrets_of(SecretStr("keyid:longer-secret"), None, SecretStr("abc")) == (
        "keyid:longer-secret",
        "longer-secret",
        "keyid",
    )
    assert redact_text("key keyid:longer-secret, keyid", secrets_of(SecretStr("keyid:longer-secret"))) == (
        f"key {HIDDEN}, {HIDDEN}"
    )
    assert secrets_of() == ()


def test_numbers_that_are_the_key() -> None:
    assert redact({"id": 12345678, "size": 123456789, "f": 0.5}, ("12345678",)) == {
        "id": HIDDEN,
        "size": 123456789,
        "f": 0.5,
    }


def test_what_is_no_json_is_told_by_its_type() -> None:
    now = datetime.datetime.now(tz=datetime.UTC)
    assert redact({1: (now, b"secret", bytearray(3), {"a"}, object())}) == {
        "1": ["<datetime>", "<6 bytes>", "<3 bytes>", ["a"], "<object>"]
    }


def test_the_original_stays_as_it_is() -> None:
    original = {"api_key": KEY, "list": [KEY]}
    assert redact(original, (KEY,)) == {"api_key": HIDDEN, "list": [HIDDEN]}
    assert original == {"api_key": KEY, "list": [KEY]}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.handler.addFilter(RedactingFilter())
    caplog.set_level(logging.DEBUG)
    return caplog


LOG = logging.getLogger("application")


def test_log_lines(lines: pytest.LogCaptureFixture) -> None:
    LOG.info("sent Authorization: %s %s to %d hosts", "Bearer", KEY, 2)
    assert lines.messages == [f"sent Authorization: Bearer {HIDDEN} to 2 hosts"]


def test_tracebacks(lines: pytest.LogCaptureFixture) -> None:
    try:
        raise RuntimeError(f"refused: Key {KEY}")
    except RuntimeError:
        LOG.exception("it failed")
    assert "RuntimeError: refused: Key [redacted]" in lines.text
    assert "Traceback" in lines.text
    assert KEY not in lines.text


def test_structured_fields(lines: pytest.LogCaptureFixture) -> None:
    LOG.info("sent", extra={"header": f"Bearer {KEY}", "fields": {"api_key": KEY, "n": [1]}, "api_token": KEY, "n": 5})
    record = vars(lines.records[0])
    assert (record["header"], record["fields"]) == (f"Bearer {HIDDEN}", {"api_key": HIDDEN, "n": [1]})
    assert (record["api_token"], record["n"]) == (HIDDEN, 5)


def test_a_wrong_format_string_is_loggings_own_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    record = logging.makeLogRecord({"msg": "%d hosts", "args": ("many",)})
    assert RedactingFilter().filter(record) is True
    assert record.args == ("many",)


@pytest.mark.parametrize("name", ["response", "raw_response"])
def test_requests_that_hang_on_an_exception_lose_their_key(name: str) -> None:
    """The one that was sent, and the one that a redirect asked for; SDKs differ in what they call the answer."""
    sent, following = (httpx.Request("GET", "https://example.com", headers={"X-Api-Key": KEY}) for _ in range(2))
    answer = httpx.Response(307, request=sent)
    answer.next_request = following
    error = RuntimeError("it failed")
    setattr(error, name, answer)
    with pytest.raises(AssertionError, match="pickle"):
        assert_absent(KEY, error)
    forget_credentials(error)
    assert_absent(KEY, error, sent, following)
