"""``tarash generate`` makes a video; ``tarash payload`` shows what it would send."""

from __future__ import annotations

from typing import Any

import click

from tarash_core.cli.delivery import deliver
from tarash_core.cli.jobfile import JobFile
from tarash_core.cli.options import config_from, config_options, request_from, request_options
from tarash_core.cli.output import choose_output, name_of
from tarash_core.cli.reporting import Reporting, pass_reporting, print_json, reporting_options
from tarash_core.media import Media


@click.command(short_help="Make a video from a prompt.")
@request_options
@click.option(
    "-o", "--output", metavar="FILE", help="The file, or a folder for it. By default a name made of the prompt."
)
@click.option("--force", is_flag=True, help="Replace existing files.")
@config_options
@reporting_options
@pass_reporting
def generate(reporting: Reporting, /, output: str | None, force: bool, **given: Any) -> None:
    """Make a video of what PROMPT says and save it.

    The key is read from the environment variable of the provider (`tarash doctor` names it). Fields that are not given
    are left to the model. Several videos are saved as FILE-1, FILE-2 and so on.

    From the moment that the provider accepts the job until the video is saved, the job is kept in FILE.job.json.
    Ctrl-C leaves it there, and the job goes on: `tarash jobs wait FILE.job.json` picks it up.
    """
    from tarash_core import generate_video

    request, config = request_from(given), config_from(given)
    target = choose_output(output, name=name_of(request.prompt), force=force)
    target.check(request.number_of_videos or 1)
    kept = JobFile(target.path)
    kept.check()
    # Cancelling is done by `deliver`, which tells what came of it.
    running = config.model_copy(update={"cancel_on_interrupt": False})
    deliver(
        lambda show: generate_video(running, request, on_progress=show),
        config=config,
        output=target,
        kept=kept,
        reporting=reporting,
    )


@click.command(short_help="Print what `generate` would send; send nothing.")
@request_options
@config_options
@reporting_options
def payload(**given: Any) -> None:
    """Print, as JSON, what `tarash generate` with the same options would send. Nothing is sent, and no key is needed.

    A local file stands as its name, type and size; it would be uploaded.
    """
    from tarash_core import build_payload

    request, config = request_from(given), config_from(given)
    built = build_payload(config, request)
    print_json(
        {
            "provider": config.provider,
            "model": built.model,
            "arguments": _shown(built.arguments),
            "warnings": list(built.warnings),
            "mapping": built.mapping,
        }
    )


def _shown(value: Any) -> Any:
    """The value with every `Media` as a person reads it."""
    if isinstance(value, Media):
        if value.url is not None:
            return value.url
        return f"<{value.filename or 'bytes'}, {value.content_type or 'unknown type'}, {value.size} bytes>"
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items()}
    return [_shown(item) for item in value] if isinstance(value, list) else value
