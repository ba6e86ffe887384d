"""A canary key, searched for in everything that is written while jobs succeed, fail and are lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tarash_fal.testing import FalQueue

from tarash_core import ConfigurationError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World, assert_absent

Configured = Callable[..., VideoGenerationConfig]


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
