"""The paid request, once: what every provider's real SDK does when the network fails, counted on the wire.

What is special to a provider (answers that make no sense, its own headers, what its SDK alone would do) stands in its
plugin's ``tests/test_one_post.py``.
"""

from __future__ import annotations

import os
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import trustme
from loopback import DOUBLES, KEY, Double, Server

from tarash_core import (
    AuthenticationError,
    HTTPConnectionError,
    HTTPError,
    InsufficientCreditsError,
    NotFoundError,
    RateLimitError,
    SubmissionUncertainError,
    TarashException,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.ledger import MemoryJobStore, use_ledger
from tarash_core.testing import LoopbackServer, Reply, World, assert_absent

KITE = VideoGenerationRequest(prompt="a red kite")
NO = {"error": {"code": 0, "message": "no", "type": "no"}, "detail": "no", "title": "no"}
BROKEN_OFF = Reply(200, body=b'{"id": ', headers={"Content-Length": "400", "Connection": "close"})

# Carried out by the server, and its answer lost.
LOST = {
    "reset after sending": Reply.reset(),
    "closed without an answer": Reply.dropped(),
    "broken off in mid-answer": BROKEN_OFF,
    "an answer past the deadline": Reply.hanging(30),
}
# Answered, and not carried out: what is raised, and what the ledger says.
ANSWERED: dict[int, tuple[type[TarashException], str]] = {
    400: (ValidationError, "refused"),
    401: (AuthenticationError, "refused"),
    402: (InsufficientCreditsError, "refused"),
    403: (AuthenticationError, "refused"),
    404: (NotFoundError, "refused"),
    408: (SubmissionUncertainError, "uncertain"),
    409: (SubmissionUncertainError, "uncertain"),
    422: (ValidationError, "refused"),
    429: (RateLimitError, "refused"),
    500: (SubmissionUncertainError, "uncertain"),
    502: (SubmissionUncertainError, "uncertain"),
    503: (HTTPError, "refused"),
    504: (SubmissionUncertainError, "uncertain"),
}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies of the machine that runs the tests, nor any vendor's variables."""
    vendors = ("FAL_", "REPLICATE_", "OPENAI_", "AZURE_", "GOOGLE_", "GEMINI_")
    for name in os.environ:
        if name.startswith(vendors) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(params=DOUBLES)
def double(request: pytest.FixtureRequest) -> Double:
    """Each provider in turn."""
    return DOUBLES[request.param]


@pytest.fixture
def server(double: Double) -> Iterator[Server]:
    """Its server, which takes one key only."""
    with double.make(key=KEY) as running:
        yield running


@pytest.fixture
def store() -> Iterator[MemoryJobStore]:
    """The ledger of the test."""
    memory = MemoryJobStore()
    use_ledger(memory)
    yield memory
    use_ledger(None)


def failed(world: World, config: VideoGenerationConfig, error: type[TarashException]) -> TarashException:
    """What the generation raises: this error and none that is more special."""
    with pytest.raises(error) as raised:
        world.generate(config, KITE)
    assert type(raised.value) is error
    assert raised.value.job is None
    assert_absent(KEY, raised.value)
    return raised.value


def states(store: MemoryJobStore) -> list[str]:
    return [entry.state for entry in store.entries()]


@pytest.mark.parametrize("trouble", LOST)
def test_a_lost_answer(world: World, double: Double, server: Server, store: MemoryJobStore, trouble: str) -> None:
    reply = LOST[trouble]
    server.fault(double.step, reply, accepting=True)
    # More attempts are allowed, and not made.
    config = double.config(server, submit_attempts=3, timeout=1.0 if reply.delay else 30.0)
    failed(world, config, SubmissionUncertainError)
    assert (server.posts, len(double.jobs(server)), states(store)) == (1, 1, ["uncertain"])


@pytest.mark.parametrize("status", ANSWERED)
def test_a_refusal(world: World, double: Double, server: Server, store: MemoryJobStore, status: int) -> None:
    error, state = ANSWERED[status]
    server.fault(double.step, Reply(status, json=NO))
    failed(world, double.config(server), error)
    assert (server.posts, len(double.jobs(server)), states(store)) == (1, 0, [state])


@pytest.mark.parametrize("status", [429, 503])
def test_a_refusal_for_the_moment_is_sent_again_on_demand(
    world: World, double: Double, server: Server, store: MemoryJobStore, status: int
) -> None:
    server.fault(double.step, Reply(status, json=NO, headers={"Retry-After": "0"}))
    assert world.generate(double.config(server, submit_attempts=2), KITE).status == "completed"
    assert (server.posts, len(double.jobs(server)), states(store)) == (2, 1, ["completed", "refused"])


def test_nobody_listens(world: World, double: Double, store: MemoryJobStore) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = failed(world, double.config_at(f"http://127.0.0.1:{taken.getsockname()[1]}"), HTTPConnectionError)
    assert isinstance(error, HTTPConnectionError)
    assert error.request_sent is False
    assert states(store) == ["refused"]


def test_a_certificate_that_nobody_trusts(world: World, double: Double, store: MemoryJobStore) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(tls)
    with LoopbackServer(lambda received: Reply(), tls=tls) as stranger:
        error = failed(world, double.config_at(stranger.url), HTTPConnectionError)
        assert isinstance(error, HTTPConnectionError)
        assert error.request_sent is False
        assert (stranger.requests, states(store)) == ([], ["refused"])


def test_a_reset_while_sending(world: World, double: Double, store: MemoryJobStore) -> None:
    """The connection breaks before the server has read the whole request: not provably in vain."""
    with _resetting(40) as (address, connections):
        failed(world, double.config_at(address, submit_attempts=3), SubmissionUncertainError)
    assert (len(connections), states(store)) == (1, ["uncertain"])


def test_a_reset_before_sending(world: World, double: Double, store: MemoryJobStore) -> None:
    """Some see it while they connect, which is certain, others when they write, which is not; nobody tries again."""
    either = (HTTPConnectionError, SubmissionUncertainError)
    with _resetting(0) as (address, connections), pytest.raises(either) as raised:
        world.generate(double.config_at(address), KITE)
    certain = isinstance(raised.value, HTTPConnectionError) and raised.value.request_sent is False
    assert (len(connections), states(store)) == (1, ["refused" if certain else "uncertain"])


@contextmanager
def _resetting(taken: int) -> Iterator[tuple[str, list[bytes]]]:
    """A server that resets every connection after so many bytes. Its address, and what each connection sent."""
    sent: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                connection, _ = listening.accept()
                if not running.is_set():
                    connection.close()
                    return
                sent.append(connection.recv(taken) if taken else b"")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()

        running = threading.Event()
        running.set()
        thread = threading.Thread(target=serve)
        thread.start()
        address = listening.getsockname()
        try:
            yield f"http://127.0.0.1:{address[1]}", sent
        finally:
            running.clear()
            socket.create_connection(address).close()
            thread.join()
