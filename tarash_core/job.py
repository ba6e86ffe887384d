"""A job: one accepted generation, as a value that can be put into a database and picked up anywhere."""

from __future__ import annotations

import time
from typing import Any, Literal

from pydantic import Field

from tarash_core.noun import Noun

JobState = Literal["queued", "processing", "completed", "failed", "cancelled"]
FINAL_STATES: frozenset[JobState] = frozenset({"completed", "failed", "cancelled"})

CancelOutcome = Literal["cancelled", "requested", "too_late", "not_supported"]


class Job(Noun):
    """One generation that a provider accepted. It is JSON, holds no secret, and outlives the process.

    ``wait(Job.model_validate_json(text))`` in another process picks it up with the key of that process.

    Args:
        provider: Name of the provider plugin.
        model: The provider's name of the model that runs.
        request_id: The provider's id.
        state: ``queued``, ``processing``, ``completed``, ``failed`` or ``cancelled``.
        submitted_at: Seconds since the epoch, by this machine's clock.
        base_url: The address it was sent to, where it was not the provider's own.
        api_version: The version it was sent to.
        provider_config: The options it was sent with.
        options_not_kept: Names of options that it was sent with and that are not kept, since they may hold a secret.
        account: Fingerprint of the key it was paid with (not reversible), to tell a wrong account on resume. The core
            fills it in; a plugin that paid by other credentials than the key returns its job with ``account=""``.
        progress_percent: 0 to 100, where the provider tells.
        queue_position: Jobs before this one, where the provider tells.
        logs: The newest lines that the provider printed.
        provider_data: What the plugin needs to find the job again. JSON only, no secrets.
        digest: SHA-256 of what was sent, to recognise it.
        ledger_id: The id of its entry in the ledger of the process that submitted it.
        warnings: What was left out or adapted when the request was converted.
        answer: The provider's last answer, kept in memory for `tarash_result`; in no JSON and no pickle.
    """

    provider: str
    model: str
    request_id: str
    state: JobState = "queued"
    submitted_at: float = Field(default_factory=time.time)
    base_url: str | None = None
    api_version: str | None = None
    provider_config: dict[str, Any] = Field(default_factory=dict)
    options_not_kept: tuple[str, ...] = ()
    account: str | None = None
    progress_percent: float | None = Field(default=None, ge=0, le=100)
    queue_position: int | None = None
    logs: tuple[str, ...] = ()
    provider_data: dict[str, Any] = Field(default_factory=dict)
    digest: str | None = None
    ledger_id: str | None = None
    warnings: tuple[str, ...] = ()
    answer: Any = Field(default=None, exclude=True, repr=False)

    @property
    def finished(self) -> bool:
        """Whether the provider will not change it any more."""
        return self.state in FINAL_STATES

    def advance(self, state: JobState, **changes: Any) -> Job:
        """The same job in a newer state, with any other field changed. Unchecked: for plugins, on the hot path."""
        return self.model_copy(update={"state": state, **changes})

    def __hash__(self) -> int:
        return hash((self.provider, self.request_id))

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        return {**state, "__dict__": {**state["__dict__"], "answer": None}}


class Cancellation(Noun):
    """What came of asking a provider to stop a job.

    Args:
        outcome: ``cancelled``: it will not run. ``requested``: the provider is stopping it. ``too_late``: it had
            finished. ``not_supported``: this provider cannot stop jobs; it goes on and is paid.
        job: The job in its newest known state.
    """

    outcome: CancelOutcome
    job: Job
