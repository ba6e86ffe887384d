"""fal's own clients, `fal_client.SyncClient` and `fal_client.AsyncClient`, on one connection pool each.

The SDK's classes build their httpx clients in `_client` (queue and storage) and `_get_cdn_client` / `_cdn_client` (the
CDN; one client per upload, in the sync class never closed). Those are replaced here, on `tarash_fal.transport`; all the
rest is the SDK's. This module imports the SDK: import it from `tarash_create_client` only.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import httpx
from asyncstdlib import cached_property as async_cached_property
from fal_client import AsyncClient, SyncClient
from fal_client.auth import AuthCredentials
from fal_client.client import USER_AGENT
from httpx import USE_CLIENT_DEFAULT

from tarash_fal.transport import AsyncSingleAttempt, Route, SingleAttempt

if TYPE_CHECKING:
    from tarash_core import Mode, VideoGenerationConfig


def create(config: VideoGenerationConfig, mode: Mode) -> FalClient | AsyncFalClient:
    """The client for one account and address. The core has found the key and checked that it fits a header."""
    key = config.api_key.get_secret_value() if config.api_key else ""
    route = Route(AuthCredentials("Key", key).header_value, base_url=config.base_url)
    if mode == "async":
        return AsyncFalClient(key, transport=AsyncSingleAttempt(route))
    return FalClient(key, transport=SingleAttempt(route))


class _Direct(httpx.Client):
    """An httpx client that sends what the SDK asks for without cookies, redirects, authentication and log lines.

    No call to fal has any of these, and each costs every request its time: a generation makes one a poll.
    """

    def __init__(self, transport: SingleAttempt, headers: Mapping[str, str], timeout: float) -> None:
        super().__init__(transport=transport, headers=headers, timeout=timeout)
        self._sending = transport.handle_request
        self._frame = _Frame.of(self)

    def request(self, method: str, url: httpx.URL | str, **asked: Any) -> httpx.Response:
        """As httpx's own, which is asked where the SDK wants more."""
        request = self._frame.request(method, url, asked)
        return super().request(method, url, **asked) if request is None else self._sending(request)


class _AsyncDirect(httpx.AsyncClient):
    """`_Direct` for httpx's other base class."""

    def __init__(self, transport: AsyncSingleAttempt, headers: Mapping[str, str], timeout: float) -> None:
        super().__init__(transport=transport, headers=headers, timeout=timeout)
        self._sending = transport.handle_async_request
        self._frame = _Frame.of(self)

    async def request(self, method: str, url: httpx.URL | str, **asked: Any) -> httpx.Response:
        """As httpx's own, which is asked where the SDK wants more."""
        request = self._frame.request(method, url, asked)
        return await (super().request(method, url, **asked) if request is None else self._sending(request))


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all requests of one client have in common."""

    headers: list[tuple[bytes, bytes]]
    timeout: dict[str, float | None]

    @classmethod
    def of(cls, client: httpx.Client | httpx.AsyncClient) -> _Frame:
        return cls(client.headers.raw, client.timeout.as_dict())

    def request(self, method: str, url: httpx.URL | str, asked: Mapping[str, Any]) -> httpx.Request | None:
        """The request, or None where more is asked for than a body, a query and a timeout."""
        content = {name: value for name, value in asked.items() if name != "timeout" and _says_something(value)}
        if not content.keys() <= _CONTENT:
            return None
        timeout = asked.get("timeout", USE_CLIENT_DEFAULT)
        seconds = self.timeout if timeout is USE_CLIENT_DEFAULT else httpx.Timeout(timeout).as_dict()
        if query := content.pop("params", None):
            # httpx would parse the address once without its query and once more with it.
            url = f"{url}?{httpx.QueryParams(query)}"
        return httpx.Request(
            method, _parsed(str(url)), headers=self.headers, extensions={"timeout": seconds}, **content
        )


# A job is asked for at one address again and again.
_parsed = functools.lru_cache(maxsize=1024)(httpx.URL)
_CONTENT = frozenset({"params", "json", "content"})


def _says_something(value: object) -> bool:
    return value is not None and value is not USE_CLIENT_DEFAULT and value != {}


@dataclass(frozen=True, kw_only=True)
class FalClient(SyncClient):
    """A `fal_client.SyncClient` that may be shared between threads."""

    transport: SingleAttempt

    @cached_property
    def _client(self) -> httpx.Client:
        return self._http({"Authorization": self._auth.header_value})

    def _get_cdn_client(self) -> httpx.Client:
        token = self._token_manager.get_token()
        return self._http({"Authorization": f"{token.token_type} {token.token}"})

    def _http(self, headers: dict[str, str]) -> httpx.Client:
        """A client on the shared pool; it holds nothing of its own to close."""
        return _Direct(self.transport, {"User-Agent": USER_AGENT, **headers}, self.default_timeout)

    def close(self) -> None:
        """Close the connections."""
        self.transport.close()


@dataclass(unsafe_hash=True, kw_only=True)
class AsyncFalClient(AsyncClient):
    """A `fal_client.AsyncClient` for one event loop, with the `aclose` that the SDK's has not."""

    transport: AsyncSingleAttempt

    @async_cached_property(asyncio.Lock)
    async def _client(self) -> httpx.AsyncClient:
        auth = await self._auth
        return self._http({"Authorization": auth.header_value})

    @asynccontextmanager
    async def _cdn_client(self) -> AsyncIterator[httpx.AsyncClient]:
        yield self._http({})

    def _http(self, headers: dict[str, str]) -> httpx.AsyncClient:
        """A client on the shared pool; it holds nothing of its own to close."""
        return _AsyncDirect(self.transport, {"User-Agent": USER_AGENT, **headers}, self.default_timeout)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.transport.aclose()
