"""Mapping files where they stand in the layers: what checks and lists make of those below and above them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine

HEAD = "schema: 1\nprovider: mock\n"
NO_SEED = HEAD + "models: [mock/text-to-video]\nfields: {seed: null}\n"
MINE = HEAD + "models: [mine]\nextends: mock/video\n"
MINE_PATCHED = HEAD + "models: [mine]\nfields: {seed: null}\n"
TWO_FIRST_FRAMES = HEAD + "models: [mock/image-to-video]\nfields: {{{name}: {{image: {role}}}}}\n"


@pytest.fixture
def package(tarash: CommandLine) -> dict[str, str]:
    """An environment with the data package "tarash-more", which maps "mine" and takes a seed away."""
    site = tarash.folder.parent / "site"
    facts = site / "tarash_more-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: tarash-more\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[tarash.mappings]\nmore = tarash_more\n")
    (site / "tarash_more").mkdir()
    (site / "tarash_more" / "more.yaml").write_text(MINE + "---\n" + NO_SEED.replace("schema: 1\n", ""))
    return {"PYTHONPATH": os.pathsep.join(filter(None, (str(site), os.environ.get("PYTHONPATH"))))}


def test_a_file_is_checked_over_data_packages(tarash: CommandLine, package: dict[str, str]) -> None:
    (tarash.folder / "patch.yaml").write_text(MINE_PATCHED)
    alone = tarash("mappings", "check", "patch.yaml")
    assert (alone.code, alone.out.split(": ")[0]) == (6, "patch.yaml:3:10")
    assert tarash("mappings", "check", "patch.yaml", **package).code == 0
    (tarash.folder / "patch.yaml").write_text(NO_SEED)
    assert tarash("mappings", "check", "patch.yaml").code == 0
    gone = tarash("mappings", "check", "patch.yaml", **package)
    assert (gone.code, gone.out) == (6, "patch.yaml:4:16: fields.seed: there is no 'seed' to remove\n")


def test_a_file_takes_the_place_of_its_installed_copy(tarash: CommandLine, package: dict[str, str]) -> None:
    """Its author has the package installed: what it removes is not gone already."""
    folder = tarash.folder / "src" / "tarash_more"
    folder.mkdir(parents=True)
    (folder / "more.yaml").write_text(NO_SEED + "---\nmodels: [mine]\nextends: mock/vide\n")
    ran = tarash("mappings", "check", "src", **package)
    (line,) = ran.out.splitlines()
    assert (ran.code, line.partition(";")[0]) == (
        6,
        "src/tarash_more/more.yaml:7:10: extends: no mapping for 'mock/vide'",
    )


def test_a_file_is_checked_over_the_projects_where_that_is_wanted(tarash: CommandLine) -> None:
    (tarash.folder / "tarash.yaml").write_text(MINE)
    (tarash.folder / "patch.yaml").write_text(MINE_PATCHED)
    assert tarash("mappings", "check", "patch.yaml").code == 6
    assert tarash("mappings", "check", "patch.yaml", "--all-layers").code == 0


def test_a_file_that_is_in_effect_is_not_laid_over_itself(tarash: CommandLine) -> None:
    (tarash.folder / "tarash.yaml").write_text(NO_SEED)
    assert tarash("mappings", "check", "tarash.yaml", "--all-layers").code == 0
    told = json.loads(tarash("models", "diff", "mock/text-to-video", "tarash.yaml", "--json").out)
    assert [(one["kind"], one["theirs"]) for one in told] == [("removed", "seed")]


@pytest.mark.parametrize(
    ("name", "role", "says"),
    [
        (
            "another",
            "first_frame",
            "fields.another: images with role 'first_frame' go into 'first_frame_url' already (",
        ),
        (
            "first_frame_url",
            "last_frame",
            "fields.first_frame_url: images with role 'last_frame' go into 'last_frame_url'",
        ),
    ],
)
def test_what_clashes_with_a_field_below_is_told_of_the_file_that_does(
    tarash: CommandLine, name: str, role: str, says: str
) -> None:
    (tarash.folder / "tarash.yaml").write_text(TWO_FIRST_FRAMES.format(name=name, role=role))
    ran = tarash("mappings", "check", "tarash.yaml")
    assert ran.code == 6
    assert ran.out.startswith("tarash.yaml:4:")
    assert says in ran.out
    refused = tarash("payload", "a kite", "-p", "mock", "-m", "mock/image-to-video")
    assert refused.code == 6
    assert f"{tarash.folder / 'tarash.yaml'}:4:" in refused.err


def test_a_prefix_does_not_shadow_exact_names_and_its_author_is_told(tarash: CommandLine) -> None:
    (tarash.folder / "tarash.yaml").write_text(HEAD + "models: [mock/*]\ntask: any\nfields: {words: prompt}\n")
    ran = tarash("mappings", "check", "tarash.yaml")
    assert (ran.code, ran.out) == (0, "1 document in 1 file: nothing is wrong\n")
    assert ran.err == (
        "note: tarash.yaml:3:10: 'mock/*' changes nothing for 'mock/image-to-video' and 2 more: an exact name wins; "
        "name them to change them\n"
    )
    sent = {
        model: json.loads(tarash("payload", "a kite", "-p", "mock", "-m", model).out)["arguments"]
        for model in ("mock/video", "mock/new")
    }
    assert sent == {"mock/video": {"prompt": "a kite"}, "mock/new": {"words": "a kite"}}


def test_a_broken_model_does_not_hide_the_others_from_a_list(tarash: CommandLine) -> None:
    (tarash.folder / "tarash.yaml").write_text(HEAD + "models: [mock/text-to-video]\nfieldz: {}\n")
    for arguments in ((), ("--provider", "mock")):
        ran = tarash("models", "list", *arguments, "--json")
        models = {one["model"] for one in json.loads(ran.out)}
        assert "mock/video" in models
        assert "mock/text-to-video" not in models
        (warning,) = (line for line in ran.err.splitlines() if line.startswith("warning: 'mock/text-to-video' cannot"))
        assert "tarash.yaml:4:1: fieldz: a mapping has no 'fieldz'" in warning


def test_a_broken_file_of_the_user_has_no_say_in_what_providers_can_do(tarash: CommandLine) -> None:
    before = tarash("plugins", "--features", "--json")
    (tarash.folder / "tarash.yaml").write_text(HEAD + "models: [mock/text-to-video]\nfieldz: {}\n")
    after = tarash("plugins", "--features", "--json")
    assert (before.code, after.code, after.out) == (0, 0, before.out)
    assert '"mock"' in before.out
