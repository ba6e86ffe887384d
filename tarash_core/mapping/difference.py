"""What layers change for a model, field by field, with the places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tarash_core.mapping.model import Explained, ModelMapping


class Change(NamedTuple):
    """One line of ``tarash models diff``: their name (or ``task``, ``docs``...), and what stands there on either side.

    A side is None where there is nothing.
    """

    kind: Literal["added", "removed", "changed"]
    theirs: str
    before: str | None
    after: str | None
    place: str


def changes(before: ModelMapping | None, after: ModelMapping) -> list[Change]:
    """Everything that is said of a model in `after` and not, or otherwise, in `before`."""
    old = dict(_lines(before)) if before is not None else {}
    new = dict(_lines(after))
    found: list[Change] = []
    for name in {**old, **new}:
        was, now = old.get(name), new.get(name)
        what = "rule" if name[0] == "rule" else name[1]
        if was is None and now is not None:
            found.append(Change("added", what, None, now[0], now[1]))
        elif now is None and was is not None:
            found.append(Change("removed", what, was[0], None, was[1]))
        elif was is not None and now is not None and was[0] != now[0]:
            found.append(Change("changed", what, was[0], now[0], now[1]))
    return found


def _lines(mapping: ModelMapping) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """What is said, by kind and name: the words, and the place that decided them."""
    place = str(mapping.place)
    ending = mapping.deprecation
    yield ("about", "mapping of"), (mapping.model, place)
    yield ("about", "task"), (mapping.task, place)
    if mapping.docs is not None:
        yield ("about", "docs"), (mapping.docs, place)
    if ending is not None:
        yield ("about", "deprecated"), (ending.describe(), str(ending.place))
    for line in mapping.explain():
        # A rule has no name: it is another one when it says something else.
        name = ("rule", line.limits) if not line.theirs else ("parameter", line.theirs)
        yield name, (_words(line), line.place)


def _words(line: Explained) -> str:
    if not line.theirs:
        return line.limits
    return f"{line.ours}: {line.limits}" if line.limits else line.ours
