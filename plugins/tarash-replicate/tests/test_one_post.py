"""One POST per submit, whatever the network does: counted on the server, with the real SDK, in both worlds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from replicate.client import Client
from tarash_replicate.testing import ReplicateApi

from tarash_core import (
    HTTPConnectionError,
    HTTPError,
    RateLimitError,
    SubmissionUncertainError,
    TarashException,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.testing import Reply, World

Configured = Callable[..., VideoGenerationConfig]

BROKEN_OFF = Reply(201, body=b'{"id": ', headers={"Content-Length": "400", "Connection": "close"})
NO = {"title": "No", "detail": "no", "status": 0}

# What happens to the submit, once -> what comes out.
LOST = [
    pytest.param(Reply.dropped(), id="drop"),
    pytest.param(Reply.reset(), id="reset"),
    pytest.param(Reply.hanging(30), id="hang"),
    pytest.param(BROKEN_OFF, id="broken off"),
    pytest.param(Reply(201, body=b"{"), id="malformed"),
    pytest.param(Reply(201, body=b"<html>proxy</html>"), id="html"),
    pytest.param(Reply(201, json={"status": "starting"}), id="no id"),
    pytest.param(Reply(201, json={"id": "", "status": "starting"}), id="empty id"),
    pytest.param(Reply(201, json={"id": 7, "status": "starting"}), id="id no text"),
    pytest.param(Reply(201, json=[]), id="list"),
]
REFUSALS = [
    pytest.param(Reply(307, headers={"Location": "/elsewhere"}), SubmissionUncertainError, id="307"),
    pytest.param(Reply(408, json=NO), SubmissionUncertainError, id="408"),
    pytest.param(Reply(409, json=NO), SubmissionUncertainError, id="409"),
    pytest.param(Reply(429, json=NO, headers={"Retry-After": "60"}), RateLimitError, id="429"),
    pytest.param(Reply(500, json=NO), SubmissionUncertainError, id="500"),
    pytest.param(Reply(502, body=b"<html>"), SubmissionUncertainError, id="502"),
    pytest.param(Reply(503, json=NO), HTTPError, id="503"),
    pytest.param(Reply(504, json=["no"]), SubmissionUncertainError, id="504"),
]


@pytest.mark.parametrize("reply", LOST)
def test_a_lost_reply_is_never_sent_again(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, reply: Reply
) -> None:
    api.fault("submit", reply, accepting=True)
    began = time.monotonic()
    with pytest.raises(SubmissionUncertainError):
        world.generate(configured(timeout=0.5 if reply.delay else 30), kite)
    assert time.monotonic() - began < 5
    assert (api.posts, len(api.predictions)) == (1, 1)


@pytest.mark.parametrize(("reply", "error"), REFUSALS)
def test_a_refused_submit_is_never_sent_again(
    world: World,
    api: ReplicateApi,
    configured: Configured,
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[TarashException],
) -> None:
    api.fault("submit", reply)
    with pytest.raises(error) as raised:
        world.generate(configured(), kite)
    assert type(raised.value) is error
    assert (api.posts, len(api.predictions)) == (1, 0)


@pytest.mark.parametrize("status", ["aborted", "queued", None])
def test_an_id_is_kept_whatever_stands_beside_it(
    world: World, api: ReplicateApi, configured: Configured, kite: VideoGenerationRequest, status: str | None
) -> None:
    api.fault("submit", Reply(201, json={"id": "kept", "status": status, "version": None}))
    assert world.submit(configured(), kite).request_id == "kept"


def test_the_sdks_own_model_loses_the_id(api: ReplicateApi, key: str) -> None:
    """The control: why predictions are read from their JSON. When this fails, Replicate has mended its SDK."""
    api.fault("submit", Reply(201, json={"id": "lost", "model": "a/b", "version": "hidden", "status": "aborted"}))
    client = Client(key, base_url=api.url)
    with pytest.raises(ValueError, match="unexpected value"):
        client.models.predictions.create("google/veo-3.1", {})
    client._client.close()


def test_a_refused_connection_is_certain(world: World, configured: Configured, kite: VideoGenerationRequest) -> None:
    with ReplicateApi() as gone:
        nowhere = gone.url
    with pytest.raises(HTTPConnectionError) as raised:
        world.generate(configured(base_url=nowhere), kite)
    assert raised.value.request_sent is False
