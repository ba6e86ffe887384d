"""The HTTP that Replicate's SDK is given: one attempt per request, bounded by the deadline, through proxies if asked.

Facts of replicate 1.0.7 that ask for it, all in ``replicate/client.py``: `RetryTransport` sends a GET up to ten times
and sleeps as long as ``Retry-After`` says, past every deadline; the one it wraps by itself ignores HTTPS_PROXY.

This module imports httpx: import it from `tarash_create_client` only.
"""

from __future__ import annotations

import httpx

from tarash_core import Lanes, answer_in_time, shared_tls_context, timeouts_in_time
from tarash_replicate.errors import Refused

# httpcore 1.0.9 closes a connection at every request while more are open than may be kept: with httpx's defaults, many
# jobs at once open a connection for each request.
_LIMITS = httpx.Limits(max_connections=32, max_keepalive_connections=32)


class SingleAttempt(httpx.BaseTransport):
    """A request, once, with the proxies and certificates of the environment.

    Raises:
        Refused: For every answer but a success. The SDK's `RetryTransport` repeats answers and lets exceptions through.
        httpx.HTTPError: The network failed.
    """

    def __init__(self) -> None:
        hooks = {"response": [answer_in_time]}
        self._client = httpx.Client(
            verify=shared_tls_context(), limits=_LIMITS, follow_redirects=False, event_hooks=hooks
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["timeout"] = timeouts_in_time(request.extensions.get("timeout", {}))
        try:
            return _accepted(self._client.send(request))
        finally:
            _forget_key(request)

    def close(self) -> None:
        self._client.close()


class AsyncSingleAttempt(httpx.AsyncBaseTransport):
    """`SingleAttempt` for httpx's other base class."""

    def __init__(self) -> None:
        self._lanes = Lanes(lambda: httpx.AsyncClient(verify=shared_tls_context(), follow_redirects=False))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            async with self._lanes.lane() as client:
                request.extensions["timeout"] = timeouts_in_time(request.extensions.get("timeout", {}))
                return _accepted(await client.send(request))
        finally:
            _forget_key(request)

    async def aclose(self) -> None:
        await self._lanes.aclose()


def _accepted(response: httpx.Response) -> httpx.Response:
    if not response.is_success:
        raise Refused(response)
    return response


def _forget_key(request: httpx.Request) -> None:
    # Exceptions are logged and pickled with all that hangs on them: httpx's hold the request, and that the key.
    request.headers.pop("Authorization", None)
