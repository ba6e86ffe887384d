"""One POST per submit, whatever the network does: counted on the server, with the real SDK, in both worlds."""

from __future__ import annotations

from collections.abc import Callable

import fal_client
import pytest
from tarash_fal.testing import FalQueue

from tarash_core import (
    HTTPConnectionError,
    HTTPError,
    RateLimitError,
    SubmissionUncertainError,
    TarashException,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World, assert_absent

NGINX = Reply(502, body=b"<html><hr><center>nginx</center></html>", headers={"Content-Type": "text/html"})
BROKEN_OFF = Reply(200, body=b'{"request_id": ', headers={"Content-Length": "400", "Connection": "close"})
REFUSED = {"detail": "no"}
ADDRESSES = dict.fromkeys(("response_url", "status_url", "cancel_url"), "https://queue.fal.run/x")

# What happens to the submit, once -> what comes out.
LOST = [
    pytest.param(Reply.dropped(), SubmissionUncertainError, id="drop"),
    pytest.param(Reply.reset(), SubmissionUncertainError, id="reset"),
    pytest.param(Reply.hanging(30), SubmissionUncertainError, id="hang"),
    pytest.param(BROKEN_OFF, SubmissionUncertainError, id="broken off"),
    pytest.param(Reply(200, body=b"{"), SubmissionUncertainError, id="malformed"),
    pytest.param(Reply(200, json={"status": "IN_QUEUE"}), SubmissionUncertainError, id="no id"),
    pytest.param(Reply(200, json={**ADDRESSES, "request_id": None}), SubmissionUncertainError, id="null id"),
    pytest.param(Reply(200, json={**ADDRESSES, "request_id": ""}), SubmissionUncertainError, id="empty id"),
    pytest.param(Reply(200, json=["IN_QUEUE"]), SubmissionUncertainError, id="a list"),
]
REFUSALS = [
    pytest.param(Reply(307, headers={"Location": "/elsewhere"}), SubmissionUncertainError, id="307"),
    pytest.param(Reply(408, json=REFUSED), SubmissionUncertainError, id="408"),
    pytest.param(Reply(409, json=REFUSED), SubmissionUncertainError, id="409"),
    pytest.param(Reply(429, json=REFUSED), RateLimitError, id="429"),
    pytest.param(Reply(500, json=REFUSED), SubmissionUncertainError, id="500"),
    pytest.param(Reply(502, json=REFUSED), SubmissionUncertainError, id="502"),
    pytest.param(NGINX, SubmissionUncertainError, id="502 nginx"),
    pytest.param(Reply(503, json=REFUSED), HTTPError, id="503"),
    pytest.param(Reply(504, json=REFUSED), SubmissionUncertainError, id="504"),
]


@pytest.mark.parametrize(("reply", "error"), LOST)
def test_a_lost_reply_is_never_sent_again(
    world: World,
    fal: FalQueue,
    configured: Callable[..., VideoGenerationConfig],
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[TarashException],
) -> None:
    fal.fault("submit", reply, accepting=True)
    with pytest.raises(error) as raised:
        world.generate(configured(timeout=0.5 if reply.delay else 30), kite)
    assert type(raised.value) is error
    assert (fal.posts, len(fal.jobs)) == (1, 1)


@pytest.mark.parametrize(("reply", "error"), REFUSALS)
def test_a_refused_submit_is_never_sent_again(
    world: World,
    fal: FalQueue,
    configured: Callable[..., VideoGenerationConfig],
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[TarashException],
) -> None:
    fal.fault("submit", reply)
    with pytest.raises(error) as raised:
        world.generate(configured(), kite)
    assert type(raised.value) is error
    assert (fal.posts, len(fal.jobs)) == (1, 0)


def test_start_timeout_does_not_change_it(
    world: World, fal: FalQueue, configured: Callable[..., VideoGenerationConfig], kite: VideoGenerationRequest
) -> None:
    fal.fault("submit", Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(configured(provider_config={"start_timeout": 30}), kite)
    assert fal.posts == 1


def test_a_refused_connection_is_certain(
    world: World, configured: Callable[..., VideoGenerationConfig], kite: VideoGenerationRequest
) -> None:
    with FalQueue() as gone:
        nowhere = gone.url
    with pytest.raises(HTTPConnectionError) as raised:
        world.generate(configured(base_url=nowhere), kite)
    assert raised.value.request_sent is False


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
