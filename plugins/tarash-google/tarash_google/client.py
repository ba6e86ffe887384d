"""Google's own client, `google.genai.Client`: one for each road that jobs take, on one connection pool.

This module imports the SDK: import it from `tarash_create_client` only.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx2
from google import genai
from google.genai import types

from tarash_core import shared_tls_context
from tarash_google.credentials import DefaultCredentials
from tarash_google.roads import Road, check_credentials
from tarash_google.transport import AsyncOneAttempt, OneAttempt

if TYPE_CHECKING:
    from google.genai.client import AsyncClient

    from tarash_core import Mode, VideoGenerationConfig


def create(config: VideoGenerationConfig, mode: Mode) -> GoogleClient | AsyncGoogleClient:
    """The clients of one account."""
    return AsyncGoogleClient(config) if mode == "async" else GoogleClient(config)


class GoogleClient:
    """The SDK's clients for the sync world, by road; they may be shared between threads."""

    def __init__(self, config: VideoGenerationConfig) -> None:
        self._http = OneAttempt()
        self._sdk = _Clients(config, self._http, httpx2.AsyncClient(transport=httpx2.AsyncBaseTransport()))

    def on(self, road: Road) -> genai.Client:
        """The client of a road. Building one takes some 30 ms the first time.

        Raises:
            ConfigurationError: The config has not what the road takes.
        """
        return self._sdk.on(road)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class AsyncGoogleClient:
    """The same for one event loop."""

    def __init__(self, config: VideoGenerationConfig) -> None:
        self._http = AsyncOneAttempt()
        self._sdk = _Clients(config, httpx2.Client(transport=httpx2.BaseTransport()), self._http)

    def on(self, road: Road) -> AsyncClient:
        """As `GoogleClient.on`."""
        return self._sdk.on(road).aio

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class _Clients:
    """`genai.Client` by road. They are kept: one that is collected closes itself, and what was taken from it."""

    def __init__(self, config: VideoGenerationConfig, http: httpx2.Client, async_http: httpx2.AsyncClient) -> None:
        self._config = config
        self._http = http
        self._async_http = async_http
        self._built: dict[Road, genai.Client] = {}
        self._lock = threading.Lock()

    def on(self, road: Road) -> genai.Client:
        with self._lock:
            if road not in self._built:
                check_credentials(self._config, road)
                self._built[road] = self._build(road)
            return self._built[road]

    def _build(self, road: Road) -> genai.Client:
        key = self._config.api_key.get_secret_value() if self._config.api_key else None
        options = types.HttpOptions(
            base_url=road.base_url,
            api_version=self._config.api_version,
            retry_options=types.HttpRetryOptions(attempts=1),
            httpx_client=self._http,
            httpx_async_client=self._async_http,
            # For its websockets, which would build a context of their own.
            async_client_args={"ssl": shared_tls_context()},
        )
        if road.name == "interactions":
            return genai.Client(vertexai=False, api_key=key, http_options=options)
        if road.project is None:
            return genai.Client(vertexai=True, api_key=key, http_options=options)
        return genai.Client(
            vertexai=True,
            project=road.project,
            location=road.location,
            credentials=DefaultCredentials(),
            http_options=options,
        )
