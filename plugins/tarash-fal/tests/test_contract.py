"""What every provider must keep, kept by fal."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from tarash_fal.testing import COMPLETED, IN_PROGRESS, IN_QUEUE, FalQueue

from tarash_core.testing.provider_contract import CancellingContract, ProviderContract, State, Steps

STATES: dict[State, dict[str, Any]] = {
    "queued": IN_QUEUE,
    "processing": IN_PROGRESS,
    "completed": COMPLETED,
    "unknown": {"status": "ARCHIVED"},
}


class TestFal(CancellingContract, ProviderContract):
    module, sdk = "tarash_fal", {"fal_client", "httpx", "httpcore"}
    steps = Steps(poll="status", result="result", cancel="cancel")
    cancels = {"queued": "cancelled", "processing": "requested", "completed": "too_late"}
    at_once, most_connections = 200, 100
    wire_log = "send_request_headers"  # httpcore's: fal's requests do not pass httpx's own log line
    unknown_word = "ARCHIVED"
    ends_at_result = {"500", "200 list"}  # https://fal.ai/docs/documentation/model-apis/errors

    @pytest.fixture
    def service(self, fal: FalQueue) -> FalQueue:
        return fal

    def serve(self, key: str | None, *, tls: ssl.SSLContext | None = None) -> FalQueue:
        return FalQueue(key=key, tls=tls)

    def play(self, service: FalQueue, *states: State) -> None:
        service.statuses = [STATES[state] for state in states]

    def jobs(self, service: FalQueue) -> dict[str, Any]:
        return service.jobs
