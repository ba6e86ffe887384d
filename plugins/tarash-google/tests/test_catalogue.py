"""Each mapping of Veo against the schema that Google published, as bodies on the wire.

The schemas stand in ``data/veo_schemas.json``, each with its source. What Google's names mean in our words is written
down here once more (`VeoCatalogue.words`), so that no mapping is checked against itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import jsonschema
import pytest
from tarash_google.testing import FakeGoogle

from tarash_core import ValidationError, VideoGenerationConfig, VideoGenerationRequest, build_payload, find_mapping
from tarash_core.config import OnUnsupported
from tarash_core.payload import Payload
from tarash_core.testing import World
from tarash_core.testing.catalogue_contract import Catalogue, CatalogueContract, Json, without

PUBLISHED: Json = json.loads((Path(__file__).parent / "data" / "veo_schemas.json").read_text("utf-8"))["models"]
PICTURE = {"gcsUri": "gs://kites/picture.png", "mimeType": "image/png"}
REFERENCE = {"image": PICTURE, "referenceType": "ASSET"}
# In the schemas of all models because they are in one table; documented for other models or for masks only.
NOT_OFFERED = {
    "veo-2.0-generate-001": ("mask", "referenceImages"),
    "veo-3.0-generate-001": ("mask", "referenceImages", "lastFrame", "video"),
    "veo-3.0-fast-generate-001": ("mask", "referenceImages", "lastFrame", "video"),
    "veo-3.1-generate-001": ("mask",),
    "veo-3.1-fast-generate-001": ("mask",),
}
# Theirs on the wire: ours.
FIELDS = {
    "prompt": "prompt",
    "aspectRatio": "aspect_ratio",
    "durationSeconds": "duration_seconds",
    "resolution": "resolution",
    "generateAudio": "generate_audio",
    "sampleCount": "number_of_videos",
    "negativePrompt": "negative_prompt",
    "enhancePrompt": "enhance_prompt",
    "seed": "seed",
}
ROLES = {"image": "first_frame", "lastFrame": "last_frame"}
# Theirs on the wire: theirs in the SDK, where they differ.
CALLED = {
    "aspectRatio": "aspect_ratio",
    "durationSeconds": "duration_seconds",
    "generateAudio": "generate_audio",
    "sampleCount": "number_of_videos",
    "negativePrompt": "negative_prompt",
    "enhancePrompt": "enhance_prompt",
    "lastFrame": "last_frame",
    "referenceImages": "reference_images",
    "personGeneration": "person_generation",
    "compressionQuality": "compression_quality",
    "resizeMode": "resize_mode",
    "storageUri": "output_gcs_uri",
    "pubsubTopic": "pubsub_topic",
}
# Of a parameter: what it goes with.
RULES: tuple[tuple[str, Json], ...] = (
    ("prompt", {"anyOf": [{"required": ["prompt"]}, {"required": ["image"]}, {"required": ["video"]}]}),
    ("lastFrame", {"if": {"required": ["lastFrame"]}, "then": {"required": ["image"]}}),
    ("video", {"not": {"required": ["video", "image"]}}),
    ("resizeMode", {"if": {"required": ["resizeMode"]}, "then": {"required": ["image"]}}),
    (
        "referenceImages",
        {
            "if": {"required": ["referenceImages"]},
            "then": {
                "required": ["prompt"],
                "properties": {"durationSeconds": {"const": 8}, "image": False, "lastFrame": False, "video": False},
            },
        },
    ),
)
NOT_ON_THE_PAGE = "no table of its parameters is published"
PREVIEWS = {
    "veo-3.1-generate-preview": "veo-3.1-generate-001",
    "veo-3.1-fast-generate-preview": "veo-3.1-fast-generate-001",
    "veo-3.1-lite-generate-preview": "veo-3.1-lite-generate-001",
}
ENDED = {
    **PREVIEWS,
    "veo-2.0-generate-001": "veo-3.1-generate-001",
    "veo-3.0-generate-001": "veo-3.1-generate-001",
    "veo-3.0-fast-generate-001": "veo-3.1-fast-generate-001",
}


class VeoCatalogue(Catalogue):
    """Google's names in our words, and what the SDK makes of them."""

    provider = "google"
    image, video = PICTURE["gcsUri"], "gs://kites/clip.mp4"
    unpublished = {
        **{preview: f"the schema of {successor}" for preview, successor in PREVIEWS.items()},
        **dict.fromkeys(("veo-2.0-generate-exp", "veo-3.1-lite-generate-001"), NOT_ON_THE_PAGE),
        **dict.fromkeys(("gemini-omni-1.1-flash", "gemini-omni-1.2-flash"), "see test_omni.py"),
    }
    examples = {
        "image": [PICTURE],
        "lastFrame": [PICTURE],
        "referenceImages": [[REFERENCE], [REFERENCE] * 3],
        "video": [{"gcsUri": video, "mimeType": "video/mp4"}],
        "labels": [{"team": "kites"}],
    }
    wrong = {"aspectRatio": ["1:1"], "durationSeconds": [3, 9], "resolution": ["360p", "8k"]}
    companions = ({}, {"prompt": "a red kite"}, {"image": PICTURE})
    google: FakeGoogle

    def words(self, model: str, wanted: Json) -> Json:
        ours: Json = {"image_list": [], "extra_params": {}}
        for name, value in wanted.items():
            if name in FIELDS:
                ours[FIELDS[name]] = value
            elif name in ROLES:
                ours["image_list"].append({"image": value["gcsUri"], "role": ROLES[name]})
            elif name == "referenceImages":
                ours["image_list"] += [{"image": item["image"]["gcsUri"], "role": "asset"} for item in value]
            elif name == "video":
                ours["video"] = value["gcsUri"]
            else:
                ours["extra_params"][CALLED.get(name, name)] = value
        return ours

    def sent(self, model: str, wanted: Json) -> Json:
        """With the sound that Veo 3 has to be told of."""
        return wanted if model.startswith("veo-2") else {"generateAudio": True, **wanted}

    def called(self, name: str) -> str:
        """By the SDK's name."""
        return CALLED.get(name, name)

    def config(self, model: str, on_unsupported: OnUnsupported = "error") -> VideoGenerationConfig:
        """With a key for express mode, which needs no other credentials."""
        return VideoGenerationConfig(
            provider="google",
            model=model,
            api_key=self.google.key,
            base_url=self.google.url,
            provider_config={"vertexai": True},
            on_unsupported=on_unsupported,
        )

    def body(self, config: VideoGenerationConfig, request: VideoGenerationRequest, payload: Payload) -> Json:
        """What came to Google, as one object; it is held against the published schema as it was."""
        with World("sync") as world:
            world.submit(config, request)
        body: Json = list(self.google.jobs.values())[-1].body
        jsonschema.validate(body, PUBLISHED[payload.model]["input_schema"])
        (instance,) = body["instances"]
        return {**instance, **body.get("parameters", {}), **without(body, "instances", "parameters")}


