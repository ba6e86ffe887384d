"""Local files and bytes reach Replicate's file store, and the key goes to Replicate alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tarash_replicate.testing import ReplicateApi

from tarash_core import AuthenticationError, UnexpectedResponseError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import LoopbackServer, Reply, World

Configured = Callable[..., VideoGenerationConfig]

PNG = b"\x89PNG\r\n\x1a\n\r\n--\r\n" + bytes(range(256))
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(64)


def images(**roles: Any) -> VideoGenerationRequest:
    listed = [{"image": image, "role": role} for role, image in roles.items()]
    return VideoGenerationRequest(prompt="a red kite", image_list=listed)


def inputs(api: ReplicateApi) -> dict[str, Any]:
    (sent,) = api.sent.values()
    found: dict[str, Any] = sent.json()["input"]
    return found


def test_bytes_and_files(world: World, api: ReplicateApi, configured: Configured, tmp_path: Path) -> None:
    last = tmp_path / "last frame.jpg"
    last.write_bytes(JPEG)
    world.generate(configured(), images(first_frame=PNG, last_frame=last))
    sent = inputs(api)
    assert api.files[sent["image"]] == PNG
    assert api.files[sent["last_frame"]] == JPEG
    assert sent["last_frame"].endswith("/last_frame.jpg")
    bodies = [got.body for got in api.server.requests if got.path == "/v1/files"]
    assert [b"Content-Type: image/png" in bodies[0], b"Content-Type: image/jpeg" in bodies[1]] == [True, True]
    assert api.posts == 1


def test_reference_images_and_a_video(world: World, api: ReplicateApi, configured: Configured) -> None:
    request = images(reference=PNG).model_copy(update={"duration_seconds": 8})
    world.submit(configured(model="google/veo-3.1"), request)
    aleph = VideoGenerationRequest(prompt="in winter", video=(MP4, "video/mp4"))
    world.submit(configured(model="runwayml/gen4-aleph"), aleph)
    references, changed = (sent.json()["input"] for sent in api.sent.values())
    assert [api.files[url] for url in references["reference_images"]] == [PNG]
    assert api.files[changed["video"]] == MP4


def test_addresses_are_not_uploaded(world: World, api: ReplicateApi, configured: Configured) -> None:
    world.generate(configured(), images(first_frame="https://example.com/kite.png"))
    assert inputs(api)["image"] == "https://example.com/kite.png"
    assert api.seen("upload") == 0


def test_a_refused_upload_costs_nothing(world: World, api: ReplicateApi, configured: Configured) -> None:
    api.fault("upload", Reply(403, json={"title": "Forbidden", "detail": "no"}))
    with pytest.raises(AuthenticationError):
        world.generate(configured(), images(first_frame=PNG))
    assert (api.posts, api.seen("upload")) == (0, 1)


@pytest.mark.parametrize("body", [{"id": "f1"}, {"urls": None}, {"urls": {}}, {"urls": {"get": None}}])
def test_an_upload_without_an_address_costs_nothing(
    world: World, api: ReplicateApi, configured: Configured, body: dict[str, object]
) -> None:
    api.fault("upload", *[Reply(201, json=body)] * 5)
    with pytest.raises(UnexpectedResponseError):
        world.generate(configured(), images(first_frame=PNG))
    assert api.posts == 0


def test_the_key_stays_with_replicate(world: World, api: ReplicateApi, configured: Configured, key: str) -> None:
    """The SDK's `FileOutput` would send it to whatever host an output is on."""
    with LoopbackServer(lambda received: Reply(body=MP4)) as host:
        api.output = f"{host.url}/out.mp4"
        response = world.generate(configured(), images(first_frame=PNG))
        assert world.read(response.video) == MP4
    assert ["authorization" in got.headers for got in host.requests] == [False]
    assert {got.headers.get("authorization") for got in api.server.requests} == {f"Bearer {key}"}
