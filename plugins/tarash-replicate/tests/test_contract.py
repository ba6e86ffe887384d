"""What every provider must keep, kept by Replicate."""

from __future__ import annotations

from typing import Any

import pytest
from tarash_replicate.testing import PROCESSING, STARTING, SUCCEEDED, ReplicateApi

from tarash_core.testing import Reply
from tarash_core.testing.provider_contract import (
    LOST,
    NO_LISTS,
    CancellingContract,
    FindingContract,
    ProviderContract,
    State,
    Steps,
)

UNDATED = {"id": "x", "model": "google/veo-3.1-fast", "input": {}, "created_at": 5}


class TestReplicate(CancellingContract, FindingContract, ProviderContract):
    module, sdk = "tarash_replicate", {"replicate", "httpx", "httpcore"}
    fake = ReplicateApi
    states = {
        "queued": STARTING,
        "processing": PROCESSING,
        "completed": SUCCEEDED,
        "unknown": {"status": "archived"},
    }
    steps = Steps(poll="get", cancel="cancel", listing="list")
    most_connections = 50  # one each, kept from poll to poll
    cancels = {"queued": "cancelled", "processing": "cancelled", "completed": "too_late"}
    lost = {
        **LOST,
        "status alone": Reply(201, json={"status": "starting"}),
        "empty id": Reply(201, json={"id": "", "status": "starting"}),
        "id no text": Reply(201, json={"id": 7, "status": "starting"}),
    }
    no_lists = {**NO_LISTS, "undated": Reply(json={"results": [UNDATED]})}

    @pytest.fixture
    def service(self, api: ReplicateApi) -> ReplicateApi:
        return api

    def play(self, service: ReplicateApi, *states: State) -> None:
        service.states = [self.states[state] for state in states]

    def jobs(self, service: ReplicateApi) -> dict[str, Any]:
        return service.predictions

    def make_old(self, service: ReplicateApi, request_id: str) -> None:
        service.predictions[request_id]["created_at"] = "2026-01-01T00:00:00.000000Z"
