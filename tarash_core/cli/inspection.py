"""Every installed plugin, looked at: whether it loads, how many models it knows, what it is built on."""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import dataclass, replace
from typing import Any

from tarash_core.errors import TarashException
from tarash_core.provider import ProviderFacts
from tarash_core.registry import PluginInfo

_REQUIREMENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Inspected:
    """A plugin after it was asked to load.

    Args:
        info: As `list_plugins` tells it, in the state after loading.
        facts: A provider's facts; None for other plugins and where it is broken.
        models: How many models its mappings know; None where that cannot be told.
        problem: Why it cannot be used; None when it can.
        mapping_problem: Why its mappings cannot be read; the file at fault may be the user's own.
    """

    info: PluginInfo
    facts: ProviderFacts | None = None
    models: int | None = None
    problem: str | None = None
    mapping_problem: str | None = None

    @property
    def reason(self) -> str | None:
        """Why it does not work, or may not load."""
        return self.problem or self.mapping_problem or self.info.reason

    @property
    def broken(self) -> bool:
        """Whether the plugin itself has to be repaired."""
        return self.problem is not None or self.info.state == "broken"

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "name": self.info.name,
            "kind": self.info.kind,
            "distribution": self.info.distribution,
            "version": self.info.version,
            "state": self.info.state,
            "reason": self.reason,
            "models": self.models,
        }


def inspect_plugins() -> tuple[Inspected, ...]:
    """Load every plugin that may load, each without harm to the others, and tell how that went."""
    from tarash_core import list_plugins

    found = [_provider(info) if _may_load(info) else Inspected(info) for info in list_plugins()]
    # Loading a provider loads the shared plugins too: what state everything is in is known only now.
    now = {(info.kind, info.name, info.distribution): info for info in list_plugins()}
    return tuple(replace(one, info=now[one.info.kind, one.info.name, one.info.distribution]) for one in found)


def versions_beneath(distribution: str | None) -> dict[str, str | None]:
    """The versions of what a plugin's distribution requires, its SDK above all; None for what is not installed."""
    if distribution is None:
        return {}
    versions: dict[str, str | None] = {}
    try:
        requirements = importlib.metadata.requires(distribution) or ()
    except importlib.metadata.PackageNotFoundError:
        return {}
    for requirement in requirements:
        name = _REQUIREMENT_NAME.match(requirement)
        # What a marker makes optional (another Python, another system, an extra) may rightly be absent.
        if name is not None and ";" not in requirement and name[0] != "tarash-core":
            versions[name[0]] = _version(name[0])
    return versions


def _may_load(info: PluginInfo) -> bool:
    return info.kind == "provider" and info.state in ("not loaded", "ok")


def _provider(info: PluginInfo) -> Inspected:
    from tarash_core.stack import stack_of

    try:
        stack = stack_of(info.name)
    except TarashException as error:
        return Inspected(info, problem=error.message)
    try:
        return Inspected(info, stack.facts, models=len(stack.mappings.models()))
    except TarashException as error:
        return Inspected(info, stack.facts, mapping_problem=error.message)


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
