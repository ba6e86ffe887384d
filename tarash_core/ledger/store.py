"""What a job store must do, whatever it is made of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol, runtime_checkable

from tarash_core.ledger.entry import EntryState, LedgerEntry


@runtime_checkable
class JobStore(Protocol):
    """Keeps ledger entries. Safe to share between threads; a persistent one between processes too.

    `tarash_core.testing.store_contract` holds the tests that every store must pass.
    """

    def put(self, entry: LedgerEntry, *, wait: bool = True) -> bool:
        """Write an entry over any with its id, and return True once it is kept.

        Without `wait`, a store that another process is writing to returns False at once instead of blocking.

        Raises:
            OSError: It cannot be kept (a full disk, a read-only folder).
        """
        ...

    def get(self, entry_id: str) -> LedgerEntry | None:
        """The entry of this id, or None."""
        ...

    def find(self, request_id: str, *, provider: str | None = None) -> LedgerEntry | None:
        """The newest entry of this provider's job id, or None."""
        ...

    def entries(
        self, *, states: Collection[EntryState] | None = None, provider: str | None = None, limit: int | None = None
    ) -> list[LedgerEntry]:
        """The entries in these states (all when None), newest first."""
        ...

    def remove(self, entry_id: str) -> bool:
        """Forget an entry; False when there was none."""
        ...

    def close(self) -> None:
        """Release what is held open. A later call opens it again."""
        ...
