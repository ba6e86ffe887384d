"""A broken file that is not the plugin's own names itself, and does not take other models down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from tarash_core.errors import MappingError
from tarash_core.mapping.library import MappingLibrary
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest

Library = Callable[..., MappingLibrary]
UserFile = Callable[..., Path]

PLUGIN = """schema: 1
models: [kite, kite/fast, sail]
docs: https://example.com/kite
task: text-to-video
fields: {prompt: prompt, layer: {const: plugin}}
---
models: [boat/*]
docs: https://example.com/boat
task: text-to-video
fields: {prompt: prompt, layer: {const: plugin}}
---
models: ["*"]
docs: https://example.com/all
task: any
fields: {prompt: prompt}
"""
HEAD = "schema: 1\nprovider: acme\n"
NOT_YAML = HEAD + "models: [kite, 'boat/*'] # not sail\nfields: *x\n"
MISSPELT = HEAD + "models: [kite]\nfeilds: {}\n---\nmodels: ['boat/*']\nfields: {layer: {const: user}}\n"
WITHOUT_GROUND = HEAD + "models: [kite, 'boat/*', unknown]\nfields: {layer: {const: user}}\n"


def payload(acme: MappingLibrary, model: str) -> Payload:
    return acme.find(model).apply(VideoGenerationRequest(prompt="p"), model=model)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (NOT_YAML, "4:9", "anchors and aliases are not allowed"),
        (MISSPELT, "4:1", "a mapping has no 'feilds'; did you mean 'fields'?"),
        (WITHOUT_GROUND, "3:26", "no mapping for 'unknown' to change"),
    ],
)
def test_a_broken_file_is_an_error_for_the_models_that_it_names_and_a_warning_for_others(
    library: Library, user_file: UserFile, text: str, place: str, says: str
) -> None:
    mine = user_file(text)
    acme = library(PLUGIN)
    for named in ("kite", "boat/x"):
        with pytest.raises(MappingError) as caught:
            acme.find(named)
        assert str(caught.value).startswith(f"{mine}:{place}: ")
        assert says in str(caught.value)
    for other in ("sail", "kite/fast"):
        found = payload(acme, other)
        assert found.arguments == {"prompt": "p", "layer": "plugin"}
        (warning,) = found.warnings
        assert warning.startswith(f"a broken mapping file was left out: {mine}:{place}: ")
    assert [error.message for error in acme.check()] == [str(caught.value)]
    assert acme.models() == ("kite", "kite/fast", "sail")


def test_the_model_that_would_be_mapped_by_the_file_is_named_by_it(library: Library, user_file: UserFile) -> None:
    user_file(HEAD + "models: [boat/*, kite/new]\nfeilds: {}\n")
    acme = library(PLUGIN)
    for model in ("boat/x", "boat/x/y", "kite/new"):
        with pytest.raises(MappingError, match="feilds"):
            acme.find(model)
    assert len(payload(acme, "kite/newer").warnings) == 2


@pytest.mark.parametrize("text", ["{", "- 1", b"\xff", "schema: 1\nproviders: acme\nmodels: [raft]"])
def test_a_file_of_which_nobody_knows_for_whom_it_is(library: Library, user_file: UserFile, text: str | bytes) -> None:
    mine = user_file("")
    mine.write_bytes(text if isinstance(text, bytes) else text.encode())
    (warning,) = payload(library(PLUGIN), "kite").warnings
    assert f"left out: {mine}" in warning


def test_a_file_that_cannot_be_read(library: Library, user_file: UserFile) -> None:
    mine = user_file("x" * ((1 << 20) + 1))
    (warning,) = payload(library(PLUGIN), "kite").warnings
    assert f"{mine}:1:1048577: larger than 1048576 bytes; split it" in warning


def test_the_other_files_are_used(library: Library, user_file: UserFile) -> None:
    user_file(MISSPELT)
    user_file(HEAD + "models: [sail]\nfields: {layer: {const: user}}\n", "other.yaml")
    found = payload(library(PLUGIN), "sail")
    assert (found.arguments["layer"], len(found.warnings)) == ("user", 1)


def test_a_file_that_builds_on_a_broken_one_is_left_out_too(library: Library, user_file: UserFile) -> None:
    user_file(HEAD + "models: [raft]\ntask: any\nfeilds: {}\n", "1.yaml")
    user_file(HEAD + "models: [raft/big]\nextends: raft\n", "2.yaml")
    acme = library(PLUGIN)
    with pytest.raises(MappingError, match=r"2\.yaml:4:10: extends: no mapping for 'raft'"):
        acme.find("raft/big")
    assert len(acme.check()) == len(payload(acme, "kite").warnings) == 2


def test_of_two_files_that_map_one_model_in_one_layer_the_second_is_left_out(
    library: Library, user_file: UserFile
) -> None:
    for name in ("1.yaml", "2.yaml"):
        user_file(HEAD + "models: [sail]\nfields: {layer: {const: user}}\n", name)
    acme = library(PLUGIN)
    with pytest.raises(MappingError, match=r"2\.yaml:3:10: 'sail' is mapped twice in one layer \(user\)"):
        acme.find("sail")
    assert len(payload(acme, "kite").warnings) == 1


def test_a_broken_family(library: Library, user_file: UserFile) -> None:
    user_file(HEAD + "family: fleet\nmembers: [kite, sale]\n")
    acme = library(PLUGIN)
    with pytest.raises(MappingError, match=r"members: no mapping for 'sale'; did you mean 'sail'\?"):
        acme.chosen("fleet", VideoGenerationRequest())
    assert len(payload(acme, "kite").warnings) == 1


def test_it_is_told_in_the_log_once(library: Library, user_file: UserFile, caplog: pytest.LogCaptureFixture) -> None:
    mine = user_file(MISSPELT)
    acme = library(PLUGIN)
    with caplog.at_level(logging.WARNING, "tarash"):
        for _ in range(3):
            payload(acme, "sail")
    (record,) = caplog.records
    assert f"{mine}:4:1" in record.getMessage()


def test_repaired_it_is_used_after_a_reload(library: Library, user_file: UserFile) -> None:
    mine = user_file(MISSPELT)
    acme = library(PLUGIN)
    acme.add("models: [sail]\nfields: {layer: {const: run time}}")
    assert len(payload(acme, "sail").warnings) == 1
    mine.write_text(MISSPELT.replace("feilds: {}", "fields: {layer: {const: user}}"))
    with pytest.raises(MappingError):
        acme.find("kite")
    acme.reload()
    assert payload(acme, "kite").arguments["layer"] == "user"
    assert payload(acme, "sail") == Payload(
        "sail", {"prompt": "p", "layer": "run time"}, (), payload(acme, "sail").mapping
    )


@pytest.mark.parametrize(
    "value", ["acme_less", "acme_more.less", "json.decoder", "__main__", "!", "..", "acme_more:less.x"]
)
def test_a_data_package_that_is_not_there(library: Library, data_package: Callable[..., Path], value: str) -> None:
    data_package(NOT_YAML, value=value, package="acme_other")
    acme = library(PLUGIN)
    (warning,) = payload(acme, "kite").warnings
    assert f"data package 'acme-more' names package '{value}', which is not there; install it anew" in warning
    assert len(acme.check()) == 1


def test_a_broken_data_package(library: Library, data_package: Callable[..., Path]) -> None:
    file = data_package(MISSPELT)
    acme = library(PLUGIN)
    with pytest.raises(MappingError, match="feilds"):
        acme.find("kite")
    assert str(file) in payload(acme, "sail").warnings[0]


def test_the_plugins_own_files_are_strict(library: Library) -> None:
    acme = library(PLUGIN, more="schema: 1\nmodels: [raft]\nfeilds: {}\n")
    with pytest.raises(MappingError, match="feilds"):
        acme.find("kite")
