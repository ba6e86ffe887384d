"""Each mapping against the input schema that Replicate published for the model.

The schemas stand in ``data/replicate_schemas.json``; each names its source and the day it was read. What Replicate's
names mean in our words is written down here once more (`words`), so that no mapping is checked against itself.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tarash_replicate
from hypothesis import given, settings, strategies as st
from jsonschema import Draft202012Validator

from tarash_core.config import OnUnsupported
from tarash_core.errors import ValidationError
from tarash_core.mapping.library import MappingLibrary
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest

Json = dict[str, Any]

MAPPINGS = Path(tarash_replicate.__file__).parent / "models"
LIBRARY = MappingLibrary.load("replicate", models=MAPPINGS, version_separator=":")
PUBLISHED: Json = json.loads((Path(__file__).parent / "data" / "replicate_schemas.json").read_text("utf-8"))["models"]
SCHEMAS: dict[str, Json] = {model: entry["schema"] for model, entry in PUBLISHED.items()}
IMAGE, VIDEO = "https://example.com/picture.png", "https://example.com/clip.mp4"

# theirs -> ours
FIELDS: dict[str, str] = {
    **{name: name for name in ("prompt", "negative_prompt", "resolution", "aspect_ratio", "generate_audio", "seed")},
    **dict.fromkeys(("duration", "seconds", "num_frames"), "duration_seconds"),
    **dict.fromkeys(("quality", "target_resolution"), "resolution"),
    **dict.fromkeys(("prompt_optimizer", "enable_prompt_expansion", "optimize_prompt"), "enhance_prompt"),
    **dict.fromkeys(("generate_audio_switch", "audio_enabled"), "generate_audio"),
    "size": "resolution",  # and the aspect ratio
}
ROLES: dict[str, str] = {
    **dict.fromkeys(("image", "start_image", "first_frame_image", "input_reference", "start_image_url"), "first_frame"),
    **dict.fromkeys(("last_frame", "last_frame_image", "last_image", "end_image", "end_image_url"), "last_frame"),
    **dict.fromkeys(("reference_image", "reference_images", "subject_reference"), "reference"),
}
# What is not what its name says in most models.
SPECIAL: dict[str, dict[str, str]] = {
    "kwaivgi/kling-v3-motion-control": {"image": "reference"},
    "kwaivgi/kling-v2.5-turbo-pro": {"image": "extra"},
    "luma/ray-2-540p": {"start_image_url": "extra", "end_image_url": "extra"},
    "luma/ray-2-720p": {"start_image_url": "extra", "end_image_url": "extra"},
}
VIDEOS = ("video", "reference_video", "reference_videos")
SIZES = {
    "832*480": ("480p", "16:9"),
    "480*832": ("480p", "9:16"),
    "1280*720": ("720p", "16:9"),
    "720*1280": ("720p", "9:16"),
    "1920*1080": ("1080p", "16:9"),
    "1080*1920": ("1080p", "9:16"),
}
ORIENTATIONS = {"portrait": "9:16", "landscape": "16:9"}

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


def role_of(model: str, name: str) -> str | None:
    """The role of an image parameter; None for every other parameter."""
    role = SPECIAL.get(model, {}).get(name) or ROLES.get(name)
    return None if role == "extra" else role


def words(model: str, wanted: Json) -> Json:
    """The fields of the request that says, in our words, what `wanted` says in Replicate's."""
    ours: Json = {"image_list": [], "extra_params": {}}
    for name, value in wanted.items():
        if role := role_of(model, name):
            urls = value if isinstance(value, list) else [value]
            ours["image_list"] += [{"image": url, "role": role} for url in urls]
        elif name == "num_frames":
            ours["duration_seconds"] = (value - 1) / 16
        elif name == "size" and value in SIZES:
            ours["resolution"], ours["aspect_ratio"] = SIZES[value]
        elif name in VIDEOS:
            ours["video"] = value[0] if isinstance(value, list) else value
        elif name in FIELDS:
            ours[FIELDS[name]] = ORIENTATIONS.get(value, value) if isinstance(value, str) else value
        else:
            ours["extra_params"][name] = value
    return ours


