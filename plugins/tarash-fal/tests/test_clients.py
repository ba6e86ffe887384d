"""Where fal's client goes, and with what: its own address over TLS, a path, a key that fits no header."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest
from tarash_fal.testing import FalQueue

from tarash_core import ConfigurationError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World, assert_absent

Configured = Callable[..., VideoGenerationConfig]


def test_fals_own_address_over_tls(
    world: World,
    configured: Configured,
    kite: VideoGenerationRequest,
    certified: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with FalQueue(tls=certified) as fal:
        monkeypatch.setattr("fal_client.client.QUEUE_URL_FORMAT", f"{fal.url}/")
        assert world.generate(configured(base_url=None), kite).video.url
    assert fal.posts == 1


def test_a_base_url_may_have_a_path(
    world: World, fal: FalQueue, configured: Configured, kite: VideoGenerationRequest
) -> None:
    world.submit(configured(base_url=f"{fal.url}/gateway/"), kite)
    assert fal.server.requests[0].path == "/gateway/fal-ai/veo3.1/fast"


@pytest.mark.parametrize("wrong", ["{}\u00e9", "a\tb{}", "two\nlines {}"])
def test_a_key_that_fits_no_header_is_not_quoted(
    world: World,
    fal: FalQueue,
    configured: Configured,
    kite: VideoGenerationRequest,
    key: str,
    wrong: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FAL_KEY", wrong.format(key))
    with pytest.raises(ConfigurationError) as raised:
        world.generate(configured(api_key=None), kite)
    assert_absent(key, raised.value)
    assert fal.server.requests == []
