"""One stack of hooks per provider: core defaults at the bottom, the provider's plugin, the shared plugins."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import pluggy

from tarash_core import hookspecs
from tarash_core.errors import PluginError, TarashException
from tarash_core.events import Event
from tarash_core.hookcall import flow_call
from tarash_core.hookspecs import Mode
from tarash_core.log import log
from tarash_core.plugin_rules import check_provider, register
from tarash_core.provider import MODELS_FOLDER, ProviderFacts, read_facts
from tarash_core.registry import Source, registry

if TYPE_CHECKING:
    from tarash_core.config import VideoGenerationConfig
    from tarash_core.flow import Flow
    from tarash_core.hookspecs import WebhookState
    from tarash_core.job import CancelOutcome, Job
    from tarash_core.ledger import LedgerEntry
    from tarash_core.mapping.library import MappingLibrary
    from tarash_core.mapping.model import ModelMapping
    from tarash_core.media import Media
    from tarash_core.payload import Payload
    from tarash_core.request import VideoGenerationRequest
    from tarash_core.response import VideoGenerationResponse
    from tarash_core.video import GeneratedVideo


class Stack:
    """The hooks of one provider, typed. Build it with `stack_of`."""

    def __init__(self, facts: ProviderFacts, manager: pluggy.PluginManager, models: Path | None) -> None:
        self.facts = facts
        self._hook = manager.hook
        self._models = models
        self._library: MappingLibrary | None = None
        self._lock = threading.Lock()

    @property
    def mappings(self) -> MappingLibrary:
        """The mappings of this provider's models; read on first use."""
        library = self._library
        if library is not None:
            return library
        with self._lock:
            if self._library is None:
                self._library = load_library(self.facts, self._models, self._converters())
            return self._library

    def create_client(self, config: VideoGenerationConfig, mode: Mode) -> object:
        """Build the vendor's client. Raises PluginError when no plugin builds one."""
        client = self._hook.tarash_create_client(config=config, mode=mode)
        if client is None:
            raise PluginError(f"the plugin of '{self.facts.name}' builds no {mode} client", provider=self.facts.name)
        return cast(object, client)

    def convert_request(
        self, config: VideoGenerationConfig, request: VideoGenerationRequest, mapping: ModelMapping
    ) -> Payload:
        """The request in the provider's words."""
        return cast("Payload", self._hook.tarash_convert_request(config=config, request=request, mapping=mapping))

    def convert_response(
        self, config: VideoGenerationConfig, request: VideoGenerationRequest | None, job: Job, raw: object
    ) -> VideoGenerationResponse:
        """The provider's answer as the normalized response."""
        hook = self._hook.tarash_convert_response
        return cast("VideoGenerationResponse", hook(config=config, request=request, job=job, raw=raw))

    def map_error(
        self, config: VideoGenerationConfig, request: VideoGenerationRequest | None, job: Job | None, error: Exception
    ) -> TarashException:
        """What an exception means."""
        hook = self._hook.tarash_map_error
        return cast(TarashException, hook(config=config, request=request, job=job, error=error))

    def download_headers(self, config: VideoGenerationConfig, video: GeneratedVideo) -> Mapping[str, str]:
        """Headers that the video's own origin asks for."""
        return cast("Mapping[str, str]", self._hook.tarash_download_headers(config=config, video=video))

    def verify_webhook(self, config: VideoGenerationConfig, headers: Mapping[str, str], body: bytes) -> WebhookState:
        """What a webhook tells, once its signature is checked."""
        hook = self._hook.tarash_verify_webhook
        return cast("WebhookState", hook(config=config, headers=headers, body=body))

    def submit(self, config: VideoGenerationConfig, client: object, payload: Payload) -> Flow[Job]:
        """Send the paid request once."""
        return self._required("tarash_submit", config=config, client=client, payload=payload)

    def poll(self, config: VideoGenerationConfig, client: object, job: Job) -> Flow[Job]:
        """Ask once."""
        return self._required("tarash_poll", config=config, client=client, job=job)

    def result(self, config: VideoGenerationConfig, client: object, job: Job) -> Flow[object]:
        """Fetch what a finished job made."""
        return self._required("tarash_result", config=config, client=client, job=job)

    def cancel(self, config: VideoGenerationConfig, client: object, job: Job) -> Flow[CancelOutcome]:
        """Stop the job at the provider."""
        return self._required("tarash_cancel", config=config, client=client, job=job)

    def find_submission(
        self, config: VideoGenerationConfig, client: object, entry: LedgerEntry
    ) -> Flow[Job | Literal["not_accepted", "unknown"]]:
        """Look whether a request whose answer was lost was accepted."""
        return self._required("tarash_find_submission", config=config, client=client, entry=entry)

    def upload(self, config: VideoGenerationConfig, client: object, media: Media) -> Flow[object]:
        """Put bytes where the provider can read them."""
        return self._required("tarash_upload", config=config, client=client, media=media)

    def model_schema(self, config: VideoGenerationConfig, client: object, model: str) -> Flow[Mapping[str, Any]]:
        """What the provider publishes of a model's input."""
        return self._required("tarash_model_schema", config=config, client=client, model=model)

    def emit(self, event: Event) -> None:
        """Tell every plugin that listens; what one raises is logged and keeps it from nobody else."""
        for impl in reversed(self._hook.tarash_event.get_hookimpls()):
            try:
                impl.function(*(event for _ in impl.argnames))
            except Exception as error:
                log.warning("plugin '%s' raised %s on event '%s'", impl.plugin_name, type(error).__name__, event.kind)

    def _required(self, name: str, **arguments: Any) -> Flow[Any]:
        result = yield from flow_call(getattr(self._hook, name), **arguments)
        if result is None:
            raise PluginError(f"hook {name} of '{self.facts.name}' returned nothing", provider=self.facts.name)
        return result

    def _converters(self) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for converters in reversed(self._hook.tarash_converters()):
            merged.update(converters)
        return merged


