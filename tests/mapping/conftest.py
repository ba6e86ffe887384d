"""A place without anybody's mappings, and libraries made of text."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tarash_core.mapping.converters import Converter
from tarash_core.mapping.library import MappingLibrary
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest

PLAIN_HEAD = "schema: 1\nmodels: [m]\ndocs: https://example.com/m\ntask: any\n"

Library = Callable[..., MappingLibrary]
Apply = Callable[..., Payload]


@pytest.fixture(autouse=True)
def nobodys_mappings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the user's own files nor the folder the tests run in may decide a test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TARASH_MAPPINGS", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """``library(text, other=text)``: a library of provider "acme" whose plugin has these files."""

    def make(
        text: str = "",
        *,
        converters: Mapping[str, Converter] | None = None,
        version_separator: str | None = None,
        **others: str,
    ) -> MappingLibrary:
        folder = tmp_path / "models"
        folder.mkdir(exist_ok=True)
        for name, content in {"acme": text, **others}.items():
            if content:
                (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
        return MappingLibrary.load("acme", models=folder, converters=converters, version_separator=version_separator)

    return make


@pytest.fixture
def apply(library: Library) -> Apply:
    """``apply(fields, request)``: the payload for model "m", whose mapping has these lines after its head."""

    def run(lines: str, request: dict[str, Any], *, on_unsupported: Any = "warn", **options: Any) -> Payload:
        mapping = library(PLAIN_HEAD + lines, **options).find("m")
        return mapping.apply(VideoGenerationRequest(**request), model="m", on_unsupported=on_unsupported)

    return run


@pytest.fixture
def user_file(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str, name: str = "mine.yaml") -> Path:
        folder = tmp_path / "config" / "tarash" / "mappings"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        return folder / name

    return write


@pytest.fixture
def data_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """An installed distribution with an entry point and a package that must not be imported."""

    def install(text: str, *, value: str = "acme_more", package: str = "acme_more") -> Path:
        site = tmp_path / "site"
        home = site.joinpath(*package.split("."))
        home.mkdir(parents=True)
        (site / package.split(".")[0] / "__init__.py").write_text("raise RuntimeError('imported')")
        (home / "more.yaml").write_text(text)
        info = site / "acme_more-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-more\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[tarash.mappings]\nmore = {value}\n")
        monkeypatch.syspath_prepend(site)
        importlib.invalidate_caches()
        return home / "more.yaml"

    return install
