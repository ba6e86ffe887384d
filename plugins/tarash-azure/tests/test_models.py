"""Each mapping against the schema of what goes on the wire; in `data/azure_schemas.json`, each with its source."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import tarash_azure
import yaml
from tarash_openai.testing import COMPLETED, VideoServer, in_our_words

from tarash_core.testing import World
from tarash_core.testing.catalogue_contract import Catalogue, CatalogueContract, Json, without

PLUGIN = Path(__file__).parents[1]
README = (PLUGIN / "README.md").read_text()
PUBLISHED: Json = json.loads((PLUGIN / "tests" / "data" / "azure_schemas.json").read_text("utf-8"))["models"]
# Azure's pages of these two describe the body of OpenAI's protocol, whose plugin has the schemas.
OPERATIONS = dict.fromkeys(("videos/remix", "videos/edits"), "the body of OpenAI's protocol")
URL = "https://example.com/first.png"


class AzureCatalogue(Catalogue):
    """Azure's names in our words."""

    provider = "azure-openai"
    unpublished = OPERATIONS
    examples = {"input_reference": [{"image_url": URL}, {"file_id": "file-1"}]}
    wrong = {"seconds": ["5", "2.5", "60"], "size": ["640x480", "1792x1024"]}

    def words(self, model: str, wanted: Json) -> Json:
        return in_our_words(wanted)

    def names(self, model: str) -> set[str]:
        """With the id of an image, which becomes the reference."""
        return {*self.properties(model), "file_id"}


def schema_of(model: str) -> Json:
    """What a mapping makes: without `model`, which is the name of the deployment."""
    schema: Json = PUBLISHED[model]["input_schema"]
    return {**schema, "properties": without(schema["properties"], "model")}


class TestModels(CatalogueContract):
    """Sora 2 and Sora 2 Pro."""

    catalogue = AzureCatalogue({model: schema_of(model) for model in PUBLISHED})


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
    monkeypatch.chdir(tmp_path)
    server.statuses = (COMPLETED,)
    with World("sync"):
        exec(re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0], {})
    assert (tmp_path / "kite.mp4").read_bytes() == server.video
    assert next(iter(server.jobs.values())).fields["model"] == "my-sora"


def test_every_option_is_in_the_readme() -> None:
    facts = yaml.safe_load((PLUGIN / "tarash_azure" / "provider.yaml").read_text())
    options = README.partition("## Options")[2]
    assert re.findall(r"^\| `(\w+)` \|", options, re.MULTILINE) == list(facts["options"])
