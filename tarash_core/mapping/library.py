"""The mappings of one provider: found by the model's name, read on first use, layered, compiled once."""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from tarash_core.errors import MappingError, ValidationError
from tarash_core.mapping.catalogue import Catalogue
from tarash_core.mapping.compile import compile_mapping
from tarash_core.mapping.converters import CORE_CONVERTERS, Converter
from tarash_core.mapping.document import Document
from tarash_core.mapping.files import documents_for, read_file, read_text
from tarash_core.mapping.model import ModelMapping, Neighbours
from tarash_core.mapping.sources import sources
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_reader import node_of, read_documents


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What was read, and what was compiled of it: they go out of date together."""

    catalogue: Catalogue
    compiled: dict[str, ModelMapping]
    neighbours: Neighbours


class MappingLibrary:
    """Every mapping of one provider. Thread-safe; files are read on the first lookup and again by `reload`."""

    def __init__(
        self, provider: str, *, models: Path | None, converters: Mapping[str, Converter], version_separator: str | None
    ) -> None:
        self.provider = provider
        self._models = models
        self._converters = converters
        self._version_separator = version_separator
        self._lock = threading.RLock()
        self._added: list[tuple[str, list[Document]]] = []
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

    def find(self, model: str) -> ModelMapping:
        """The mapping of a model: of its exact name, else of the longest ``x/*`` above it, else the generic one.

        Raises:
            MappingError: A file of this provider is broken.
            ValidationError: There is none, and the provider has no generic mapping.
        """
        loaded = self._load_once()
        key = self._key(model, loaded.catalogue)
        if key is None:
            raise ValidationError(
                f"no mapping for '{model}' of provider '{self.provider}'{loaded.neighbours.hint(model)} (to add one, "
                "write it into tarash.yaml or a file in ~/.config/tarash/mappings, or call register_model_mapping)",
                field="model",
                model=model,
                provider=self.provider,
            )
        return loaded.compiled.get(key) or self._compiled(loaded, key)

    def models(self) -> tuple[str, ...]:
        """The exact names that have a mapping, sorted."""
        return self._load_once().catalogue.models()

    def add(self, document: str | Mapping[str, Any] | Path, *, source: str = "run time") -> None:
        """Lay a document over everything else: at once, or not at all when anything is wrong with it.

        Args:
            document: YAML text, a dict that says the same, or the path of a file.
            source: What messages and `ModelMapping.explain` call it; a file goes by its path.

        Raises:
            MappingError: With file, line, column and path.
        """
        documents = self._read(document, source)
        with self._lock:
            loaded = self._loaded_from(self._load_once().catalogue.with_layer(source, documents))
            for name in (name for found in documents for name in found.models):
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
        wrong: list[MappingError] = []
        for name in loaded.catalogue.names:
            try:
                self._compiled(loaded, name)
            except MappingError as error:
                wrong.append(error)
        return tuple(wrong)

    def _key(self, model: str, catalogue: Catalogue) -> str | None:
        """The registered name that a model is looked up by."""
        names = catalogue.names
        if model in names:
            return model
        separator = self._version_separator
        name = model.partition(separator)[0] if separator else model
        if name in names:
            return name
        while "/" in name:
            name = name.rpartition("/")[0]
            if f"{name}/*" in names:
                return f"{name}/*"
        return "*" if "*" in names else None

    def _compiled(self, loaded: _Loaded, key: str) -> ModelMapping:
        with self._lock:
            if key not in loaded.compiled:
                loaded.compiled[key] = compile_mapping(
                    loaded.catalogue.definition(key),
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
                    self._loaded = self._loaded_from(self._read_all())
                except MappingError as error:
                    self._loaded = error
            if isinstance(self._loaded, MappingError):
                # A copy: one exception raised in several threads would gather all their tracebacks.
                raise copy.copy(self._loaded)
            return self._loaded

    def _loaded_from(self, catalogue: Catalogue) -> _Loaded:
        def takers(name: str, model: str) -> tuple[str, ...]:
            return catalogue.takers(name, near=model, most=5)

        def hint(model: str) -> str:
            return did_you_mean(model, catalogue.models())

        return _Loaded(catalogue, {}, Neighbours(takers, lru_cache(maxsize=256)(hint)))

    def _read_all(self) -> Catalogue:
        catalogue = Catalogue()
        for source in sources(self._models):
            documents = [
                document
                for path in source.files
                for document in read_file(path, provider=self.provider, own=source.own)
            ]
            catalogue = catalogue.with_layer(source.layer, documents)
        for name, documents in self._added:
            catalogue = catalogue.with_layer(name, documents)
        return catalogue

    def _read(self, document: str | Mapping[str, Any] | Path, source: str) -> list[Document]:
        if isinstance(document, Path):
            source = str(document)
            nodes = read_documents(read_text(document), file=source)
        elif isinstance(document, str):
            nodes = read_documents(document, file=source)
        else:
            nodes = [node_of(document, file=source)]
        if not nodes:
            raise MappingError("there is no mapping in it", file=source)
        if isinstance(document, str) and document.endswith((".yaml", ".yml")):
            raise MappingError(f"'{document}' is the name of a file; give Path('{document}')", file=source)
        return documents_for(self.provider, nodes, at_run_time=True)
