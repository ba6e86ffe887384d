"""The names of a plugin's models are told without parsing; what they are told to be is what a parser finds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st

from tarash_core.errors import MappingError
from tarash_core.mapping.document import Document
from tarash_core.mapping.family import Family
from tarash_core.mapping.files import read_all
from tarash_core.mapping.index import Unread, indexed
from tarash_core.mapping.library import MappingLibrary

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(ROOT.glob("plugins/*/*/models/**/*.yaml"))
Library = Callable[..., MappingLibrary]
DOCS = "docs: https://example.com\ntask: any\n"
FIRST = f"schema: 1\nmodels: [a]\n{DOCS}fields: {{x: prompt}}\n"
OF_P = f"schema: 1\nprovider: p\nmodels: [a]\n{DOCS}fields: {{x: prompt}}\n---\n"


def named(documents: object) -> list[tuple[dict[str, str], str | None]]:
    """The models of each document with their full places, and the name where it is a family."""
    assert isinstance(documents, list)
    return [
        ({model: repr(place) for model, place in one.members.items()}, one.name)
        if isinstance(one, Family)
        else ({model: repr(place) for model, place in one.models.items()}, None)
        for one in documents
    ]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_what_ships_is_told_as_it_is_parsed(file: Path) -> None:
    found = indexed(file.read_bytes(), provider="p", file=str(file), own=True)
    assert found is not None
    assert named(found) == named(read_all(file.read_bytes(), file=str(file), provider="p", own=True))
    assert [one for one in found if isinstance(one, Document)] == [], "this shape costs a parser at every start"
    for one in found:
        if isinstance(one, Unread):
            assert one.read().models == one.models


def test_a_document_is_parsed_when_one_of_its_models_is_asked_for(library: Library) -> None:
    acme = library(f"{FIRST}---\n\n# b\nmodels: [b]\n{DOCS}fields: {{x: promt}}\n---\nmodels: [c]\n{DOCS}extends: b\n")
    assert acme.models() == ("a", "b", "c")
    assert acme.find("a").model == "a"
    for model in ("b", "c"):
        with pytest.raises(MappingError, match=r"acme\.yaml:12:13: fields\.x: no request field 'promt'"):
            acme.find(model)
    assert [error.line for error in acme.check()] == [12, 12]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{FIRST}---\nmodels: [b]\n{DOCS}fields: {{x: &a 1}}\n", ":10:13: anchors and aliases"),
        (f"{FIRST}---\nmodels: [b]\n{DOCS}", ":7:10: no mapping for 'b' to change"),
        (f"{FIRST}---\nmodels: [b]\n{DOCS}extends: aa\n", ":10:10: extends: no mapping for 'aa'; did you mean 'a'?"),
        (f"{FIRST}---\nmodels: [b]\n{DOCS}replace: true\n", "what replaces 'b' needs 'task' and 'fields'"),
        (f"{FIRST}---\nmodels: [b]\n{DOCS}extends: a\ndeprecated_on: 2026-01-01\nreplaced_by: d\n", "replaced_by: no"),
        (f"{FIRST}---\nmodels: [b]\ntask: any\nfields: {{x: prompt}}\n", "a plugin says where the provider documents"),
        (f'{FIRST}---\ndocs: "a\nmodels: [b]\n"\ntask: any\n', ":7:1"),
        (f"{FIRST}---\nfields: {{\nmodels: [b]\n  }}\n", ":7:1: which models?"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(library: Library, text: str, says: str) -> None:
    acme = library(text)
    with pytest.raises(MappingError) as caught:
        acme.find("b")
    assert says in str(caught.value)


def test_what_only_a_later_layer_maps_cannot_be_extended(library: Library, user_file: Callable[..., Path]) -> None:
    user_file(f"{FIRST.replace('[a]', '[ghost]')}".replace("schema: 1", "schema: 1\nprovider: acme"))
    acme = library(f"{FIRST}---\nmodels: [b]\n{DOCS}extends: ghost\n")
    assert acme.find("ghost").model == "ghost"
    with pytest.raises(MappingError, match=r"acme\.yaml:10:10: extends: no mapping for 'ghost'$"):
        acme.find("b")


PACKAGED = f"""schema: 1
provider: acme
models: [kite]
{DOCS}fields: {{words: prompt}}
---
models: [kite/slow]
fields: {{speed: {{const: slow}}, seed: null}}
---
models: [kite/broken]
{DOCS}fields: {{words: promt}}
---
models: [boat]
fields: {{speed: {{const: slow}}}}
---
provider: other
models: [raft]
{DOCS}fields: {{words: &x promt}}
---
provider: acme
models: [kite/last]
extends: kite
"""
UNDERNEATH = f"schema: 1\nmodels: [kite/slow]\n{DOCS}fields: {{seed: seed, prompt: prompt}}\n"


def test_documents_of_a_data_package_are_parsed_when_they_are_asked_for(
    library: Library, data_package: Callable[..., Path]
) -> None:
    file = data_package(PACKAGED)
    acme = library(UNDERNEATH)
    assert acme.models() == ("boat", "kite", "kite/broken", "kite/last", "kite/slow")
    assert list(acme.find("kite/slow").fields) == ["prompt", "speed"]
    assert list(acme.find("kite/last").fields) == ["words"]
    said = {
        "kite/broken": f"{file}:14:17: fields.words: no request field 'promt'; did you mean 'prompt'?",
        "boat": f"{file}:16:10: no mapping for 'boat' to change (a new one needs 'task' and 'fields', or 'extends')",
    }
    for model, message in said.items():
        with pytest.raises(MappingError) as caught:
            acme.find(model)
        assert str(caught.value) == message
    assert sorted(error.message for error in acme.check()) == sorted(said.values())


def test_a_data_package_for_others_is_not_parsed(data_package: Callable[..., Path]) -> None:
    """Nor is the parser imported: a new interpreter tells."""
    file = data_package(PACKAGED.replace("provider: acme", "provider: other"))
    code = (
        "import sys; from tarash_core.mapping.library import MappingLibrary as M; acme = M.load('acme', models=None);"
        "print(acme.models(), 'yaml' in sys.modules, M.load('other', models=None).find('kite').model)"
    )
    environment = {**os.environ, "PYTHONPATH": str(file.parents[1])}
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["()", "False", "kite"]


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}---\nmodels: [a]\n{DOCS}fields: {{x: prompt}}\n",
        FIRST.replace("schema: 1\n", ""),
        FIRST.replace("schema: 1", "schema: 2"),
        f"{FIRST}---\nmodles: [b]\n{DOCS}fields: {{x: prompt}}\n",
        f"{FIRST}---\nmodels: [b]\nprovider: other\n{DOCS}fields: {{x: prompt}}\n",
        f"{FIRST}---\nmodels: [b]\nmodels: [c]\n{DOCS}",
        f"{FIRST}--- {{}}\n",
    ],
)
def test_what_concerns_the_whole_file_is_an_error_at_once(library: Library, text: str) -> None:
    with pytest.raises(MappingError):
        library(text).models()


LINES = st.sampled_from(
    [
        "schema: 1", "---", "--- # next", "models: [a]", "models: [b, c/d]", 'models: ["*", "x/*"]', "models: [a, a]",
        "models:", "  - a", "- b", "  - c # see", "models: [true]", "models: [1.5]", "models: 'a'", '"models": [q]',
        "models: [a,", "  b]", "]", "docs: https://example.com", 'docs: "https://', "docs: |", "  text", "text",
        "task: any", "fields: {x: prompt}", "fields: {", "}", "fields:", "  x: prompt", "  x: {from: seed, values: {",
        "  }}", "extends: a", "provider: p", "provider: q",
        "family: f", "members: [a]", "# note", "", "...", "%YAML 1.2", "\ttab", '"', "models: [z] # one",
    ]
)  # fmt: skip


@given(own=st.booleans(), start=st.sampled_from(["", FIRST, OF_P]), lines=st.lists(LINES, max_size=14))
@example(own=False, start=OF_P, lines=["provider: p", "  - a", "models: [z] # one"])  # for 'p - a'
@settings(max_examples=max(600, settings().max_examples), deadline=None)
def test_what_is_told_is_what_is_parsed(own: bool, start: str, lines: list[str]) -> None:
    """Or the file is broken, and somebody is told."""
    text = (start + "\n".join(lines) + "\n").encode()
    try:
        whole = read_all(text, file="lines.yaml", provider="p", own=own)
    except MappingError:
        whole = None
    try:
        found = indexed(text, provider="p", file="lines.yaml", own=own)
        for one in found or ():
            if isinstance(one, Unread):
                one.read()
    except MappingError:
        assert whole is None
        return
    if found is not None and whole is not None:
        assert named(found) == named(whole)
    # What is for another provider is not parsed at all, in a data package: it may be broken.
    assert whole is not None or found is None or not own
