"""One parameter of a model's input, read from its JSON Schema."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tarash_core.learning.published import Json

Scalar = str | int | float | bool
# ``b64`` and ``Base64`` are one word: an image in base 64 is not the sixty-fourth.
_WORD = re.compile(r"B(?:ase)?64|(?<![a-z])b(?:ase)?64|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# A frame to go through is no key.
_KEYFRAME = re.compile(r"key[_-]?frame", re.IGNORECASE)
_TYPES = frozenset({"string", "integer", "number", "boolean", "array", "object", "null"})
# The largest number that a mapping holds: longer ones are a slip, or an attack.
_MOST = 10**24
# What every name of an input may begin with, where it has so many parameters, and say nothing by it.
_FEWEST_ALIKE = 4
_BEGINNINGS = frozenset({"input", "inputs", "param", "params", "arg", "args", "request", "req", "gen", "generation"})
_LIMITS = ("minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a schema says of one parameter, null and its spellings left out.

    Args:
        name: The provider's name of it.
        words: The name's words in lower case: ``promptText`` is ``("prompt", "text")``.
        kinds: JSON types that it takes; empty where the schema does not say.
        choices: Every value that is enumerated.
        open: The types of which any value goes, not only the `choices`.
        minimum: The least number; whole where the parameter is.
        maximum: The greatest number.
        multiple_of: The step.
        min_length: The fewest letters.
        max_length: The most letters.
        min_items: The fewest items.
        max_items: The most items.
        default: Used when it is left out; None where there is none.
        required: Whether the input must have it.
        items: What each item of an array is.
        inner: The parameters of an object.
        is_file: Whether the schema itself says that it is a file or its URL.
        description: What the provider says of it, in lower case on one line; empty in test data.
    """

    name: str
    words: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    choices: tuple[Scalar, ...] = ()
    open: frozenset[str] = frozenset()
    minimum: float | None = None
    maximum: float | None = None
    multiple_of: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    default: Any = None
    required: bool = False
    items: Parameter | None = None
    inner: Mapping[str, Parameter] = field(default_factory=dict)
    is_file: bool = False
    description: str = ""

    @property
    def closed(self) -> bool:
        """Whether the `choices` are all there is."""
        return bool(self.choices) and not self.open

    def takes(self, *kinds: str) -> bool:
        """Whether it takes a value of one of these types, as far as the schema says."""
        return not self.kinds or bool(self.kinds & set(kinds))

    @property
    def text_choices(self) -> tuple[str, ...]:
        """The enumerated texts."""
        return tuple(choice for choice in self.choices if isinstance(choice, str))

    @property
    def number_choices(self) -> tuple[int | float, ...]:
        """The enumerated numbers."""
        return tuple(c for c in self.choices if isinstance(c, int | float) and not isinstance(c, bool))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in snake, kebab or camel case, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(_KEYFRAME.sub("_keyframe", name)))


def parameters_of(schema: Json) -> tuple[Parameter, ...]:
    """The parameters of an object's schema, in its order; deprecated and read-only ones too."""
    required = schema.get("required")
    needed = {str(name) for name in required} if isinstance(required, list) else set()
    found = tuple(
        parameter_of(str(name), inner, required=name in needed) for name, inner in schema["properties"].items()
    )
    if len(found) < _FEWEST_ALIKE or not all(set(each.words[:1]) & _BEGINNINGS for each in found):
        return found
    return tuple(replace(each, words=each.words[1:] or each.words) for each in found)


