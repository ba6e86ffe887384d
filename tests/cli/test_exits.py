"""Exit codes: complete, distinct, and documented as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tarash_core import errors
from tarash_core.cli.app import app
from tarash_core.cli.exits import ERROR_CODES, MEANINGS, OUTPUT, UNEXPECTED, OutputError, Unfinished, code_of

ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.TarashException)]
DOCS = Path(__file__).parents[2] / "docs" / "command-line.md"


@pytest.mark.parametrize("kind", [kind for kind in ERRORS if kind is not errors.TarashException])
def test_every_error_has_a_code_of_its_own(kind: type[errors.TarashException]) -> None:
    assert code_of(kind("x")) == ERROR_CODES[kind]
    assert MEANINGS[ERROR_CODES[kind]].startswith(f"{kind.__name__}: ")


def test_no_code_is_used_twice() -> None:
    assert len(set(ERROR_CODES.values())) == len(ERROR_CODES)


def test_an_error_of_a_plugin_takes_the_code_of_its_nearest_class() -> None:
    class OutOfTokens(errors.InsufficientCreditsError):
        pass

    assert code_of(OutOfTokens("x")) == ERROR_CODES[errors.InsufficientCreditsError]


def test_files_and_bugs_are_told_apart() -> None:
    assert code_of(OutputError("x")) == code_of(OSError("x")) == OUTPUT
    assert code_of(KeyError("x")) == UNEXPECTED
    assert code_of(errors.TimeoutError("x")) == 14, "a builtin TimeoutError is an OSError too"
    assert code_of(Unfinished("x", cause=errors.TimeoutError("x"))) == 14


def test_the_documentation_has_the_same_table() -> None:
    documented = dict(re.findall(r"^\| (\d+) \| (.+) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert {int(code): meaning for code, meaning in documented.items()} == MEANINGS


def test_help_tells_every_code() -> None:
    told = CliRunner().invoke(app, ["--help"]).output
    for code, meaning in MEANINGS.items():
        assert f"{code}  {meaning}" in told