def values(name: str, schema: Json) -> st.SearchStrategy[Any]:
    """What the schema allows and a request can ask for. A length of -1 seconds or none cannot be asked for."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type", "integer"):
        case "boolean":
            return st.booleans()
        case "integer":
            least = max(schema.get("minimum", 1), 1)
            return st.integers(least, schema.get("maximum", 2**31 - 1 if name == "seed" else 60))
        case "number":
            return st.floats(schema.get("minimum", 0), schema.get("maximum", 2))
        case "array":  # a request has one video
            return st.lists(values(name, schema["items"]), min_size=1, max_size=1 if name in VIDEOS else 2)
    if schema.get("format") == "uri":
        return st.just(VIDEO if name in VIDEOS else IMAGE)
    return st.sampled_from(["a red kite", "Drachen über der See", "x" * schema.get("maxLength", 40)])


def objects(schema: Json) -> st.SearchStrategy[Json]:
    found = {name: values(name, inner) for name, inner in schema["properties"].items()}
    required = {name: found.pop(name) for name in schema["required"]}
    return st.fixed_dictionaries(required, optional=found)


def frames_only(wanted: Json) -> Json:
    """Without another frame rate beside a number of frames: our seconds are counted at 16 frames a second."""
    if "num_frames" not in wanted:
        return wanted
    return {name: value for name, value in wanted.items() if name != "frames_per_second"}


def smallest(model: str) -> Json:
    """What the model cannot do without."""
    needed: Json = {}
    for name in SCHEMAS[model]["required"]:
        media = SCHEMAS[model]["properties"][name].get("format") == "uri"
        needed[name] = (VIDEO if name in VIDEOS else IMAGE) if media else "a red kite"
    if model == "kwaivgi/kling-v1.6-pro":  # A first or a last frame, by its rule.
        needed["start_image"] = IMAGE
    return needed


def with_size(model: str, wanted: Json) -> Json:
    """The payload with the size that is always sent: what the model makes unasked completes half of one."""
    size = SCHEMAS[model]["properties"].get("size")
    return {"size": size["default"], **wanted} if size else wanted


# What the rules of some model want beside a value.
COMPANIONS: list[Json] = [
    {},
    {"resolution": "768p"},
    {"start_image": IMAGE},
    {"image": IMAGE},
    {"mode": "pro"},
    {"reference_video": VIDEO},
]


def beside(model: str, name: str, value: Any) -> Json:
    """The smallest valid payload with one more value."""
    for companion in COMPANIONS:
        together = {**smallest(model), name: value, **companion}
        if is_valid(model, together):
            return together
    raise AssertionError(f"{model} has no payload with {name}={value}")


def is_valid(model: str, wanted: Json) -> bool:
    return bool(Draft202012Validator(SCHEMAS[model]).is_valid(wanted))


def test_every_model_has_a_mapping_of_its_own() -> None:
    assert LIBRARY.check() == ()
    assert LIBRARY.models() == tuple(sorted(SCHEMAS))


@every_model
def test_a_mapping_has_every_parameter_that_replicate_documents_and_no_other(model: str) -> None:
    mapping = LIBRARY.find(model)
    assert {*mapping.fields, *mapping.extra} == {*SCHEMAS[model]["properties"]}


@every_model
def test_a_version_has_the_mapping_of_its_model(model: str) -> None:
    assert LIBRARY.find(f"{model}:{'0f' * 32}").model == model


@every_model
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_what_replicate_documents_is_sent_as_documented_and_what_its_rules_forbid_is_refused(
    model: str, data: st.DataObject
) -> None:
    wanted = frames_only(data.draw(objects(SCHEMAS[model])))
    if not is_valid(model, wanted):  # One of the rules that Replicate states in words is broken.
        with pytest.raises(ValidationError, match=model):
            convert(model, words(model, wanted), "ignore")
        return
    payload = convert(model, words(model, wanted))
    assert (payload.arguments, payload.model, payload.warnings) == (with_size(model, wanted), model, ())


@every_model
def test_every_documented_choice_is_reached(model: str) -> None:
    for name, schema in SCHEMAS[model]["properties"].items():
        for value in schema.get("enum", [True, False] if schema.get("type") == "boolean" else []):
            wanted = beside(model, name, value)
            assert is_valid(model, wanted)
            assert convert(model, words(model, wanted)).arguments == with_size(model, wanted)


@every_model
def test_what_is_not_asked_for_is_left_to_the_model(model: str) -> None:
    assert convert(model, words(model, smallest(model))).arguments == with_size(model, smallest(model))


@every_model
def test_what_the_model_needs_is_missed_before_anything_is_sent(model: str) -> None:
    for missing in smallest(model):
        without = {name: value for name, value in smallest(model).items() if name != missing}
        with pytest.raises(ValidationError, match=model):
            convert(model, words(model, without), "ignore")


NOT_OFFERED: dict[str, list[Any]] = {
    "duration_seconds": [2.5, 60],
    "resolution": ["361p", "8k"],
    "aspect_ratio": ["2:1", "wide"],
}
NOT_OF_TYPE: dict[str, list[Any]] = {
    "string": [7, True, ["text"]],
    "boolean": ["yes", 1],
    "number": ["half", True],
    "integer": ["half", True, 1.5],
    "array": ["text", {"a": 1}],
}


def forbidden(model: str, name: str, schema: Json) -> list[Any]:
    """What the schema does not allow, as far as a request can hold it at all."""
    found: list[Any] = ["x" * (schema["maxLength"] + 1)] if "maxLength" in schema else []
    found += [schema["minimum"] - 1] if schema.get("minimum", 0) > 1 else []
    found += [schema["maximum"] + 1] if "maximum" in schema else []
    if role_of(model, name) or name in VIDEOS:
        return []
    if name in FIELDS:
        return found + NOT_OFFERED[FIELDS[name]] if "enum" in schema else found
    found += NOT_OF_TYPE[schema["type"]]
    return [*found, "no such choice"] if "enum" in schema else found


@every_model
def test_what_replicate_does_not_offer_is_refused_before_anything_is_sent(model: str) -> None:
    for name, schema in SCHEMAS[model]["properties"].items():
        for value in forbidden(model, name, schema):
            wanted = {**smallest(model), name: value}
            assert not is_valid(model, wanted), (name, value)
            with pytest.raises(ValidationError, match=FIELDS.get(name, name)):
                convert(model, words(model, wanted), "ignore")


# What the size that is always sent says already.
ALREADY = dict.fromkeys(
    ("wan-video/wan-2.5-t2v", "wan-video/wan-2.5-t2v-fast", "wan-video/wan-2.6-t2v"), ("resolution", "aspect_ratio")
)
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
        if payload.arguments != with_size(model, smallest(model)) or about in ALREADY.get(model, ()):
            assert payload.warnings == (), about
            continue
        assert [warning for warning in payload.warnings if about in warning], about
        with pytest.raises(ValidationError, match=about):
            convert(model, {**ours, name: more}, "error")


@every_model
def test_two_images_where_the_model_takes_one_are_refused(model: str) -> None:
    for name, schema in SCHEMAS[model]["properties"].items():
        if role_of(model, name) and schema["type"] == "string":
            ours = words(model, {**smallest(model), name: IMAGE})
            with pytest.raises(ValidationError, match="one image"):
                convert(model, {**ours, "image_list": ours["image_list"] * 2}, "ignore")


@pytest.mark.parametrize(
    ("model", "role"),
    [("google/veo-3.1", "reference"), ("google/veo-3.1", "asset"), ("bytedance/seedance-1-lite", "asset")],
)
def test_the_rules_of_reference_images_hold_for_each_role(model: str, role: str) -> None:
    ours = {"prompt": "a red kite", "image_list": [{"image": IMAGE, "role": role}]}
    forbidden = {"duration_seconds": 6} if model == "google/veo-3.1" else {"resolution": "1080p"}
    assert convert(model, ours).arguments["reference_images"] == [IMAGE]
    with pytest.raises(ValidationError, match=role):
        convert(model, {**ours, **forbidden})


def test_seconds_are_frames_at_sixteen_a_second() -> None:
    model = "wan-video/wan-2.2-t2v-fast"
    ours: Json = {"prompt": "a red kite", "duration_seconds": 5}
    assert convert(model, ours).arguments == {"prompt": "a red kite", "num_frames": 81}
    assert convert(model, {**ours, "duration_seconds": 7.5}).arguments["num_frames"] == 121
    assert convert(model, {"prompt": "a red kite", "frames_per_second": 24}).arguments["frames_per_second"] == 24
    with pytest.raises(ValidationError, match="counted at 16 frames a second"):
        convert(model, {**ours, "frames_per_second": 24})


@pytest.mark.parametrize(
    ("ours", "size"),
    [
        ({"resolution": "1080p"}, "1920*1080"),
        ({"aspect_ratio": "9:16"}, "720*1280"),
        ({"resolution": "480p", "aspect_ratio": "9:16"}, "480*832"),
        ({}, "1280*720"),
    ],
)
def test_half_a_size_is_completed_by_what_the_model_makes_unasked(ours: Json, size: str) -> None:
    assert convert("wan-video/wan-2.5-t2v", {"prompt": "a red kite", **ours}).arguments.get("size") == size


def test_an_unknown_model_gets_the_names_that_most_models_share_and_a_warning() -> None:
    model = "somebody/new-model"
    named = {"prompt": "a red kite", "negative_prompt": "rain", "resolution": "999p", "aspect_ratio": "2:1", "seed": 7}
    media = {"image": IMAGE, "last_frame_image": IMAGE, "reference_images": [IMAGE], "video": VIDEO}
    wanted = {**named, **media, "generate_audio": True, "duration": 8, "fps": 24}
    payload = convert(model, words(model, wanted))
    assert payload.arguments == wanted
    assert [model in warning for warning in payload.warnings] == [True]


def test_each_mapping_names_the_page_of_its_model_and_the_day_of_its_schema() -> None:
    text = "".join(path.read_text("utf-8") for path in sorted(MAPPINGS.glob("*.yaml")))
    found = re.findall(r"\ndocs: (https://replicate\.com/(\S+)/api/schema) +# read (.+)\n", text)
    assert len({page for page, _, _ in found}) == len(found)
    assert [LIBRARY.find(model).docs for _, model, _ in found] == [page for page, _, _ in found]
    days = {page: day for page, _, day in found}
    assert {model: days.get(str(LIBRARY.find(model).docs)) for model in SCHEMAS} == {
        model: entry["read"] for model, entry in PUBLISHED.items()
    }
