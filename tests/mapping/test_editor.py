"""What an editor makes of the JSON Schema that ships: completion at a place, words explained, mistakes underlined.

The schema is walked as the YAML language server walks it: through properties, items, and every branch of ``anyOf``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tarash_core.mapping.schema import FILE
from tarash_core.mapping.vocabulary import (
    DOCUMENT_WORDS,
    EXTRA_WORDS,
    FAMILY_WORDS,
    FIELD_WORDS,
    KINDS,
    REQUEST_FIELDS,
    ROLES,
    RULE_WORDS,
    TASKS,
)
from tarash_core.yaml_reader import read_documents

Schema = dict[str, Any]
SHIPPED: Schema = json.loads(FILE.read_text(encoding="utf-8"))


def branches(schema: Schema) -> Iterator[Schema]:
    yield schema
    for inner in schema.get("anyOf", ()):
        yield from branches(inner)


def below(schema: Schema, step: str) -> Iterator[Schema]:
    for branch in branches(schema):
        if step == "-" and "items" in branch:
            yield from branches(branch["items"])
        elif step in branch.get("properties", {}):
            yield from branches(branch["properties"][step])
        elif isinstance(branch.get("additionalProperties"), dict):
            yield from branches(branch["additionalProperties"])


def at(path: str) -> list[Schema]:
    """Every schema that may describe what stands at ``fields.x.from``; ``-`` is an item of a list."""
    found = list(branches(SHIPPED))
    for step in path.split(".") if path else ():
        found = [inner for schema in found for inner in below(schema, step)]
    return found


def keys_offered(path: str) -> set[str]:
    return {name for schema in at(path) for name in schema.get("properties", {})}


def values_offered(path: str) -> set[object]:
    return {value for schema in at(path) for value in (*schema.get("enum", ()), *filter(None, [schema.get("const")]))}


def every(error: jsonschema.ValidationError) -> Iterator[jsonschema.ValidationError]:
    """An error, and those of the branches of an ``anyOf``."""
    yield error
    for inner in error.context or ():
        yield from every(inner)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", {*DOCUMENT_WORDS, *FAMILY_WORDS}),
        ("fields.anything", set(FIELD_WORDS)),
        ("extra.anything", set(EXTRA_WORDS)),
        ("rules.-", set(RULE_WORDS)),
        ("rules.-.total", {"of", "min_items", "max_items"}),
        ("fields.anything.images", {"except"}),
    ],
)
def test_keys_are_completed(path: str, words: set[str]) -> None:
    assert keys_offered(path) == words


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("task", set(TASKS)),
        ("fields.anything", set(REQUEST_FIELDS)),
        ("fields.anything.from", set(REQUEST_FIELDS)),
        ("fields.anything.image", set(ROLES)),
        ("fields.anything.images.-", set(ROLES)),
        ("fields.anything.takes.-", {*REQUEST_FIELDS, *ROLES}),
        ("extra.anything", set(KINDS)),
        ("extra.anything.type", set(KINDS)),
    ],
)
def test_values_are_completed(path: str, values: set[object]) -> None:
    assert values_offered(path) == values


def test_every_word_is_explained_under_the_pointer() -> None:
    for path in ("", "fields.anything", "extra.anything", "rules.-"):
        for schema in at(path):
            assert [name for name, word in schema.get("properties", {}).items() if not word.get("description")] == []


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        ("models: [m]\nfeilds: {}", "$", "'feilds' was unexpected"),
        ("models: [m]\ntask: text-to-vide", "$.task", "'text-to-vide' is not one of"),
        ("models: [m]\nfields: {x: promt}", "$.fields.x", "'promt' is not one of"),
        ("models: [m]\nfields: {x: {from: seed, one_off: [1]}}", "$.fields.x", "'one_off' was unexpected"),
        ("models: [m]\nfields: {x: {image: frist_frame}}", "$.fields.x.image", "'frist_frame' is not one of"),
        ("models: [m]\nextra: {x: text}", "$.extra.x", "'text' is not one of"),
        ("models: [m]\nrules: [{needs: [seed]}]", "$.rules[0]", "'when' is a dependency of 'needs'"),
        ("family: f\nmember: [m]", "$", "'member' was unexpected"),
    ],
)
def test_a_mistake_is_underlined_where_it_stands(text: str, path: str, says: str) -> None:
    (node,) = read_documents(text, file="editor")
    errors = jsonschema.Draft202012Validator(SHIPPED).iter_errors(node.plain())
    found = [one for error in errors for one in every(error)]
    assert [one for one in found if one.json_path == path and says in one.message]


def test_a_finished_file_has_no_complaints() -> None:
    text = "schema: 1\nprovider: p\nmodels: [m]\ntask: any\nfields: {x: {from: seed, min: 0}}\nextra: {y: boolean}"
    (node,) = read_documents(text, file="editor")
    jsonschema.Draft202012Validator(SHIPPED).validate(node.plain())
