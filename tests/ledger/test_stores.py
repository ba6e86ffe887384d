"""The job stores: the contract for each, and what SQLite alone must stand."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from tarash_core import ConfigurationError
from tarash_core.ledger import JobStore, LedgerEntry, MemoryJobStore, SqliteJobStore
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


def test_an_older_file_is_brought_up_to_date(path: Path) -> None:
    sqlite3.connect(path).close()
    store = SqliteJobStore(path)
    store.put(entry())
    assert store.get("id-1") == entry()
    store.close()


def test_a_file_that_is_no_ledger_is_named(path: Path) -> None:
    path.write_bytes(b"this is not a database, however long it may go on" * 40)
    with pytest.raises(OSError, match=r"jobs\.sqlite3"):
        SqliteJobStore(path).put(entry())


@pytest.mark.skipif(sys.platform == "win32" or not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_folder_that_cannot_be_written_is_an_os_error() -> None:
    with pytest.raises(OSError, match="full"):
        SqliteJobStore(Path("/dev/full/tarash/jobs.sqlite3")).put(entry())


def test_what_a_dead_process_was_submitting_is_uncertain() -> None:
    mine = LedgerEntry(provider="acme", model="m")
    assert mine.process.endswith(f":{os.getpid()}")
    assert mine.settled_state == "submitting"
    host = mine.process.rpartition(":")[0]
    process = multiprocessing.get_context("spawn").Process(target=str)
    process.start()
    process.join()
    assert mine.model_copy(update={"process": f"{host}:{process.pid}"}).settled_state == "uncertain"
    assert mine.model_copy(update={"process": "elsewhere:1"}).settled_state == "submitting"
