"""Schemas come from strangers: whatever one says, it teaches a mapping that loads, or is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from tarash_core.learning import SchemaError, learn
from tarash_core.mapping.library import MappingLibrary

pytestmark = pytest.mark.usefixtures("nobodys_files")

Json = dict[str, Any]

WORDS = [
    "prompt", "image", "url", "video", "first", "last", "frame", "frames", "start", "end", "reference", "style",
    "duration", "seconds", "ms", "length", "size", "width", "height", "w", "h", "aspect", "ratio", "resolution",
    "quality", "seed", "audio", "sound", "negative", "count", "num", "n", "output", "videos", "position", "type",
    "input", "data", "file", "media", "key", "frame_type", "from", "to", "portrait", "avoid", "text", "1", "2", "a",
    "b", "subject", "character", "list", "urls", "images", "keyframe",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, -0.0, 1, -1, 5, 5000, 10**400, 1e308, float("inf"), float("nan"), "", "auto", "720p", "16:9",
    "1280x720", "1280*720 (16:9)", "first", "last_frame", "url", "square_hd", "on", "off", "5s", "-1", "1 gen", [], {},
    [1], {"a": 1}, "\u00e9\u2028",
]  # fmt: skip
LIMITS: list[Any] = [0, 1, 2, -1, 1.5, 512, 1e308, 10**400, True, "x", None, float("nan")]
KINDS: list[Any] = ["string", "integer", "number", "boolean", "array", "object", ["string", "null"], "weird", 7]
BOUNDS = (
    "minimum", "maximum", "multipleOf", "minItems", "maxItems", "minLength", "maxLength", "exclusiveMinimum",
    "exclusiveMaximum",
)  # fmt: skip
DESCRIPTIONS: list[Any] = [
    "URL of the input video",
    "reference image for image-to-video",
    "Duration of the video in seconds",
    "Frames at 0 fps",
    "",
    None,
    5,
]
MODELS = ("acme/kite", "acme/kite/start-end2video", "acme/kite-i2v", "acme/morph", "acme/v2v-restyle")

NAMES = st.builds(
    lambda between, words: between.join(words),
    st.sampled_from(["_", "-", ""]),
    st.lists(st.sampled_from([*WORDS, *map(str.capitalize, WORDS)]), min_size=1, max_size=4),
)


def schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A schema of what is in it: `inner` are others."""
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(KINDS),
            "enum": st.lists(st.sampled_from(VALUES), max_size=4),
            "default": st.sampled_from(VALUES),
            "description": st.sampled_from(DESCRIPTIONS),
            "format": st.sampled_from(["uri", "binary", 5]),
            "items": inner,
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "required": st.sampled_from([None, "x", [1], ["url"]]),
            "anyOf": st.lists(inner, max_size=2),
            "allOf": st.lists(inner, max_size=2),
            **{bound: st.sampled_from(LIMITS) for bound in BOUNDS},
        },
    )


SCHEMAS = st.recursive(st.sampled_from([{}, True, [], None, "x", 3, {"type": "string"}]), schemas, max_leaves=5)


@st.composite
def inputs(draw: st.DrawFn) -> Json:
    """The schema of an input."""
    properties = draw(st.dictionaries(NAMES, SCHEMAS | schemas(SCHEMAS), min_size=1, max_size=6))
    names = st.lists(st.sampled_from([*properties, "nothing"]), max_size=3)
    some = [{"required": [name]} for name in draw(names)]
    return {"properties": properties, "required": draw(names)} | ({"anyOf": some} if some else {})


@given(published=inputs(), model=st.sampled_from(MODELS))
@example({"properties": {"n": {"type": "integer", "multipleOf": 0}}}, "acme/kite")
@example({"properties": {"seed": {"type": "integer", "maximum": 10**400, "enum": [0, -0.0]}}}, "acme/kite")
@example({"properties": {"seconds": {"enum": [5, 0, -0.0, -1]}}}, "acme/kite")
@example({"properties": {"duration_ms": {"enum": [-1]}, "prompt": {}}}, "acme/kite")
@example({"properties": {"prompt": {"minLength": 512, "maxLength": 1}}}, "acme/kite")
@example({"properties": {"prompt": {}, "mode": {"type": "boolean", "enum": ["a", 5000]}}}, "acme/kite")
@example({"properties": {"prompt": {"maxLength": 10**400, "minimum": 1e308}}}, "acme/kite")
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_published_teaches_a_mapping_that_loads_or_is_refused(published: Json, model: str) -> None:
    try:
        found = learn(published, model=model, provider="acme", source="a test", read="2026-11-26")
    except SchemaError:
        return
    library = MappingLibrary.load("acme", models=None)
    library.add(found.text)
    assert library.find(model).task == found.task
    for name, role in ((parameter, role) for role, parameter in found.roles.items()):
        assert name in found.document["fields"], role
