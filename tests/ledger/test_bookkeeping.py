"""What the operations write into the ledger, and what becomes of jobs when it cannot be written."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from busy_store import BusyStore

import tarash_core as tarash
from tarash_core import Job, VideoGenerationConfig, VideoGenerationRequest, operations
from tarash_core.ledger import JobStore, LedgerEntry, MemoryJobStore, SqliteJobStore, digest_of, use_ledger
from tarash_core.testing import ScriptedProvider, World, assert_absent

CANARY = "canary-key-4f8a1c"
REQUEST = VideoGenerationRequest(prompt="a secret prompt")
MAPPING = 'schema: 1\nmodels: ["*"]\ndocs: https://example.com\ntask: any\nfields: {prompt: prompt}\n'
Make = Callable[..., str]


class Watching(MemoryJobStore):
    """Remembers every state that was written, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[LedgerEntry] = []

    def put(self, entry: LedgerEntry, *, wait: bool = True) -> bool:
        self.written.append(entry)
        return super().put(entry, wait=wait)


@pytest.fixture
def store() -> Iterator[Watching]:
    watching = Watching()
    use_ledger(watching)
    yield watching
    use_ledger(None)


@pytest.fixture
def config(make_provider: Make) -> Callable[..., VideoGenerationConfig]:
    def make(script: ScriptedProvider, **settings: Any) -> VideoGenerationConfig:
        facts = "api_key: {environment: [SCRIPTED_KEY]}\n"
        known = {"provider": make_provider(script, facts=facts), "model": "m", "poll_interval": 0.001}
        return VideoGenerationConfig(**{**known, "api_key": CANARY, **settings})

    return make


Config = Callable[..., VideoGenerationConfig]


def test_intent_before_the_wire_then_the_handle_then_each_state(
    world: World, store: Watching, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "_PASSING", 0.0)
    states_at_submit: list[str] = []

    def submit() -> str:
        states_at_submit.extend(entry.state for entry in store.entries())
        return "1"

    script = ScriptedProvider(submit=[submit], poll=["queued", "processing", "processing", "completed"])
    answer = world.generate(config(script), REQUEST)
    assert states_at_submit == ["submitting"]
    assert [entry.state for entry in store.written] == ["submitting", "queued", "processing", "completed"]
    (kept,) = store.entries()
    assert kept.id == answer.job.ledger_id
    assert kept.results == ("https://example.com/kite.mp4",)
    assert {entry.digest for entry in store.written} == {digest_of({"prompt": REQUEST.prompt})}
    assert kept.job is not None
    assert kept.job.request_id == "1"
    assert_absent(CANARY, *store.written)
    assert_absent(REQUEST.prompt or "", *store.written)


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (httpx.ConnectError("refused"), "refused"),
        (tarash.RateLimitError("slow down", status_code=429), "refused"),
        (httpx.ReadError("reply lost"), "uncertain"),
        (RuntimeError("bug"), "uncertain"),
    ],
    ids=repr,
)
def test_a_submit_that_fails_is_kept_for_what_it_is(
    world: World, store: Watching, config: Config, trouble: Exception, state: str
) -> None:
    with pytest.raises(tarash.TarashException) as caught:
        world.generate(config(ScriptedProvider(submit=[trouble])), REQUEST)
    (kept,) = store.entries()
    assert kept.state == state
    assert kept.error == caught.value.message


def test_a_state_that_passes_at_once_is_not_worth_a_write(world: World, store: Watching, config: Config) -> None:
    world.generate(config(ScriptedProvider(poll=["queued", "processing", "completed"])), REQUEST)
    assert [entry.state for entry in store.written] == ["submitting", "queued", "completed"]


def test_a_job_that_is_left_stays_open_with_the_reason(world: World, store: Watching, config: Config) -> None:
    with pytest.raises(tarash.TimeoutError):
        world.generate(config(ScriptedProvider(poll=["processing"]), max_poll_attempts=2), REQUEST)
    (kept,) = store.entries(states={"queued", "processing"})
    assert "max_poll_attempts" in (kept.error or "")


def test_a_failed_and_a_cancelled_job_are_closed(world: World, store: Watching, config: Config) -> None:
    with pytest.raises(tarash.GenerationFailedError):
        world.generate(config(ScriptedProvider(poll=["failed"])), REQUEST)
    assert [entry.state for entry in store.entries()] == ["failed"]
    script = ScriptedProvider()
    settings = config(script)
    job = world.submit(settings, REQUEST)
    world.cancel(job, config=settings)
    assert store.entries()[0].state == "cancelled"


