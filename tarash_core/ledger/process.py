"""Which process wrote an entry, and whether it still lives: a process id alone is given again to others."""

from __future__ import annotations

import functools
import os
import secrets
import socket
import sys
from pathlib import Path

_PROC = Path("/proc")
_DEAD = "dead"

_hostname = functools.cache(socket.gethostname)


def this_process() -> str:
    """``host:pid:birth``. A fork is another process; a birth is never that of another process with the same id."""
    return _named(os.getpid())


@functools.lru_cache(maxsize=2)
def _named(pid: int) -> str:
    return f"{_hostname()}:{pid}:{_birth(pid) or secrets.token_hex(8)}"


def told(process: str) -> str:
    """A process as a person is told of it."""
    host, pid, _ = _parts(process)
    return f"process {pid} on '{host}'"


def lives(process: str) -> bool | None:
    """Whether this process still runs; None where nobody here can tell.

    Nobody can tell of a process on another host, nor, outside Linux, whether a living process with this id is the one
    that is meant: there the birth of another process is not to be had without more than Python's own library.
    """
    host, pid, birth = _parts(process)
    if process == this_process():
        return True
    if host != _hostname() or not pid.isdecimal():
        return None
    if int(pid) == os.getpid():
        return False if birth else None
    if not _is_taken(int(pid)):
        return False
    now = _birth(int(pid))
    if now == _DEAD:
        return False
    return now == birth if now and birth else None


def _parts(process: str) -> tuple[str, str, str]:
    """Host, process id and birth; entries of schema 1 have no birth."""
    match process.split(":"):
        case [host, pid, birth]:
            return host, pid, birth
        case [host, pid]:
            return host, pid, ""
    return "", "", ""


def _is_taken(pid: int) -> bool:
    """Whether any process has this id; on Windows it is not asked, since `os.kill` with 0 sends Ctrl-C there."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _birth(pid: int) -> str | None:
    """Boot and clock ticks since it, at which a process began, by Linux; None elsewhere, or where it is hidden.

    One that has ended and that its parent has not asked after yet (state Z or X) is dead.
    https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    """
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii")
        # The name of the program, in parentheses, may hold anything; the state and 18 fields on is what follows.
        told = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        state, ticks = told[0].decode(), int(told[19])
    except (OSError, ValueError, IndexError):
        return None
    return _DEAD if state in "ZXx" else f"{boot[:8]}.{ticks}"
