"""What published JSON Schemas allow, as payloads."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

Json = dict[str, Any]

TEXTS = ("a red kite", "Drachen über der See")
LARGEST_SEED = 2**31 - 1
# Of the combinations that the rules of a model speak of, hardly more than this are tried.
MOST_COMBINATIONS = 200


class Published:
    """The input schema of each model, and payloads of it.

    Args:
        schemas: By model, the JSON Schema of the parameters that its mapping makes: ``type: object``, ``properties``,
            ``required``, and rules between them as ``allOf``. ``format: uri`` is a file.

    Attributes:
        image: What stands in the place of an image, or of any other file but a video.
        video: What stands in the place of a video.
        videos: The parameters that hold the request's one video.
        examples: What may stand under a name, where its schema allows more than is ever sent.
        ranges: The whole numbers that may stand under a name whose schema gives no range.
        companions: What some rule wants beside another parameter; the first that makes a payload valid is taken.
    """

    image: str = "https://example.com/picture.png"
    video: str = "https://example.com/clip.mp4"
    videos: Collection[str] = ()
    examples: Mapping[str, list[Any]] = {}
    ranges: Mapping[str, tuple[int, int]] = {}
    companions: tuple[Json, ...] = ({},)

    def __init__(self, schemas: Mapping[str, Json]) -> None:
        self.schemas = schemas
        self._smallest: dict[str, Json] = {}

    @cached_property
    def _validators(self) -> dict[str, Draft202012Validator]:
        return {model: Draft202012Validator(schema) for model, schema in self.schemas.items()}

    def is_valid(self, model: str, payload: Json) -> bool:
        """Whether the schema allows a payload."""
        valid: bool = self._validators[model].is_valid(payload)
        return valid

    def properties(self, model: str) -> dict[str, Json]:
        """The parameters of a model; of one without a schema, none."""
        found: dict[str, Json] = self.schemas[model]["properties"] if model in self.schemas else {}
        return found

    def required(self, model: str) -> list[str]:
        """The names of those that it cannot do without."""
        return list(self.schemas[model].get("required", ()))

    def smallest(self, model: str) -> Json:
        """What the model cannot do without, one value for each."""
        if model not in self._smallest:
            needed = {name: self.least(name, self.properties(model)[name]) for name in self.required(model)}
            self._smallest[model] = self.completed(model, needed)
        return dict(self._smallest[model])

    def completed(self, model: str, payload: Json, *, over: Json | None = None) -> Json:
        """The payload with what the rules ask for beside it, laid over what may give way to that."""
        for more in self.companions:
            together = {**(over or {}), **more, **payload}
            if self.is_valid(model, together):
                return together
        raise AssertionError(f"no companion makes a payload of '{model}' valid: {payload}")

    def choosing(self, model: str) -> Iterator[Json]:
        """The smallest payload with each documented choice of each parameter, and with the ends of its range."""
        for name, schema in self.properties(model).items():
            for value in self.choices(name, schema) + self.ends(name, schema):
                yield self.completed(model, {name: value}, over=self.smallest(model))

    def combinations(self, model: str) -> Iterator[Json]:
        """What the rules of a model speak of, given and not given together; of many combinations, some."""
        rules, needed = json.dumps(self.schemas[model].get("allOf", "")), self.required(model)
        names = [name for name in self.properties(model) if f'"{name}"' in rules and name not in needed]
        options = [[None, *self._options(name, self.properties(model)[name])] for name in names]
        found = list(product(*options)) if names else []
        # An odd step visits every option, of which there are mostly two or four.
        step = (len(found) // MOST_COMBINATIONS + 1) | 1
        for values in found[::step]:
            together = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            yield {**without(self.smallest(model), *names), **together}

    def _options(self, name: str, schema: Json) -> list[Any]:
        return self.choices(name, schema) or [self.least(name, schema)]

    def by_the_rules(self, model: str, payload: Json) -> Json:
        """As much of a payload as the rules allow together."""
        kept = dict(payload)
        optional = [name for name in payload if name not in self.required(model)]
        while optional and not self.is_valid(model, kept):
            last_straw = [name for name in optional if self.is_valid(model, without(kept, name))]
            dropped = last_straw[0] if last_straw else optional[-1]
            optional.remove(dropped)
            kept.pop(dropped)
        return self.completed(model, kept)

    def choices(self, name: str, schema: Json) -> list[Any]:
        """Each documented value."""
        if name in self.examples:
            return self.examples[name]
        if "anyOf" in schema:
            return [value for one in schema["anyOf"] for value in self.choices(name, one)]
        documented: list[Any] = schema.get("enum", [True, False] if schema.get("type") == "boolean" else [])
        return documented

    def ends(self, name: str, schema: Json) -> list[Any]:
        """The least and the greatest value of a range, the shortest and the longest text, the longest list."""
        if name in self.examples:
            return []
        found = [schema[end] for end in ("minimum", "maximum") if end in schema]
        found += ["x" * schema[end] for end in ("minLength", "maxLength") if end in schema]
        if "maxItems" in schema and name not in self.videos:  # a request has one video
            found.append([self.least(name, schema["items"])] * schema["maxItems"])
        return found

    def is_file(self, name: str, schema: Json) -> bool:
        """Whether a text is the address of a file."""
        return schema.get("format") == "uri"

    def least(self, name: str, schema: Json) -> Any:
        """One value that the schema allows."""
        if name in self.examples or "enum" in schema or "anyOf" in schema:
            return self.choices(name, schema)[0]
        match schema.get("type"):
            case "array":
                return [self.least(name, schema["items"])]
            case "object":
                return {inner: self.least(inner, schema["properties"][inner]) for inner in schema.get("required", ())}
            case "integer" | "number":
                return schema.get("default", 1)
            case "boolean":
                return True
        return self._file(name) if self.is_file(name, schema) else TEXTS[0]

    def values(self, name: str, schema: Json) -> st.SearchStrategy[Any]:
        """What the schema allows and a request can ask for."""
        if name in self.examples or "enum" in schema:
            return st.sampled_from(self.choices(name, schema))
        if "anyOf" in schema:
            return st.one_of([self.values(name, one) for one in schema["anyOf"]])
        match schema["type"]:
            case "boolean":
                return st.booleans()
            case "array":  # a request has one video
                most = min(schema.get("maxItems", 2), 1 if name in self.videos else 2)
                return st.lists(self.values(name, schema["items"]), min_size=1, max_size=most)
            case "object":
                return self.objects(schema)
            case "integer" | "number":
                return self._numbers(name, schema)
        if self.is_file(name, schema):
            return st.just(self._file(name))
        return st.sampled_from([*TEXTS, "x" * schema.get("maxLength", 40)])

    def objects(self, schema: Json) -> st.SearchStrategy[Json]:
        """Objects with everything that is required and any of the rest."""
        found = {name: self.values(name, inner) for name, inner in schema.get("properties", {}).items()}
        required = {name: found.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(required, optional=found)

    def _file(self, name: str) -> str:
        return self.video if name in self.videos else self.image

    def _numbers(self, name: str, schema: Json) -> st.SearchStrategy[float]:
        """Whole ones where the type says so, or a range that is given here: a published "number" often means those."""
        whole = schema["type"] == "integer" or name in self.ranges
        low, high = self.ranges.get(name, (0, LARGEST_SEED if whole else 2))
        low, high = schema.get("minimum", low), schema.get("maximum", high)
        if not whole:
            return st.floats(low, high)
        step = schema.get("multipleOf", 1)
        return st.integers(-(-low // step), high // step).map(lambda count: count * step)


def without(payload: Json, *names: str) -> Json:
    """A payload without some of its parameters."""
    return {name: value for name, value in payload.items() if name not in names}
