"""``tarash doctor``: is everything in place? It tells names and states, and never a key or any part of one."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import click

from tarash_core import __version__
from tarash_core.cli.exits import UNHEALTHY
from tarash_core.cli.inspection import Inspected, inspect_plugins, versions_beneath
from tarash_core.cli.reporting import Reporting, pass_reporting, print_json, reporting_options
from tarash_core.cli.tables import print_table
from tarash_core.errors import MappingError

State = Literal["ok", "not set", "missing", "broken", "disabled"]
_BAD: frozenset[State] = frozenset({"missing", "broken"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        subject: What kind of thing: ``python``, ``plugin``, ``key``...
        name: Which one.
        state: How it is; ``missing`` and ``broken`` have to be repaired.
        detail: A version, a place, or what is wrong.
    """

    subject: str
    name: str
    state: State
    detail: str | None = None


@click.command(short_help="Check that everything is in place.")
@reporting_options
@pass_reporting
def doctor(reporting: Reporting) -> None:
    """Check Python, plugins, their SDKs, keys and mapping files. Leaves with code 19 when something is broken.

    Of keys it tells only whether their environment variables are set. A key that is not set is not broken.
    """
    findings = tuple(_findings())
    healthy = not any(finding.state in _BAD for finding in findings)
    if reporting.json:
        print_json({"healthy": healthy, "findings": [asdict(finding) for finding in findings]})
    else:
        shown = [finding for finding in findings if not reporting.quiet or finding.state in _BAD]
        print_table(
            ("what", "name", "state", "detail"),
            ((finding.subject, finding.name, finding.state, finding.detail) for finding in shown),
        )
    if not healthy:
        raise click.exceptions.Exit(UNHEALTHY)


def _findings() -> Iterator[Finding]:
    yield Finding("python", platform.python_version(), "ok", sys.executable)
    yield Finding("core", f"tarash-core {__version__}", "ok")
    inspected = inspect_plugins()
    if not any(plugin.info.kind == "provider" for plugin in inspected):
        yield Finding("plugin", "providers", "missing", "no provider is installed; try: pip install tarash-mock")
    for plugin in inspected:
        yield from _plugin(plugin)
    yield from _keys(inspected)
    yield from _mappings(inspected)


def _plugin(plugin: Inspected) -> Iterator[Finding]:
    info = plugin.info
    owner = f"{info.distribution} {info.version}" if info.distribution else "registered at run time"
    state: State = "broken" if plugin.broken else "disabled" if info.state == "disabled" else "ok"
    yield Finding("plugin", info.name, state, plugin.problem or info.reason or owner)
    for name, version in versions_beneath(info.distribution).items():
        yield Finding(
            "sdk",
            f"{name} {version}" if version else name,
            "ok" if version else "missing",
            f"used by {info.name}" if version else f"{owner} needs it; try: pip install {name}",
        )


def _keys(inspected: Iterable[Inspected]) -> Iterator[Finding]:
    for plugin in inspected:
        source = plugin.facts.api_key if plugin.facts else None
        for variable in source.environment if source else ():
            given = all(os.environ.get(part, "").strip() for part in variable.split("+"))
            yield Finding("key", variable, "ok" if given else "not set", f"for {plugin.info.name}")


def _mappings(inspected: Iterable[Inspected]) -> Iterator[Finding]:
    """The mapping files that are not a plugin's own, and whatever is wrong in any."""
    from tarash_core.mapping.sources import sources
    from tarash_core.stack import stack_of

    wrong: dict[str, MappingError] = {}
    for plugin in inspected:
        for error in stack_of(plugin.info.name).mappings.check() if plugin.facts else ():
            # A file for several providers is wrong for each of them; once is enough to say so.
            wrong.setdefault(error.message, error)
    try:
        files = {str(path): source.layer for source in sources(None) for path in source.files}
    except MappingError as error:
        files = {}
        wrong.setdefault(error.message, error)
    broken = {one.file for one in wrong.values()}
    for file, layer in files.items():
        if file not in broken:
            yield Finding("mapping", file, "ok", layer)
    for one in wrong.values():
        yield Finding("mapping", one.file or "layers", "broken", one.message)
