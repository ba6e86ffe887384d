"""OpenAI's own clients, pointed at Azure.

Microsoft documents the v1 API for Sora 2, with OpenAI's plain client at ``{endpoint}/openai/v1`` and no version
(https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle). A dated `api_version` takes `AzureOpenAI` to
``{endpoint}/openai/videos?api-version=...``, where its SDK sends videos (``openai/lib/azure.py``); that road is older,
and which versions have videos there is not documented.

This module imports the SDK: import it from `tarash_create_client` only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from openai import AsyncAzureOpenAI, AsyncOpenAI, AzureOpenAI, OpenAI
from tarash_openai.client import http_client
from tarash_openai.options import extra_headers

from tarash_azure.access import V1_VERSIONS, TokenProvider, key_of, token_provider_of
from tarash_core import ConfigurationError

if TYPE_CHECKING:
    from tarash_core import Mode, VideoGenerationConfig


def create(config: VideoGenerationConfig, mode: Mode) -> OpenAI | AsyncOpenAI:
    """The client for one endpoint and account.

    Raises:
        ConfigurationError: No endpoint, no credentials, or options that cannot be used.
    """
    if config.base_url is None:
        raise ConfigurationError(
            "provider 'azure-openai' needs the endpoint of your resource; set base_url, or AZURE_OPENAI_ENDPOINT, to "
            "one like 'https://NAME.openai.azure.com'",
            provider=config.provider,
            model=config.model,
        )
    endpoint = config.base_url.removesuffix("/v1").removesuffix("/openai")
    version = config.api_version
    settings: dict[str, Any] = {"max_retries": 0, "default_headers": extra_headers(config)}
    key = key_of(config)
    tokens = None if key else _tokens(token_provider_of(config), mode)
    if version in V1_VERSIONS:
        settings |= {"base_url": f"{endpoint}/openai/v1", "api_key": key or tokens}
        settings |= {"default_query": {"api-version": version}} if version else {}
        if mode == "async":
            return AsyncOpenAI(**settings, http_client=http_client("async"))
        return OpenAI(**settings, http_client=http_client("sync"))
    settings |= {"azure_endpoint": endpoint, "api_version": version}
    settings |= {"api_key": key} if key else {"azure_ad_token_provider": tokens}
    if mode == "async":
        return AsyncAzureOpenAI(**settings, http_client=http_client("async"))
    return AzureOpenAI(**settings, http_client=http_client("sync"))


def _tokens(provider: TokenProvider, mode: Mode) -> TokenProvider | Callable[[], Awaitable[str]]:
    """The provider as the client calls it: azure.identity's own waits for the network now and then."""
    if mode == "sync":
        return provider

    async def in_a_thread() -> str:
        return await asyncio.to_thread(provider)

    return in_a_thread
