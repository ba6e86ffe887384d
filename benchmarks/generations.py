"""Whole generations, against fal's SDK doing the same calls on the same loopback server."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rows import Row

HERE = Path(__file__).resolve().parent
REQUESTS = 5  # the protocol: one submit, three polls until the server is done, one result
MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Run:
    """What one process did.

    Args:
        cpu: CPU seconds of each round.
        added: Bytes that the generations added to the peak of memory.
        requests: Requests that the server received for each generation.
        connections: Connections that the server accepted.
    """

    cpu: list[float]
    added: int
    requests: float
    connections: int


class Server:
    """The server in its own process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.url = self._line()

    def counted(self) -> dict[str, int]:
        """What came in since the last time."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        counts: dict[str, int] = json.loads(self._line())
        return counts

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def serving() -> Iterator[Server]:
    """A server until the block ends."""
    command = [sys.executable, str(HERE / "server.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process)
        finally:
            process.communicate()


def generations(*, quick: bool) -> Iterator[Row]:
    """One at a time, sync and async, and 200 at once on one loop."""
    pairs = 1 if quick else 7
    with serving() as server:
        for mode, count, rounds, what in (
            ("sync", 1, 5 if quick else 40, "one generation, sync"),
            ("async", 1, 5 if quick else 40, "one generation, async"),
            ("async", 200, 1 if quick else 3, "200 generations at once"),
        ):
            yield from _compared(server, mode, count, rounds, what, pairs=pairs)


def _compared(server: Server, mode: str, count: int, rounds: int, what: str, *, pairs: int) -> Iterator[Row]:
    both: list[tuple[Run, Run]] = []
    for number in range(pairs):
        sides = ("tarash", "sdk") if number % 2 else ("sdk", "tarash")
        runs = {side: _run(server, side, mode, count, rounds) for side in sides}
        both.append((runs["tarash"], runs["sdk"]))
    ours, theirs = ([run[side] for run in both] for side in (0, 1))
    ratio = statistics.median(statistics.median(our.cpu) / statistics.median(their.cpu) for our, their in both)
    yield Row(f"{what}: CPU", _cpu(ours), _cpu(theirs), "ms", budget=1.1, ratio=ratio)
    yield Row(f"{what}: requests", max(run.requests for run in ours), REQUESTS, "a generation", budget=1)
    if count > 1:
        added, their_added = (statistics.median(run.added for run in side) / MEGABYTE for side in (ours, theirs))
        yield Row(f"{what}: memory added", added, their_added, "MB")
        opened, their_opened = (statistics.median(run.connections for run in side) for side in (ours, theirs))
        yield Row(f"{what}: connections", opened, their_opened, "opened")


def _cpu(runs: list[Run]) -> float:
    """Milliseconds of a round."""
    return 1000 * statistics.median(statistics.median(run.cpu) for run in runs)


def _run(server: Server, side: str, mode: str, count: int, rounds: int) -> Run:
    command = [sys.executable, str(HERE / "client.py"), side, mode, str(count), str(rounds), server.url]
    # The ledger has a budget of its own; the SDK has none to compare it with.
    environment = {**os.environ, "TARASH_LEDGER": "off"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    measured, counted = json.loads(done.stdout), server.counted()
    made = count * rounds + 1
    if counted["submit"] != made:
        raise SystemExit(f"{side}: {counted['submit']} requests were paid for {made} generations")
    return Run(measured["cpu"], measured["added"], counted["requests"] / made, counted["connections"])
