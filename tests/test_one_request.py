"""One request serves all: the example's request and configs, with only address and key pointed at loopback.

The vendors' real SDKs speak over real sockets; what their servers received stands here as a table.
"""

from __future__ import annotations

import email.policy
import io
import json
import os
import runpy
import sys
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from fenced import HOUSE
from reader import run_in
from tarash_fal.testing import FalQueue
from tarash_google.testing import FakeGoogle
from tarash_mock.testing import film_of
from tarash_openai.testing import VideoServer
from tarash_replicate.testing import ReplicateApi

from tarash_core import VideoGenerationConfig, VideoGenerationResponse
from tarash_core.testing import Received, World, assert_absent

EXAMPLE = HOUSE / "examples" / "one_request.py"
PROVIDERS = ("mock", "fal", "replicate", "openai", "azure-openai", "google")
KEY = "canary-7f3a9c51e2"
PROMPT = "a red kite over a stormy sea"
IMAGE = b"\x89PNG\r\n\x1a\n" + bytes(8)
IMAGE_AS_TEXT = "iVBORw0KGgoAAAAAAAAAAA=="

Server = FalQueue | ReplicateApi | VideoServer | FakeGoogle

# Provider: where its one paid POST goes, and what that says.
TEXT: dict[str, tuple[str, dict[str, Any]]] = {
    "fal": (
        "/fal-ai/veo3.1/fast",
        {"prompt": PROMPT, "duration": "4s", "resolution": "720p", "aspect_ratio": "16:9"},
    ),
    "replicate": (
        "/v1/models/google/veo-3.1-fast/predictions",
        {"input": {"prompt": PROMPT, "duration": 4, "resolution": "720p", "aspect_ratio": "16:9"}},
    ),
    "openai": ("/v1/videos", {"model": "sora-2", "prompt": PROMPT, "seconds": "4", "size": "1280x720"}),
    "azure-openai": ("/openai/v1/videos", {"model": "sora-2", "prompt": PROMPT, "seconds": "4", "size": "1280x720"}),
    "google": (
        "/v1/interactions",
        {
            "model": "gemini-omni-1.2-flash",
            "input": [{"type": "user_input", "content": [{"type": "text", "text": PROMPT}]}],
            "response_format": {"type": "video", "duration": "4s", "resolution": "720p", "aspect_ratio": "16:9"},
            "background": True,
            "store": True,
        },
    ),
}

# The same with a first frame; ADDRESS is where the file was uploaded to before.
ADDRESS = object()
FIRST_FRAME: dict[str, tuple[str, dict[str, Any]]] = {
    "fal": ("/fal-ai/veo3.1/fast/image-to-video", {**TEXT["fal"][1], "image_url": ADDRESS}),
    "replicate": (TEXT["replicate"][0], {"input": {**TEXT["replicate"][1]["input"], "image": ADDRESS}}),
    "openai": (TEXT["openai"][0], {**TEXT["openai"][1], "input_reference": IMAGE}),
    "azure-openai": (TEXT["azure-openai"][0], {**TEXT["azure-openai"][1], "input_reference": IMAGE}),
    "google": (
        TEXT["google"][0],
        {
            **TEXT["google"][1],
            "input": [
                {
                    "type": "user_input",
                    "content": [
                        {"type": "image", "data": IMAGE_AS_TEXT, "mime_type": "image/png"},
                        {"type": "text", "text": f"[# Sources <FIRST_FRAME>@Image1] {PROMPT}"},
                    ],
                }
            ],
        },
    ),
}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the keys, addresses nor the proxies of the machine that runs the tests."""
    vendors = ("FAL_", "REPLICATE_", "OPENAI_", "AZURE_", "GOOGLE_", "GEMINI_")
    for name in os.environ:
        if name.startswith(vendors) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    """What the example defines."""
    return runpy.run_path(str(EXAMPLE))


@pytest.fixture
def servers() -> Iterator[dict[str, Server]]:
    """The five services on loopback; the mock is its own."""
    with (
        FalQueue(key=KEY) as fal,
        ReplicateApi(key=KEY) as replicate,
        VideoServer(key=KEY) as openai,
        VideoServer(key=KEY) as azure,
        FakeGoogle(key=KEY) as google,
    ):
        yield {"fal": fal, "replicate": replicate, "openai": openai, "azure-openai": azure, "google": google}


def test_the_example_is_about_all_six(example: dict[str, Any]) -> None:
    """A provider that is missing would be missing from every test below."""
    assert tuple(config.provider for config in example["CONFIGS"]) == PROVIDERS


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_request_becomes_a_video_everywhere(
    provider: str, example: dict[str, Any], servers: dict[str, Server], world: World
) -> None:
    """The same request, and one normalized response with a readable MP4."""
    config = _pointed(example, provider, servers)
    response = world.generate(config, example["request"]())
    _assert_normalized(response, provider, world)
    if provider == "mock":
        film = film_of(world.read(response.video))
        assert (film.width, film.height, round(film.seconds), film.title) == (1280, 720, 4, PROMPT)
    else:
        path, said = TEXT[provider]
        submit = _the_submit(servers[provider])
        assert (submit.path, _said(submit)) == (path, said)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_request_with_a_first_frame_too(
    provider: str, example: dict[str, Any], servers: dict[str, Server], world: World
) -> None:
    """Uploaded before, sent as a file, or inside the JSON: as each wants it, from the same bytes."""
    config = _pointed(example, provider, servers)
    image = _red_picture() if provider == "mock" else IMAGE
    response = world.generate(config, example["request"](("first_frame", image)))
    _assert_normalized(response, provider, world)
    if provider == "mock":
        red, green, blue = film_of(world.read(response.video)).colour(0)
        assert red > 150 > 100 > max(green, blue)
    else:
        path, said = FIRST_FRAME[provider]
        server = servers[provider]
        submit = _the_submit(server)
        assert (submit.path, _said(submit)) == (path, _with_address(said, server))


def test_the_example_shows_the_six_payloads(example: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Side by side, with rich and without it."""
    columns = [("left", "1\n2"), ("right", "3")]
    example["show"](columns)
    assert capsys.readouterr().out.splitlines()[1].split() == ["│", "1", "│", "│", "3", "│"]
    example["_show_plainly"](columns)
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [["left", "right"], ["1", "3"], ["2"], []]


