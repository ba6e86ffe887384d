"""Videos that a provider gives to its account alone: the key goes to the origin of their address, and nowhere else."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import tarash_core as tarash
from tarash_core import GeneratedVideo, Job, VideoGenerationConfig, VideoGenerationRequest, VideoGenerationResponse
from tarash_core.testing import LoopbackServer, Received, Reply, ScriptedProvider, World, assert_absent

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(64)
KEY = "key-of-the-account"


class Keeping(ScriptedProvider):
    """Keeps its videos behind its key, as providers with a content endpoint do."""

    url = ""

    @tarash.hookimpl
    def tarash_convert_response(self, job: Job, raw: Any) -> VideoGenerationResponse:
        return VideoGenerationResponse(
            request_id=job.request_id,
            provider=job.provider,
            model=job.model,
            videos=(GeneratedVideo(url=self.url, needs_key=True),),
            job=job,
        )

    @tarash.hookimpl
    def tarash_download_headers(self, config: VideoGenerationConfig) -> dict[str, str]:
        assert config.api_key is not None
        return {"Authorization": f"Bearer {config.api_key.get_secret_value()}"}


def serve(received: Received) -> Reply:
    return Reply(body=MP4) if received.headers.get("authorization") == f"Bearer {KEY}" else Reply(status=401)


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer(serve) as server:
        yield server


@pytest.fixture
def config(make_provider: Callable[..., str], server: LoopbackServer) -> VideoGenerationConfig:
    provider = Keeping()
    provider.url = f"{server.url}/content"
    name = make_provider(provider, facts="api_key: {environment: [SCRIPTED_KEY]}\n")
    return VideoGenerationConfig(provider=name, model="m", api_key=KEY, poll_interval=0.001)


def test_the_video_of_a_response_downloads_itself(world: World, config: VideoGenerationConfig) -> None:
    response = world.generate(config, VideoGenerationRequest(prompt="x"))
    assert world.read(response.video) == MP4
    assert_absent(KEY, response, response.video, response.model_dump_json(), pickle.dumps(response.video))


def test_one_read_from_json_takes_the_key_of_the_config_given(world: World, config: VideoGenerationConfig) -> None:
    response = world.generate(config, VideoGenerationRequest(prompt="x"))
    again = VideoGenerationResponse.model_validate_json(response.model_dump_json())
    assert again.videos == response.videos
    with pytest.raises(tarash.ConfigurationError, match="pass config"):
        world.read(again.video)
    assert world.read(again.video, config=config) == MP4
    assert world.read(pickle.loads(pickle.dumps(again.video)), config=config) == MP4


def test_the_key_does_not_follow_a_redirect_to_another_origin(world: World, config: VideoGenerationConfig) -> None:
    with LoopbackServer(lambda received: Reply(body=MP4)) as elsewhere:
        moved = Reply(status=302, headers={"Location": f"{elsewhere.url}/moved"})
        with LoopbackServer(lambda received: moved) as server:
            video = GeneratedVideo(url=f"{server.url}/content", needs_key=True)
            assert world.read(video, config=config) == MP4
            assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
            assert "authorization" not in elsewhere.requests[0].headers


def test_a_video_that_needs_no_key_is_asked_for_without_one(world: World, config: VideoGenerationConfig) -> None:
    with LoopbackServer(lambda received: Reply(body=MP4)) as server:
        assert world.read(GeneratedVideo(url=f"{server.url}/public"), config=config) == MP4
        assert "authorization" not in server.requests[0].headers
