"""Which key pays and where the requests go: what a config leaves to the environment."""

from __future__ import annotations

import hashlib
import os

from pydantic import SecretStr

from tarash_core.config import VideoGenerationConfig
from tarash_core.errors import ConfigurationError
from tarash_core.provider import ProviderFacts
from tarash_core.suggest import did_you_mean
from tarash_core.values import checked_key


def find_key(config: VideoGenerationConfig, facts: ProviderFacts) -> tuple[SecretStr | None, str | None]:
    """The key of a config and where it came from: ``"config"`` or ``"environment NAME"``; (None, None) without one.

    Raises:
        ConfigurationError: What the environment holds is no key; it is not quoted.
    """
    if config.api_key is not None:
        return config.api_key, "config"
    for name in facts.api_key.environment if facts.api_key else ():
        values = [os.environ.get(part, "").strip() for part in name.split("+")]
        if all(values):
            return _checked(":".join(values), name, facts), f"environment {name}"
    return None, None


def _checked(text: str, name: str, facts: ProviderFacts) -> SecretStr:
    try:
        return checked_key(SecretStr(text))
    except ValueError as error:
        raise ConfigurationError(f"environment variable {name}: {error}", provider=facts.name) from None


def resolved(config: VideoGenerationConfig, facts: ProviderFacts, *, key_needed: bool = True) -> VideoGenerationConfig:
    """The config with key, address and model filled in and its provider options checked: what plugins see.

    Without `key_needed`, no key and no address is looked for: nothing is going to be sent.

    Raises:
        ConfigurationError: No key where the provider needs one, no model, an option that the plugin does not know, or
            an environment variable that holds no address.
    """
    for option in config.provider_config:
        if option not in facts.options:
            known = f"it knows {', '.join(facts.options)}" if facts.options else "it has none"
            hint = did_you_mean(option, facts.options)
            raise ConfigurationError(
                f"provider '{facts.name}' has no option '{option}' ({known}){hint}", provider=facts.name
            )
    model = config.model or facts.default_model
    if model is None:
        raise ConfigurationError(f"provider '{facts.name}' has no default model; set model", provider=facts.name)
    key, _ = find_key(config, facts) if key_needed else (config.api_key, None)
    if key is None and facts.api_key is not None and not facts.api_key.optional and key_needed:
        names = " or ".join(facts.api_key.environment)
        raise ConfigurationError(
            f"provider '{facts.name}' needs a key; set {names} in the environment, or pass api_key",
            provider=facts.name,
            model=model,
        )
    address = _address(config, facts) if key_needed else config.base_url
    found = {"api_key": key, "model": model, "base_url": address}
    changed = {field: value for field, value in found.items() if value is not getattr(config, field)}
    return config.model_copy(update=changed) if changed else config


def _address(config: VideoGenerationConfig, facts: ProviderFacts) -> str | None:
    """The address: given, or from the first environment variable that the provider names and that is set."""
    for name in facts.base_url.environment if facts.base_url and config.base_url is None else ():
        if text := os.environ.get(name, "").strip():
            try:
                return VideoGenerationConfig(provider=facts.name, base_url=text).base_url
            except ConfigurationError as error:
                raise ConfigurationError(f"environment variable {name}: {error}", provider=facts.name) from None
    return config.base_url


def account_of(config: VideoGenerationConfig) -> str | None:
    """A fingerprint of the key, to tell accounts apart; it does not lead back to the key."""
    if config.api_key is None:
        return None
    return hashlib.sha256(b"tarash account:" + config.api_key.get_secret_value().encode()).hexdigest()[:12]
