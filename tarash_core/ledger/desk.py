"""What a person or a program does with the ledger: look, find, settle, prune."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from tarash_core.errors import ConfigurationError
from tarash_core.flow import Flow, block
from tarash_core.hookspecs import Mode
from tarash_core.job import Job
from tarash_core.ledger.entry import OPEN_STATES, SHARED, EntryState, LedgerEntry
from tarash_core.ledger.ledger import current_ledger
from tarash_core.ledger.process import told
from tarash_core.ledger.store import JobStore

if TYPE_CHECKING:
    from tarash_core.config import VideoGenerationConfig


def list_jobs(
    *, states: Collection[EntryState] | None = None, provider: str | None = None, limit: int | None = None
) -> list[LedgerEntry]:
    """The entries of the ledger, newest first, each in the state that is true now.

    Args:
        states: Only these; what a dead process was submitting counts as ``uncertain``.
        provider: Only this provider's.
        limit: At most so many.

    Raises:
        ConfigurationError: The ledger is switched off.
        OSError: The ledger cannot be read.
    """
    asked = None if states is None else {*states, *({"submitting"} if "uncertain" in states else ())}
    # Which of what was being submitted is uncertain, the store does not know: there it is cut afterwards.
    cut = limit if asked is None or "submitting" not in asked else None
    found = [_as_it_is(entry) for entry in _store().entries(states=asked, provider=provider, limit=cut)]
    return [entry for entry in found if states is None or entry.state in states][:limit]


def find_entry(name: str) -> LedgerEntry:
    """The entry of this ledger id, or of this provider's job id.

    Raises:
        ConfigurationError: There is none.
    """
    entry = _store().get(name) or _store().find(name)
    if entry is None:
        raise ConfigurationError(f"the ledger knows no job '{name}'; 'tarash jobs list' shows those it knows")
    return _as_it_is(entry)


def prune_jobs(*, older_than_seconds: float) -> int:
    """Forget settled entries that nothing has changed for so long; open ones are kept. Returns how many."""
    store, limit = _store(), time.time() - older_than_seconds
    old = [entry for entry in store.entries() if entry.settled_state not in OPEN_STATES and entry.updated_at < limit]
    return sum(store.remove(entry.id) for entry in old)


def settled(
    mode: Mode, name: str, config: VideoGenerationConfig | None, request_id: str | None, refused: bool
) -> Flow[LedgerEntry]:
    """Settle an uncertain entry: by what the caller knows, else by asking the provider.

    Raises:
        ConfigurationError: It is not uncertain, or the provider cannot tell.
        OSError: The ledger cannot be read or written; the entry is as it was.
    """
    entry = find_entry(name)
    if entry.state == "submitting":
        raise ConfigurationError(f"job '{name}' is just being submitted by {told(entry.process)}; ask again")
    if entry.state != "uncertain":
        raise ConfigurationError(f"job '{name}' is {entry.state}, not uncertain; there is nothing to settle")
    if refused:
        return (yield from _kept(entry.now("refused", error="settled by hand: it was not accepted")))
    if request_id is not None:
        return (yield from _kept(LedgerEntry.of(_job_of(entry, request_id))))
    found = yield from _asked(mode, entry, config)
    if isinstance(found, Job):
        return (yield from _kept(LedgerEntry.of(_pinned(found, entry))))
    if found == "not_accepted":
        return (yield from _kept(entry.now("refused", error=f"'{entry.provider}' says that it was not accepted")))
    raise ConfigurationError(
        f"'{entry.provider}' cannot tell whether job '{entry.id}' was accepted; look at its list of requests, then "
        "settle it with the request's id, or as not accepted"
    )


def _asked(mode: Mode, entry: LedgerEntry, config: VideoGenerationConfig | None) -> Flow[Job | str]:
    from tarash_core.asking import asked
    from tarash_core.deadline import Deadline
    from tarash_core.opening import reopened

    session = yield from reopened(mode, _job_of(entry, entry.id), config)
    flow = session.stack.find_submission(session.config, session.client, entry)
    return (yield from asked(session, flow, Deadline(session.config.timeout)))


def _job_of(entry: LedgerEntry, request_id: str) -> Job:
    """The job that an entry would be, were it accepted under this id."""
    return Job(
        provider=entry.provider,
        model=entry.model,
        request_id=request_id,
        submitted_at=entry.created_at,
        ledger_id=entry.id,
        **{name: getattr(entry, name) for name in SHARED},
    )


def _pinned(found: Job, entry: LedgerEntry) -> Job:
    """The job as the plugin found it, at the address and account of the entry."""
    known = {name: getattr(entry, name) for name in SHARED}
    return found.model_copy(update={**known, "submitted_at": entry.created_at, "ledger_id": entry.id})


def _kept(entry: LedgerEntry) -> Flow[LedgerEntry]:
    yield from block(_store().put, entry)
    return entry


def _as_it_is(entry: LedgerEntry) -> LedgerEntry:
    state = entry.settled_state
    return entry if state == entry.state else entry.model_copy(update={"state": state})


def _store() -> JobStore:
    store = current_ledger().store
    if store is None:
        raise ConfigurationError("the ledger is switched off (TARASH_LEDGER=off); switch it on to keep jobs")
    return store
