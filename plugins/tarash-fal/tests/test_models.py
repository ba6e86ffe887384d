"""Each mapping against the input schema that fal published for the model.

The schemas stand in ``data/fal_schemas.json``; each names its source and the day it was read. See `catalogue.py`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import tarash_fal
from hypothesis import given, settings, strategies as st

from tarash_core.errors import ValidationError

if TYPE_CHECKING:
    from catalogue import Catalogue

MAPPINGS = Path(tarash_fal.__file__).parent / "models"
IMAGE = "https://example.com/picture.png"


def test_every_model_has_a_mapping_of_its_own(catalogue: Catalogue) -> None:
    assert catalogue.library.check() == ()
    assert catalogue.library.models() == tuple(sorted(catalogue.schemas))


def test_a_mapping_has_every_parameter_that_fal_documents_and_no_other(catalogue: Catalogue, every_model: str) -> None:
    mapping = catalogue.library.find(every_model)
    assert {*mapping.fields, *mapping.extra} == {*catalogue.properties(every_model)}


@settings(max_examples=6, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_whatever_fal_documents_can_be_asked_for_and_is_sent_as_documented(
    catalogue: Catalogue, every_model: str, data: st.DataObject
) -> None:
    wanted = data.draw(catalogue.payloads(every_model))
    payload = catalogue.convert(every_model, catalogue.words(every_model, wanted))
    assert catalogue.is_valid(every_model, payload.arguments)
    assert (payload.arguments, payload.model, payload.warnings) == (wanted, every_model, ())


def test_every_documented_choice_and_both_ends_of_a_range_are_reached(catalogue: Catalogue, every_model: str) -> None:
    for wanted in catalogue.choosing(every_model):
        assert catalogue.convert(every_model, catalogue.words(every_model, wanted)).arguments == wanted


def test_what_is_not_asked_for_is_left_to_the_model(catalogue: Catalogue, every_model: str) -> None:
    smallest = catalogue.smallest(every_model)
    assert catalogue.convert(every_model, catalogue.words(every_model, smallest)).arguments == smallest


def test_an_unknown_model_gets_the_names_that_most_models_share_and_a_warning(catalogue: Catalogue) -> None:
    named = {"prompt": "a red kite", "negative_prompt": "rain", "resolution": "999p", "aspect_ratio": "2:1", "seed": 7}
    video = "https://example.com/clip.mp4"
    media = {"image_url": IMAGE, "end_image_url": IMAGE, "image_urls": [IMAGE], "video_url": video}
    wanted = {**named, **media, "generate_audio": True, "duration": "8", "cfg_scale": 0.5}
    payload = catalogue.convert("fal-ai/some/new-model", catalogue.words("fal-ai/some/new-model", wanted))
    assert payload.arguments == wanted
    assert ["fal-ai/some/new-model" in warning for warning in payload.warnings] == [True]


def test_each_mapping_names_the_page_of_its_model_and_the_day_of_its_schema(catalogue: Catalogue) -> None:
    text = "".join(path.read_text("utf-8") for path in sorted(MAPPINGS.glob("*.yaml")))
    found = re.findall(r"\ndocs: (https://fal\.ai/models/(\S+)/llms\.txt) +# read (\S+)\n", text)
    assert len({page for page, _, _ in found}) == len(found)
    assert [catalogue.library.find(model).docs for _, model, _ in found] == [page for page, _, _ in found]
    days = {page: day for page, _, day in found}
    assert {model: days.get(str(catalogue.library.find(model).docs)) for model in catalogue.schemas} == {
        model: entry["read"] for model, entry in catalogue.published.items()
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
def test_seconds_become_frames(catalogue: Catalogue, model: str, ours: dict[str, Any], frames: int) -> None:
    assert catalogue.convert(model, {"prompt": "a red kite", **ours}).arguments["num_frames"] == frames


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
def test_sizes_are_found_by_pixels_by_name_or_by_aspect_ratio(
    catalogue: Catalogue, model: str, ours: dict[str, Any], size: object
) -> None:
    arguments = catalogue.convert(model, {"prompt": "a red kite", **ours}).arguments
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
def test_sizes_that_are_not_offered(catalogue: Catalogue, model: str, ours: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(says)):
        catalogue.convert(model, {"prompt": "a red kite", **ours}, "ignore")
