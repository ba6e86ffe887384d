"""Names spelled like another one, found without comparing it with all of ten thousand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence

# So many are compared at most: ten milliseconds.
MOST = 256


class Names:
    """Names in the order of their beginnings and of their ends: a misspelling leaves one of the two mostly alone."""

    def __init__(self, names: Collection[str]) -> None:
        self._by_beginning = sorted(names, key=str.casefold)
        self._by_end = sorted((name[::-1] for name in names), key=str.casefold)

    def near(self, name: str) -> list[str]:
        """At most `MOST` names that may be meant by `name`; all, where there are no more."""
        if len(self._by_beginning) <= MOST:
            return self._by_beginning
        ends = (other[::-1] for other in _around(self._by_end, name[::-1]))
        return [*dict.fromkeys((*_around(self._by_beginning, name), *ends))]


def _around(names: Sequence[str], name: str) -> Sequence[str]:
    middle = bisect_left(names, name.casefold(), key=str.casefold)
    return names[max(0, middle - MOST // 4) : middle + MOST // 4]
