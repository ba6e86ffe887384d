"""Killed at random moments of 50 generations at once, restarted with the same ledger: nothing paid twice, nothing lost.

``pytest tests/crash --kills 200`` kills 200 times for each provider; the suite by itself only a few times,
with fewer generations. The seed is printed when it fails; ``TARASH_CRASH_SEED`` sets it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from loopback import DOUBLES, KEY, Double, Server

from tarash_core import LedgerEntry, VideoGenerationRequest, build_payload, list_jobs, settle_job
from tarash_core.ledger import SqliteJobStore, current_ledger, digest_of, use_ledger

PROGRAM = Path(__file__).with_name("program.py")
LONG = 20  # kills; a shorter test has fewer generations at once too, since most of its time would go to the first run
AT_ONCE, FEW_AT_ONCE = 50, 12

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


@dataclass
class Toll:
    """What a whole test counted."""

    kills: int = 0
    unharmed: int = 0
    accepted: int = 0
    uncertain: int = 0
    settled_by_asking: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.unharmed} runs ended before theirs), {self.accepted} jobs accepted, 0 paid "
            f"twice, 0 lost; {self.uncertain} entries uncertain, {self.settled_by_asking} of them settled by asking"
        )


class Program:
    """The program, and the process that it has forked last."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, does: str, prompts: list[str], *, killed_after: float | None = None) -> int:
        """Let it do a thing, and kill it so many seconds after it began. Returns the status that it left with."""
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(f"{json.dumps({'do': does, 'prompts': prompts})}\n")
        stdin.flush()
        told: dict[str, int] = {}
        while "ended" not in told:
            assert self._process.stdout is not None
            word, _, what = self._process.stdout.readline().partition(" ")
            assert word, "the program is gone"
            told[word] = json.loads(what)
            if killed_after is not None and {"pid", "go"} <= told.keys() and "done" not in told:
                time.sleep(killed_after)
                # It may just have ended by itself.
                with suppress(ProcessLookupError):
                    os.kill(told["pid"], signal.SIGKILL)
                killed_after = None
        return told["ended"]


@contextmanager
def program_for(double: Double, server: Server, ledger: Path) -> Iterator[Program]:
    """The program, with this ledger, until the block ends."""
    config = double.config(server).model_dump(mode="json", exclude_unset=True) | {"api_key": KEY}
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), json.dumps(config), *double.warm],
        env={**environment, "TARASH_LEDGER": str(ledger)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        # What it says while it warms up.
        assert process.stdout is not None
        assert [process.stdout.readline().partition(" ")[0] for _ in range(2)] == ["go", "done"]
        yield Program(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Path]:
    """A ledger that the program writes and this process reads."""
    path = tmp_path / "jobs.sqlite3"
    before = current_ledger().store
    use_ledger(SqliteJobStore(path))
    yield path
    use_ledger(before)


@pytest.mark.parametrize("name", DOUBLES)
def test_nothing_is_paid_twice_and_nothing_lost(name: str, ledger: Path, request: pytest.FixtureRequest) -> None:
    kills = int(request.config.getoption("--kills"))
    at_once = AT_ONCE if kills >= LONG else FEW_AT_ONCE
    seed = int(os.environ.get("TARASH_CRASH_SEED", random.randrange(2**32)))
    chance, toll, double = random.Random(seed), Toll(), DOUBLES[name]
    sys.stdout.write(f"{name}: seed {seed}\n")
    with double.make(key=KEY, **double.brief) as server, program_for(double, server, ledger) as program:
        began = time.monotonic()
        assert program.run("generate", [f"warm {number}" for number in range(at_once)]) == 0
        whole = time.monotonic() - began
        _forget(double, server)
        while toll.kills < kills:
            prompts = [f"kite {toll.kills}.{toll.unharmed}.{number}" for number in range(at_once)]
            # Half of the deaths come while requests are sent, half of them anywhere.
            moment = chance.uniform(0, whole * chance.choice((0.25, 1.0)))
            status = program.run("generate", prompts, killed_after=moment)
            assert status in (0, -signal.SIGKILL)
            toll.kills += status != 0
            toll.unharmed += status == 0
            _reckon(double, server, program, prompts, toll)
            if toll.kills % 20 == 0:
                sys.stdout.write(f"{name}: {toll}\n")
                sys.stdout.flush()
        assert not [entry for entry in list_jobs() if entry.state not in ("completed", "refused")]
    sys.stdout.write(f"{name}: {toll}\n")


def _reckon(double: Double, server: Server, program: Program, prompts: list[str], toll: Toll) -> None:
    """Hold the ledger against the server; recover; settle by hand what nobody else can; recover again."""
    _quiet(server)
    accepted = {double.prompt_of(job): job_id for job_id, job in double.jobs(server).items()}
    posted = Counter(prompt for received in server.server.requests if (prompt := double.prompt(received)))
    assert set(posted) <= set(prompts)
    assert max(posted.values(), default=0) <= 1, "a request was sent twice"
    assert len(double.jobs(server)) == len(accepted), "a job was paid twice"
    entries = _by_prompt(double, server, prompts, accepted)
    missing = [prompt for prompt in accepted if prompt not in entries]
    assert not missing, "accepted, and not in the ledger"
    for prompt, entry in entries.items():
        if entry.state == "uncertain":
            assert entry.job is None
        else:
            assert entry.job is not None
            assert entry.job.request_id == accepted[prompt]
    uncertain = {entry.id: prompt for prompt, entry in entries.items() if entry.state == "uncertain"}
    toll.accepted += len(accepted)
    toll.uncertain += len(uncertain)

    posts = server.posts
    assert program.run("recover", []) == 0
    for entry in list_jobs(states={"uncertain"}):
        prompt = uncertain[entry.id]
        assert not (double.settles and prompt in accepted), "the provider can tell, and was not understood"
        # What a person does who looks at the provider's own list.
        settle_job(entry.id, request_id=accepted.get(prompt), refused=prompt not in accepted)
    if uncertain:
        assert program.run("recover", []) == 0
    assert server.posts == posts, "picking up sent a paid request"
    after = _by_prompt(double, server, prompts, accepted)
    assert {prompt for prompt, entry in after.items() if entry.state == "completed"} == set(accepted)
    toll.settled_by_asking += sum(double.settles and prompt in accepted for prompt in uncertain.values())
    _forget(double, server)


def _by_prompt(double: Double, server: Server, prompts: list[str], accepted: dict[str, str]) -> dict[str, LedgerEntry]:
    """The ledger's entries of these prompts. It holds none: an accepted job tells its id, another what was sent."""
    config, by_id = double.config(server), {job_id: prompt for prompt, job_id in accepted.items()}
    payloads = {prompt: build_payload(config, VideoGenerationRequest(prompt=prompt)) for prompt in prompts}
    by_digest = {digest_of(payload.arguments): prompt for prompt, payload in payloads.items()}
    found: dict[str, LedgerEntry] = {}
    for entry in list_jobs(limit=len(prompts)):
        prompt = by_id.get(entry.job.request_id) if entry.job else by_digest.get(entry.digest or "")
        if prompt is not None:
            assert prompt not in found, "two entries of one request"
            found[prompt] = entry
    return found


def _quiet(server: Server) -> None:
    """Wait until the server has read all that the dead process had sent: connections are taken in their order."""
    address = urlsplit(server.server.url)
    with socket.create_connection((address.hostname, address.port)) as last:
        last.sendall(b"GET /last HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert last.recv(1)
    while server.server.open_connections:
        time.sleep(0.01)


def _forget(double: Double, server: Server) -> None:
    double.jobs(server).clear()
    server.server.requests.clear()
