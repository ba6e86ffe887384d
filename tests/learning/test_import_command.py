"""``tarash models import``, as its user runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tarash_core.cli.exits import OutputError
from tarash_core.cli.models import models
from tarash_core.errors import ConfigurationError, TarashException, ValidationError
from tarash_core.mapping.library import MappingLibrary

SCHEMA = {
    "openapi": "3.0.4",
    "paths": {
        "/kite": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/x"}}}}}}
    },
    "components": {
        "x": {
            "type": "object",
            "properties": {"prompt": {"type": "string"}, "num_frames": {"type": "integer"}},
            "required": ["prompt"],
        }
    },
}


@pytest.fixture(autouse=True)
def _nobodys_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TARASH_MAPPINGS", raising=False)
    monkeypatch.chdir(tmp_path)


def imported(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(models, ["import", "acme/kite", *arguments], input=stdin)


def refused(*arguments: str, stdin: str | None = None) -> BaseException:
    done = imported(*arguments, stdin=stdin)
    assert done.exception is not None
    return done.exception


def test_a_file_becomes_a_mapping_that_loads(tmp_path: Path) -> None:
    (tmp_path / "kite.json").write_text(json.dumps(SCHEMA))
    done = imported("kite.json", "-p", "acme", "--docs", "https://example.com/kite")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("# acme/kite, learned from kite.json, read 20")
    assert 'docs: "https://example.com/kite"\n' in done.stdout
    assert "not certain: num_frames (could be frames)" in done.stderr
    library = MappingLibrary.load("acme", models=None)
    library.add(done.stdout)
    assert library.find("acme/kite").task == "text-to-video"


def test_standard_input_and_a_new_file(tmp_path: Path) -> None:
    done = imported("-", "-p", "acme", "-o", "kite.yaml", stdin=json.dumps(SCHEMA))
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "learned from standard input" in (tmp_path / "kite.yaml").read_text()
    again = refused("-", "-p", "acme", "-o", "kite.yaml", stdin=json.dumps(SCHEMA))
    assert isinstance(again, OutputError)
    assert "'kite.yaml' is there already" in str(again)


def test_json_tells_what_was_found() -> None:
    told: dict[str, Any] = json.loads(imported("-", "-p", "acme", "--json", stdin=json.dumps(SCHEMA)).stdout)
    assert told.pop("mapping").startswith("# acme/kite")
    assert told == {
        "model": "acme/kite",
        "provider": "acme",
        "task": "text-to-video",
        "roles": {"prompt": "prompt"},
        "unsure": {"num_frames": "could be frames"},
    }


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        ("{", "'-' is not JSON"),
        ("[1]", "'-' holds a list"),
        ("{}", "no mapping can be learned from standard input: the input has no properties"),
        ("[" * 100_000, "'-' is not JSON"),
        (" " * (8 << 20) + "{}", "more than 8 MiB"),
    ],
    ids=["broken", "list", "empty", "deep", "large"],
)
def test_what_is_no_schema_is_refused(stdin: str, says: str) -> None:
    error = refused("-", "-p", "acme", stdin=stdin)
    assert isinstance(error, ValidationError)
    assert says in str(error)


def test_a_missing_file_and_a_provider_that_publishes_nothing() -> None:
    missing = refused("nowhere.json", "-p", "acme")
    assert isinstance(missing, OutputError)
    assert str(missing) == "'nowhere.json' cannot be read: no such file or directory"
    assert isinstance(refused("-p", "acme"), TarashException), "no plugin is called acme"
    silent = refused("-p", "mock")
    assert isinstance(silent, ConfigurationError)
    assert "publishes no input schema" in str(silent)
