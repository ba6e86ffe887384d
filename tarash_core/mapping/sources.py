"""Where the files of each layer come from. Nothing of a data package is imported."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

# Those of `Path` raise where a folder above may not be looked into.
from os.path import isdir, isfile
from pathlib import Path

from tarash_core.errors import MappingError

DATA_PACKAGES = "tarash.mappings"
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one layer.

    Args:
        layer: What the layer is called: ``"plugin"``, ``"data package tarash-more"``, ``"user"``...
        files: In the order in which they are read.
        own: Whether they are the provider plugin's own.
        is_installed: Whether they come with a distribution, whose author has checked them: a plugin's or a data
            package's. Their documents are parsed when one of their models is asked for.
        site: Of a data package, the folder that its package stands in.
        default: The provider of documents that name none; None: each must name one.
        wrong: Why the files of the layer cannot be found, where that is so.
    """

    layer: str
    files: tuple[Path, ...]
    own: bool = False
    is_installed: bool = False
    site: Path | None = None
    default: str | None = None
    wrong: MappingError | None = None


def plugin_only(models: Path | None) -> list[Source]:
    """The lowest layer alone: the provider's plugin."""
    return [Source("plugin", files_in(models), own=True, is_installed=True)] if models is not None else []


def installed(models: Path | None) -> list[Source]:
    """The layers that are installed: the provider's plugin and the data packages."""
    return plugin_only(models) + _data_packages()


def sources(models: Path | None) -> list[Source]:
    """The layers that files make up, lowest first. Layers without files are left out, but for those that are broken.

    Args:
        models: The folder of the provider's plugin, where it has one.

    Raises:
        MappingError: ``TARASH_MAPPINGS`` names what does not exist.
    """
    found = installed(models)
    found.append(Source("user", files_in(user_folder())))
    project = Path("tarash.yaml")
    if isfile(project):
        found.append(Source("project", (project.absolute(),)))
    found += _from_environment()
    return [source for source in found if source.files or source.wrong]


def user_folder() -> Path | None:
    """``$XDG_CONFIG_HOME/tarash/mappings``, by default ``~/.config/tarash/mappings``; None without a home folder."""
    if given := os.environ.get("XDG_CONFIG_HOME"):
        return Path(given) / "tarash" / "mappings"
    try:
        return Path.home() / ".config" / "tarash" / "mappings"
    except RuntimeError:
        return None


def files_in(folder: Path | None) -> tuple[Path, ...]:
    """The YAML files of a folder and of the folders below it, in the order in which they are read."""
    if folder is None or not isdir(folder):
        return ()
    return tuple(sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES and isfile(path)))


def _from_environment() -> Iterator[Source]:
    for text in os.environ.get("TARASH_MAPPINGS", "").split(os.pathsep):
        if not text:
            continue
        path = Path(text).expanduser().absolute()
        if isdir(path):
            yield Source(f"TARASH_MAPPINGS {text}", files_in(path))
        elif isfile(path):
            yield Source(f"TARASH_MAPPINGS {text}", (path,))
        else:
            raise MappingError(f"TARASH_MAPPINGS names '{text}', and there is no such file or folder")


def _data_packages() -> list[Source]:
    points = sorted(entry_points(group=DATA_PACKAGES), key=lambda point: (_distribution(point), point.name))
    return [_data_package(point) for point in points]


def _data_package(point: EntryPoint) -> Source:
    layer = f"data package {_distribution(point)}"
    folder = _folder_of(point)
    if folder is None:
        name = f"data package '{_distribution(point)}'"
        error = MappingError(f"{name} names package '{point.value}', which is not there; install it anew")
        return Source(layer, (), wrong=error)
    site = folder.parents[point.module.count(".")]
    return Source(layer, files_in(folder), is_installed=True, site=site)


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.name


def _folder_of(point: EntryPoint) -> Path | None:
    """The folder of a package, found without importing it or the packages above it; None where there is none."""
    try:
        top, *below = point.module.split(".")
        spec = importlib.util.find_spec(top)
    except (AttributeError, ImportError, ValueError):
        # What stands in the entry point is no name of a package.
        return None
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return next((folder for place in places if isdir(folder := Path(place, *below))), None)
