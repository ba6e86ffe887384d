"""The data package under ``examples/``: it is found by its entry point, it is data only, and it is right."""

from __future__ import annotations

import importlib
import shutil
import tomllib
from pathlib import Path

import pytest
from hatchling.build import build_wheel

from tarash_core.cli.mappings import check
from tarash_core.mapping.library import MappingLibrary
from tarash_core.request import VideoGenerationRequest

HOUSE = Path(__file__).parents[2]
EXAMPLE = HOUSE / "examples" / "tarash-mappings-example"
PROJECT = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IMAGE = [{"image": "https://example.com/1.png", "role": "first_frame"}]


@pytest.fixture
def mock_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MappingLibrary:
    """The provider "mock" with the example installed beside it, as pip would lay it out."""
    site = tmp_path / "site"
    for package in EXAMPLE.glob("tarash_*"):
        shutil.copytree(package, site / package.name)
    info = site / "tarash_mappings_example-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {PROJECT['name']}\nVersion: {PROJECT['version']}\n")
    points = PROJECT["entry-points"]["tarash.mappings"]
    lines = "".join(f"{name} = {value}\n" for name, value in points.items())
    (info / "entry_points.txt").write_text(f"[tarash.mappings]\n{lines}")
    monkeypatch.syspath_prepend(site)
    importlib.invalidate_caches()
    return MappingLibrary.load("mock", models=HOUSE / "plugins" / "tarash-mock" / "tarash_mock" / "models")


def test_it_is_data_only() -> None:
    assert {path.suffix for path in EXAMPLE.rglob("*") if path.is_file()} == {".yaml", ".toml", ".md"}
    assert PROJECT["dependencies"] == []


def test_it_brings_models_and_a_family(mock_provider: MappingLibrary) -> None:
    assert mock_provider.check() == ()
    assert {"mock/kite-1/text", "mock/kite-1/image"} < set(mock_provider.models())
    request = VideoGenerationRequest(prompt="p", duration_seconds=4, image_list=IMAGE)
    model = mock_provider.chosen("kite-1", request)
    assert model == "mock/kite-1/image"
    payload = mock_provider.find(model).apply(request, model=model)
    assert (payload.arguments["duration"], payload.warnings) == (4, ())
    assert payload.mapping is not None
    assert "new_models.yaml" in payload.mapping


def test_it_corrects_single_fields_and_ends_a_model(mock_provider: MappingLibrary) -> None:
    corrected = mock_provider.find("mock/text-to-video")
    assert corrected.fields["prompt"].limits.max_length == 500
    assert Path(corrected.fields["prompt"].place.file).name == "corrections.yaml"
    assert Path(corrected.fields["seed"].place.file).parent.name == "models"
    image = mock_provider.find("mock/image-to-video")
    payload = image.apply(VideoGenerationRequest(image_list=IMAGE), model="mock/image-to-video")
    assert payload.warnings == (
        "'mock/image-to-video' can be used until 2999-12-31 only; use 'mock/video' in its place",
    )


def test_it_passes_its_own_check(capsys: pytest.CaptureFixture[str]) -> None:
    """The command that its README gives."""
    check.main([str(EXAMPLE / "tarash_mappings_example")], standalone_mode=False)
    assert capsys.readouterr().out == "5 documents in 2 files: nothing is wrong\n"


def test_its_wheel_holds_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shutil.copytree(EXAMPLE, tmp_path / "example"))
    wheel = tmp_path / build_wheel(str(tmp_path))
    shutil.unpack_archive(wheel, tmp_path / "wheel", "zip")
    held = {str(path.relative_to(tmp_path / "wheel")) for path in (tmp_path / "wheel").rglob("*.yaml")}
    assert held == {"tarash_mappings_example/corrections.yaml", "tarash_mappings_example/new_models.yaml"}
    (points,) = (tmp_path / "wheel").glob("*.dist-info/entry_points.txt")
    assert points.read_text().split() == ["[tarash.mappings]", "example", "=", "tarash_mappings_example"]
