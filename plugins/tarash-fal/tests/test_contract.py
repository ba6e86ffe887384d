"""What every provider must keep, kept by fal."""

from __future__ import annotations

import pytest
from tarash_fal.testing import COMPLETED, IN_PROGRESS, IN_QUEUE, FalQueue

from tarash_core.testing import Reply
from tarash_core.testing.provider_contract import (
    LOST,
    CancellingContract,
    FindingContract,
    ProviderContract,
    Steps,
)

ADDRESSES = dict.fromkeys(("response_url", "status_url", "cancel_url"), "https://queue.fal.run/x")


class TestFal(CancellingContract, FindingContract, ProviderContract):
    module, sdk = "tarash_fal", {"fal_client", "httpx", "httpcore"}
    fake = FalQueue
    states = {
        "queued": IN_QUEUE,
        "processing": IN_PROGRESS,
        "completed": COMPLETED,
        "unknown": {"status": "ARCHIVED"},
    }
    steps = Steps(poll="status", result="result", cancel="cancel", listing="list")
    cancels = {"queued": "cancelled", "processing": "requested", "completed": "too_late"}
    lost = {
        **LOST,
        "addresses alone": Reply(json={**ADDRESSES, "status": "IN_QUEUE"}),
        "null id": Reply(json={**ADDRESSES, "request_id": None}),
        "empty id": Reply(json={**ADDRESSES, "request_id": ""}),
    }
    at_once, most_connections = 200, 100
    wire_log = "send_request_headers"  # httpcore's: fal's requests do not pass httpx's own log line
    ends_at_result = {"500", "200 list"}  # https://fal.ai/docs/documentation/model-apis/errors

    @pytest.fixture
    def service(self, fal: FalQueue) -> FalQueue:
        return fal

    def make_old(self, service: FalQueue, request_id: str) -> None:
        service.jobs[request_id].sent_at = "2026-01-01T00:00:00Z"
