"""Reads the files of all layers. A broken file of a plugin is an error; any other one is left out, and told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tarash_core.errors import MappingError
from tarash_core.mapping.catalogue import Catalogue
from tarash_core.mapping.document import Document
from tarash_core.mapping.family import Family
from tarash_core.mapping.files import may_concern, named_in, read_all, read_text
from tarash_core.mapping.index import Unread, indexed
from tarash_core.mapping.sources import Source
from tarash_core.yaml_reader import MAX_BYTES

_COMMENT = re.compile(r"(^|\s)#.*")
_BETWEEN_NAMES = re.compile(r"""[\s\[\]{},"']+""")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file (or a whole data package) that could not be used.

    Args:
        error: What is wrong with it, with its place.
        names: The models that it speaks of, as far as that can be told; of a text that is not YAML, all its words.
    """

    error: MappingError
    names: frozenset[str]

    @property
    def warning(self) -> str:
        """What is said with every payload that may lack what the file says."""
        return f"a broken mapping file was left out: {self.error.message}"


def read_layers(layers: Iterable[Source], provider: str) -> tuple[Catalogue, tuple[LeftOut, ...]]:
    """What the files of all layers say of a provider's models, and which of them were left out.

    Raises:
        MappingError: A file of the provider's own plugin is broken, as far as that is seen without parsing it all.
    """
    catalogue = Catalogue()
    left_out: list[LeftOut] = []
    for layer in layers:
        catalogue, broken = lay_files(catalogue, layer, provider)
        left_out += broken
    return catalogue, tuple(left_out)


def lay_files(catalogue: Catalogue, layer: Source, provider: str) -> tuple[Catalogue, list[LeftOut]]:
    """A catalogue with one more layer of files on top, without those of them that are broken.

    Raises:
        MappingError: A file of the provider's own plugin is broken.
    """
    left_out = [LeftOut(layer.wrong, frozenset())] if layer.wrong is not None else []
    documents: dict[str, Sequence[Document | Family | Unread]] = {}
    for path in layer.files:
        try:
            documents[str(path)] = _documents(path, layer, provider)
        except MappingError as error:
            if layer.own:
                raise
            left_out.append(LeftOut(error, _names_in(path, provider)))
    while True:
        try:
            every = [document for found in documents.values() for document in found]
            return catalogue.with_layer(layer.layer, every), left_out
        except MappingError as error:
            # What one file says may need another one that has just been left out.
            if layer.own or documents.pop(error.file or "", None) is None:
                raise
            left_out.append(LeftOut(error, _names_in(Path(error.file or ""), provider)))


def _documents(path: Path, layer: Source, provider: str) -> Sequence[Document | Family | Unread]:
    text = read_text(path)
    if not layer.own and not may_concern(text, provider):
        return ()
    if layer.is_installed:
        found = indexed(text, provider=provider, file=str(path), own=layer.own, default=layer.default)
        if found is not None:
            return found
    return read_all(text, file=str(path), provider=provider, own=layer.own, default=layer.default)


def _names_in(path: Path, provider: str) -> frozenset[str]:
    """The models and families that a broken file speaks of; where it cannot be told, every word of its text."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES)
    except OSError:
        return frozenset()
    try:
        return named_in(text, provider=provider)
    except MappingError:
        words = _BETWEEN_NAMES.split(
            "\n".join(_COMMENT.sub("", line) for line in text.decode(errors="replace").splitlines())
        )
        return frozenset(words)