def test_the_example_runs_without_a_key(tmp_path: Path) -> None:
    """All six are shown; the mock makes a video, and the others say what they miss."""
    printed = run_in(tmp_path, [sys.executable, "-W", "error", str(EXAMPLE), "--generate"])
    payloads, made = printed[: printed.index("mock: ")], printed[printed.index("mock: ") :].splitlines()
    assert all(f" {provider} " in payloads for provider in PROVIDERS)
    assert made[0] == "mock: kite-by-mock.mp4"
    assert (tmp_path / "kite-by-mock.mp4").read_bytes()[4:8] == b"ftyp"
    assert [line.split(": ")[:2] for line in made[1:]] == [[provider, "left out"] for provider in PROVIDERS[1:]]


def _pointed(example: dict[str, Any], provider: str, servers: dict[str, Server]) -> VideoGenerationConfig:
    """The example's config for a provider, with the address and the key of its server, and warnings as errors."""
    config: VideoGenerationConfig = next(one for one in example["CONFIGS"] if one.provider == provider)
    given: dict[str, Any] = {"on_unsupported": "error", "poll_interval": 0.01, "timeout": 60.0}
    if provider != "mock":
        server = servers[provider]
        url = server.server.url if provider == "azure-openai" else server.url
        given |= {"base_url": url, "api_key": KEY}
    else:
        given["provider_config"] = {"mock_seconds": 0}
    return VideoGenerationConfig(provider=config.provider, model=config.model, **given)


def _assert_normalized(response: VideoGenerationResponse, provider: str, world: World) -> None:
    assert type(response) is VideoGenerationResponse
    assert (response.status, response.warnings) == ("completed", ())
    assert (len(response.videos), response.job is not None) == (1, True)
    assert response.job is not None
    assert (response.job.provider, response.job.request_id) == (provider, response.request_id)
    assert world.read(response.video)[4:8] == b"ftyp"
    assert_absent(KEY, response)


def _the_submit(server: Server) -> Received:
    """The one paid request."""
    assert server.posts == 1
    posts = [one for one in server.server.requests if one.method == "POST"]
    return posts[-1]


def _said(received: Received) -> dict[str, Any]:
    """The body of a request: JSON, or the parts of a form with the bytes of files."""
    content_type = received.headers["content-type"]
    if content_type.startswith("application/json"):
        return dict(json.loads(received.body))
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form = BytesParser(policy=email.policy.HTTP).parsebytes(head + received.body)
    parts: dict[str, Any] = {}
    for part in form.iter_parts():
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        parts[str(part.get_param("name", header="content-disposition"))] = (
            data if part.get_filename() else data.decode()
        )
    return parts


def _with_address(said: Any, server: Server) -> Any:
    """The table's row with the address that the server gave to the file, which holds the very bytes."""
    if said is ADDRESS:
        files = server.uploads if isinstance(server, FalQueue) else getattr(server, "files", {})
        [(address, data)] = files.items()
        assert data == IMAGE
        return address
    return {name: _with_address(value, server) for name, value in said.items()} if isinstance(said, dict) else said


def _red_picture() -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (320, 180), "red").save(file, "PNG")
    return file.getvalue()
