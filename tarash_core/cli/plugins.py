"""``tarash plugins``: what is installed, and whether it works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from tarash_core.cli.inspection import Inspected, inspect_plugins
from tarash_core.cli.reporting import Reporting, pass_reporting, print_json, print_line, reporting_options, say
from tarash_core.cli.tables import print_table


@click.command(short_help="List the installed plugins.")
@click.option("--features", is_flag=True, help="What each provider can do with at least one of its models, instead.")
@click.option("--markdown", is_flag=True, help="With --features: as a Markdown table.")
@reporting_options
@pass_reporting
def plugins(reporting: Reporting, features: bool, markdown: bool) -> None:
    """List the installed plugins, each with its state; a broken one with the reason.

    TARASH_PLUGINS=NAME,NAME restricts which plugins may load.
    """
    if markdown and (reporting.json or not features):
        raise click.UsageError("--markdown goes with --features, and not with --json")
    inspected = inspect_plugins()
    if features:
        _print_features(inspected, reporting, markdown=markdown)
        return
    if reporting.json:
        print_json([plugin.as_json() for plugin in inspected])
        return
    if not inspected:
        say("no plugin is installed; try: pip install tarash-mock")
        return
    print_table(
        ("name", "kind", "distribution", "version", "state", "models", "reason"),
        (
            (
                plugin.info.name,
                plugin.info.kind,
                plugin.info.distribution,
                plugin.info.version,
                plugin.info.state,
                plugin.models,
                plugin.reason,
            )
            for plugin in inspected
        ),
    )


def _print_features(inspected: Sequence[Inspected], reporting: Reporting, *, markdown: bool) -> None:
    """What the providers can do that work; those that are broken are named on stderr."""
    from tarash_core.capabilities import HEADS, capabilities_of, cells, markdown_table

    for plugin in inspected:
        if plugin.broken or plugin.mapping_problem:
            say(f"{plugin.info.name} is left out: {plugin.reason}")
    able = [capabilities_of(plugin.info.name) for plugin in inspected if plugin.models is not None]
    if reporting.json:
        print_json([asdict(provider) for provider in able])
    elif markdown:
        print_line(markdown_table(able).rstrip("\n"))
    else:
        print_table(HEADS, cells(able, yes="yes"))
