"""A ledger that somebody else is writing to."""

from __future__ import annotations

from tarash_core.ledger import LedgerEntry, MemoryJobStore


class BusyStore(MemoryJobStore):
    """Another process is writing, whenever nobody may wait."""

    def put(self, entry: LedgerEntry, *, wait: bool = True) -> bool:
        return super().put(entry) if wait else False
