"""The paid request, once: what every provider's real SDK does when the connection fails, counted on the wire.

Lost answers, refusals and what a proxy says are in `tarash_core.testing.provider_contract`, which every plugin's tests
inherit; here is what needs no service, or none that answers.
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
from loopback import KEY, ROADS, Double, Server

from tarash_core import (
    HTTPConnectionError,
    Job,
    SubmissionUncertainError,
    TarashException,
    VideoGenerationConfig,
    VideoGenerationRequest,
)
from tarash_core.ledger import MemoryJobStore, use_ledger
from tarash_core.testing import LoopbackServer, Reply, World, assert_absent

KITE = VideoGenerationRequest(prompt="a red kite")
NO = {"error": {"code": 0, "message": "no", "type": "no"}, "detail": "no", "title": "no"}
ENVIRONMENT = {
    "fal": "FAL_KEY",
    "replicate": "REPLICATE_API_TOKEN",
    "openai": "OPENAI_API_KEY",
    "azure-openai": "AZURE_OPENAI_API_KEY",
    "google": "GEMINI_API_KEY",
}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies of the machine that runs the tests, nor any vendor's variables."""
    vendors = ("FAL_", "REPLICATE_", "OPENAI_", "AZURE_", "GOOGLE_", "GEMINI_")
    for name in os.environ:
        if name.startswith(vendors) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture(params=ROADS)
def double(request: pytest.FixtureRequest) -> Double:
    """Each provider in turn."""
    return ROADS[request.param]


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


@pytest.mark.parametrize("status", [429, 503])
def test_a_refusal_for_the_moment_is_sent_again_on_demand(
    world: World, double: Double, server: Server, store: MemoryJobStore, status: int
) -> None:
    server.fault(double.step, Reply(status, json=NO, headers={"Retry-After": "0"}))
    assert world.generate(double.config(server, submit_attempts=2), KITE).status == "completed"
    assert (server.posts, len(double.jobs(server)), states(store)) == (2, 1, ["completed", "refused"])


def test_a_lost_job_is_settled_and_asked_for_with_the_ledger_and_the_environment_alone(
    world: World, double: Double, server: Server, store: MemoryJobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days later nobody has the config any more: the ledger has the address and the options, and never the key."""
    server.fault(double.step, Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(double.config(server), KITE)
    (request_id,) = double.jobs(server)
    (lost,) = store.entries()
    assert_absent(KEY, lost)
    monkeypatch.setenv(ENVIRONMENT[double.provider], KEY)
    job = world.settle(lost.id, request_id=request_id).job
    assert job is not None
    assert (job.digest, job.provider_config) == (lost.digest, double.options)
    later = Job.model_validate_json(job.model_dump_json())
    assert not world.poll(later).finished
    assert world.wait(later, config=double.config(server)).request_id == request_id
    assert (server.posts, states(store)) == (1, ["completed"])


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
