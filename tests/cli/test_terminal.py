"""On a terminal: a live display that moves, vanishes, and gives way to Ctrl-C."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine

pytest.importorskip("pty", reason="needs a Unix terminal")
import fcntl  # there where pty is
import pty
import struct
import termios

KITE = ("generate", "a kite", "--provider", "mock", "--duration", "1", "--resolution", "320x180", "-o", "kite.mp4")
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SPINNER = set("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
PATIENCE = 60.0


class Terminal:
    """A command that believes to sit at a terminal of some width."""

    def __init__(self, tarash: CommandLine, *arguments: str, columns: int = 100, term: str = "xterm-256color") -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._seen = b""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tarash_core", *arguments],
            cwd=tarash.folder,
            # pytest-xdist sets COLUMNS for its workers, and it would win over the terminal's own width.
            env=_without(tarash.environment, "COLUMNS", "LINES")
            | {"TERM": term, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            # The terminal's Ctrl-C goes to the session that it controls.
            preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def end(self) -> tuple[int, str]:
        """The exit code, and everything that was written."""
        try:
            code = self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            self._reader.join(PATIENCE)
            os.close(self._ours)
        return code, self._seen.decode()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._ours, 4096)
            except OSError:
                # Linux answers EIO when the last process has left the terminal.
                return
            if not data:
                return
            self._seen += data


def _without(environment: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in names}


def words(seen: str) -> str:
    return ESCAPES.sub("", seen)


def test_the_display_moves_and_vanishes(tarash: CommandLine) -> None:
    code, seen = Terminal(tarash, *KITE, "--param", "mock_seconds=1.5").end()
    assert code == 0
    assert len(SPINNER & set(seen)) > 3, "the spinner turns while the command waits"
    assert re.search(r"queued, \d before it +mock mock/video", words(seen))
    assert re.search(r"processing +mock mock/video [━╸╺ ]+ \d+ % 0:0\d", words(seen))
    assert "rendering 24 frames at 320x180" in seen
    assert seen.rindex("\x1b[2K") < seen.rindex("saved kite.mp4"), "the display is erased before the result is told"
    assert seen.endswith("320x180\r\n")


@pytest.mark.parametrize("columns", [30, 60])
def test_a_narrow_terminal_cuts_the_model_first(tarash: CommandLine, columns: int) -> None:
    code, seen = Terminal(tarash, *KITE, "--param", "mock_seconds=0.8", columns=columns).end()
    drawn = (words(line) for line in re.split(r"[\r\n]|\x1b\[2K", seen))
    lines = [line for line in drawn if "processing" in line]
    assert code == 0
    assert lines
    assert max(len(line) for line in lines) <= columns
    assert all(re.search(r"\d+ % 0:0\d", line) for line in lines)


def test_a_simple_terminal_gets_plain_lines(tarash: CommandLine) -> None:
    code, seen = Terminal(tarash, *KITE, "--param", "mock_seconds=0.3", term="dumb").end()
    assert code == 0
    assert "\x1b" not in seen
    assert "mock mock/video: processing" in seen


def test_ctrl_c_leaves_a_clean_terminal_and_a_job(tarash: CommandLine) -> None:
    terminal = Terminal(tarash, *KITE, "--param", "mock_behaviour=never")
    tarash.appears("kite.mp4.job.json")
    terminal.type(b"\x03")
    code, seen = terminal.end()
    assert code == 130
    assert "\x1b[?25h" in seen, "the cursor is shown again"
    assert words(seen).splitlines()[-1] == "try: tarash jobs wait kite.mp4.job.json -o kite.mp4"


def test_what_a_provider_logs_cannot_drive_the_terminal(tarash: CommandLine) -> None:
    code, seen = Terminal(tarash, *KITE[:1], "a \x1b]0;title\x07 kite", *KITE[2:], "-m", "evil\x1b[31m").end()
    assert code == 0
    assert "\x1b]0;" not in seen
    assert "evil\x1b[31m" not in seen
