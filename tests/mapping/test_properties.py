"""Whatever is in a file, only `MappingError` comes out; whatever is in a request, nothing is dropped in silence."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from tarash_core import list_plugins
from tarash_core.errors import MappingError, TarashException, ValidationError
from tarash_core.mapping.library import MappingLibrary
from tarash_core.mapping.model import ModelMapping
from tarash_core.mapping.schema import json_schema
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
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest
from tarash_core.stack import stack_of
from tarash_core.yaml_node import Node
from tarash_core.yaml_reader import read_documents

# The autouse fixture only points the environment to an empty folder, the same one for every example.
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)

BASE = {"models": ["m"], "task": "any", "fields": {"prompt": "prompt", "seed": {"from": "seed", "min": 0}}}

names = st.sampled_from([*REQUEST_FIELDS, *ROLES, "m", "x", "x/*", "*", "all", "except", "string", "{}s", "frames", ""])
scalars = st.one_of(
    names,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from([*KINDS, *TASKS, "given", "missing", "720p", "16:9", 1, 8, 2.5, 0, -1]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def group(words: Any, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A dict with some of the words, each with something that may or may not belong there."""
    return st.fixed_dictionaries({}, optional={name: known.get(name, values) for name in words} | {"zzz": values}).map(
        lambda found: dict(list(found.items())[:4])
    )


fields = st.dictionaries(names, values | group(FIELD_WORDS), max_size=3)
extras = st.dictionaries(names, values | group(EXTRA_WORDS), max_size=3)
rules = st.lists(values | group(RULE_WORDS), max_size=2)
documents = st.fixed_dictionaries(
    {"models": st.sampled_from([["m"], ["new"], ["x/*"], ["*"], ["m", "new"]])},
    optional={
        "schema": st.just(1),
        "provider": st.just("acme"),
        "docs": st.just("https://example.com"),
        "task": st.sampled_from(TASKS),
        "extends": st.sampled_from(["m", "new"]),
        "replace": st.booleans(),
        "deprecated_on": st.sampled_from(["2020-01-01", "2999-01-01", None, "soon"]),
        "replaced_by": st.sampled_from(["m", "new"]),
        "fields": fields,
        "extra": extras,
        "rules": rules,
    },
)
families = st.fixed_dictionaries({"family": names, "members": st.lists(names, max_size=3) | values})
words = st.sampled_from([*DOCUMENT_WORDS, *FAMILY_WORDS, "zzz"])
anything = st.one_of(documents, families, values, st.dictionaries(words, values))


SCHEMA = jsonschema.Draft202012Validator(json_schema())
REQUESTS = (
    VideoGenerationRequest(prompt="p", duration_seconds=2.5, resolution="720p", extra_params={"x": [1], "m": "m"}),
    VideoGenerationRequest(
        duration_seconds=8,
        aspect_ratio="16:9",
        seed=1,
        number_of_videos=2,
        generate_audio=True,
        video="https://example.com/v.mp4",
        image_list=[{"image": f"https://example.com/{role}.png", "role": role} for role in (*ROLES, "reference")],
        extra_params={"x": 1e308, "all": float("nan")},
    ),
)


def library() -> MappingLibrary:
    acme = MappingLibrary.load("acme", models=None)
    acme.add(BASE)
    return acme


def raised(kind: type[TarashException], action: Callable[[], object]) -> TarashException | None:
    """What an action raises of this kind; every other exception is a failure."""
    try:
        action()
    except kind as error:
        return error
    return None


def only_mapping_errors(add: Callable[[], None], acme: MappingLibrary) -> None:
    error = raised(MappingError, add)
    if error is None:
        assert acme.check() == ()
        assert all(line.place for model in acme.models() for line in acme.find(model).explain())
        request = VideoGenerationRequest(prompt="p")
        for family in acme.families():
            raised(ValidationError, functools.partial(acme.chosen, family, request))
        for model in acme.models():
            for full in REQUESTS:
                raised(TarashException, functools.partial(acme.find(model).apply, full, model=model))
    else:
        assert isinstance(error, MappingError)
        assert error.file


@quick
@given(st.text())
@example("a: 'x\n\ud800")
@example("? [\n")
@example("- - - ?")
@example("\ufeff\ufeff")
@example("%TAG ! x\n---\n")
@example("--- |\n\x85")
def test_any_text(text: str) -> None:
    acme = library()
    only_mapping_errors(lambda: acme.add(text), acme)


@quick
@given(st.binary() | st.text(alphabet="ab:-?!&*#|>%@`'\"[]{},\\\n\t 01.", max_size=40).map(str.encode))
@example("a: 1".encode("utf-16"))
def test_any_bytes(data: bytes) -> None:
    found: list[Node] = []
    raised(MappingError, lambda: found.extend(read_documents(data, file="f")))
    for node in found:
        json.dumps(node.plain(), skipkeys=True)


