"""What is special to OpenAI's client: one TLS context for all, and the headers of gateways."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from tarash_openai.testing import VideoServer

from tarash_core import ConfigurationError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World

Configured = Callable[..., VideoGenerationConfig]


def test_clients_share_a_tls_context() -> None:
    code = (
        "import ssl; made = []; real = ssl.SSLContext.load_verify_locations\n"
        "ssl.SSLContext.load_verify_locations = lambda self, *a, **k: (made.append(self), real(self, *a, **k))[1]\n"
        "from tarash_openai.client import http_client\n"
        "[http_client('sync') for _ in range(5)]; print(len(made))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert int(ended.stdout) <= 1, ended.stderr


def test_a_gateways_headers_are_sent_with_every_request(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest
) -> None:
    config = configured(provider_config={"headers": {"X-Team": "red", "x-litellm-api-key": "sk-1234"}})
    response = world.generate(config, kite)
    assert world.read(response.video) == server.video
    assert {(got.headers["x-team"], got.headers["x-litellm-api-key"]) for got in server.server.requests} == {
        ("red", "sk-1234")
    }
    assert "sk-1234" not in response.job.model_dump_json()


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        (["X-Team: red"], "takes a dict"),
        ({"X-Team": 7}, "takes a dict"),
        ({"X Team": "red"}, "'X Team' is no name of a header"),
        ({"X-Team": "r\u00e9d-canary"}, "'X-Team' holds what no header can"),
        ({"X-Team": "red\r\nX: canary"}, "'X-Team' holds what no header can"),
    ],
)
def test_headers_that_cannot_be_sent(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, headers: Any, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says) as raised:
        world.generate(configured(provider_config={"headers": headers}), kite)
    assert "canary" not in str(raised.value)
    assert server.server.requests == []
