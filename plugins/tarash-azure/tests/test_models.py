"""Each mapping against the schema of what goes on the wire; in `data/azure_schemas.json`, each with its source."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tarash_azure
import yaml
from jsonschema import Draft202012Validator
from tarash_openai.testing import COMPLETED, VideoServer

import tarash_core as tarash
from tarash_core import ValidationError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.stack import forget
from tarash_core.testing import World

Json = dict[str, Any]

PLUGIN = Path(__file__).parents[1]
README = (PLUGIN / "README.md").read_text()
PUBLISHED: Json = json.loads((PLUGIN / "tests" / "data" / "azure_schemas.json").read_text("utf-8"))["models"]
SCHEMAS: dict[str, Json] = {model: entry["input_schema"] for model, entry in PUBLISHED.items()}
URL = "https://example.com/first.png"

every_model = pytest.mark.parametrize("model", sorted(SCHEMAS))


@pytest.fixture(autouse=True)
def _files_of_the_plugin_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither the user's mappings nor those of the folder that the tests run in."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TARASH_MAPPINGS", raising=False)
    monkeypatch.chdir(tmp_path)
    forget("azure-openai")
    yield
    forget("azure-openai")


def convert(model: str, **ours: Any) -> Json:
    config = VideoGenerationConfig(provider="azure-openai", model=model, on_unsupported="error")
    return tarash.build_payload(config, VideoGenerationRequest(prompt="a red kite", **ours)).arguments


def test_every_model_has_a_mapping_of_its_own() -> None:
    assert set(tarash.list_models("azure-openai")) == {*SCHEMAS, "videos/remix", "videos/edits"}


@every_model
def test_every_documented_value_can_be_asked_for_and_is_sent_as_documented(model: str) -> None:
    properties = SCHEMAS[model]["properties"]
    frame = [{"image": URL, "role": "first_frame"}]
    asked: list[tuple[Json, Json]] = [
        ({}, {}),
        *[({"duration_seconds": int(value)}, {"seconds": value}) for value in properties["seconds"]["enum"]],
        *[({"resolution": value}, {"size": value}) for value in properties["size"]["enum"]],
        ({"resolution": "720p", "aspect_ratio": "16:9"}, {"size": "1280x720"}),
        ({"image_list": frame}, {"input_reference": {"image_url": URL}}),
        ({"file_id": "file-1"}, {"input_reference": {"file_id": "file-1"}}),
        ({"remix_video_id": "video_1"}, {"remix_video_id": "video_1"}),
    ]
    for ours, theirs in asked:
        wanted = {"prompt": "a red kite", **theirs}
        Draft202012Validator(SCHEMAS[model]).validate({"model": "a deployment", **wanted})
        assert convert(model, **ours) == wanted
    assert {name for _, theirs in asked for name in theirs} == properties.keys() - {"model", "prompt"}


@every_model
@pytest.mark.parametrize(
    ("ours", "field"),
    [
        ({"duration_seconds": 5}, "duration_seconds"),
        ({"resolution": "1792x1024"}, "resolution"),
        ({"seed": 7}, "seed"),
        ({"image_list": [{"image": URL, "role": "last_frame"}]}, "last_frame"),
    ],
)
def test_what_is_not_offered_is_refused_before_anything_is_sent(model: str, ours: Json, field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        convert(model, **ours)


def test_every_mapping_names_its_page_and_the_day_it_was_read() -> None:
    for file in (Path(tarash_azure.__file__).parent / "models").glob("*.yaml"):
        lines = [line for line in file.read_text("utf-8").splitlines() if line.startswith("docs:")]
        assert lines
        assert all("https://learn.microsoft.com/" in line and "# read 2026-11-23" in line for line in lines)


def test_the_readmes_first_block_makes_a_video(
    server: VideoServer, endpoint: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", endpoint)
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", key)
    server.statuses = (COMPLETED,)
    with World("sync"):
        exec(re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0], {})
    assert (tmp_path / "kite.mp4").read_bytes() == server.video
    assert next(iter(server.jobs.values())).fields["model"] == "my-sora"


def test_every_option_is_in_the_readme() -> None:
    facts = yaml.safe_load((PLUGIN / "tarash_azure" / "provider.yaml").read_text())
    options = README.partition("## Options")[2]
    assert re.findall(r"^\| `(\w+)` \|", options, re.MULTILINE) == list(facts["options"])