def load_library(facts: ProviderFacts, models: Path | None, converters: Mapping[str, Any] | None) -> MappingLibrary:
    """The mapping library of a provider; reading its files waits for the first look-up.

    `converters` is None while the plugin's code is not loaded: then models can be listed, not applied.
    """
    from tarash_core.mapping.library import MappingLibrary

    return MappingLibrary.load(
        facts.name, models=models, converters=converters, version_separator=facts.version_separator
    )


_stacks: dict[str, Stack] = {}
_lock = threading.RLock()


def stack_of(provider: str) -> Stack:
    """The stack of a provider, built on first use. Nothing of any other provider is imported.

    Raises:
        PluginError: No such plugin, or it is broken: the reason is told every time.
    """
    stack = _stacks.get(provider)
    if stack is not None:
        return stack
    with _lock:
        if provider not in _stacks:
            _stacks[provider] = _build(registry.provider(provider))
        return _stacks[provider]


def loaded_stack(provider: str) -> Stack | None:
    """The stack of a provider where it is built already."""
    return _stacks.get(provider)


def forget(provider: str) -> None:
    """Drop a stack, so that the next use builds it anew."""
    with _lock:
        _stacks.pop(provider, None)


def _build(source: Source) -> Stack:
    from tarash_core.defaults import CoreDefaults

    name = source.info.name
    manager = pluggy.PluginManager("tarash")
    manager.add_hookspecs(hookspecs)
    try:
        facts = read_facts(source.folder, name=name)
        manager.register(CoreDefaults(facts), name="tarash-core")
        plugin = source.load()
        register(manager, plugin, name)
        check_provider(manager, plugin)
    except Exception as error:
        reason = _reason(error)
        registry.mark(source, "broken", reason)
        owner = f"{source.info.distribution} {source.info.version}" if source.info.distribution else "run time"
        raise PluginError(
            f"plugin '{name}' ({owner}) is broken: {reason}; upgrade or remove it", provider=name
        ) from error
    registry.mark(source, "ok")
    for shared in registry.shared():
        _add_shared(manager, shared)
    return Stack(facts, manager, source.folder / MODELS_FOLDER if source.folder else None)


def _add_shared(manager: pluggy.PluginManager, source: Source) -> None:
    try:
        register(manager, source.load(), source.info.name)
    except Exception as error:
        if source.info.state != "broken":
            log.warning("shared plugin '%s' is broken and left out: %s", source.info.name, _reason(error))
        registry.mark(source, "broken", _reason(error))
    else:
        registry.mark(source, "ok")


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, TarashException) else f"{type(error).__name__}: {error}"
