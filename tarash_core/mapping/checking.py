"""Everything that is wrong with mapping files, for those who publish them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tarash_core.errors import MappingError
from tarash_core.mapping.document import check_version, named_provider, read_document
from tarash_core.mapping.family import is_family, read_family
from tarash_core.mapping.files import read_text
from tarash_core.mapping.library import MappingLibrary
from tarash_core.mapping.sources import Source, plugin_only
from tarash_core.yaml_node import Node
from tarash_core.yaml_reader import read_documents


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check.

    Args:
        errors: Everything that is wrong, each once, in the order of files and lines.
        documents: How many documents were read.
        unknown: Providers that are not installed: of what is for them, only the language was checked.
    """

    errors: tuple[MappingError, ...]
    documents: int
    unknown: tuple[str, ...]


def check_files(
    files: Sequence[Path], *, default: str | None, library_of: Callable[[str], MappingLibrary | None]
) -> Checked:
    """Check files as one layer over the plugins of the providers that they name.

    Args:
        files: The files.
        default: The provider of documents that name none.
        library_of: The library of an installed provider; None for one that is not installed.
    """
    errors: list[MappingError] = []
    providers: dict[str, None] = {}
    documents = 0
    for file in files:
        try:
            nodes = read_documents(read_text(file), file=str(file))
        except MappingError as error:
            errors.append(error)
            continue
        documents += len(nodes)
        errors += _language_errors(nodes, file, default, providers)
    unknown: list[str] = []
    for provider in providers:
        library = library_of(provider)
        if library is None:
            unknown.append(provider)
        else:
            errors += _layered_errors(library, files, default)
    return Checked(_each_once(errors, files), documents, tuple(unknown))


def _language_errors(
    nodes: Sequence[Node], file: Path, default: str | None, providers: dict[str, None]
) -> list[MappingError]:
    """One error for each document that is wrong by itself; the providers found are added to `providers`."""
    if not nodes:
        return [MappingError("there is no mapping in it", file=str(file))]
    errors: list[MappingError] = []
    current = default
    for number, node in enumerate(nodes):
        try:
            current = named_provider(node) or current
            check_version(node, is_needed=number == 0)
            if is_family(node):
                read_family(node)
            else:
                read_document(node, needs_docs=False)
            if current is None:
                raise node.error("which provider is this for? write 'provider: NAME'")
        except MappingError as error:
            errors.append(error)
        if current is not None:
            providers[current] = None
    return errors


def _layered_errors(library: MappingLibrary, files: Sequence[Path], default: str | None) -> list[MappingError]:
    """What is wrong with the files as a layer over the plugin: what they change is not there, no such converter..."""
    given = Source("the files given", tuple(files), default=default)
    over_plugin = library.with_layers(lambda models: [*plugin_only(models), given])
    names = {str(file) for file in files}
    return [error for error in over_plugin.check() if error.file in names]


def _each_once(errors: Iterable[MappingError], files: Sequence[Path]) -> tuple[MappingError, ...]:
    by_message = {error.message: error for error in errors}
    order = {str(file): number for number, file in enumerate(files)}
    placed = sorted(
        by_message.values(), key=lambda error: (order[error.file or ""], error.line or 0, error.column or 0)
    )
    return tuple(placed)
