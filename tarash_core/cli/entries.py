"""``tarash jobs list``, ``settle`` and ``prune``: the ledger, looked at and kept in order."""

from __future__ import annotations

import datetime
import re
from typing import get_args

import click

from tarash_core.cli.reference import config_of
from tarash_core.cli.reporting import Reporting, pass_reporting, print_json, print_line, reporting_options, say
from tarash_core.cli.tables import print_table
from tarash_core.ledger import OPEN_STATES, EntryState, LedgerEntry

_STATES: tuple[EntryState, ...] = get_args(EntryState)
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}


class Age(click.ParamType[float]):
    """``30d``, ``12h``, ``90m``, ``2w``: seconds."""

    name = "age"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The seconds that are meant."""
        said = re.fullmatch(r"(\d+(?:\.\d+)?)([smhdw])", str(value))
        if said is None:
            self.fail(f"'{value}' is no age; write a number and s, m, h, d or w, like 30d", param, ctx)
        return float(said[1]) * _SECONDS[said[2]]


@click.command(name="list", short_help="List the jobs of the ledger.")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([*_STATES, "open"]), help="In this state only; repeated."
)
@click.option("-p", "--provider", help="Of this provider only.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="The newest so many.")
@reporting_options
@pass_reporting
def list_(reporting: Reporting, /, states: tuple[str, ...], provider: str | None, limit: int) -> None:
    """List the jobs of the ledger, newest first.

    `open` is every state that is not the last: submitting, queued, processing and uncertain. What a process was
    submitting that is gone is uncertain: `tarash jobs settle ID` finds out.
    """
    from tarash_core import list_jobs

    asked: set[EntryState] = {state for state in _STATES if state in states}
    asked |= OPEN_STATES if "open" in states else set()
    found = list_jobs(states=asked or None, provider=provider, limit=limit)
    if reporting.json:
        print_json([entry.model_dump(mode="json") for entry in found])
        return
    if reporting.quiet:
        for entry in found:
            print_line(entry.id)
        return
    if not found:
        say("the ledger has no such job" if states or provider else "the ledger has no job yet")
        return
    print_table(("id", "state", "provider", "model", "job", "written", "reason"), (_row(entry) for entry in found))


def _row(entry: LedgerEntry) -> tuple[str | None, ...]:
    written = datetime.datetime.fromtimestamp(entry.created_at).isoformat(" ", "seconds")
    job_id = entry.job.request_id if entry.job else None
    return entry.id, entry.state, entry.provider, entry.model, job_id, written, entry.error


@click.command(short_help="Find out whether a job was accepted whose answer was lost.")
@click.argument("name", metavar="ID")
@click.option("--request-id", metavar="JOB", help="It was accepted: the provider lists it under this id.")
@click.option("--refused", is_flag=True, help="It was not accepted: the provider does not list it.")
@click.option(
    "--api-key-env", metavar="NAME", help="Read the key from this environment variable instead of the usual one."
)
@reporting_options
@pass_reporting
def settle(reporting: Reporting, /, name: str, request_id: str | None, refused: bool, api_key_env: str | None) -> None:
    """Find out whether an uncertain job was accepted: by asking the provider where it can tell, else by what you say.

    Nothing is submitted again. What was accepted can be waited for.
    """
    from tarash_core import find_entry, settle_job

    if request_id is not None and refused:
        raise click.UsageError("it is either accepted, with --request-id, or --refused")
    config = config_of(find_entry(name), api_key_env) if api_key_env else None
    entry = settle_job(name, config=config, request_id=request_id, refused=refused)
    if reporting.json:
        print_json(entry.model_dump(mode="json"))
        return
    if entry.job is None:
        say(f"{entry.provider} {entry.id}: it was not accepted, and nothing is paid")
        return
    say(f"{entry.provider} {entry.id}: it was accepted as '{entry.job.request_id}'")
    say(f"try: tarash jobs wait {entry.id}")


@click.command(short_help="Forget settled jobs.")
@click.option("--older-than", type=Age(), required=True, help="Forget what nothing has changed for so long: 30d, 12h.")
@reporting_options
@pass_reporting
def prune(reporting: Reporting, /, older_than: float) -> None:
    """Forget jobs of the ledger that are settled: completed, failed, cancelled or refused. Open ones are kept."""
    from tarash_core import prune_jobs

    count = prune_jobs(older_than_seconds=older_than)
    if reporting.json:
        print_json({"forgotten": count})
    elif not reporting.quiet:
        say(f"forgot {count} job{'' if count == 1 else 's'}")
