"""One POST per submit, whatever the network does: counted on the server, with the real SDK, in both worlds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openai import OpenAI
from tarash_openai.testing import VideoServer

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

NO = {"error": {"message": "no", "type": "server_error", "param": None, "code": None}}
PAGE = {"Content-Type": "text/html"}
BROKEN_OFF = Reply(200, body=b'{"id": ', headers={"Content-Length": "400", "Connection": "close"})

# What happens to the submit, once -> what comes out. The server carries it out all the same.
LOST = [
    pytest.param(Reply.dropped(), id="drop"),
    pytest.param(Reply.reset(), id="reset"),
    pytest.param(Reply.hanging(30), id="hang"),
    pytest.param(BROKEN_OFF, id="broken off"),
    pytest.param(Reply(200, body=b"{"), id="malformed"),
    pytest.param(Reply(200, body=b"<html>", headers=PAGE), id="a page"),
    pytest.param(Reply(200, json={"status": "queued"}), id="no id"),
    pytest.param(Reply(200, json={"id": None}), id="null id"),
    pytest.param(Reply(200, json={"id": ""}), id="empty id"),
    pytest.param(Reply(200, json=["video_1"]), id="a list"),
]
# Answered, and not carried out.
ANSWERED = [
    pytest.param(Reply(307, headers={"Location": "/v1/videos"}), SubmissionUncertainError, id="307"),
    pytest.param(Reply(408, json=NO), SubmissionUncertainError, id="408"),
    pytest.param(Reply(409, json=NO), SubmissionUncertainError, id="409"),
    pytest.param(Reply(429, json=NO), RateLimitError, id="429"),
    pytest.param(Reply(429, json=NO, headers={"x-should-retry": "true"}), RateLimitError, id="429 to be retried"),
    pytest.param(Reply(500, json=NO), SubmissionUncertainError, id="500"),
    pytest.param(Reply(502, body=b"<html>nginx", headers=PAGE), SubmissionUncertainError, id="502 page"),
    pytest.param(Reply(503, json=NO), HTTPError, id="503"),
    pytest.param(Reply(504, json=NO), SubmissionUncertainError, id="504"),
]


@pytest.mark.parametrize("reply", LOST)
def test_a_lost_reply_is_never_sent_again(
    world: World, server: VideoServer, configured: Configured, kite: VideoGenerationRequest, reply: Reply
) -> None:
    server.fault("create", reply, accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(configured(timeout=0.5 if reply.delay else 30), kite)
    assert (server.posts, len(server.jobs)) == (1, 1)


@pytest.mark.parametrize(("reply", "error"), ANSWERED)
def test_an_answered_submit_is_never_sent_again(
    world: World,
    server: VideoServer,
    configured: Configured,
    kite: VideoGenerationRequest,
    reply: Reply,
    error: type[TarashException],
) -> None:
    server.fault("create", reply)
    with pytest.raises(error) as raised:
        world.generate(configured(), kite)
    assert type(raised.value) is error
    assert (server.posts, len(server.jobs)) == (1, 0)


def test_a_refused_connection_is_certain(world: World, configured: Configured, kite: VideoGenerationRequest) -> None:
    with VideoServer() as gone:
        nowhere = gone.url
    with pytest.raises(HTTPConnectionError) as raised:
        world.generate(configured(base_url=nowhere), kite)
    assert raised.value.request_sent is False


@pytest.mark.filterwarnings("ignore:The Sora API")
def test_the_sdk_alone_pays_twice(server: VideoServer, key: str) -> None:
    """The control: without our settings the same fault makes two jobs. When this fails, the SDK has been mended."""
    server.fault("create", Reply.dropped(), accepting=True)
    with OpenAI(api_key=key, base_url=server.url) as client:
        client.videos.create(prompt="a red kite")
    assert (server.posts, len(server.jobs)) == (2, 2)
