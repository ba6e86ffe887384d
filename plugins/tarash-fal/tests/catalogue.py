"""fal's published schemas as requests and payloads, for the tests of the mappings: the fixture ``catalogue``.

What fal's names mean in our words is written down here once more (`Catalogue.words`), so that no mapping is checked
against itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tarash_core.config import OnUnsupported
from tarash_core.mapping.library import MappingLibrary
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest

Json = dict[str, Any]

IMAGE, VIDEO = "https://example.com/picture.png", "https://example.com/clip.mp4"

# theirs -> ours
FIELDS = {
    **{name: name for name in ("prompt", "negative_prompt", "resolution", "aspect_ratio", "generate_audio", "seed")},
    **dict.fromkeys(
        ("prompt_optimizer", "enable_prompt_expansion", "expand_prompt", "enhance_prompt"), "enhance_prompt"
    ),
    **dict.fromkeys(("video_size", "dimensions"), "resolution"),
    "generate_audio_switch": "generate_audio",
    "thinking_type": "enhance_prompt",
}
# What our fields cannot say goes through extra_params by fal's name.
THEIRS = (("duration", "auto"), ("thinking_type", "auto"))
OPTIMIZED = {"enabled": True, "disabled": False}
_FIRST = ("image_url", "start_image_url", "first_frame_url", "first_image_url", "first_frame_image_url")
_SINGLE_REFERENCES = ("reference_image_url", "subject_reference_image_url")
ROLES = {
    **dict.fromkeys(_FIRST, "first_frame"),
    **dict.fromkeys(("end_image_url", "tail_image_url", "last_frame_url"), "last_frame"),
    **dict.fromkeys(("image_urls", "reference_image_urls", "input_image_urls", "ref_image_urls"), "reference"),
    **dict.fromkeys(_SINGLE_REFERENCES, "reference"),
}
VIDEOS = ("video_url", "video_urls", "reference_video_urls", "video")
RATES = ("fps", "frames_per_second", "frame_rate")
# These show the person of the image, and never the image itself.
SHOWN_PERSON = ("/motion-control", "/animate/move", "/animate/replace")
# Five seconds at 16 a second are 80 frames here; everywhere else they are 81, the first one shown at 0 seconds.
NO_FRAME_AT_ZERO = ("fal-ai/cosmos-predict-2.5/", "fal-ai/longcat-video/", "fal-ai/wan/v2.2-14b/speech-to-video")
# The rate of the models that don't say it among their parameters, and of the one without defaults.
UNSAID_RATE = 16
# What fal's rules ask for beside another parameter.
COMPANIONS: tuple[Json, ...] = (
    {},
    {"prompt": "a red kite"},
    {"resolution": "720p"},
    {"resolution": "720p", "hdr": True},
    {"model": "v6"},
    {"keyframes": [IMAGE], "keyframe_indexes": [0]},
    {"reference_image_urls": [IMAGE]},
    {"match_audio_length": False},
    {"match_input_fps": False},
    {"match_video_length": False, "match_input_fps": False},
    {"match_input_num_frames": False, "match_input_frames_per_second": False},
)


class Catalogue:
    """The models of the plugin, what fal published of each, and the way there and back.

    Args:
        library: The plugin's mappings.
        data: ``data/fal_schemas.json``.
    """

    def __init__(self, library: MappingLibrary, data: Path) -> None:
        self.library = library
        self.published: Json = json.loads(data.read_text("utf-8"))["models"]
        self._smallest: dict[str, Json] = {}
        self.schemas: dict[str, Json] = {model: entry["schema"] for model, entry in self.published.items()}

    @cached_property
    def _validators(self) -> dict[str, Draft202012Validator]:
        return {model: Draft202012Validator(schema) for model, schema in self.schemas.items()}

    def convert(self, model: str, ours: Json, on_unsupported: OnUnsupported = "error") -> Payload:
        request = VideoGenerationRequest(**ours)
        return self.library.find(model).apply(request, model=model, on_unsupported=on_unsupported)

    def properties(self, model: str) -> dict[str, Json]:
        found: dict[str, Json] = self.schemas[model]["properties"] if model in self.schemas else {}
        return found

    def is_valid(self, model: str, payload: Json) -> bool:
        valid: bool = self._validators[model].is_valid(payload)
        return valid

    def words(self, model: str, wanted: Json) -> Json:
        """The fields of the request that says, in our words, what `wanted` says in fal's."""
        ours: Json = {"image_list": [], "extra_params": {}}
        for name, value in wanted.items():
            if (name, value) in THEIRS:
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
            elif name in VIDEOS:
                ours["video"] = VIDEO
            else:
                ours["extra_params"][name] = value
        return ours

    def ours(self, model: str, name: str) -> str | None:
        """The field of the request that becomes this parameter; None for one that goes through extra_params."""
        if name == "duration" or self.is_length(model, name):
            return "duration_seconds"
        if name in ROLES:
            return "image_list"
        return "video" if name in VIDEOS else FIELDS.get(name)

    def is_length(self, model: str, name: str) -> bool:
        """Whether a parameter is the length in frames, which no other parameter says in seconds."""
        return name == "num_frames" and "duration" not in self.properties(model)

    def _seconds(self, model: str, wanted: Json) -> float:
        said = next((name for name in RATES if name in self.properties(model)), "")
        rate = wanted.get(said) or self.properties(model).get(said, {}).get("default", UNSAID_RATE)
        return float((wanted["num_frames"] - (not model.startswith(NO_FRAME_AT_ZERO))) / rate)

    def smallest(self, model: str) -> Json:
        """What the model cannot do without."""
        if model not in self._smallest:
            needed = {name: least(name, self.properties(model)[name]) for name in self._required(model)}
            self._smallest[model] = self.completed(model, needed)
        return dict(self._smallest[model])

    def _required(self, model: str) -> list[str]:
        names: list[str] = self.schemas[model]["required"]
        return names

    def completed(self, model: str, payload: Json) -> Json:
        """The payload with what fal's rules ask for beside it."""
        candidates = [{**more, **payload} for more in COMPANIONS]
        return next(candidate for candidate in candidates if self.is_valid(model, candidate))

    def choosing(self, model: str) -> Iterator[Json]:
        """The smallest payload with each documented choice of each parameter, and with the ends of its range."""
        for name, schema in self.properties(model).items():
            frames = [schema["default"]] if self.is_length(model, name) and "default" in schema else []
            for value in choices(name, schema) + ends(name, schema) + frames:
                yield self.completed(model, {**self.smallest(model), name: value})

    def payloads(self, model: str) -> st.SearchStrategy[Json]:
        """What fal documents, by its rules too."""
        return objects(self.schemas[model]).map(lambda payload: self._by_the_rules(model, payload))

    def _by_the_rules(self, model: str, payload: Json) -> Json:
        kept = dict(payload)
        optional = [name for name in payload if name not in self._required(model)]
        while optional and not self.is_valid(model, kept):
            last_straw = [name for name in optional if self.is_valid(model, without(kept, name))]
            dropped = last_straw[0] if last_straw else optional[-1]
            optional.remove(dropped)
            kept.pop(dropped)
        return self.completed(model, kept)

    def options(self, model: str, name: str) -> list[Any]:
        """What may stand under a name: None for nothing, then each choice or, where there is none, one value."""
        schema = self.properties(model)[name]
        return [None, *(choices(name, schema) or [least(name, schema)])]


