"""Each mapping against the input schema that fal published for the model.

The schemas stand in ``data/``; each names its source and the day it was read. What fal's names mean in
our words is written down here once more (`FalCatalogue.words`), so that no mapping is checked against itself.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tarash_fal
from hypothesis import strategies as st

from tarash_core.errors import ValidationError
from tarash_core.testing.catalogue_contract import Catalogue, CatalogueContract, Json

MAPPINGS = Path(tarash_fal.__file__).parent / "models"
DATA = Path(__file__).parent / "data"
PUBLISHED: Json = {
    model: entry
    for file in sorted(DATA.glob("*.json"))
    for model, entry in json.loads(file.read_text("utf-8"))["models"].items()
}

# theirs -> ours
FIELDS = {
    **{name: name for name in ("prompt", "negative_prompt", "resolution", "aspect_ratio", "generate_audio", "seed")},
    **dict.fromkeys(
        ("prompt_optimizer", "enable_prompt_expansion", "expand_prompt", "enhance_prompt"), "enhance_prompt"
    ),
    **dict.fromkeys(("video_size", "image_size", "dimensions", "output_resolution"), "resolution"),
    "generate_audio_switch": "generate_audio",
    "audio": "generate_audio",
    "thinking_type": "enhance_prompt",
}
# What our fields cannot say goes through extra_params by fal's name, where a model documents it.
THEIRS = (("duration", "auto"), ("duration", 0), ("thinking_type", "auto"))
OPTIMIZED = {"enabled": True, "disabled": False}
_FIRST = ("image_url", "start_image_url", "first_frame_url", "first_image_url", "first_frame_image_url")
_SINGLE_REFERENCES = ("reference_image_url", "subject_reference_image_url")
ROLES = {
    **dict.fromkeys(_FIRST, "first_frame"),
    **dict.fromkeys(("end_image_url", "tail_image_url", "last_frame_url"), "last_frame"),
    **dict.fromkeys(("image_urls", "reference_image_urls", "input_image_urls", "ref_image_urls"), "reference"),
    **dict.fromkeys(_SINGLE_REFERENCES, "reference"),
}
SIZES = ("video_size", "image_size", "resolution")
RATES = ("fps", "frames_per_second", "frame_rate")
# These show who or what is in the image, and never the image itself.
SHOWN_PERSON = ("/motion-control", "/animate/move", "/animate/replace", "/ingredient")
# Five seconds at 16 a second are 80 frames here; everywhere else they are 81, the first one shown at 0 seconds.
NO_FRAME_AT_ZERO = (
    "fal-ai/cosmos-predict-2.5/",
    "fal-ai/longcat-video/",
    "fal-ai/wan/v2.2-14b/speech-to-video",
    "nvidia/cosmos-3-super/",
)
# The rate of the models that don't say it among their parameters, and of the one without defaults.
UNSAID_RATE = 16


class FalCatalogue(Catalogue):
    """fal's names in our words."""

    provider = "fal"
    videos = ("video_url", "video_urls", "reference_video_urls", "video")
    ranges = {"num_frames": (29, 289), "duration": (1, 20), **dict.fromkeys(RATES, (5, 60)), "seed": (0, 2**31 - 1)}
    wrong = {
        "duration": ["1", "2.5", "60"],
        "resolution": ["359p", "8k"],
        "aspect_ratio": ["2:1", "wide"],
        "dimensions": ["720x720", "8k"],
        "image_size": ["8k", "1280 by 720"],
        "output_resolution": ["359p", "8k"],
        "video_size": ["8k", "1280 by 720"],
        "thinking_type": [],
    }
    # What fal's rules ask for beside another parameter.
    companions = (
        {},
        {"prompt": "a red kite"},
        {"resolution": "720p"},
        {"resolution": "720p", "hdr": True},
        {"model": "v6"},
        {"keyframes": [Catalogue.image], "keyframe_indexes": [0]},
        {"reference_image_urls": [Catalogue.image]},
        {"image_urls": [Catalogue.image]},
        {"input_image_urls": [Catalogue.image] * 3},
        {"template": "dynasty_dress"},
        {"template": "wish_sender"},
        {"character_orientation": "video"},
        {"enable_agentic_generation": True},
        {"match_audio_length": False},
        {"match_input_fps": False},
        {"match_video_length": False, "match_input_fps": False},
        {"match_input_num_frames": False, "match_input_frames_per_second": False},
        {"enable_detail_refine": True},
        {"image_url": Catalogue.image},
        {"control_video_url": Catalogue.image, "skip_control_preprocess": True},
    )

    def words(self, model: str, wanted: Json) -> Json:
        ours: Json = {"image_list": [], "extra_params": {}}
        for name, value in wanted.items():
            if (name, value) in THEIRS and self._is_named(model, name, value):
                ours["extra_params"][name] = value
            elif name in FIELDS:
                ours[FIELDS[name]] = _ours(name, value)
            elif name == "duration":
                ours["duration_seconds"] = float(str(value).removesuffix("s"))
            elif self.is_length(model, name):
                ours["duration_seconds"] = self._seconds(model, wanted)
            elif name in ROLES:
                role = "reference" if model.endswith(SHOWN_PERSON) else ROLES[name]
                urls = value if isinstance(value, list) else [value]
                ours["image_list"] += [{"image": url, "role": role} for url in urls]
            elif name in self.videos:
                ours["video"] = self.video
            else:
                ours["extra_params"][name] = value
        return ours

    def _is_named(self, model: str, name: str, value: Any) -> bool:
        """Whether a value stands among a parameter's choices or at an end of its range."""
        schema = self.properties(model)[name]
        return value in self.choices(name, schema) + self.ends(name, schema)

    def is_length(self, model: str, name: str) -> bool:
        """Whether a parameter is the length in frames, which no other parameter says in seconds."""
        return name == "num_frames" and "duration" not in self.properties(model)

    def _seconds(self, model: str, wanted: Json) -> float:
        said = next((name for name in RATES if name in self.properties(model)), "")
        rate = wanted.get(said) or self.properties(model).get(said, {}).get("default", UNSAID_RATE)
        return float((wanted["num_frames"] - (not model.startswith(NO_FRAME_AT_ZERO))) / rate)

    def is_file(self, name: str, schema: Json) -> bool:
        return name.endswith(("_url", "_urls", "keyframes"))

    def values(self, name: str, schema: Json) -> st.SearchStrategy[Any]:
        if name == "video" and schema["type"] == "object":  # what else it may hold is left to the model
            return st.just({"video_url": self.video})
        if name in SIZES and schema.get("type") == "object":  # half of it is no size
            return st.fixed_dictionaries(dict.fromkeys(("width", "height"), st.integers(64, 4096)))
        return super().values(name, schema)


