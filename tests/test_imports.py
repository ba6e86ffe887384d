"""Importing is free: what a fresh interpreter holds after an import."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from reader import run_in

SDKS = {"fal_client", "av", "PIL"}
HEAVY = {"pydantic", "pluggy", "httpx", "yaml", "click", "rich", "asyncio", "ssl", "email", *SDKS}


def _modules_after(statement: str, tmp_path: Path) -> set[str]:
    printed = run_in(tmp_path, [sys.executable, "-I", "-c", f"import sys\n{statement}\nprint(*sys.modules)"])
    return set(printed.split())


def test_the_package_loads_nothing_but_itself(tmp_path: Path) -> None:
    loaded = _modules_after("import tarash_core", tmp_path)
    assert not loaded & HEAVY
    assert {name for name in loaded if name.startswith("tarash")} == {"tarash_core"}


@pytest.mark.parametrize(
    "statement",
    [
        "import tarash_core.api",
        "from tarash_core import *",
        "from tarash_core import list_plugins; assert {'fal', 'mock'} <= {each.name for each in list_plugins()}",
        "from tarash_core import list_models; assert list_models('fal') and list_models('mock')",
        "import tarash_fal, tarash_mock",
    ],
)
def test_no_sdk_is_loaded_before_it_is_used(statement: str, tmp_path: Path) -> None:
    loaded = _modules_after(statement, tmp_path)
    assert not loaded & (SDKS | {"httpx", "click", "rich"})


def test_one_provider_does_not_load_another(tmp_path: Path) -> None:
    asks = "from tarash_core import find_mapping; find_mapping('fal', 'fal-ai/veo3.1')"
    loaded = _modules_after(asks, tmp_path)
    assert "tarash_fal" in loaded
    assert "tarash_mock" not in loaded
    assert not loaded & SDKS


def test_importing_writes_nothing(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No file appears in the home folder, nor in the current one."""
    home = tmp_path_factory.mktemp("home")
    asks = "import os, tarash_core.api; print(os.listdir(os.path.expanduser('~')), os.listdir('.'))"
    assert run_in(tmp_path, [sys.executable, "-c", asks], environment={"HOME": str(home)}) == "[] []\n"
