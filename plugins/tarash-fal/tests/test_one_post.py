"""What fal's SDK does of its own accord with a submit, and what is left of it."""

from __future__ import annotations

from collections.abc import Callable

import fal_client
import pytest
from tarash_fal.testing import FalQueue

from tarash_core import (
    SubmissionUncertainError,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World, assert_absent


def test_start_timeout_does_not_change_it(
    world: World, fal: FalQueue, configured: Callable[..., VideoGenerationConfig], kite: VideoGenerationRequest
) -> None:
    fal.fault("submit", Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(configured(provider_config={"start_timeout": 30}), kite)
    assert fal.posts == 1


def test_the_backup_domain_gets_what_the_first_never_saw(
    world: World,
    fal: FalQueue,
    configured: Callable[..., VideoGenerationConfig],
    kite: VideoGenerationRequest,
    key: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The SDK's other address for when the first cannot be connected to; here 127.0.0.2, where nobody listens."""
    monkeypatch.setattr("fal_client.client._BACKUP_DOMAINS", {"127.0.0.2": "127.0.0.1"})
    monkeypatch.setattr("fal_client.client.QUEUE_URL_FORMAT", fal.url.replace("127.0.0.1", "127.0.0.2") + "/")
    fal.fault("submit", Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError) as raised:
        world.generate(configured(base_url=None), kite)
    assert (fal.posts, len(fal.jobs)) == (1, 1)
    assert fal.server.requests[0].headers["authorization"] == f"Key {key}"
    assert_absent(key, raised.value)


def test_the_sdk_alone_pays_twice(fal: FalQueue, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without our transport the same fault makes two jobs. When this fails, fal has mended its SDK."""
    monkeypatch.setattr("fal_client.client.QUEUE_URL_FORMAT", f"{fal.url}/")
    fal.fault("submit", Reply.dropped(), accepting=True)
    client = fal_client.SyncClient(key=key)
    client.submit("fal-ai/veo3.1", {})
    client._client.close()
    assert (fal.posts, len(fal.jobs)) == (2, 2)
