"""Both worlds behind one face: the public API, sync or async, driven from a plain test."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Literal, TypeVar

import tarash_core as tarash
from tarash_core import Cancellation, GeneratedVideo, Job, LedgerEntry, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.drive import OnProgress
from tarash_core.flow import Flow
from tarash_core.response import VideoGenerationResponse

T = TypeVar("T")


class World:
    """The public API in the ``"sync"`` or the ``"async"`` world; the async one runs on a loop of its own.

    Use it as a context manager, or call `close`: clients and the loop are closed.
    """

    def __init__(self, mode: Literal["sync", "async"]) -> None:
        self.mode = mode
        self._runner = asyncio.Runner() if mode == "async" else None

    def generate(
        self, config: VideoGenerationConfig, request: VideoGenerationRequest, *, on_progress: OnProgress | None = None
    ) -> VideoGenerationResponse:
        """`generate_video` or `generate_video_async`."""
        if self._runner is None:
            return tarash.generate_video(config, request, on_progress=on_progress)
        return self.run(tarash.generate_video_async(config, request, on_progress=on_progress))

    def submit(self, config: VideoGenerationConfig, request: VideoGenerationRequest) -> Job:
        """`submit_video` or `submit_video_async`."""
        if self._runner is None:
            return tarash.submit_video(config, request)
        return self.run(tarash.submit_video_async(config, request))

    def poll(self, job: Job, *, config: VideoGenerationConfig | None = None) -> Job:
        """`poll` or `poll_async`."""
        return (
            tarash.poll(job, config=config) if self._runner is None else self.run(tarash.poll_async(job, config=config))
        )

    def wait(
        self, job: Job, *, config: VideoGenerationConfig | None = None, on_progress: OnProgress | None = None
    ) -> VideoGenerationResponse:
        """`wait` or `wait_async`."""
        if self._runner is None:
            return tarash.wait(job, config=config, on_progress=on_progress)
        return self.run(tarash.wait_async(job, config=config, on_progress=on_progress))

    def cancel(self, job: Job, *, config: VideoGenerationConfig | None = None) -> Cancellation:
        """`cancel` or `cancel_async`."""
        if self._runner is None:
            return tarash.cancel(job, config=config)
        return self.run(tarash.cancel_async(job, config=config))

    def settle(
        self, name: str, *, config: VideoGenerationConfig | None = None, request_id: str | None = None
    ) -> LedgerEntry:
        """`settle_job` or `settle_job_async`."""
        if self._runner is None:
            return tarash.settle_job(name, config=config, request_id=request_id)
        return self.run(tarash.settle_job_async(name, config=config, request_id=request_id))

    def save(self, video: GeneratedVideo, path: str | Path, **limits: Any) -> Path:
        """`GeneratedVideo.save` or `save_async`."""
        return video.save(path, **limits) if self._runner is None else self.run(video.save_async(path, **limits))

    def read(self, video: GeneratedVideo, **limits: Any) -> bytes:
        """`GeneratedVideo.read` or `read_async`."""
        return video.read(**limits) if self._runner is None else self.run(video.read_async(**limits))

    def drive(self, flow: Flow[T], *, on_progress: OnProgress | None = None) -> T:
        """A flow, by the driver of this world."""
        if self._runner is None:
            return tarash.run(flow, on_progress=on_progress)
        return self.run(tarash.arun(flow, on_progress=on_progress))

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """A coroutine, on the async world's loop."""
        assert self._runner is not None, "the sync world has no loop"
        return self._runner.run(coroutine)

    def close(self) -> None:
        """Close all clients and the loop."""
        tarash.close()
        if self._runner is not None:
            self._runner.run(tarash.aclose())
            self._runner.close()

    def __enter__(self) -> World:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
