"""What stands in a YAML file, with the place where it stands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from tarash_core.errors import MappingError

Key: TypeAlias = "str | int | float | bool"
Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[Key, Plain] | None"


class Place(NamedTuple):
    """Where something stands: a file (or the name of another source), a line and a column, both 1-based.

    Line and column are None for data that was never text, e.g. a dict given at run time.
    """

    file: str
    line: int | None = None
    column: int | None = None

    def error(self, message: str) -> MappingError:
        """An error about this place."""
        return MappingError(message, file=self.file, line=self.line, column=self.column)

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class Node(ABC):
    """One value of a document: a `Scalar`, a `Sequence` or a `Table`."""

    __slots__ = ("column", "file", "line")

    def __init__(self, file: str, line: int | None, column: int | None) -> None:
        self.file = file
        self.line = line
        self.column = column

    @property
    def place(self) -> Place:
        return Place(self.file, self.line, self.column)

    def error(self, message: str) -> MappingError:
        """An error about this node, with file, line and column."""
        return self.place.error(message)

    @abstractmethod
    def plain(self) -> Plain:
        """The same as ordinary, newly made Python data."""

    @abstractmethod
    def describe(self) -> str:
        """What this is, for an error message: ``"the number 5"``, ``"a list"``."""


class Scalar(Node):
    """A text, a number, ``true``, ``false`` or null."""

    __slots__ = ("value",)

    def __init__(self, value: Key | None, file: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(file, line, column)
        self.value = value

    def plain(self) -> Plain:
        return self.value

    def describe(self) -> str:
        match self.value:
            case None:
                return "nothing (null)"
            case bool():
                return "true" if self.value else "false"
            case str():
                return f"the text {shown(self.value)}"
        return f"the number {shown(self.value)}"


class Sequence(Node):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, items: Iterable[Node], file: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(file, line, column)
        self.items = tuple(items)

    def plain(self) -> Plain:
        return [item.plain() for item in self.items]

    def describe(self) -> str:
        return "a list"


class Table(Node):
    """Keys with values, in the order of the file. `keys` holds where each key stands."""

    __slots__ = ("entries", "keys")

    def __init__(
        self,
        entries: Mapping[Key, Node],
        keys: Mapping[Key, Scalar],
        file: str,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(file, line, column)
        self.entries = entries
        self.keys = keys

    def plain(self) -> Plain:
        return {key: value.plain() for key, value in self.entries.items()}

    def describe(self) -> str:
        return "a group of keys"


def shown(value: object) -> str:
    """A value as a message quotes it: text in single quotes, whole floats as integers, never longer than 60 letters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    try:
        text = f"'{value}'" if isinstance(value, str) else str(value)
    except ValueError:
        # Python writes no number of more than 4,300 digits.
        text = f"{'a number' if isinstance(value, int) else 'what holds a number'} of too many digits"
    return text if len(text) <= 60 else f"{text[:57]}..."
