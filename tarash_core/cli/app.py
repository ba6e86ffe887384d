"""The command ``tarash`` itself: its commands, and how its errors are told."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

import click

from tarash_core.cli.doctor import doctor
from tarash_core.cli.exits import INTERRUPTED, OK, UNEXPECTED, USAGE, OutputError, Unfinished, code_of, reason, table
from tarash_core.cli.generate import generate, payload
from tarash_core.cli.jobs import jobs
from tarash_core.cli.mappings import mappings
from tarash_core.cli.models import models
from tarash_core.cli.new_provider import new_provider
from tarash_core.cli.plugins import plugins
from tarash_core.cli.reporting import Reporting, environment_secrets, logs_shown, one_line, print_json, say
from tarash_core.cli.stopping import stopping_as_interrupt
from tarash_core.errors import (
    AuthenticationError,
    MappingError,
    NotFoundError,
    PluginError,
    RateLimitError,
    TarashException,
)
from tarash_core.redaction import redact_text

_EPILOG = f"""\b
Exit codes:
{table()}

Every command takes --json, --quiet, --verbose and --debug. Documentation: docs/command-line.md"""


@click.group(invoke_without_command=True, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tarash-core", prog_name="tarash")
@click.pass_context
def app(context: click.Context) -> None:
    """Make videos with any AI video service, through one interface.

    \b
    tarash generate "a red kite over a stormy sea" --provider mock -o kite.mp4
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for _command in (generate, payload, jobs, models, mappings, plugins, new_provider, doctor):
    app.add_command(_command)


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Args:
        arguments: Without the program's name.

    Returns:
        The exit code; every error has been told on stderr, on one or two lines.
    """
    # Known before the options are read, because they may be what is wrong.
    reporting = Reporting(json="--json" in arguments, debug="--debug" in arguments)
    try:
        with stopping_as_interrupt(), logs_shown(reporting):
            # A result other than None is the code of click's own Exit.
            code = app.main(list(arguments), prog_name="tarash", standalone_mode=False, obj=reporting)
            return code if isinstance(code, int) else OK
    except click.UsageError as error:
        context = error.ctx.command_path if error.ctx else "tarash"
        return _complain(reporting, _sentence(error.format_message()), error, hint=f"{context} --help", code=USAGE)
    except click.Abort as error:
        # Click's word for a KeyboardInterrupt.
        return _complain(reporting, "interrupted", error, code=INTERRUPTED)
    except Unfinished as error:
        return _complain(reporting, str(error), error, hint=error.hint, code=code_of(error))
    except (TarashException, OutputError) as error:
        return _complain(reporting, str(error), error, hint=_way_out(error), code=code_of(error))
    except OSError as error:
        place = f"'{error.filename}': " if error.filename else ""
        return _complain(reporting, f"{place}{reason(error)}", error, code=code_of(error))
    except Exception as error:
        hint = "the same with --debug, and report what it shows"
        return _complain(reporting, f"unexpected {type(error).__name__}: {error}", error, hint=hint, code=UNEXPECTED)


def _complain(reporting: Reporting, message: str, error: BaseException, *, code: int, hint: str | None = None) -> int:
    """Tell an error on stderr, and with ``--json`` on stdout too. Returns the code."""
    if reporting.debug:
        shown = "".join(traceback.format_exception(error))
        click.echo(redact_text(shown, environment_secrets()), err=True, nl=False)
    say(f"error: {message}")
    if hint:
        say(f"try: {hint}")
    if reporting.json:
        print_json(_as_json(error, message, code, hint), indent=None)
    return code


def _as_json(error: BaseException, message: str, code: int, hint: str | None) -> dict[str, object]:
    cause = error.cause if isinstance(error, Unfinished) else error
    facts: dict[str, object] = {
        "type": "error",
        "error": "Interrupted" if code == INTERRUPTED else type(cause).__name__,
        "message": one_line(message),
        "exit_code": code,
        "hint": hint,
    }
    if isinstance(cause, TarashException):
        facts |= {
            "provider": cause.provider,
            "model": cause.model,
            "request_id": cause.request_id,
            "status_code": cause.status_code,
        }
    return facts | (error.facts if isinstance(error, Unfinished) else {})


def _way_out(error: BaseException) -> str | None:
    """The next command, where there is one that helps beyond what the message says."""
    match error:
        case AuthenticationError():
            return "tarash doctor, which tells which keys are set"
        case RateLimitError(retry_after=float() | int() as seconds):
            return f"the same again in {seconds:g} s"
        case NotFoundError(provider=str() as provider):
            return f"tarash models list --provider {provider}"
        case PluginError():
            return "tarash plugins"
        case OutputError(hint=hint):
            return hint
        case MappingError():
            return "tarash doctor, which checks every mapping file"
    return None


def _sentence(message: str) -> str:
    """Click's message in the way of ours: lower case, without a full stop."""
    text = one_line(message).rstrip(".")
    return text[:1].lower() + text[1:]
