"""Each mapping against the input schema that Replicate published for the model.

The schemas stand in ``data/replicate_schemas.json``; each names its source and the day it was read. What Replicate's
names mean in our words is written down here once more (`ReplicateCatalogue.words`), so that no mapping is checked
against itself.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tarash_replicate
from hypothesis import strategies as st

from tarash_core.errors import ValidationError
from tarash_core.testing.catalogue_contract import Catalogue, CatalogueContract, Json, without

MAPPINGS = Path(tarash_replicate.__file__).parent / "models"
PUBLISHED: Json = json.loads((Path(__file__).parent / "data" / "replicate_schemas.json").read_text("utf-8"))["models"]
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
SIZES = {
    "832*480": ("480p", "16:9"),
    "480*832": ("480p", "9:16"),
    "1280*720": ("720p", "16:9"),
    "720*1280": ("720p", "9:16"),
    "1920*1080": ("1080p", "16:9"),
    "1080*1920": ("1080p", "9:16"),
}
ORIENTATIONS = {"portrait": "9:16", "landscape": "16:9"}

# What our fields cannot say goes through extra_params by Replicate's name.
THEIRS = (("duration", -1),)
LENGTHS = ("duration", "seconds", "num_frames")


class ReplicateCatalogue(Catalogue):
    """Replicate's names in our words."""

    provider = "replicate"
    videos = ("video", "reference_video", "reference_videos")
    ranges = dict.fromkeys(LENGTHS, (1, 60))
    wrong = {
        "duration": [2.5, 60],
        "seconds": [2.5, 60],
        **{name: ["361p", "8k"] for name in ("resolution", "quality", "target_resolution", "size")},
        "aspect_ratio": ["2:1", "wide"],
    }
    # What the rules of some model want beside a value.
    companions = (
        {},
        {"resolution": "768p"},
        {"start_image": Catalogue.image},
        {"reference_images": [Catalogue.image]},
        {"image": Catalogue.image},
        {"mode": "pro"},
        {"reference_video": Catalogue.video},
    )

    def words(self, model: str, wanted: Json) -> Json:
        ours: Json = {"image_list": [], "extra_params": {}}
        for name, value in wanted.items():
            if (name, value) in THEIRS:
                ours["extra_params"][name] = value
            elif role := role_of(model, name):
                urls = value if isinstance(value, list) else [value]
                ours["image_list"] += [{"image": url, "role": role} for url in urls]
            elif name == "num_frames":
                ours["duration_seconds"] = (value - 1) / 16
            elif name == "size" and value in SIZES:
                ours["resolution"], ours["aspect_ratio"] = SIZES[value]
            elif name in self.videos:
                ours["video"] = value[0] if isinstance(value, list) else value
            elif name in FIELDS:
                ours[FIELDS[name]] = ORIENTATIONS.get(value, value) if isinstance(value, str) else value
            else:
                ours["extra_params"][name] = value
        return ours

    def sent(self, model: str, wanted: Json) -> Json:
        """With the size that is always sent: what the model makes unasked completes half of one."""
        size = self.properties(model).get("size")
        return {"size": size["default"], **wanted} if size else wanted

    def askable(self, model: str, wanted: Json) -> Json:
        """Without another frame rate beside a number of frames: our seconds are counted at 16 frames a second."""
        return without(wanted, "frames_per_second") if "num_frames" in wanted else wanted

    def values(self, name: str, schema: Json) -> st.SearchStrategy[Any]:
        """A length of -1 seconds or none cannot be asked for."""
        if name in LENGTHS and "enum" not in schema:
            schema = {"type": "integer", **schema, "minimum": max(1, schema.get("minimum", 1))}
        return super().values(name, schema)


def role_of(model: str, name: str) -> str | None:
    """The role of an image parameter; None for every other parameter."""
    role = SPECIAL.get(model, {}).get(name) or ROLES.get(name)
    return None if role == "extra" else role


CATALOGUE = ReplicateCatalogue({model: entry["schema"] for model, entry in PUBLISHED.items()})
convert = CATALOGUE.payload


class TestModels(CatalogueContract):
    """Every model of Replicate's that makes a video."""

    catalogue = CATALOGUE


def test_a_version_has_the_mapping_of_its_model() -> None:
    for model in CATALOGUE.schemas:
        assert CATALOGUE.mapping(f"{model}:{'0f' * 32}").model == model


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
    payload = convert(model, CATALOGUE.words(model, wanted))
    assert payload.arguments == wanted
    assert [model in warning for warning in payload.warnings] == [True]


def test_each_mapping_names_the_page_of_its_model_and_the_day_of_its_schema() -> None:
    text = "".join(path.read_text("utf-8") for path in sorted(MAPPINGS.glob("*.yaml")))
    found = re.findall(r"\ndocs: (https://replicate\.com/(\S+)/api/schema) +# read (.+)\n", text)
    assert len({page for page, _, _ in found}) == len(found)
    assert [CATALOGUE.mapping(model).docs for _, model, _ in found] == [page for page, _, _ in found]
    days = {page: day for page, _, day in found}
    assert {model: days.get(str(CATALOGUE.mapping(model).docs)) for model in CATALOGUE.schemas} == {
        model: entry["read"] for model, entry in PUBLISHED.items()
    }
