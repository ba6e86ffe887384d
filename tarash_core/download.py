"""Fetching a generated video: streamed, limited in size, time and place, moved into place only when it is whole."""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from tarash_core.deadline import Deadline
from tarash_core.errors import (
    HTTPConnectionError,
    HTTPError,
    NotFoundError,
    TarashException,
    TimeoutError,
    UnexpectedResponseError,
)
from tarash_core.flow import Call, Flow, amended, block, call
from tarash_core.hookspecs import Mode
from tarash_core.media import sniff

if TYPE_CHECKING:
    import httpx

    from tarash_core.video import GeneratedVideo

_REDIRECTS = 5
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
# Answers of a content network in passing trouble; asking again costs nothing.
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_TRIES = 3
_PAUSE = 0.5


def save(video: GeneratedVideo, path: Path, mode: Mode, *, max_bytes: int, timeout: float) -> Flow[Path]:
    """Write the video to `path` through a temporary file beside it."""
    with _replacing(path) as file:
        yield from _into(file, video, mode, max_bytes, timeout)
    return path


def read(video: GeneratedVideo, mode: Mode, *, max_bytes: int, timeout: float) -> Flow[bytes]:
    """The bytes of the video."""
    with tempfile.SpooledTemporaryFile(max_size=max_bytes + 1) as file:
        yield from _into(file, video, mode, max_bytes, timeout)
        file.seek(0)
        return file.read()


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A temporary file in the folder of `path` that takes its place when the block ends well."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _into(file: IO[bytes], video: GeneratedVideo, mode: Mode, max_bytes: int, timeout: float) -> Flow[None]:
    deadline = Deadline(timeout)

    def in_time(effect: Call) -> None:
        effect.deadline = deadline

    try:
        yield from amended(_fetched(file, video, mode, max_bytes, deadline), in_time)
    except TarashException:
        raise
    except Exception as error:
        if deadline.passed:
            raise TimeoutError(
                f"the download of '{_shown(video.url)}' took longer than {timeout:g} s; give it a larger timeout",
                timeout_seconds=timeout,
            ) from error
        from tarash_core.transport_errors import request_sent

        if request_sent(error) is None:
            raise
        raise HTTPConnectionError(
            f"the download of '{_shown(video.url)}' failed: {error or type(error).__name__}; try again"
        ) from error


def _fetched(file: IO[bytes], video: GeneratedVideo, mode: Mode, max_bytes: int, deadline: Deadline) -> Flow[None]:
    written = _Limited(file, max_bytes)
    if video.data is not None:
        yield from block(written.write, video.data)
    elif video.url is not None and video.url.startswith("data:"):
        yield from block(written.write, _decoded(video.url))
    elif video.url is not None:
        yield from _downloaded(written, video.url, mode, deadline)
    else:
        raise UnexpectedResponseError("the video has neither a URL nor data")
    written.check()


def _decoded(url: str) -> bytes:
    header, _, body = url.partition(",")
    if not header.endswith(";base64"):
        raise UnexpectedResponseError(f"the video's data URL '{header[:60]}' is not base64")
    return base64.b64decode(body)


class _Limited:
    """A file that takes so many bytes and remembers how they began."""

    def __init__(self, file: IO[bytes], max_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self.size = 0
        self.head = b""

    def write(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > self._max_bytes:
            raise UnexpectedResponseError(f"the video is larger than max_bytes={self._max_bytes}; raise the limit")
        if len(self.head) < 32:
            self.head = (self.head + chunk)[:32]
        self._file.write(chunk)

    def restart(self) -> None:
        self.size, self.head = 0, b""
        self._file.seek(0)
        self._file.truncate()

    def check(self) -> None:
        if self.size == 0:
            raise UnexpectedResponseError("the video is empty")
        found = sniff(self.head)
        if found is None or not found.startswith(("video/", "image/", "audio/")):
            raise UnexpectedResponseError(f"what was downloaded is not media: it begins with {self.head[:16]!r}")


def _downloaded(written: _Limited, url: str, mode: Mode, deadline: Deadline) -> Flow[None]:
    import httpx

    from tarash_core.flow import sleep
    from tarash_core.tls import shared_context

    limits = httpx.Timeout(min(30.0, deadline.seconds))
    client: httpx.Client | httpx.AsyncClient = (
        httpx.Client(timeout=limits, verify=shared_context())
        if mode == "sync"
        else httpx.AsyncClient(timeout=limits, verify=shared_context())
    )
    closing: Callable[[], Any] = client.close if isinstance(client, httpx.Client) else client.aclose
    try:
        for attempt in range(1, _TRIES + 1):
            try:
                yield from _streamed(client, url, written)
                return
            except (httpx.TransportError, HTTPError) as error:
                passing = not isinstance(error, HTTPError) or error.status_code in _TRANSIENT
                if attempt == _TRIES or not passing or deadline.remaining() <= _PAUSE:
                    raise
            written.restart()
            yield from sleep(_PAUSE * attempt)
    finally:
        yield from call(closing)


def _streamed(client: httpx.Client | httpx.AsyncClient, url: str, written: _Limited) -> Flow[None]:
    origin = urlsplit(url)
    for _ in range(_REDIRECTS + 1):
        yield from _checked_address(url, origin.hostname)
        response: httpx.Response = yield from call(client.send, client.build_request("GET", url), stream=True)
        try:
            if response.status_code in _REDIRECT_STATUSES and "location" in response.headers:
                url = urljoin(url, response.headers["location"])
                continue
            if response.status_code >= 400:
                raise _refused(response.status_code, url)
            yield from _poured(response, written)
            return
        finally:
            yield from call(response.close if _is_sync(client) else response.aclose)
    raise UnexpectedResponseError(f"the download of '{_shown(url)}' was redirected more than {_REDIRECTS} times")


def _is_sync(client: object) -> bool:
    import httpx

    return isinstance(client, httpx.Client)


def _poured(response: httpx.Response, written: _Limited) -> Flow[None]:
    if hasattr(response.stream, "__aiter__") and not hasattr(response.stream, "__iter__"):
        chunks: Any = response.aiter_bytes(1 << 16)
        following: Callable[..., Any] = anext
    else:
        chunks, following = response.iter_bytes(1 << 16), next
    while (chunk := (yield from call(following, chunks, None))) is not None:
        written.write(chunk)


def _checked_address(url: str, origin: str | None) -> Flow[None]:
    """Only http and https; and a redirect must not lead from a public host into a private network."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnexpectedResponseError(f"'{_shown(url)}' is not an http or https address; it is not fetched")
    if parts.hostname == origin:
        return
    if not (yield from block(_is_private, parts.hostname)):
        return
    if origin is not None and (yield from block(_is_private, origin)):
        return
    raise UnexpectedResponseError(f"'{_shown(url)}' redirects into a private network; it is not followed")


def _is_private(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(not ipaddress.ip_address(str(address[4][0]).partition("%")[0]).is_global for address in found)


def _refused(status: int, url: str) -> HTTPError:
    expired = "; the link has expired" if status in (403, 404, 410) else ""
    kind = NotFoundError if status in (404, 410) else HTTPError
    return kind(f"the download of '{_shown(url)}' was answered {status}{expired}", status_code=status)


def _shown(url: str | None) -> str:
    """An address without its query, which may carry a signature."""
    return (url or "").partition("?")[0][:120]