@quick
@given(anything)
def test_any_document(document: Any) -> None:
    before = copy.deepcopy(document)
    acme = library()
    only_mapping_errors(lambda: acme.add(document), acme)
    assert repr(document) == repr(before)


@quick
@given(st.lists(anything, min_size=1, max_size=3))
def test_any_file(found: list[Any]) -> None:
    """The same as text: JSON is YAML, but for NaN and the infinite."""
    acme = library()
    text = "\n---\n".join(json.dumps(document, ensure_ascii=False) for document in found)
    only_mapping_errors(lambda: acme.add(text), acme)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [path] * bool(path) + [place for key, item in items for place in places(item, (*path, key))]


RICH: dict[str, Any] = {
    "models": ["m"],
    "task": "any",
    "fields": {
        "prompt": {"from": "prompt", "required": True, "max_length": 9},
        "duration": {"from": "duration_seconds", "as": "{}s", "one_of": [4, 6], "default": 4},
        "size": {
            "lookup": ["resolution", "aspect_ratio"],
            "table": {"720p": {"16:9": "a"}},
            "default": ["720p", "16:9"],
        },
        "quality": {"from": "resolution", "values": {"720p": "hd"}},
        "first": {"image": ["first_frame", "style"]},
        "others": {"images": {"except": ["first_frame", "style"]}, "max_items": 3},
        "frames": {"from": "duration_seconds", "use": "frames", "with": {"fps": 16}},
        "mood": {"param": "feeling", "type": "number", "min": 0, "max": 1},
    },
    "extra": {"loop": "boolean", "tags": {"type": "array", "items": "string", "max_items": 2}},
    "rules": [{"when": {"resolution": ["720p"]}, "then": {"duration_seconds": [4]}, "needs": ["prompt"], "says": "so"}],
}


