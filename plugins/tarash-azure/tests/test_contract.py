"""What every provider must keep, kept on both roads to Azure."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
from tarash_openai.testing import STATES, VideoServer

from tarash_core import VideoGenerationConfig
from tarash_core.testing import Reply
from tarash_core.testing.provider_contract import LOST, FindingContract, ProviderContract, Steps


class TestV1(FindingContract, ProviderContract):
    module, sdk = "tarash_azure", {"openai", "httpx", "httpx2"}
    fake = VideoServer
    states = STATES
    steps = Steps(submit="create", poll="retrieve", listing="list")
    most_connections = 50  # one each, kept from poll to poll
    lost = {**LOST, "empty id": Reply(json={"id": "", "status": "queued"})}

    @pytest.fixture
    def service(self, server: VideoServer) -> VideoServer:
        return server

    def make_old(self, service: VideoServer, request_id: str) -> None:
        service.jobs[request_id].created_at = 1767225600


class TestDated(TestV1):
    @pytest.fixture
    def configured(self, configured: Callable[..., VideoGenerationConfig]) -> Callable[..., VideoGenerationConfig]:
        return functools.partial(configured, api_version="2025-04-01-preview")
