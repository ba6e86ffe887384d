"""What comes back: updates while a job runs, one response when it is done."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from tarash_core.job import Job, JobState
from tarash_core.noun import Noun
from tarash_core.video import GeneratedVideo

Phase = Literal["submitted", "polled", "completed", "failed", "cancelled"]


class VideoGenerationUpdate(Noun):
    """One step of a running job, given to `on_progress`.

    Args:
        phase: ``submitted`` (the first: from here on the job is paid for), ``polled``, then ``completed``, ``failed``
            or ``cancelled``. A fallback's job begins with ``submitted`` again; `job` says whose it is.
        status: The job's state.
        job: The job itself, to store and to pick up.
        progress_percent: 0 to 100, where the provider tells.
        queue_position: Jobs before this one, where the provider tells.
        logs: Lines that are new since the last update.
        elapsed_seconds: Since this call began.
        message: For a person, e.g. why it failed.
    """

    phase: Phase
    status: JobState
    job: Job
    progress_percent: float | None = None
    queue_position: int | None = None
    logs: tuple[str, ...] = ()
    elapsed_seconds: float = 0.0
    message: str | None = None

    @property
    def request_id(self) -> str:
        """The provider's id of the job."""
        return self.job.request_id


class Attempt(Noun):
    """One try of a generation: the config's own, or one of its fallbacks.

    Args:
        provider: Name of the provider.
        model: The model asked for.
        outcome: ``completed`` or the name of the error class.
        message: The error's message, or None.
        request_id: The provider's id, where a job was accepted.
        started_at: Seconds since the epoch; None where it is not known.
        seconds: How long it took.
    """

    provider: str
    model: str
    outcome: str
    message: str | None = None
    request_id: str | None = None
    started_at: float | None = None
    seconds: float = 0.0


class VideoGenerationResponse(Noun):
    """A finished generation.

    Args:
        request_id: The provider's id of the job.
        provider: Name of the provider that made it.
        model: The model that made it.
        videos: One or more videos, never none.
        status: Always ``completed``: everything else is an error.
        duration: Seconds, as the provider told, else as asked for, else None.
        resolution: As the provider told, else as asked for, else None.
        aspect_ratio: As the provider told, else as asked for, else None.
        seed: The seed used, where the provider tells it.
        warnings: What of the request was left out or adapted, and why.
        job: The finished job.
        attempts: One entry for each config tried, in order.
        raw_response: The provider's answer, redacted.
    """

    request_id: str
    provider: str
    model: str
    videos: tuple[GeneratedVideo, ...] = Field(min_length=1)
    status: Literal["completed"] = "completed"
    duration: float | None = None
    resolution: str | None = None
    aspect_ratio: str | None = None
    seed: int | None = None
    warnings: tuple[str, ...] = ()
    job: Job
    attempts: tuple[Attempt, ...] = ()
    raw_response: Any = Field(default=None, repr=False)

    @property
    def video(self) -> GeneratedVideo:
        """The first video."""
        return self.videos[0]

    @property
    def content_type(self) -> str | None:
        """Media type of the first video, as the provider told."""
        return self.video.content_type

    def __hash__(self) -> int:
        return hash((self.provider, self.request_id))
