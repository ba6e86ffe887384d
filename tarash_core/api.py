"""The public functions: each operation once as a flow, offered to sync and to async code."""

from __future__ import annotations

from collections.abc import Mapping

from tarash_core import generation
from tarash_core.clients import aclose, close
from tarash_core.config import VideoGenerationConfig
from tarash_core.drive import OnProgress, arun, run
from tarash_core.hookspecs import WebhookState
from tarash_core.job import Cancellation, Job
from tarash_core.ledger import LedgerEntry, desk
from tarash_core.ledger.desk import find_entry, list_jobs, prune_jobs
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest
from tarash_core.response import VideoGenerationResponse

__all__ = [
    "aclose",
    "build_payload",
    "cancel",
    "cancel_async",
    "close",
    "generate_video",
    "generate_video_async",
    "find_entry",
    "list_jobs",
    "poll",
    "poll_async",
    "prune_jobs",
    "settle_job",
    "settle_job_async",
    "submit_video",
    "submit_video_async",
    "verify_webhook",
    "wait",
    "wait_async",
]


def generate_video(
    config: VideoGenerationConfig, request: VideoGenerationRequest, *, on_progress: OnProgress | None = None
) -> VideoGenerationResponse:
    """Generate a video: submit once, wait, and return the finished video.

    Args:
        config: Provider, model, account and patience.
        request: What to generate.
        on_progress: Sync or async function, given a `VideoGenerationUpdate` after the submit, after each poll and at
            the end. What it raises is logged; the job goes on.

    Returns:
        The response; ``response.video.save(path)`` writes the file.

    Raises:
        ValidationError, ConfigurationError, MappingError, PluginError: Before anything was sent.
        SubmissionUncertainError: The paid request may have been accepted; it is not sent again.
        ContentModerationError, GenerationFailedError: The provider refused or failed it.
        TimeoutError: The deadline passed; ``error.job`` can be waited for.
        HTTPError, HTTPConnectionError, UnexpectedResponseError: By what the provider answered.
    """
    return run(generation.generated("sync", config, request), on_progress=on_progress)


async def generate_video_async(
    config: VideoGenerationConfig, request: VideoGenerationRequest, *, on_progress: OnProgress | None = None
) -> VideoGenerationResponse:
    """As `generate_video`, on the running event loop."""
    return await arun(generation.generated("async", config, request), on_progress=on_progress)


def submit_video(
    config: VideoGenerationConfig, request: VideoGenerationRequest, *, on_progress: OnProgress | None = None
) -> Job:
    """Submit once and return the job: a JSON value that `poll`, `wait` and `cancel` take in any process.

    Raises: as `generate_video`, up to the submit.
    """
    return run(generation.submitted("sync", config, request), on_progress=on_progress)


async def submit_video_async(
    config: VideoGenerationConfig, request: VideoGenerationRequest, *, on_progress: OnProgress | None = None
) -> Job:
    """As `submit_video`, on the running event loop."""
    return await arun(generation.submitted("async", config, request), on_progress=on_progress)


def poll(job: Job, *, config: VideoGenerationConfig | None = None) -> Job:
    """Ask once how a job is doing.

    Args:
        job: The job, of this process or another.
        config: The config that submitted it; left out, the job's own address and the key of the environment are used.

    Returns:
        The job in its new state.

    Raises:
        ConfigurationError: The config is of another account or address than the job.
        TarashException: By what the provider answered.
    """
    return run(generation.polled("sync", job, config))


async def poll_async(job: Job, *, config: VideoGenerationConfig | None = None) -> Job:
    """As `poll`, on the running event loop."""
    return await arun(generation.polled("async", job, config))


def wait(
    job: Job, *, config: VideoGenerationConfig | None = None, on_progress: OnProgress | None = None
) -> VideoGenerationResponse:
    """Wait for a job, of this process or another, and return its finished video. Arguments and errors as above."""
    return run(generation.waited("sync", job, config), on_progress=on_progress)


async def wait_async(
    job: Job, *, config: VideoGenerationConfig | None = None, on_progress: OnProgress | None = None
) -> VideoGenerationResponse:
    """As `wait`, on the running event loop."""
    return await arun(generation.waited("async", job, config), on_progress=on_progress)


def cancel(job: Job, *, config: VideoGenerationConfig | None = None) -> Cancellation:
    """Stop a job at its provider. The outcome tells cancelled, requested, too late and not supported apart."""
    return run(generation.cancelled("sync", job, config))


async def cancel_async(job: Job, *, config: VideoGenerationConfig | None = None) -> Cancellation:
    """As `cancel`, on the running event loop."""
    return await arun(generation.cancelled("async", job, config))


def verify_webhook(config: VideoGenerationConfig, headers: Mapping[str, str], body: bytes) -> WebhookState:
    """Check the signature of a webhook that a provider sent, and read it.

    Args:
        config: The config of the account that it is about.
        headers: The headers of the request, names in any letter case.
        body: The body, byte for byte.

    Raises:
        AuthenticationError: The signature is wrong, too old, or missing.
        ConfigurationError: The provider's plugin verifies no webhooks, or has no secret to do it with.
    """
    return generation.verified(config, headers, body)


def settle_job(
    name: str, *, config: VideoGenerationConfig | None = None, request_id: str | None = None, refused: bool = False
) -> LedgerEntry:
    """Settle a job of the ledger that is ``uncertain``: its paid request was sent and the answer lost.

    Args:
        name: The ledger's id of it.
        config: The config that submitted it; left out, the entry's own address and the key of the environment.
        request_id: The id that you found in the provider's list; it is taken as accepted.
        refused: You know that it was not accepted.

    Returns:
        The settled entry; an accepted one holds its job, ready for `wait`.

    Raises:
        ConfigurationError: It is not uncertain, or the provider's plugin cannot tell.
    """
    return run(desk.settled("sync", name, config, request_id, refused))


async def settle_job_async(
    name: str, *, config: VideoGenerationConfig | None = None, request_id: str | None = None, refused: bool = False
) -> LedgerEntry:
    """As `settle_job`, on the running event loop."""
    return await arun(desk.settled("async", name, config, request_id, refused))


def build_payload(config: VideoGenerationConfig, request: VideoGenerationRequest) -> Payload:
    """What would be sent, in the provider's words. Sends nothing, uploads nothing, needs no key."""
    return generation.prepared(config, request, key_needed=False)[1]
