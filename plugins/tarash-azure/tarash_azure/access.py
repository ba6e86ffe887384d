"""Key or token: what Azure is shown, and where it comes from.

A token provider wins over a key, and a key over the token in AZURE_OPENAI_AD_TOKEN. Tokens are asked for at every
request: they last an hour or so.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from tarash_core import ConfigurationError, HTTPConnectionError

if TYPE_CHECKING:
    from tarash_core import VideoGenerationConfig

TokenProvider = Callable[[], str]

# What `api_version` says on the v1 road; a date takes the other one.
V1_VERSIONS = (None, "v1", "preview", "latest")

_TOKEN = "AZURE_OPENAI_AD_TOKEN"  # as in openai/lib/azure.py


def key_of(config: VideoGenerationConfig) -> str | None:
    """The key, where no token provider takes its place."""
    if config.api_key is None or "azure_ad_token_provider" in config.provider_config:
        return None
    return config.api_key.get_secret_value()


def token_provider_of(config: VideoGenerationConfig) -> TokenProvider:
    """The function that gives tokens of Entra ID.

    Raises:
        ConfigurationError: There are no credentials at all, or the option is no plain function.

    The function itself raises HTTPConnectionError when the provider fails: nothing was sent, and it may work later.
    """
    given = config.provider_config.get("azure_ad_token_provider")
    if given is not None:
        if not callable(given) or inspect.iscoroutinefunction(given):
            raise ConfigurationError(
                "provider_config: azure_ad_token_provider takes a plain function that returns a token, like "
                "azure.identity.get_bearer_token_provider(...); async code calls it in a thread",
                provider=config.provider,
            )
        return lambda: _checked(_asked(given))
    if not os.environ.get(_TOKEN, "").strip():
        raise ConfigurationError(
            "provider 'azure-openai' needs a key or a token of Entra ID; set AZURE_OPENAI_API_KEY, or "
            f"provider_config['azure_ad_token_provider'], or {_TOKEN}",
            provider=config.provider,
        )
    return lambda: _checked(os.environ.get(_TOKEN, "").strip())


def headers_of(config: VideoGenerationConfig) -> dict[str, str]:
    """The header that the SDK's client sends: a key has its own one where `api_version` is a date."""
    key = key_of(config)
    if key is not None and config.api_version not in V1_VERSIONS:
        return {"api-key": key}
    return {"Authorization": f"Bearer {key or token_provider_of(config)()}"}


def _asked(provider: Callable[[], object]) -> object:
    try:
        return provider()
    except Exception as error:
        raise HTTPConnectionError(
            f"azure_ad_token_provider gave no token: {type(error).__name__}: {error}", request_sent=False
        ) from error


def _checked(token: object) -> str:
    """A token that a header can hold: an HTTP library would quote one that it cannot."""
    if not isinstance(token, str) or not token or not all("!" <= letter <= "~" for letter in token):
        raise ConfigurationError("azure_ad_token_provider gave no token: it must return printable ASCII text")
    return token
