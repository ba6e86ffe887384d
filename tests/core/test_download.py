"""Fetching the finished video, in both worlds: whole or not at all, and never more than allowed."""

from __future__ import annotations

import asyncio
import base64
import errno
import itertools
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from tarash_core import (
    GeneratedVideo,
    HTTPConnectionError,
    HTTPError,
    NotFoundError,
    RateLimitError,
    TimeoutError,
    UnexpectedResponseError,
    remote,
    run,
    tls,
)
from tarash_core.testing import LoopbackServer, Received, Reply, World, assert_absent

MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + os.urandom(300_000)
SIGNATURE = "sig-canary-4711"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_PAUSE", 0.01)


def film(received: Received) -> Reply:
    return Reply(body=MP4, headers={"Content-Type": "video/mp4"})


def at(server: LoopbackServer, path: str = f"/kite.mp4?X-Signature={SIGNATURE}") -> GeneratedVideo:
    return GeneratedVideo(url=f"{server.url}{path}", content_type="video/mp4")


def test_the_whole_file_arrives(world: World, tmp_path: Path) -> None:
    target = tmp_path / "kite.mp4"
    with LoopbackServer(film) as server:
        assert world.save(at(server), target) == target
        assert world.save(at(server), str(target)) == target
        assert world.read(at(server)) == MP4
    assert target.read_bytes() == MP4
    assert os.listdir(tmp_path) == ["kite.mp4"]
    asked = server.requests[0]
    assert (asked.method, asked.path, asked.query) == ("GET", "/kite.mp4", {"X-Signature": SIGNATURE})
    assert "authorization" not in asked.headers
    assert asked.headers["accept-encoding"] == "identity"


