"""OpenAI's own clients, on an HTTP client that sends each request once and in time.

Facts of openai 3.54.0 that ask for it (``openai/_base_client.py``): a request is sent up to three times, the paid
submit too, unless ``max_retries=0``; it may take 600 seconds; its exceptions hold the request, and that the key. Each
client builds a TLS context of its own, nearly all that it costs.

This module imports the SDK: import it from `tarash_create_client` only.
"""

from __future__ import annotations

import functools
import os
import ssl
from typing import TYPE_CHECKING, Any, Literal, overload
from urllib.parse import urlsplit

import httpx2
from openai import AsyncOpenAI, OpenAI

from tarash_core import ConfigurationError, answer_in_time, timeouts_in_time
from tarash_openai.options import extra_headers

if TYPE_CHECKING:
    from tarash_core import Mode, VideoGenerationConfig

# The SDK's own default (``openai/_constants.py``).
_TIMEOUT = httpx2.Timeout(600.0, connect=5.0)
_LIMITS = httpx2.Limits(max_connections=100, max_keepalive_connections=100)

_ENDED = (
    "OpenAI shut down its Videos API and Sora 2 on 2026-09-24 (https://developers.openai.com/api/docs/deprecations); "
    "set base_url, or OPENAI_BASE_URL, to a gateway or model server that speaks /v1/videos, like 'http://localhost:8000/v1'"
)


def create(config: VideoGenerationConfig, mode: Mode) -> OpenAI | AsyncOpenAI:
    """The client for one account and address. `config.api_key` is there: the core looked.

    Raises:
        ConfigurationError: No address but OpenAI's own, whose service ended; or headers that cannot be sent.
    """
    host = urlsplit(config.base_url or "https://api.openai.com").hostname or ""
    if host == "api.openai.com" or host.endswith(".api.openai.com"):
        raise ConfigurationError(_ENDED, provider=config.provider, model=config.model)
    key = config.api_key.get_secret_value() if config.api_key else ""
    settings: dict[str, Any] = {"api_key": key, "base_url": config.base_url, "default_headers": extra_headers(config)}
    if mode == "async":
        return AsyncOpenAI(**settings, max_retries=0, http_client=http_client("async"))
    return OpenAI(**settings, max_retries=0, http_client=http_client("sync"))


@overload
def http_client(mode: Literal["sync"]) -> httpx2.Client: ...
@overload
def http_client(mode: Literal["async"]) -> httpx2.AsyncClient: ...
def http_client(mode: Mode) -> httpx2.Client | httpx2.AsyncClient:
    """What every client of the SDK is given as its ``http_client``.

    It follows no redirects: a submit would be sent again, or turned into a listing of videos.
    """
    settings: dict[str, Any] = {"verify": tls_context(), "timeout": _TIMEOUT, "limits": _LIMITS}
    settings |= {"event_hooks": {"response": [answer_in_time]}} if mode == "sync" else {}
    return InTime(**settings) if mode == "sync" else AsyncInTime(**settings)


def tls_context() -> ssl.SSLContext:
    """One TLS context for all clients of the process: the one that httpx2 would build by itself."""
    return _tls_context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@functools.lru_cache(maxsize=4)
def _tls_context(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    # httpx2 reads the two variables itself; as arguments they make the cache follow them.
    return httpx2.create_ssl_context()


class InTime(httpx2.Client):
    """An `httpx2.Client` whose requests end with the deadline and hold no key once they are sent."""

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """As the base class's."""
        request.extensions["timeout"] = timeouts_in_time(request.extensions.get("timeout", {}))
        try:
            return _without_next(super().send(request, **options))
        finally:
            request.headers = httpx2.Headers()


class AsyncInTime(httpx2.AsyncClient):
    """`InTime` for httpx2's other base class."""

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """As the base class's."""
        request.extensions["timeout"] = timeouts_in_time(request.extensions.get("timeout", {}))
        try:
            return _without_next(await super().send(request, **options))
        finally:
            request.headers = httpx2.Headers()


def _without_next(response: httpx2.Response) -> httpx2.Response:
    """An answer that redirects holds the next request, and that the key."""
    response.next_request = None
    return response
