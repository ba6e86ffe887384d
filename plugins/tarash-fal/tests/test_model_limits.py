"""What no mapping lets through: values that fal does not offer, what its rules forbid, what a model cannot do without.

And what none drops in silence.
"""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from tarash_core.errors import ValidationError

if TYPE_CHECKING:
    from catalogue import Catalogue

Json = dict[str, Any]

IMAGE = "https://example.com/picture.png"


def test_what_the_model_needs_is_missed_before_anything_is_sent(catalogue: Catalogue, every_model: str) -> None:
    smallest = catalogue.smallest(every_model)
    for missing in smallest:
        without = {name: value for name, value in smallest.items() if name != missing}
        with pytest.raises(ValidationError, match=every_model):
            catalogue.convert(every_model, catalogue.words(every_model, without), "ignore")


NOT_OFFERED = {
    "duration": ["1", "2.5", "60"],
    "resolution": ["359p", "8k"],
    "aspect_ratio": ["2:1", "wide"],
    "dimensions": ["720x720", "8k"],
    "video_size": ["8k", "1280 by 720"],
}
NOT_OF_TYPE: dict[str, list[Any]] = {
    "string": [7, True, ["text"]],
    "boolean": ["yes", 1],
    "number": ["half", True],
    "integer": ["half", True, 1.5],
    "array": ["text", {"a": 1}],
    "object": ["text", [1]],
}


def beyond_limits(schema: Json, unit: float) -> list[Any]:
    found: list[Any] = ["x" * (schema["maxLength"] + 1)] if "maxLength" in schema else []
    found += [""] if "minLength" in schema else []
    found += [schema["minimum"] - unit] if "minimum" in schema else []
    found += [schema["maximum"] + unit] if "maximum" in schema else []
    found += [schema["minimum"] + schema["multipleOf"] - 1] if "multipleOf" in schema else []
    return found


def forbidden(catalogue: Catalogue, model: str, name: str) -> list[Any]:
    """What the schema of a parameter does not allow, as far as a request can hold it at all."""
    schema = catalogue.properties(model)[name]
    found = beyond_limits(schema, unit=1 if catalogue.is_length(model, name) else 0.1)
    if catalogue.ours(model, name) is None:
        return found + NOT_OF_TYPE[schema["type"]] + (["no such choice"] if "enum" in schema else [])
    if catalogue.ours(model, name) == "image_list" and "maxItems" in schema:
        found.append([IMAGE] * (schema["maxItems"] + 1))
    return found + (NOT_OFFERED.get(name, []) if "enum" in schema or "anyOf" in schema else [])


def test_what_fal_does_not_offer_is_refused_before_anything_is_sent(catalogue: Catalogue, every_model: str) -> None:
    for name in catalogue.properties(every_model):
        for value in forbidden(catalogue, every_model, name):
            wanted = {**catalogue.smallest(every_model), name: value}
            assert not catalogue.is_valid(every_model, wanted)
            with pytest.raises(ValidationError) as caught:
                catalogue.convert(every_model, catalogue.words(every_model, wanted), "ignore")
            assert caught.value.field == (catalogue.ours(every_model, name) or name)


