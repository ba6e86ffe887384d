"""The kit itself: a server that fails as told, and a canary that is found wherever it hides."""

from __future__ import annotations

import dataclasses
import pickle
import socket
import ssl
import time
from typing import Any

import httpx
import pytest
import trustme
from pydantic import BaseModel, Field, SecretStr

from tarash_core import GeneratedVideo, HTTPError, Job
from tarash_core.testing import FakeService, LoopbackServer, Received, Reply, World, assert_absent

CANARY = "sk-canary-4711"


def echo(received: Received) -> Reply:
    return Reply(json={"body": received.body.decode(), "query": received.query})


def test_what_came_in_is_kept() -> None:
    with LoopbackServer(echo) as server, httpx.Client(base_url=server.url) as client:
        answer = client.post("/a%20b?x=1&x=2&y=", json={"n": 1}, headers={"X-Some": "thing"})
        client.get("/a b/c")
    assert answer.json() == {"body": '{"n":1}', "query": {"x": "2"}}
    first, second = server.requests
    assert (first.method, first.path, first.query, first.json()) == ("POST", "/a b", {"x": "2"}, {"n": 1})
    assert first.headers["x-some"] == "thing"
    assert (second.method, second.path, second.body) == ("GET", "/a b/c", b"")
    assert (server.count("POST"), server.count("GET", "/a b/"), server.count("GET", "/x")) == (1, 1, 0)


def test_a_body_in_chunks() -> None:
    with LoopbackServer(echo) as server:
        answer = httpx.post(server.url, content=iter([b"one ", b"two ", b"three"]))
        assert server.requests[0].headers["transfer-encoding"] == "chunked"
    assert answer.json()["body"] == "one two three"


def test_connections_are_kept_and_counted() -> None:
    with LoopbackServer(echo) as server:
        with httpx.Client() as client:
            for _ in range(5):
                client.get(server.url)
        assert (server.connections, len(server.requests)) == (1, 5)
        httpx.get(server.url)
        assert server.connections == 2


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
def test_methods_and_answers(method: str) -> None:
    reply = Reply(418, body=b"tea", headers={"Content-Type": "text/plain", "X-Pot": "short"})
    with LoopbackServer(lambda received: reply) as server, httpx.Client() as client:
        for _ in range(2):  # The second one shows that the first left nothing on the wire.
            answer = client.request(method, server.url)
            assert (answer.status_code, answer.headers["x-pot"]) == (418, "short")
            assert answer.content == (b"" if method == "HEAD" else b"tea")
        assert server.connections == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply.dropped(), httpx.RemoteProtocolError),
        (Reply.reset(), httpx.ReadError),
        (Reply.hanging(0.05), httpx.ReadError),
    ],
)
def test_broken_connections(reply: Reply, error: type[Exception]) -> None:
    kinds = (error, httpx.RemoteProtocolError)
    with LoopbackServer(lambda received: reply) as server, pytest.raises(kinds) as raised:
        httpx.post(server.url, json={"n": 1})
    assert server.requests[0].json() == {"n": 1}
    if reply == Reply.reset():
        assert "reset" in str(raised.value)


def test_closing_the_server_ends_a_hanging_answer() -> None:
    began = time.monotonic()
    with LoopbackServer(lambda received: Reply.hanging(60)) as server, pytest.raises(httpx.ReadTimeout):
        httpx.get(server.url, timeout=0.1)
    assert time.monotonic() - began < 5


def test_a_delay() -> None:
    began = time.monotonic()
    with LoopbackServer(lambda received: Reply(delay=0.1)) as server:
        assert httpx.get(server.url).status_code == 200
    assert time.monotonic() - began >= 0.1


