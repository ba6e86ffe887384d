"""Each model with a published schema: what is learned loads, and what it sends is what the schema takes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from tarash_core.learning import SchemaError, learn
from tarash_core.mapping.library import MappingLibrary
from tarash_core.request import VideoGenerationRequest

pytestmark = pytest.mark.usefixtures("nobodys_files")

Json = dict[str, Any]

# What they need is named or nested so that nothing is learned of it, and that is said.
NOTHING = {
    "claid:video/generate",
    "cog:mchong6/gans-n-roses",
    "cog:sanzgiri/cartoonify_video",
    "fal:cassetteai/video-sound-effects-generator",
    "huggingface:image-to-video",
    "huggingface:text-to-video",
    "livepeer:live-video-to-video",
    "replicate:zetyquickly-org/faceswap-a-gif",
    "tencent:mps/CreateVideoRedrawTask",
    "tencent:vod/CreateAigcVideoRedrawTask",
}
PUBLISHED: Json = {
    name: model
    for file in sorted((Path(__file__).parent / "data").glob("*.json"))
    for name, model in json.loads(file.read_text("utf-8"))["models"].items()
}
MODELS: Json = {name: model for name, model in PUBLISHED.items() if model["roles"] and name not in NOTHING}
IMAGE, VIDEO = "https://example.com/picture.png", "https://example.com/clip.mp4"
# What they need is nested so deep that no request is drawn for it; so are the loras that some of fal's models need.
NESTED = {
    "acedata:minimax_generate_video",
    "anyfast:doubao-seedance-1-0-lite-i2v-250428",
    "apiframe:midjourney-video",
    "apiframe:wan-2.7-r2v",
    "apiframe:wan-2.7-videoedit",
    "atlascloud:vidu/q2-pro-fast/reference-to-video-with-audio",
    "baidu:musesteamer-2.0-turbo-i2v-audio",
    "baidu:musesteamer-air-i2v",
    "byteplus:contents/generations/tasks",
    "cloudflare:minimax/h3",
    "domo:v1/video/image2video",
    "fal:fal-ai/heygen/avatar3/digital-twin",
    "fal:fal-ai/multishot-master",
    "fal:fal-ai/pixverse/c1/reference-to-video",
    "griptape:WanReferenceToVideoGeneration",
    "hedra:public/generations/video",
    "littleorange:dreamina_create_video",
    "littleorange:veo31_i2v",
    "littleorange:vidu_ref_subj",
    "livepeer:image-to-video",
    "magichour:v1/ai-video-editor",
    "magichour:v1/animation",
    "magichour:v1/audio-to-video",
    "magichour:v1/character-replace",
    "magichour:v1/image-to-video",
    "magichour:v1/text-to-video",
    "minimax:MiniMax-H3",
    "modelslab:scene_maker",
    "modelslab:video/scene_maker",
    "novita:txt2video",
    "novita:vidu-q2-pro-multiframe",
    "novita:vidu-q2-reference2video",
    "novita:wan2.6-v2v",
    "piapi:luma/extend_video",
    "piapi:luma/image_to_video",
    "poyo:flux-3/keyframes-to-video",
    "runway:recipes/product_swap",
    "runway:recipes/product_ugc",
    "tanstack:generateVideo",
    "ucloud:vidu/reference2video",
    "uniall:vidu-old",
    "uniall:wan-2-6",
    "volcengine:contents/generations/tasks",
}
# What a request's field of the same name does not hold, and is therefore left out: a number without limits; a switch; a
# resolution beside another one; a video in an object with more that is needed.
LEFT_OUT = {
    "cog:chigozienri/visual-anagrams": {"video"},
    "fal:fal-ai/ltx-2.3-quality/outpaint": {"resolution"},
    "fal:fal-ai/ltx-2.3-quality/outpaint/lora": {"resolution"},
    "littleorange:veo31_extend": {"video"},
    "modelslab:img2video_ultra": {"resolution"},
    "modelslab:video/img2video_ultra": {"resolution"},
    "replicate:zsxkib/memo": {"resolution"},
}
TEXTS = ("prompt", "negative_prompt")
# An address or base 64, where one input takes either.
FORMATS = FormatChecker(formats=())
FORMATS.checks("byte")(lambda text: not str(text).startswith("https:"))


def multiple_of(validator: object, step: float, value: object, schema: object) -> Iterator[ValidationError]:
    """The check of ``multipleOf`` in decimals: 0.3 is three times 0.1."""
    if isinstance(value, int | float) and Decimal(str(value)) % Decimal(str(step)):
        yield ValidationError(f"{value} is not a multiple of {step}")


Validator = extend(Draft202012Validator, {"multipleOf": multiple_of})


def mapped(name: str) -> tuple[Json, MappingLibrary, str]:
    """The learned document, a library that holds what was written of it, and the model."""
    provider, _, model = name.partition(":")
    found = learn(MODELS[name]["input"], model=model, provider=provider, source="its provider", read="2026-11-23")
    library = MappingLibrary.load(provider, models=None)
    library.add(found.text)
    return dict(found.document), library, model


def requests(document: Json, chosen: set[str]) -> st.SearchStrategy[Json]:
    """Requests within what a mapping offers: its values and limits, whatever it requires.

    `chosen` are lists of which each item is one of a few: the language has no word for that.
    """
    always: Json = {}
    perhaps: Json = {}
    some = {next(iter(rule.get("some_of") or rule["when"])) for rule in document.get("rules", ())}
    sides = {words["use"]: words.get("with", {}) for words in document["fields"].values() if "use" in words}
    for words in document["fields"].values():
        words = {"from": words} if isinstance(words, str) else words
        if words.get("use") in ("width", "height"):
            wide, high = (within(sides[side], side) for side in ("width", "height"))
            words = {"from": "resolution", "one_of": [f"{wide}x{high}"], "required": words.get("required")}
        for field, values in drawn(words).items():
            chosen_of_some = field.removeprefix("image:") in some
            (always if words.get("required") or chosen_of_some else perhaps)[field] = values
    # Another frame rate makes other durations whole numbers of frames.
    rates = {words["with"]["rate"] for words in document["fields"].values() if words.get("use") == "frames"}
    extras = {name: extra(words) for name, words in document.get("extra", {}).items() if name not in rates | chosen}
    needed = {name: extras.pop(name) for name, words in document.get("extra", {}).items() if words.get("required")}
    whole = st.fixed_dictionaries(always, optional=perhaps)
    return st.tuples(whole, st.fixed_dictionaries(needed, optional=extras)).map(as_request)


def as_request(parts: tuple[Json, Json]) -> Json:
    fields, extras = dict(parts[0]), parts[1]
    images = [image for name in list(fields) if name.startswith("image:") for image in fields.pop(name)]
    if "lookup" in fields:
        fields["resolution"], fields["aspect_ratio"] = fields.pop("lookup")
    return {**fields, "image_list": images, "extra_params": extras}


def within(told: Json, side: str) -> int:
    """Pixels that the limits of a side take."""
    pixels = min(max(1280 if side == "width" else 720, told.get("least", 1)), told.get("most", 1280))
    return int(pixels - pixels % told.get("multiple_of", 1))


def drawn(words: Json) -> dict[str, st.SearchStrategy[Any]]:
    """By request field: what may be asked for. An image role is ``image:ROLE``, a lookup a pair."""
    if "const" in words:
        return {}
    if "image" in words:
        roles = [words["image"]] if isinstance(words["image"], str) else words["image"]
        return {f"image:{roles[0]}": st.sampled_from([[{"image": IMAGE, "role": role}] for role in roles])}
    if words.get("images") == ["first_frame", "last_frame"]:
        ends = [{"image": IMAGE, "role": role} for role in words["images"]]
        return {"image:ends": st.sampled_from([ends, ends[::-1]])}
    if "images" in words:
        low, high = words.get("min_items", 1), words.get("max_items", words.get("min_items", 1) + 1)
        one = {"image": IMAGE, "role": words["images"][0]}
        return {f"image:{words['images'][0]}": st.integers(low, high).map(lambda count: [one] * count)}
    if "videos" in words or words.get("from") == "video":
        return {"video": st.just(VIDEO)}
    if "lookup" in words:
        cells = [(first, second) for first, row in words["table"].items() for second in row]
        return {"lookup": st.sampled_from(cells)}
    return {words["from"]: value(words)}


def value(words: Json) -> st.SearchStrategy[Any]:
    field = words["from"]
    if "one_of" in words or "values" in words:
        return st.sampled_from(list(words.get("one_of") or words["values"]))
    if field in TEXTS:
        return st.sampled_from(["a red kite", "x" * words.get("max_length", 40)])
    if words.get("use") == "ratio":
        return st.sampled_from(["16:9", "1:1", "9:16"])
    if words.get("use") == "frames":
        told = words["with"]
        least = -(-(told.get("least", 1)) // told["fps"]) + 1
        most = (told.get("most", 60 * told["fps"]) - 1) // told["fps"]
        return st.integers(min(least, most), most)
    if field in ("duration_seconds", "seed", "number_of_videos"):
        least, step = max(words.get("min", 1), 1), words.get("multiple_of", 1)
        most = min(words.get("max", 2**31 - 1 if field == "seed" else 60), 2**31 - 1)
        return st.integers(math.ceil(least / step), math.floor(most / step)).map(lambda count: int(count * step))
    return st.booleans() if field in ("generate_audio", "enhance_prompt") else st.sampled_from(["16:9", "720p"])


def extra(words: Json) -> st.SearchStrategy[Any]:
    if "one_of" in words:
        return st.sampled_from(words["one_of"])
    match words["type"]:
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(int(words.get("min", 0)), int(words.get("max", words.get("min", 0) + 9)))
        case "number" if step := words.get("multiple_of"):
            least, most = words.get("min", 0), words.get("max", words.get("min", 0) + 9)
            return st.integers(math.ceil(least / step), math.floor(most / step)).map(
                lambda count: round(count * step, 9)
            )
        case "number":
            return st.floats(words.get("min", 0), words.get("max", words.get("min", 0) + 9))
        case "string" | "media":
            return st.just("https://example.com/x".ljust(words.get("min_length", 0), "x"))
        case "array" if words.get("items") in ("string", "media"):
            return st.just([VIDEO] * max(words.get("min_items", 1), 1))
    return st.nothing()


@pytest.mark.parametrize("name", sorted(MODELS))
def test_what_is_learned_sends_what_the_schema_takes(name: str) -> None:
    document, library, model = mapped(name)
    mapping = library.find(model)
    schema = MODELS[name]["input"]
    reached = {*mapping.fields, *mapping.extra}
    assert reached == {*schema["properties"]} - LEFT_OUT.get(name, set()), "every parameter can be reached"
    validator = Validator(schema, format_checker=FORMATS)
    chosen = {each for each, inner in schema["properties"].items() if "enum" in inner.get("items", {})}

    @settings(max_examples=4, deadline=None, derandomize=True, database=None)
    @given(given_=requests(document, chosen))
    def sent(given_: Json) -> None:
        payload = mapping.apply(VideoGenerationRequest(**given_), model=model, on_unsupported="error")
        wrong = [f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(payload.arguments)]
        assert wrong == []

    needs = [
        each for each, words in document.get("extra", {}).items() if words.get("required") and extra(words).is_empty
    ]
    assert bool(needs) == (name in NESTED or "loras" in schema.get("required", ()))
    if not needs:
        sent()


@pytest.mark.parametrize("name", sorted(NOTHING))
def test_where_nothing_can_be_learned_that_is_said(name: str) -> None:
    provider, _, model = name.partition(":")
    with pytest.raises(SchemaError, match="no parameter of it is one that a request has"):
        learn(PUBLISHED[name]["input"], model=model, provider=provider, source="its provider", read="2026-11-23")


def offered(words: Any) -> set[Any]:
    """Every value of theirs that a field's words can send."""
    beside = set(words.get("also", ()))
    if "table" in words:
        return beside | {theirs for row in words["table"].values() for theirs in row.values()}
    if "values" in words:
        return beside | set(words["values"].values())
    if "one_of" not in words:  # a switch
        return beside | {True, False}
    form = words.get("as", "integer")
    if form == "integer":
        return beside | set(words["one_of"])
    return beside | {str(value) if form == "string" else form.format(value) for value in words["one_of"]}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_documented_value_of_a_field_can_be_asked_for(name: str) -> None:
    document, _, _ = mapped(name)
    for parameter, words in document["fields"].items():
        documented = MODELS[name]["input"]["properties"][parameter].get("enum")
        if documented is not None and "const" not in words:
            assert set(documented) == offered(words), parameter
