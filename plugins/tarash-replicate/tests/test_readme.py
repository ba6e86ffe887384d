"""The README's blocks run, against the fake, and its tables hold what the code holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tarash_replicate.testing import SECRET, ReplicateApi, signed

from tarash_core.testing import World

PLUGIN = Path(__file__).parents[1]
README = (PLUGIN / "README.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_first_block_makes_a_video(
    api: ReplicateApi, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLICATE_BASE_URL", api.url)
    monkeypatch.setenv("REPLICATE_API_TOKEN", key)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kite.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with World("sync"):
        exec(PYTHON[0], {})
    assert (tmp_path / "kite.mp4").read_bytes() == api.video
    (sent,) = api.sent.values()
    assert sent.json()["input"]["duration"] == 6


def test_the_block_for_webhooks_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLICATE_WEBHOOK_SECRET", SECRET)
    names: dict[str, Any] = {}
    exec(PYTHON[1], names)
    body = b'{"id": "p1", "status": "succeeded"}'
    assert names["on_call"](signed(body), body) == "p1 is completed"


def test_the_block_for_tests_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with World("sync"):
        exec(PYTHON[2], {})
    assert "answer lost" in capsys.readouterr().out


def test_every_option_is_in_the_readme() -> None:
    facts = yaml.safe_load((PLUGIN / "tarash_replicate" / "provider.yaml").read_text())
    options = README.partition("## Options")[2].partition("`base_url`")[0]
    assert re.findall(r"^\| `(\w+)` \|", options, re.MULTILINE) == list(facts["options"])
