"""The fake, held against the SDK without a plugin in between, in both of the SDK's worlds."""

from __future__ import annotations

import asyncio
import io
import urllib.request
from collections.abc import Iterator

import pytest
from replicate.client import Client
from replicate.exceptions import ReplicateError
from tarash_replicate.testing import ReplicateApi

from tarash_core.media import sniff

VERSION = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"


@pytest.fixture
def client(api: ReplicateApi, key: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("REPLICATE_POLL_INTERVAL", "0.01")
    sdk = Client(key, base_url=api.url)
    yield sdk
    sdk._client.close()


def test_an_official_model_by_the_sdk(api: ReplicateApi, client: Client) -> None:
    prediction = client.models.predictions.create("google/veo-3.1", {"prompt": "a red kite"})
    states = [prediction.status]
    while prediction.status != "succeeded":
        prediction.reload()
        states.append(prediction.status)
    assert states == ["starting", "starting", "processing", "succeeded"]
    assert prediction.progress is not None
    assert prediction.progress.percentage == 1.0
    with urllib.request.urlopen(str(prediction.output)) as file:
        assert sniff(file.read()) == "video/mp4"


def test_a_version_by_the_sdk(api: ReplicateApi, client: Client) -> None:
    prediction = client.predictions.create(VERSION, {"prompt": "a red kite"}, webhook="https://example.com/hook")
    assert prediction.version == VERSION
    (sent,) = api.sent.values()
    assert sent.json()["webhook"] == "https://example.com/hook"


def test_a_prediction_by_the_async_sdk(api: ReplicateApi, key: str) -> None:
    async def cancelled() -> str:
        client = Client(key, base_url=api.url)
        prediction = await client.models.predictions.async_create("google/veo-3.1", {"prompt": "a red kite"})
        await prediction.async_cancel()
        await client._async_client.aclose()
        return prediction.status

    assert asyncio.run(cancelled()) == "canceled"


def test_a_file_as_the_sdk_sends_it(api: ReplicateApi, client: Client) -> None:
    """By a prediction: the SDK's own `File` asks for more fields than Replicate documents."""
    with pytest.raises(ValueError, match="field required"):
        client.files.create(io.BytesIO(b"\x89PNG"), filename="kite.png")
    assert list(api.files.values()) == [b"\x89PNG"]


def test_a_wrong_key(api: ReplicateApi) -> None:
    client = Client("another", base_url=api.url)
    with pytest.raises(ReplicateError) as raised:
        client.models.predictions.create("google/veo-3.1", {})
    client._client.close()
    assert (raised.value.status, raised.value.title) == (401, "Unauthenticated")
    assert (api.posts, api.predictions) == (1, {})
