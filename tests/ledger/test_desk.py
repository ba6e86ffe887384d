"""The ledger as a person or a program uses it: listed, settled, pruned, in both worlds."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal

import httpx
import pytest

import tarash_core as tarash
from tarash_core import Flow, Job, LedgerEntry, VideoGenerationConfig, VideoGenerationRequest, call, hookimpl
from tarash_core.ledger import MemoryJobStore, use_ledger
from tarash_core.ledger.process import this_process
from tarash_core.testing import ScriptedProvider, World

REQUEST = VideoGenerationRequest(prompt="a red kite")
Make = Callable[..., str]
Found = Job | Literal["not_accepted", "unknown"]


class Looking(ScriptedProvider):
    """A provider that can look, and finds what it is told to: an id, or a word."""

    def __init__(self, finds: object) -> None:
        super().__init__(submit=[httpx.ReadError("reply lost")], result=[{"video": "https://example.com/kite.mp4"}])
        self.steps["find"] = [finds]
        self.asked_about: list[LedgerEntry] = []

    @hookimpl
    def tarash_find_submission(
        self, config: VideoGenerationConfig, client: Callable[[str], Any], entry: LedgerEntry
    ) -> Flow[Found]:
        """What the script says, as a job where it is an id."""
        self.asked_about.append(entry)
        found: str = yield from call(client, "find")
        match found:
            case "not_accepted" | "unknown":
                return found
        return Job(provider=config.provider, model=entry.model, request_id=found)


@pytest.fixture
def store() -> Iterator[MemoryJobStore]:
    memory = MemoryJobStore()
    use_ledger(memory)
    yield memory
    use_ledger(None)


def settle(world: World, name: str, **how: Any) -> LedgerEntry:
    if world.mode == "sync":
        return tarash.settle_job(name, **how)
    return world.run(tarash.settle_job_async(name, **how))


def lost(world: World, make_provider: Make, script: ScriptedProvider, **settings: Any) -> LedgerEntry:
    """An uncertain entry."""
    config = VideoGenerationConfig(provider=make_provider(script), model="m", poll_interval=0.001, **settings)
    with pytest.raises(tarash.SubmissionUncertainError):
        world.generate(config, REQUEST)
    return tarash.list_jobs(states={"uncertain"}, limit=1)[0]


def test_a_found_job_can_be_waited_for(world: World, make_provider: Make, store: MemoryJobStore) -> None:
    script = Looking("found-1")
    entry = lost(world, make_provider, script, base_url="https://gateway.example")
    settled = settle(world, entry.id)
    assert script.asked_about == [entry]
    assert (settled.state, settled.id, settled.base_url) == ("queued", entry.id, "https://gateway.example")
    assert settled.job is not None
    assert (settled.job.request_id, settled.job.submitted_at) == ("found-1", entry.created_at)
    assert world.wait(settled.job).request_id == "found-1"
    assert [kept.state for kept in store.entries()] == ["completed"]


def test_what_was_not_accepted_is_closed(world: World, make_provider: Make, store: MemoryJobStore) -> None:
    entry = lost(world, make_provider, Looking("not_accepted"))
    assert settle(world, entry.id).state == "refused"
    assert "says that it was not accepted" in (store.entries()[0].error or "")
    with pytest.raises(tarash.ConfigurationError, match="refused, not uncertain"):
        settle(world, entry.id)


def test_what_the_provider_cannot_tell_stays_uncertain(
    world: World, make_provider: Make, store: MemoryJobStore
) -> None:
    for script in (Looking("unknown"), ScriptedProvider(submit=[httpx.ReadError("reply lost")])):
        entry = lost(world, make_provider, script)
        with pytest.raises(tarash.ConfigurationError, match="cannot tell"):
            settle(world, entry.id)
    assert [kept.state for kept in store.entries()] == ["uncertain", "uncertain"]


def test_a_ledger_that_cannot_be_written_settles_nothing_and_says_so(
    world: World, make_provider: Make, store: MemoryJobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = lost(world, make_provider, Looking("found-1"))

    def full(entry: LedgerEntry, *, wait: bool = True) -> bool:
        raise OSError("no space left on device")

    monkeypatch.setattr(store, "put", full)
    for how in ({}, {"refused": True}, {"request_id": "known-1"}):
        with pytest.raises(OSError, match="no space left"):
            settle(world, entry.id, **how)
    assert store.entries()[0].state == "uncertain"


def test_what_is_being_submitted_is_not_settled(store: MemoryJobStore) -> None:
    store.put(LedgerEntry(id="mine", provider="acme", model="m"))
    with pytest.raises(tarash.ConfigurationError, match=rf"just being submitted by process {os.getpid()} on '"):
        tarash.settle_job("mine", refused=True)


def test_trouble_while_looking_settles_nothing(world: World, make_provider: Make, store: MemoryJobStore) -> None:
    entry = lost(world, make_provider, Looking(httpx.ReadError("down")))
    with pytest.raises(tarash.HTTPConnectionError):
        settle(world, entry.id)
    assert store.entries()[0].state == "uncertain"


def test_what_the_caller_knows_asks_nobody(world: World, make_provider: Make, store: MemoryJobStore) -> None:
    script = Looking("found-1")
    first, second = (lost(world, make_provider, script) for _ in range(2))
    assert settle(world, first.id, refused=True).state == "refused"
    known = settle(world, second.id, request_id="known-1")
    assert known.job is not None
    assert (known.job.request_id, known.job.ledger_id) == ("known-1", second.id)
    assert script.asked_about == []


def test_another_key_settles_nothing(world: World, make_provider: Make, store: MemoryJobStore) -> None:
    facts = "api_key: {environment: [SCRIPTED_KEY]}\n"
    name = make_provider(Looking("found-1"), facts=facts)
    config = VideoGenerationConfig(provider=name, model="m", api_key="one")
    with pytest.raises(tarash.SubmissionUncertainError):
        world.generate(config, REQUEST)
    with pytest.raises(tarash.ConfigurationError, match="another key"):
        settle(world, store.entries()[0].id, config=_other(config))


def _other(config: VideoGenerationConfig) -> VideoGenerationConfig:
    return VideoGenerationConfig(provider=config.provider, model=config.model, api_key="two")


def test_what_a_dead_process_was_submitting_is_uncertain(store: MemoryJobStore) -> None:
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    host = this_process().partition(":")[0]
    dead, alive, elsewhere = f"{host}:{int(done.stdout)}:4711", this_process(), "another-host:1:4711"
    for number, process in enumerate((dead, alive, elsewhere)):
        store.put(LedgerEntry(id=f"id-{number}", provider="acme", model="m", process=process, created_at=number))
    assert [(entry.id, entry.state) for entry in tarash.list_jobs()] == [
        ("id-2", "submitting"),
        ("id-1", "submitting"),
        ("id-0", "uncertain"),
    ]
    assert [entry.id for entry in tarash.list_jobs(states={"uncertain"})] == ["id-0"]
    assert [entry.id for entry in tarash.list_jobs(states={"submitting"})] == ["id-2", "id-1"]
    assert [entry.id for entry in tarash.list_jobs(states={"submitting"}, limit=1)] == ["id-2"]
    assert tarash.find_entry("id-0").state == "uncertain"
    assert tarash.settle_job("id-0", refused=True).state == "refused"


def test_an_entry_is_found_by_either_id(store: MemoryJobStore) -> None:
    job = Job(provider="acme", model="m", request_id="theirs", ledger_id="ours")
    store.put(LedgerEntry.of(job))
    assert tarash.find_entry("ours") == tarash.find_entry("theirs")
    with pytest.raises(tarash.ConfigurationError, match="knows no job 'nobodys'"):
        tarash.find_entry("nobodys")


def test_only_what_is_settled_and_old_is_forgotten(store: MemoryJobStore) -> None:
    old, new = time.time() - 100, time.time()
    states = ["submitting", "queued", "processing", "uncertain", "completed", "failed", "cancelled", "refused"]
    for age, moment in (("old", old), ("new", new)):
        for state in states:
            entry = LedgerEntry(id=f"{age} {state}", provider="acme", model="m", updated_at=moment)
            store.put(entry.model_copy(update={"state": state}))
    assert tarash.prune_jobs(older_than_seconds=50) == 4
    kept = {entry.id for entry in store.entries()}
    assert kept == {f"new {state}" for state in states} | {f"old {state}" for state in states[:4]}


def test_a_ledger_that_is_off_says_so() -> None:
    use_ledger(None)
    for ask in (tarash.list_jobs, lambda: tarash.find_entry("x"), lambda: tarash.prune_jobs(older_than_seconds=1)):
        with pytest.raises(tarash.ConfigurationError, match="TARASH_LEDGER"):
            ask()
