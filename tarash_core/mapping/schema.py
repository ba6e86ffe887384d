"""The JSON Schema of the mapping language, for editors, made from the same tables as the reader."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tarash_core.mapping.vocabulary import (
    CONDITIONAL,
    DOCUMENT_WORDS,
    EXTRA_WORDS,
    FAMILY_WORDS,
    FIELD_WORDS,
    FORMS,
    REQUEST_FIELDS,
    RULE_WORDS,
    SOURCES,
    UNCONDITIONAL,
    Schema,
    Word,
)

FILE = Path(__file__).with_name("schema.json")


def json_schema() -> dict[str, Any]:
    """A draft 2020-12 schema of one document of a mapping file: a mapping, or a family.

    It knows every word and what the word takes, not what only the whole says: which words go together, whether a
    converter exists.
    """
    inherited: Schema = {"type": "null", "description": "remove what an earlier layer or `extends` gives"}
    field: Schema = {
        "anyOf": [
            {"enum": list(REQUEST_FIELDS), "description": "passed through"},
            _group(FIELD_WORDS) | {"oneOf": [{"required": [name]} for name in SOURCES], "not": _two_forms()},
            inherited,
        ]
    }
    extra: Schema = {"anyOf": [EXTRA_WORDS["type"].schema, _group(EXTRA_WORDS), inherited]}
    rule: Schema = _group(RULE_WORDS) | {
        "anyOf": [{"required": [name]} for name in (*CONDITIONAL, *UNCONDITIONAL)],
        "dependentRequired": {name: ["when"] for name in CONDITIONAL},
    }
    document = _group(DOCUMENT_WORDS | FAMILY_WORDS)
    document["properties"]["fields"]["additionalProperties"] = field
    document["properties"]["extra"]["additionalProperties"] = extra
    document["properties"]["rules"]["items"] = rule
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tarash model mapping",
        "description": "How requests become the parameters of one or several models of a provider.",
        **document,
        "oneOf": [{"required": ["models"]}, {"required": ["family", "members"]}],
        "dependentSchemas": {
            "family": {"propertyNames": {"enum": list(FAMILY_WORDS)}},
            "models": {"propertyNames": {"enum": list(DOCUMENT_WORDS)}},
        },
        "dependentRequired": {"replaced_by": ["deprecated_on"]},
    }


def _group(words: Mapping[str, Word]) -> Schema:
    properties = {name: {**word.schema, "description": word.says} for name, word in words.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _two_forms() -> Schema:
    names = list(FORMS)
    pairs = [[one, other] for number, one in enumerate(names) for other in names[number + 1 :]]
    return {"anyOf": [{"required": pair} for pair in pairs]}