def test_over_tls(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    server_side, client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(server_side)
    with LoopbackServer(film, tls=server_side) as server:
        with pytest.raises(HTTPConnectionError, match="certificate") as raised:
            world.read(at(server))
        assert raised.value.request_sent is False
        authority.configure_trust(client_side)
        monkeypatch.setattr(tls, "shared_tls_context", lambda: client_side)
        assert world.read(at(server)) == MP4


def test_the_file_has_the_rights_of_any_new_file(world: World, tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    world.save(GeneratedVideo(data=MP4), tmp_path / "kite.mp4")
    assert (tmp_path / "kite.mp4").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_paths(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    video = GeneratedVideo(data=MP4)
    long = "k" * 250 + ".mp4"
    assert world.save(video, "~/kite.mp4") == tmp_path / "kite.mp4"
    assert world.save(video, tmp_path / long).read_bytes() == MP4
    monkeypatch.chdir(tmp_path)
    assert world.save(video, "here.mp4") == Path("here.mp4")
    assert sorted(os.listdir(tmp_path)) == sorted(["kite.mp4", long, "here.mp4"])


@pytest.mark.parametrize(("place", "number"), [("missing/kite.mp4", errno.ENOENT), (".", errno.EISDIR)])
def test_a_place_that_cannot_be_is_told_before_anything_is_fetched(
    world: World, tmp_path: Path, place: str, number: int
) -> None:
    with LoopbackServer(film) as server, pytest.raises(OSError, match=r"folder") as raised:
        world.save(at(server), tmp_path / place)
    assert raised.value.errno == number
    assert server.requests == []


@contextmanager
def raw_server(*answers: bytes, pause: float = 0.0) -> Iterator[str]:
    """Sends each connection the next answer, in pieces with pauses between them, and closes it."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        for answer in itertools.chain(answers, itertools.repeat(answers[-1])):
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with closing(connection):
                try:
                    connection.recv(65536)
                    head, _, body = answer.partition(b"\r\n\r\n")
                    connection.sendall(head + b"\r\n\r\n")
                    size = max(1, len(body) // 100) if pause else max(1, len(body))
                    for start in range(0, len(body), size):
                        connection.sendall(body[start : start + size])
                        if over.wait(pause):
                            return
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/kite.mp4"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def http_answer(body: bytes, length: int | None = None) -> bytes:
    length = len(body) if length is None else length
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % length + body


# What the server does, further limits, the error that it ends in, what its message says.
FAILURES: dict[str, tuple[Any, dict[str, Any], type[Exception], str]] = {
    "dropped": (Reply.dropped(), {}, HTTPConnectionError, "failed"),
    "reset": (Reply.reset(), {}, HTTPConnectionError, "failed"),
    "cut off": (
        Reply(body=MP4[:1000], headers={"Content-Length": "300000", "Connection": "close"}),
        {},
        HTTPConnectionError,
        "failed",
    ),
    "silent": (Reply.hanging(30), {"timeout": 0.3}, TimeoutError, "took longer than 0.3 s"),
    "too large": (Reply(body=MP4), {"max_bytes": 1000}, UnexpectedResponseError, "larger than max_bytes=1000"),
    "empty": (Reply(), {}, UnexpectedResponseError, "the video is empty"),
    "a page": (
        Reply(body=b"<!DOCTYPE html><p>sign in", headers={"Content-Type": "text/html"}),
        {},
        UnexpectedResponseError,
        "is not media: it begins with b'<!DOCTYPE html><'",
    ),
    "a page that says it is a video": (
        Reply(body=b"<Error>AccessDenied</Error>", headers={"Content-Type": "video/mp4"}),
        {},
        UnexpectedResponseError,
        "is not media",
    ),
    "forbidden": (Reply(403), {}, HTTPError, "answered 403; the link may have expired"),
    "gone": (Reply(404), {}, NotFoundError, "answered 404; the link may have expired"),
    "really gone": (Reply(410), {}, NotFoundError, "answered 410; the link may have expired"),
    "broken": (Reply(500), {}, HTTPError, "answered 500"),
    "busy": (Reply(429), {}, RateLimitError, "answered 429"),
    "busy for long": (Reply(429, headers={"Retry-After": "999"}), {"timeout": 2}, RateLimitError, "answered 429"),
    "in a circle": (Reply(302, headers={"Location": "/again"}), {}, UnexpectedResponseError, "more than 5 times"),
    "to a file": (Reply(302, headers={"Location": "file:///etc/passwd"}), {}, UnexpectedResponseError, "not an http"),
    "to nonsense": (
        Reply(302, headers={"Location": "http://[::1"}),
        {},
        HTTPConnectionError,
        "Invalid URL in location",
    ),
    "nowhere": (Reply(304), {}, UnexpectedResponseError, "the video is empty"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_download_leaves_what_was_there(world: World, tmp_path: Path, name: str) -> None:
    reply, limits, kind, says = FAILURES[name]
    target = tmp_path / "kite.mp4"
    target.write_bytes(b"the one before")
    with LoopbackServer(lambda received: reply) as server:
        began = time.monotonic()
        with pytest.raises(kind, match=says) as raised:
            world.save(at(server), target, **limits)
        assert time.monotonic() - began < 5
    assert type(raised.value) is kind
    assert target.read_bytes() == b"the one before"
    assert os.listdir(tmp_path) == ["kite.mp4"]
    assert SIGNATURE not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "requests"), [("dropped", 3), ("cut off", 3), ("broken", 3), ("busy", 3), ("gone", 1), ("a page", 1)]
)
def test_only_passing_trouble_is_tried_again(world: World, name: str, requests: int) -> None:
    reply, limits, kind, _ = FAILURES[name]
    with LoopbackServer(lambda received: reply) as server:
        with pytest.raises(kind):
            world.read(at(server), **limits)
        assert len(server.requests) == requests


@pytest.mark.parametrize("name", ["dropped", "reset", "cut off", "broken", "busy"])
def test_passing_trouble_passes(world: World, name: str) -> None:
    trouble = FAILURES[name][0]
    with LoopbackServer(lambda received: film(received) if len(server.requests) > 1 else trouble) as server:
        assert world.read(at(server)) == MP4
        assert len(server.requests) == 2


def test_a_busy_server_is_given_the_time_it_asks_for(world: World) -> None:
    busy = Reply(429, headers={"Retry-After": "0.2"})
    with LoopbackServer(lambda received: film(received) if len(server.requests) > 1 else busy) as server:
        began = time.monotonic()
        assert world.read(at(server)) == MP4
        assert time.monotonic() - began >= 0.2


def test_a_trickle_does_not_outlast_the_timeout(world: World) -> None:
    """Each byte comes in time, the whole does not: no timeout of a single read would notice."""
    with raw_server(http_answer(MP4[:1000]), pause=0.05) as url:
        began = time.monotonic()
        with pytest.raises(TimeoutError, match=r"took longer than 0\.4 s") as raised:
            world.read(GeneratedVideo(url=url), timeout=0.4)
        assert time.monotonic() - began < 2
    assert raised.value.timeout_seconds == 0.4


def test_a_body_cut_off_in_the_middle_is_fetched_again_from_its_beginning(world: World, tmp_path: Path) -> None:
    with raw_server(http_answer(MP4[:5000], 300_000), http_answer(MP4)) as url:
        assert world.save(GeneratedVideo(url=url), tmp_path / "kite.mp4").read_bytes() == MP4


def test_redirects_are_followed(world: World) -> None:
    def handler(received: Received) -> Reply:
        number = int(received.path.removeprefix("/"))
        return Reply(302, headers={"Location": f"{number + 1}"}) if number < 5 else film(received)

    with LoopbackServer(handler) as server:
        assert world.read(at(server, "/0")) == MP4
        assert [received.path for received in server.requests] == [f"/{number}" for number in range(6)]


def test_a_user_and_password_in_the_address_stay_out_of_messages(world: World) -> None:
    with LoopbackServer(lambda received: Reply(404)) as server, pytest.raises(NotFoundError) as raised:
        world.read(GeneratedVideo(url=server.url.replace("://", f"://user:{SIGNATURE}@") + "/kite.mp4"))
    assert "127.0.0.1" in str(raised.value)
    assert_absent(SIGNATURE, raised.value)


@pytest.mark.parametrize(
    ("start", "target", "allowed"),
    [
        ("1.1.1.1", "8.8.8.8", True),
        ("1.1.1.1", "127.0.0.1", False),
        ("1.1.1.1", "10.0.0.1", False),
        ("1.1.1.1", "192.168.1.1", False),
        ("1.1.1.1", "169.254.169.254", False),
        ("1.1.1.1", "0.0.0.0", False),
        ("1.1.1.1", "2130706433", False),
        ("1.1.1.1", "[::1]", False),
        ("1.1.1.1", "[fe80::1]", False),
        ("1.1.1.1", "[::ffff:127.0.0.1]", False),
        ("1.1.1.1", "localhost", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "10.0.0.1", True),
        ("localhost", "127.0.0.1", True),
        ("10.0.0.1", "8.8.8.8", True),
    ],
)
def test_no_redirect_from_a_public_host_into_a_private_network(start: str, target: str, allowed: bool) -> None:
    asking = remote._checked_address(f"http://{target}/latest?key={SIGNATURE}", start)
    if allowed:
        run(asking)
        return
    with pytest.raises(UnexpectedResponseError, match="redirects into a private network") as raised:
        run(asking)
    assert SIGNATURE not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/a", "/etc/passwd", "kite.mp4", "http://", "http://[::1", ""]
)
def test_only_http_is_fetched(world: World, url: str) -> None:
    with pytest.raises(UnexpectedResponseError, match="is not an http or https address; it is not fetched"):
        world.read(GeneratedVideo(url=url))


def test_an_address_where_nobody_listens(world: World) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/kite.mp4?X={SIGNATURE}"
        with pytest.raises(HTTPConnectionError, match=r"/kite.mp4' failed: .+; try again") as raised:
            world.read(GeneratedVideo(url=url))
    assert raised.value.request_sent is False
    assert SIGNATURE not in str(raised.value)


DATA = base64.b64encode(MP4).decode()


@pytest.mark.parametrize(
    "video",
    [
        GeneratedVideo(data=MP4),
        GeneratedVideo(url=f"data:video/mp4;base64,{DATA}"),
        GeneratedVideo(url=f"DATA:video/mp4;Base64,{DATA.replace('+', '%2B')}"),
    ],
    ids=["bytes", "data URL", "escaped data URL"],
)
def test_videos_that_are_there_already(world: World, tmp_path: Path, video: GeneratedVideo) -> None:
    assert world.read(video) == MP4
    assert world.save(video, tmp_path / "kite.mp4").read_bytes() == MP4
    with pytest.raises(UnexpectedResponseError, match="larger than max_bytes=1000"):
        world.read(video, max_bytes=1000)


@pytest.mark.parametrize(
    ("video", "says"),
    [
        (GeneratedVideo(url="data:video/mp4,abc"), "cannot be read: it is not base64"),
        (GeneratedVideo(url="data:video/mp4;base64,***"), "cannot be read: it is not valid base64"),
        (GeneratedVideo(url="data:video/mp4;base64,"), "the video is empty"),
        (GeneratedVideo(data=b""), "the video is empty"),
        (GeneratedVideo(data=b"{}"), "is not media"),
        (GeneratedVideo(), "neither a URL nor data"),
    ],
)
def test_videos_that_are_none(world: World, video: GeneratedVideo, says: str) -> None:
    with pytest.raises(UnexpectedResponseError, match=says):
        world.read(video)


@pytest.mark.parametrize(("content_type", "kept"), [("video/mp2t", True), ("application/octet-stream", False)])
def test_a_format_we_do_not_know_is_kept_where_it_is_told_to_be_a_video(
    world: World, content_type: str, kept: bool
) -> None:
    stream = b"\x47\x40\x11\x10\x00" + bytes(500)
    reply = Reply(body=stream, headers={"Content-Type": content_type})
    with LoopbackServer(lambda received: reply) as server:
        if kept:
            assert world.read(GeneratedVideo(url=server.url)) == stream
            return
        with pytest.raises(UnexpectedResponseError, match="is not media"):
            world.read(GeneratedVideo(url=server.url))


def test_the_event_loop_goes_on_during_a_download(tmp_path: Path) -> None:
    async def both(url: str) -> int:
        ticks = 0
        download = asyncio.ensure_future(GeneratedVideo(url=url).save_async(tmp_path / "kite.mp4"))
        while not download.done():
            await asyncio.sleep(0.005)
            ticks += 1
        await download
        return ticks

    with raw_server(http_answer(MP4), pause=0.003) as url:
        assert asyncio.run(both(url)) > 20


def test_a_cancelled_download_leaves_nothing_behind(tmp_path: Path) -> None:
    async def cancelled(url: str) -> None:
        download = asyncio.ensure_future(GeneratedVideo(url=url).save_async(tmp_path / "kite.mp4"))
        while not os.listdir(tmp_path):
            await asyncio.sleep(0.005)
        download.cancel()
        with pytest.raises(asyncio.CancelledError):
            await download

    with raw_server(http_answer(MP4), pause=0.05) as url:
        asyncio.run(cancelled(url))
    assert os.listdir(tmp_path) == []


def test_the_sync_twins_work_inside_a_running_loop() -> None:
    async def inside() -> bytes:
        return GeneratedVideo(data=MP4).read()

    assert asyncio.run(inside()) == MP4
