"""The schema that fal publishes of an endpoint: how it is asked for, and that no key goes with it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

import tarash_core as tarash
from tarash_core import NotFoundError, ValidationError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.deadline import Deadline
from tarash_core.drive import run
from tarash_core.learning.discovery import published_schema
from tarash_core.testing import LoopbackServer, Received, Reply, World, assert_absent

MODEL = "acme/kite/image-to-video"
# In the form of https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=..., an OpenAPI 3.0.4 document.
PUBLISHED: dict[str, Any] = {
    "openapi": "3.0.4",
    "paths": {
        "/acme/kite/image-to-video": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/KiteInput"}}},
                }
            }
        },
        "/acme/kite/image-to-video/requests/{request_id}": {"get": {}},
    },
    "components": {
        "schemas": {
            "QueueStatus": {"type": "object", "properties": {"status": {"type": "string"}}},
            "KiteInput": {
                "type": "object",
                "properties": {
                    "prompt": {"type": "string", "maxLength": 2000},
                    "image_url": {"type": "string", "description": "URL of the image to animate"},
                    "duration": {"type": "string", "enum": ["5s", "9s"], "default": "5s"},
                },
                "required": ["prompt", "image_url"],
            },
            "KiteOutput": {"type": "object", "properties": {"video": {"$ref": "#/components/schemas/File"}}},
            "File": {"type": "object", "properties": {"url": {"type": "string"}}},
        }
    },
}
QUEUED = {
    "request_id": "r1",
    "status_url": "https://queue.fal.run/acme/kite/requests/r1/status",
    "response_url": "https://queue.fal.run/acme/kite/requests/r1",
    "cancel_url": "https://queue.fal.run/acme/kite/requests/r1/cancel",
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def answer(received: Received) -> Reply:
    if received.path == "/api/openapi/queue/openapi.json":
        known = received.query == {"endpoint_id": MODEL}
        return Reply(json=PUBLISHED) if known else Reply(404, json={"detail": "Endpoint not found"})
    return Reply(json=QUEUED) if received.method == "POST" else Reply(404)


def config(server: LoopbackServer, key: str, **changes: Any) -> VideoGenerationConfig:
    given = {"model": MODEL, "api_key": key, "base_url": server.url, "discover_models": True, **changes}
    return VideoGenerationConfig(provider="fal", **given)


def test_an_endpoint_without_a_mapping_is_used_by_its_schema(world: World, key: str, tmp_path: Path) -> None:
    request = VideoGenerationRequest(
        prompt="a red kite",
        duration_seconds=9,
        image_list=[{"image": "https://example.com/kite.png", "role": "first_frame"}],
    )
    try:
        with LoopbackServer(answer) as server:
            job = world.submit(config(server, key), request)
            asked, posted = server.requests
        assert job.request_id == "r1"
        assert posted.json() == {
            "prompt": "a red kite",
            "image_url": "https://example.com/kite.png",
            "duration": "9s",
        }
        assert posted.headers["authorization"] == f"Key {key}"
        assert "authorization" not in asked.headers
        assert_absent(key, [path.read_text() for path in tmp_path.rglob("*.json")])
    finally:
        forgotten()


def test_an_endpoint_that_makes_pictures_is_refused_before_it_costs(world: World, key: str) -> None:
    published = copy.deepcopy(PUBLISHED)
    images = {"type": "array", "items": {"$ref": "#/components/schemas/File"}}
    published["components"]["schemas"]["KiteOutput"]["properties"] = {"images": images}
    try:
        with LoopbackServer(lambda received: Reply(json=published)) as server:
            with pytest.raises(ValidationError, match="makes no video: its result has 'images'") as refused:
                world.submit(config(server, key), VideoGenerationRequest(prompt="a red kite"))
            assert [received.method for received in server.requests] == ["GET"]
        assert (refused.value.provider, refused.value.model) == ("fal", MODEL)
    finally:
        forgotten()


def test_an_unknown_endpoint_is_not_found(key: str) -> None:
    with LoopbackServer(answer) as server, pytest.raises(NotFoundError):
        run(published_schema("sync", config(server, key, model="acme/unknown"), Deadline(10)))
    tarash.close()


def forgotten() -> None:
    """What one world learned, the other has to learn by itself."""
    from tarash_core.stack import forget

    forget("fal")
