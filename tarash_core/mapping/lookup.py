"""Finds what a model's name means: a registered name, a family, or something that a broken file speaks of."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

from tarash_core.mapping.catalogue import Catalogue
from tarash_core.mapping.family import Family
from tarash_core.mapping.loading import LeftOut


@dataclass(frozen=True, slots=True)
class Lookup:
    """The names of one provider.

    Args:
        catalogue: What is mapped.
        left_out: Files that are broken.
        version_separator: Text from here on is cut from a name that is not mapped as it is.
    """

    catalogue: Catalogue
    left_out: tuple[LeftOut, ...]
    version_separator: str | None

    def family(self, name: str) -> Family | None:
        """The family of this name; a model of the name goes first.

        Raises:
            MappingError: A broken file speaks of it.
        """
        if name in self.catalogue.names:
            return None
        self._refuse_broken(name)
        return self.catalogue.families.get(name)

    def key(self, model: str) -> str | None:
        """The registered name that a model is looked up by: its own, else the longest ``x/*`` above it, else ``*``.

        Raises:
            MappingError: A broken file speaks of that name, or of one that would come before it.
        """
        for name in self._candidates(model):
            self._refuse_broken(name)
            if name in self.catalogue.names:
                return name
        return None

    def _candidates(self, model: str) -> Iterator[str]:
        yield model
        separator = self.version_separator
        name = model.partition(separator)[0] if separator else model
        if name != model:
            yield name
        while "/" in name:
            name = name.rpartition("/")[0]
            yield f"{name}/*"
        yield "*"

    def _refuse_broken(self, name: str) -> None:
        for one in self.left_out:
            if name in one.names:
                # A copy: one exception raised in several threads would gather all their tracebacks.
                raise copy.copy(one.error)
