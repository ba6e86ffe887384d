"""The command ``tarash`` as users run it: a process of its own, in an empty folder, with nobody's settings."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE = 60.0


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


class CommandLine:
    """Runs ``tarash`` in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("TARASH", "FAL_", "XDG_"))
        }
        for name, place in (("HOME", "home"), ("TMPDIR", "tmp")):
            (folder / place).mkdir()
            self.environment[name] = str(folder / place)
        self.folder.mkdir()
        self._running: list[subprocess.Popen[str]] = []

    def __call__(self, *arguments: str, stdin: str | None = None, **environment: str) -> Ran:
        """Run to the end."""
        done = subprocess.run(
            [sys.executable, "-m", "tarash_core", *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, program: Sequence[str] = ("-m", "tarash_core")) -> subprocess.Popen[str]:
        """Start, to be stopped by a signal."""
        running = subprocess.Popen(
            [sys.executable, *program, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A test run in the background of a shell hands an ignored SIGINT down.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self._running.append(running)
        return running

    def stopped(self, running: subprocess.Popen[str], number: signal.Signals) -> Ran:
        """Send a signal, and wait for the end."""
        running.send_signal(number)
        out, err = running.communicate(timeout=PATIENCE)
        return Ran(running.returncode, out, err)

    def appears(self, name: str) -> Path:
        """Wait until a file is there."""
        path, began = self.folder / name, time.monotonic()
        while not path.exists():
            ended = [running.communicate()[1] for running in self._running if running.poll() is not None]
            assert not ended, f"{name} never appeared: {ended}"
            assert time.monotonic() - began < PATIENCE, f"{name} never appeared"
            time.sleep(0.01)
        return path

    def end(self) -> None:
        """Leave no process behind, whatever a test left undone."""
        for running in self._running:
            running.kill()
            running.wait()
            for stream in (running.stdout, running.stderr):
                assert stream is not None
                stream.close()


@pytest.fixture
def tarash(tmp_path: Path) -> Iterator[CommandLine]:
    """The command line, in a folder of its own (`tarash.folder`)."""
    command = CommandLine(tmp_path)
    yield command
    command.end()


@pytest.fixture
def photo(tarash: CommandLine) -> Path:
    """A small PNG in the command's folder."""
    path = tarash.folder / "photo.png"
    rows = b"".join(b"\x00" + b"".join(bytes((x * 4, y * 4, 128)) for x in range(64)) for y in range(64))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path
