"""One line of the ledger: a paid request, from before it was sent until it is settled."""

from __future__ import annotations

import functools
import hashlib
import secrets
import time
from typing import Any, Literal

from pydantic import Field

from tarash_core.job import Job
from tarash_core.ledger.process import lives, this_process
from tarash_core.noun import Noun

EntryState = Literal["submitting", "queued", "processing", "completed", "failed", "cancelled", "refused", "uncertain"]

OPEN_STATES: frozenset[EntryState] = frozenset({"submitting", "queued", "processing", "uncertain"})

# What an entry and its job both tell: where the request went, how, and who pays.
SHARED = ("base_url", "api_version", "provider_config", "options_not_kept", "account", "digest")

# Seconds after which nobody can still be submitting: for a process of which nobody here can tell whether it lives.
_LONGEST_SUBMIT = 3600.0


def new_id() -> str:
    """Sixteen hexadecimal digits that sort by time: neighbours in time are neighbours in the file."""
    return f"{int(time.time() * 1000):011x}{secrets.token_hex(3)[:5]}"


class LedgerEntry(Noun):
    """One paid request. It holds no key and no prompt.

    Args:
        id: The ledger's own id, made before the request is sent.
        provider: Name of the provider.
        model: The provider's name of the model.
        state: ``submitting`` (written before the wire), then the job's state; ``refused``: nothing was accepted;
            ``uncertain``: the answer was lost, and a job may be running.
        job: The job, once it was accepted; it can be waited for in any process.
        base_url: The address it was sent to, where it was not the provider's own.
        api_version: The version it was sent to.
        provider_config: The options it was sent with.
        options_not_kept: Names of options that it was sent with and that are not kept, since they may hold a secret.
        account: Fingerprint of the key that pays.
        digest: SHA-256 of what was sent, to recognise it in a provider's list.
        process: ``host:pid:birth`` of the process that wrote this.
        results: Where the provider keeps what the job made.
        error: Why it was refused, failed or is uncertain.
        created_at: Seconds since the epoch.
        updated_at: Seconds since the epoch.
    """

    id: str = Field(default_factory=new_id)
    provider: str
    model: str
    state: EntryState = "submitting"
    job: Job | None = None
    base_url: str | None = None
    api_version: str | None = None
    provider_config: dict[str, Any] = Field(default_factory=dict)
    options_not_kept: tuple[str, ...] = ()
    account: str | None = None
    digest: str | None = None
    process: str = Field(default_factory=this_process)
    results: tuple[str, ...] = ()
    error: str | None = None
    created_at: float = Field(default_factory=time.time)
    updated_at: float = Field(default_factory=time.time)

    @classmethod
    def of(cls, job: Job, *, results: tuple[str, ...] = (), error: str | None = None) -> LedgerEntry:
        """The entry of an accepted job in its newest state, whichever process submitted it. Unchecked, like it."""
        return cls.made(
            id=job.ledger_id or hashlib.sha256(f"{job.provider}:{job.request_id}".encode()).hexdigest()[:12],
            provider=job.provider,
            model=job.model,
            state=job.state,
            job=job,
            results=results,
            error=error,
            created_at=job.submitted_at,
            **{name: getattr(job, name) for name in SHARED},
        )

    @classmethod
    def made(cls, **fields: Any) -> LedgerEntry:
        """An entry of this process and moment, unchecked: several are made for each job."""
        now = time.time()
        return _blank().model_copy(
            update={"id": new_id(), "process": this_process(), "created_at": now, "updated_at": now, **fields}
        )

    def now(self, state: EntryState, *, error: str | None = None) -> LedgerEntry:
        """The same entry in a newer state, without a job."""
        return self.model_copy(update={"state": state, "updated_at": time.time(), "error": error})

    @property
    def settled_state(self) -> EntryState:
        """The state as it is now: what a dead process was submitting is uncertain."""
        if self.state != "submitting":
            return self.state
        alive = lives(self.process)
        if alive is None:
            alive = time.time() - self.updated_at < _LONGEST_SUBMIT
        return "submitting" if alive else "uncertain"


@functools.cache
def _blank() -> LedgerEntry:
    return LedgerEntry(provider="", model="")
