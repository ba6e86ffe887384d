"""Each mapping against the schema of what goes on the wire, and every value that it documents.

The schemas stand in ``data/openai_schemas.json``, each with its source. What their names mean in our words is written
down once more (`tarash_openai.testing.in_our_words`), so that no mapping is checked against itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tarash_openai
from tarash_openai.testing import in_our_words

from tarash_core.errors import ValidationError
from tarash_core.testing.catalogue_contract import Catalogue, CatalogueContract, Json, without

PUBLISHED: Json = json.loads((Path(__file__).parent / "data" / "openai_schemas.json").read_text("utf-8"))["models"]
SNAPSHOTS = {"sora-2": ["sora-2-2025-10-06", "sora-2-2025-12-08"], "sora-2-pro": ["sora-2-pro-2025-10-06"]}
URL = "https://example.com/first.png"
# `videos/remix` has it in its path, which no schema of a body describes.
VIDEO_ID = {"type": "string", "minLength": 1}


class OpenAiCatalogue(Catalogue):
    """The protocol's names in our words."""

    provider = "openai"
    unpublished = {snapshot: f"the schema of {model}" for model, found in SNAPSHOTS.items() for snapshot in found}
    examples = {"input_reference": [{"image_url": URL}, {"file_id": "file-1"}], "video": [{"id": "video_1"}]}
    wrong = {"seconds": ["5", "2.5", "60"], "size": ["640x480", "1280x721"]}

    def words(self, model: str, wanted: Json) -> Json:
        return in_our_words(wanted)

    def names(self, model: str) -> set[str]:
        """With the id of an image or of a video, which becomes a part of another parameter."""
        ids = {"input_reference": "file_id", "video": "video_id"}
        return {*self.properties(model), *(ids[name] for name in ids if name in self.properties(model))}


def schema_of(model: str) -> Json:
    """What a mapping makes: without `model`, which is the config's. Sora 2's own sizes are a rule beside the schema."""
    schema: Json = PUBLISHED[model]["input_schema"]
    properties = without(schema["properties"], "model")
    for rule in PUBLISHED[model].get("x-cross-rules", ()):
        properties |= {name: {**properties[name], **more} for name, more in rule["schema"]["properties"].items()}
    if model != "videos/remix":
        return {**schema, "properties": properties}
    return {**schema, "properties": {**properties, "video_id": VIDEO_ID}, "required": ["prompt", "video_id"]}


CATALOGUE = OpenAiCatalogue({model: schema_of(model) for model in PUBLISHED})


class TestModels(CatalogueContract):
    """Every model and every operation of the protocol."""

    catalogue = CATALOGUE


def test_a_snapshot_has_the_mapping_of_its_model() -> None:
    for model, snapshots in SNAPSHOTS.items():
        for snapshot in snapshots:
            assert snapshot in PUBLISHED[model]["input_schema"]["properties"]["model"]["enum"]
            assert CATALOGUE.mapping(snapshot).fields == CATALOGUE.mapping(model).fields


def test_two_first_frames_are_refused() -> None:
    frame: dict[str, Any] = {"image": URL, "role": "first_frame"}
    with pytest.raises(ValidationError, match="one image"):
        CATALOGUE.payload("sora-2", {"prompt": "x", "image_list": [frame, frame]})


def test_every_mapping_names_its_page_and_the_day_it_was_read() -> None:
    for file in (Path(tarash_openai.__file__).parent / "models").glob("*.yaml"):
        lines = [line for line in file.read_text("utf-8").splitlines() if line.startswith("docs:")]
        assert lines
        assert all("https://developers.openai.com/api/" in line and "# read 2026-11-23" in line for line in lines)
