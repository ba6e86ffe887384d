"""A node of a mapping document and the path that leads to it, read strictly."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tarash_core.errors import MappingError
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_node import Key, Node, Place, Plain, Scalar, Sequence, Table, shown


class Spot:
    """A node, with its path (``fields.duration.one_of``) for messages. Every reading method raises `MappingError`."""

    __slots__ = ("node", "path")

    def __init__(self, node: Node, path: str = "") -> None:
        self.node = node
        self.path = path

    @property
    def place(self) -> Place:
        return self.node.place

    @property
    def is_null(self) -> bool:
        return isinstance(self.node, Scalar) and self.node.value is None

    @property
    def is_table(self) -> bool:
        return isinstance(self.node, Table)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, Sequence)

    def error(self, message: str) -> MappingError:
        """An error at this node, with its path."""
        return self.node.error(f"{self.path}: {message}" if self.path else message)

    def wrong(self, wanted: str) -> MappingError:
        """An error saying what is wanted here, and what there is."""
        return self.error(f"this must be {wanted}, not {self.node.describe()}")

    def table(self, words: Collection[str], *, what: str) -> dict[str, Spot]:
        """A group of keys, each of which is one of `words`; `what` is what the group is: ``"a field"``."""
        found = self.open_table(what)
        for name in found:
            if name not in words:
                raise self.at_key(name).error(f"{what} has no '{name}'{did_you_mean(name, words)}")
        return found

    def open_table(self, what: str) -> dict[str, Spot]:
        """A group of keys of any name."""
        return {self._name(key): value for key, value in self.keyed(what).items()}

    def keyed(self, what: str) -> dict[Key, Spot]:
        """A group of keys that may be numbers, true or false, too."""
        if not isinstance(self.node, Table):
            raise self.wrong(f"{what} with keys")
        return {key: Spot(value, self._below(key)) for key, value in self.node.entries.items()}

    def at_key(self, name: Key) -> Spot:
        """Where a key of this table stands."""
        node = self.node.keys.get(name, self.node) if isinstance(self.node, Table) else self.node
        return Spot(node, self._below(name))

    def items(self, what: str, *, at_least: int = 1) -> list[Spot]:
        """A list of at least so many items."""
        if not isinstance(self.node, Sequence):
            raise self.wrong(f"a list of {what}")
        if len(self.node.items) < at_least:
            raise self.error(f"the list of {what} is empty")
        return [Spot(item, f"{self.path}[{number}]") for number, item in enumerate(self.node.items)]

    def one_or_items(self, what: str) -> list[Spot]:
        """A list of at least one item; a single value counts as a list of itself."""
        return self.items(what) if self.is_list else [self]

    def text(self) -> str:
        if not isinstance(self.node, Scalar) or not isinstance(self.node.value, str) or not self.node.value:
            raise self.wrong(f"text{self._quoting()}")
        return self.node.value

    def word(self, known: Iterable[str], what: str) -> str:
        """A text that is one of `known`; `what` is what they are: ``"image role"``."""
        value = self.text()
        names = tuple(known)
        if value not in names:
            raise self.error(f"no {what} '{value}'{did_you_mean(value, names) or '; there are: ' + ', '.join(names)}")
        return value

    def number(self) -> int | float:
        value = self.scalar()
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong("a number")
        return value

    def count(self) -> int:
        value = self.number()
        if not isinstance(value, int) or value < 0:
            raise self.wrong("a whole number of at least 0")
        return value

    def boolean(self) -> bool:
        value = self.scalar()
        if not isinstance(value, bool):
            raise self.wrong("true or false")
        return value

    def scalar(self) -> Key:
        """A text, a number, true or false."""
        if not isinstance(self.node, Scalar) or self.node.value is None:
            raise self.wrong("one value")
        return self.node.value

    def plain(self) -> Plain:
        """Any value but null, as ordinary data."""
        if self.is_null:
            raise self.wrong("a value")
        return self.node.plain()

    def _name(self, key: Key) -> str:
        if isinstance(key, str) and key:
            return key
        raise self.at_key(key).error(f"a name must be text, not {shown(key)}; quote it")

    def _below(self, key: Key) -> str:
        return f"{self.path}.{key}" if self.path else str(key)

    def _quoting(self) -> str:
        is_other = isinstance(self.node, Scalar) and self.node.value is not None and self.node.value != ""
        return " (quote it)" if is_other else ""
