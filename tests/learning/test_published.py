"""Finding a model's input in what its provider publishes, and reading its parameters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from tarash_core.learning import SchemaError, learn
from tarash_core.learning.parameter import parameters_of, words_of
from tarash_core.learning.published import input_schema
from tarash_core.mapping.library import MappingLibrary
from tarash_core.mapping.vocabulary import REQUEST_FIELDS

INPUT = {"type": "object", "properties": {"prompt": {"type": "string"}}, "required": ["prompt"]}


def body(schema: Any) -> dict[str, Any]:
    return {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}


@pytest.mark.parametrize(
    "document",
    [
        INPUT,
        {"input_schema": INPUT},
        {"openapi_schema": {"openapi": "3.0.2", "components": {"schemas": {"Input": INPUT, "Output": {}}}}},
        {"openapi": "3.0.4", "paths": {"/status": {"get": {}}, "/x": body(INPUT)}},
        {
            "openapi": "3.1.0",
            "paths": {"/x": body({"$ref": "#/components/schemas/KiteInput"})},
            "components": {"schemas": {"KiteInput": INPUT, "OtherInput": {"type": "object", "properties": {}}}},
        },
        {"openapi": "3.1.0", "components": {"schemas": {"KiteInput": INPUT, "Output": {}}}},
    ],
    ids=["json schema", "input_schema", "replicate", "fal", "by reference", "one component"],
)
def test_the_input_is_found(document: dict[str, Any]) -> None:
    assert input_schema(document) == INPUT


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({}, "the input has no properties"),
        ({"openapi": "3.0.0", "paths": {}}, "neither a post with a JSON body nor a component named 'Input'"),
        ({"$ref": "#/nowhere"}, "'#/nowhere' points to nothing"),
        ({"properties": {"a": {"$ref": "https://example.com/x.json"}}}, "points outside of the document"),
        ({"properties": {}}, "takes no parameters"),
        ({"properties": {"instances": {"type": "array"}}}, "no parameter of it is one that a request has"),
    ],
)
def test_what_is_no_input_is_refused(document: dict[str, Any], says: str) -> None:
    with pytest.raises(SchemaError, match=says):
        learn(document, model="m", provider="p", source="s", read="2026-11-23")


def document_of(results: object, *, words: object = None, **components: object) -> dict[str, Any]:
    """What fal publishes of an endpoint: https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=..."""
    made = {"KiteOutput": words or {"type": "object", "properties": results}}
    return {
        "openapi": "3.0.4",
        "paths": {"/kite": body({"$ref": "#/components/schemas/KiteInput"})},
        "components": {"schemas": {"KiteInput": INPUT, **made, **components}},
    }


FILE = {"type": "object", "properties": {"url": {"type": "string"}}}


@pytest.mark.parametrize(
    ("results", "named"),
    [
        ({"images": {"type": "array", "items": FILE}, "seed": {"type": "integer"}}, "'images'"),
        ({"image": FILE, "mask_image": FILE}, "'image', 'mask_image'"),
        ({"audio": FILE, "prompt": {"type": "string"}}, "'audio'"),
        ({"model_mesh": {"$ref": "#/components/schemas/File"}}, "'model_mesh'"),
    ],
)
def test_a_model_whose_result_is_no_video_is_refused(results: dict[str, Any], named: str) -> None:
    with pytest.raises(SchemaError, match=f"makes no video: its result has {named}$"):
        learn(document_of(results, File=FILE), model="m", provider="p", source="s", read="2026-11-26")


@pytest.mark.parametrize(
    "document",
    [
        document_of({"video": FILE, "images": {"type": "array", "items": FILE}}),
        document_of({"output": {"type": "string"}, "image": FILE}),
        document_of({"gif": FILE}),
        document_of({"seed": {"type": "integer"}}),
        document_of({}),
        document_of("nothing"),
        document_of({"image": FILE}, OtherOutput={}),
        document_of({"image": {"$ref": "https://example.com/elsewhere.json"}}),
        document_of({}, words={"properties": {"image": FILE}, "oneOf": [{"properties": {"video": FILE}}, "nothing"]}),
        document_of({}, words={"type": "string", "format": "uri"}),
        document_of({}, words="nothing"),
    ],
    ids=[
        "video",
        "output",
        "gif",
        "no file",
        "empty",
        "no object",
        "two results",
        "elsewhere",
        "either",
        "text",
        "nothing",
    ],
)
def test_a_result_that_may_be_a_video_is_let_through(document: dict[str, Any]) -> None:
    found = learn(document, model="m", provider="p", source="s", read="2026-11-26")
    assert found.roles == {"prompt": "prompt"}


def test_references_and_all_of_are_followed() -> None:
    document = {
        "$defs": {"Size": {"enum": ["720p", "1080p"], "type": "string"}, "Base": INPUT},
        "allOf": [
            {"$ref": "#/$defs/Base"},
            {"properties": {"resolution": {"allOf": [{"$ref": "#/$defs/Size"}], "default": "720p"}}},
        ],
        "required": ["resolution"],
    }
    prompt, resolution = parameters_of(input_schema(document))
    assert prompt.required
    assert resolution.required
    assert resolution.choices == ("720p", "1080p")
    assert resolution.default == "720p"
    assert resolution.kinds == {"string"}


def test_a_tree_of_itself_ends() -> None:
    tree = {"type": "object", "properties": {"child": {"$ref": "#"}, "prompt": {"type": "string"}}}
    assert input_schema(tree)["properties"]["prompt"] == {"type": "string"}


def test_references_that_multiply_are_refused() -> None:
    definitions: dict[str, Any] = {"d0": {"type": "string"}}
    for number in range(1, 20):
        inner = {name: {"$ref": f"#/$defs/d{number - 1}"} for name in "abcd"}
        definitions[f"d{number}"] = {"type": "object", "properties": inner}
    with pytest.raises(SchemaError, match="too large"):
        input_schema({"$defs": definitions, "properties": {"x": {"$ref": "#/$defs/d19"}}})


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
        {"oneOf": [{"type": "null"}, {"type": "integer", "minimum": 1}]},
        {"type": ["integer", "null"], "minimum": 1},
        {"type": "integer", "nullable": True, "minimum": 1},
        {"type": "integer", "exclusiveMinimum": 0},
        {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
    ],
)
def test_null_and_the_spellings_of_a_bound_make_no_difference(schema: dict[str, Any]) -> None:
    (seed,) = parameters_of({"properties": {"seed": schema}})
    assert seed.kinds == {"integer"}
    assert seed.minimum == 1


def test_what_one_branch_enumerates_is_not_all_where_another_is_open() -> None:
    (duration,) = parameters_of({"properties": {"duration": {"anyOf": [{"type": "integer"}, {"enum": ["auto"]}]}}})
    assert duration.choices == ("auto",)
    assert duration.open == {"integer"}
    assert not duration.closed


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("image_url", ("image", "url")),
        ("promptText", ("prompt", "text")),
        ("targetURL", ("target", "url")),
        ("last-frame", ("last", "frame")),
        ("guidance_scale_2", ("guidance", "scale", "2")),
        ("", ()),
    ],
)
def test_names_fall_into_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


_KEYS = st.sampled_from(
    [
        "type",
        "enum",
        "const",
        "anyOf",
        "oneOf",
        "allOf",
        "items",
        "properties",
        "required",
        "default",
        "minimum",
        "maximum",
        "minItems",
        "$ref",
        "format",
        "description",
        "nullable",
        "duration",
        "image_url",
        "end_image",
        "prompt",
        "size",
        "resolution",
        "num_frames",
        "fps",
        "sound",
        "url",
    ]
)
_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
_TYPICAL = st.sampled_from(["string", "integer", "array", "object", "5s", "16:9", "1280x720", "#", "#/properties/size"])
_ANYTHING = st.recursive(
    _VALUES | _TYPICAL, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5)
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@example(properties={"prompt": {"const": False}, "resolution": None})
@example(properties={"image_url": {}, "\U00017000": None, "\x85": {"default": "\x07"}})
@example(properties={"seed": {}, "type": {"type": None, "$ref": "#", "properties": None}})
@example(properties={"seed": {}, "type": {"properties": {}, "required": [[]]}})
@example(properties={"seed": {"exclusiveMinimum": "0"}, "fps": {"type": ["x", 1, "integer"]}})
@given(properties=st.dictionaries(_KEYS | st.text(max_size=5), _ANYTHING, min_size=1, max_size=5))
def test_whatever_is_published_teaches_something_or_is_refused(properties: dict[str, Any]) -> None:
    try:
        found = learn({"properties": properties}, model="m", provider="p", source="s", read="2026-11-23")
    except SchemaError:
        return
    library = MappingLibrary.load("p", models=None)
    if all(name.isidentifier() for name in properties):
        library.add(found.text)
    there = {*found.document["fields"], *found.document.get("extra", {})}
    assert {*properties} - there <= {*REQUEST_FIELDS} & {*found.doubts}
