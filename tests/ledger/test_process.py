"""Whether the process that wrote an entry still lives, though process ids are given again."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tarash_core import LedgerEntry
from tarash_core.ledger import process
from tarash_core.ledger.process import lives, this_process

HOST = socket.gethostname()
HOUR = 3600.0
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells when others began")


def of(process: str, *, age: float = 0.0) -> str:
    """The state of what this process was submitting so many seconds ago."""
    then = time.time() - age
    return LedgerEntry(provider="acme", model="m", process=process, created_at=then, updated_at=then).settled_state


def in_another_process() -> str:
    """The name of a process that has ended."""
    code = "from tarash_core.ledger.process import this_process; print(this_process())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_this_process_lives() -> None:
    assert this_process().startswith(f"{HOST}:{os.getpid()}:")
    assert this_process() == this_process()
    assert lives(this_process()) is True
    assert of(this_process(), age=10 * HOUR) == "submitting"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell without risk")
def test_one_that_has_ended_does_not() -> None:
    assert lives(in_another_process()) is False
    assert of(in_another_process()) == "uncertain"


def test_one_that_had_my_id_before_me_does_not() -> None:
    assert lives(f"{HOST}:{os.getpid()}:another-birth") is False


@on_linux
def test_one_whose_id_another_has_now_does_not() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        birth = process._birth(other.pid)
        assert birth is not None
        assert lives(f"{HOST}:{other.pid}:{birth}") is True
        assert lives(f"{HOST}:{other.pid}:{birth}0") is False
        other.communicate()


@on_linux
def test_one_that_nobody_has_buried_does_not() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from tarash_core.ledger.process import this_process; print(this_process())"],
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        named = child.stdout.read().strip()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        os.kill(child.pid, 0)  # Its id is still taken.
        assert lives(named) is False
        assert lives(named.rpartition(":")[0]) is False


@pytest.mark.parametrize("there", ["another-host:1:4711", "another-host:1", "no process at all"])
def test_what_nobody_here_can_tell_is_submitting_for_an_hour(there: str) -> None:
    assert lives(there) is None
    assert of(there) == "submitting"
    assert of(there, age=0.9 * HOUR) == "submitting"
    assert of(there, age=1.1 * HOUR) == "uncertain"


def test_where_no_birth_is_told_a_living_id_proves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process, "_PROC", tmp_path / "there is none")
    process._named.cache_clear()
    try:
        mine = this_process()
        assert lives(mine) is True
        parent = mine.replace(f":{os.getpid()}:", f":{os.getppid()}:")
        assert lives(parent) is None
        assert of(parent, age=1.1 * HOUR) == "uncertain"
        assert lives(f"{HOST}:{os.getpid()}:another-birth") is False
    finally:
        process._named.cache_clear()


def _tell(names: multiprocessing.SimpleQueue[str]) -> None:
    names.put(this_process())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_fork_is_another_process() -> None:
    mine = this_process()
    names: multiprocessing.SimpleQueue[str] = multiprocessing.get_context("spawn").SimpleQueue()
    pid = os.fork()
    if pid == 0:
        _tell(names)
        os._exit(0)
    os.waitpid(pid, 0)
    forked = names.get()
    assert forked != mine
    assert lives(forked) is False
