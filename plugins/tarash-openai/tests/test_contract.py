"""What every provider must keep, kept by servers of OpenAI's protocol."""

from __future__ import annotations

import pytest
from tarash_openai.testing import STATES, VideoServer

from tarash_core.testing import Reply
from tarash_core.testing.provider_contract import LOST, NO_LISTS, FindingContract, ProviderContract, Steps


class TestOpenAI(FindingContract, ProviderContract):
    module, sdk = "tarash_openai", {"openai", "httpx", "httpx2"}
    fake = VideoServer
    states = STATES
    steps = Steps(submit="create", poll="retrieve", listing="list")
    most_connections = 50  # one each, kept from poll to poll
    lost = {**LOST, "null id": Reply(json={"id": None}), "empty id": Reply(json={"id": "", "status": "queued"})}
    no_lists = {**NO_LISTS, "undated": Reply(json={"data": [{"id": "x"}]})}

    @pytest.fixture
    def service(self, server: VideoServer) -> VideoServer:
        return server

    def make_old(self, service: VideoServer, request_id: str) -> None:
        service.jobs[request_id].created_at = 1767225600
