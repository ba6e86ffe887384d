"""``tarash models``: what the installed providers can run, and what each model takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tarash_core.cli.learn import import_
from tarash_core.cli.reporting import Reporting, pass_reporting, print_json, print_line, reporting_options, say
from tarash_core.cli.tables import print_table
from tarash_core.errors import MappingError, TarashException, ValidationError
from tarash_core.suggest import did_you_mean

if TYPE_CHECKING:
    from tarash_core.mapping.library import MappingLibrary
    from tarash_core.mapping.model import ModelMapping

_MARKS = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True, slots=True)
class Family:
    """A name for several models of a provider, in the order in which they are tried."""

    provider: str
    name: str
    members: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {"model": self.name, "provider": self.provider, "task": "family", "members": list(self.members)}


@click.group(invoke_without_command=True, short_help="List models, and show what each takes.")
@click.pass_context
def models(context: click.Context) -> None:
    """List the models that the installed providers know, and show what each takes."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


models.add_command(import_)


@models.command(name="list", short_help="List the models.")
@click.option("-p", "--provider", help="Of this provider only.")
@click.option("--task", help="For this task only, for example image-to-video.")
@reporting_options
@pass_reporting
def list_(reporting: Reporting, /, provider: str | None, task: str | None) -> None:
    """List the models that have a mapping, then the families. Other models can be used too, without checks."""
    from tarash_core.mapping.vocabulary import TASKS

    if task is not None and task not in TASKS:
        raise click.UsageError(f"there is no task '{task}' (tasks: {', '.join(TASKS)}){did_you_mean(task, TASKS)}")
    found = [mapping for mapping in _mappings(provider) if task is None or mapping.task in (task, "any")]
    families = list(_families(provider)) if task is None else []
    if reporting.json:
        print_json([_as_json(mapping) for mapping in found] + [family.as_json() for family in families])
        return
    if not found:
        say("no model is known" + (f" for '{task}'" if task else ""))
        return
    rows = [(one.provider, one.model, one.task) for one in found]
    rows += [(family.provider, family.name, f"family of {len(family.members)} models") for family in families]
    print_table(("provider", "model", "task"), rows)


@models.command(short_help="Show what a model takes.")
@click.argument("model")
@click.option("-p", "--provider", help="Whose model it is; needed where several providers have it, or none knows it.")
@click.option("--explain", is_flag=True, help="Show the file and line that decided each parameter.")
@reporting_options
@pass_reporting
def show(reporting: Reporting, /, model: str, provider: str | None, explain: bool) -> None:
    """Show the parameters of MODEL: the provider's name of each, the request field that fills it, and its limits.

    Of a family, its models are shown, and the images and video that each takes.
    """
    from tarash_core import find_mapping

    provider = provider or provider_of(model)
    if family := next((one for one in _families(provider) if one.name == model), None):
        _show_family(reporting, family)
        return
    mapping = find_mapping(provider, model)
    lines = mapping.explain()
    if reporting.json:
        print_json(_as_json(mapping) | {"parameters": [line._asdict() for line in lines]})
        return
    if mapping.generic:
        say(f"'{model}' has no mapping; this is what '{mapping.provider}' gets for any model")
    ending = mapping.deprecation.describe() if mapping.deprecation else None
    about = (("model", mapping.model), ("provider", mapping.provider), ("task", mapping.task), ("docs", mapping.docs))
    for name, value in (*about, ("mapping", str(mapping.place)), ("end", ending)):
        if value is not None:
            print_line(f"{name:>8}  {value}")
    print_line("")
    print_table(
        ("theirs", "ours", "decided in", "limits"),
        ((line.theirs, line.ours, line.place if explain else None, line.limits) for line in lines),
    )


