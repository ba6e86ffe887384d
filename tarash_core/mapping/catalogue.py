"""All that the layers say of a provider's models, by the models' names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest

from tarash_core.errors import MappingError
from tarash_core.mapping.compile import taken_by
from tarash_core.mapping.deprecation import Deprecation
from tarash_core.mapping.document import Document
from tarash_core.mapping.family import Family
from tarash_core.mapping.index import Unread
from tarash_core.mapping.layers import Definition, lay
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_node import Place

MOST_EXTENDS = 16
# To name some models that take a field: half a millisecond each.
MOST_READ = 256

Entries = Mapping[str, tuple[tuple[int, Document | Unread], ...]]


@dataclass(frozen=True, slots=True)
class _Known:
    """The names that the lowest so many layers speak of."""

    entries: Entries
    layers: int

    def __contains__(self, name: str) -> bool:
        found = self.entries.get(name)
        return found is not None and found[0][0] < self.layers

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.entries if name in self)


class Catalogue:
    """Registered names (exact, ``x/*``, ``*``) with the documents that speak of them, lowest layer first. Immutable.

    `families` are by their names, each as the highest layer has it.
    """

    def __init__(
        self, entries: Entries | None = None, families: Mapping[str, Family] | None = None, *, layers: int = 0
    ) -> None:
        self.names: Entries = entries or {}
        self.families: Mapping[str, Family] = families or {}
        self._layers = layers

    def with_layer(self, layer: str, documents: Iterable[Document | Family | Unread]) -> Catalogue:
        """A catalogue with one more layer on top.

        Raises:
            MappingError: The layer speaks of a model or family twice; of a model that nothing below it knows, without
                saying all; or it replaces one without saying all; or it extends an unknown one, or says that an
                unknown one replaces another; or a family has the name of a model or an unknown member. What an unread
                document says is looked at when one of its models is asked for.
        """
        entries = dict(self.names)
        new: dict[str, Place] = {}
        every = list(documents)
        for document in every:
            if isinstance(document, Family):
                continue
            for name, place in document.models.items():
                if first := new.get(name):
                    raise place.error(f"'{name}' is mapped twice in one layer ({layer}); first at {first}")
                if isinstance(document, Document):
                    _refuse_incomplete(name, place, document, _Known(self.names, self._layers))
                new[name] = place
                entries[name] = (*entries.get(name, ()), (self._layers, document))
        for document in every:
            if isinstance(document, Document):
                _refuse_unknown(document, _Known(entries, self._layers + 1))
        families = _families((found for found in every if isinstance(found, Family)), layer, entries)
        return Catalogue(entries, {**self.families, **families}, layers=self._layers + 1)

    def models(self) -> tuple[str, ...]:
        """The exact names, sorted."""
        return tuple(sorted(name for name in self.names if not name.endswith("*")))

    def definition(self, name: str) -> Definition:
        """What the layers together say of a registered name.

        Raises:
            MappingError: A null removes what is not there; models extend each other in a circle.
        """
        return self._definition(name, self._layers, ())

    def takers(self, name: str, *, near: str, most: int) -> tuple[str, ...]:
        """Exact names of models that take a request field or image role, those most like `near` in name first.

        A model that has ended, and one whose mapping is broken, is passed over. No more than `MOST_READ` are read.
        """
        found: list[str] = []
        candidates = (model for model in self.models() if model != near)
        for model in nsmallest(MOST_READ, candidates, key=lambda other: (-_alike(near, other), other)):
            try:
                definition = self.definition(model)
            except MappingError:
                continue
            has_ended = definition.deprecation is not None and definition.deprecation.is_over()
            if name in taken_by(definition) and not has_ended:
                found.append(model)
            if len(found) == most:
                break
        return tuple(found)

    def shadowed(self) -> Iterator[tuple[str, Place, tuple[str, ...]]]:
        """Each ``x/*`` of a layer with its place, and the exact names below it that only lower layers map."""
        for name in self.names:
            if name.endswith("/*"):
                layer, document = self.names[name][-1]
                below = (model for model in self.models() if model.startswith(name[:-1]))
                lower = tuple(model for model in below if self.names[model][-1][0] < layer)
                if lower:
                    yield name, document.models[name], lower

    def _definition(self, name: str, top: int, extending: tuple[str, ...]) -> Definition:
        def extended(parent: str, layer: int, place: Place) -> Definition:
            chain = (*extending, name)
            if parent in chain:
                circle = " -> ".join(f"'{model}'" for model in (*chain[chain.index(parent) :], parent))
                raise place.error(f"extends: these models extend each other in a circle: {circle}")
            if len(chain) > MOST_EXTENDS:
                raise place.error(f"extends: more than {MOST_EXTENDS} models extend one another")
            return self._definition(parent, layer, chain)

        found = [(layer, document) for layer, document in self.names[name] if layer <= top]
        return lay(name, [(layer, self._read(name, layer, document)) for layer, document in found], extended)

    def _read(self, name: str, layer: int, document: Document | Unread) -> Document:
        """The document, of which nothing but the names may have been looked at so far."""
        if isinstance(document, Document):
            return document
        read = document.read()
        _refuse_incomplete(name, read.models[name], read, _Known(self.names, layer))
        _refuse_unknown(read, _Known(self.names, layer + 1))
        return read


def _refuse_incomplete(name: str, place: Place, document: Document, below: _Known) -> None:
    if document.is_complete:
        return
    if document.replace:
        raise place.error(f"what replaces '{name}' needs 'task' and 'fields', or 'extends'")
    if name not in below:
        hint = did_you_mean(name, below)
        raise place.error(
            f"no mapping for '{name}' to change{hint} (a new one needs 'task' and 'fields', or 'extends')"
        )


def _refuse_unknown(document: Document, known: _Known) -> None:
    """Refuse a document that extends, or is replaced by, a model that neither its layer nor one below it maps."""
    if document.extends is not None and document.extends[0] not in known:
        name, place = document.extends
        raise place.error(f"extends: no mapping for '{name}'{did_you_mean(name, known)}")
    said = document.deprecation
    if isinstance(said, Deprecation) and said.successor is not None and said.successor not in known:
        raise said.place.error(f"replaced_by: no mapping for '{said.successor}'{did_you_mean(said.successor, known)}")


def _families(added: Iterable[Family], layer: str, entries: Entries) -> dict[str, Family]:
    families: dict[str, Family] = {}
    for family in added:
        name = family.name
        if first := families.get(name):
            raise family.place.error(f"family '{name}' stands twice in one layer ({layer}); first at {first.place}")
        if name in entries:
            raise family.place.error(f"'{name}' is a model; a family needs a name of its own")
        for model, place in family.members.items():
            if model not in entries:
                raise place.error(f"members: no mapping for '{model}'{did_you_mean(model, entries)}")
        families[name] = family
    return families


def _alike(one: str, other: str) -> int:
    """How many letters two names share from the start."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
