"""How much a command says, and to which stream: results to stdout, everything for a person to stderr."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from pydantic import SecretStr

from tarash_core.redaction import RedactingFilter, secrets_of

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Reporting:
    """What the command line asked for.

    Args:
        json: Results as JSON on stdout.
        quiet: No progress and no details; only results and errors.
        verbose: 0: errors only; 1: what Tarash logs; 2: with every detail.
        debug: Show tracebacks.
    """

    json: bool = False
    quiet: bool = False
    verbose: int = 0
    debug: bool = False


pass_reporting = click.make_pass_decorator(Reporting, ensure=True)


def reporting_options(command: Command) -> Command:
    """Add ``--json``, ``--quiet``, ``--verbose`` and ``--debug`` to a command."""
    for option in (
        click.option("--debug", is_flag=True, **_noted("debug"), help="Show the traceback of an error."),
        click.option("-v", "--verbose", count=True, **_noted("verbose"), help="Show what is logged; -vv for more."),
        click.option("-q", "--quiet", is_flag=True, **_noted("quiet"), help="Show results and errors only."),
        click.option("--json", is_flag=True, **_noted("json"), help="Print JSON on standard output."),
    ):
        command = option(command)
    return command


def _noted(name: str) -> dict[str, Any]:
    """Keywords of an option whose value goes to the `Reporting` of the run instead of to the command."""

    def note(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        setattr(context.ensure_object(Reporting), name, value)

    return {"expose_value": False, "callback": note}


def one_line(text: str) -> str:
    """Text of any origin as one printable line: no control characters that could drive a terminal."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def say(text: str) -> None:
    """A line for a person, on stderr. A closed stderr is no reason to give up a paid job."""
    try:
        click.echo(one_line(text), err=True)
    except OSError:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - it stays open until the process ends


def print_line(text: str) -> None:
    """A line of the result, on stdout. A reader that has gone (``| head``) is no reason to give up a paid job."""
    try:
        click.echo(text)
    except BrokenPipeError:
        # What the interpreter flushes at its end must find an open file.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(value: Mapping[str, Any] | list[Any], *, indent: int | None = 2) -> None:
    """JSON on stdout; with ``indent=None`` on one line."""
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    print_line(json.dumps(value, indent=indent, ensure_ascii=plain, default=str))


class _ToStderr(logging.Handler):
    """Logs through `say`, which finds the stderr of the moment: a live display puts its own in place."""

    def __init__(self, reporting: Reporting) -> None:
        super().__init__()
        self._reporting = reporting
        self.addFilter(RedactingFilter())

    def emit(self, record: logging.LogRecord) -> None:
        """Show the record if it is of the level that was asked for by now."""
        if record.levelno >= (logging.ERROR, logging.INFO, logging.DEBUG)[min(self._reporting.verbose, 2)]:
            say(f"{record.levelname.lower()}: {self.format(record)}")


@contextmanager
def logs_shown(reporting: Reporting) -> Iterator[None]:
    """For the length of the block, what Tarash logs goes to stderr, as much of it as is asked for."""
    logger, handler = logging.getLogger("tarash"), _ToStderr(reporting)
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


def environment_secrets() -> tuple[str, ...]:
    """The values in the environment that are secret by their names, for `redact_text`."""
    named = (value for name, value in os.environ.items() if re.search("KEY|TOKEN|SECRET|PASSWORD", name.upper()))
    return secrets_of(*(SecretStr(value) for value in named))
