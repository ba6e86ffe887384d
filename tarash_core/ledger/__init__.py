"""The ledger: every paid request is written down before it is sent, and again with all that becomes of it."""

from tarash_core.ledger.entry import OPEN_STATES, EntryState, LedgerEntry
from tarash_core.ledger.ledger import Ledger, current_ledger, use_ledger
from tarash_core.ledger.memory import MemoryJobStore
from tarash_core.ledger.recognition import digest_of, earliest, may_be, the_only
from tarash_core.ledger.sqlite import SqliteJobStore
from tarash_core.ledger.store import JobStore

__all__ = [
    "OPEN_STATES",
    "EntryState",
    "JobStore",
    "Ledger",
    "LedgerEntry",
    "MemoryJobStore",
    "SqliteJobStore",
    "current_ledger",
    "digest_of",
    "earliest",
    "may_be",
    "the_only",
    "use_ledger",
]
