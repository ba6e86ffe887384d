"""Which models the documents of an installed file speak of, told without parsing them.

Parsing costs half a millisecond a document, and a process that makes one video needs a few of them. So a document of a
shape that leaves no doubt is only searched for its names; any other one is parsed at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tarash_core.errors import MappingError
from tarash_core.mapping.document import Document, named_provider
from tarash_core.mapping.family import Family
from tarash_core.mapping.files import documents_for
from tarash_core.mapping.vocabulary import DOCUMENT_WORDS, SCHEMA_VERSION
from tarash_core.yaml_node import Node, Place
from tarash_core.yaml_reader import read_documents
from tarash_core.yaml_scalars import read_plain_scalar

# What ends a line for YAML and not for us, or is no part of a document.
_STRANGE = ("\t", "\r", "\x85", "\u2028", "\u2029", "\ufeff", "\n%", "\n...")
_MARKER = re.compile(r"^---.*$", re.MULTILINE)
_SOMETHING = re.compile(r"^ *[^\s#]", re.MULTILINE)
_TOP = re.compile(r"^[^\s#].*$", re.MULTILINE)
_KEY = re.compile(r"([a-z_]+):(?: |$)")
_VERSION = re.compile(rf"^schema: {SCHEMA_VERSION} *(?:#.*)?$", re.MULTILINE)
_NAME = r"[A-Za-z][A-Za-z0-9._/-]*"
_QUOTED = r"\"(?:[A-Za-z][A-Za-z0-9._/-]*/)?\*\""
# An indented line below goes on with the text.
_PROVIDER = re.compile(rf"^provider: ({_NAME}) *(?=\n(?: *\n)*\S|\s*\Z)", re.MULTILINE)
_COMMENT = re.compile(r"(?:^|\s)#.*", re.MULTILINE)
_IN_LINE = re.compile(rf"^models: \[((?:{_NAME}|{_QUOTED})(?:, (?:{_NAME}|{_QUOTED}))*)\] *(?:#.*)?$", re.MULTILINE)
_IN_LINES = re.compile(rf"^models: *\n((?: +- (?:{_NAME}|{_QUOTED}) *\n)+)(?=\S)", re.MULTILINE)
_ONE_NAME = re.compile(rf"{_NAME}|{_QUOTED}")


class Part(NamedTuple):
    """The text of one document, and the number of lines before it."""

    text: str
    line: int


@dataclass(slots=True, eq=False)
class Unread:
    """A document that is parsed when one of its models is asked for.

    Args:
        provider: The provider that it is for.
        file: The path, for messages.
        own: Whether it is of that provider's plugin.
        part: Its text.
        is_first: Whether it is the first one of the file.
        models: The names, each with its place.
    """

    provider: str
    file: str
    own: bool
    part: Part
    is_first: bool
    models: Mapping[str, Place]
    _document: Document | None = field(default=None, repr=False)

    def read(self) -> Document:
        """The document, parsed once.

        Raises:
            MappingError: With file, line, column and path.
        """
        if self._document is None:
            nodes = _parsed(self.part, self.file)
            default = None if self.own else self.provider
            found = documents_for(self.provider, nodes, own=self.own, goes_on=not self.is_first, default=default)
            document = found[0] if len(found) == 1 else None
            if not isinstance(document, Document) or document.models.keys() != self.models.keys():
                raise Place(self.file, self.part.line + 1).error("write 'models: [NAME, NAME]' in a line of its own")
            self._document = document
        return self._document


def indexed(
    text: bytes, *, provider: str, file: str, own: bool, default: str | None = None
) -> list[Document | Family | Unread] | None:
    """The documents of an installed file that are for this provider; None where the file has to be parsed as a whole.

    Args:
        text: What the file holds.
        provider: Name of the provider.
        file: The path, for messages.
        own: Whether it is of that provider's plugin.
        default: The provider of documents that name none.

    Raises:
        MappingError: A document of the plugin whose names cannot be told without parsing it is broken.
    """
    try:
        parts = _parts(text.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    if parts is None:
        return None
    try:
        return _indexed(parts, provider, file, own=own, default=default)
    except MappingError:
        # For whom a broken document is, only the whole file tells.
        if own:
            raise
        return None


def _indexed(
    parts: Sequence[Part], provider: str, file: str, *, own: bool, default: str | None
) -> list[Document | Family | Unread] | None:
    documents: list[Document | Family | Unread] = []
    current = provider if own else default
    is_first = True
    for part in parts:
        if _SOMETHING.search(part.text) is None:
            continue
        models = _models(part, file, is_first=is_first, own=own)
        if models is not None:
            found = _PROVIDER.search(part.text)
            current = found.group(1) if found is not None else current
            if current is None:
                return None
            if current == provider:
                documents.append(Unread(provider, file, own, part, is_first, models))
        elif is_first and not own:
            # It says in which language the others are, whoever it is for.
            return None
        else:
            nodes = _parsed(part, file)
            documents += documents_for(provider, nodes, own=own, goes_on=not is_first, default=current)
            current = next(filter(None, map(named_provider, nodes)), current)
        is_first = False
    return documents


def _parts(text: str) -> list[Part] | None:
    """The documents of a text: a line ``---`` ends one wherever it stands, says YAML."""
    lines = f"\n{text}"
    if any(strange in lines for strange in _STRANGE):
        return None
    markers = list(_MARKER.finditer(text))
    if any(marker.group().rstrip(" ") != "---" for marker in markers):
        return None
    starts = [0, *(marker.end() for marker in markers)]
    ends = [*(marker.start() for marker in markers), len(text)]
    return [
        Part(text[start:end], line) for start, end, line in zip(starts, ends, _lines_before(text, starts), strict=True)
    ]


def _lines_before(text: str, starts: list[int]) -> Iterator[int]:
    line, last = 0, 0
    for start in starts:
        line += text.count("\n", last, start)
        last = start
        yield line


def _models(part: Part, file: str, *, is_first: bool, own: bool) -> dict[str, Place] | None:
    """The names of the document's models with their places; None where that takes a parser."""
    keys = [_KEY.match(line) for line in _TOP.findall(part.text)]
    words = [key.group(1) for key in keys if key is not None]
    doubtful = len(words) != len(keys) or len(set(words)) != len(words) or not DOCUMENT_WORDS.keys() >= set(words)
    if doubtful or ("schema" in words) is not is_first:
        return None
    if "provider" in words and (own or not _names_provider(part.text)):
        return None
    if is_first and _VERSION.search(part.text) is None:
        return None
    found = _IN_LINE.search(part.text) or _IN_LINES.search(part.text)
    if found is None:
        return None
    places: dict[str, Place] = {}
    for name in _ONE_NAME.finditer(part.text, found.start(1), found.end(1)):
        text = name.group().strip('"')
        if text in places or read_plain_scalar(text) != text:
            return None
        before = part.text.rfind("\n", 0, name.start())
        places[text] = Place(file, part.line + part.text.count("\n", 0, name.start()) + 1, name.start() - before)
    return places


def _names_provider(text: str) -> bool:
    """Whether a document says in a line of its own for whom it is, where no open quote or bracket can swallow it."""
    found = _PROVIDER.search(text)
    if found is None or read_plain_scalar(found.group(1)) != found.group(1):
        return False
    before = _COMMENT.sub("", text[: found.start()])
    is_open = any(before.count(bracket) != before.count(other) for bracket, other in ("[]", "{}"))
    return not is_open and before.count('"') % 2 == before.count("'") % 2 == 0


def _parsed(part: Part, file: str) -> list[Node]:
    return read_documents("\n" * part.line + part.text, file=file)
