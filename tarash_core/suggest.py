"""The way out of a misspelling."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word most like `word` (letter case ignored), or None when none is like it."""
    import difflib

    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``"; did you mean 'fal'?"``, or an empty string."""
    close = nearest(word, known)
    return f"; did you mean '{close}'?" if close else ""
