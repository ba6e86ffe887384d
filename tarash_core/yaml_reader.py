"""Reads YAML so that every value knows its place, and nothing in a file can surprise.

Scalars are those of YAML 1.2; a duplicate key, an anchor, an alias or a tag is an error; size, depth and number of
values are limited. PyYAML parses (in C where it can); its events are put together here, without recursion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from tarash_core.errors import MappingError
from tarash_core.yaml_node import Key, Node, Place, Scalar, Sequence, Table, shown
from tarash_core.yaml_scalars import read_plain_scalar

if TYPE_CHECKING:
    from yaml import CollectionStartEvent, Event, MarkedYAMLError, ScalarEvent

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
MAX_NODES = 250_000

_NO_ALIASES = "anchors and aliases are not allowed; repeat the lines, or share a model's fields with 'extends'"
_NO_TAGS = "tags are not allowed; a value is what YAML 1.2 says, and quotes make it text"


def read_documents(text: str | bytes, *, file: str) -> list[Node]:
    """The documents of a YAML text (separated by ``---``), without the empty ones.

    Args:
        text: The text, UTF-8 where it is bytes.
        file: Path or name of the source, for messages.

    Raises:
        MappingError: With file, line and column: whatever is wrong with the text.
    """
    checked = _checked_text(text, file)
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _compose(yaml.parse(checked, Loader=loader), file)
    except yaml.MarkedYAMLError as error:
        raise _explained(error, checked, file) from None
    except yaml.reader.ReaderError as error:
        # The parser in C counts bytes, the one in Python letters.
        found = yaml.reader.Reader.NON_PRINTABLE.search(checked)
        start = found.start() if found else error.position
        raise place_in(checked[:start].encode(), file).error(f"not a text file: {error.reason}") from None
    except yaml.YAMLError as error:
        raise MappingError(f"not valid YAML: {error}", file=file) from None


def read_document(text: str | bytes, *, file: str) -> Node:
    """The one document of a YAML text.

    Raises:
        MappingError: As `read_documents` does; or there is none, or more than one.
    """
    documents = read_documents(text, file=file)
    if not documents:
        raise MappingError("the file is empty", file=file)
    if len(documents) > 1:
        raise documents[1].error("one document is wanted here, and this is the second; remove the '---'")
    return documents[0]


def node_of(data: object, *, file: str, depth: int = 0) -> Node:
    """Ordinary Python data (dicts, lists, scalars) as a node without line and column.

    Raises:
        MappingError: The data holds something that YAML could not say, or is nested too deep.
    """
    if depth > MAX_DEPTH:
        raise MappingError(f"nested more than {MAX_DEPTH} deep", file=file)
    if isinstance(data, Mapping):
        keys = {key: _scalar_of(key, file) for key in data}
        return Table({key: node_of(value, file=file, depth=depth + 1) for key, value in data.items()}, keys, file)
    if isinstance(data, list | tuple):
        return Sequence((node_of(item, file=file, depth=depth + 1) for item in data), file)
    return _scalar_of(data, file)


def _scalar_of(value: object, file: str) -> Scalar:
    match value:
        case None | str() | bool():
            return Scalar(value, file)
        case int() if value.bit_length() < 1024:
            return Scalar(value, file)
        case float() if value - value == 0:
            return Scalar(value, file)
    raise MappingError(f"a {type(value).__name__} ({shown(value)}) cannot stand in a mapping", file=file)


def place_in(before: bytes, file: str) -> Place:
    """The place that comes after these bytes of a file."""
    return Place(file, before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1)


def _checked_text(text: str | bytes, file: str) -> str:
    try:
        data = text if isinstance(text, bytes) else text.encode()
        if len(data) > MAX_BYTES:
            says = f"{len(data)} bytes are too many; a file may have {MAX_BYTES}; split it"
            raise place_in(data[:MAX_BYTES], file).error(says)
        return data.decode("utf-8-sig")
    except UnicodeEncodeError as error:
        before = error.object[: error.start].encode(errors="replace")
        raise place_in(before, file).error(f"not a Unicode text: {error.reason}") from None
    except UnicodeDecodeError as error:
        says = f"not UTF-8 ({error.reason}); save the file as UTF-8"
        raise place_in(data[: error.start], file).error(says) from None


class _Frame:
    """A list or table that is still open. `pending` is a key that waits for its value."""

    __slots__ = ("entries", "items", "keys", "pending", "place")

    def __init__(self, place: Place, *, is_table: bool) -> None:
        self.place = place
        self.items: list[Node] | None = None if is_table else []
        self.entries: dict[Key, Node] = {}
        self.keys: dict[Key, Scalar] = {}
        self.pending: Scalar | None = None

    def take(self, node: Node) -> None:
        if self.items is not None:
            self.items.append(node)
        elif self.pending is None:
            self.pending = self._checked_key(node)
        else:
            self.entries[self._name(self.pending)] = node
            self.keys[self._name(self.pending)] = self.pending
            self.pending = None

    def close(self) -> Node:
        if self.items is not None:
            return Sequence(self.items, *self.place)
        return Table(self.entries, self.keys, *self.place)

    def _checked_key(self, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            raise node.error(f"a key must be a word, not {node.describe()}; quote text that starts with '{{' or '['")
        if node.value is None:
            raise node.error("a key must be a word, not nothing; quote 'null' and '~' if they are text")
        if first := self.keys.get(node.value):
            raise node.error(f"duplicate key {shown(node.value)} (first in line {first.line}); remove one of the two")
        return node

    @staticmethod
    def _name(key: Scalar) -> Key:
        return "" if key.value is None else key.value


def _compose(events: Iterable[Event], file: str) -> list[Node]:
    import yaml

    documents: list[Node] = []
    stack: list[_Frame] = []
    count = 0
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            node: Node = _scalar(event, file)
        elif isinstance(event, yaml.CollectionStartEvent):
            place = _place(event, file)
            _refuse_properties(event, place)
            if len(stack) == MAX_DEPTH:
                raise place.error(f"nested more than {MAX_DEPTH} deep")
            stack.append(_Frame(place, is_table=isinstance(event, yaml.MappingStartEvent)))
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            node = stack.pop().close()
        elif isinstance(event, yaml.AliasEvent):
            raise _place(event, file).error(_NO_ALIASES)
        else:
            continue
        count += 1
        if count > MAX_NODES:
            raise node.error(f"more than {MAX_NODES} values; split the file")
        if stack:
            stack[-1].take(node)
        elif not (isinstance(node, Scalar) and node.value is None):
            documents.append(node)
    return documents


def _scalar(event: ScalarEvent, file: str) -> Scalar:
    place = _place(event, file)
    _refuse_properties(event, place)
    text: str = event.value
    if not event.implicit[0]:
        return Scalar(text, *place)
    try:
        return Scalar(read_plain_scalar(text), *place)
    except ValueError as error:
        raise place.error(str(error)) from None


def _refuse_properties(event: ScalarEvent | CollectionStartEvent, place: Place) -> None:
    if event.anchor is not None:
        raise place.error(_NO_ALIASES)
    if event.tag is not None:
        raise place.error(_NO_TAGS)


def _place(event: Event, file: str) -> Place:
    mark = event.start_mark
    return Place(file) if mark is None else Place(file, mark.line + 1, mark.column + 1)


def _explained(error: MarkedYAMLError, text: str, file: str) -> MappingError:
    """The parser's complaint in words that say what to do."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return MappingError(f"not valid YAML: {error.problem}", file=file)
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    letter = line[mark.column : mark.column + 1]
    problem = error.problem or ""
    if letter == "\t" or "tab character" in problem:
        says = "a tab cannot indent YAML; use spaces"
    elif "alias" in (error.context or "") or "anchor" in (error.context or ""):
        says = "text that starts with '*' or '&' must be quoted, e.g. \"*\""
    elif problem.startswith("mapping values are not allowed"):
        says = "text that holds ': ' must be quoted (or the line is indented wrongly)"
    elif "cannot start any token" in problem:
        says = f"text that starts with '{letter}' must be quoted"
    else:
        says = "not valid YAML: " + ", ".join(part for part in (error.context, problem) if part)
    return MappingError(says, file=file, line=mark.line + 1, column=mark.column + 1)
