"""``tarash mappings``: tools for those who write mapping files and publish them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tarash_core.cli.exits import code_of
from tarash_core.cli.reporting import (
    Reporting,
    one_line,
    pass_reporting,
    print_json,
    print_line,
    reporting_options,
    say,
)

if TYPE_CHECKING:
    from tarash_core.mapping.library import MappingLibrary


@click.group(invoke_without_command=True, short_help="Check mapping files.")
@click.pass_context
def mappings(context: click.Context) -> None:
    """Tools for those who write mapping files and publish them."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@mappings.command(short_help="Check mapping files.")
@click.argument("places", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-p", "--provider", help="The provider of documents that name none, as in a plugin's own files.")
@click.option("--all-layers", is_flag=True, help="Over the files of the user and the project too.")
@reporting_options
@pass_reporting
def check(reporting: Reporting, /, places: tuple[Path, ...], provider: str | None, all_layers: bool) -> None:
    """Check every FILE (of a folder, every YAML file in it), together, over the plugins and data packages installed.

    Prints one line for each thing that is wrong, file:line:column first, and leaves with code 6 when there is any. Of
    documents for a provider whose plugin is not installed, only the language is checked. A FILE that is in effect
    already, or of which a data package has a copy, is checked in its place.
    """
    from tarash_core.mapping.checking import check_files
    from tarash_core.mapping.sources import files_in, installed, sources

    files = [file for place in places for file in (files_in(place) if place.is_dir() else (place,))]
    if not files:
        raise click.UsageError(f"there is no YAML file in {', '.join(map(str, places))}")
    layers = sources if all_layers else installed
    checked = check_files(files, default=provider, library_of=_library_of, layers=layers)
    if reporting.json:
        problems = [
            {"file": error.file, "line": error.line, "column": error.column, "message": error.message}
            for error in checked.errors
        ]
        not_installed = list(checked.unknown)
        counts = {"files": len(files), "documents": checked.documents}
        print_json({**counts, "unknown": not_installed, "notes": list(checked.notes), "errors": problems})
    else:
        for error in checked.errors:
            print_line(one_line(error.message))
        for name in checked.unknown:
            say(f"warning: provider '{name}' is not installed; of what is for it, only the language was checked")
        for note in checked.notes:
            say(f"note: {one_line(note)}")
        if not checked.errors and not reporting.quiet:
            print_line(f"{_count(checked.documents, 'document')} in {_count(len(files), 'file')}: nothing is wrong")
    if checked.errors:
        raise click.exceptions.Exit(code_of(checked.errors[0]))


def _library_of(provider: str) -> MappingLibrary | None:
    """The mappings of an installed provider. Raises PluginError where its plugin is broken."""
    from tarash_core import list_plugins
    from tarash_core.stack import stack_of

    names = {info.name for info in list_plugins() if info.kind == "provider" and info.state != "disabled"}
    return stack_of(provider).mappings if provider in names else None


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
