"""A job store that ends with the process: for tests, and where nothing may be written."""

from __future__ import annotations

import threading
from collections.abc import Collection

from tarash_core.ledger.entry import EntryState, LedgerEntry


class MemoryJobStore:
    """`JobStore` in a dict."""

    def __init__(self) -> None:
        self._entries: dict[str, LedgerEntry] = {}
        self._lock = threading.Lock()

    def put(self, entry: LedgerEntry, *, wait: bool = True) -> bool:
        """Keep the entry; never busy."""
        with self._lock:
            self._entries[entry.id] = entry
        return True

    def get(self, entry_id: str) -> LedgerEntry | None:
        """The entry of this id, or None."""
        return self._entries.get(entry_id)

    def find(self, request_id: str, *, provider: str | None = None) -> LedgerEntry | None:
        """The newest entry of this provider's job id, or None."""
        for entry in self.entries(provider=provider):
            if entry.job is not None and entry.job.request_id == request_id:
                return entry
        return None

    def entries(
        self, *, states: Collection[EntryState] | None = None, provider: str | None = None, limit: int | None = None
    ) -> list[LedgerEntry]:
        """The entries in these states, newest first."""
        with self._lock:
            kept = list(self._entries.values())
        found = [
            entry
            for entry in kept
            if (states is None or entry.state in states) and (provider is None or entry.provider == provider)
        ]
        return sorted(found, key=lambda entry: (entry.created_at, entry.id), reverse=True)[:limit]

    def remove(self, entry_id: str) -> bool:
        """Forget an entry; False when there was none."""
        with self._lock:
            return self._entries.pop(entry_id, None) is not None

    def close(self) -> None:
        """Nothing is held open."""
