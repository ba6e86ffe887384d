"""The job store of an account on a machine: one SQLite file in WAL mode, shared by threads and processes.

WAL lets readers and one writer work at the same time (https://sqlite.org/wal.html); with ``synchronous=NORMAL`` what
was committed survives the death of the process at any moment.
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from tarash_core.errors import ConfigurationError, ValidationError
from tarash_core.ledger.entry import EntryState, LedgerEntry
from tarash_core.log import log

# Seconds to wait for other writers, and between two tries where SQLite does not wait.
_PATIENCE = 10.0
_MOMENT = 0.01

# Each entry brings the file from one schema version (`PRAGMA user_version`) to the next; never change one, append.
_MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE jobs (
        id TEXT PRIMARY KEY,
        provider TEXT NOT NULL,
        state TEXT NOT NULL,
        request_id TEXT,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        entry TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    # Entries tell when their process began and with which options they were sent; those without are read as they are.
    "",
)


class SqliteJobStore:
    """`JobStore` in an SQLite file.

    Args:
        path: The file; it and its folder are made on the first write, readable by their owner alone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._waits = True

    def put(self, entry: LedgerEntry, *, wait: bool = True) -> bool:
        """Write the entry in one transaction.

        Raises:
            OSError: The file cannot be written.
        """
        request_id = entry.job.request_id if entry.job else None
        row = (
            entry.id,
            entry.provider,
            entry.state,
            request_id,
            entry.created_at,
            entry.updated_at,
            entry.model_dump_json(exclude_none=True),
        )
        if not self._lock.acquire(blocking=wait):
            return False
        try:
            self._patient(wait).execute("INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        except sqlite3.OperationalError as error:
            if not wait and _is_busy(error):
                return False
            raise OSError(f"the ledger '{self.path}' cannot be written: {error}") from error
        except sqlite3.DatabaseError as error:
            raise OSError(f"the ledger '{self.path}' cannot be used: {error}; move it away") from error
        finally:
            self._lock.release()
        return True

    def get(self, entry_id: str) -> LedgerEntry | None:
        """The entry of this id, or None."""
        return next(iter(self._select("WHERE id = ?", (entry_id,))), None)

    def find(self, request_id: str, *, provider: str | None = None) -> LedgerEntry | None:
        """The newest entry of this provider's job id, or None: 4 ms among 10,000, since an index costs every write."""
        where = "WHERE request_id = ?" + (" AND provider = ?" if provider else "")
        values = (request_id, provider) if provider else (request_id,)
        return next(iter(self._select(f"{where} ORDER BY created_at DESC LIMIT 1", values)), None)

    def entries(
        self, *, states: Collection[EntryState] | None = None, provider: str | None = None, limit: int | None = None
    ) -> list[LedgerEntry]:
        """The entries in these states, newest first."""
        conditions: list[str] = []
        values: list[str | int] = []
        if states is not None:
            conditions.append(f"state IN ({', '.join('?' * len(states))})")
            values += sorted(states)
        if provider is not None:
            conditions.append("provider = ?")
            values.append(provider)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        cut = "" if limit is None else f"LIMIT {int(limit)}"
        return self._select(f"{where} ORDER BY created_at DESC, id DESC {cut}", tuple(values))

    def remove(self, entry_id: str) -> bool:
        """Forget an entry; False when there was none."""
        with self._lock, self._as_os_errors("written"):
            return self._patient().execute("DELETE FROM jobs WHERE id = ?", (entry_id,)).rowcount > 0

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None and self._owner == os.getpid():
                self._connection.close()
            self._connection = None

    def _select(self, tail: str, values: tuple[str | int, ...]) -> list[LedgerEntry]:
        if not self.path.exists():
            return []
        with self._lock, self._as_os_errors("read"):
            rows = self._patient().execute(f"SELECT id, entry FROM jobs {tail}", values).fetchall()
        read = (self._read(*row) for row in rows)
        return [entry for entry in read if entry is not None]

    def _read(self, entry_id: str, text: str) -> LedgerEntry | None:
        """The entry; one that cannot be read is said, and hides no other."""
        try:
            return LedgerEntry.model_validate_json(text)
        except ValidationError as error:
            log.error("entry '%s' of the ledger '%s' cannot be read: %s", entry_id, self.path, error.message)
            return None

    @contextmanager
    def _as_os_errors(self, done: str) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise OSError(f"the ledger '{self.path}' cannot be {done}: {error}") from error

    def _patient(self, wait: bool = True) -> sqlite3.Connection:
        """The connection of this process, which waits for other writers or does not."""
        if self._connection is None or self._owner != os.getpid():
            # A connection must not cross a fork (https://sqlite.org/howtocorrupt.html, 2.6).
            self._connection, self._owner, self._waits = self._connect(wait), os.getpid(), wait
        if self._waits is not wait:
            self._connection.execute(f"PRAGMA busy_timeout = {int(_PATIENCE * 1000) if wait else 0}")
            self._waits = wait
        return self._connection

    def _connect(self, wait: bool) -> sqlite3.Connection:
        """Open the file; SQLite does not wait by itself where another process is just making it."""
        began = time.monotonic()
        while True:
            try:
                return self._opened(_PATIENCE if wait else 0.0)
            except sqlite3.OperationalError as error:
                if not wait or not _is_busy(error) or time.monotonic() - began >= _PATIENCE:
                    raise
            time.sleep(random.uniform(0.5, 1.5) * _MOMENT)

    def _opened(self, patience: float) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.path.exists():
            self.path.touch(mode=0o600)
        # Without an isolation level each statement is a transaction of its own.
        connection = sqlite3.connect(self.path, timeout=patience, check_same_thread=False, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = _version(connection)
        if version > len(_MIGRATIONS):
            raise ConfigurationError(
                f"the ledger '{self.path}' was written by a newer Tarash (schema {version}); upgrade tarash-core, or "
                "set TARASH_LEDGER to another file"
            )
        if version == len(_MIGRATIONS):
            return
        # Another process may be migrating: the one that gets the lock looks again.
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            for number in range(_version(connection), len(_MIGRATIONS)):
                for statement in _MIGRATIONS[number].split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number + 1}")


def _is_busy(error: sqlite3.OperationalError) -> bool:
    """Whether another connection is writing just now."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
