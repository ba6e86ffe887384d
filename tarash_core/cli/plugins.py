"""``tarash plugins``: what is installed, and whether it works."""

from __future__ import annotations

import click

from tarash_core.cli.inspection import inspect_plugins
from tarash_core.cli.reporting import Reporting, pass_reporting, print_json, reporting_options, say
from tarash_core.cli.tables import print_table


@click.command(short_help="List the installed plugins.")
@reporting_options
@pass_reporting
def plugins(reporting: Reporting) -> None:
    """List the installed plugins, each with its state; a broken one with the reason.

    TARASH_PLUGINS=NAME,NAME restricts which plugins may load.
    """
    inspected = inspect_plugins()
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
