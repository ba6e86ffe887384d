"""``docs/jobs.md`` does what it says."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from fenced import HOUSE, blocks
from loopback import DOUBLES
from reader import run_in

from tarash_core import VideoGenerationConfig

PAGE = HOUSE / "docs" / "jobs.md"


def test_its_example_runs(tmp_path: Path) -> None:
    (code,) = (block.text for block in blocks(PAGE) if block.language == "python")
    assert run_in(tmp_path, [sys.executable, "-W", "error", "-c", code]) == "completed\n"


def test_every_setting_of_the_account_is_explained() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for field in (
        "submit_attempts",
        "max_concurrent",
        "requests_per_minute",
        "fallback_configs",
        "cancel_on_interrupt",
    ):
        assert field in VideoGenerationConfig.model_fields
        assert f"`{field}" in text


def test_who_can_settle_is_told() -> None:
    """A row for each provider whose plugin looks, and none for others."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if " list of " in line and "| `" in line]
    told = {name.strip(" `") for row in rows for name in row.split("|")[1].split(",")}
    assert told == {name for name, double in DOUBLES.items() if double.settles}
    for name, double in DOUBLES.items():
        package = next(module.partition(".")[0] for module in double.warm if module.startswith("tarash_"))
        assert hasattr(importlib.import_module(package), "tarash_find_submission") == (name in told)
