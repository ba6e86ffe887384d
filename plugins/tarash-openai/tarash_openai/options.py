"""The options of `config.provider_config`, and the headers that carry the key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tarash_core import ConfigurationError

if TYPE_CHECKING:
    from tarash_core import GeneratedVideo, VideoGenerationConfig

# A header's name (RFC 9110, 5.1).
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)


def extra_headers(config: VideoGenerationConfig) -> dict[str, str]:
    """The option `headers`, checked: an HTTP library would quote a value that it refuses.

    Raises:
        ConfigurationError: It is no table of texts, or a header cannot be sent. No value is quoted.
    """
    given = config.provider_config.get("headers")
    if given is None:
        return {}
    if not isinstance(given, dict) or not all(isinstance(text, str) for pair in given.items() for text in pair):
        raise ConfigurationError(
            "provider_config: headers takes a dict of names and texts, like {'X-Team': 'red'}", provider=config.provider
        )
    for name, value in given.items():
        if not _NAME.fullmatch(name):
            raise ConfigurationError(f"provider_config: headers: '{name}' is no name of a header")
        if not value.isascii() or not value.isprintable() or value != value.strip():
            raise ConfigurationError(
                f"provider_config: headers: '{name}' holds what no header can; give printable ASCII"
            )
    return dict(given)


def authorization(config: VideoGenerationConfig) -> dict[str, str]:
    """The header that the SDK sends for a key."""
    return {"Authorization": f"Bearer {config.api_key.get_secret_value()}"} if config.api_key else {}


def only_to_its_own(config: VideoGenerationConfig, video: GeneratedVideo) -> None:
    """Refuse to show the key to another server than the config's: a video may have been read from JSON.

    Raises:
        ConfigurationError: The video is elsewhere.
    """
    if _origin(video.url) != _origin(config.base_url):
        raise ConfigurationError(
            f"the video is at '{video.url}', and the config is for '{config.base_url}'; use the config that made it",
            provider=config.provider,
        )


def _origin(url: str | None) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url or "")
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
