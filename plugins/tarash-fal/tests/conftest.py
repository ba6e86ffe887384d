"""fal on loopback for every test of the plugin, and a config that points there."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import tarash_fal
from tarash_fal.testing import FalQueue

from tarash_core import VideoGenerationConfig, VideoGenerationRequest
from tarash_core.mapping.library import MappingLibrary

MODEL = "fal-ai/veo3.1/fast"
SCHEMAS = Path(__file__).parent / "data" / "fal_schemas.json"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with the argument ``every_model`` runs for each model whose schema is known."""
    if "every_model" in metafunc.fixturenames:
        metafunc.parametrize("every_model", sorted(json.loads(SCHEMAS.read_text("utf-8"))["models"]))


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> object:
    """The `Catalogue` of `catalogue.py`: the plugin's own mappings, and none of the machine that runs the tests."""
    library = MappingLibrary.load(
        "fal", models=Path(tarash_fal.__file__).parent / "models", converters=tarash_fal.tarash_converters()
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.delenv("TARASH_MAPPINGS", raising=False)
        patch.chdir(tmp_path_factory.mktemp("project"))
        library.models()
    return _neighbour("catalogue").Catalogue(library, SCHEMAS)


def _neighbour(name: str) -> ModuleType:
    """A module that stands beside the tests; with pytest's importlib mode none can be imported by its name."""
    spec = spec_from_file_location(f"tarash_fal_tests_{name}", Path(__file__).parent / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the keys nor the proxies of the machine that runs the tests."""
    for name in os.environ:
        if name.startswith(("FAL_", "TARASH_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def key() -> str:
    """A canary: it must appear in nothing that is written."""
    return "canary-7f3a9c51e2"


@pytest.fixture
def fal(key: str) -> Iterator[FalQueue]:
    """The fake; it takes this key only."""
    with FalQueue(key=key) as queue:
        yield queue


@pytest.fixture
def configured(fal: FalQueue, key: str) -> Callable[..., VideoGenerationConfig]:
    """Build a config for the fake: ``configured(timeout=1)``."""

    def build(**changes: Any) -> VideoGenerationConfig:
        given = {"model": MODEL, "api_key": key, "base_url": fal.url, "poll_interval": 0.01, "timeout": 30.0, **changes}
        return VideoGenerationConfig(provider="fal", **given)

    return build


@pytest.fixture
def kite() -> VideoGenerationRequest:
    """The smallest request."""
    return VideoGenerationRequest(prompt="a red kite")
