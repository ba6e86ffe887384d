"""The reference page and the JSON Schema say what the code does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tarash_core.mapping.converters import CORE_CONVERTERS
from tarash_core.mapping.library import MappingLibrary
from tarash_core.mapping.schema import FILE, json_schema
from tarash_core.mapping.vocabulary import (
    DOCUMENT_WORDS,
    EXTRA_WORDS,
    FAMILY_WORDS,
    FIELD_WORDS,
    FORMS,
    KINDS,
    LIMITS,
    REQUEST_FIELDS,
    ROLES,
    RULE_WORDS,
    SOURCES,
    TASKS,
)
from tarash_core.yaml_reader import read_documents

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mappings.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
ALL_WORDS = [DOCUMENT_WORDS, FAMILY_WORDS, FIELD_WORDS, SOURCES, FORMS, LIMITS, EXTRA_WORDS, RULE_WORDS]
Library = Callable[..., MappingLibrary]


@pytest.mark.parametrize("words", ALL_WORDS)
def test_every_word_is_in_the_reference(words: dict[str, Any]) -> None:
    missing = [name for name, word in words.items() if f"| `{name}` | {word.says} |" not in PAGE]
    assert missing == []


def test_every_name_is_in_the_reference() -> None:
    names = [*TASKS, *ROLES, *KINDS, *REQUEST_FIELDS, *CORE_CONVERTERS]
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_the_reference_has_no_word_of_its_own() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    words = {*DOCUMENT_WORDS, *FAMILY_WORDS, *FIELD_WORDS, *EXTRA_WORDS, *RULE_WORDS, *REQUEST_FIELDS}
    assert rows == words | set(CORE_CONVERTERS)


def test_the_first_example_does_what_the_page_says(library: Library) -> None:
    mapping = library(EXAMPLES[0].replace("provider: fal", "provider: acme")).find("fal-ai/veo3.1/fast/image-to-video")
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    (answer,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    assert mapping.apply(namespace["request"], model=mapping.model).arguments == json.loads(answer)


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    elder = (
        "schema: 1\nprovider: fal\ntask: any\n"
        "models: [fal-ai/veo3.1, fal-ai/veo3.1/image-to-video, fal-ai/veo3.1/first-last-frame-to-video]\n"
        "fields: {seed: seed, resolution: resolution, duration: duration_seconds}\n"
    )
    (tmp_path / "elder.yaml").write_text(elder)
    monkeypatch.setenv("TARASH_MAPPINGS", str(tmp_path / "elder.yaml"))
    (provider,) = re.findall(r"^provider: (\w+)$", text, re.MULTILINE)
    acme = MappingLibrary.load(provider, models=None)
    before = acme.models(), acme.families()
    acme.add(text)
    assert acme.check() == ()
    assert (acme.models(), acme.families()) != before or "null" in text
    jsonschema.validate(read_documents(text, file="example")[0].plain(), json_schema())


def test_the_schema_file_is_fresh() -> None:
    fresh = json.dumps(json_schema(), indent=2) + "\n"
    assert FILE.read_text(encoding="utf-8") == fresh, "write json_schema() to schema.json again"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("file", sorted(ROOT.glob("plugins/*/*/models/**/*.yaml")), ids=lambda file: file.stem)
def test_the_schema_accepts_what_ships(file: Path) -> None:
    for document in read_documents(file.read_bytes(), file=file.name):
        jsonschema.validate(document.plain(), json_schema())


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("{}", "$"),
        ("{models: []}", "$.models"),
        ("{models: [m], feilds: {}}", "$"),
        ("{models: [m], task: video}", "$.task"),
        ("{models: [m], schema: 2}", "$.schema"),
        ("{models: [m], fields: {x: promt}}", "$.fields.x"),
        ("{models: [m], fields: {x: {form: prompt}}}", "$.fields.x"),
        ("{models: [m], fields: {x: {from: prompt, const: 1}}}", "$.fields.x"),
        ("{models: [m], fields: {x: {required: true}}}", "$.fields.x"),
        ("{models: [m], fields: {x: {from: seed, as: string, use: frames}}}", "$.fields.x"),
        ("{models: [m], fields: {x: {image: frist_frame}}}", "$.fields.x"),
        ("{models: [m], extra: {x: text}}", "$.extra.x"),
        ("{models: [m], rules: [{needs: [seed]}]}", "$.rules[0]"),
        ("{models: [m], rules: [{when: {seed: 1}}]}", "$.rules[0]"),
        ("{models: [m], rules: [{some_of: [seed]}]}", "$.rules[0].some_of"),
        ("{models: [m], rules: [{total: {of: [seed]}}]}", "$.rules[0].total"),
        ("{models: [m], deprecated_on: soon}", "$.deprecated_on"),
        ("{models: [m], replaced_by: n}", "$"),
        ("{family: f}", "$"),
        ("{family: f, members: [m], models: [m]}", "$"),
        ("{family: f, members: [m], fields: {}}", "$"),
        ("{models: [m], members: [m]}", "$"),
    ],
)
def test_the_schema_refuses(document: str, path: str) -> None:
    (node,) = read_documents(document, file="f")
    errors = list(jsonschema.Draft202012Validator(json_schema()).iter_errors(node.plain()))
    assert path in {error.json_path for error in errors}
