"""Deadlines by the monotonic clock, and pauses that grow."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given, strategies as st

from tarash_core.deadline import Backoff, Deadline, answer_in_time, of_this_call, timeouts_in_time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_a_deadline_passes(clock: list[float]) -> None:
    deadline = Deadline(5)
    assert (deadline.seconds, deadline.elapsed(), deadline.remaining(), deadline.passed) == (5, 0.0, 5.0, False)
    clock[0] += 4.5
    assert (deadline.elapsed(), deadline.remaining(), deadline.passed) == (4.5, 0.5, False)
    clock[0] += 0.5
    assert (deadline.remaining(), deadline.passed) == (0.0, True)
    clock[0] += 100
    assert (deadline.elapsed(), deadline.remaining(), deadline.passed) == (105.0, 0.0, True)


def test_never(clock: list[float]) -> None:
    deadline = Deadline(math.inf)
    clock[0] += 1e9
    assert (deadline.remaining(), deadline.passed) == (math.inf, False)


@given(st.floats(min_value=0.001, max_value=100), st.none() | st.floats(min_value=0.001, max_value=100))
def test_pauses_grow_to_the_largest_and_stay_there(first: float, largest: float | None) -> None:
    backoff = Backoff(first, largest=largest)
    limit = first * 4 if largest is None else largest
    pauses = [backoff.pause() for _ in range(30)]
    expected = min(first, limit)
    for pause in pauses:
        assert expected * 0.9 <= pause <= expected * 1.1
        expected = min(expected * 1.25, limit)
    assert expected == limit or first * 1.25**30 < limit


def test_a_crowd_does_not_ask_together() -> None:
    assert len({Backoff(1.0).pause() for _ in range(50)}) > 40


@pytest.mark.parametrize(
    ("left", "most"), [pytest.param(3.0, 3.0, id="some time"), pytest.param(0.0, 0.001, id="none, but never unlimited")]
)
def test_no_timeout_outlasts_the_deadline(clock: list[float], left: float, most: float) -> None:
    token = of_this_call.set(Deadline(left))
    try:
        timeouts = timeouts_in_time({"connect": 0.0005, "read": 600.0, "write": None})
    finally:
        of_this_call.reset(token)
    assert timeouts == {"connect": 0.0005, "read": most, "write": most, "pool": most}


@pytest.mark.parametrize("deadline", [None, Deadline(math.inf)])
def test_without_a_deadline_timeouts_are_as_given(deadline: Deadline | None) -> None:
    token = of_this_call.set(deadline)
    try:
        assert timeouts_in_time({"read": 600.0, "pool": None}) == {"read": 600.0, "pool": None}
    finally:
        of_this_call.reset(token)


@pytest.mark.parametrize("deadline", [None, Deadline(math.inf)])
def test_without_a_deadline_an_answer_is_left_alone(deadline: Deadline | None) -> None:
    response = httpx.Response(200, stream=httpx.ByteStream(b"kite"))
    stream, token = response.stream, of_this_call.set(deadline)
    answer_in_time(response)
    of_this_call.reset(token)
    assert response.stream is stream


def test_an_answer_is_read_until_the_deadline(clock: list[float]) -> None:
    class Trickling(httpx.SyncByteStream):
        closed = False

        def __iter__(self) -> Iterator[bytes]:
            for byte in (b"k", b"i", b"t", b"e"):
                clock[0] += 1.0
                yield byte

        def close(self) -> None:
            self.closed = True

    def read(seconds: float) -> bytes:
        response = httpx.Response(200, stream=(stream := Trickling()))
        token = of_this_call.set(Deadline(seconds))
        answer_in_time(response)
        of_this_call.reset(token)
        try:
            return response.read()
        finally:
            response.close()
            assert stream.closed

    assert read(5.0) == b"kite"
    with pytest.raises(TimeoutError, match=r"still coming in after 2\.5 s"):
        read(2.5)
