"""A scripted provider, registered at run time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import tarash_core as tarash
from tarash_core.testing import ScriptedProvider

MAPPING = """
schema: 1
models: ["*"]
docs: https://example.com/docs
task: any
fields:
  prompt: {from: prompt, required: true}
  seconds: {from: duration_seconds, as: integer}
  image: {image: first_frame}
extra:
  speed: {type: number}
"""
_numbers = itertools.count(1)


@pytest.fixture
def make_provider(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Registers a provider (a `ScriptedProvider` unless another is given) under a fresh name, which it returns."""
    names: list[str] = []

    def make(plugin: object | None = None, *, facts: str = "", mapping: str = MAPPING) -> str:
        name = f"scripted{next(_numbers)}"
        home = tmp_path / name
        (home / "models").mkdir(parents=True)
        (home / "models" / "all.yaml").write_text(mapping)
        (home / "provider.yaml").write_text(f"name: {name}\ntitle: Scripted\n{facts}")
        tarash.register_provider(plugin or ScriptedProvider(), name=name, data=home)
        names.append(name)
        return name

    yield make
    for name in names:
        tarash.unregister_provider(name)