def parameter_of(name: str, schema: Json, *, required: bool = False) -> Parameter:
    """A parameter, with what all branches of ``anyOf`` and ``oneOf`` say put together."""
    branches = [branch for branch in _branches(schema) if _kinds(branch) != {"null"}]
    kinds = frozenset().union(*(_kinds(branch) for branch in branches)) - {"null"}
    if any(not _kinds(branch) for branch in branches):
        kinds = frozenset()
    choices = tuple(dict.fromkeys((type(c), c) for branch in branches for c in _choices(branch)))
    array = next((branch for branch in branches if isinstance(branch.get("items"), Mapping)), {})
    table = next((branch for branch in branches if isinstance(branch.get("properties"), Mapping)), {})
    return Parameter(
        name=name,
        words=words_of(name),
        kinds=kinds,
        choices=tuple(choice for _, choice in choices),
        open=frozenset().union(*(_kinds(b) or {"any"} for b in branches if not _enumerates(b))) - {"null"},
        required=required,
        default=_default(schema),
        items=parameter_of("", array["items"]) if array else None,
        inner={found.name: found for found in parameters_of(table)} if table else {},
        is_file=any(_is_file(branch) for branch in (schema, *branches)),
        description=" ".join(str(schema.get("description") or "").lower().split()),
        **_limits(branches),
    )


def _branches(schema: Json) -> Iterator[Json]:
    """The alternatives of a schema, each with what stands beside them."""
    for word in ("anyOf", "oneOf"):
        alternatives = schema.get(word)
        if isinstance(alternatives, list) and alternatives:
            beside = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
            for alternative in alternatives:
                yield from _branches({**beside, **alternative})
            return
    yield schema


def _kinds(schema: Json) -> set[str]:
    kind = schema.get("type")
    if isinstance(kind, str | list):
        # A type that JSON Schema does not have says nothing.
        return {one for one in ([kind] if isinstance(kind, str) else kind) if isinstance(one, str) and one in _TYPES}
    return {_kind_of(choice) for choice in _values(schema)}


def _values(schema: Json) -> list[Any]:
    """What is enumerated, null included: one value as ``const``, several as ``enum``."""
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return values if isinstance(values, list) else []


def _choices(schema: Json) -> Iterator[Scalar]:
    for value in _values(schema):
        if isinstance(value, str) or (isinstance(value, int | float) and _is_sane(value)):
            yield value


def _enumerates(schema: Json) -> bool:
    # Luma marks an enum as one that grows: still the only values that are documented.
    return bool(_values(schema))


def _kind_of(value: Any) -> str:
    for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "null" if value is None else "object"


def _default(schema: Json) -> Any:
    value = schema.get("default")
    # Replicate's older schemas spell "no default" as Python does.
    return None if value in ("None", "", []) else value


def _limits(branches: list[Json]) -> dict[str, Any]:
    """The limits of the one branch that has some."""
    limited = next((branch for branch in branches if any(word in branch for word in _LIMITS)), None)
    found = limited or next((branch for branch in branches if "exclusiveMinimum" in branch), {})
    step = _number(found.get("multipleOf"))
    least, most = _bound(found, "minimum", "exclusiveMinimum", +1), _bound(found, "maximum", "exclusiveMaximum", -1)
    return {
        "multiple_of": step if step and step > 0 else None,
        **_between("minimum", least, "maximum", most),
        **_between("min_length", _count(found.get("minLength")), "max_length", _count(found.get("maxLength"))),
        **_between("min_items", _count(found.get("minItems")), "max_items", _count(found.get("maxItems"))),
    }


def _between(low: str, least: float | None, high: str, most: float | None) -> dict[str, float | None]:
    """Two limits; none where there is nothing between them, which is a slip of the schema."""
    possible = least is None or most is None or least <= most
    return {low: least if possible else None, high: most if possible else None}


def _bound(schema: Json, word: str, exclusive: str, step: int) -> float | None:
    """An inclusive bound. An exclusive one is the next whole number, or the next number that there is."""
    value, told = _number(schema.get(word)), schema.get(exclusive)
    beyond = value if told is True else _number(told)  # OpenAPI 3.0 says True beside the bound
    if beyond is None:
        return value
    if _kinds(schema) == {"integer"}:
        return float(math.floor(beyond) + 1 if step > 0 else math.ceil(beyond) - 1)
    return math.nextafter(beyond, math.inf * step)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_sane(value):
        return None
    return value


def _is_sane(number: float) -> bool:
    """Whether a number is one that a mapping can hold: finite, and no longer than anybody means."""
    return -_MOST <= number <= _MOST


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST else None


def _is_file(schema: Json) -> bool:
    return schema.get("format") in ("uri", "binary", "data-url") or "contentMediaType" in schema
