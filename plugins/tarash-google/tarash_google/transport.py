"""The HTTP that Google's SDK is given: one attempt, no redirects, bounded by the deadline, and no key left behind.

Facts of google-genai 3.4.0 that ask for it, in ``_api_client.py`` and ``_gaos/basesdk.py``: requests have no timeout;
its own clients follow redirects, and httpx2 takes the key's ``x-goog-api-key`` along to other hosts; where aiohttp is
installed, async requests go through that and are sent a second time. Clients handed to it are used instead of all that.

This module imports httpx2: import it from `tarash_create_client` only.
"""

from __future__ import annotations

from typing import Any

import httpx2

from tarash_core import answer_in_time, shared_tls_context, timeouts_in_time

_LIMITS = httpx2.Limits(max_connections=32, max_keepalive_connections=32)
_KEY_HEADERS = ("authorization", "x-goog-api-key")


class OneAttempt(httpx2.Client):
    """An `httpx2.Client` for the SDK's ``http_options.httpx_client``, shared between threads."""

    def __init__(self) -> None:
        hooks = {"response": [answer_in_time]}
        super().__init__(verify=shared_tls_context(), limits=_LIMITS, follow_redirects=False, event_hooks=hooks)

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        request.extensions["timeout"] = timeouts_in_time(request.extensions.get("timeout", {}))
        try:
            return super().send(request, **options)
        finally:
            _forget_key(request)


class AsyncOneAttempt(httpx2.AsyncClient):
    """`OneAttempt` for the SDK's ``http_options.httpx_async_client``, for one event loop."""

    def __init__(self) -> None:
        super().__init__(verify=shared_tls_context(), limits=_LIMITS, follow_redirects=False)

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        request.extensions["timeout"] = timeouts_in_time(request.extensions.get("timeout", {}))
        try:
            return await super().send(request, **options)
        finally:
            _forget_key(request)


def _forget_key(request: httpx2.Request) -> None:
    # Exceptions are logged and pickled with all that hangs on them: the SDK's hold the request, and that the key.
    for name in _KEY_HEADERS:
        request.headers.pop(name, None)
