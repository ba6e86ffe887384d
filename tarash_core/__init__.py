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
    )
    from tarash_core.api import (
        build_payload as build_payload,
    )
    from tarash_core.api import (
        cancel as cancel,
    )
    from tarash_core.api import (
        cancel_async as cancel_async,
    )
    from tarash_core.api import (
        close as close,
    )
    from tarash_core.api import (
        find_mapping as find_mapping,
    )
    from tarash_core.api import (
        generate_video as generate_video,
    )
    from tarash_core.api import (
        generate_video_async as generate_video_async,
    )
    from tarash_core.api import (
        list_models as list_models,
    )
    from tarash_core.api import (
        list_plugins as list_plugins,
    )
    from tarash_core.api import (
        poll as poll,
    )
    from tarash_core.api import (
        poll_async as poll_async,
    )
    from tarash_core.api import (
        register_model_mapping as register_model_mapping,
    )
    from tarash_core.api import (
        register_provider as register_provider,
    )
    from tarash_core.api import (
        submit_video as submit_video,
    )
    from tarash_core.api import (
        submit_video_async as submit_video_async,
    )
    from tarash_core.api import (
        unregister_provider as unregister_provider,
    )
    from tarash_core.api import (
        wait as wait,
    )
    from tarash_core.api import (
        wait_async as wait_async,
    )
    from tarash_core.config import VideoGenerationConfig as VideoGenerationConfig
    from tarash_core.deadline import remaining_seconds as remaining_seconds
    from tarash_core.drive import arun as arun
    from tarash_core.drive import run as run
    from tarash_core.errors import (
        AuthenticationError as AuthenticationError,
    )
    from tarash_core.errors import (
        ConfigurationError as ConfigurationError,
    )
    from tarash_core.errors import (
        ContentModerationError as ContentModerationError,
    )
    from tarash_core.errors import (
        GenerationFailedError as GenerationFailedError,
    )
    from tarash_core.errors import (
        HTTPConnectionError as HTTPConnectionError,
    )
    from tarash_core.errors import (
        HTTPError as HTTPError,
    )
    from tarash_core.errors import (
        InsufficientCreditsError as InsufficientCreditsError,
    )
    from tarash_core.errors import (
        MappingError as MappingError,
    )
    from tarash_core.errors import (
        NotFoundError as NotFoundError,
    )
    from tarash_core.errors import (
        PluginError as PluginError,
    )
    from tarash_core.errors import (
        RateLimitError as RateLimitError,
    )
    from tarash_core.errors import (
        SubmissionUncertainError as SubmissionUncertainError,
    )
    from tarash_core.errors import (
        TarashException as TarashException,
    )
    from tarash_core.errors import (
        TimeoutError as TimeoutError,
    )
    from tarash_core.errors import (
        UnexpectedResponseError as UnexpectedResponseError,
    )
    from tarash_core.errors import (
        ValidationError as ValidationError,
    )
    from tarash_core.events import Event as Event
    from tarash_core.flow import Flow as Flow
    from tarash_core.flow import block as block
    from tarash_core.flow import call as call
    from tarash_core.flow import notify as notify
    from tarash_core.flow import sleep as sleep
    from tarash_core.hookspecs import (
        HOOK_API as HOOK_API,
    )
    from tarash_core.hookspecs import (
        Mode as Mode,
    )
    from tarash_core.hookspecs import (
        WebhookState as WebhookState,
    )
    from tarash_core.hookspecs import (
        hookimpl as hookimpl,
    )
    from tarash_core.job import (
        Cancellation as Cancellation,
    )
    from tarash_core.job import (
        CancelOutcome as CancelOutcome,
    )
    from tarash_core.job import (
        Job as Job,
    )
    from tarash_core.job import (
        JobState as JobState,
    )
    from tarash_core.mapping.converters import Converter as Converter
    from tarash_core.mapping.model import ModelMapping as ModelMapping
    from tarash_core.media import Media as Media
    from tarash_core.payload import Payload as Payload
    from tarash_core.redaction import (
        RedactingFilter as RedactingFilter,
    )
    from tarash_core.redaction import (
        redact as redact,
    )
    from tarash_core.registry import PluginInfo as PluginInfo
    from tarash_core.request import (
        ImageInput as ImageInput,
    )
    from tarash_core.request import (
        VideoGenerationRequest as VideoGenerationRequest,
    )
    from tarash_core.response import (
        Attempt as Attempt,
    )
    from tarash_core.response import (
        VideoGenerationResponse as VideoGenerationResponse,
    )
    from tarash_core.response import (
        VideoGenerationUpdate as VideoGenerationUpdate,
    )
    from tarash_core.transport_errors import (
        request_sent as request_sent,
    )
    from tarash_core.transport_errors import (
        retry_after_seconds as retry_after_seconds,
    )
    from tarash_core.video import GeneratedVideo as GeneratedVideo

_HOMES: dict[str, tuple[str, ...]] = {
    "api": (
        "generate_video", "generate_video_async", "submit_video", "submit_video_async", "poll", "poll_async", "wait",
        "wait_async", "cancel", "cancel_async", "build_payload", "register_provider", "unregister_provider",
        "register_model_mapping", "list_plugins", "list_models", "find_mapping", "close", "aclose",
    ),
    "config": ("VideoGenerationConfig",),
    "request": ("VideoGenerationRequest", "ImageInput"),
    "media": ("Media",),
    "response": ("VideoGenerationResponse", "VideoGenerationUpdate", "Attempt"),
    "video": ("GeneratedVideo",),
    "job": ("Job", "JobState", "Cancellation", "CancelOutcome"),
    "payload": ("Payload",),
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
    "deadline": ("remaining_seconds",),
    "mapping.converters": ("Converter",),
    "mapping.model": ("ModelMapping",),
    "registry": ("PluginInfo",),
    "redaction": ("redact", "RedactingFilter"),
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
