"""Nothing is paid by accident: the live tests are skipped without their keys, and tell their cost before they run."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from fenced import HOUSE
from reader import run_in

NO_KEYS = dict.fromkeys(
    (
        "FAL_KEY",
        "REPLICATE_API_TOKEN",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "AZURE_OPENAI_API_KEY",
        "AZURE_OPENAI_ENDPOINT",
        "GEMINI_API_KEY",
    ),
    "",
)


def _pytest(folder: Path, *options: str, **environment: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(HOUSE / "tests" / "e2e"), *options]
    return run_in(folder, command, environment={**NO_KEYS, "OPENAI_VIDEO_MODEL": "sora-2", **environment})


def test_they_are_skipped_unless_they_are_asked_for(tmp_path: Path) -> None:
    """Also where all keys are set."""
    told = _pytest(tmp_path, **dict.fromkeys(NO_KEYS, "any"))
    assert "calls a real provider; run it with --e2e" in told
    assert re.search(r"=+ \d+ skipped in ", told)
    assert "expected cost" not in told


def test_they_are_skipped_without_keys(tmp_path: Path) -> None:
    """Each with what it misses."""
    told = _pytest(tmp_path, "--e2e", OPENAI_API_KEY="any")
    for missing in ("FAL_KEY", "REPLICATE_API_TOKEN", "OPENAI_BASE_URL", "GEMINI_API_KEY"):
        assert f"not set: {missing}\n" in told
    assert "not set: AZURE_OPENAI_API_KEY, AZURE_OPENAI_ENDPOINT\n" in told
    assert re.search(r"=+ \d+ skipped in ", told)
    assert "expected cost" not in told


def test_the_cost_is_told_before_anything_runs(tmp_path: Path) -> None:
    """For those tests alone that will run: two videos of a fiftieth of a dollar, and a bad key for nothing."""
    chosen = ("-k", "becomes_a_video or bad_key", "--collect-only")
    told = _pytest(tmp_path, "--e2e", *chosen, FAL_KEY="any", REPLICATE_API_TOKEN="any")
    assert "  FAL_KEY: 4 tests, at most about 0.04 USD\n" in told
    assert "  REPLICATE_API_TOKEN: 4 tests, at most about 0.06 USD\n" in told
    assert "  in all 0.10 USD\n" in told
