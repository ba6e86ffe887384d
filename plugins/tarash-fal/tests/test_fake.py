"""The fake, held against the SDK without a plugin in between, in both of the SDK's worlds."""

from __future__ import annotations

import asyncio
import urllib.request

import fal_client
import pytest
from tarash_fal.testing import FalQueue

from tarash_core.media import sniff


@pytest.fixture
def _sdk_to_fake(fal: FalQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fal_client.client.QUEUE_URL_FORMAT", f"{fal.url}/")


@pytest.mark.usefixtures("_sdk_to_fake")
def test_a_job_by_the_sdk(fal: FalQueue, key: str) -> None:
    client = fal_client.SyncClient(key=key)
    handle = client.submit("fal-ai/veo3.1/fast", {"prompt": "a red kite"})
    assert [type(event) for event in handle.iter_events(with_logs=True, interval=0.01)] == [
        fal_client.Queued,
        fal_client.InProgress,
        fal_client.Completed,
    ]
    made = handle.get()
    client._client.close()
    with urllib.request.urlopen(made["video"]["url"]) as file:
        assert sniff(file.read()) == "video/mp4"


@pytest.mark.usefixtures("_sdk_to_fake")
def test_a_job_by_the_async_sdk(fal: FalQueue, key: str) -> None:
    async def job() -> dict[str, object]:
        client = fal_client.AsyncClient(key=key)
        handle = await client.submit("fal-ai/veo3.1/fast", {"prompt": "a red kite"})
        made = await handle.get(interval=0.01)
        await (await client._client).aclose()
        return made

    assert asyncio.run(job())["seed"] == 7


@pytest.mark.usefixtures("_sdk_to_fake")
def test_a_wrong_key(fal: FalQueue) -> None:
    client = fal_client.SyncClient(key="another")
    with pytest.raises(fal_client.FalClientHTTPError) as raised:
        client.submit("fal-ai/veo3.1/fast", {})
    client._client.close()
    assert raised.value.status_code == 401
    assert fal.posts == 1
    assert fal.jobs == {}
