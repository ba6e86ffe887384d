"""Ctrl-C at every single line of a generation, and cancelled at every step: what was accepted, the ledger has."""

from __future__ import annotations

import asyncio
import contextvars
import itertools
import linecache
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from busy_store import BusyStore

from tarash_core import VideoGenerationConfig, VideoGenerationRequest, generate_video, generate_video_async, list_jobs
from tarash_core.ledger import JobStore, MemoryJobStore, use_ledger
from tarash_core.testing import ScriptedProvider

REQUEST = VideoGenerationRequest(prompt="a red kite")
Make = Callable[..., str]

pytestmark = [
    pytest.mark.skipif(sys.gettrace() is not None, reason="a debugger or coverage traces the lines"),
    # Python drops what is raised while it throws a generator away.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(params=[MemoryJobStore, BusyStore])
def store(request: pytest.FixtureRequest) -> Iterator[JobStore]:
    made: JobStore = request.param()
    use_ledger(made)
    yield made
    use_ledger(None)


class Presses:
    """Presses Ctrl-C at one line of Tarash's own code, counted over a generation."""

    def __init__(self, *lines: int) -> None:
        self.left = list(lines)
        self._count = 0
        self.where = "nowhere"

    def __enter__(self) -> Presses:
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        # A second one may break through in the very line that would have put it back.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    @property
    def pressed(self) -> bool:
        return not self.left

    def _trace(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        ours = "tarash_core" in frame.f_code.co_filename and threading.current_thread() is threading.main_thread()
        if event == "line" and ours and self.left and not _is_with(frame):
            self._count += 1
            if self._count == self.left[0]:
                del self.left[0]
                self.where = f"{frame.f_code.co_filename}:{frame.f_lineno}"
                signal.raise_signal(signal.SIGINT)
        return self._trace if ours else None


def _is_with(frame: FrameType) -> bool:
    """Whether a line begins a with-block. It is its last line too, and there Python itself takes no signal."""
    return linecache.getline(frame.f_code.co_filename, frame.f_lineno).lstrip().startswith("with ")


def _generation(make_provider: Make) -> tuple[Callable[[], object], list[str]]:
    """A generation to run, and the ids that its provider accepted."""
    accepted: list[str] = []

    def submit() -> str:
        accepted.append(f"job-{len(accepted)}")
        return accepted[-1]

    script = ScriptedProvider(submit=[submit], poll=["completed"])
    config = VideoGenerationConfig(provider=make_provider(script), model="m", poll_interval=0.0001)
    generate_video(config, REQUEST)
    accepted.clear()
    return lambda: generate_video(config, REQUEST), accepted


def _pressed(generate: Callable[[], object], accepted: list[str], store: JobStore, *lines: int) -> Presses:
    """Run it from nothing, with Ctrl-C at these lines."""
    accepted.clear()
    for entry in store.entries():
        store.remove(entry.id)
    with Presses(*lines) as presses:
        try:
            contextvars.copy_context().run(generate)
        except KeyboardInterrupt:
            return presses
    assert len(lines) > 1 or not presses.pressed, f"Ctrl-C was swallowed at {presses.where}"
    return presses


def test_ctrl_c_at_every_line_loses_no_job(make_provider: Make, store: JobStore) -> None:
    generate, accepted = _generation(make_provider)
    for moment in itertools.count(1):
        presses = _pressed(generate, accepted, store, moment)
        entries = list_jobs()
        known = [entry.job.request_id for entry in entries if entry.job is not None]
        assert known == accepted, f"Ctrl-C at {presses.where}"
        assert "submitting" not in [entry.state for entry in entries], f"Ctrl-C at {presses.where}"
        if not presses.pressed:
            break
    assert moment > 200


@pytest.mark.parametrize("apart", [1, 25])
def test_a_second_ctrl_c_leaves_nothing_that_is_not_known(make_provider: Make, store: JobStore, apart: int) -> None:
    """It breaks through: what it leaves is uncertain, at the latest when the process ends, and never refused."""
    generate, accepted = _generation(make_provider)
    for moment in itertools.count(1, 2):
        presses = _pressed(generate, accepted, store, moment, moment + apart)
        if len(presses.left) == 2:
            break
        states = [entry.state for entry in list_jobs()]
        if accepted:
            assert states in (["submitting"], ["uncertain"], ["queued"], ["completed"]), f"Ctrl-C at {presses.where}"
    assert moment > 200


def test_a_task_that_is_cancelled_at_any_step_loses_no_job(make_provider: Make, store: JobStore) -> None:
    accepted: list[str] = []

    async def submit() -> str:
        await asyncio.sleep(0)
        accepted.append(f"job-{len(accepted)}")
        await asyncio.sleep(0)
        return accepted[-1]

    script = ScriptedProvider(submit=[submit], poll=["completed"])
    config = VideoGenerationConfig(provider=make_provider(script), model="m", poll_interval=0.0001)

    async def cancelled_after(steps: int) -> bool:
        """Whether it was cancelled before it had ended."""
        task = asyncio.create_task(generate_video_async(config, REQUEST))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        return task.cancelled()

    async def main() -> int:
        await generate_video_async(config, REQUEST)
        steps = 0
        while True:
            accepted.clear()
            for entry in store.entries():
                store.remove(entry.id)
            cancelled = await cancelled_after(steps)
            entries = list_jobs()
            assert [entry.job.request_id for entry in entries if entry.job is not None] == accepted, steps
            assert "submitting" not in [entry.state for entry in entries], steps
            if not cancelled:
                return steps
            steps += 1

    assert asyncio.run(main()) > 5
