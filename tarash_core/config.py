"""Who generates, with which key, and how long we wait."""

from __future__ import annotations

import copy
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SecretStr, field_validator

from tarash_core.errors import ConfigurationError, TarashException
from tarash_core.noun import Noun

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
OnUnsupported = Literal["error", "warn", "ignore"]


class VideoGenerationConfig(Noun):
    """Provider, model, account and patience. It never changes the request; the request never chooses the account.

    Args:
        provider: Name of an installed provider plugin: ``"mock"``, ``"fal"``...
        model: The provider's own name of the model; None asks for the provider's default model, where it has one.
        api_key: Left out, it is read from the environment variable that the provider's plugin names.
        base_url: Another address to talk to: a proxy, a gateway, a test server.
        api_version: For providers that have versions.
        timeout: Wall-clock seconds for the whole generation, from submit to result.
        max_poll_attempts: Give up waiting after so many polls (None: only the timeout counts).
        poll_interval: Seconds between polls at first; None takes the provider's own. It grows with the wait, to at
            most four times as much, and a provider's ``Retry-After`` wins.
        fallback_configs: Tried in order, only when it is certain that no other job was accepted or is running.
        on_unsupported: What happens to a request field that the model does not take: ``"error"``, ``"warn"`` (it is
            left out and named in ``response.warnings``) or ``"ignore"``.
        cancel_on_interrupt: On Ctrl-C or task cancellation, cancel the job at the provider too. The default keeps it.
        provider_config: Options of the provider's plugin, by its README.

    Raises:
        ConfigurationError: Naming the field and what is allowed. No key is ever quoted.
    """

    invalid: ClassVar[type[TarashException]] = ConfigurationError
    unquoted: ClassVar[frozenset[str]] = frozenset({"api_key", "provider_config", "fallback_configs"})

    provider: Annotated[str, Field(min_length=1)]
    model: Annotated[str, Field(min_length=1)] | None = None
    api_key: SecretStr | None = None
    base_url: str | None = None
    api_version: str | None = None
    timeout: Seconds = 600.0
    max_poll_attempts: Annotated[int, Field(ge=1)] | None = None
    poll_interval: Seconds | None = None
    fallback_configs: tuple[VideoGenerationConfig, ...] = ()
    on_unsupported: OnUnsupported = "warn"
    cancel_on_interrupt: bool = False
    provider_config: dict[str, Any] = Field(default_factory=dict, repr=False)

    @field_validator("base_url")
    @classmethod
    def _is_http(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"'{url}' is not an address; it must start with https:// or http://")
        if "@" in url.partition("://")[2].partition("/")[0]:
            raise ValueError("it must not hold a user name or password; pass api_key")
        return url.rstrip("/")

    @field_validator("api_key")
    @classmethod
    def _has_text(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not key.get_secret_value().strip():
            raise ValueError("the key is empty; leave it out to use the environment")
        return key

    @field_validator("provider_config", mode="before")
    @classmethod
    def _own_copy(cls, options: Any) -> Any:
        return copy.deepcopy(options)

    def source_of(self, field: str) -> str:
        """Where the value of a field came from: ``"given"`` or ``"default"``.

        `tarash_core.credentials.find_key` tells the same of a key, environment variables included.
        """
        if field not in type(self).model_fields:
            raise ConfigurationError(f"VideoGenerationConfig has no field '{field}'")
        return "given" if field in self.model_fields_set else "default"

    def __hash__(self) -> int:
        return hash((self.provider, self.model, self.base_url, self.api_version, self.timeout))
