"""What a plugin must be: of our hook API, with hooks that exist, and whole where it is a provider."""

from __future__ import annotations

import inspect

import pluggy

from tarash_core import hookspecs
from tarash_core.errors import PluginError
from tarash_core.hookspecs import HOOK_API
from tarash_core.suggest import did_you_mean

REQUIRED = ("tarash_create_client", "tarash_submit", "tarash_poll")
HOOKS = tuple(name for name in dir(hookspecs) if name.startswith("tarash_"))


def register(manager: pluggy.PluginManager, plugin: object, name: str) -> None:
    """Register a plugin, or refuse it.

    Raises:
        PluginError: With a reason that a person can act on.
        pluggy.PluginValidationError: A hook takes what its specification does not give.
    """
    spoken = getattr(plugin, "TARASH_HOOK_API", HOOK_API)
    if spoken != HOOK_API:
        raise PluginError(f"it speaks hook API {spoken}, this tarash-core speaks {HOOK_API}")
    manager.register(plugin, name=name)
    try:
        _check_hooks(manager, plugin)
    except PluginError:
        manager.unregister(plugin)
        raise


def _check_hooks(manager: pluggy.PluginManager, plugin: object) -> None:
    for caller in manager.get_hookcallers(plugin) or ():
        if not caller.has_spec():
            raise PluginError(f"there is no hook '{caller.name}'{did_you_mean(caller.name, HOOKS)}")
        for impl in caller.get_hookimpls():
            if impl.plugin is not plugin:
                continue
            if impl.hookwrapper:
                raise PluginError(f"{caller.name} is an old-style hookwrapper; use @hookimpl(wrapper=True)")
            if impl.wrapper and caller.name == "tarash_event":
                raise PluginError("tarash_event cannot be wrapped; implement it instead")
            if impl.kwargnames:
                raise PluginError(f"{caller.name} gives {impl.kwargnames[0]!r} a default; hooks get all arguments")


def check_provider(manager: pluggy.PluginManager, plugin: object) -> None:
    """Refuse a provider without the hooks that every provider needs. Raises PluginError, naming them."""
    has = {caller.name for caller in manager.get_hookcallers(plugin) or ()}
    if missing := [name for name in REQUIRED if name not in has]:
        undecorated = [name for name in missing if inspect.isroutine(getattr(plugin, name, None))]
        hint = f" ({undecorated[0]} lacks @hookimpl)" if undecorated else ""
        raise PluginError(f"it implements no {' and no '.join(missing)}{hint}")
