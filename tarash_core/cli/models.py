"""``tarash models``: what the installed providers can run, and what each model takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from tarash_core.cli.reporting import Reporting, pass_reporting, print_json, print_line, reporting_options, say
from tarash_core.cli.tables import print_table
from tarash_core.errors import TarashException, ValidationError
from tarash_core.suggest import did_you_mean

if TYPE_CHECKING:
    from tarash_core.mapping.model import ModelMapping


@click.group(invoke_without_command=True, short_help="List models, and show what each takes.")
@click.pass_context
def models(context: click.Context) -> None:
    """List the models that the installed providers know, and show what each takes."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@models.command(name="list", short_help="List the models.")
@click.option("-p", "--provider", help="Of this provider only.")
@click.option("--task", help="For this task only, for example image-to-video.")
@reporting_options
@pass_reporting
def list_(reporting: Reporting, /, provider: str | None, task: str | None) -> None:
    """List the models that have a mapping. Other models of a provider can be used too, without checks."""
    from tarash_core.mapping.vocabulary import TASKS

    if task is not None and task not in TASKS:
        raise click.UsageError(f"there is no task '{task}' (tasks: {', '.join(TASKS)}){did_you_mean(task, TASKS)}")
    found = [mapping for mapping in _mappings(provider) if task is None or mapping.task in (task, "any")]
    if reporting.json:
        print_json([_as_json(mapping) for mapping in found])
        return
    if not found:
        say("no model is known" + (f" for '{task}'" if task else ""))
        return
    print_table(("provider", "model", "task"), ((one.provider, one.model, one.task) for one in found))


@models.command(short_help="Show what a model takes.")
@click.argument("model")
@click.option("-p", "--provider", help="Whose model it is; needed where several providers have it, or none knows it.")
@click.option("--explain", is_flag=True, help="Show the file and line that decided each parameter.")
@reporting_options
@pass_reporting
def show(reporting: Reporting, /, model: str, provider: str | None, explain: bool) -> None:
    """Show the parameters of MODEL: the provider's name of each, the request field that fills it, and its limits."""
    from tarash_core import find_mapping

    mapping = find_mapping(provider or _provider_of(model), model)
    lines = mapping.explain()
    if reporting.json:
        print_json(_as_json(mapping) | {"parameters": [line._asdict() for line in lines]})
        return
    if mapping.generic:
        say(f"'{model}' has no mapping; this is what '{mapping.provider}' gets for any model")
    about = (("model", mapping.model), ("provider", mapping.provider), ("task", mapping.task), ("docs", mapping.docs))
    for name, value in (*about, ("mapping", str(mapping.place))):
        if value is not None:
            print_line(f"{name:>8}  {value}")
    print_line("")
    print_table(
        ("theirs", "ours", "decided in", "limits"),
        ((line.theirs, line.ours, line.place if explain else None, line.limits) for line in lines),
    )


def _mappings(provider: str | None) -> Iterator[ModelMapping]:
    """Every mapping of the provider, or of every provider; one that is broken does not hide the others."""
    from tarash_core import find_mapping, list_models

    if provider is not None:
        for model in list_models(provider):
            yield find_mapping(provider, model)
        return
    for name in _providers():
        try:
            yield from list(_mappings(name))
        except TarashException as error:
            say(f"warning: the models of '{name}' cannot be listed: {error}")


def _provider_of(model: str) -> str:
    """The one installed provider that knows a model by name.

    Raises:
        ValidationError: None does.
        click.UsageError: Several do.
    """
    from tarash_core import list_models

    known: dict[str, set[str]] = {}
    for name in _providers():
        try:
            known[name] = set(list_models(name))
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