def with_one_thing_changed(place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(RICH)
    target = document
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    return document


nearly_right = st.builds(with_one_thing_changed, st.sampled_from(places(RICH)), values)


@quick
@given(nearly_right)
def test_a_mapping_with_one_thing_wrong(document: dict[str, Any]) -> None:
    acme = MappingLibrary.load("acme", models=None)
    only_mapping_errors(lambda: acme.add(document), acme)


@quick
@given(nearly_right | documents | families)
def test_an_editor_does_not_complain_of_what_is_right(document: dict[str, Any]) -> None:
    if raised(MappingError, functools.partial(library().add, document)) is None:
        assert [error.message for error in SCHEMA.iter_errors(document)] == []


@quick
@given(st.lists(anything, min_size=2, max_size=4))
def test_any_layers(found: list[Any]) -> None:
    """What is wrong with one does not stay."""
    acme = library()
    for document in found:
        only_mapping_errors(functools.partial(acme.add, document), acme)
    assert acme.check() == ()


@quick
@given(st.sampled_from(KINDS), group(EXTRA_WORDS), values | st.integers(min_value=10**300) | st.binary(max_size=4))
def test_whatever_is_given_for_an_extra_parameter(kind: str, limits: dict[str, Any], given_: Any) -> None:
    acme = library()
    limited = {word: value for word, value in limits.items() if word != "zzz"}
    for rule in ({"type": kind}, {**limited, "type": kind}):
        if raised(MappingError, functools.partial(acme.add, {"models": ["m"], "extra": {"x": rule}})) is None:
            request = VideoGenerationRequest(extra_params={"x": given_})
            raised(ValidationError, functools.partial(acme.find("m").apply, request, model="m"))


# What each request field may be mapped to, and a value that may or may not be offered.
SOURCES: dict[str, list[Any]] = {
    "prompt": ["prompt", {"from": "prompt", "max_length": 3}, {"from": "prompt", "required": True}],
    "duration_seconds": [
        "duration_seconds",
        {"from": "duration_seconds", "as": "{}s", "one_of": [4, 6, 8]},
        {"from": "duration_seconds", "as": "integer", "default": 5},
        {"from": "duration_seconds", "min": 2, "max": 8, "multiple_of": 0.5},
        {"from": "duration_seconds", "use": "frames", "with": {"fps": 16}},
    ],
    "resolution": [
        "resolution",
        {"from": "resolution", "one_of": ["720P", "4k"]},
        {"lookup": ["resolution", "aspect_ratio"], "table": {"720p": {"16:9": 1, "9:16": 2}}},
    ],
    "aspect_ratio": [{"from": "aspect_ratio", "values": {"16:9": "wide", "9:16": "tall"}}],
    "generate_audio": [{"from": "generate_audio", "values": {True: "on", False: "off"}}],
    "video": ["video", {"videos": "all"}],
    "seed": ["seed", {"from": "seed", "as": "string"}],
    "number_of_videos": [{"from": "number_of_videos", "max": 2}],
    "negative_prompt": ["negative_prompt", {"takes": ["negative_prompt"], "use": "negative"}],
    "enhance_prompt": ["enhance_prompt"],
}
IMAGES: list[dict[str, Any]] = [
    {},
    {"i": {"image": "first_frame"}, "j": {"image": "last_frame", "required": True}},
    {"i": {"image": ["first_frame", "reference"]}, "j": {"images": ["asset"], "max_items": 1}},
    {"i": {"images": "all"}},
    {"i": {"images": {"except": ["style"]}, "min_items": 2}, "j": {"image": "style"}},
]
mapped_fields = st.fixed_dictionaries({}, optional={name: st.sampled_from(rules) for name, rules in SOURCES.items()})
given_values: dict[str, st.SearchStrategy[Any]] = {
    "prompt": st.sampled_from(["", "p", "long prompt"]),
    "duration_seconds": st.sampled_from([1, 2.5, 4, 6, 7, 8.0, 2.53]),
    "resolution": st.sampled_from(["720p", "4K", "720"]),
    "aspect_ratio": st.sampled_from(["16:9", "9:16", "1:1"]),
    "generate_audio": st.booleans(),
    "video": st.just("https://example.com/v.mp4"),
    "seed": st.sampled_from([0, 7]),
    "number_of_videos": st.sampled_from([1, 2, 3]),
    "negative_prompt": st.sampled_from(["", "n"]),
    "enhance_prompt": st.booleans(),
    "image_list": st.lists(
        st.sampled_from(ROLES).map(lambda role: {"image": f"https://example.com/{role}.png", "role": role}), max_size=4
    ),
    "extra_params": st.sampled_from([{}, {"loop": True}, {"loop": 1}, {"cfg": [1]}, {"negativ_prompt": "n"}]),
}
requests = st.fixed_dictionaries({}, optional=given_values)


def mapping_of(mapped: dict[str, Any], images: dict[str, Any]) -> ModelMapping:
    def negative(value: Any, request: VideoGenerationRequest) -> str:
        return f"no {request.negative_prompt}"

    acme = MappingLibrary.load("acme", models=None, converters={"negative": negative})
    found = {f"their_{name}": rule for name, rule in mapped.items()} | images | {"always": {"const": [1]}}
    acme.add({"models": ["m"], "task": "any", "fields": found, "extra": {"loop": "boolean"}})
    return acme.find("m")


def sent_names(mapping: ModelMapping, arguments: dict[str, Any]) -> set[str]:
    return {name for theirs, rule in mapping.fields.items() if theirs in arguments for name in rule.names}


@settings(quick, max_examples=max(400, settings().max_examples))
@given(mapped_fields, st.sampled_from(IMAGES), requests, st.sampled_from(["warn", "error", "ignore"]))
def test_nothing_is_dropped_in_silence(
    mapped: dict[str, Any], images: dict[str, Any], asked: dict[str, Any], on_unsupported: Any
) -> None:
    mapping = mapping_of(mapped, images)
    request = VideoGenerationRequest(**asked)
    before = request.model_copy(deep=True)
    payloads: list[Payload] = []
    error = raised(
        ValidationError,
        lambda: payloads.append(mapping.apply(request, model="m", on_unsupported=on_unsupported)),
    )
    assert request == before
    if error is not None:
        assert isinstance(error, ValidationError)
        assert error.field
        assert error.field in error.message or error.field == "image_list"
        assert (error.model, error.provider) == ("m", "acme")
        return
    (payload,) = payloads
    given_fields = {name for name in REQUEST_FIELDS if getattr(request, name) not in (None, "")}
    if request.number_of_videos == 1:
        given_fields.discard("number_of_videos")
    sent = sent_names(mapping, payload.arguments)
    told = " ".join(payload.warnings)
    lost = {name for name in given_fields if name not in sent}
    # An image is sent when its own URL is in the payload, whoever else takes its role.
    urls = json.dumps(payload.arguments)
    lost |= {item.role for item in request.image_list if f"/{item.role}.png" not in urls}
    lost |= {name for name in request.extra_params if name not in payload.arguments}
    if on_unsupported == "warn":
        assert {name for name in lost if name not in told} == set()
        assert len(payload.warnings) == len(lost) + ("cfg" in request.extra_params)
    else:
        assert payload.warnings == ()
    if on_unsupported == "error":
        assert lost == set()


@pytest.mark.parametrize("provider", sorted(info.name for info in list_plugins() if info.kind == "provider"))
def test_the_mappings_that_ship_are_sound(provider: str) -> None:
    """With the converters of the plugin that they ship in."""
    assert stack_of(provider).mappings.check() == ()
