"""The README's table of providers is what the plugins' data say, and the data are what the plugins can do."""

from __future__ import annotations

import importlib
import re
import sys
import tomllib
from pathlib import Path

import pytest
from fenced import HOUSE
from reader import run_in

from tarash_core.capabilities import capabilities_of
from tarash_core.stack import stack_of

README = HOUSE / "README.md"
_TABLE = re.compile(r"^<!-- features -->\n(.*?)^<!-- /features -->$", re.MULTILINE | re.DOTALL)


def _modules() -> dict[str, str]:
    """The plugins of this repository: name of the provider, and its module."""
    found: dict[str, str] = {}
    for file in HOUSE.glob("plugins/*/pyproject.toml"):
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        found |= project["entry-points"]["tarash.providers"]
    return found


MODULES = _modules()


def test_the_table_of_the_readme_is_fresh(tmp_path: Path) -> None:
    """It is what ``tarash plugins --features --markdown`` prints; paste that when this fails."""
    command = [sys.executable, "-m", "tarash_core", "plugins", "--features", "--markdown"]
    printed = run_in(tmp_path, command, environment={"TARASH_PLUGINS": ",".join(MODULES)})
    table = _TABLE.search(README.read_text(encoding="utf-8"))
    assert table is not None
    assert table[1] == printed


@pytest.mark.parametrize("provider", sorted(MODULES))
def test_what_is_claimed_is_implemented(provider: str) -> None:
    """A tick needs the hook that does it."""
    plugin = importlib.import_module(MODULES[provider])
    able, facts = capabilities_of(provider), stack_of(provider).facts
    assert able.cancel == hasattr(plugin, "tarash_cancel")
    assert able.upload == (hasattr(plugin, "tarash_upload") or facts.upload.data_url_limit > 0)
    assert facts.features.webhook == hasattr(plugin, "tarash_verify_webhook")
    assert able.webhook == (facts.features.webhook and "webhook_url" in facts.options)
    assert able.text
    assert able.first_frame


def test_every_capability_is_told_for_all() -> None:
    """Six rows, one column each for what the table is about."""
    table = _TABLE.search(README.read_text(encoding="utf-8"))
    assert table is not None
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines())
    assert " ".join(head) == (
        "provider text first frame last frame reference video in extend / remix audio cancel webhook upload progress"
    )
    assert [row[0] for row in rows] == sorted(MODULES)
