"""Local files and bytes reach fal, by its CDN or its storage, and the key goes to fal alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tarash_fal.testing import FalQueue

from tarash_core import AuthenticationError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import LoopbackServer, Received, Reply, World

Configured = Callable[..., VideoGenerationConfig]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(64)
VEO = "fal-ai/veo3.1/fast"


@pytest.fixture
def fals_own_hosts(fal: FalQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK's addresses lead to the fake, as if it were fal itself: no `base_url` is needed."""
    monkeypatch.setattr("fal_client.client.QUEUE_URL_FORMAT", f"{fal.url}/")
    monkeypatch.setattr("fal_client.client.REST_URL", fal.url)
    monkeypatch.setattr("fal_client.client.CDN_URL", fal.url)


def images(**roles: Any) -> VideoGenerationRequest:
    listed = [{"image": image, "role": role} for role, image in roles.items()]
    return VideoGenerationRequest(prompt="a red kite", image_list=listed)


def sent(fal: FalQueue) -> dict[str, Any]:
    (job,) = fal.jobs.values()
    return job.arguments


def test_bytes_and_files_through_the_storage(
    world: World, fal: FalQueue, configured: Configured, tmp_path: Path
) -> None:
    last = tmp_path / "last frame.jpg"
    last.write_bytes(JPEG)
    config = configured(model=f"{VEO}/first-last-frame-to-video")
    world.generate(config, images(first_frame=PNG, last_frame=last))
    arguments = sent(fal)
    assert fal.uploads[arguments["first_frame_url"]] == PNG
    assert fal.uploads[arguments["last_frame_url"]] == JPEG
    assert arguments["last_frame_url"].endswith("/last_frame.jpg")
    types = [got.json()["content_type"] for got in fal.server.requests if got.path == "/storage/upload/initiate"]
    assert types == ["image/png", "image/jpeg"]
    assert fal.seen("cdn") == fal.seen("token") == 0


@pytest.mark.usefixtures("fals_own_hosts")
def test_bytes_through_the_cdn(world: World, fal: FalQueue, configured: Configured) -> None:
    config = configured(base_url=None, model=f"{VEO}/image-to-video")
    world.generate(config, images(first_frame=PNG))
    world.generate(config, images(first_frame=(JPEG, "image/jpeg")))
    assert sorted(fal.uploads.values()) == sorted([PNG, JPEG])
    assert {job.arguments["image_url"] for job in fal.jobs.values()} == set(fal.uploads)
    assert (fal.seen("token"), fal.seen("cdn"), fal.seen("initiate")) == (1, 2, 0)
    types = [got.headers["content-type"] for got in fal.server.requests if got.path == "/files/upload"]
    assert types == ["image/png", "image/jpeg"]


@pytest.mark.usefixtures("fals_own_hosts")
def test_the_storage_stands_in_for_the_cdn(world: World, fal: FalQueue, configured: Configured) -> None:
    fal.fault("cdn", Reply(503, json={"detail": "no"}))
    world.generate(configured(base_url=None, model=f"{VEO}/image-to-video"), images(first_frame=PNG))
    assert fal.uploads[sent(fal)["image_url"]] == PNG
    assert (fal.seen("cdn"), fal.seen("put")) == (1, 1)


def test_addresses_are_not_uploaded(world: World, fal: FalQueue, configured: Configured) -> None:
    world.generate(configured(model=f"{VEO}/image-to-video"), images(first_frame="https://example.com/kite.png"))
    assert sent(fal)["image_url"] == "https://example.com/kite.png"
    assert not fal.uploads


def test_reference_images_and_a_video_in(world: World, fal: FalQueue, configured: Configured) -> None:
    world.generate(configured(model="fal-ai/veo3.1/reference-to-video"), images(reference=PNG))
    world.generate(
        configured(model=f"{VEO}/extend-video"), VideoGenerationRequest(prompt="on it flies", video=(MP4, "video/mp4"))
    )
    references, extended = fal.jobs.values()
    assert [fal.uploads[url] for url in references.arguments["image_urls"]] == [PNG]
    assert fal.uploads[extended.arguments["video_url"]] == MP4


def test_a_refused_upload_costs_nothing(world: World, fal: FalQueue, configured: Configured) -> None:
    fal.fault("initiate", Reply(403, json={"detail": "Forbidden"}))
    with pytest.raises(AuthenticationError):
        world.generate(configured(model=f"{VEO}/image-to-video"), images(first_frame=PNG))
    assert (fal.posts, fal.seen("initiate")) == (0, 1)


def test_the_key_stays_with_fal(world: World, fal: FalQueue, configured: Configured, key: str) -> None:
    def keep(received: Received) -> Reply:
        return Reply()

    with LoopbackServer(keep) as bucket:
        address = {"upload_url": f"{bucket.url}/signed?signature=abc", "file_url": "https://example.com/1.png"}
        fal.fault("initiate", Reply(json=address))
        response = world.generate(configured(model=f"{VEO}/image-to-video"), images(first_frame=PNG))
    world.read(response.video)
    (stored,) = bucket.requests
    assert (stored.method, stored.body) == ("PUT", PNG)
    assert "authorization" not in stored.headers
    downloads = [got for got in fal.server.requests if got.path.startswith("/files/")]
    assert [got.headers.get("authorization") for got in downloads] == [None]
    queue = [got for got in fal.server.requests if got.path.startswith("/fal-ai/")]
    assert {got.headers.get("authorization") for got in queue} == {f"Key {key}"}
