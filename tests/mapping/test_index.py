"""The names of a plugin's models are told without parsing; what they are told to be is what a parser finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from tarash_core.errors import MappingError
from tarash_core.mapping.document import Document
from tarash_core.mapping.family import Family
from tarash_core.mapping.files import read_file
from tarash_core.mapping.index import Unread, indexed
from tarash_core.mapping.library import MappingLibrary

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(ROOT.glob("plugins/*/*/models/**/*.yaml"))
Library = Callable[..., MappingLibrary]
DOCS = "docs: https://example.com\ntask: any\n"
FIRST = f"schema: 1\nmodels: [a]\n{DOCS}fields: {{x: prompt}}\n"


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
    found = indexed(file.read_bytes(), provider="p", file=str(file))
    assert found is not None
    assert named(found) == named(read_file(file, provider="p", own=True))
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
        "task: any", "fields: {x: prompt}", "fields: {", "}", "fields:", "  x: prompt", "extends: a", "provider: p",
        "family: f", "members: [a]", "# note", "", "...", "%YAML 1.2", "\ttab", '"', "models: [z] # one",
    ]
)  # fmt: skip


@given(start=st.sampled_from(["", FIRST]), lines=st.lists(LINES, max_size=14))
@settings(max_examples=400, deadline=None)
def test_what_is_told_is_what_is_parsed(tmp_path_factory: pytest.TempPathFactory, start: str, lines: list[str]) -> None:
    """Or the file is broken, and somebody is told."""
    file = tmp_path_factory.getbasetemp() / "lines.yaml"
    file.write_text(start + "\n".join(lines) + "\n")
    try:
        whole = read_file(file, provider="p", own=True)
    except MappingError:
        whole = None
    try:
        found = indexed(file.read_bytes(), provider="p", file=str(file))
        for one in found or ():
            if isinstance(one, Unread):
                one.read()
    except MappingError:
        assert whole is None
        return
    if found is not None:
        assert whole is not None
        assert named(found) == named(whole)
