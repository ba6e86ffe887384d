"""``mappings check``, ``models diff`` and families: what those who write mapping files are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine

HEAD = "schema: 1\nprovider: mock\n"
GOOD = HEAD + "models: [mine]\nextends: mock/video\n---\nfamily: ours\nmembers: [mine, mock/video]\n"
WRONG = (
    HEAD
    + "models: [mine]\nextends: mock/video\nfieldz: {}\n---\nmodels: [yours]\ntask: any\nfields: {x: promt}\n---\n"
    + "family: ours\n"
)
ELSEWHERE = HEAD + "models: [theirs]\ntask: any\nfields: {x: {from: prompt, use: nothing}}\n"
PATCH = (
    HEAD + "models: [mock/text-to-video]\nfields:\n  duration: {from: duration_seconds, one_of: [4, 6]}\n  seed: null\n"
    "extra: {watermark: boolean}\ndeprecated_on: 2999-01-01\nreplaced_by: mock/video\n"
)


def test_a_good_file(tarash: CommandLine) -> None:
    (tarash.folder / "good.yaml").write_text(GOOD)
    ran = tarash("mappings", "check", "good.yaml")
    assert (ran.code, ran.out, ran.err) == (0, "2 documents in 1 file: nothing is wrong\n", "")
    assert tarash("mappings", "check", "good.yaml", "-q").out == ""


def test_every_wrong_document_of_every_file_is_told_with_its_place(tarash: CommandLine) -> None:
    folder = tarash.folder / "mappings" / "deep"
    folder.mkdir(parents=True)
    (folder / "wrong.yaml").write_text(WRONG)
    (folder / "good.yaml").write_text(GOOD.replace("mine", "other").replace("ours", "others"))
    (folder.parent / "elsewhere.yml").write_text(ELSEWHERE)
    ran = tarash("mappings", "check", "mappings")
    assert (ran.code, ran.err) == (6, "")
    assert ran.out.splitlines() == [
        "mappings/deep/wrong.yaml:5:1: fieldz: a mapping has no 'fieldz'; did you mean 'fields'?",
        "mappings/deep/wrong.yaml:9:13: fields.x: no request field 'promt'; did you mean 'prompt'?",
        "mappings/deep/wrong.yaml:11:1: which models? write 'members: [NAME]'",
        "mappings/elsewhere.yml:5:13: fields.x: no converter 'nothing'; there are: "
        + ran.out.splitlines()[3].partition("there are: ")[2],
    ]
    told = json.loads(tarash("mappings", "check", "mappings", "--json").out)
    assert (told["files"], len(told["errors"])) == (3, 4)
    assert told["errors"][0] == {
        "file": "mappings/deep/wrong.yaml",
        "line": 5,
        "column": 1,
        "message": ran.out.splitlines()[0],
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "file.yaml: there is no mapping in it"),
        ("{", "file.yaml:2:1: not valid YAML"),
        ("schema: 1\nmodels: [x]\n", "file.yaml:1:1: which provider is this for? write 'provider: NAME'"),
        (HEAD + "models: [mock/vido]\n", "file.yaml:3:10: no mapping for 'mock/vido' to change; did you mean"),
        (HEAD + "models: [mock/video]\nfields: {nothing: null}\n", "fields.nothing: there is no 'nothing' to remove"),
        (HEAD + "family: f\nmembers: [mock/vido]\n", "members: no mapping for 'mock/vido'; did you mean 'mock/video'?"),
    ],
)
def test_what_is_wrong(tarash: CommandLine, text: str, says: str) -> None:
    (tarash.folder / "file.yaml").write_text(text)
    ran = tarash("mappings", "check", "file.yaml")
    assert (ran.code, ran.err) == (6, "")
    assert says in ran.out


def test_files_that_are_not_there(tarash: CommandLine) -> None:
    ran = tarash("mappings", "check", "nowhere.yaml")
    assert (ran.code, ran.out) == (6, "nowhere.yaml: cannot be read: No such file or directory\n")
    (tarash.folder / "empty").mkdir()
    assert tarash("mappings", "check", "empty").code == 2


def test_a_provider_for_documents_that_name_none(tarash: CommandLine) -> None:
    (tarash.folder / "file.yaml").write_text("schema: 1\nmodels: [mine]\nextends: mock/video\n")
    assert tarash("mappings", "check", "file.yaml", "--provider", "mock").code == 0


def test_of_a_provider_that_is_not_installed_only_the_language_is_checked(tarash: CommandLine) -> None:
    (tarash.folder / "file.yaml").write_text("schema: 1\nprovider: nobody\nmodels: [x]\nfields: {seed: null}\n")
    ran = tarash("mappings", "check", "file.yaml")
    assert ran.code == 0
    assert "provider 'nobody' is not installed" in ran.err


def test_what_files_would_change(tarash: CommandLine) -> None:
    (tarash.folder / "patch.yaml").write_text(PATCH)
    told = json.loads(tarash("models", "diff", "mock/text-to-video", "patch.yaml", "--json").out)
    places = {(one["kind"], one["theirs"]): one["place"] for one in told}
    assert places[("changed", "duration")] == "patch.yaml:5"
    assert places[("removed", "seed")].endswith(".yaml:" + places[("removed", "seed")].rpartition(":")[2])
    assert places[("added", "watermark")] == "patch.yaml:7"
    assert places[("added", "deprecated")] == "patch.yaml:8"
    assert len(told) == 4
    shown = tarash("models", "diff", "mock/text-to-video", "patch.yaml").out.splitlines()
    duration = next(line for line in shown if line.startswith("~  duration"))
    assert "4, 6 or 8" in duration
    assert "4 or 6" in duration


def test_what_the_project_changes(tarash: CommandLine) -> None:
    assert tarash("models", "diff", "mock/text-to-video").err == "nothing is changed for 'mock/text-to-video'\n"
    (tarash.folder / "tarash.yaml").write_text(PATCH + "---\nmodels: [mine]\nextends: mock/video\n")
    told = json.loads(tarash("models", "diff", "mock/text-to-video", "--json").out)
    assert {one["theirs"] for one in told} == {"duration", "seed", "watermark", "deprecated"}
    told = json.loads(tarash("models", "diff", "mine", "-p", "mock", "--json").out)
    assert ("mapping of", "*", "mine") in {(one["theirs"], one["before"], one["after"]) for one in told}
    shown = tarash("models", "show", "mock/text-to-video").out
    assert "end  refused from 2999-01-01 on; use mock/video" in shown


def test_a_wrong_file_has_no_difference(tarash: CommandLine) -> None:
    (tarash.folder / "wrong.yaml").write_text(WRONG)
    ran = tarash("models", "diff", "mock/video", "wrong.yaml")
    assert (ran.code, ran.out) == (6, "")
    assert "wrong.yaml:5:1" in ran.err


def test_a_broken_file_of_the_user_does_not_take_other_models_down(tarash: CommandLine) -> None:
    (tarash.folder / "tarash.yaml").write_text(HEAD + "models: [mock/text-to-video]\nfieldz: {}\n")
    told = json.loads(tarash("payload", "a kite", "-p", "mock", "-m", "mock/video").out)
    (warning,) = told["warnings"]
    assert "tarash.yaml:4:1: fieldz: a mapping has no 'fieldz'" in warning
    refused = tarash("payload", "a kite", "-p", "mock", "-m", "mock/text-to-video")
    assert (refused.code, "tarash.yaml:4:1" in refused.err) == (6, True)
    assert tarash("doctor", "-q").code == 19


def test_families_are_listed_shown_and_chosen_from(tarash: CommandLine) -> None:
    members = "[mock/text-to-video, mock/image-to-video]"
    (tarash.folder / "tarash.yaml").write_text(HEAD + f"family: mock-1\nmembers: {members}\n")
    listed = tarash("models", "list", "-p", "mock").out
    assert next(line.split() for line in listed.splitlines() if "mock-1" in line)[2:] == ["family", "of", "2", "models"]
    shown = tarash("models", "show", "mock-1").out
    assert "mock/image-to-video  image-to-video  first_frame" in shown
    told = json.loads(tarash("models", "show", "mock-1", "--json").out)
    assert told["members"][0]["inputs"] == "text alone"
    image = ("--image", "first_frame=https://example.com/a.png")
    chosen = [
        json.loads(tarash("payload", "a kite", "-p", "mock", "-m", "mock-1", *images).out)["model"]
        for images in ((), image)
    ]
    assert chosen == ["mock/text-to-video", "mock/image-to-video"]
