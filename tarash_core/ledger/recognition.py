"""Telling a lost submission again in a provider's list of jobs: for plugins that implement `tarash_find_submission`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Literal

from tarash_core.job import Job
from tarash_core.ledger.entry import LedgerEntry
from tarash_core.ledger.ledger import current_ledger

# How far the provider's clock and ours may be apart, and how long a request may be on its way after it was written.
_CLOCKS_APART = 120.0
_ON_ITS_WAY = 600.0


def digest_of(arguments: Mapping[str, object]) -> str:
    """SHA-256 of what is sent, whatever the order of its names."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True, default=repr).encode()).hexdigest()


def earliest(entry: LedgerEntry) -> float:
    """Seconds since the epoch before which the provider cannot have accepted the entry's request."""
    return entry.created_at - _CLOCKS_APART


def may_be(entry: LedgerEntry, *, created_at: float, arguments: Iterable[Mapping[str, object]]) -> bool:
    """Whether a job of a provider's list may be that of the entry.

    Args:
        entry: The lost submission.
        created_at: When the provider says that it accepted the job.
        arguments: What the job may have been sent with, in each form that its listing leaves open.
    """
    if not earliest(entry) <= created_at <= entry.updated_at + _CLOCKS_APART + _ON_ITS_WAY:
        return False
    return any(digest_of(sent) == entry.digest for sent in arguments)


def the_only(entry: LedgerEntry, request_ids: Iterable[str]) -> Job | Literal["unknown"]:
    """The job of the one id that no other entry of the ledger has; of several nobody can tell which it is."""
    # A list that moves on between two pages shows one job on both.
    found = [each for each in dict.fromkeys(request_ids) if not _has_another(entry, each)]
    return Job(provider=entry.provider, model=entry.model, request_id=found[0]) if len(found) == 1 else "unknown"


def _has_another(entry: LedgerEntry, request_id: str) -> bool:
    store = current_ledger().store
    known = store.find(request_id, provider=entry.provider) if store is not None else None
    return known is not None and known.id != entry.id
