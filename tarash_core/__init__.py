"""Tarash: one Python interface to every AI video generation service.

    from tarash_core import VideoGenerationConfig, VideoGenerationRequest, generate_video

    response = generate_video(VideoGenerationConfig(provider="mock"), VideoGenerationRequest(prompt="a red kite"))
    response.video.save("kite.mp4")

Everything public stands here, for applications and for plugin authors. A name is imported when it is first used,
so that importing the package costs next to nothing and a plugin pays only for what it takes.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tarash_core.api import (
        aclose as aclose,
        build_payload as build_payload,
        cancel as cancel,
        cancel_async as cancel_async,
        close as close,
        find_entry as find_entry,
        generate_video as generate_video,
        generate_video_async as generate_video_async,
        list_jobs as list_jobs,
        poll as poll,
        poll_async as poll_async,
        prune_jobs as prune_jobs,
        settle_job as settle_job,
        settle_job_async as settle_job_async,
        submit_video as submit_video,
        submit_video_async as submit_video_async,
        verify_webhook as verify_webhook,
        wait as wait,
        wait_async as wait_async,
    )
    from tarash_core.config import VideoGenerationConfig as VideoGenerationConfig
    from tarash_core.deadline import (
        answer_in_time as answer_in_time,
        remaining_seconds as remaining_seconds,
        timeouts_in_time as timeouts_in_time,
    )
    from tarash_core.drive import arun as arun, run as run
    from tarash_core.errors import (
        AuthenticationError as AuthenticationError,
        ConfigurationError as ConfigurationError,
        ContentModerationError as ContentModerationError,
        GenerationFailedError as GenerationFailedError,
        HTTPConnectionError as HTTPConnectionError,
        HTTPError as HTTPError,
        InsufficientCreditsError as InsufficientCreditsError,
        MappingError as MappingError,
        NotFoundError as NotFoundError,
        PluginError as PluginError,
        RateLimitError as RateLimitError,
        SubmissionUncertainError as SubmissionUncertainError,
        TarashException as TarashException,
        TimeoutError as TimeoutError,
        UnexpectedResponseError as UnexpectedResponseError,
        ValidationError as ValidationError,
    )
    from tarash_core.events import Event as Event
    from tarash_core.flow import Flow as Flow, block as block, call as call, notify as notify, sleep as sleep
    from tarash_core.hookspecs import (
        HOOK_API as HOOK_API,
        Mode as Mode,
        WebhookState as WebhookState,
        hookimpl as hookimpl,
    )
    from tarash_core.installed import (
        find_mapping as find_mapping,
        list_families as list_families,
        list_models as list_models,
        list_plugins as list_plugins,
        register_model_mapping as register_model_mapping,
        register_provider as register_provider,
        reload_mappings as reload_mappings,
        unregister_provider as unregister_provider,
    )
    from tarash_core.job import (
        Cancellation as Cancellation,
        CancelOutcome as CancelOutcome,
        Job as Job,
        JobState as JobState,
    )
    from tarash_core.lanes import Lanes as Lanes
    from tarash_core.ledger import (
        EntryState as EntryState,
        JobStore as JobStore,
        LedgerEntry as LedgerEntry,
        MemoryJobStore as MemoryJobStore,
        SqliteJobStore as SqliteJobStore,
        use_ledger as use_ledger,
    )
    from tarash_core.mapping.converters import Converter as Converter
    from tarash_core.mapping.model import ModelMapping as ModelMapping
    from tarash_core.media import Media as Media
    from tarash_core.payload import Payload as Payload
    from tarash_core.redaction import (
        RedactingFilter as RedactingFilter,
        redact as redact,
    )
    from tarash_core.registry import PluginInfo as PluginInfo
    from tarash_core.request import (
        ImageInput as ImageInput,
        VideoGenerationRequest as VideoGenerationRequest,
    )
    from tarash_core.response import (
        Attempt as Attempt,
        VideoGenerationResponse as VideoGenerationResponse,
        VideoGenerationUpdate as VideoGenerationUpdate,
    )
    from tarash_core.tls import shared_tls_context as shared_tls_context
    from tarash_core.transport_errors import (
        request_sent as request_sent,
        retry_after_seconds as retry_after_seconds,
    )
    from tarash_core.video import GeneratedVideo as GeneratedVideo

_HOMES: dict[str, tuple[str, ...]] = {
    "api": (
        "generate_video", "generate_video_async", "submit_video", "submit_video_async", "poll", "poll_async", "wait",
        "wait_async", "cancel", "cancel_async", "list_jobs", "find_entry", "settle_job", "settle_job_async",
        "prune_jobs", "build_payload",
        "verify_webhook", "close",
        "aclose",
    ),
    "installed": (
        "register_provider", "unregister_provider", "register_model_mapping", "reload_mappings", "list_plugins",
        "list_models", "list_families", "find_mapping",
    ),
    "config": ("VideoGenerationConfig",),
    "request": ("VideoGenerationRequest", "ImageInput"),
    "media": ("Media",),
    "response": ("VideoGenerationResponse", "VideoGenerationUpdate", "Attempt"),
    "video": ("GeneratedVideo",),
    "job": ("Job", "JobState", "Cancellation", "CancelOutcome"),
    "payload": ("Payload",),
    "ledger": ("LedgerEntry", "EntryState", "JobStore", "SqliteJobStore", "MemoryJobStore", "use_ledger"),
    "events": ("Event",),
    "errors": (
        "TarashException", "ConfigurationError", "ValidationError", "ContentModerationError", "MappingError",
        "PluginError", "HTTPError", "AuthenticationError", "InsufficientCreditsError", "NotFoundError",
        "RateLimitError", "HTTPConnectionError", "TimeoutError", "GenerationFailedError", "UnexpectedResponseError",
        "SubmissionUncertainError",
    ),
    "hookspecs": ("hookimpl", "HOOK_API", "Mode", "WebhookState"),
    "flow": ("Flow", "call", "block", "sleep", "notify"),
    "drive": ("run", "arun"),
    "deadline": ("answer_in_time", "remaining_seconds", "timeouts_in_time"),
    "mapping.converters": ("Converter",),
    "mapping.model": ("ModelMapping",),
    "registry": ("PluginInfo",),
    "redaction": ("redact", "RedactingFilter"),
    "lanes": ("Lanes",),
    "tls": ("shared_tls_context",),
    "transport_errors": ("request_sent", "retry_after_seconds"),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__version__ = "0.1.0"
__all__ = ["__version__", *_HOME_OF]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'tarash_core' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"tarash_core.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
