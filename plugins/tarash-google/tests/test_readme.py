"""The README's blocks run, against the fake, and its tables hold what the code holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from tarash_google.testing import FakeGoogle

from tarash_core import ConfigurationError, VideoGenerationConfig, VideoGenerationRequest, build_payload
from tarash_core.testing import World

PLUGIN = Path(__file__).parents[1]
README = (PLUGIN / "README.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.usefixtures("adc")
def test_the_first_block_makes_a_video(google: FakeGoogle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", google.url)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kite.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with World("sync"):
        exec(PYTHON[0].replace('provider="google",', 'provider="google", poll_interval=0.01,'), {})
    assert (tmp_path / "kite.mp4").read_bytes() == google.video
    (job,) = google.jobs.values()
    assert job.body["parameters"]["durationSeconds"] == 4


def test_the_block_for_tests_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with World("sync"):
        exec(PYTHON[1], {})
    assert "answer lost" in capsys.readouterr().out


def test_the_error_is_quoted_as_it_is() -> None:
    quoted = re.findall(r"```text\n(.*?)\n```", README, re.DOTALL)[0]
    config = VideoGenerationConfig(provider="google", model="veo-3.1-generate-001", provider_config={"vertexai": False})
    with pytest.raises(ConfigurationError) as raised:
        build_payload(config, VideoGenerationRequest(prompt="a"))
    assert raised.value.message.startswith(quoted)


def test_every_option_is_in_the_readme() -> None:
    facts = yaml.safe_load((PLUGIN / "tarash_google" / "provider.yaml").read_text())
    options = README.partition("## Options")[2].partition("`base_url`")[0]
    assert re.findall(r"^\| `(\w+)` \|", options, re.MULTILINE) == list(facts["options"])
