"""``tarash new-provider``: a plugin package to begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from tarash_core.cli.exits import OutputError
from tarash_core.cli.reporting import Reporting, pass_reporting, print_json, print_line, reporting_options, say
from tarash_core.yaml_scalars import read_plain_scalar

# The plugin that ``docs/plugins.md`` shows, file by file.
_TEMPLATE = Path(__file__).parent / "template"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_TITLE = re.compile(r"[^\W\d_](?:[\w .&+-]*[\w.+])?")
_TAKEN = frozenset({"core"})  # tarash_core is the core itself


@click.command(name="new-provider", short_help="Write a plugin package to begin with.")
@click.argument("name")
@click.option("--title", help="The provider's name as it writes it itself; left out, made of NAME.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The new folder; left out, tarash-NAME here.")
@reporting_options
@pass_reporting
def new_provider(reporting: Reporting, /, name: str, title: str | None, output: Path | None) -> None:
    """Write a package for the provider NAME: plugin, mapping, a fake of the service, and tests that pass.

    It speaks to an imagined service, to be made the real one file by file; its README.md says in which order, and
    docs/plugins.md what every hook does.
    """
    _check_name(name)
    title = _title_of(name) if title is None else title
    if not _TITLE.fullmatch(title) or read_plain_scalar(title) != title:
        raise click.UsageError(f"no provider can be titled {title!r}; write it in letters, digits, spaces and . & + -")
    folder = output if output is not None else Path(f"tarash-{name}")
    if folder.exists():
        raise OutputError(f"'{folder}' exists; choose another folder with -o")
    written = []
    for file, text in _files(name, title):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
        written.append(str(folder / file))
    if reporting.json:
        print_json({"folder": str(folder), "files": written})
        return
    for path in written:
        print_line(path)
    if not reporting.quiet:
        say(f"try: cd {folder} && pip install -e '.[test]' && pytest")


def _check_name(name: str) -> None:
    from tarash_core import list_plugins

    if not _NAME.fullmatch(name) or name in _TAKEN or read_plain_scalar(name) != name:
        raise click.UsageError(f"no provider can be named {name!r}; write it in small letters, digits and -")
    if any(info.kind == "provider" and info.name == name for info in list_plugins()):
        raise click.UsageError(f"a provider '{name}' is installed already; 'tarash plugins' lists them")


def _title_of(name: str) -> str:
    return " ".join(word.capitalize() for word in re.split("[-_]", name))


def _files(name: str, title: str) -> Iterator[tuple[str, str]]:
    """The path and the text of each file of the package."""
    for file in sorted(_TEMPLATE.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            path = file.relative_to(_TEMPLATE).as_posix()
            yield _renamed(path, name, title), _renamed(file.read_text(encoding="utf-8"), name, title)


def _renamed(text: str, name: str, title: str) -> str:
    module = name.replace("-", "_")
    for pattern, ours in (
        ("ACME", module.upper()),
        (r"(?<=_)acme", module),
        (r"Acme(?=[A-Z])|(?<=Test)Acme", _title_of(name).replace(" ", "")),
        ("Acme", title),
        ("acme", name),
    ):
        text = re.sub(pattern, ours, text)
    return text
