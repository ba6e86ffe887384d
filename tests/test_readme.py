"""The README does what it says: every block runs, in a folder of its own, section by section."""

from __future__ import annotations

import re
import shutil
import ssl
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
import trustme
from fenced import HOUSE, Block, blocks
from reader import run_in
from tarash_fal.testing import COMPLETED, FalQueue

README = HOUSE / "README.md"
BLOCKS = blocks(README)
# The first screen sets up environments and runs this suite: `.ci/run` runs both blocks as printed.
FIRST_SCREEN, REST = BLOCKS[:2], BLOCKS[2:]
RUNNABLE = [block for block in REST if block.language in ("python", "sh") and block.file is None]
SECTIONS = {name: list(group) for name, group in groupby(RUNNABLE, key=lambda block: block.section)}
_SAVED = re.compile(r'save(?:_async)?\(f?"([^"]+)"\)')


@pytest.fixture
def fal_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """fal on loopback over TLS, as its own SDK is pointed to it: by environment variables."""
    authority = trustme.CA()
    certificates = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(certificates)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    with FalQueue(key="any-key", tls=tls, statuses=[COMPLETED]) as fal:
        host = fal.url.removeprefix("https://")
        yield {"FAL_KEY": "any-key", "FAL_QUEUE_RUN_HOST": host, "SSL_CERT_FILE": str(certificates)}


def test_every_block_is_accounted_for() -> None:
    """A block in a language that nothing runs would be a promise that nothing holds."""
    assert [block.language for block in FIRST_SCREEN] == ["sh", "sh"]
    others = [block for block in REST if block not in RUNNABLE]
    assert [block.file or block.language for block in others] == [
        "tarash_acme/__init__.py",  # run by test_the_plugin_of_the_readme_makes_a_video
        "tarash_acme/models/kite.yaml",
        "text",  # the tree: test_the_trees_name_what_there_is in test_docs.py
    ]


def test_every_plugin_can_be_found() -> None:
    """How to install it, and where its README is."""
    text = README.read_text(encoding="utf-8")
    for plugin in (file.parent.name for file in HOUSE.glob("plugins/*/pyproject.toml")):
        assert re.search(rf"^\| `[^`]*\./plugins/{plugin}` \| .*\(plugins/{plugin}/README\.md\)", text, re.MULTILINE), (
            plugin
        )


def test_the_first_screen_is_what_ci_runs() -> None:
    """Both commands stand before everything else, create what they need, and are run by ``.ci/run``."""
    video, suite = (block.text for block in FIRST_SCREEN)
    assert video.startswith("python3 -m venv .venv &&\n")
    assert suite.startswith("python3 -m venv .venv &&\n")
    assert 'tarash generate "a red kite over a stormy sea" --provider mock -o kite.mp4\n' in video
    assert suite.endswith(".venv/bin/pytest -n auto\n")
    ci = (HOUSE / ".ci" / "run").read_text(encoding="utf-8")
    assert 'python3 tests/fenced.py README.md sh "$1"' in ci
    assert {"as_printed 1", "as_printed 2"} <= set(ci.splitlines())


@pytest.mark.parametrize("section", SECTIONS)
def test_section(section: str, fal_environment: dict[str, str], tmp_path: Path) -> None:
    """The blocks of one section, one after the other, and the videos that they say they save."""
    for block in SECTIONS[section]:
        run_in(tmp_path, _command(block), environment=fal_environment)
        for name in _SAVED.findall(block.text):
            saved = list(tmp_path.glob(re.sub(r"\{.*?\}", "*", name)))
            assert saved, f"the block in line {block.line} saved no {name}"
            assert all(path.read_bytes()[4:8] == b"ftyp" for path in saved)


def _command(block: Block) -> list[str]:
    if block.language == "python":
        return [sys.executable, "-W", "error", "-c", block.text]
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("the block is for bash, which is not here")
    return [bash, "-euo", "pipefail", "-c", block.text]


_USES_ACME = """
import tarash_acme
from tarash_core import VideoGenerationConfig, VideoGenerationRequest, generate_video, register_provider
from tarash_core.testing import LoopbackServer, Reply

def acme(received):
    if received.method == "POST":
        assert received.json() == {"model": "kite-1", "prompt": "a red kite", "seconds": 8}, received.json()
        return Reply(json={"id": "7"})
    return Reply(json={"status": "done", "video": {"url": "https://cdn.acme.example/7.mp4"}})

register_provider(tarash_acme, name="acme")
with LoopbackServer(acme) as server:
    config = VideoGenerationConfig(provider="acme", model="kite-1", base_url=server.url, poll_interval=0.01)
    print(generate_video(config, VideoGenerationRequest(prompt="a red kite", duration_seconds=8)).video.url)
"""


def test_the_plugin_of_the_readme_makes_a_video(tmp_path: Path) -> None:
    """Its files, as printed, registered at run time."""
    for block in REST:
        if block.file is not None:
            (tmp_path / block.file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    printed = run_in(tmp_path, [sys.executable, "-W", "error", "-c", _USES_ACME], sites=[tmp_path])
    assert printed == "https://cdn.acme.example/7.mp4\n"