def test_a_job_of_another_process_is_entered_when_it_is_picked_up(
    world: World, store: Watching, config: Config
) -> None:
    settings = config(ScriptedProvider())
    job = world.submit(settings, REQUEST)
    stranger = Job.model_validate_json(job.model_dump_json()).model_copy(update={"ledger_id": None})
    for entry in store.entries():
        store.remove(entry.id)
    world.wait(stranger, config=settings)
    world.wait(stranger, config=settings)
    assert [entry.state for entry in store.entries()] == ["completed"]


class Broken(MemoryJobStore):
    def put(self, entry: LedgerEntry, *, wait: bool = True) -> bool:
        raise OSError("no space left on device")


def test_a_ledger_that_cannot_be_written_costs_a_warning_and_no_job(
    world: World, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    use_ledger(Broken())
    with caplog.at_level(logging.WARNING, "tarash"):
        answer = world.generate(config(ScriptedProvider()), REQUEST)
    assert answer.status == "completed"
    assert [record.getMessage() for record in caplog.records].count(
        "the ledger cannot be written (OSError: no space left on device); jobs go on, keep them yourself or set "
        "TARASH_LEDGER"
    ) == 1
    use_ledger(None)


FULL = """
import resource, sys, pathlib
import tarash_core as t
from tarash_core.testing import ScriptedProvider
home = pathlib.Path(sys.argv[1])
(home / "models").mkdir()
(home / "models" / "all.yaml").write_text(sys.argv[2])
t.register_provider(ScriptedProvider(poll=["completed"]), name="scripted", data=home)
config = t.VideoGenerationConfig(provider="scripted", model="m", poll_interval=0.001)
made = 0
def generate(times):
    global made
    for _ in range(times):
        made += t.generate_video(config, t.VideoGenerationRequest(prompt="x")).status == "completed"
generate(1)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
generate(30)
kept = len(t.list_jobs())
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
generate(1)
print(made, 0 < kept < 31, len(t.list_jobs()) == kept + 1, {entry.state for entry in t.list_jobs(limit=1)})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_that_fills_up_costs_no_job_and_works_again_when_there_is_room(tmp_path: Path) -> None:
    environment = {"PATH": "", "HOME": str(tmp_path), "TARASH_LEDGER": str(tmp_path / "jobs.sqlite3")}
    command = [sys.executable, "-c", FULL, str(tmp_path), MAPPING]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["32", "True", "True", "{'completed'}"], done.stderr
    assert done.stderr.count("the ledger cannot be written") == 1


def test_a_busy_ledger_is_waited_for_without_losing_anything(world: World, config: Config) -> None:
    store: JobStore = BusyStore()
    use_ledger(store)
    world.generate(config(ScriptedProvider()), REQUEST)
    assert [entry.state for entry in store.entries()] == ["completed"]
    use_ledger(None)


def test_the_handle_of_a_cancelled_task_is_written_though_the_ledger_is_busy(config: Config) -> None:
    store = BusyStore()
    use_ledger(store)
    sent = asyncio.Event()

    async def slow() -> str:
        sent.set()
        await asyncio.sleep(0.05)
        return "1"

    async def main() -> None:
        task = asyncio.create_task(tarash.submit_video_async(config(ScriptedProvider(submit=[slow])), REQUEST))
        await sent.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    (kept,) = store.entries()
    assert kept.job is not None
    assert kept.job.request_id == "1"
    use_ledger(None)


def test_nothing_is_written_before_the_first_submit_and_nothing_at_all_when_off(tmp_path: Path) -> None:
    code = """
import tarash_core as t
from tarash_core.testing import ScriptedProvider
import pathlib, sys
home = pathlib.Path(sys.argv[1])
(home / "models").mkdir()
(home / "models" / "all.yaml").write_text(sys.argv[2])
t.register_provider(ScriptedProvider(), name="scripted", data=home)
t.list_plugins(); t.list_models("scripted")
assert not (home / "state").exists()
config = t.VideoGenerationConfig(provider="scripted", model="m", poll_interval=0.001)
t.generate_video(config, t.VideoGenerationRequest(prompt="x"))
print((home / "state").exists())
"""
    for setting, made in (({}, "True"), ({"TARASH_LEDGER": "off"}, "False")):
        home = tmp_path / made
        home.mkdir()
        environment = {"PATH": "", "HOME": str(home), "XDG_STATE_HOME": str(home / "state"), **setting}
        done = subprocess.run(
            [sys.executable, "-c", code, str(home), MAPPING],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.strip() == made, done.stderr


def test_sqlite_serves_the_whole_way(world: World, config: Config, tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "jobs.sqlite3")
    use_ledger(store)
    answer = world.generate(config(ScriptedProvider(poll=["processing", "completed"])), REQUEST)
    (kept,) = store.entries()
    assert kept.state == "completed"
    assert kept.job == answer.job
    use_ledger(None)
    assert CANARY.encode() not in (tmp_path / "jobs.sqlite3").read_bytes()
