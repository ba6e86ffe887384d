"""The way out of a misspelling."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tarash_core.suggest import did_you_mean, nearest

KNOWN = ["fal", "mock", "openai", "duration_seconds", "API_KEY"]


@pytest.mark.parametrize(
    ("word", "close"),
    [
        ("fall", "fal"),
        ("FAL", "fal"),
        ("moc", "mock"),
        ("duration", "duration_seconds"),
        ("api_key", "API_KEY"),
        ("zzz", None),
        ("", None),
    ],
)
def test_nearest(word: str, close: str | None) -> None:
    assert nearest(word, KNOWN) == close
    assert did_you_mean(word, KNOWN) == (f"; did you mean '{close}'?" if close else "")


def test_nothing_known_is_like_nothing() -> None:
    assert nearest("fal", []) is None
    assert nearest("fal", iter(["fal"])) == "fal"


@given(st.text(), st.lists(st.text()))
def test_only_what_is_known_is_suggested(word: str, known: list[str]) -> None:
    assert nearest(word, known) in {None, *known}
