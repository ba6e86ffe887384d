"""``tarash new-provider``: what it writes is a plugin whose tests pass, and is what the documentation shows."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fenced import HOUSE, blocks
from reader import entered, run_in

if TYPE_CHECKING:
    from conftest import CommandLine

TEMPLATE = HOUSE / "tarash_core" / "cli" / "template"


def test_the_page_shows_what_is_written() -> None:
    shown = {block.file: block.text for block in blocks(HOUSE / "docs" / "plugins.md") if block.file is not None}
    written = {
        file.relative_to(TEMPLATE).as_posix(): file.read_text(encoding="utf-8")
        for file in TEMPLATE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.name not in ("README.md", "py.typed")
    }
    assert {file: text for file, text in shown.items() if file in written} == written


def test_what_is_written_is_a_plugin_whose_tests_pass(tarash: CommandLine) -> None:
    ran = tarash("new-provider", "my-cloud", "--title", "My Cloud & Co.", "--json")
    folder = tarash.folder / "tarash-my-cloud"
    assert (ran.code, ran.err) == (0, "")
    files = sorted(str(file.relative_to(tarash.folder)) for file in folder.rglob("*") if file.is_file())
    told = json.loads(ran.out)
    assert (told["folder"], sorted(told["files"])) == ("tarash-my-cloud", files)
    texts = "".join(f"{file}\n{(tarash.folder / file).read_text(encoding='utf-8')}" for file in files)
    assert not re.search("acme", texts, re.IGNORECASE)
    alone = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:asyncio", "tests"]
    printed = run_in(folder, [*alone, "-k", "Kites or words or refused or one_post"], sites=[entered(folder)])
    assert re.search(r"^\d+ passed", printed, re.MULTILINE), printed
    listed = run_in(folder, [sys.executable, "-m", "tarash_core", "plugins", "--json"], sites=[folder])
    found = next(one for one in json.loads(listed) if one["name"] == "my-cloud")
    assert (found["distribution"], found["state"], found["models"]) == ("tarash-my-cloud", "ok", 1)


def test_without_a_title_the_name_is_made_one(tarash: CommandLine) -> None:
    ran = tarash("new-provider", "my-cloud", "-o", "plugins/cloud")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == str(Path("plugins/cloud/README.md"))
    assert ran.err == "try: cd plugins/cloud && pip install -e '.[test]' && pytest\n"
    facts = (tarash.folder / "plugins" / "cloud" / "tarash_my_cloud" / "provider.yaml").read_text(encoding="utf-8")
    assert "\nname: my-cloud\ntitle: My Cloud\n" in facts


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("core",), 2, "no provider can be named 'core'"),
        (("Acme",), 2, "no provider can be named 'Acme'; write it in small letters, digits and -"),
        (("9lives",), 2, "no provider can be named"),
        (("../up",), 2, "no provider can be named"),
        (("true",), 2, "no provider can be named"),
        (("mock",), 2, "a provider 'mock' is installed already"),
        (("kite", "--title", 'a"b'), 2, "no provider can be titled"),
        (("kite", "--title", "a: b"), 2, "no provider can be titled"),
        (("kite", "--title", "null"), 2, "no provider can be titled"),
        (("kite", "-o", "."), 18, "'.' exists; choose another folder with -o"),
        (("kite", "-o", "photo/x"), 18, "'photo"),
    ],
)
def test_what_cannot_be_written_is_told_and_nothing_is(
    tarash: CommandLine, arguments: tuple[str, ...], code: int, says: str
) -> None:
    (tarash.folder / "photo").write_bytes(b"")
    ran = tarash("new-provider", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert says in ran.err
    assert [file.name for file in tarash.folder.rglob("*")] == ["photo"]
