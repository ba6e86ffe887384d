"""The job stores: the contract for each, and what SQLite alone must stand."""

from __future__ import annotations

import logging
import multiprocessing
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tarash_core import ConfigurationError
from tarash_core.ledger import JobStore, MemoryJobStore, SqliteJobStore
from tarash_core.testing.store_contract import JobStoreContract, entry


class TestMemory(JobStoreContract):
    @pytest.fixture
    def store(self) -> JobStore:
        return MemoryJobStore()


class TestSqlite(JobStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> JobStore:
        return SqliteJobStore(tmp_path / "deep" / "down" / "jobs.sqlite3")

    @pytest.fixture(autouse=True)
    def closed(self, store: JobStore) -> object:
        yield
        store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "jobs.sqlite3"


def test_looking_makes_no_file(path: Path) -> None:
    store = SqliteJobStore(path)
    assert store.entries() == []
    assert store.get("id-1") is None
    assert not path.exists()


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "state" / "jobs.sqlite3")
    store.put(entry())
    store.close()
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_what_was_put_outlives_the_store(path: Path) -> None:
    first = SqliteJobStore(path)
    first.put(entry(), wait=False)
    first.close()
    second = SqliteJobStore(path)
    assert second.get("id-1") == entry()
    second.close()


def _write(path: Path, first: int) -> None:
    store = SqliteJobStore(path)
    for number in range(first, first + 40):
        store.put(entry(number))
    store.close()


def test_processes_share_it(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write, args=(path, first)) for first in (100, 200, 300)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    store = SqliteJobStore(path)
    assert len(store.entries()) == 120
    store.close()


def test_a_file_that_another_process_is_just_making_is_waited_for(path: Path) -> None:
    """SQLite by itself gives up at once where the file is not in WAL mode yet."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        made = threading.Timer(0.2, other.execute, ["COMMIT"])
        made.start()
        store = SqliteJobStore(path)
        assert store.put(entry(), wait=False) is False
        assert store.put(entry()) is True
        made.join()
    assert store.entries() == [entry()]
    store.close()


def test_a_busy_file_is_said_at_once_where_nobody_may_wait(path: Path) -> None:
    store = SqliteJobStore(path)
    store.put(entry())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert store.put(entry(2), wait=False) is False
    other.execute("ROLLBACK")
    other.close()
    assert store.put(entry(2), wait=False) is True
    store.close()


def test_a_newer_schema_is_refused_and_left_alone(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConfigurationError, match="schema 99"):
        SqliteJobStore(path).put(entry())


# A file as schema 1 left it, with what it had written of a job and of a request that was on its way.
SCHEMA_1 = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, provider TEXT NOT NULL, state TEXT NOT NULL, request_id TEXT,
    created_at REAL NOT NULL, updated_at REAL NOT NULL, entry TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO jobs VALUES ('id-1', 'acme', 'queued', 'request-1', 1.0, 1.0, '{"id":"id-1","provider":"acme","model":"m",
"state":"queued","job":{"provider":"acme","model":"m","request_id":"request-1","state":"queued","submitted_at":1.0,
"provider_config":{"region":"eu"},"options_not_kept":[],"logs":[],"provider_data":{},"ledger_id":"id-1","warnings":[]},
"process":"elsewhere:7","results":[],"created_at":1.0,"updated_at":1.0}');
INSERT INTO jobs VALUES ('id-2', 'acme', 'submitting', NULL, 2.0, 2.0, '{"id":"id-2","provider":"acme","model":"m",
"state":"submitting","digest":"5f","process":"elsewhere:7","results":[],"created_at":2.0,"updated_at":2.0}');
PRAGMA user_version = 1;
"""


def test_an_empty_file_is_brought_up_to_date(path: Path) -> None:
    sqlite3.connect(path).close()
    store = SqliteJobStore(path)
    store.put(entry())
    assert store.get("id-1") == entry()
    store.close()


def test_an_older_file_is_brought_up_to_date_with_all_that_is_in_it(path: Path) -> None:
    with closing(sqlite3.connect(path)) as older:
        older.executescript(SCHEMA_1)
    store = SqliteJobStore(path)
    submitting, queued = store.entries()
    assert queued.job is not None
    assert (queued.job.request_id, queued.job.provider_config) == ("request-1", {"region": "eu"})
    assert (submitting.digest, submitting.provider_config) == ("5f", {})
    assert (submitting.state, submitting.settled_state) == ("submitting", "uncertain")
    store.put(entry(3))
    store.close()
    with closing(sqlite3.connect(path)) as now:
        assert now.execute("PRAGMA user_version").fetchone() == (2,)


def test_a_file_that_is_no_ledger_is_named(path: Path) -> None:
    path.write_bytes(b"this is not a database, however long it may go on" * 40)
    with pytest.raises(OSError, match=r"jobs\.sqlite3"):
        SqliteJobStore(path).put(entry())


def test_an_entry_that_cannot_be_read_is_said_and_hides_no_other(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = SqliteJobStore(path)
    for number in (1, 2, 3):
        store.put(entry(number))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE jobs SET entry = substr(entry, 1, 40) WHERE id = 'id-2'")
    with caplog.at_level(logging.WARNING, "tarash"):
        assert [found.id for found in store.entries()] == ["id-3", "id-1"]
        assert store.get("id-2") is None
    assert "entry 'id-2' of the ledger" in caplog.records[0].getMessage()
    store.close()


def test_a_folder_that_cannot_be_made_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(OSError, match="taken"):
        SqliteJobStore(tmp_path / "taken" / "tarash" / "jobs.sqlite3").put(entry())
