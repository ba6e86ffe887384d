"""Finding the mapping of a model, and what is said when something is left out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tarash_core.errors import MappingError, ValidationError
from tarash_core.mapping.library import MappingLibrary
from tarash_core.mapping.similar import MOST, Names
from tarash_core.request import VideoGenerationRequest

Library = Callable[..., MappingLibrary]

DOCS = "docs: https://example.com\ntask: any\n"
FAMILY = f"""schema: 1
models: [acme/kite/v1]
{DOCS}fields: {{prompt: prompt, marker: {{const: exact}}}}
---
models: [acme/*]
{DOCS}fields: {{prompt: prompt, marker: {{const: acme}}}}
---
models: [acme/kite/*]
{DOCS}fields: {{prompt: prompt, marker: {{const: kite}}}}
"""
GENERIC = f"""---
models: ["*"]
{DOCS}fields: {{prompt: prompt, marker: {{const: generic}}}}
"""


@pytest.mark.parametrize(
    ("model", "marker"),
    [
        ("acme/kite/v1", "exact"),
        ("acme/kite/v1:5f2a", "exact"),
        ("acme/kite/v2", "kite"),
        ("acme/kite/v1/fast", "kite"),
        ("acme/kite/v2:5f2a", "kite"),
        ("acme/kite", "acme"),
        ("acme/sail/v1", "acme"),
        ("acme", "generic"),
        ("acmes/kite/v1", "generic"),
        ("other", "generic"),
        ("", "generic"),
    ],
)
def test_find(library: Library, model: str, marker: str) -> None:
    mapping = library(FAMILY + GENERIC, version_separator=":").find(model)
    payload = mapping.apply(VideoGenerationRequest(prompt="p"), model=model)
    assert payload.arguments == {"prompt": "p", "marker": marker}
    assert payload.model == model
    assert mapping.generic is (marker == "generic")


def test_a_version_is_part_of_the_name_where_the_provider_has_no_separator(library: Library) -> None:
    assert library(FAMILY).find("acme/kite/v1:5f2a").model == "acme/kite/*"


def test_a_mapping_of_one_version_wins(library: Library) -> None:
    text = f"schema: 1\nmodels: ['a:1']\n{DOCS}fields: {{x: prompt}}\n---\nmodels: [a]\n{DOCS}fields: {{y: prompt}}\n"
    acme = library(text, version_separator=":")
    assert acme.find("a:1").model == "a:1"
    assert acme.find("a:2").model == "a"


def test_the_generic_mapping_says_so(library: Library) -> None:
    mapping = library(FAMILY + GENERIC).find("akme/kite/v1")
    payload = mapping.apply(VideoGenerationRequest(prompt="p", seed=1), model="akme/kite/v1")
    assert payload.warnings == (
        "no mapping for 'akme/kite/v1'; the generic one of 'acme' was used, which checks no values; "
        "did you mean 'acme/kite/v1'?",
        "'akme/kite/v1' does not take seed; it was left out",
    )


def test_no_mapping(library: Library) -> None:
    with pytest.raises(ValidationError) as caught:
        library(FAMILY).find("akme/kite/v1")
    assert str(caught.value) == (
        "no mapping for 'akme/kite/v1' of provider 'acme'; did you mean 'acme/kite/v1'? (to add one, write it into "
        "tarash.yaml or a file in ~/.config/tarash/mappings, or call register_model_mapping)"
    )
    assert (caught.value.field, caught.value.provider) == ("model", "acme")


def test_models_are_the_exact_names(library: Library) -> None:
    assert library(FAMILY + GENERIC).models() == ("acme/kite/v1",)
    assert MappingLibrary.load("acme", models=None).models() == ()


def test_nothing_is_read_before_the_first_lookup(library: Library, tmp_path: Path) -> None:
    acme = library("schema: 2")
    (tmp_path / "models" / "acme.yaml").write_text(FAMILY)
    assert acme.find("acme/kite/v1").model == "acme/kite/v1"


def test_a_mapping_is_compiled_once(library: Library) -> None:
    acme = library(FAMILY + GENERIC)
    assert acme.find("acme/x") is acme.find("acme/y")
    assert acme.find("x") is acme.find("y")


def test_many_threads_read_once(library: Library) -> None:
    acme = library(FAMILY)
    start = threading.Barrier(8)

    def find(_: int) -> object:
        start.wait()
        return acme.find("acme/kite/v1")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(map(id, pool.map(find, range(8))))) == 1


def test_an_error_is_told_every_time_until_reload(library: Library, tmp_path: Path) -> None:
    acme = library("schema: 2")
    for _ in range(2):
        with pytest.raises(MappingError, match="this Tarash reads schema 1, not 2") as caught:
            acme.find("m")
        assert len(caught.traceback) < 6
        with pytest.raises(MappingError):
            acme.models()
    (tmp_path / "models" / "acme.yaml").write_text(FAMILY)
    with pytest.raises(MappingError):
        acme.find("acme/kite/v1")
    acme.reload()
    assert acme.find("acme/kite/v1").model == "acme/kite/v1"
    assert acme.check() == ()


TAKERS = (
    f"schema: 1\nmodels: [veo/a, veo/b, veo/c, veo/d, veo/e, sora/a, sora/b]\n{DOCS}fields: {{seed: seed, p: prompt}}\n"
)
NO_SEED = f"---\nmodels: [sora/none, sora/*]\n{DOCS}fields: {{p: prompt, i: {{image: style}}}}\n"


def test_what_a_model_does_not_take(library: Library) -> None:
    mapping = library(TAKERS + NO_SEED).find("sora/none")
    request = VideoGenerationRequest(
        prompt="p",
        seed=0,
        negative_prompt="",
        generate_audio=False,
        image_list=[{"image": "https://e.com/1.png", "role": role} for role in ("style", "asset", "asset")],
    )
    payload = mapping.apply(request, model="sora/none")
    assert payload.arguments == {"p": "p", "i": "https://e.com/1.png"}
    assert payload.warnings == (
        "'sora/none' does not take generate_audio; it was left out",
        "'sora/none' does not take seed; it was left out",
        "'sora/none' does not take an image with role 'asset'; it was left out",
    )
    ignored = mapping.apply(request, model="sora/none", on_unsupported="ignore")
    assert (ignored.arguments, ignored.warnings) == (payload.arguments, ())


@pytest.mark.parametrize(
    ("request_", "field", "message"),
    [
        (
            {"seed": 1},
            "seed",
            "'sora/none' does not take seed; models of 'acme' that do: sora/a, sora/b, veo/a, veo/b, veo/c; "
            "leave it out, or set on_unsupported='warn'",
        ),
        (
            {"video": "https://e.com/1.mp4"},
            "video",
            "'sora/none' does not take video; leave it out, or set on_unsupported='warn'",
        ),
        (
            {"image_list": [{"image": "https://e.com/1.png", "role": "asset"}]},
            "image_list",
            "'sora/none' does not take an image with role 'asset'; leave it out, or set on_unsupported='warn'",
        ),
    ],
)
def test_unsupported_is_an_error_on_request(
    library: Library, request_: dict[str, object], field: str, message: str
) -> None:
    mapping = library(TAKERS + NO_SEED).find("sora/none")
    with pytest.raises(ValidationError) as caught:
        mapping.apply(VideoGenerationRequest(**request_), model="sora/none", on_unsupported="error")
    assert str(caught.value) == message
    assert (caught.value.field, caught.value.model, caught.value.provider) == (field, "sora/none", "acme")


def test_one_video_is_what_a_model_without_a_count_makes(library: Library) -> None:
    mapping = library(TAKERS).find("veo/a")
    one = mapping.apply(VideoGenerationRequest(prompt="p", number_of_videos=1), model="veo/a", on_unsupported="error")
    assert (one.arguments, one.warnings) == ({"p": "p"}, ())
    two = mapping.apply(VideoGenerationRequest(number_of_videos=2), model="veo/a")
    assert two.warnings == ("'veo/a' does not take number_of_videos; it was left out",)


def test_what_a_mapping_tells(library: Library, tmp_path: Path) -> None:
    text = """# Kite.
schema: 1
models: [kite]
docs: https://example.com/kite
task: image-to-video
fields:
  prompt:   {from: prompt, required: true, max_length: 200}
  image:    {image: [first_frame, reference]}
  others:   {images: [asset], max_items: 3}
  duration: {from: duration_seconds, as: "{}s", one_of: [4, 6, 8], default: 8}
  size:     {lookup: [resolution, aspect_ratio], table: {720p: {16:9: a, 9:16: b}}, default: [720p, 16:9]}
  frames:   {takes: [seed, style], use: odd}
  style:    {param: mood, values: {calm: 1}}
  fps:      {const: 24}
extra:
  loop: boolean
  tags: {type: array, items: string, max_items: 1, required: true}
rules:
  - {when: {seed: given}, excludes: [asset]}
  - {when: {duration_seconds: 8}, then: {resolution: 720p}, says: "8 seconds in 720p only"}
"""
    mapping = library(text, converters={"odd": lambda value, request: None}).find("kite")
    assert (mapping.model, mapping.provider, mapping.task) == ("kite", "acme", "image-to-video")
    assert (mapping.docs, mapping.generic) == ("https://example.com/kite", False)
    assert mapping.takes == frozenset(
        (
            "prompt",
            "first_frame",
            "reference",
            "asset",
            "duration_seconds",
            "resolution",
            "aspect_ratio",
            "seed",
            "style",
        )
    )
    file = str(tmp_path / "models" / "acme.yaml")
    assert [tuple(line) for line in mapping.explain()] == [
        ("prompt", "prompt, required", "at most 200 letters", f"{file}:7"),
        ("image", "image first_frame or else reference", "", f"{file}:8"),
        ("others", "images asset", "at most 3 items", f"{file}:9"),
        ("duration", "duration_seconds as '{}s', else 8", "4, 6 or 8", f"{file}:10"),
        ("size", "resolution and aspect_ratio, else 720p and 16:9", "720p 16:9 or 720p 9:16", f"{file}:11"),
        ("frames", "seed, style by odd", "", f"{file}:12"),
        ("style", "extra parameter mood", "calm", f"{file}:13"),
        ("fps", "always 24", "", f"{file}:14"),
        ("loop", "extra parameter (boolean)", "", f"{file}:16"),
        ("tags", "extra parameter (array of string, required)", "at most 1 item", f"{file}:17"),
        ("", "rule", "when seed is given: not with an image with role 'asset'", f"{file}:19"),
        ("", "rule", "8 seconds in 720p only", f"{file}:20"),
    ]
    payload = mapping.apply(VideoGenerationRequest(prompt="p", extra_params={"tags": ["x"]}), model="kite")
    assert payload.mapping == f"{file}:3"


@pytest.fixture
def thousands() -> MappingLibrary:
    names = [f"house-{house}/Model-{model}/text-to-video" for house in range(50) for model in range(60)]
    acme = MappingLibrary.load("acme", models=None)
    acme.add({"models": [*names, "sail/seed"], "task": "any", "fields": {"p": "prompt"}})
    acme.add({"models": ["sail/seed"], "fields": {"s": "seed"}})
    acme.add({"models": ["*"], "task": "any", "fields": {"p": "prompt"}})
    return acme


@pytest.mark.parametrize(
    "model",
    [
        "house-31/Model-41/text-to-vide",
        "housse-31/Model-41/text-to-video",
        "house-31/model-41/text-to-video",
        "house-31/Modle-41/text-to-video",
        "house-31/Model-41/txt-to-video",
        "huose-31/model-41/text-to-video",
    ],
)
def test_a_misspelled_name_is_found_among_thousands(thousands: MappingLibrary, model: str) -> None:
    (warning,) = thousands.find(model).apply(VideoGenerationRequest(prompt="p"), model=model).warnings
    assert warning.endswith("; did you mean 'house-31/Model-41/text-to-video'?")


def test_models_that_take_a_field_are_looked_for_among_those_of_like_names(thousands: MappingLibrary) -> None:
    request = VideoGenerationRequest(seed=1)
    for model, says in (
        ("sail/new", "; models of 'acme' that do: sail/seed; leave"),
        ("house-1/new", "seed; leave it"),
    ):
        with pytest.raises(ValidationError, match=says):
            thousands.find(model).apply(request, model=model, on_unsupported="error")


def test_a_misspelled_name_is_compared_with_few() -> None:
    names = [f"house-{number}/model" for number in range(10_000)]
    for meant in ("house-77/model", "model", "", "zzz"):
        assert 0 < len(Names(names).near(meant)) <= MOST
    assert Names(names[:MOST]).near("zzz") == sorted(names[:MOST])