def _ours(name: str, value: Any) -> Any:
    if name == "thinking_type":
        return OPTIMIZED.get(value, value)
    if FIELDS[name] != "resolution":
        return value
    return f"{value['width']}x{value['height']}" if isinstance(value, dict) else value.lower()


CATALOGUE = FalCatalogue({model: entry["schema"] for model, entry in PUBLISHED.items()})


class TestModels(CatalogueContract):
    """Every model of fal's that makes a video."""

    catalogue = CATALOGUE
    tries = 6


def test_an_unknown_model_gets_the_names_that_most_models_share_and_a_warning() -> None:
    named = {"prompt": "a red kite", "negative_prompt": "rain", "resolution": "999p", "aspect_ratio": "2:1", "seed": 7}
    media = {
        "image_url": CATALOGUE.image,
        "end_image_url": CATALOGUE.image,
        "image_urls": [CATALOGUE.image],
        "video_url": CATALOGUE.video,
    }
    wanted = {**named, **media, "generate_audio": True, "duration": "8", "cfg_scale": 0.5}
    payload = CATALOGUE.payload("fal-ai/some/new-model", CATALOGUE.words("fal-ai/some/new-model", wanted))
    assert payload.arguments == wanted
    assert ["fal-ai/some/new-model" in warning for warning in payload.warnings] == [True]


