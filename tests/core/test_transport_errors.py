"""What each failure of an HTTP library proves about the request."""

from __future__ import annotations

import datetime
import email.utils
import math
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from types import ModuleType

import httpcore
import httpx
import pytest
from hypothesis import given, strategies as st

from tarash_core.testing import LoopbackServer, Reply
from tarash_core.transport_errors import MAYBE_SENT, NOT_SENT, request_sent, retry_after_seconds


def subclasses(cls: type[BaseException]) -> Iterator[type[BaseException]]:
    yield cls
    for child in cls.__subclasses__():
        yield from subclasses(child)


def named(library: ModuleType, *roots: type[BaseException]) -> set[type[BaseException]]:
    return {cls for root in roots for cls in subclasses(root) if cls.__module__.split(".")[0] == library.__name__}


HTTPX = named(httpx, httpx.TransportError)
HTTPCORE = named(httpcore, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)


def test_every_transport_failure_of_httpx_is_known() -> None:
    """A new one in a new httpx must be put into one of the two sets by a person."""
    assert {cls.__name__ for cls in HTTPX} <= NOT_SENT | MAYBE_SENT
    assert not NOT_SENT & MAYBE_SENT


@pytest.mark.parametrize("cls", sorted(HTTPX | HTTPCORE, key=str))
def test_each_class(cls: type[BaseException]) -> None:
    assert request_sent(cls("failed")) is (cls.__name__ not in NOT_SENT)


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (httpx.InvalidURL("no"), False),
        (httpx.DecodingError("no"), True),
        (httpx.TooManyRedirects("no"), True),
        (ConnectionRefusedError(), False),
        (socket.gaierror(-2, "name not known"), False),
        (ssl.SSLCertVerificationError("self-signed"), False),
        (ConnectionResetError(), True),
        (BrokenPipeError(), True),
        (TimeoutError(), True),
        (ValueError("no"), None),
        (KeyError("id"), None),
        (OSError(28, "no space left"), None),
        (httpx.HTTPStatusError("401", request=httpx.Request("GET", "https://a"), response=httpx.Response(401)), None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_others(error: BaseException, sent: bool | None) -> None:
    assert request_sent(error) is sent


class SdkError(Exception):
    """What an SDK wraps its library's errors in."""


def wrapped(inner: Exception) -> Exception:
    try:
        raise SdkError("it failed") from inner
    except SdkError as error:
        return error


def in_the_wake_of(inner: Exception, outer: Exception, *, hidden: bool = False) -> Exception:
    """As Python links an exception that is raised in an ``except`` block without ``from``, or with ``from None``."""
    outer.__context__ = inner
    outer.__suppress_context__ = hidden
    return outer


def test_wrapped_failures_count_as_they_are() -> None:
    assert request_sent(wrapped(httpx.ConnectError("refused"))) is False
    assert request_sent(wrapped(wrapped(httpx.ReadTimeout("silent")))) is True
    assert request_sent(wrapped(ValueError())) is None


def test_the_outermost_failure_counts() -> None:
    """An SDK that tried twice: the second attempt failed while the first one's failure was handled."""
    assert request_sent(in_the_wake_of(httpx.ConnectError("first"), httpx.ReadTimeout("second"))) is True


def test_another_attempts_failure_never_proves_that_nothing_was_sent() -> None:
    assert request_sent(in_the_wake_of(httpx.ConnectError("first"), ValueError("bad answer of the second"))) is True
    assert request_sent(in_the_wake_of(ConnectionRefusedError(), ValueError())) is True
    assert request_sent(in_the_wake_of(httpx.ConnectError("first"), ValueError(), hidden=True)) is None


def test_a_circle_of_causes_ends() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert request_sent(first) is None


def test_a_class_of_the_same_name_elsewhere_says_nothing() -> None:
    class ConnectError(Exception):
        pass

    assert request_sent(ConnectError()) is None


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize(
    ("reply", "sent"), [(Reply.dropped, True), (Reply.reset, True), (lambda: Reply.hanging(5), True), (None, False)]
)
def test_real_failures_of_real_connections(reply: Callable[[], Reply] | None, sent: bool) -> None:
    with LoopbackServer(lambda received: reply() if reply else Reply()) as server, httpx.Client(timeout=0.2) as client:
        with pytest.raises(httpx.TransportError) as raised:
            client.post(server.url if reply else closed_port(), json={})
        assert request_sent(raised.value) is sent
        assert request_sent(wrapped(raised.value)) is sent


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("60", 60.0),
        ("0", 0.0),
        (" 1.5 ", 1.5),
        ("-3", 0.0),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert retry_after_seconds({"retry-after": text}) == seconds


@pytest.mark.parametrize("zone", ["GMT", "+0000", "-0000"])
def test_retry_after_a_date(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if hasattr(time, "tzset"):  # The machine's own zone must not matter.
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
    try:
        moment = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(seconds=100)
        date = email.utils.format_datetime(moment, usegmt=True).replace("GMT", zone)
        assert retry_after_seconds({"Retry-After": date}) == pytest.approx(100, abs=3)
    finally:
        monkeypatch.undo()
        if hasattr(time, "tzset"):
            time.tzset()


def test_without_the_header() -> None:
    assert retry_after_seconds({}) is None
    assert retry_after_seconds({"RETRY-AFTER": "2"}) == 2
    assert retry_after_seconds(httpx.Headers({"Retry-After": "2"})) == 2


@given(st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ [-+]?\w*", fullmatch=True))
def test_garbage_is_no_crash(text: str) -> None:
    seconds = retry_after_seconds({"Retry-After": text})
    assert seconds is None or (seconds >= 0 and math.isfinite(seconds))
