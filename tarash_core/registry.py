"""Which plugins there are: found by entry point, listed without importing any, loaded only when asked for."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tarash_core.errors import PluginError
from tarash_core.suggest import did_you_mean

PROVIDERS = "tarash.providers"
SHARED = "tarash.plugins"
RESTRICTION = "TARASH_PLUGINS"

Kind = Literal["provider", "shared"]
State = Literal["ok", "not loaded", "broken", "disabled"]


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """One line of `tarash plugins`.

    Args:
        name: The entry point's name.
        kind: ``provider`` or ``shared`` (it wraps or watches every provider).
        distribution: The distribution it comes from; None when it was registered at run time.
        version: That distribution's version.
        state: ``ok``, ``not loaded`` (nobody asked for it yet), ``broken`` or ``disabled`` (by TARASH_PLUGINS).
        reason: Why it is broken or disabled.
    """

    name: str
    kind: Kind
    distribution: str | None
    version: str | None
    state: State
    reason: str | None = None


@dataclass(slots=True)
class Source:
    """Where a plugin comes from and how to get it."""

    info: PluginInfo
    load: Callable[[], object]
    folder: Path | None = None


@dataclass(slots=True)
class Registry:
    """The plugins of this process. Thread-safe."""

    _found: dict[tuple[Kind, str], Source] | None = None
    _taken: list[PluginInfo] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def sources(self) -> dict[tuple[Kind, str], Source]:
        """Every plugin by kind and name; the entry points are read once."""
        with self._lock:
            if self._found is None:
                self._found = {}
                for kind, group in (("provider", PROVIDERS), ("shared", SHARED)):
                    for entry_point in importlib.metadata.entry_points(group=group):
                        self._add(_from_entry_point(kind, entry_point))
            return self._found

    def register(self, plugin: object, *, name: str, folder: Path | None) -> None:
        """Add a provider at run time.

        Raises:
            PluginError: The name is taken.
        """
        with self._lock:
            if taken := self.sources().get(("provider", name)):
                owner = taken.info.distribution or "a plugin registered earlier"
                raise PluginError(f"provider name '{name}' is taken by {owner}; choose another name", provider=name)
            info = PluginInfo(name, "provider", None, None, "ok")
            self.sources()["provider", name] = Source(info, lambda: plugin, folder)

    def unregister(self, name: str) -> None:
        """Forget a provider that was registered at run time."""
        with self._lock:
            source = self.sources().get(("provider", name))
            if source is None or source.info.distribution is not None:
                raise PluginError(f"no provider '{name}' was registered at run time", provider=name)
            del self.sources()["provider", name]

    def provider(self, name: str) -> Source:
        """The plugin of a provider, not loaded.

        Raises:
            PluginError: No such plugin, or it is disabled.
        """
        source = self.sources().get(("provider", name))
        if source is None:
            names = sorted(known for kind, known in self.sources() if kind == "provider")
            installed = f"installed: {', '.join(names)}" if names else "no provider is installed"
            hint = did_you_mean(name, names) or f"; try: pip install tarash-{name}"
            raise PluginError(f"no plugin provides '{name}' ({installed}){hint}", provider=name)
        if source.info.state == "disabled":
            raise PluginError(f"provider '{name}' is disabled: {source.info.reason}", provider=name)
        return source

    def shared(self) -> tuple[Source, ...]:
        """The shared plugins that may load, in the order of their entry points."""
        return tuple(
            source
            for (kind, _), source in self.sources().items()
            if kind == "shared" and source.info.state != "disabled"
        )

    def mark(self, source: Source, state: State, reason: str | None = None) -> None:
        """Note how loading went, for `tarash plugins`."""
        with self._lock:
            source.info = replace(source.info, state=state, reason=reason)

    def infos(self) -> tuple[PluginInfo, ...]:
        """Every plugin found, those that lost their name to another included."""
        found = (source.info for source in self.sources().values())
        return tuple(sorted((*found, *self._taken), key=lambda info: (info.kind, info.name, info.distribution or "")))

    def _add(self, source: Source) -> None:
        assert self._found is not None
        info = source.info
        if first := self._found.get((info.kind, info.name)):
            reason = f"name '{info.name}' is taken by {first.info.distribution} {first.info.version}; uninstall one"
            self._taken.append(replace(info, state="broken", reason=reason))
            return
        self._found[info.kind, info.name] = source


def _from_entry_point(kind: str, entry_point: importlib.metadata.EntryPoint) -> Source:
    distribution = entry_point.dist
    info = PluginInfo(
        name=entry_point.name,
        kind="provider" if kind == "provider" else "shared",
        distribution=distribution.name if distribution else None,
        version=distribution.version if distribution else None,
        state="not loaded",
    )
    allowed = os.environ.get(RESTRICTION)
    if allowed is not None and entry_point.name not in {name.strip() for name in allowed.split(",")}:
        info = replace(info, state="disabled", reason=f"{RESTRICTION}={allowed} does not name it")
    return Source(info, entry_point.load, _folder_of(entry_point.module))


def _folder_of(module: str) -> Path | None:
    """The folder of the top-level package of a module, found without importing it."""
    try:
        spec = importlib.util.find_spec(module.partition(".")[0])
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


registry = Registry()
