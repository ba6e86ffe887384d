"""``tarash models import``: a mapping file from the schema that a provider publishes."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tarash_core.cli.exits import OutputError, reason
from tarash_core.cli.reporting import Reporting, pass_reporting, print_json, print_line, reporting_options, say
from tarash_core.errors import ValidationError

if TYPE_CHECKING:
    from tarash_core.learning import Learned

_MAX_BYTES = 8 << 20


@click.command(name="import", short_help="Write a mapping from a published schema.")
@click.argument("model")
@click.argument("file", required=False)
@click.option("-p", "--provider", required=True, help="Whose model it is.")
@click.option("--docs", help="Where the provider documents the model.")
@click.option("--base-url", help="Fetch the schema from another address than the provider's own.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write it into this new file.")
@reporting_options
@pass_reporting
def import_(
    reporting: Reporting,
    /,
    model: str,
    file: str | None,
    provider: str,
    docs: str | None,
    base_url: str | None,
    output: Path | None,
) -> None:
    """Write the mapping of MODEL from its published schema: an OpenAPI document or a JSON Schema, as JSON.

    FILE is where that stands, or - for standard input; left out, the schema is fetched through the provider's plugin.
    The mapping is for a person to read: what is not certain is marked with 'unsure'.
    """
    from tarash_core.learning import SchemaError, learn
    from tarash_core.mapping.library import MappingLibrary

    source = file if file not in (None, "-") else "standard input" if file else f"the schema of '{provider}'"
    published = _fetched(provider, model, base_url) if file is None else _read(file)
    today = datetime.now(UTC).date().isoformat()
    try:
        found = learn(published, model=model, provider=provider, source=str(source), read=today, docs=docs)
    except SchemaError as error:
        raise ValidationError(f"no mapping can be learned from {source}: {error}") from None
    MappingLibrary.load(provider, models=None).add(found.text, source=str(output or "the mapping that was learned"))
    if output is not None:
        _write(output, found.text)
    if reporting.json:
        print_json(_as_json(found, provider))
    elif output is None:
        print_line(found.text.rstrip("\n"))
    if found.doubts and not reporting.quiet:
        say(f"not certain: {'; '.join(f'{name} ({doubt})' for name, doubt in found.doubts.items())}")


def _fetched(provider: str, model: str, base_url: str | None) -> dict[str, Any]:
    from tarash_core.config import VideoGenerationConfig
    from tarash_core.credentials import resolved
    from tarash_core.deadline import Deadline
    from tarash_core.drive import run
    from tarash_core.learning.discovery import published_schema
    from tarash_core.stack import stack_of

    config = VideoGenerationConfig(provider=provider, model=model, base_url=base_url, timeout=60.0)
    config = resolved(config, stack_of(provider).facts, key_needed=False)
    return dict(run(published_schema("sync", config, Deadline(config.timeout))))


def _read(file: str) -> dict[str, Any]:
    try:
        if file == "-":
            data = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with open(file, "rb") as opened:
                data = opened.read(_MAX_BYTES + 1)
    except OSError as error:
        raise OutputError(f"'{file}' cannot be read: {reason(error)}") from error
    if len(data) > _MAX_BYTES:
        raise ValidationError(f"'{file}' has more than {_MAX_BYTES >> 20} MiB; no schema of one model is as large")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValidationError(f"'{file}' is not JSON: {error}; give the schema as JSON") from None
    if not isinstance(document, dict):
        raise ValidationError(f"'{file}' holds a {type(document).__name__}, not a schema; give a JSON object")
    return document


def _write(output: Path, text: str) -> None:
    try:
        with open(output, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise OutputError(f"'{output}' is there already; choose another name, or remove it first") from None
    except OSError as error:
        raise OutputError(f"'{output}' cannot be written: {reason(error)}") from error
    say(f"wrote {output}")


def _as_json(found: Learned, provider: str) -> dict[str, Any]:
    return {
        "model": found.model,
        "provider": provider,
        "task": found.task,
        "roles": dict(found.roles),
        "unsure": dict(found.doubts),
        "mapping": found.text,
    }
