"""Everything that is wrong with mapping files, for those who publish them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os.path import realpath
from pathlib import Path

from tarash_core.errors import MappingError
from tarash_core.mapping.document import check_version, named_provider, read_document
from tarash_core.mapping.family import is_family, read_family
from tarash_core.mapping.files import read_text
from tarash_core.mapping.library import Layers, MappingLibrary
from tarash_core.mapping.sources import Source, installed
from tarash_core.yaml_node import Node, Place
from tarash_core.yaml_reader import read_documents


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check.

    Args:
        errors: Everything that is wrong, each once, in the order of files and lines.
        documents: How many documents were read.
        unknown: Providers that are not installed: of what is for them, only the language was checked.
        notes: What is right and may surprise, each with its place.
    """

    errors: tuple[MappingError, ...]
    documents: int
    unknown: tuple[str, ...]
    notes: tuple[str, ...] = ()


def check_files(
    files: Sequence[Path],
    *,
    default: str | None,
    library_of: Callable[[str], MappingLibrary | None],
    layers: Layers = installed,
) -> Checked:
    """Check files, each by itself and together, where they stand in the layers or else over them.

    Args:
        files: The files.
        default: The provider of documents that name none.
        library_of: The library of an installed provider; None for one that is not installed.
        layers: Takes the folder of a plugin's files and returns the layers, lowest first.
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
    notes: list[str] = []
    for provider in providers:
        library = library_of(provider)
        if library is None:
            unknown.append(provider)
        else:
            before, after = with_and_without(library, files, layers=layers, default=default)
            wrong = new_errors(before, after)
            errors += wrong
            notes += [] if wrong else _shadows(after, files)
    return Checked(_each_once(errors, files), documents, tuple(unknown), tuple(notes))


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


def with_and_without(
    library: MappingLibrary, files: Sequence[Path], *, layers: Layers, default: str | None
) -> tuple[MappingLibrary, MappingLibrary]:
    """A provider's mappings without and with some files.

    A file that stands in one of the layers, or whose installed copy does, is taken at its place there; the others are
    laid over everything.

    Args:
        library: The mappings of the provider; only its plugin's are used.
        files: The files.
        layers: Takes the folder of the plugin's files and returns the layers, lowest first.
        default: The provider of documents that name none.
    """

    def without(models: Path | None) -> list[Source]:
        found = list(layers(models))
        there = _there(found, files)
        return [replace(layer, files=tuple(path for path in layer.files if path not in there)) for layer in found]

    def with_files(models: Path | None) -> list[Source]:
        found = list(layers(models))
        there = _there(found, files)
        laid = [replace(layer, files=tuple(there.get(path, path) for path in layer.files)) for layer in found]
        others = tuple(path for path in files if path not in there.values())
        return [*laid, Source("the files given", others, default=default)]

    return library.with_layers(without), library.with_layers(with_files)


def new_errors(before: MappingLibrary, after: MappingLibrary) -> list[MappingError]:
    """What is wrong in `after` and not in `before`: what files change is not there, no such converter..."""
    try:
        after.models()
    except MappingError as error:
        # The plugin itself is broken: whoever is to blame, nothing can be used.
        return [error]
    wrong = after.check()
    known = {error.message for error in before.check()} if wrong else set()
    return [error for error in wrong if error.message not in known]


def _there(layers: Iterable[Source], files: Sequence[Path]) -> Mapping[Path, Path]:
    """Which files of the layers are those given, or copies of them that an installed data package has."""
    by_place = {Path(realpath(path)): path for path in files}
    found: dict[Path, Path] = {}
    for layer in layers:
        for path in layer.files:
            given = by_place.get(Path(realpath(path))) or _source_of(path, layer.site, by_place)
            if given is not None:
                found[path] = given
    return found


def _source_of(path: Path, site: Path | None, by_place: Mapping[Path, Path]) -> Path | None:
    """The file given that was installed as this one: both have one name from the package on."""
    if site is None:
        return None
    name = path.relative_to(site).parts
    return next((given for place, given in by_place.items() if place.parts[-len(name) :] == name), None)


def _shadows(library: MappingLibrary, files: Sequence[Path]) -> Iterator[str]:
    """A note for each ``x/*`` of the files below which models of other layers keep mappings of their own."""
    names = {str(path) for path in files}
    for prefix, place, models in library.shadowed():
        if place.file in names:
            others = f"'{models[0]}'" + (f" and {len(models) - 1} more" if len(models) > 1 else "")
            says = f"'{prefix}' changes nothing for {others}: an exact name wins; name them to change them"
            yield f"{_located(place)}: {says}"


def _located(place: Place) -> str:
    return place.file if place.line is None else f"{place.file}:{place.line}:{place.column}"


def _each_once(errors: Iterable[MappingError], files: Sequence[Path]) -> tuple[MappingError, ...]:
    by_message = {error.message: error for error in errors}
    order = {str(file): number for number, file in enumerate(files)}

    def place(error: MappingError) -> tuple[int, str, int, int]:
        return order.get(error.file or "", len(order)), error.file or "", error.line or 0, error.column or 0

    return tuple(sorted(by_message.values(), key=place))