@models.command(short_help="Show what files change for a model.")
@click.argument("model")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("-p", "--provider", help="Whose model it is; needed where several providers have it, or none knows it.")
@reporting_options
@pass_reporting
def diff(reporting: Reporting, /, model: str, files: tuple[Path, ...], provider: str | None) -> None:
    """Show what the FILEs would change for MODEL, over everything that is in effect.

    Without a FILE: what data packages and the files of the user and the project change over the provider's plugin.
    """
    from tarash_core.mapping.difference import changes

    before, after = _sides(provider or provider_of(model), model, files)
    found = changes(before, after)
    if reporting.json:
        print_json([change._asdict() for change in found])
        return
    if not found:
        say(f"nothing is changed for '{model}'")
        return
    print_table(
        ("", "theirs", "before", "after", "decided in"),
        ((_MARKS[one.kind], one.theirs, one.before, one.after, one.place) for one in found),
    )


def _sides(provider: str, model: str, files: tuple[Path, ...]) -> tuple[ModelMapping | None, ModelMapping]:
    """The mapping without and with what is asked about; None where only the latter maps the model."""
    from tarash_core.mapping.checking import new_errors, with_and_without
    from tarash_core.mapping.sources import plugin_only, sources
    from tarash_core.stack import stack_of

    library = stack_of(provider).mappings
    if not files:
        return _known(library.with_layers(plugin_only), model), library.find(model)
    before, after = with_and_without(library, files, layers=sources, default=provider)
    if wrong := next(iter(new_errors(before, after)), None):
        raise wrong
    return _known(before, model), after.find(model)


def _known(library: MappingLibrary, model: str) -> ModelMapping | None:
    try:
        return library.find(model)
    except ValidationError:
        return None


def _show_family(reporting: Reporting, family: Family) -> None:
    from tarash_core import find_mapping

    members = [find_mapping(family.provider, model) for model in family.members]
    if reporting.json:
        inputs = [{"model": one.model, "task": one.task, "inputs": one.inputs.describe()} for one in members]
        print_json(family.as_json() | {"members": inputs})
        return
    print_line(f"'{family.name}' is a family: the first of these that takes a request's images and video is used")
    print_line("")
    print_table(("model", "task", "inputs"), ((one.model, one.task, one.inputs.describe()) for one in members))


def _families(provider: str | None) -> Iterator[Family]:
    """The families of the provider, or of every provider that can tell."""
    from tarash_core import list_families

    for name in [provider] if provider is not None else _providers():
        try:
            yield from (Family(name, family, members) for family, members in list_families(name).items())
        except TarashException:
            # Listing its models has told why.
            continue


def _mappings(provider: str | None) -> Iterator[ModelMapping]:
    """Every mapping of the provider, or of every provider; one that is broken does not hide the others."""
    from tarash_core import find_mapping, list_models

    if provider is None:
        for name in _providers():
            try:
                yield from _mappings(name)
            except TarashException as error:
                say(f"warning: the models of '{name}' cannot be listed: {error}")
        return
    for model in list_models(provider):
        try:
            yield find_mapping(provider, model)
        except MappingError as error:
            say(f"warning: '{model}' cannot be used: {error}")


def provider_of(model: str) -> str:
    """The one installed provider that knows a model or a family by name.

    Raises:
        ValidationError: None does.
        click.UsageError: Several do.
    """
    from tarash_core import list_families, list_models

    known: dict[str, set[str]] = {}
    for name in _providers():
        try:
            known[name] = {*list_models(name), *list_families(name)}
        except TarashException as error:
            say(f"warning: the models of '{name}' cannot be listed: {error}")
    having = [name for name, names in known.items() if model in names]
    if len(having) > 1:
        raise click.UsageError(f"'{model}' is a model of {' and of '.join(having)}; choose one with --provider")
    if not having:
        hint = did_you_mean(model, (name for names in known.values() for name in names))
        raise ValidationError(f"no installed provider has a mapping for '{model}'{hint or '; name its --provider'}")
    return having[0]


def _providers() -> list[str]:
    from tarash_core import list_plugins

    infos = list_plugins()
    return list(dict.fromkeys(info.name for info in infos if info.kind == "provider" and info.state != "disabled"))


def _as_json(mapping: ModelMapping) -> dict[str, Any]:
    return {
        "model": mapping.model,
        "provider": mapping.provider,
        "task": mapping.task,
        "docs": mapping.docs,
        "mapping": str(mapping.place),
    }
