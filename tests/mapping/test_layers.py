"""Who has the last word: plugin, data packages, user, project, environment, run time."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tarash_core.errors import MappingError, ValidationError
from tarash_core.mapping.library import MappingLibrary
from tarash_core.request import VideoGenerationRequest

Library = Callable[..., MappingLibrary]

PLUGIN = """schema: 1
models: [kite, kite/fast]
docs: https://example.com/kite
task: text-to-video
fields:
  prompt: prompt
  layer: {const: plugin}
  seed: seed
extra: {loop: boolean}
rules:
  - {when: {seed: 1}, needs: [prompt]}
---
models: [sail]
docs: https://example.com/sail
task: any
fields: {words: prompt}
"""


def patch(layer: str, model: str = "kite") -> str:
    return f"schema: 1\nprovider: acme\nmodels: [{model}]\nfields: {{layer: {{const: {layer}}}}}\n"


def sent(acme: MappingLibrary, model: str = "kite", **request: Any) -> dict[str, Any]:
    return acme.find(model).apply(VideoGenerationRequest(**request), model=model).arguments


def test_each_layer_has_the_word_over_those_below(
    library: Library,
    data_package: Callable[..., Path],
    user_file: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acme = library(PLUGIN)
    assert sent(acme, prompt="p") == {"prompt": "p", "layer": "plugin"}
    data_package(patch("data package"))
    acme.reload()
    assert sent(acme) == {"layer": "data package"}
    user_file(patch("user"))
    acme.reload()
    assert sent(acme) == {"layer": "user"}
    (tmp_path / "tarash.yaml").write_text(patch("project"))
    acme.reload()
    assert sent(acme) == {"layer": "project"}
    (tmp_path / "one.yaml").write_text(patch("file of environment"))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "two.yml").write_text(patch("folder of environment"))
    monkeypatch.setenv("TARASH_MAPPINGS", os.pathsep.join(["", str(tmp_path / "folder"), "one.yaml"]))
    acme.reload()
    assert sent(acme) == {"layer": "file of environment"}
    monkeypatch.setenv("TARASH_MAPPINGS", os.pathsep.join(["one.yaml", "folder"]))
    acme.reload()
    assert sent(acme) == {"layer": "folder of environment"}
    acme.add(patch("run time"))
    assert sent(acme) == {"layer": "run time"}
    acme.add(patch("later"))
    assert sent(acme) == {"layer": "later"}
    acme.reload()
    assert sent(acme) == {"layer": "later"}
    assert sent(acme, "kite/fast") == {"layer": "plugin"}


def test_a_data_package_is_not_imported(library: Library, data_package: Callable[..., Path]) -> None:
    file = data_package(patch("data"), value="acme_more.models.video", package="acme_more.models.video")
    acme = library(PLUGIN)
    assert acme.find("kite").explain()[1].place == f"{file}:4"
    assert "acme_more" not in sys.modules


def test_the_default_user_folder(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    folder = tmp_path / "home" / ".config" / "tarash" / "mappings"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(patch("home"))
    assert sent(library(PLUGIN)) == {"layer": "home"}


def test_single_fields_are_changed_added_and_removed(library: Library, user_file: Callable[..., Path]) -> None:
    mine = user_file(
        "schema: 1\nprovider: acme\nmodels: [kite]\ntask: image-to-video\nfields:\n"
        "  seed: null\n  prompt: {from: prompt, max_length: 3}\n  image: {image: first_frame}\n"
        "extra: {loop: null, style: string}\n"
    )
    acme = library(PLUGIN)
    mapping = acme.find("kite")
    assert list(mapping.fields) == ["prompt", "layer", "image"]
    assert list(mapping.extra) == ["style"]
    assert (mapping.task, mapping.docs) == ("image-to-video", "https://example.com/kite")
    assert [Path(line.place.rpartition(":")[0]).name for line in mapping.explain()] == [
        "mine.yaml",
        "acme.yaml",
        "mine.yaml",
        "mine.yaml",
        "acme.yaml",
    ]
    assert mapping.place == (str(mine), 3, 10)
    with pytest.raises(ValidationError, match="it takes at most 3 letters"):
        sent(acme, prompt="long")
    payload = mapping.apply(VideoGenerationRequest(prompt="p", seed=1), model="kite")
    assert payload.warnings == ("'kite' does not take seed; it was left out",)


def test_a_rule_of_a_removed_field_goes_with_it(library: Library) -> None:
    acme = library(PLUGIN)
    with pytest.raises(ValidationError, match="'kite' needs prompt when seed is 1"):
        sent(acme, seed=1)
    acme.add({"models": ["kite"], "fields": {"seed": None}})
    assert sent(acme, seed=1) == {"layer": "plugin"}


def test_rules_given_take_the_place_of_those_below(library: Library) -> None:
    acme = library(PLUGIN)
    acme.add({"models": ["kite"], "rules": [{"when": {"seed": 2}, "needs": ["prompt"]}]})
    assert sent(acme, seed=1)["seed"] == 1
    with pytest.raises(ValidationError, match="needs prompt when seed is 2"):
        sent(acme, seed=2)
    acme.add({"models": ["kite"], "rules": []})
    assert sent(acme, seed=2)["seed"] == 2


def test_a_parameter_moves_between_extra_and_fields(library: Library) -> None:
    acme = library(PLUGIN)
    acme.add({"models": ["kite"], "fields": {"loop": {"const": True}}})
    assert (list(acme.find("kite").extra), sent(acme)["loop"]) == ([], True)
    acme.add({"models": ["kite"], "extra": {"loop": "boolean"}})
    assert (list(acme.find("kite").extra), sent(acme)) == (["loop"], {"layer": "plugin"})


def test_a_model_is_replaced(library: Library) -> None:
    acme = library(PLUGIN)
    acme.add({"models": ["kite"], "replace": True, "task": "any", "fields": {"text": "prompt"}})
    mapping = acme.find("kite")
    assert (list(mapping.fields), list(mapping.extra), mapping.rules, mapping.docs) == (["text"], [], (), None)


def test_a_model_is_added(library: Library, user_file: Callable[..., Path]) -> None:
    user_file("schema: 1\nprovider: acme\nmodels: [boat]\ntask: any\nfields: {words: prompt}")
    acme = library(PLUGIN)
    assert acme.models() == ("boat", "kite", "kite/fast", "sail")
    assert sent(acme, "boat", prompt="p") == {"words": "p"}


def test_a_change_to_an_unknown_model(library: Library) -> None:
    with pytest.raises(MappingError) as caught:
        library(PLUGIN).add(patch("x", "kites"), source="notebook")
    assert str(caught.value) == (
        "notebook:3:10: no mapping for 'kites' to change; did you mean 'kite'? "
        "(a new one needs 'task' and 'fields', or 'extends')"
    )


def test_extending(library: Library) -> None:
    acme = library(
        PLUGIN + "---\nmodels: [kite/slow]\ndocs: https://example.com/slow\nextends: kite\n"
        "fields: {seed: null, speed: {const: slow}}\n"
    )
    mapping = acme.find("kite/slow")
    assert list(mapping.fields) == ["prompt", "layer", "speed"]
    assert (list(mapping.extra), mapping.task, mapping.docs) == (["loop"], "text-to-video", "https://example.com/slow")
    assert mapping.model == "kite/slow"
    assert sent(acme, "kite/slow", seed=1) == {"layer": "plugin", "speed": "slow"}


def test_what_is_extended_is_what_stood_in_that_layer(library: Library, user_file: Callable[..., Path]) -> None:
    acme = library(PLUGIN + "---\nmodels: [kite/slow]\ndocs: https://example.com/slow\nextends: kite\n")
    user_file(patch("user") + "---\nmodels: [mine]\nextends: kite\n")
    assert sent(acme, "kite") == {"layer": "user"}
    assert sent(acme, "mine") == {"layer": "user"}
    assert sent(acme, "kite/slow") == {"layer": "plugin"}


def test_extending_in_a_later_layer_starts_anew(library: Library) -> None:
    acme = library(PLUGIN)
    acme.add({"models": ["kite"], "extends": "sail", "fields": {"x": {"const": 1}}})
    assert sent(acme, prompt="p") == {"words": "p", "x": 1}


def test_removing_what_is_not_there(library: Library) -> None:
    acme = library(PLUGIN)
    with pytest.raises(MappingError, match=r"fields\.sed: there is no 'sed' to remove; did you mean 'seed'"):
        acme.add("models: [kite]\nfields: {sed: null}")
    with pytest.raises(
        MappingError, match=r"run time:2:16: extra\.lop: there is no 'lop' to remove; did you mean 'loop'"
    ):
        acme.add("models: [kite]\nextra: {  lop: null}")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "run time: there is no mapping in it"),
        ("models: [kite]\nfields: {a: promt}", "run time:2:13: fields.a: no request field 'promt'"),
        ({"models": ["kite"], "fields": {"a": "promt"}}, "run time: fields.a: no request field 'promt'; did you mean"),
        ({"models": ["kite"], "fields": {"a": {1}}}, "run time: a set ({1}) cannot stand in a mapping"),
        ({"models": ["kite"], "provider": "other"}, "run time: this is given for provider 'acme', but names 'other'"),
        ({"models": ["kite"], "fields": {"a": {"from": "seed", "use": "x"}}}, "fields.a: no converter 'x'"),
        ([], "run time: this must be a mapping with keys, not a list"),
        ("tarash.yaml", "run time: 'tarash.yaml' is the name of a file; give Path('tarash.yaml')"),
        (Path("none.yaml"), "none.yaml: cannot be read: No such file or directory"),
        (Path("."), "cannot be read: Is a directory"),
    ],
)
def test_nothing_changes_when_what_is_added_is_wrong(library: Library, document: Any, message: str) -> None:
    acme = library(PLUGIN)
    before = acme.find("kite")
    with pytest.raises(MappingError) as caught:
        acme.add(document)
    assert message in str(caught.value)
    assert acme.find("kite") is before
    acme.reload()
    assert acme.check() == ()


def test_adding_a_file(library: Library, tmp_path: Path) -> None:
    acme = library(PLUGIN)
    file = tmp_path / "added.yaml"
    file.write_text("schema: 1\nmodels: [kite]\nfields: {layer: {const: file}}\n")
    acme.add(file)
    assert sent(acme) == {"layer": "file"}
    assert acme.find("kite").explain()[1].place == f"{file}:3"


BROKEN = "schema: 1\nprovider: acme\nmodels: [kite]\nfields: {a: &x prompt}\n"


@pytest.mark.parametrize(
    "text",
    [
        BROKEN.replace("acme", "other"),
        BROKEN.replace("acme", "'other' # acme"),
        patch("x").replace("provider: acme", "provider: other\nfeilds: 1"),
        "schema: 1\nprovider: other\nmodels: [kite]\nfields: {layer: {const: other}}",
        BROKEN.replace("acme", "other").replace("[kite]", "[acme/kite]"),
        BROKEN.replace("acme", "other # or acme"),
    ],
)
def test_a_file_of_another_provider_does_no_harm(library: Library, user_file: Callable[..., Path], text: str) -> None:
    user_file(text)
    assert sent(library(PLUGIN)) == {"layer": "plugin"}


@pytest.mark.parametrize(
    "head",
    [
        "provider: other\nmodels: [boat]\n---\n'provider': acme\n",
        "provider: other\nmodels: [boat]\n---\nprovider:\n  acme\n",
        "provider: other\nmodels: [boat]\n---\nprovider : acme\n",
        'provider: "\\x61cme" # acme\n',
        "'provider': acme\n",
    ],
)
def test_however_a_file_says_for_whom_it_is(library: Library, user_file: Callable[..., Path], head: str) -> None:
    user_file(f"schema: 1\n{head}models: [kite]\nfields: {{layer: {{const: user}}}}\n")
    assert sent(library(PLUGIN)) == {"layer": "user"}


def test_one_file_may_speak_of_several_providers(library: Library, user_file: Callable[..., Path]) -> None:
    user_file(
        "schema: 1\nprovider: other\nmodels: [boat]\nfeilds: {}\n---\nmodels: [boat2]\nfeilds: {}\n---\n"
        "provider: acme\nmodels: [kite]\nfields: {layer: {const: user}}\n---\n"
        "models: [sail]\nfields: {layer: {const: user}}\n"
    )
    acme = library(PLUGIN)
    assert sent(acme) == sent(acme, "sail") == {"layer": "user"}


@pytest.mark.parametrize("name", ["nowhere.yaml", "x" * 300])
def test_an_environment_that_names_nothing(library: Library, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("TARASH_MAPPINGS", name)
    with pytest.raises(MappingError, match=f"TARASH_MAPPINGS names '{name}', and there is no such file or folder"):
        library(PLUGIN).find("kite")


def test_a_users_folder_that_the_system_refuses(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the home of somebody else does, where a service runs in another one's name."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "/" + "x" * 300)
    assert sent(library(PLUGIN)) == {"layer": "plugin"}
