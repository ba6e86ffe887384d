"""What plugins may watch: the steps of a job's life."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Literal

from tarash_core.errors import TarashException
from tarash_core.job import Job

EventKind = Literal["submitting", "submitted", "progressed", "finished", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Event:
    """One step. It holds no key and no prompt.

    Args:
        kind: ``submitting`` (just before the paid request), ``submitted``, ``progressed``, ``finished``, ``failed``
            or ``cancelled``.
        provider: Name of the provider.
        model: The model asked for.
        job: The job, once there is one.
        error: What failed.
        at: Seconds since the epoch.
    """

    kind: EventKind
    provider: str
    model: str
    job: Job | None = None
    error: TarashException | None = None
    at: float = field(default_factory=time.time)
