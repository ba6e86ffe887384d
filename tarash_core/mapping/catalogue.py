"""All that the layers say of a provider's models, by the models' names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tarash_core.errors import MappingError
from tarash_core.mapping.compile import taken_by
from tarash_core.mapping.document import Document
from tarash_core.mapping.layers import Definition, lay
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_node import Place

MOST_EXTENDS = 16

Entries = Mapping[str, tuple[tuple[int, Document], ...]]


class Catalogue:
    """Registered names (exact, ``x/*``, ``*``) with the documents that speak of them, lowest layer first. Immutable."""

    def __init__(self, entries: Entries | None = None, *, layers: int = 0) -> None:
        self.names: Entries = entries or {}
        self._layers = layers

    def with_layer(self, layer: str, documents: Iterable[Document]) -> Catalogue:
        """A catalogue with one more layer on top.

        Raises:
            MappingError: The layer speaks of a model twice; of one that nothing below it knows, without saying all;
                or it replaces one without saying all; or it extends an unknown one.
        """
        entries = dict(self.names)
        new: dict[str, Place] = {}
        added = list(documents)
        for document in added:
            for name, place in document.models.items():
                if first := new.get(name):
                    raise place.error(f"'{name}' is mapped twice in one layer ({layer}); first at {first}")
                self._refuse_incomplete(name, place, document)
                new[name] = place
                entries[name] = (*entries.get(name, ()), (self._layers, document))
        for document in added:
            if document.extends is not None and document.extends[0] not in entries:
                name, place = document.extends
                raise place.error(f"extends: no mapping for '{name}'{did_you_mean(name, entries)}")
        return Catalogue(entries, layers=self._layers + 1)

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
        """Exact names of models that take a request field or image role, those most like `near` in name first."""
        found: list[str] = []
        candidates = (model for model in self.models() if model != near)
        for model in sorted(candidates, key=lambda other: (-_alike(near, other), other)):
            try:
                takes = taken_by(self.definition(model))
            except MappingError:
                continue
            if name in takes:
                found.append(model)
            if len(found) == most:
                break
        return tuple(found)

    def _refuse_incomplete(self, name: str, place: Place, document: Document) -> None:
        if document.is_complete:
            return
        if document.replace:
            raise place.error(f"what replaces '{name}' needs 'task' and 'fields', or 'extends'")
        if name not in self.names:
            hint = did_you_mean(name, self.names)
            raise place.error(
                f"no mapping for '{name}' to change{hint} (a new one needs 'task' and 'fields', or 'extends')"
            )

    def _definition(self, name: str, top: int, extending: tuple[str, ...]) -> Definition:
        def extended(parent: str, layer: int, place: Place) -> Definition:
            chain = (*extending, name)
            if parent in chain:
                circle = " -> ".join(f"'{model}'" for model in (*chain[chain.index(parent) :], parent))
                raise place.error(f"extends: these models extend each other in a circle: {circle}")
            if len(chain) > MOST_EXTENDS:
                raise place.error(f"extends: more than {MOST_EXTENDS} models extend one another")
            return self._definition(parent, layer, chain)

        documents = [(layer, document) for layer, document in self.names[name] if layer <= top]
        return lay(name, documents, extended)


def _alike(one: str, other: str) -> int:
    """How many letters two names share from the start."""
    pairs = zip(one, other, strict=False)
    return next((number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
