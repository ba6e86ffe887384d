"""From what a provider publishes (an OpenAPI document or a JSON Schema) to the one schema of a model's input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Json: TypeAlias = Mapping[str, Any]

MAX_DEPTH = 24
MOST_VISITS = 50_000
# Components that hold the input: Replicate's (https://replicate.com/docs/reference/openapi) is exactly this.
_INPUT = "Input"
_OUTPUT = "Output"


class SchemaError(ValueError):
    """A document is no input schema; the message says what was looked for, in lower case."""


def input_schema(document: Json) -> dict[str, Any]:
    """The schema of a model's input, with every reference in it followed and ``allOf`` put together.

    Args:
        document: A JSON Schema of an object; an OpenAPI 3 document whose ``components.schemas.Input`` is the input, or
            whose one ``post`` has a JSON body; or ``{"input_schema": ...}`` or ``{"openapi_schema": ...}`` around one.

    Raises:
        SchemaError: There is no input in it, references run in a circle through objects without end, or one of them
            points nowhere.
    """
    for wrapper in ("openapi_schema", "input_schema", "schema"):
        inner = document.get(wrapper)
        if isinstance(inner, Mapping):
            return input_schema(inner)
    found = _input_of(document)
    schema = _Resolver(document).resolved(found, (), 0)
    if not isinstance(schema.get("properties"), Mapping):
        raise SchemaError("the input has no properties; a JSON Schema of an object is wanted, or an OpenAPI document")
    return schema


def output_schema(document: Json) -> dict[str, Any]:
    """The schema of what a model makes: the only component of an OpenAPI document whose name ends with ``Output``.

    Empty where none is published, or more than one, or one that cannot be read.
    """
    schemas = _at(document, "components", "schemas")
    found = [schema for name, schema in schemas.items() if str(name).endswith(_OUTPUT)]
    if len(found) != 1:
        return {}
    try:
        return _Resolver(document).resolved(found[0], (), 0)
    except SchemaError:
        return {}


def _input_of(document: Json) -> Json:
    if "openapi" not in document and "paths" not in document and "components" not in document:
        return document
    # The path first: components hold inputs of other endpoints too.
    bodies = list(_bodies(document))
    schemas = _at(document, "components", "schemas")
    named = schemas.get(_INPUT)
    if isinstance(named, Mapping):
        return named
    if bodies:
        return bodies[0]
    inputs = [schema for name, schema in schemas.items() if name.endswith(_INPUT) and isinstance(schema, Mapping)]
    if len(inputs) == 1:
        return inputs[0]
    raise SchemaError(
        "no input in this openapi document: neither a post with a JSON body nor a component named 'Input'"
    )


def _bodies(document: Json) -> Iterator[Json]:
    """The JSON bodies of the document's posts, in its order."""
    for operations in _at(document, "paths").values():
        content = _at(operations, "post", "requestBody", "content") if isinstance(operations, Mapping) else {}
        for kind, media in content.items():
            if "json" in str(kind) and isinstance(media, Mapping) and isinstance(media.get("schema"), Mapping):
                yield media["schema"]


def _at(document: Json, *path: str) -> Json:
    """What stands at a path; empty where there is no object."""
    found: Any = document
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


class _Resolver:
    """Follows references of one document. Schemas come from strangers: depth and work are bounded."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._visits = 0

    def resolved(self, schema: Any, following: tuple[str, ...], depth: int) -> dict[str, Any]:
        """A copy of a schema without ``$ref`` and ``allOf``; deeper than anybody reads it is any value."""
        self._visits += 1
        if self._visits > MOST_VISITS:
            raise SchemaError("the schema is too large once its references are followed")
        if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
            return {}
        found = dict(schema)
        reference = found.pop("$ref", None)
        parts = [self.resolved(part, following, depth + 1) for part in _list(found.pop("allOf", None))]
        if isinstance(reference, str):
            parts.insert(0, self._referenced(reference, following, depth))
        self._descend(found, following, depth)
        whole: dict[str, Any] = {}
        for part in (*parts, found):
            whole = _together(whole, part)
        return whole

    def _referenced(self, reference: str, following: tuple[str, ...], depth: int) -> dict[str, Any]:
        if reference in following:
            return {}  # a tree of itself: how it goes on is of no use here
        if not reference.startswith("#"):
            raise SchemaError(f"'{reference}' points outside of the document; give one document that holds all")
        target: Any = self._document
        for key in reference.removeprefix("#").strip("/").split("/") if reference != "#" else ():
            key = key.replace("~1", "/").replace("~0", "~")
            target = target.get(key) if isinstance(target, Mapping) else None
        if not isinstance(target, Mapping):
            raise SchemaError(f"'{reference}' points to nothing in the document")
        return self.resolved(target, (*following, reference), depth + 1)

    def _descend(self, found: dict[str, Any], following: tuple[str, ...], depth: int) -> None:
        if isinstance(found.get("properties"), Mapping):
            found["properties"] = {
                str(name): self.resolved(inner, following, depth + 1) for name, inner in found["properties"].items()
            }
        else:
            found.pop("properties", None)
        if isinstance(found.get("items"), Mapping):
            found["items"] = self.resolved(found["items"], following, depth + 1)
        for word in ("anyOf", "oneOf"):
            if word in found:
                found[word] = [self.resolved(branch, following, depth + 1) for branch in _list(found[word])]


def _together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Both schemas hold: what the second says wins, properties and required names add up."""
    merged = {**one, **other}
    if "properties" in one and "properties" in other:
        merged["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        merged["required"] = [*_list(one["required"]), *_list(other["required"])]
    return merged


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
