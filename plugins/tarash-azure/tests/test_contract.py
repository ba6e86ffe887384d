"""What every provider must keep, kept on both roads to Azure."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable
from typing import Any

import pytest
from tarash_openai.testing import COMPLETED, IN_PROGRESS, QUEUED, VideoServer

from tarash_core import VideoGenerationConfig
from tarash_core.testing import Reply
from tarash_core.testing.provider_contract import LOST, FindingContract, ProviderContract, State, Steps

STATES: dict[State, dict[str, Any]] = {
    "queued": QUEUED,
    "processing": IN_PROGRESS,
    "completed": COMPLETED,
    "unknown": {"status": "archived"},
}


class TestV1(FindingContract, ProviderContract):
    module, sdk = "tarash_azure", {"openai", "httpx", "httpx2"}
    steps = Steps(submit="create", poll="retrieve", listing="list")
    lost = {**LOST, "empty id": Reply(json={"id": "", "status": "queued"})}

    @pytest.fixture
    def service(self, server: VideoServer) -> VideoServer:
        return server

    def serve(self, key: str | None, *, tls: ssl.SSLContext | None = None) -> VideoServer:
        return VideoServer(key=key, tls=tls)

    def play(self, service: VideoServer, *states: State) -> None:
        service.statuses = [STATES[state] for state in states]

    def jobs(self, service: VideoServer) -> dict[str, Any]:
        return service.jobs

    def make_old(self, service: VideoServer, request_id: str) -> None:
        service.jobs[request_id].created_at = 1767225600


class TestDated(TestV1):
    @pytest.fixture
    def configured(self, configured: Callable[..., VideoGenerationConfig]) -> Callable[..., VideoGenerationConfig]:
        return functools.partial(configured, api_version="2025-04-01-preview")
