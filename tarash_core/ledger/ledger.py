"""The ledger of this process: which store it is, and how the operations write into it."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from tarash_core.flow import Call, Flow
from tarash_core.job import Job
from tarash_core.ledger.entry import LedgerEntry
from tarash_core.ledger.memory import MemoryJobStore
from tarash_core.ledger.sqlite import SqliteJobStore
from tarash_core.ledger.store import JobStore
from tarash_core.log import log

VARIABLE = "TARASH_LEDGER"
FILE_NAME = "jobs.sqlite3"


class Ledger:
    """Writes entries as flows. A store that fails costs a warning, never a job.

    Args:
        store: Where entries are kept; None keeps nothing.
    """

    def __init__(self, store: JobStore | None) -> None:
        self.store = store
        self._warned: set[str] = set()

    def written(self, entry: LedgerEntry) -> Flow[None]:
        """Keep an entry: at once, or from a worker thread when another process is writing just now.

        It is written though the flow is interrupted while it waits for its turn.
        """
        if self.store is None:
            return
        try:
            if not self.store.put(entry, wait=False):
                yield Call(self.store.put, (entry,), blocking=True, shielded=True)
        except Exception as error:
            self._warn(error)
        except BaseException:
            # Interrupted before its turn came: what is known of a paid job is written all the same.
            self.left(entry)
            raise

    def left(self, entry: LedgerEntry) -> None:
        """Keep an entry of a flow that is being torn down, and can ask for nothing any more."""
        try:
            if self.store is not None:
                self.store.put(entry)
        except Exception as error:
            self._warn(error)

    def noted(self, job: Job, *, results: tuple[str, ...] = (), error: str | None = None) -> Flow[None]:
        """Keep a job in its newest state."""
        if self.store is not None:
            yield from self.written(LedgerEntry.of(job, results=results, error=error))

    def _warn(self, error: Exception) -> None:
        """Once for each reason: a full disk is the same news for every job. The command line shows errors alone."""
        text = f"{type(error).__name__}: {error}"
        if text not in self._warned:
            self._warned.add(text)
            log.error("the ledger cannot be written (%s); jobs go on, keep them yourself or set %s", text, VARIABLE)


_lock = threading.Lock()
_current: Ledger | None = None


def current_ledger() -> Ledger:
    """The ledger of this process: the one given to `use_ledger`, else the one that the environment asks for.

    ``TARASH_LEDGER`` is the path of an SQLite file, ``memory``, or ``off``. Unset, the file is ``jobs.sqlite3`` in
    Tarash's folder among the user's state files.
    """
    global _current
    with _lock:
        if _current is None:
            _current = Ledger(_store_of(os.environ.get(VARIABLE, "")))
        return _current


def use_ledger(store: JobStore | None) -> None:
    """Keep jobs in this store from now on; None keeps none. The store used before is closed."""
    global _current
    with _lock:
        if _current is not None and _current.store is not None:
            _current.store.close()
        _current = Ledger(store)


def _store_of(said: str) -> JobStore | None:
    if said.lower() in ("off", "0", "no", "false"):
        return None
    if said == "memory":
        return MemoryJobStore()
    return SqliteJobStore(Path(said).expanduser() if said else state_folder() / FILE_NAME)


def state_folder() -> Path:
    """Where this platform keeps a program's state: XDG_STATE_HOME, Application Support, LOCALAPPDATA."""
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/tarash").expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or "~/AppData/Local").expanduser() / "tarash"
    return Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "tarash"