def test_a_handler_that_fails_fails_the_test() -> None:
    with pytest.raises(ZeroDivisionError), LoopbackServer(lambda received: Reply(1 // 0)) as server:
        assert httpx.get(server.url).status_code == 500


def test_an_error_of_the_test_itself_comes_first() -> None:
    def failing() -> None:
        with LoopbackServer(lambda received: Reply(1 // 0)) as server:
            httpx.get(server.url)
            raise KeyError

    with pytest.raises(KeyError):
        failing()


def test_tls() -> None:
    authority = trustme.CA()
    server_side, client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(server_side)
    authority.configure_trust(client_side)
    with LoopbackServer(echo, tls=server_side) as server:
        assert server.url.startswith("https://localhost:")
        assert httpx.get(server.url, verify=client_side).status_code == 200


class Quiet:
    """Its repr does not tell; its pickle does."""

    def __init__(self) -> None:
        self.key = CANARY

    def __repr__(self) -> str:
        return "Quiet()"


class Unpicklable(Quiet):
    def __reduce__(self) -> str:
        raise pickle.PicklingError("no")


@dataclasses.dataclass
class Record:
    key: object = dataclasses.field(repr=False)

    def __reduce__(self) -> str:
        raise pickle.PicklingError("no")


class Model(BaseModel):
    key: Any = Field(default=CANARY, repr=False)

    def __reduce__(self) -> str:
        raise pickle.PicklingError("no")


class Silent(Model):
    key: Any = Field(default=CANARY, repr=False, exclude=True)


def caused_by(cause: BaseException) -> BaseException:
    try:
        raise RuntimeError("it failed") from cause
    except RuntimeError as error:
        return error


def noted() -> BaseException:
    error = RuntimeError("it failed")
    error.add_note(f"with {CANARY}")
    return error


@pytest.mark.parametrize(
    ("thing", "place"),
    [
        (f"text with {CANARY}", "repr of str"),
        (f"bytes with {CANARY}".encode(), "repr of bytes"),
        ({"a": [1, (2, {"b": CANARY})]}, "repr of dict"),
        (Quiet(), "pickle of Quiet"),
        ([{"a": Quiet()}], r"pickle of list"),
        (Model(), "JSON of Model"),
        (Silent(), r"repr of Silent\.key"),
        (Record(CANARY), r"repr of Record\.key"),
        ([Record({"a": Record(CANARY)})], r"repr of list\[0\]\.key\['a'\]\.key"),
        (Job(provider="p", model="m", request_id="r", provider_data={"a": CANARY}), "repr of Job"),
        (ValueError(CANARY), "repr of ValueError"),
        (caused_by(ValueError(CANARY)), r"repr of RuntimeError\.__cause__"),
        (caused_by(caused_by(ValueError(CANARY))), r"repr of RuntimeError\.__cause__\.__cause__"),
        (noted(), "pickle of RuntimeError"),
        (HTTPError("no", raw_response={"a": CANARY}), "pickle of HTTPError"),
        ([SecretStr(CANARY)], "pickle of list"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_the_canary_is_found(thing: object, place: str) -> None:
    with pytest.raises(AssertionError, match=f"the canary stands in the {place}$"):
        assert_absent(CANARY, "harmless", thing)


def test_an_unpicklable_thing_that_tells_nothing_passes() -> None:
    circle: list[object] = [Unpicklable(), GeneratedVideo(url="https://example.com"), None, 5]
    circle.append(circle)
    assert_absent(CANARY, circle, SecretStr(CANARY), caused_by(ValueError("no")), {("a", 1): 2})


def test_both_worlds_are_one(world: World) -> None:
    assert world.mode in ("sync", "async")
    assert world.read(GeneratedVideo(data=b"GIF89a....")) == b"GIF89a...."


def test_the_sync_world_has_no_loop() -> None:
    async def nothing() -> None:
        return None

    coroutine = nothing()
    with World("sync") as sync, pytest.raises(AssertionError, match="no loop"):
        sync.run(coroutine)
    coroutine.close()


class Shop(FakeService[str]):
    """Keeps what is submitted."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.serve()

    def step_of(self, received: Received) -> str | None:
        return {"POST": "submit", "GET": "look"}.get(received.method)

    def carried_out(self, step: str, received: Received) -> Reply:
        if step == "submit":
            self.kept.append(received.body)
        return Reply(json=len(self.kept))


def test_a_fake_service_counts_its_steps() -> None:
    with Shop() as shop, httpx.Client(base_url=shop.url) as client:
        assert [client.post("/", content=b"a").json(), client.get("/").json()] == [1, 1]
        assert client.delete("/x").json() == {"detail": "no such address: DELETE /x"}
    assert (shop.posts, shop.seen("look"), shop.seen("else")) == (1, 1, 0)


def test_a_fault_takes_the_place_of_one_answer() -> None:
    with Shop() as shop, httpx.Client(base_url=shop.url) as client:
        shop.fault("submit", Reply(503), Reply.dropped())
        shop.fault("submit", Reply(500), accepting=True)
        assert client.post("/", content=b"refused").status_code == 503
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/", content=b"refused too")
        assert shop.kept == []
        assert client.post("/", content=b"taken").status_code == 500
        assert client.post("/", content=b"right").json() == 2
    assert (shop.kept, shop.posts) == ([b"taken", b"right"], 4)


def test_half_a_request_is_not_carried_out() -> None:
    """As a server of a client that was killed in mid-sentence."""
    with LoopbackServer(lambda received: Reply()) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(b"POST /submit HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
            client.shutdown(socket.SHUT_WR)
            assert client.recv(1) == b""
        assert server.requests == []
