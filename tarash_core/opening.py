"""Opening a session: for a new request, or for a job that is picked up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tarash_core.clients import async_client, sync_client
from tarash_core.config import VideoGenerationConfig
from tarash_core.credentials import account_of, resolved
from tarash_core.errors import ConfigurationError
from tarash_core.flow import Flow, call
from tarash_core.hookspecs import Mode
from tarash_core.session import Session
from tarash_core.stack import stack_of

if TYPE_CHECKING:
    from tarash_core.job import Job
    from tarash_core.request import VideoGenerationRequest


def opened(mode: Mode, config: VideoGenerationConfig, request: VideoGenerationRequest | None) -> Flow[Session]:
    """A session of a resolved config, with its shared client."""
    stack, account = stack_of(config.provider), account_of(config)
    with Session(stack, config, None, request).meanings():
        lease = yield from call(sync_client if mode == "sync" else async_client, stack, config, account)
    return Session(stack, config, lease.client, request, account, lease)


def reopened(mode: Mode, job: Job, config: VideoGenerationConfig | None) -> Flow[Session]:
    pinned = {
        "provider": job.provider,
        "model": job.model,
        "base_url": job.base_url,
        "api_version": job.api_version,
        "provider_config": job.provider_config,
    }
    if config is None:
        config = VideoGenerationConfig.model_validate(pinned)
    if config.provider != job.provider:
        raise _another(job, "provider", job.provider, config.provider)
    config = resolved(config.model_copy(update={"model": job.model}), stack_of(job.provider).facts)
    for field in ("base_url", "api_version"):
        if getattr(config, field) != pinned[field]:
            raise _another(job, field, pinned[field], getattr(config, field))
    if job.account is not None and account_of(config) != job.account:
        raise ConfigurationError(
            f"job '{job.request_id}' was paid with another key of '{job.provider}'; use that one (or, if the key "
            "of the same account was renewed, job.model_copy(update={'account': None}))",
            job=job,
        )
    return (yield from opened(mode, config, None))


def _another(job: Job, field: str, submitted_with: object, given: object) -> ConfigurationError:
    return ConfigurationError(
        f"job '{job.request_id}' was submitted with {field}={submitted_with!r}, not {given!r}; "
        "use the config that submitted it",
        job=job,
    )
