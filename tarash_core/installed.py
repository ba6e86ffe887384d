"""What is installed and known: providers, their models, and the mappings that are laid over them at run time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tarash_core.provider import MODELS_FOLDER, read_facts
from tarash_core.registry import PluginInfo, registry
from tarash_core.stack import forget, load_library, loaded_stack, stack_of

if TYPE_CHECKING:
    from tarash_core.mapping.library import MappingLibrary
    from tarash_core.mapping.model import ModelMapping


def register_provider(plugin: object, *, name: str, data: str | Path | None = None) -> None:
    """Add a provider at run time.

    Args:
        plugin: A module or object with hook implementations.
        name: The provider's name in configs.
        data: Folder with ``provider.yaml`` and ``models/``; left out, the folder of a module plugin.

    Raises:
        PluginError: The name is taken, or the plugin is broken, with the reason.
    """
    folder = Path(data) if data is not None else _home_of(plugin)
    registry.register(plugin, name=name, folder=folder)
    try:
        stack_of(name)
    except Exception:
        registry.unregister(name)
        raise


def unregister_provider(name: str) -> None:
    """Forget a provider that was added by `register_provider`."""
    registry.unregister(name)
    forget(name)


def register_model_mapping(document: str | dict[str, Any] | Path, *, provider: str) -> None:
    """Add or correct models of a provider at run time: the last layer, over all files.

    Args:
        document: YAML text, the same as a dict, or the path of a file.
        provider: Whose models they are.

    Raises:
        MappingError: With file, line and column.
    """
    stack_of(provider).mappings.add(document)


def reload_mappings(provider: str) -> None:
    """Read a provider's mapping files again on the next use. What was registered at run time stays.

    Args:
        provider: Whose models they are.

    Raises:
        PluginError: No plugin provides it.
    """
    _library(provider).reload()


def list_plugins() -> tuple[PluginInfo, ...]:
    """Every plugin found, the broken and the disabled included. Imports none of them."""
    return registry.infos()


def list_models(provider: str) -> tuple[str, ...]:
    """The names of the models that a provider's mappings know. Imports no plugin code."""
    return _library(provider).models()


def list_families(provider: str) -> Mapping[str, tuple[str, ...]]:
    """The names that a request may give in place of a model's, each with its models in the order they are tried."""
    return _library(provider).families()


def find_mapping(provider: str, model: str) -> ModelMapping:
    """The mapping that would be used for a model.

    Raises:
        ValidationError: There is none.
        MappingError: A file is wrong.
    """
    return stack_of(provider).mappings.find(model)


def _library(provider: str) -> MappingLibrary:
    stack = loaded_stack(provider)
    if stack is not None:
        return stack.mappings
    folder = registry.provider(provider).folder
    facts = read_facts(folder, name=provider)
    return load_library(facts, folder / MODELS_FOLDER if folder else None, None)


def _home_of(plugin: object) -> Path | None:
    file = plugin.__file__ if isinstance(plugin, ModuleType) else None
    return Path(file).parent if file else None
