"""Connections that fail around the submit: what is certain then, and what is not; nobody tries again."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tarash_core import HTTPConnectionError, SubmissionUncertainError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing.canary import assert_absent
from tarash_core.testing.provider_contract.case import Place, ProviderCase
from tarash_core.testing.server import LoopbackServer, Reply
from tarash_core.testing.world import World


class ConnectionPromises(ProviderCase):
    """What holds for a server that does not answer at all."""

    def test_a_refused_connection_is_certain(self, world: World, place: Place) -> None:
        """Nobody listens: nothing was sent."""
        with LoopbackServer(lambda _: Reply()) as gone:
            nowhere = place.at(gone.url)
        assert _not_sent(world, place.configured(base_url=nowhere), place.kite, place.key)
        assert place.written == ["refused"]
        assert place.service.posts == 0

    def test_an_unknown_authority_is_refused(
        self, world: World, place: Place, certified: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With nothing sent, and so certainly nothing paid."""
        monkeypatch.delenv("SSL_CERT_FILE")
        with LoopbackServer(lambda _: Reply(), tls=certified) as stranger:
            assert _not_sent(world, place.configured(base_url=place.at(stranger.url)), place.kite, place.key)
            assert stranger.requests == []
        assert place.written == ["refused"]

    def test_a_reset_while_sending_proves_nothing(self, world: World, place: Place) -> None:
        """The connection breaks before the server has read the whole request."""
        with _resetting(40) as (address, connections):
            config = place.configured(base_url=place.at(address), submit_attempts=3)
            with pytest.raises(SubmissionUncertainError) as raised:
                world.generate(config, place.kite)
        assert_absent(place.key, raised.value)
        assert len(connections) == 1
        assert place.written == ["uncertain"]

    def test_a_reset_before_sending(self, world: World, place: Place) -> None:
        """Some see it while they connect, which is certain, others when they write, which is not."""
        either = (HTTPConnectionError, SubmissionUncertainError)
        with _resetting(0) as (address, connections), pytest.raises(either) as raised:
            world.generate(place.configured(base_url=place.at(address)), place.kite)
        assert_absent(place.key, raised.value)
        certain = isinstance(raised.value, HTTPConnectionError) and raised.value.request_sent is False
        assert len(connections) == 1
        assert place.written == ["refused" if certain else "uncertain"]

    def test_an_answer_that_trickles_in_ends_with_the_deadline(self, world: World, place: Place) -> None:
        """Each of its bytes comes in time, and all together would take ten times as long."""
        with _trickling(0.2) as address:
            config = place.configured(base_url=place.at(address), timeout=0.5)
            began = time.monotonic()
            with pytest.raises(SubmissionUncertainError) as raised:
                world.generate(config, place.kite)
            assert time.monotonic() - began < 3
        assert_absent(place.key, raised.value)
        assert place.written == ["uncertain"]


def _not_sent(world: World, config: VideoGenerationConfig, request: VideoGenerationRequest, key: str) -> bool:
    """Whether the generation fails for its connection, and is sure that nothing was sent."""
    with pytest.raises(HTTPConnectionError) as raised:
        world.generate(config, request)
    assert type(raised.value) is HTTPConnectionError
    assert raised.value.job is None
    assert_absent(key, raised.value)
    return raised.value.request_sent is False


@contextmanager
def _trickling(pause: float) -> Iterator[str]:
    """A server whose answers come byte by byte, so many seconds apart. Its address."""
    ended = threading.Event()

    class Trickle(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "25")
            self.end_headers()
            for _ in range(25):
                if ended.wait(pause):
                    return
                with suppress(OSError):
                    self.wfile.write(b" ")

        def log_message(self, *said: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Trickle) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            ended.set()
            server.shutdown()
            thread.join()


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