def schema_of(model: str) -> Json:
    """The instance, its parameters and the labels as one object, and the rules that Google states in words.

    https://docs.cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/Shared.Types/VideoGenerationModelInstance
    and the table that the schema comes from.
    """
    published = PUBLISHED[model]["input_schema"]["properties"]
    instance, parameters = published["instances"]["items"]["properties"], published["parameters"]["properties"]
    properties = without({**instance, **parameters, "labels": {"type": "object"}}, *NOT_OFFERED[model])
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "allOf": [rule for given, rule in RULES if given in properties],
    }


class TestModels(CatalogueContract):
    """Veo on Vertex AI."""

    catalogue: ClassVar[VeoCatalogue] = VeoCatalogue({model: schema_of(model) for model in PUBLISHED})

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _google(cls) -> Iterator[None]:
        with FakeGoogle(key="any-key") as google:
            cls.catalogue.google = google
            yield


@pytest.mark.parametrize(("model", "successor"), ENDED.items())
def test_a_model_that_has_ended_is_refused_with_its_successor(model: str, successor: str) -> None:
    config = VideoGenerationConfig(provider="google", model=model, provider_config={"project": "p", "location": "l"})
    with pytest.raises(ValidationError, match=f"use '{successor}'"):
        build_payload(config, VideoGenerationRequest(prompt="a red kite"))
    assert find_mapping("google", successor).deprecation is None
