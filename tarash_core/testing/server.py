"""A real HTTP/1.1 server on 127.0.0.1 that answers, drops, resets and hangs as a test tells it to."""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in.

    Args:
        method: ``GET``, ``POST``...
        path: Decoded, without the query.
        query: The last value of each name.
        headers: With lower-case names.
        body: As sent.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer, or how to fail. `fault` is done instead of answering, after `delay` seconds."""

    status: int = 200
    json: Any = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    fault: Literal["drop", "reset"] | None = None

    @classmethod
    def dropped(cls) -> Reply:
        """Close the connection without a byte of an answer."""
        return cls(fault="drop")

    @classmethod
    def reset(cls) -> Reply:
        """Break the connection with a TCP reset."""
        return cls(fault="reset")

    @classmethod
    def hanging(cls, seconds: float) -> Reply:
        """Answer nothing for so many seconds, then close; ends at once when the server is closed."""
        return cls(fault="drop", delay=seconds)


Handler = Callable[[Received], Reply]


class LoopbackServer:
    """Serve `handler` until the ``with`` block ends.

    Args:
        handler: Called in a thread per connection; an exception in it is kept and raised when the block ends.
        tls: A server-side context makes it ``https://``.

    Attributes:
        url: ``http://127.0.0.1:PORT`` (or ``https://localhost:PORT``).
        requests: Everything received, in order.
        connections: How many TCP connections were accepted.
    """

    def __init__(self, handler: Handler, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Received] = []
        self.connections = 0
        self.failures: list[Exception] = []
        self._handler = handler
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler_class(self))
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        port = self._server.server_address[1]
        self.url = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> LoopbackServer:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()
        if self.failures and exc[1] is None:
            raise self.failures[0]

    def count(self, method: str, path_prefix: str = "/") -> int:
        """How many requests of this method had a path that begins so."""
        return sum(got.method == method and got.path.startswith(path_prefix) for got in self.requests)

    @property
    def open_connections(self) -> int:
        """How many clients are connected."""
        return self._server.open_connections

    def answer(self, received: Received) -> Reply:
        """Note a request and ask the handler for the reply."""
        with self._lock:
            self.requests.append(received)
        try:
            reply = self._handler(received)
        except Exception as error:
            self.failures.append(error)
            return Reply(status=500, body=repr(error).encode())
        if reply.delay:
            self._closing.wait(reply.delay)
        return reply

    def note_connection(self) -> None:
        """Count one accepted connection."""
        with self._lock:
            self.connections += 1


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = True
    request_queue_size = 512
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()

    @property
    def open_connections(self) -> int:
        return len(self._open)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up in mid-sentence are part of the tests: say nothing."""

    def hang_up(self) -> None:
        """Close what idle clients keep open, so that no thread is left behind."""
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _handler_class(server: LoopbackServer) -> type[BaseHTTPRequestHandler]:
    class Exchange(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def setup(self) -> None:
            server.note_connection()
            super().setup()

        def log_message(self, *line: Any) -> None:
            """Requests are kept in `LoopbackServer.requests` instead."""

        def serve(self) -> None:
            reply = server.answer(self._received())
            if reply.fault is not None:
                self._break_off(reply.fault)
                return
            body = json.dumps(reply.json).encode() if reply.json is not None else reply.body
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.json is not None and "content-type" not in {name.lower() for name in reply.headers}:
                self.send_header("Content-Type", "application/json")
            if "content-length" not in {name.lower() for name in reply.headers}:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            self.wfile.flush()

        def _received(self) -> Received:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            if headers.get("transfer-encoding", "").lower() == "chunked":
                body = self._chunks()
            else:
                size = int(headers.get("content-length", "0"))
                body = self.rfile.read(size)
                if len(body) < size:
                    raise ConnectionError("the client went away in mid-request, which no server carries out")
            return Received(self.command, unquote(parts.path), dict(parse_qsl(parts.query)), headers, body)

        def _chunks(self) -> bytes:
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def _break_off(self, fault: str) -> None:
            self.close_connection = True
            if fault == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with contextlib.suppress(OSError):
                self.connection.close() if fault == "reset" else self.connection.shutdown(socket.SHUT_RDWR)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = serve  # noqa: N815  (http.server's own names)

    return Exchange
