"""Each mapping against the input schema that fal published for the model.

The schemas stand in ``data/fal_schemas.json``; each names its source and the day it was read. What fal's names mean in
our words is written down here once more (`words`), so that no mapping is checked against itself.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tarash_fal
from hypothesis import given, settings, strategies as st
from jsonschema import Draft202012Validator

from tarash_core.config import OnUnsupported
from tarash_core.errors import ValidationError
from tarash_core.mapping.library import MappingLibrary
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest

Json = dict[str, Any]

MAPPINGS = Path(tarash_fal.__file__).parent / "models"
LIBRARY = MappingLibrary.load("fal", models=MAPPINGS)
PUBLISHED: Json = json.loads((Path(__file__).parent / "data" / "fal_schemas.json").read_text("utf-8"))["models"]
SCHEMAS: dict[str, Json] = {model: entry["schema"] for model, entry in PUBLISHED.items()}
IMAGE, VIDEO = "https://example.com/picture.png", "https://example.com/clip.mp4"

# theirs -> ours
FIELDS = {
    **{name: name for name in ("prompt", "negative_prompt", "resolution", "aspect_ratio", "generate_audio", "seed")},
    **dict.fromkeys(("prompt_optimizer", "enable_prompt_expansion"), "enhance_prompt"),
}
ROLES = {
    **dict.fromkeys(("image_url", "start_image_url", "first_frame_url"), "first_frame"),
    **dict.fromkeys(("end_image_url", "tail_image_url", "last_frame_url"), "last_frame"),
    **dict.fromkeys(("image_urls", "reference_image_urls", "input_image_urls"), "reference"),
}
VIDEOS = ("video_url", "video_urls")

every_model = pytest.mark.parametrize("model", sorted(SCHEMAS))


@pytest.fixture(autouse=True, scope="module")
def _files_of_the_plugin_only(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither the user's mappings nor those of the folder that the tests run in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.delenv("TARASH_MAPPINGS", raising=False)
        patch.chdir(tmp_path_factory.mktemp("project"))
        LIBRARY.models()


def convert(model: str, ours: Json, on_unsupported: OnUnsupported = "error") -> Payload:
    return LIBRARY.find(model).apply(VideoGenerationRequest(**ours), model=model, on_unsupported=on_unsupported)


def words(model: str, wanted: Json) -> Json:
    """The fields of the request that says, in our words, what `wanted` says in fal's."""
    ours: Json = {"image_list": [], "extra_params": {}}
    for name, value in wanted.items():
        if name in FIELDS:
            ours[FIELDS[name]] = value.lower() if name == "resolution" else value
        elif name == "duration":
            ours["duration_seconds"] = float(str(value).removesuffix("s"))
        elif name in ROLES:
            role = "reference" if model.endswith("/motion-control") else ROLES[name]
            urls = value if isinstance(value, list) else [value]
            ours["image_list"] += [{"image": url, "role": role} for url in urls]
        elif name in VIDEOS:
            ours["video"] = value[0] if isinstance(value, list) else value
        else:
            ours["extra_params"][name] = value
    return ours


def values(name: str, schema: Json) -> st.SearchStrategy[Any]:
    """What the schema allows and a request can ask for."""
    if "enum" in schema:
        return st.sampled_from(choices(name, schema))
    match schema["type"]:
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(0, 2**31 - 1)
        case "number" if name in ("seed", "num_frames"):
            return st.integers(29, 289)
        case "number":
            return st.floats(schema.get("minimum", 0), schema.get("maximum", 2))
        case "array":  # a request has one video
            return st.lists(values(name, schema["items"]), min_size=1, max_size=1 if name in VIDEOS else 2)
        case "object":
            return objects(schema)
    if name.endswith(("_url", "_urls")):
        return st.just(VIDEO if name in VIDEOS else IMAGE)
    return st.sampled_from(["a red kite", "Drachen über der See", "x" * schema.get("maxLength", 40)])


