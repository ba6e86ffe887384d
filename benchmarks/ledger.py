"""What the ledger costs: CPU of a job that is written down, and ten thousand jobs listed and resumed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rows import Row

from tarash_core import (
    Job,
    LedgerEntry,
    VideoGenerationConfig,
    VideoGenerationRequest,
    generate_video,
    list_jobs,
    register_provider,
    unregister_provider,
    wait_async,
)
from tarash_core.ledger import OPEN_STATES, SqliteJobStore, use_ledger
from tarash_core.testing import ScriptedProvider

NAME = "ledgerbench"
BUDGET = 0.3  # milliseconds of CPU a job
MAPPING = 'schema: 1\nmodels: ["*"]\ndocs: https://example.com\ntask: any\nfields: {prompt: prompt}\n'


def ledger(*, quick: bool) -> Iterator[Row]:
    """A provider that answers at once, so that nothing else is measured."""
    with tempfile.TemporaryDirectory() as folder, _provider(Path(folder)) as config:
        path = Path(folder) / "jobs.sqlite3"
        try:
            yield from _per_job(config, path, jobs=20 if quick else 200, rounds=3 if quick else 15)
            yield from _many(config, path, count=500 if quick else 10_000)
        finally:
            use_ledger(None)


@contextmanager
def _provider(folder: Path) -> Iterator[VideoGenerationConfig]:
    (folder / "models").mkdir()
    (folder / "models" / "all.yaml").write_text(MAPPING, encoding="utf-8")
    (folder / "provider.yaml").write_text(f"name: {NAME}\ntitle: Scripted\n", encoding="utf-8")
    register_provider(ScriptedProvider(), name=NAME, data=folder)
    try:
        yield VideoGenerationConfig(provider=NAME, model="m", poll_interval=0.0001)
    finally:
        unregister_provider(NAME)


def _per_job(config: VideoGenerationConfig, path: Path, *, jobs: int, rounds: int) -> Iterator[Row]:
    """Generations with the ledger and without, in turn, in one process."""
    request = VideoGenerationRequest(prompt="a red kite over a stormy sea")

    def cpu(store: SqliteJobStore | None) -> float:
        use_ledger(store)
        generate_video(config, request)
        began = time.process_time()
        for _ in range(jobs):
            generate_video(config, request)
        return 1000 * (time.process_time() - began) / jobs

    pairs = [(cpu(SqliteJobStore(path)), cpu(None)) for _ in range(rounds)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    yield Row("a job with the ledger, and without: CPU", ours, theirs, "ms")
    added = statistics.median(with_it - without for with_it, without in pairs)
    yield Row("the ledger's CPU a job, against its budget", added, BUDGET, "ms", budget=1)


def _many(config: VideoGenerationConfig, path: Path, *, count: int) -> Iterator[Row]:
    """Open jobs of another process, listed and waited for."""
    store = SqliteJobStore(path)
    use_ledger(store)
    for entry in store.entries():
        store.remove(entry.id)
    for number in range(count):
        job = Job(provider=NAME, model="m", request_id=f"job-{number}", state="processing", submitted_at=number)
        store.put(LedgerEntry.of(job))

    def raw() -> int:
        """The same file read without Tarash."""
        with closing(sqlite3.connect(path)) as file:
            return len(
                [json.loads(text) for (text,) in file.execute("SELECT entry FROM jobs ORDER BY created_at DESC")]
            )

    assert raw() == len(list_jobs(states=OPEN_STATES)) == count
    yield Row(f"{count:,} jobs listed", _wall(lambda: list_jobs(states=OPEN_STATES)), _wall(raw), "ms")
    yield Row(f"the newest 20 of {count:,} jobs", _wall(lambda: list_jobs(limit=20)), _wall(raw), "ms")
    few = count // 100
    for _ in range(2):  # a warm-up, and what is measured
        some = asyncio.run(_resumed(config, [entry.job for entry in list_jobs(limit=few) if entry.job]))
    entries = list_jobs(states=OPEN_STATES)
    every = asyncio.run(_resumed(config, [entry.job for entry in entries if entry.job]))
    assert not list_jobs(states=OPEN_STATES), "every job was waited for"
    yield Row(f"{len(entries):,} jobs resumed at once, and {few}", every, some, "ms a job", budget=2)


async def _resumed(config: VideoGenerationConfig, jobs: list[Job]) -> float:
    """Milliseconds a job."""
    began = time.perf_counter()
    await asyncio.gather(*(wait_async(job, config=config) for job in jobs))
    return 1000 * (time.perf_counter() - began) / len(jobs)


def _wall(measured: Callable[[], object]) -> float:
    """Milliseconds."""
    times: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        measured()
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)
