"""The README's blocks run, against the fake, and its tables hold what the code holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from tarash_fal.testing import FalQueue

from tarash_core.testing import World

PLUGIN = Path(__file__).parents[1]
README = (PLUGIN / "README.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_first_block_makes_a_video(
    fal: FalQueue, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QUEUE_URL_FORMAT", "REST_URL", "CDN_URL"):
        monkeypatch.setattr(f"fal_client.client.{name}", f"{fal.url}/" if name == "QUEUE_URL_FORMAT" else fal.url)
    monkeypatch.setenv("FAL_KEY", key)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kite.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with World("sync"):
        exec(PYTHON[0], {})
    assert (tmp_path / "kite.mp4").read_bytes() == fal.video
    (job,) = fal.jobs.values()
    assert job.arguments["duration"] == "4s"


def test_the_block_for_tests_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with World("sync"):
        exec(PYTHON[1], {})
    assert "answer lost" in capsys.readouterr().out


def test_every_option_is_in_the_readme() -> None:
    facts = yaml.safe_load((PLUGIN / "tarash_fal" / "provider.yaml").read_text())
    options = README.partition("## Options")[2].partition("`base_url`")[0]
    assert re.findall(r"^\| `(\w+)` \|", options, re.MULTILINE) == list(facts["options"])