def combinations(catalogue: Catalogue, model: str, most: int) -> list[Json]:
    """What the rules of a model speak of, given and not given together; of many combinations every n-th."""
    rules, smallest = json.dumps(catalogue.schemas[model]["allOf"]), catalogue.smallest(model)
    needed = catalogue.schemas[model]["required"]
    names = [name for name in catalogue.properties(model) if f'"{name}"' in rules and name not in needed]
    found = list(product(*(catalogue.options(model, name) for name in names)))
    # An odd step visits every option, of which there are mostly two or four.
    step = (len(found) // most + 1) | 1
    rest = {name: value for name, value in smallest.items() if name not in names}
    combined = (dict(zip(names, values, strict=True)) for values in found[::step])
    return [{**rest, **{name: value for name, value in given.items() if value is not None}} for given in combined]


def test_what_rules_forbid_is_refused_and_nothing_else(catalogue: Catalogue, every_model: str) -> None:
    if "allOf" not in catalogue.schemas[every_model]:
        return
    outcomes = set()
    for wanted in combinations(catalogue, every_model, most=200):
        allowed = catalogue.is_valid(every_model, wanted)
        outcomes.add(allowed)
        ours = catalogue.words(every_model, wanted)
        if allowed:
            assert catalogue.convert(every_model, ours).arguments == wanted
        else:
            with pytest.raises(ValidationError, match=every_model):
                catalogue.convert(every_model, ours, "ignore")
    assert outcomes == {True, False}


ONE_MORE: list[tuple[str, Any]] = [
    *[("prompt", "a blue kite"), ("duration_seconds", 5), ("duration_seconds", 8), ("resolution", "720p")],
    *[("aspect_ratio", "16:9"), ("generate_audio", False), ("seed", 7), ("number_of_videos", 2)],
    *[("negative_prompt", "rain"), ("enhance_prompt", False), ("video", "https://example.com/other.mp4")],
    *[("image_list", role) for role in ("first_frame", "last_frame", "reference", "asset", "style")],
]


def test_a_field_is_sent_warned_of_or_refused_and_never_dropped(catalogue: Catalogue, every_model: str) -> None:
    smallest = catalogue.smallest(every_model)
    ours = catalogue.words(every_model, smallest)
    lost = []
    for name, value in ONE_MORE:
        more = [*ours["image_list"], {"image": IMAGE, "role": value}] if name == "image_list" else value
        try:
            payload = catalogue.convert(every_model, {**ours, name: more}, "warn")
        except ValidationError:
            continue
        about = value if name == "image_list" else name
        if payload.arguments != smallest:
            assert payload.warnings == (), about
            continue
        assert [warning for warning in payload.warnings if about in warning], about
        lost.append(({**ours, name: more}, about))
    # Looking for the models that do take a field takes its time: once is enough.
    refused, about = lost[-1]
    with pytest.raises(ValidationError, match=about):
        catalogue.convert(every_model, refused, "error")


def test_two_images_where_the_model_takes_one_are_refused(catalogue: Catalogue, every_model: str) -> None:
    single = [name for name, schema in catalogue.properties(every_model).items() if schema.get("type") == "string"]
    for name in (name for name in single if catalogue.ours(every_model, name) == "image_list"):
        ours = catalogue.words(every_model, {**catalogue.smallest(every_model), name: IMAGE})
        with pytest.raises(ValidationError, match="one image"):
            catalogue.convert(every_model, {**ours, "image_list": ours["image_list"] * 2}, "ignore")


@pytest.mark.parametrize(
    ("model", "name", "most"),
    [
        ("bytedance/seedance-2.0/reference-to-video", "image_urls", 9),
        ("bytedance/seedance-2.0/mini/reference-to-video", "audio_urls", 3),
        ("wan/v2.6/reference-to-video/flash", "image_urls", 5),
        ("fal-ai/sora-2/image-to-video/pro", "character_ids", 2),
        ("fal-ai/kling-video/v2.6/pro/image-to-video", "voice_ids", 2),
        ("fal-ai/kling-video/o1/reference-to-video", "image_urls", 7),
        ("fal-ai/kling-video/o1/reference-to-video", "elements", 7),
        ("fal-ai/kling-video/o1/standard/video-to-video/edit", "image_urls", 4),
    ],
)
def test_limits_that_stand_on_the_page_of_a_model_and_not_in_its_schema(
    catalogue: Catalogue, model: str, name: str, most: int
) -> None:
    one = {"frontal_image_url": IMAGE} if name == "elements" else IMAGE
    wanted = {**catalogue.smallest(model), name: [one] * most}
    assert catalogue.convert(model, catalogue.words(model, wanted)).arguments == wanted
    with pytest.raises(ValidationError, match=rf"\b{most}\b"):
        catalogue.convert(model, catalogue.words(model, {**wanted, name: [one] * (most + 1)}))


def test_one_prompt_or_several_shots_but_not_both(catalogue: Catalogue) -> None:
    model = "fal-ai/kling-video/v3/4k/text-to-video"
    for ours in ({}, {"prompt": "a red kite", "extra_params": {"multi_prompt": [{"prompt": "a blue kite"}]}}):
        with pytest.raises(ValidationError, match="exactly one of prompt and multi_prompt"):
            catalogue.convert(model, ours, "ignore")


def test_images_videos_and_sounds_of_h3_are_twelve_in_all(catalogue: Catalogue) -> None:
    model, audio = "minimax/h3/reference-to-video", "https://example.com/song.mp3"
    images = [{"image": IMAGE, "role": "reference"}] * 9
    ours = {"prompt": "a red kite", "image_list": images, "reference_audio_urls": [audio] * 3}
    assert len(catalogue.convert(model, ours).arguments["reference_image_urls"]) == 9
    with pytest.raises(ValidationError, match="12"):
        catalogue.convert(model, {**ours, "video": "https://example.com/clip.mp4"})


def test_a_length_that_the_model_would_not_look_at_is_refused(catalogue: Catalogue) -> None:
    ours = {"prompt": "a red kite", "audio_url": "https://example.com/song.mp3", "duration_seconds": 5}
    with pytest.raises(ValidationError, match="as long as the sound unless match_audio_length is false"):
        catalogue.convert("fal-ai/ltx-2-19b/audio-to-video", ours)
