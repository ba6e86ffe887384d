"""The core's own hook implementations: the bottom of every stack, asked when no plugin has an opinion."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from tarash_core.errors import (
    AuthenticationError,
    ConfigurationError,
    GenerationFailedError,
    HTTPConnectionError,
    HTTPError,
    InsufficientCreditsError,
    NotFoundError,
    PluginError,
    RateLimitError,
    TarashException,
    UnexpectedResponseError,
    ValidationError,
)
from tarash_core.flow import Flow, block
from tarash_core.hookspecs import WebhookState, hookimpl
from tarash_core.log import log
from tarash_core.transport_errors import request_sent, retry_after_seconds

if TYPE_CHECKING:
    from tarash_core.config import VideoGenerationConfig
    from tarash_core.events import Event
    from tarash_core.job import CancelOutcome, Job
    from tarash_core.mapping.model import ModelMapping
    from tarash_core.media import Media
    from tarash_core.payload import Payload
    from tarash_core.provider import ProviderFacts
    from tarash_core.request import VideoGenerationRequest
    from tarash_core.response import VideoGenerationResponse

_BY_STATUS: dict[int, type[TarashException]] = {
    400: ValidationError,
    422: ValidationError,
    401: AuthenticationError,
    403: AuthenticationError,
    402: InsufficientCreditsError,
    404: NotFoundError,
}
_LEVELS = {"failed": logging.WARNING, "progressed": logging.DEBUG}


class CoreDefaults:
    """The hooks that every provider has, by the facts of its ``provider.yaml``."""

    def __init__(self, facts: ProviderFacts) -> None:
        self._facts = facts

    @hookimpl(trylast=True)
    def tarash_convert_request(
        self, config: VideoGenerationConfig, request: VideoGenerationRequest, mapping: ModelMapping
    ) -> Payload:
        """By the model's mapping."""
        return mapping.apply(request, model=config.model or "", on_unsupported=config.on_unsupported)

    @hookimpl(trylast=True)
    def tarash_upload(self, config: VideoGenerationConfig, media: Media) -> Flow[object]:
        """A data URL, within the limit that the provider documents."""
        limit = self._facts.upload.data_url_limit
        size = media.size or 0
        if size > limit:
            takes = f"at most {limit} bytes" if limit else "no files"
            raise ValidationError(
                f"'{config.provider}' takes {takes} inside a request, not {media}; give a URL",
                provider=config.provider,
                model=config.model,
            )
        return (yield from block(media.data_url))

    @hookimpl(trylast=True)
    def tarash_result(self, job: Job) -> object:
        """The last poll's answer."""
        if job.state == "failed":
            raise GenerationFailedError(f"'{job.provider}' failed job '{job.request_id}'", raw_response=job.answer)
        if job.answer is None:
            raise UnexpectedResponseError(
                f"'{job.provider}' says that job '{job.request_id}' is done, and gives no result"
            )
        return job.answer

    @hookimpl(trylast=True)
    def tarash_cancel(self) -> CancelOutcome:
        """Most providers cannot stop a job."""
        return "not_supported"

    @hookimpl(trylast=True)
    def tarash_find_submission(self) -> str:
        """Most providers have no list to look into."""
        return "unknown"

    @hookimpl(trylast=True)
    def tarash_convert_response(
        self, config: VideoGenerationConfig, request: VideoGenerationRequest | None, job: Job, raw: object
    ) -> VideoGenerationResponse:
        """By the ``result`` paths of ``provider.yaml``."""
        from tarash_core.result import response_from

        return response_from(raw, paths=self._facts.result, request=request, job=job)

    @hookimpl(trylast=True)
    def tarash_map_error(self, config: VideoGenerationConfig, job: Job | None, error: Exception) -> TarashException:
        """By status, then by kind of transport failure; anything else is the plugin's bug, and said to be one."""
        if isinstance(error, TarashException):
            return error
        context: dict[str, Any] = {"provider": config.provider, "model": config.model, "job": job}
        response = getattr(error, "response", None)
        status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
        if isinstance(status, int):
            return _from_status(status, error, getattr(response, "headers", None) or {}, context)
        sent = request_sent(error)
        if sent is not None:
            return HTTPConnectionError(
                f"'{config.provider}' could not be reached: {_said(error)}; check the network and base_url",
                request_sent=sent,
                **context,
            )
        if isinstance(error, ValueError | KeyError | TypeError | IndexError):
            message = f"'{config.provider}' gave an answer that cannot be read: {_said(error)}"
            return UnexpectedResponseError(message, transient=True, **context)
        return PluginError(f"plugin '{config.provider}' failed: {_said(error)}; report it to its authors", **context)

    @hookimpl(trylast=True)
    def tarash_download_headers(self) -> Mapping[str, str]:
        """Most results are public to whoever has their address."""
        return {}

    @hookimpl(trylast=True)
    def tarash_verify_webhook(self, config: VideoGenerationConfig) -> WebhookState:
        """A provider whose plugin checks no signatures has no webhooks."""
        _refuse(f"plugin '{config.provider}' verifies no webhooks; poll the job instead")

    @hookimpl(trylast=True)
    def tarash_model_schema(self, config: VideoGenerationConfig, model: str) -> Mapping[str, Any]:
        """A provider whose plugin says nothing publishes no schemas."""
        _refuse(f"'{config.provider}' publishes no input schema of '{model}'; see its documentation")

    @hookimpl(trylast=True)
    def tarash_event(self, event: Event) -> None:
        """A structured line in the ``tarash`` log; keys and prompts are in no event."""
        level = _LEVELS.get(event.kind, logging.INFO)
        if not log.isEnabledFor(level):
            return
        log.log(
            level,
            "%s %s %s%s%s",
            event.kind,
            event.provider,
            event.model,
            f" {event.job.request_id} {event.job.state}" if event.job else "",
            f": {type(event.error).__name__}: {event.error}" if event.error else "",
            extra={
                "tarash_event": event.kind,
                "tarash_provider": event.provider,
                "tarash_model": event.model,
                "tarash_request_id": event.job.request_id if event.job else None,
            },
        )


def _from_status(status: int, error: Exception, headers: Mapping[str, str], context: dict[str, Any]) -> TarashException:
    message = f"'{context['provider']}' answered {status}: {_said(error)}"
    context = {**context, "status_code": status, "raw_response": _body(error)}
    if status == 429:
        return RateLimitError(message, retry_after=retry_after_seconds(headers), **context)
    return _BY_STATUS.get(status, HTTPError)(message, **context)


def _body(error: Exception) -> Any:
    """What the provider said, as JSON where it is JSON."""
    body = getattr(error, "body", None)
    if body is not None:
        return body
    response = getattr(error, "response", None)
    try:
        return response.json() if response is not None else None
    except Exception:
        return getattr(response, "text", None)


def _said(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 300 else f"{text[:297]}..."


def _refuse(message: str) -> NoReturn:
    raise ConfigurationError(message)
