"""The HTTP that fal's SDK is given: one attempt per call, one address, one TLS context, and the key for fal alone.

Facts of fal-client 1.0.3 that ask for it, all in ``fal_client/client.py``: `_maybe_retry_request` sends a request up
to ten times, the paid submit too, on every `httpx.TransportError` and on 408, 409, 429 and nginx's 502 to 504, and no
option turns that off; ``QUEUE_URL_FORMAT`` and ``REST_URL`` are https and global; the client's headers carry the key to
whatever host a storage answer names (`_upload_via_storage`).

This module imports the SDK: import it from `tarash_create_client` only.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast
from urllib.request import getproxies

import httpx
from fal_client import client as sdk

from tarash_core import Lanes, answer_in_time, shared_tls_context, timeouts_in_time
from tarash_fal.errors import OneAttempt
from tarash_fal.listing import PLATFORM

# httpcore 1.0.9 walks all connections for each idle one at every request, and closes one each time while more are open
# than may be kept (`_assign_requests_to_connections`): with httpx's defaults 200 jobs at once opened a connection for
# each of their 1000 requests; with these, 32 in all.
_LIMITS = httpx.Limits(max_connections=32, max_keepalive_connections=32)

T = TypeVar("T", bound=httpx.AsyncHTTPTransport | httpx.AsyncClient)
Origin = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Route:
    """Where the requests of one client go, and which of them may carry its key.

    Args:
        authorization: The value of the ``Authorization`` header that holds the key.
        base_url: Takes the place of fal's queue, REST and platform hosts; paths are kept.
    """

    authorization: str = field(repr=False)
    base_url: str | None = None

    def direct(self, request: httpx.Request) -> None:
        """Turn a request to its address, take the key away from strangers, and bound its time by the deadline."""
        is_fals = _origin(request.url) in _fal_origins(sdk.QUEUE_URL_FORMAT, sdk.REST_URL, PLATFORM)
        if is_fals and self.base_url is not None:
            request.url = _moved(request.url, self.base_url)
            request.headers["Host"] = request.url.netloc.decode("ascii")
        elif not is_fals and request.headers.get("Authorization") == self.authorization:
            del request.headers["Authorization"]
        request.extensions["timeout"] = timeouts_in_time(request.extensions.get("timeout", {}))


class _Straight:
    """httpx's transport in the place of the client that the SDK's transport sends with.

    Where the environment names no proxy, that client parses, copies and logs each request a second time, and no more.
    """

    def __init__(self) -> None:
        self._transport = httpx.HTTPTransport(verify=shared_tls_context(), limits=_LIMITS)

    def send(self, request: httpx.Request, *, stream: bool) -> httpx.Response:
        return self._transport.handle_request(request)

    def close(self) -> None:
        self._transport.close()


class _InLanes(Generic[T]):
    """`_Straight` for the event loop: each lane a transport, or a client that finds the proxy. Answers are read."""

    def __init__(self, make: Callable[[], T], send: Callable[[T, httpx.Request], Awaitable[httpx.Response]]) -> None:
        self._lanes = Lanes(make)
        self._send = send

    async def send(self, request: httpx.Request, *, stream: bool) -> httpx.Response:
        async with self._lanes.lane() as lane:
            response = await self._send(lane, request)
            try:
                await response.aread()
            finally:
                await response.aclose()
            return response

    async def aclose(self) -> None:
        await self._lanes.aclose()


def _sender() -> httpx.Client:
    """What the SDK's constructor makes, which takes no TLS context; the short way where there is no proxy to find."""
    if getproxies():
        return httpx.Client(verify=shared_tls_context(), limits=_LIMITS, follow_redirects=False)
    return cast(httpx.Client, _Straight())


def _async_sender() -> httpx.AsyncClient:
    """As `_sender`."""
    sender: object
    if getproxies():
        sender = _InLanes(
            lambda: httpx.AsyncClient(verify=shared_tls_context(), follow_redirects=False), httpx.AsyncClient.send
        )
    else:
        straight = httpx.AsyncHTTPTransport
        sender = _InLanes(lambda: straight(verify=shared_tls_context()), straight.handle_async_request)
    return cast(httpx.AsyncClient, sender)


class SingleAttempt(sdk.BackupDomainTransport):
    """The SDK's own transport, backup domain and proxies of the environment included, for one attempt per request.

    Raises:
        OneAttempt: For every failure of the network and every answer but a success. It is outside httpx's tree, so the
            SDK lets it through. Bodies are read in here, because one that breaks off would be repeated too.
    """

    def __init__(self, route: Route) -> None:
        self._client = _sender()
        self._route = route

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._route.direct(request)
        try:
            response = super().handle_request(request)
            answer_in_time(response)
            try:
                response.read()
            finally:
                response.close()
        except httpx.HTTPError as error:
            _take_key_from(error)
            raise OneAttempt from error
        return _accepted(request, response)


class AsyncSingleAttempt(sdk.AsyncBackupDomainTransport):
    """`SingleAttempt` for httpx's other base class."""

    def __init__(self, route: Route) -> None:
        self._client = _async_sender()
        self._route = route

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._route.direct(request)
        try:
            response = await super().handle_async_request(request)
        except httpx.HTTPError as error:
            _take_key_from(error)
            raise OneAttempt from error
        return _accepted(request, response)


def _accepted(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    response.request = request
    if not response.is_success:
        request.headers.pop("Authorization", None)
        raise OneAttempt(response)
    return response


def _take_key_from(error: BaseException | None) -> None:
    """Exceptions are logged and pickled with all that hangs on them: httpx's hold the request, and that the key."""
    while error is not None:
        if isinstance(error, httpx.RequestError):
            with contextlib.suppress(RuntimeError):  # httpx's transports raise without a request; its clients add it
                error.request.headers.pop("Authorization", None)
        error = error.__context__


@functools.lru_cache(maxsize=4)
def _fal_origins(*addresses: str) -> frozenset[Origin]:
    """The hosts that fal's key is for, by the addresses that the SDK holds at the moment and the platform's."""
    return frozenset(_origin(httpx.URL(address)) for address in addresses)


def _origin(url: httpx.URL) -> Origin:
    return url.scheme, url.host, url.port


def _moved(url: httpx.URL, base_url: str) -> httpx.URL:
    return httpx.URL(base_url.rstrip("/") + url.raw_path.decode("ascii"))