def test_each_mapping_names_the_page_of_its_model_and_the_day_of_its_schema() -> None:
    text = "".join(path.read_text("utf-8") for path in sorted(MAPPINGS.glob("*.yaml")))
    found = re.findall(r"\ndocs: (https://fal\.ai/models/(\S+)/llms\.txt) +# read (\S+)\n", text)
    assert len({page for page, _, _ in found}) == len(found)
    assert [CATALOGUE.mapping(model).docs for _, model, _ in found] == [page for page, _, _ in found]
    days = {page: day for page, _, day in found}
    assert {model: days.get(str(CATALOGUE.mapping(model).docs)) for model in CATALOGUE.schemas} == {
        model: entry["read"] for model, entry in PUBLISHED.items()
    }


@pytest.mark.parametrize(
    ("model", "ours", "frames"),
    [
        ("fal-ai/wan-t2v", {"duration_seconds": 5}, 81),
        ("fal-ai/wan-t2v", {"duration_seconds": 4, "frames_per_second": 20}, 81),
        ("fal-ai/wan/v2.2-5b/text-to-video", {"duration_seconds": 5}, 121),
        ("fal-ai/ltx-2-19b/text-to-video", {"duration_seconds": 5}, 126),
        ("fal-ai/ltxv-13b-098-distilled", {"duration_seconds": 5, "frame_rate": 30}, 151),
        ("fal-ai/longcat-video/text-to-video/720p", {"duration_seconds": 5.4}, 162),
        ("fal-ai/cosmos-predict-2.5/text-to-video", {"duration_seconds": 5}, 80),
    ],
)
def test_seconds_become_frames(model: str, ours: dict[str, Any], frames: int) -> None:
    assert CATALOGUE.payload(model, {"prompt": "a red kite", **ours}).arguments["num_frames"] == frames


LTX, MAREY = "fal-ai/ltx-2-19b/text-to-video", "moonvalley/marey/t2v"


@pytest.mark.parametrize(
    ("model", "ours", "size"),
    [
        (LTX, {"aspect_ratio": "16:9"}, "landscape_16_9"),
        (LTX, {"resolution": "square"}, "square"),
        (LTX, {"resolution": "Square_HD", "aspect_ratio": "1:1"}, "square_hd"),
        (LTX, {"resolution": "1280X720"}, {"width": 1280, "height": 720}),
        (LTX, {"resolution": "1280x720", "aspect_ratio": "16:9"}, {"width": 1280, "height": 720}),
        (MAREY, {"aspect_ratio": "16:9"}, "1920x1080"),
        (MAREY, {"resolution": "1080p"}, "1920x1080"),
        (MAREY, {"resolution": "1152P", "aspect_ratio": "3:4"}, "1152x1536"),
        (MAREY, {"resolution": "1152x1152"}, "1152x1152"),
    ],
)
def test_sizes_are_found_by_pixels_by_name_or_by_aspect_ratio(model: str, ours: dict[str, Any], size: object) -> None:
    arguments = CATALOGUE.payload(model, {"prompt": "a red kite", **ours}).arguments
    assert arguments == {"prompt": "a red kite", "video_size" if model == LTX else "dimensions": size}


@pytest.mark.parametrize(
    ("model", "ours", "says"),
    [
        (LTX, {"aspect_ratio": "21:9"}, "'21:9' is none of 1:1, 3:4, 9:16, 4:3, 16:9;"),
        (LTX, {"aspect_ratio": "auto"}, "'auto' is none of"),
        (LTX, {"resolution": "720p"}, "choose width and height, like '1280x720'"),
        (LTX, {"resolution": "square", "aspect_ratio": "16:9"}, "'square' is not 16:9; leave one out"),
        (LTX, {"resolution": "1280x720", "aspect_ratio": "9:16"}, "1280x720 is not 9:16; leave one out"),
        (LTX, {"resolution": "1280x720", "aspect_ratio": "auto"}, "1280x720 is not auto; leave one out"),
        (MAREY, {"resolution": "720p"}, "choose 1920x1080, 1152x1152, 1536x1152 or 1152x1536"),
        (MAREY, {"resolution": "1152p"}, "choose 1152x1152, 1536x1152 or 1152x1536"),
        (MAREY, {"resolution": "1920x1080", "aspect_ratio": "9:16"}, "choose 1920x1080"),
    ],
)
def test_sizes_that_are_not_offered(model: str, ours: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(says)):
        CATALOGUE.payload(model, {"prompt": "a red kite", **ours}, "ignore")
