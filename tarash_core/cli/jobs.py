"""``tarash jobs``: pick up, look at or stop a job that was accepted earlier, in this process or in any other."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import click

from tarash_core.cli.delivery import AFTER_CANCELLING, deliver
from tarash_core.cli.entries import list_, prune, settle
from tarash_core.cli.exits import NOT_CANCELLED
from tarash_core.cli.jobfile import JobFile
from tarash_core.cli.output import choose_output
from tarash_core.cli.reference import config_of, find_job, named_entry
from tarash_core.cli.reporting import (
    Reporting,
    one_line,
    pass_reporting,
    print_json,
    print_line,
    reporting_options,
    say,
)
from tarash_core.job import Job
from tarash_core.ledger import LedgerEntry


def _waiting_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--max-poll-attempts", type=int, help="Give up waiting after so many polls."),
        click.option("--poll-interval", type=float, help="Seconds between polls at first."),
        click.option("--timeout", type=float, help="Seconds to wait at most."),
    ):
        command = option(command)
    return command


_key_option = click.option(
    "--api-key-env", metavar="NAME", help="Read the key from this environment variable instead of the usual one."
)
_job_argument = click.argument("reference", metavar="ID|FILE|-")


@click.group(invoke_without_command=True, short_help="List, pick up, look at, stop or settle jobs.")
@click.pass_context
def jobs(context: click.Context) -> None:
    """List the jobs of the ledger; pick up, look at, stop or settle one.

    A job is named by the ID that `tarash jobs list` shows, or the provider's; or it is the JSON that `tarash generate`
    keeps in FILE.job.json, that `--json` prints with the `submitted` update, and that `job.model_dump_json()` gives in
    Python. `-` reads it from standard input.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for _command in (list_, settle, prune):
    jobs.add_command(_command)


@jobs.command(short_help="Wait for a job and save its video.")
@_job_argument
@click.option(
    "-o", "--output", metavar="FILE", help="The file, or a folder for it. By default the name that FILE.job.json tells."
)
@click.option("--force", is_flag=True, help="Replace existing files.")
@_waiting_options
@click.option("--cancel-on-interrupt", is_flag=True, help="On Ctrl-C, cancel the job at the provider too.")
@_key_option
@reporting_options
@pass_reporting
def wait(
    reporting: Reporting, /, reference: str, output: str | None, force: bool, api_key_env: str | None, **patience: Any
) -> None:
    """Wait for a job, show its progress, and save its video. Nothing is submitted or paid again.

    When the video is saved, the FILE.job.json that it was picked up from is removed.
    """
    from tarash_core import wait as wait_for

    found = find_job(reference)
    job = found.job
    config = config_of(job, api_key_env, **patience)
    target = choose_output(output, name=found.output, force=force, job_file=found.file)
    target.check()
    kept = found.keeper(target.path)
    running = config.model_copy(update={"cancel_on_interrupt": False})
    deliver(
        lambda show: wait_for(job, config=running, on_progress=show),
        config=config,
        output=target,
        kept=kept,
        reporting=reporting,
    )


@jobs.command(short_help="Stop a job at its provider.")
@_job_argument
@_key_option
@reporting_options
@pass_reporting
def cancel(reporting: Reporting, /, reference: str, api_key_env: str | None) -> None:
    """Ask the provider to stop a job. Leaves with code 20 when it had finished, or when the provider cannot."""
    from tarash_core import cancel as cancel_at_provider

    found = find_job(reference)
    job = found.job
    outcome = cancel_at_provider(job, config=config_of(job, api_key_env)).outcome
    if outcome == "cancelled" and found.file is not None:
        JobFile(found.file, found=found.file).remove()
    if reporting.json:
        print_json({"outcome": outcome, "request_id": job.request_id, "provider": job.provider})
    elif not reporting.quiet:
        say(f"{job.provider} {job.request_id}: {AFTER_CANCELLING[outcome]}")
    if outcome in ("too_late", "not_supported"):
        raise click.exceptions.Exit(NOT_CANCELLED)


@jobs.command(short_help="Show a job.")
@_job_argument
@click.option("--poll", "ask", is_flag=True, help="Ask the provider how it is doing; else only what is kept is read.")
@_key_option
@reporting_options
@pass_reporting
def show(reporting: Reporting, /, reference: str, ask: bool, api_key_env: str | None) -> None:
    """Show what is known of a job; with `--poll`, what the provider knows by now."""
    entry = named_entry(reference)
    if entry is not None and (entry.job is None or not ask):
        _tell(reporting, entry.model_dump(mode="json"), _entry_described(entry))
        return
    job = find_job(reference).job
    if ask:
        from tarash_core import poll

        job = poll(job, config=config_of(job, api_key_env))
    _tell(reporting, job.model_dump(mode="json"), _described(job))


def _tell(reporting: Reporting, facts: dict[str, Any], described: list[tuple[str, str]]) -> None:
    if reporting.json:
        print_json(facts)
        return
    for name, value in described:
        print_line(f"{name:>10}  {one_line(value)}")


def _entry_described(entry: LedgerEntry) -> list[tuple[str, str]]:
    """What a person wants to know of an entry: its own words first, then its job's."""
    known: list[tuple[str, str]] = [("id", entry.id), ("state", entry.state)]
    known += [("reason", entry.error)] if entry.error else []
    known += [("result", place) for place in entry.results]
    if entry.job is not None:
        return known + [(name, value) for name, value in _described(entry.job) if name != "state"]
    sent = datetime.datetime.fromtimestamp(entry.created_at).astimezone().isoformat(" ", "seconds")
    more = [("address", entry.base_url), ("account", entry.account), ("process", entry.process)]
    known += [("provider", entry.provider), ("model", entry.model), ("written", sent)]
    return known + [(name, value) for name, value in more if value]


def _described(job: Job) -> list[tuple[str, str]]:
    """What a person wants to know of a job, in order; what is not known is left out."""
    submitted = datetime.datetime.fromtimestamp(job.submitted_at).astimezone()
    known: list[tuple[str, object]] = [
        ("provider", job.provider),
        ("model", job.model),
        ("job", job.request_id),
        ("state", job.state),
        ("per cent", job.progress_percent),
        ("queue", job.queue_position),
        ("submitted", submitted.isoformat(" ", "seconds")),
        ("address", job.base_url),
        ("account", job.account),
        *(("warning", warning) for warning in job.warnings),
        *(("log", line) for line in job.logs),
    ]
    return [(name, str(value)) for name, value in known if value is not None]
