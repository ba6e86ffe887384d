"""Fetching a file from the web: redirects checked, passing trouble waited out, never past the deadline."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import SplitResult, urljoin, urlsplit

from tarash_core.deadline import Deadline
from tarash_core.errors import HTTPError, NotFoundError, RateLimitError, UnexpectedResponseError
from tarash_core.flow import Call, Flow, block, call, sleep
from tarash_core.hookspecs import Mode
from tarash_core.transport_errors import retry_after_seconds

if TYPE_CHECKING:
    import httpx

_REDIRECTS = 5
_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
# Answers of a content network in passing trouble; asking again costs nothing.
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_TRIES = 3
_PAUSE = 0.5
# Seconds without a byte after which a server is given up.
_SILENCE = 10.0
# Seconds that hanging up may take, also after the deadline: a connection left open would be a leak.
_CLOSING = 5.0


class Sink(Protocol):
    """Where the bytes go."""

    def write(self, chunk: bytes) -> None:
        """Take the next bytes, or raise."""

    def restart(self, told: str | None) -> None:
        """Forget what was written: the answer begins. `told` is its content type."""


def fetched(
    url: str, sink: Sink, mode: Mode, deadline: Deadline, *, headers: Mapping[str, str] | None = None
) -> Flow[None]:
    """Pour what stands at `url` into the sink. The headers go to its origin alone, along no redirect to another.

    Raises:
        HTTPError: An error status, after three tries where it may pass.
        UnexpectedResponseError: An address that is not fetched, or too many redirects.
        builtins.TimeoutError: The deadline passed. In sync code a silent server is noticed up to 10 s late.
        httpx.TransportError: The connection failed three times.
    """
    import httpx

    from tarash_core.tls import shared_tls_context

    client: httpx.Client | httpx.AsyncClient = (
        httpx.Client(verify=shared_tls_context()) if mode == "sync" else httpx.AsyncClient(verify=shared_tls_context())
    )
    try:
        for attempt in range(1, _TRIES + 1):
            try:
                yield from _streamed(client, url, sink, deadline, headers or {})
                return
            except (httpx.TransportError, HTTPError) as error:
                pause = _pause_after(error, attempt)
                if attempt == _TRIES or pause is None or deadline.remaining() <= pause:
                    raise
            yield from sleep(pause)
    finally:
        yield from _closed(client.close if isinstance(client, httpx.Client) else client.aclose)


def _pause_after(error: Exception, attempt: int) -> float | None:
    """Seconds to wait before asking again; None where that cannot help."""
    if isinstance(error, HTTPError) and error.status_code not in _TRANSIENT:
        return None
    asked_for = error.retry_after if isinstance(error, RateLimitError) else None
    return max(_PAUSE * attempt, asked_for or 0.0)


def _streamed(
    client: httpx.Client | httpx.AsyncClient, url: str, sink: Sink, deadline: Deadline, headers: Mapping[str, str]
) -> Flow[None]:
    import httpx

    first = _parts(url)
    for _ in range(_REDIRECTS + 1):
        yield from _checked_address(url, first.hostname)
        patience = max(0.001, min(_SILENCE, deadline.remaining()))
        # Video is compressed already; asking for it as it is makes max_bytes mean what is on the wire.
        private = headers if _parts(url)[:2] == first[:2] else {}
        request = client.build_request("GET", url, timeout=patience, headers={"Accept-Encoding": "identity", **private})
        response: httpx.Response = yield from call(client.send, request, stream=True)
        try:
            if response.status_code in _REDIRECT_STATUSES and "location" in response.headers:
                url = _joined(url, response.headers["location"])
                continue
            if response.status_code >= 400:
                raise _refused(response, url)
            sink.restart(response.headers.get("content-type"))
            yield from _poured(response, sink, deadline)
            return
        finally:
            yield from _closed(response.close if isinstance(client, httpx.Client) else response.aclose)
    raise UnexpectedResponseError(f"the download of '{without_query(url)}' was redirected more than {_REDIRECTS} times")


def _poured(response: httpx.Response, sink: Sink, deadline: Deadline) -> Flow[None]:
    if hasattr(response.stream, "__aiter__") and not hasattr(response.stream, "__iter__"):
        chunks: Any = response.aiter_bytes()
        following: Callable[..., Any] = anext
    else:
        chunks, following = response.iter_bytes(), next
    # Chunks as they come off the wire: collecting them would hide a server that trickles from the deadline.
    while (chunk := (yield from call(following, chunks, None))) is not None:
        sink.write(chunk)
        if deadline.passed:
            raise TimeoutError("the deadline passed")


def _closed(close: Callable[[], object]) -> Flow[None]:
    yield Call(close, deadline=Deadline(_CLOSING))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        way_out = "; copy it with 'gcloud storage cp'" if parts.scheme == "gs" else ""
        raise UnexpectedResponseError(
            f"'{without_query(url)}' is not an http or https address; it is not fetched{way_out}"
        )
    return parts


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _checked_address(url: str, origin: str | None) -> Flow[None]:
    """Only http and https; and a redirect must not lead from a public host into a private network."""
    host = cast(str, _parts(url).hostname)
    if host == origin or not (yield from block(_is_private, host)):
        return
    if origin is not None and (yield from block(_is_private, origin)):
        return
    raise UnexpectedResponseError(f"'{without_query(url)}' redirects into a private network; it is not followed")


def _is_private(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(not ipaddress.ip_address(str(address[4][0]).partition("%")[0]).is_global for address in found)


def _refused(response: httpx.Response, url: str) -> HTTPError:
    status = response.status_code
    says = f"the download of '{without_query(url)}' was answered {status}"
    if status == 429:
        return RateLimitError(says, retry_after=retry_after_seconds(response.headers), status_code=status)
    expired = "; the link may have expired" if status in (403, 404, 410) else ""
    kind = NotFoundError if status in (404, 410) else HTTPError
    return kind(says + expired, status_code=status)


def without_query(url: str) -> str:
    """An address without user, password and query, which may carry a signature."""
    scheme, separator, rest = url.partition("?")[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"[:120]
