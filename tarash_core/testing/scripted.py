"""A provider without a service: every outcome that a service can have, by a script."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from tarash_core import Flow, Job, Payload, VideoGenerationConfig, call, hookimpl
from tarash_core.hookspecs import Mode

_KITE = {"video": {"url": "https://example.com/kite.mp4"}}

Step = Callable[[str], Any]


class ScriptedProvider:
    """A provider plugin that does what its script says: register it with `tarash_core.register_provider`.

    Each step takes the next entry of its list and keeps the last one. A callable is called (and awaited), an exception
    is raised, anything else is the answer: a request id for `submit`, a job state or a dict of job fields for `poll`, a
    raw result for `result`, an outcome for `cancel`, an address for `upload`.

    Attributes:
        calls: The steps that were asked for, in order.
        payloads: What was submitted.
        clients: ``(config, mode)`` of each client that was built.
        steps: What is left of the script.
    """

    def __init__(
        self,
        *,
        submit: Sequence[object] = ("1",),
        poll: Sequence[object] = ("completed",),
        result: Sequence[object] = (_KITE,),
        cancel: Sequence[object] = ("cancelled",),
        upload: Sequence[object] = ("https://example.com/uploaded.png",),
    ) -> None:
        script = {"submit": submit, "poll": poll, "result": result, "cancel": cancel, "upload": upload}
        self.steps = {name: list(entries) for name, entries in script.items()}
        self.calls: list[str] = []
        self.payloads: list[Payload] = []
        self.clients: list[tuple[VideoGenerationConfig, Mode]] = []

    @hookimpl
    def tarash_create_client(self, config: VideoGenerationConfig, mode: Mode) -> Step:
        """The client is the function that takes the next step."""
        self.clients.append((config, mode))
        return self._step if mode == "sync" else self._step_async

    @hookimpl
    def tarash_upload(self, client: Step) -> Flow[object]:
        """The address that the script says."""
        return (yield from call(client, "upload"))

    @hookimpl
    def tarash_submit(self, config: VideoGenerationConfig, client: Step, payload: Payload) -> Flow[Job]:
        """A job with the id that the script says."""
        self.payloads.append(payload)
        request_id = yield from call(client, "submit")
        return Job(provider=config.provider, model=payload.model, request_id=request_id)

    @hookimpl
    def tarash_poll(self, client: Step, job: Job) -> Flow[Job]:
        """The job in the state that the script says."""
        told = yield from call(client, "poll")
        return job.advance(**told) if isinstance(told, dict) else job.advance(told)

    @hookimpl
    def tarash_result(self, client: Step) -> Flow[object]:
        """The raw result that the script says."""
        return (yield from call(client, "result"))

    @hookimpl
    def tarash_cancel(self, client: Step) -> Flow[Any]:
        """The outcome that the script says."""
        return (yield from call(client, "cancel"))

    def _step(self, name: str) -> Any:
        self.calls.append(name)
        entries = self.steps[name]
        does = entries.pop(0) if len(entries) > 1 else entries[0]
        if isinstance(does, BaseException):
            raise does
        return does() if callable(does) else does

    async def _step_async(self, name: str) -> Any:
        does = self._step(name)
        return await does if inspect.isawaitable(does) else does