def objects(schema: Json) -> st.SearchStrategy[Json]:
    found = {name: values(name, inner) for name, inner in schema["properties"].items()}
    required = {name: found.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(required, optional=found)


def choices(name: str, schema: Json) -> list[Any]:
    """Each documented value. The duration "auto" is asked for by giving none."""
    documented = schema.get("enum", [True, False] if schema["type"] == "boolean" else [])
    return [value for value in documented if (name, value) != ("duration", "auto")]


def with_one_prompt(model: str, payload: Json) -> Json:
    """The payload, by the rule of Kling 3.0: a prompt or a multi_prompt."""
    if "multi_prompt" not in SCHEMAS[model]["properties"]:
        return payload
    if "multi_prompt" in payload:
        return {name: value for name, value in payload.items() if name != "prompt"}
    return {"prompt": "a red kite", **payload}


def smallest(model: str) -> Json:
    """What the model cannot do without."""
    needed: Json = {}
    for name in SCHEMAS[model]["required"]:
        schema = SCHEMAS[model]["properties"][name]
        value = VIDEO if name in VIDEOS else IMAGE if name in ROLES else "a red kite"
        needed[name] = schema["enum"][0] if "enum" in schema else [value] if schema["type"] == "array" else value
    return with_one_prompt(model, needed)


def test_every_model_has_a_mapping_of_its_own() -> None:
    assert LIBRARY.check() == ()
    assert LIBRARY.models() == tuple(sorted(SCHEMAS))


@every_model
def test_a_mapping_has_every_parameter_that_fal_documents_and_no_other(model: str) -> None:
    mapping = LIBRARY.find(model)
    assert {*mapping.fields, *mapping.extra} == {*SCHEMAS[model]["properties"]}


@every_model
@settings(max_examples=8, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_whatever_fal_documents_can_be_asked_for_and_is_sent_as_documented(model: str, data: st.DataObject) -> None:
    wanted = with_one_prompt(model, data.draw(objects(SCHEMAS[model])))
    payload = convert(model, words(model, wanted))
    Draft202012Validator(SCHEMAS[model]).validate(payload.arguments)
    assert (payload.arguments, payload.model, payload.warnings) == (wanted, model, ())


@every_model
def test_every_documented_choice_is_reached(model: str) -> None:
    for name, schema in SCHEMAS[model]["properties"].items():
        for value in choices(name, schema):
            wanted = {**smallest(model), name: value}
            assert convert(model, words(model, wanted)).arguments == wanted


@every_model
def test_what_is_not_asked_for_is_left_to_the_model(model: str) -> None:
    assert convert(model, words(model, smallest(model))).arguments == smallest(model)


@every_model
def test_what_the_model_needs_is_missed_before_anything_is_sent(model: str) -> None:
    for missing in smallest(model):
        without = {name: value for name, value in smallest(model).items() if name != missing}
        with pytest.raises(ValidationError, match=model):
            convert(model, words(model, without), "ignore")


NOT_OFFERED = {"duration": ["1", "2.5", "60"], "resolution": ["360p", "8k"], "aspect_ratio": ["2:1", "wide"]}
NOT_OF_TYPE: dict[str, list[Any]] = {
    "string": [7, True, ["text"]],
    "boolean": ["yes", 1],
    "number": ["half", True],
    "array": ["text", {"a": 1}],
}


def forbidden(name: str, schema: Json) -> list[Any]:
    """What the schema does not allow, as far as a request can hold it at all."""
    found: list[Any] = ["x" * (schema["maxLength"] + 1)] if "maxLength" in schema else []
    found += [""] if "minLength" in schema else []
    found += [schema["minimum"] - 0.1, schema["maximum"] + 0.1] if "minimum" in schema else []
    if name in (*FIELDS, *ROLES, *VIDEOS, "duration"):
        return found + (NOT_OFFERED[name] if "enum" in schema else [])
    return found + NOT_OF_TYPE[schema["type"]] + (["no such choice"] if "enum" in schema else [])


@every_model
def test_what_fal_does_not_offer_is_refused_before_anything_is_sent(model: str) -> None:
    for name, schema in SCHEMAS[model]["properties"].items():
        for value in forbidden(name, schema):
            wanted = {**smallest(model), name: value}
            assert not Draft202012Validator(SCHEMAS[model]).is_valid(wanted)
            with pytest.raises(ValidationError, match=FIELDS.get(name, name)):
                convert(model, words(model, wanted), "ignore")


ONE_MORE: list[tuple[str, Any]] = [
    *[("prompt", "a blue kite"), ("duration_seconds", 5), ("duration_seconds", 8), ("resolution", "720p")],
    *[("aspect_ratio", "16:9"), ("generate_audio", False), ("seed", 7), ("number_of_videos", 2)],
    *[("negative_prompt", "rain"), ("enhance_prompt", False), ("video", "https://example.com/other.mp4")],
    *[("image_list", role) for role in ("first_frame", "last_frame", "reference", "asset", "style")],
]


@every_model
def test_a_field_is_sent_warned_of_or_refused_and_never_dropped(model: str) -> None:
    for name, value in ONE_MORE:
        ours = words(model, smallest(model))
        more = [*ours["image_list"], {"image": IMAGE, "role": value}] if name == "image_list" else value
        try:
            payload = convert(model, {**ours, name: more}, "warn")
        except ValidationError:
            continue
        about = value if name == "image_list" else name
        if payload.arguments != smallest(model):
            assert payload.warnings == (), about
            continue
        assert [warning for warning in payload.warnings if about in warning], about
        with pytest.raises(ValidationError, match=about):
            convert(model, {**ours, name: more}, "error")


@every_model
def test_two_images_where_the_model_takes_one_are_refused(model: str) -> None:
    for name in ROLES.keys() & SCHEMAS[model]["properties"].keys():
        if SCHEMAS[model]["properties"][name]["type"] == "string":
            ours = words(model, {**smallest(model), name: IMAGE})
            with pytest.raises(ValidationError, match="one image"):
                convert(model, {**ours, "image_list": ours["image_list"] * 2}, "ignore")


@pytest.mark.parametrize(
    ("model", "name", "most"),
    [
        ("bytedance/seedance-2.0/reference-to-video", "image_urls", 9),
        ("bytedance/seedance-2.0/mini/reference-to-video", "audio_urls", 3),
        ("wan/v2.6/reference-to-video/flash", "image_urls", 5),
        ("fal-ai/sora-2/image-to-video/pro", "character_ids", 2),
        ("fal-ai/kling-video/v2.6/pro/image-to-video", "voice_ids", 2),
    ],
)
def test_limits_that_stand_on_the_page_of_a_model_and_not_in_its_schema(model: str, name: str, most: int) -> None:
    wanted = {**smallest(model), name: [IMAGE] * most}
    assert convert(model, words(model, wanted)).arguments == wanted
    with pytest.raises(ValidationError, match=rf"\b{most}\b"):
        convert(model, words(model, {**wanted, name: [IMAGE] * (most + 1)}))


def test_one_prompt_or_several_shots_but_not_both() -> None:
    model = "fal-ai/kling-video/v3/4k/text-to-video"
    for ours in ({}, {"prompt": "a red kite", "extra_params": {"multi_prompt": [{"prompt": "a blue kite"}]}}):
        with pytest.raises(ValidationError, match="exactly one of prompt and multi_prompt"):
            convert(model, ours, "ignore")


def test_an_unknown_model_gets_the_names_that_most_models_share_and_a_warning() -> None:
    named = {"prompt": "a red kite", "negative_prompt": "rain", "resolution": "999p", "aspect_ratio": "2:1", "seed": 7}
    media = {"image_url": IMAGE, "end_image_url": IMAGE, "image_urls": [IMAGE], "video_url": VIDEO}
    wanted = {**named, **media, "generate_audio": True, "duration": "8", "cfg_scale": 0.5}
    payload = convert("fal-ai/some/new-model", words("fal-ai/some/new-model", wanted))
    assert payload.arguments == wanted
    assert ["fal-ai/some/new-model" in warning for warning in payload.warnings] == [True]


def test_each_mapping_names_the_page_of_its_model_and_the_day_of_its_schema() -> None:
    text = "".join(path.read_text("utf-8") for path in sorted(MAPPINGS.glob("*.yaml")))
    found = re.findall(r"\ndocs: (https://fal\.ai/models/(\S+)/llms\.txt) +# read (\S+)\n", text)
    assert len({page for page, _, _ in found}) == len(found)
    assert [LIBRARY.find(model).docs for _, model, _ in found] == [page for page, _, _ in found]
    days = {page: day for page, _, day in found}
    assert {model: days.get(str(LIBRARY.find(model).docs)) for model in SCHEMAS} == {
        model: entry["read"] for model, entry in PUBLISHED.items()
    }