def without(payload: Json, *names: str) -> Json:
    return {name: value for name, value in payload.items() if name not in names}


def _ours(name: str, value: Any) -> Any:
    if name == "thinking_type":
        return OPTIMIZED.get(value, value)
    if FIELDS[name] != "resolution":
        return value
    return f"{value['width']}x{value['height']}" if isinstance(value, dict) else value.lower()


def choices(name: str, schema: Json) -> list[Any]:
    """Each documented value."""
    if "anyOf" in schema:
        return [value for one in schema["anyOf"] for value in choices(name, one)]
    documented: list[Any] = schema.get("enum", [True, False] if schema["type"] == "boolean" else [])
    return documented


def ends(name: str, schema: Json) -> list[Any]:
    """The least and the greatest value of a range, the shortest and the longest text, the longest list."""
    found = [schema[end] for end in ("minimum", "maximum") if end in schema]
    found += ["x" * schema[end] for end in ("minLength", "maxLength") if end in schema]
    if "maxItems" in schema and name not in VIDEOS:  # a request has one video
        found.append([least(name, schema["items"])] * schema["maxItems"])
    return found


def least(name: str, schema: Json) -> Any:
    """One value that the schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema["type"]:
        case "array":
            return [least(name, schema["items"])]
        case "object":
            return {inner: least(inner, schema["properties"][inner]) for inner in schema.get("required", ())}
        case "integer" | "number":
            return schema.get("default", 1)
    return VIDEO if name in VIDEOS else IMAGE if name.endswith(("_url", "_urls", "keyframes")) else "a red kite"


def values(name: str, schema: Json) -> st.SearchStrategy[Any]:
    """What the schema allows and a request can ask for."""
    if "anyOf" in schema:
        sides = st.integers(64, 4096)
        return st.sampled_from(choices(name, schema)) | st.fixed_dictionaries({"width": sides, "height": sides})
    if "enum" in schema:
        return st.sampled_from(choices(name, schema))
    match schema["type"]:
        case "boolean":
            return st.booleans()
        case "array":  # a request has one video
            most = min(schema.get("maxItems", 2), 1 if name in VIDEOS else 2)
            return st.lists(values(name, schema["items"]), min_size=1, max_size=most)
        case "object" if name == "video":  # what else it may hold is left to the model
            return st.just({"video_url": VIDEO})
        case "object":
            return objects(schema)
        case "integer" | "number":
            return numbers(name, schema)
    if name.endswith(("_url", "_urls", "keyframes")):
        return st.just(VIDEO if name in VIDEOS else IMAGE)
    return st.sampled_from(["a red kite", "Drachen über der See", "x" * schema.get("maxLength", 40)])


def numbers(name: str, schema: Json) -> st.SearchStrategy[float]:
    """Whole ones where the type says so, or the name: fal's published types often say number for both."""
    unsaid = {"num_frames": (29, 289), "duration": (1, 20), **dict.fromkeys(RATES, (5, 60))}
    low, high = unsaid.get(name, (0, 2**31 - 1 if name == "seed" or schema["type"] == "integer" else 2))
    low, high = schema.get("minimum", low), schema.get("maximum", high)
    if schema["type"] == "integer" or name == "seed" or name in unsaid:
        step = schema.get("multipleOf", 1)
        return st.integers(-(-low // step), high // step).map(lambda count: count * step)
    return st.floats(low, high)


def objects(schema: Json) -> st.SearchStrategy[Json]:
    found = {name: values(name, inner) for name, inner in schema["properties"].items()}
    required = {name: found.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(required, optional=found)
