"""What every provider must keep, kept on both roads to Google."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable
from typing import Any

import pytest
from tarash_google.testing import FakeGoogle, inline_video, omni

from tarash_core import VideoGenerationConfig
from tarash_core.testing import tiny_video
from tarash_core.testing.provider_contract import CancellingContract, ProviderContract, State, Steps

MADE = {"type": "video", "mime_type": "video/mp4", "data": base64.b64encode(tiny_video()).decode("ascii")}
INTERACTIONS: dict[State, dict[str, Any]] = {
    "queued": omni("queued"),
    "processing": omni("in_progress"),
    "completed": omni("completed", MADE),
    "unknown": omni("archived"),
}
# An operation of Vertex is done or not; there is no word for how it is.
VERTEX: dict[State, dict[str, Any]] = {
    "queued": {},
    "processing": {"metadata": {}},
    "completed": {"done": True, "response": inline_video(tiny_video())},
}


class _Google(ProviderContract):
    module, sdk = "tarash_google", {"google.genai", "google.auth", "httpx2"}
    most_connections = 33

    @pytest.fixture
    def service(self, google: FakeGoogle) -> FakeGoogle:
        return google

    def serve(self, key: str | None, *, tls: ssl.SSLContext | None = None) -> FakeGoogle:
        return FakeGoogle(key=key, token=f"ya29.{key}", tls=tls)

    def play(self, service: FakeGoogle, *states: State) -> None:
        service.states = [self.states[state] for state in states]


class TestInteractions(CancellingContract, _Google):
    states = INTERACTIONS
    steps = Steps(cancel="cancel")
    cancels = {"queued": "cancelled", "processing": "cancelled", "completed": "too_late"}

    @pytest.fixture
    def configured(self, omni_config: Callable[..., VideoGenerationConfig]) -> Callable[..., VideoGenerationConfig]:
        return omni_config


class TestVertex(_Google):
    states = VERTEX
    connections = 2  # one of them for the token

    @pytest.fixture
    def configured(self, veo_config: Callable[..., VideoGenerationConfig]) -> Callable[..., VideoGenerationConfig]:
        return veo_config

    def environment(self, provider: str, key: str) -> dict[str, str]:
        """Nothing: the credentials are a file, and project and location stand in the job."""
        return {}

    def echo(self, key: str) -> dict[str, Any]:
        """The token, which the core does not know, and tells by its form."""
        token = f"Bearer ya29.{key}"
        details = [{"headers": {"Authorization": token}}]
        return {"error": {"code": 400, "message": f"{token} is unknown", "details": details}}
