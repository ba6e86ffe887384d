"""The mappings of one provider: found by the model's name, read on first use, layered, compiled once."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Self

from tarash_core.errors import MappingError, ValidationError
from tarash_core.log import log
from tarash_core.mapping.catalogue import Catalogue
from tarash_core.mapping.choice import chosen
from tarash_core.mapping.compile import compile_mapping
from tarash_core.mapping.converters import CORE_CONVERTERS, Converter
from tarash_core.mapping.document import Document
from tarash_core.mapping.family import Family
from tarash_core.mapping.files import given_documents
from tarash_core.mapping.loading import LeftOut, read_layers
from tarash_core.mapping.lookup import Lookup
from tarash_core.mapping.model import ModelMapping, Neighbours
from tarash_core.mapping.similar import Names
from tarash_core.mapping.sources import Source, sources
from tarash_core.mapping.words import either
from tarash_core.request import VideoGenerationRequest
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_node import Place

# Takes the folder of the plugin's files, returns the layers of files, lowest first.
Layers = Callable[[Path | None], Sequence[Source]]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What was read, and what was compiled of it: they go out of date together."""

    lookup: Lookup
    compiled: dict[str, ModelMapping]
    neighbours: Neighbours


class MappingLibrary:
    """Every mapping of one provider. Thread-safe; files are read on the first lookup and again by `reload`."""

    def __init__(
        self,
        provider: str,
        *,
        models: Path | None,
        converters: Mapping[str, Converter],
        version_separator: str | None,
        layers: Layers = sources,
    ) -> None:
        self.provider = provider
        self._models = models
        self._converters = converters
        self._version_separator = version_separator
        self._layers = layers
        self._lock = threading.RLock()
        self._added: list[tuple[str, list[Document | Family]]] = []
        self._loaded: _Loaded | MappingError | None = None

    @classmethod
    def load(
        cls,
        provider: str,
        *,
        models: Path | None,
        converters: Mapping[str, Converter] | None = None,
        version_separator: str | None = None,
    ) -> Self:
        """A library; nothing is read yet.

        Args:
            provider: Name of the provider.
            models: Folder of the plugin's own files, where it has one.
            converters: Those of the plugin, beside the core's.
            version_separator: Text from here on is cut from a model's name before it is looked up, e.g. ``":"``.
        """
        return cls(
            provider,
            models=models,
            converters={**CORE_CONVERTERS, **(converters or {})},
            version_separator=version_separator,
        )

    def with_layers(self, layers: Layers) -> MappingLibrary:
        """The same provider with other layers of files, and without what was added at run time.

        Args:
            layers: Takes the folder of the plugin's files and returns the layers, lowest first.
        """
        return MappingLibrary(
            self.provider,
            models=self._models,
            converters=self._converters,
            version_separator=self._version_separator,
            layers=layers,
        )

    def find(self, model: str) -> ModelMapping:
        """The mapping of a model: of its exact name, else of the longest ``x/*`` above it, else the generic one.

        Raises:
            MappingError: A file of the provider's plugin is broken, or another one that speaks of this model.
            ValidationError: There is none, and the provider has no generic mapping; or it is the name of a family.
        """
        loaded = self._load_once()
        if family := loaded.lookup.family(model):
            members = either(tuple(family.members))
            raise ValidationError(
                f"'{model}' is a family of models of '{self.provider}'; name one of them: {members}",
                field="model",
                model=model,
                provider=self.provider,
            )
        key = loaded.lookup.key(model)
        if key is None:
            raise ValidationError(
                f"no mapping for '{model}' of provider '{self.provider}'{loaded.neighbours.hint(model)} (to add one, "
                "write it into tarash.yaml or a file in ~/.config/tarash/mappings, or call register_model_mapping)",
                field="model",
                model=model,
                provider=self.provider,
            )
        return loaded.compiled.get(key) or self._compiled(loaded, key)

    def chosen(self, model: str, request: VideoGenerationRequest, *, today: date | None = None) -> str:
        """The model that makes a request: `model` itself; of a family, the first that takes its images and video.

        Args:
            model: The name of a model or of a family.
            request: What is asked for.
            today: The date by which models that are no longer offered are passed over; left out, today's in UTC.

        Raises:
            MappingError: As `find`.
            ValidationError: No model of the family takes them; the message says what each takes.
        """
        family = self._load_once().lookup.family(model)
        return model if family is None else chosen(family, request, find=self.find, today=today)

    def families(self) -> Mapping[str, tuple[str, ...]]:
        """The names of families with their models, in the order in which they are tried."""
        families = self._load_once().lookup.catalogue.families
        return {name: tuple(families[name].members) for name in sorted(families)}

    def models(self) -> tuple[str, ...]:
        """The exact names that have a mapping, sorted."""
        return self._load_once().lookup.catalogue.models()

    def add(self, document: str | Mapping[str, Any] | Path, *, source: str = "run time") -> None:
        """Lay a document over everything else: at once, or not at all when anything is wrong with it.

        Args:
            document: YAML text, a dict that says the same, or the path of a file.
            source: What messages and `ModelMapping.explain` call it; a file goes by its path.

        Raises:
            MappingError: With file, line, column and path.
        """
        documents = given_documents(document, provider=self.provider, source=source)
        with self._lock:
            below = self._load_once().lookup
            loaded = self._loaded_from(below.catalogue.with_layer(source, documents), below.left_out)
            for name in (name for found in documents if isinstance(found, Document) for name in found.models):
                self._compiled(loaded, name)
            self._added.append((source, documents))
            self._loaded = loaded

    def reload(self) -> None:
        """Read all files again on the next lookup. What was added at run time stays."""
        with self._lock:
            self._loaded = None

    def check(self) -> tuple[MappingError, ...]:
        """Everything that is wrong with the mappings; empty when each of them can be used."""
        try:
            loaded = self._load_once()
        except MappingError as error:
            return (error,)
        wrong = [one.error for one in loaded.lookup.left_out]
        for name in loaded.lookup.catalogue.names:
            try:
                self._compiled(loaded, name)
            except MappingError as error:
                wrong.append(error)
        return tuple(wrong)

    def shadowed(self) -> Iterator[tuple[str, Place, tuple[str, ...]]]:
        """Each ``x/*`` of a layer with its place, and the exact names below it that only lower layers map."""
        return self._load_once().lookup.catalogue.shadowed()

    def _compiled(self, loaded: _Loaded, key: str) -> ModelMapping:
        with self._lock:
            if key not in loaded.compiled:
                loaded.compiled[key] = compile_mapping(
                    loaded.lookup.catalogue.definition(key),
                    provider=self.provider,
                    converters=self._converters,
                    neighbours=loaded.neighbours,
                )
            return loaded.compiled[key]

    def _load_once(self) -> _Loaded:
        loaded = self._loaded
        if isinstance(loaded, _Loaded):
            return loaded
        with self._lock:
            if self._loaded is None:
                try:
                    self._loaded = self._read_all()
                except MappingError as error:
                    self._loaded = error
            if isinstance(self._loaded, MappingError):
                # A copy: one exception raised in several threads would gather all their tracebacks.
                raise copy.copy(self._loaded)
            return self._loaded

    def _loaded_from(self, catalogue: Catalogue, left_out: tuple[LeftOut, ...]) -> _Loaded:
        def takers(name: str, model: str) -> tuple[str, ...]:
            return catalogue.takers(name, near=model, most=5)

        @cache
        def names() -> Names:
            return Names((*catalogue.models(), *catalogue.families))

        def hint(model: str) -> str:
            return did_you_mean(model, names().near(model))

        warnings = tuple(one.warning for one in left_out)
        lookup = Lookup(catalogue, left_out, self._version_separator)
        return _Loaded(lookup, {}, Neighbours(takers, lru_cache(maxsize=256)(hint), warnings))

    def _read_all(self) -> _Loaded:
        catalogue, left_out = read_layers(self._layers(self._models), self.provider)
        if self._layers is sources:
            # Who asks for other layers wants to know what is wrong, and calls `check`.
            for one in left_out:
                log.warning("%s", one.warning)
        for name, documents in self._added:
            catalogue = catalogue.with_layer(name, documents)
        return self._loaded_from(catalogue, left_out)
