"""Who generates, with which key, and how long we wait."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from tarash_core.errors import ConfigurationError, TarashException
from tarash_core.noun import Noun
from tarash_core.suggest import did_you_mean
from tarash_core.values import Integer, Key, Number, Options

Seconds = Annotated[Number, Field(gt=0)]
OnUnsupported = Literal["error", "warn", "ignore"]


class VideoGenerationConfig(Noun):
    """Provider, model, account and patience. It never changes the request; the request never chooses the account.

    A key stays in the process: it is masked in every repr and in JSON, and a config with a key refuses to be pickled,
    since a copy without it might find another account's key in the environment.

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
        fallback_configs: Tried in order, only when it is certain that no other job was accepted or is running. They
            have no fallbacks of their own, and this config's timeout holds for all.
        submit_attempts: How often the paid request may be sent while the provider certainly refuses it for the moment:
            connection refused, 429, 503. After anything that leaves doubt it is never sent again.
        max_concurrent: So many jobs of this account run at a time in this process; more wait for their turn.
        requests_per_minute: So many are submitted a minute; more wait.
        on_unsupported: What happens to a request field that the model does not take: ``"error"``, ``"warn"`` (it is
            left out and named in ``response.warnings``) or ``"ignore"``.
        discover_models: Of a model that has no mapping, ask the provider for its published schema and learn one from
            it, before the request is sent; schemas are kept on disk for a week. One that makes no video is refused.
        cancel_on_interrupt: On Ctrl-C or task cancellation, cancel the job at the provider too. The default keeps it.
        provider_config: Options of the provider's plugin, by its README.

    Raises:
        ConfigurationError: Naming the field and what is allowed. No key is ever quoted.
    """

    invalid: ClassVar[type[TarashException]] = ConfigurationError
    unquoted: ClassVar[frozenset[str]] = frozenset({"api_key", "provider_config", "fallback_configs"})

    provider: Annotated[str, Field(min_length=1)]
    model: Annotated[str, Field(min_length=1)] | None = None
    api_key: Key | None = None
    base_url: str | None = None
    api_version: str | None = None
    timeout: Seconds = 600.0
    max_poll_attempts: Annotated[Integer, Field(ge=1)] | None = None
    poll_interval: Seconds | None = None
    fallback_configs: tuple[VideoGenerationConfig, ...] = ()
    submit_attempts: Annotated[Integer, Field(ge=1, le=10)] = 1
    max_concurrent: Annotated[Integer, Field(ge=1)] | None = None
    requests_per_minute: Annotated[Integer, Field(ge=1)] | None = None
    on_unsupported: OnUnsupported = "warn"
    discover_models: bool = False
    cancel_on_interrupt: bool = False
    provider_config: Options = Field(default_factory=dict, repr=False)

    @field_validator("base_url")
    @classmethod
    def _is_http(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if "@" in parts.netloc or "@" in url.partition("://")[0]:
            raise ValueError("it must not hold a user name or password; pass api_key")
        if parts.query or parts.fragment or url.endswith(("?", "#")):
            raise ValueError("it must end with a path; what follows '?' or '#' would be lost")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not an address; it must be like https://api.example.com")
        return url.rstrip("/")

    @field_validator("fallback_configs")
    @classmethod
    def _one_row(cls, configs: tuple[VideoGenerationConfig, ...]) -> tuple[VideoGenerationConfig, ...]:
        for number, config in enumerate(configs):
            if config.fallback_configs:
                raise ValueError(f"number {number} has fallbacks of its own; put all of them into one list")
        return configs

    def source_of(self, field: str) -> str:
        """Where the value of a field came from: ``"given"`` or ``"default"``.

        `tarash_core.credentials.find_key` tells the same of a key, environment variables included.
        """
        if field not in type(self).model_fields:
            hint = did_you_mean(field, type(self).model_fields)
            raise ConfigurationError(f"VideoGenerationConfig has no field '{field}'{hint}")
        return "given" if field in self.model_fields_set else "default"

    def __hash__(self) -> int:
        return hash((self.provider, self.model, self.base_url, self.api_version, self.timeout))

    def __getstate__(self) -> dict[Any, Any]:
        if self.api_key is not None:
            raise ConfigurationError(
                "a config with a key is not pickled; send model_copy(update={'api_key': None}), and let the other "
                "process find the key in its environment"
            )
        return super().__getstate__()
