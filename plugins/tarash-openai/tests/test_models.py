"""Each mapping against the schema of what goes on the wire, and every value that it documents.

The schemas stand in ``data/openai_schemas.json``, each with its source. What their names mean in our words is written
down here once more (`words`), so that no mapping is checked against itself.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tarash_openai
from hypothesis import given, settings, strategies as st
from jsonschema import Draft202012Validator

import tarash_core as tarash
from tarash_core import VideoGenerationConfig, VideoGenerationRequest
from tarash_core.config import OnUnsupported
from tarash_core.errors import ValidationError
from tarash_core.payload import Payload
from tarash_core.stack import forget

Json = dict[str, Any]

PUBLISHED: Json = json.loads((Path(__file__).parent / "data" / "openai_schemas.json").read_text("utf-8"))["models"]
SCHEMAS: dict[str, Json] = {model: entry["input_schema"] for model, entry in PUBLISHED.items()}
SNAPSHOTS = {"sora-2": ["sora-2-2025-10-06", "sora-2-2025-12-08"], "sora-2-pro": ["sora-2-pro-2025-10-06"]}
URL = "https://example.com/first.png"
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + bytes(64)

every_model = pytest.mark.parametrize("model", sorted(SCHEMAS))


@pytest.fixture(autouse=True, scope="module")
def _files_of_the_plugin_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the user's mappings nor those of the folder that the tests run in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.delenv("TARASH_MAPPINGS", raising=False)
        patch.chdir(tmp_path_factory.mktemp("project"))
        forget("openai")
        tarash.find_mapping("openai", "sora-2")
        yield
    forget("openai")


def convert(model: str, ours: Json, on_unsupported: OnUnsupported = "error") -> Payload:
    config = VideoGenerationConfig(provider="openai", model=model, on_unsupported=on_unsupported)
    return tarash.build_payload(config, VideoGenerationRequest(**ours))


def words(wanted: Json) -> Json:
    """The request that says, in our words, what `wanted` says in theirs."""
    ours: Json = {"extra_params": {}}
    for name, value in wanted.items():
        match name:
            case "seconds":
                ours["duration_seconds"] = float(value)
            case "size":
                ours["resolution"] = value
            case "input_reference" if "file_id" in value:
                ours["extra_params"]["file_id"] = value["file_id"]
            case "input_reference":
                ours["image_list"] = [{"image": value["image_url"], "role": "first_frame"}]
            case "video":
                ours["extra_params"]["video_id"] = value["id"]
            case _:
                ours[name] = value
    if "video_id" in wanted:
        ours["extra_params"]["video_id"] = ours.pop("video_id")
    return ours


def offered(model: str) -> Json:
    """What the schema allows, `model` left out: it is the config's. Sora 2's own sizes are a rule beside the schema."""
    properties = {name: schema for name, schema in SCHEMAS[model]["properties"].items() if name != "model"}
    for rule in PUBLISHED[model].get("x-cross-rules", ()):
        properties |= {name: {**properties[name], **more} for name, more in rule["schema"]["properties"].items()}
    return properties


def values(name: str, schema: Json) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if name == "input_reference":
        return st.sampled_from([{"image_url": URL}, {"file_id": "file-1"}])
    if name == "video":
        return st.just({"id": "video_1"})
    return st.sampled_from(["a red kite", "Drachen über der See"])


def payloads(model: str) -> st.SearchStrategy[Json]:
    found = {name: values(name, schema) for name, schema in offered(model).items()}
    required = {name: found.pop(name) for name in SCHEMAS[model]["required"]}
    return st.fixed_dictionaries(required, optional=found)


def smallest(model: str) -> Json:
    """What the model cannot do without, and the id of the video where that stands in the path."""
    needed = {"prompt": "a red kite", "seconds": "8", "video": {"id": "video_1"}}
    path = {"video_id": "video_1"} if model == "videos/remix" else {}
    return {**path, **{name: needed[name] for name in SCHEMAS[model]["required"]}}


def on_the_wire(arguments: Json) -> Json:
    return {name: value for name, value in arguments.items() if name != "video_id"}


def test_every_model_has_a_mapping_of_its_own() -> None:
    assert list(tarash.list_models("openai")) == sorted([*SCHEMAS, *itertools.chain(*SNAPSHOTS.values())])
    for model, snapshots in SNAPSHOTS.items():
        for snapshot in snapshots:
            assert snapshot in SCHEMAS[model]["properties"]["model"]["enum"]
            assert tarash.find_mapping("openai", snapshot).fields == tarash.find_mapping("openai", model).fields


@every_model
@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_whatever_is_documented_can_be_asked_for_and_is_sent_as_documented(model: str, data: st.DataObject) -> None:
    wanted = {**smallest(model), **data.draw(payloads(model))}
    payload = convert(model, words(wanted))
    Draft202012Validator(SCHEMAS[model]).validate(on_the_wire(payload.arguments))
    assert (payload.arguments, payload.model, payload.warnings) == (wanted, model, ())


@every_model
def test_every_documented_choice_is_reached(model: str) -> None:
    for name, schema in offered(model).items():
        for value in schema.get("enum", ()):
            wanted = {**smallest(model), name: value}
            assert convert(model, words(wanted)).arguments == wanted


@every_model
def test_what_is_not_asked_for_is_left_to_the_model(model: str) -> None:
    assert convert(model, words(smallest(model))).arguments == smallest(model)


@every_model
def test_what_is_needed_is_missed_before_anything_is_sent(model: str) -> None:
    for missing in smallest(model):
        without = {name: value for name, value in smallest(model).items() if name != missing}
        with pytest.raises(ValidationError, match=model):
            convert(model, words(without), "ignore")


@every_model
def test_what_is_not_offered_is_refused_before_anything_is_sent(model: str) -> None:
    for name, values_ in {"seconds": ["5", "2.5", "60"], "size": ["640x480", "1280x721"]}.items():
        for value in values_ if name in offered(model) else ():
            assert not Draft202012Validator(offered(model)[name]).is_valid(value)
            with pytest.raises(ValidationError, match="duration_seconds" if name == "seconds" else "resolution"):
                convert(model, words({**smallest(model), name: value}), "ignore")


ONE_MORE: list[tuple[str, Any]] = [
    *[("duration_seconds", 8), ("resolution", "1280x720"), ("aspect_ratio", "16:9"), ("generate_audio", False)],
    *[("seed", 7), ("number_of_videos", 2), ("negative_prompt", "rain"), ("enhance_prompt", False), ("video", MP4)],
    *[("image_list", role) for role in ("first_frame", "last_frame", "reference", "asset", "style")],
]


@every_model
def test_a_field_is_sent_warned_of_or_refused_and_never_dropped(model: str) -> None:
    for name, value in ONE_MORE:
        ours = words(smallest(model))
        more = [{"image": URL, "role": value}] if name == "image_list" else value
        try:
            payload = convert(model, {**ours, name: more}, "warn")
        except ValidationError:
            continue
        about = value if name == "image_list" else name
        if payload.arguments != smallest(model) or ours.get(name) == value:
            assert payload.warnings == (), about
            continue
        assert [warning for warning in payload.warnings if about in warning], about
        with pytest.raises(ValidationError, match=about):
            convert(model, {**ours, name: more}, "error")


def test_two_first_frames_are_refused() -> None:
    frame = {"image": URL, "role": "first_frame"}
    with pytest.raises(ValidationError, match="one image"):
        convert("sora-2", {"prompt": "x", "image_list": [frame, frame]})


def test_every_mapping_names_its_page_and_the_day_it_was_read() -> None:
    for file in (Path(tarash_openai.__file__).parent / "models").glob("*.yaml"):
        lines = [line for line in file.read_text("utf-8").splitlines() if line.startswith("docs:")]
        assert lines
        assert all("https://developers.openai.com/api/" in line and "# read 2026-11-23" in line for line in lines)
