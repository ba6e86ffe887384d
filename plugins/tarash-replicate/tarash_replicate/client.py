"""Replicate's own client, `replicate.client.Client`, on one connection pool.

Requests go through the SDK's `_request` and `_async_request`, which know address, key and header; not through
`predictions.create` and its kin, which sets no time limit for the submit and reads every answer into a model that
refuses words it does not know, the job's id with it (`tarash_replicate.prediction`).

This module imports the SDK: import it from `tarash_create_client` only.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import httpx
from replicate.client import Client

from tarash_core import ConfigurationError
from tarash_replicate.transport import AsyncSingleAttempt, SingleAttempt

if TYPE_CHECKING:
    from tarash_core import Mode, VideoGenerationConfig

Answer = dict[str, Any]

_TIMEOUT = httpx.Timeout(60.0, connect=10.0)


def create(config: VideoGenerationConfig, mode: Mode) -> ReplicateClient | AsyncReplicateClient:
    """The client for one account and address; None for an address is the SDK's, REPLICATE_BASE_URL included.

    Raises:
        ConfigurationError: The address ends with the ``/v1`` that the SDK adds.
    """
    address = config.base_url or os.environ.get("REPLICATE_BASE_URL", "")
    if address.rstrip("/").endswith("/v1"):
        name = "base_url" if config.base_url else "REPLICATE_BASE_URL"
        raise ConfigurationError(f"{name}='{address}' ends with '/v1', which is added to it; leave that off")
    key = config.api_key.get_secret_value() if config.api_key else ""
    kind = AsyncReplicateClient if mode == "async" else ReplicateClient
    return kind(key, base_url=config.base_url)


class ReplicateClient(Client):
    """A `replicate.client.Client` for the sync world, which may be shared between threads."""

    def __init__(self, key: str, *, base_url: str | None) -> None:
        self._attempts = SingleAttempt()
        super().__init__(key, base_url=base_url, timeout=_TIMEOUT, transport=self._attempts)

    def ask(self, method: str, path: str, **sent: Any) -> Answer:
        """One request; `sent` is what httpx takes. Returns the object that is answered.

        Raises:
            Refused: Replicate said no.
            httpx.HTTPError: The network failed.
            ValueError: The answer is no JSON object.
        """
        return _object(self._request(method, path, **sent))

    def close(self) -> None:
        """Close the connections."""
        self._attempts.close()


class AsyncReplicateClient(Client):
    """The same for one event loop, with the `aclose` that the SDK's has not."""

    def __init__(self, key: str, *, base_url: str | None) -> None:
        self._attempts = AsyncSingleAttempt()
        super().__init__(key, base_url=base_url, timeout=_TIMEOUT, transport=self._attempts)

    async def ask(self, method: str, path: str, **sent: Any) -> Answer:
        """As `ReplicateClient.ask`."""
        return _object(await self._async_request(method, path, **sent))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._attempts.aclose()


def _object(response: httpx.Response) -> Answer:
    answer = response.json()
    if not isinstance(answer, dict):
        raise ValueError(f"a JSON object is documented, not {type(answer).__name__}")
    return answer
