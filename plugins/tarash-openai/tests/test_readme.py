"""The README's blocks run, against the fake, and its tables hold what the code holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from tarash_openai.protocol import EDITS, EXTENSIONS, REMIX
from tarash_openai.testing import COMPLETED, VideoServer

from tarash_core.testing import World

PLUGIN = Path(__file__).parents[1]
README = (PLUGIN / "README.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_first_block_makes_a_video(
    server: VideoServer, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.chdir(tmp_path)
    server.statuses = (COMPLETED,)
    (tmp_path / "kite.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with World("sync"):
        exec(PYTHON[0], {})
    assert (tmp_path / "kite.mp4").read_bytes() == server.video
    (job,) = server.jobs.values()
    assert (job.fields["seconds"], job.fields["size"]) == ("8", "1280x720")


def test_the_block_for_tests_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with World("sync"):
        exec(PYTHON[1], {})
    assert "answer lost" in capsys.readouterr().out


def test_every_option_and_operation_is_in_the_readme() -> None:
    facts = yaml.safe_load((PLUGIN / "tarash_openai" / "provider.yaml").read_text())
    options = README.partition("## Options")[2].partition("## Testing")[0]
    assert re.findall(r"^\| `(\w+)` \|", options, re.MULTILINE) == list(facts["options"])
    assert re.findall(r"^\| `(videos/\w+)` \|", README, re.MULTILINE) == [REMIX, EDITS, EXTENSIONS]
