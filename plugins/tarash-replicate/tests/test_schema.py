"""The schema that Replicate publishes of a version, and of a model's latest one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tarash_core import (
    NotFoundError,
    TarashException,
    UnexpectedResponseError,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    close,
)
from tarash_core.deadline import Deadline
from tarash_core.drive import run
from tarash_core.learning.discovery import published_schema
from tarash_core.stack import forget
from tarash_core.testing import LoopbackServer, Received, Reply, World

VERSION = "5" * 64
# In the form of a version's openapi_schema, cut to what is read.
PUBLISHED: dict[str, Any] = {
    "openapi": "3.0.2",
    "components": {
        "schemas": {
            "Input": {
                "type": "object",
                "properties": {
                    "prompt": {"type": "string", "title": "Prompt", "x-order": 0},
                    "image": {"type": "string", "format": "uri", "nullable": True, "x-order": 1},
                    "duration": {"allOf": [{"$ref": "#/components/schemas/duration"}], "default": 5, "x-order": 2},
                },
                "required": ["prompt"],
            },
            "duration": {"enum": [5, 10], "type": "integer", "title": "duration"},
            "Output": {"type": "string", "format": "uri"},
        }
    },
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def answer(received: Received) -> Reply:
    version = {"id": VERSION, "openapi_schema": PUBLISHED}
    known: dict[str, Reply] = {
        "/v1/models/acme/kite": Reply(json={"owner": "acme", "name": "kite", "latest_version": version}),
        f"/v1/models/acme/kite/versions/{VERSION}": Reply(json=version),
        "/v1/models/acme/silent": Reply(json={"owner": "acme", "name": "silent", "latest_version": None}),
        "/v1/predictions": Reply(201, json={"id": "p1", "status": "starting"}),
        "/v1/models/acme/kite/predictions": Reply(201, json={"id": "p1", "status": "starting"}),
    }
    return known.get(received.path, Reply(404, json={"detail": "The requested resource could not be found."}))


def config(server: LoopbackServer, key: str, model: str) -> VideoGenerationConfig:
    return VideoGenerationConfig(
        provider="replicate", model=model, api_key=key, base_url=server.url, discover_models=True, timeout=20.0
    )


@pytest.mark.parametrize("model", ["acme/kite", f"acme/kite:{VERSION}"])
def test_a_model_without_a_mapping_is_used_by_its_schema(world: World, key: str, model: str) -> None:
    request = VideoGenerationRequest(
        prompt="a red kite",
        duration_seconds=10,
        image_list=[{"image": "https://example.com/kite.png", "role": "first_frame"}],
    )
    try:
        with LoopbackServer(answer) as server:
            world.submit(config(server, key, model), request)
            asked, posted = server.requests
        assert asked.method == "GET"
        assert posted.json()["input"] == {
            "prompt": "a red kite",
            "image": "https://example.com/kite.png",
            "duration": 10,
        }
    finally:
        # What one world learned, the other has to learn by itself.
        forget("replicate")


@pytest.mark.parametrize(
    ("model", "error"),
    [("acme/silent", UnexpectedResponseError), ("acme/unknown", NotFoundError), ("../../x", ValidationError)],
)
def test_a_model_without_a_schema_is_told(key: str, model: str, error: type[TarashException]) -> None:
    with LoopbackServer(answer) as server, pytest.raises(error):
        run(published_schema("sync", config(server, key, model), Deadline(10)))
    close()
