"""The fake, held against the SDK without a plugin in between, on both roads."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from google import genai
from google.genai import errors, types
from tarash_google.testing import FakeGoogle

from tarash_core.media import sniff


def test_an_interaction_by_the_sdk(google: FakeGoogle, key: str) -> None:
    with genai.Client(api_key=key, http_options=types.HttpOptions(base_url=google.url)) as client:
        made: Any = client.interactions.create(model="gemini-omni-1.2-flash", input="a red kite", background=True)
        told = [client.interactions.get(made.id).status for _ in range(3)]
        assert told == ["queued", "in_progress", "completed"]
        done: Any = client.interactions.get(made.id)
        assert done.output_video.mime_type == "video/mp4"
        assert client.files.get(name="files/1").state == types.FileState.ACTIVE


@pytest.mark.usefixtures("adc")
def test_an_operation_by_the_async_sdk(google: FakeGoogle) -> None:
    async def job() -> bytes:
        options = types.HttpOptions(base_url=google.url)
        client = genai.Client(vertexai=True, project="kites", location="us-central1", http_options=options)
        source = types.GenerateVideosSource(prompt="a red kite")
        operation: Any = await client.aio.models.generate_videos(model="veo-3.1-generate-001", source=source)
        while not operation.done:
            operation = await client.aio.operations.get(operation)
        await client.aio.aclose()
        client.close()
        made: bytes = operation.response.generated_videos[0].video.video_bytes
        return made

    assert sniff(asyncio.run(job())) == "video/mp4"
    assert google.seen("token") == 1


def test_a_wrong_key(google: FakeGoogle) -> None:
    options = types.HttpOptions(base_url=google.url)
    client = genai.Client(vertexai=True, api_key="another", http_options=options)
    with pytest.raises(errors.ClientError) as raised:
        client.models.generate_videos(model="veo", source=types.GenerateVideosSource(prompt="a"))
    client.close()
    assert raised.value.code == 400
    assert google.jobs == {}
