"""Every provider that has a server on loopback, behind one face: for tests that hold all of them to the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tarash_fal.testing import FalQueue
from tarash_google.testing import FakeGoogle
from tarash_openai.testing import VideoServer
from tarash_replicate.testing import ReplicateApi

from tarash_core import VideoGenerationConfig
from tarash_core.testing import FakeService, Received

KEY = "canary-7f3a9c51e2"


Server = FakeService[Any]


@dataclass(frozen=True)
class Double:
    """One provider and its server.

    Args:
        provider: Its name.
        model: One of its models.
        make: Builds the server, to be entered.
        step: What the server calls the submit.
        path: What follows the server's address in `base_url`.
        jobs: The server's accepted jobs by id; the ids are those of `Job.request_id`.
        prompt: The prompt that a received submit asks for; None of other requests.
        prompt_of: The prompt of an accepted job.
        settles: Whether the provider can tell what became of a lost submit.
        warm: Modules that hold the SDK, to be imported ahead.
        brief: Keywords of the server for jobs that are done at the second poll.
        options: The `provider_config` that its configs have.
    """

    provider: str
    model: str
    make: Callable[..., Server]
    step: str
    jobs: Callable[[Any], dict[str, Any]]
    prompt: Callable[[Received], str | None]
    prompt_of: Callable[[Any], str]
    path: str = ""
    settles: bool = False
    warm: tuple[str, ...] = ()
    brief: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    def config(self, server: Server, **changes: Any) -> VideoGenerationConfig:
        """A config for the server."""
        return self.config_at(server.server.url, **changes)

    def config_at(self, address: str, **changes: Any) -> VideoGenerationConfig:
        """A config for an address."""
        given = {"model": self.model, "api_key": KEY, "poll_interval": 0.02, "timeout": 60.0, **changes}
        options = dict(self.options)
        return VideoGenerationConfig(
            provider=self.provider, base_url=f"{address}{self.path}", provider_config=options, **given
        )


def _fal_prompt(received: Received) -> str | None:
    submit = received.method == "POST" and "/requests/" not in received.path
    return str(received.json()["prompt"]) if submit else None


def _replicate_prompt(received: Received) -> str | None:
    submit = received.method == "POST" and received.path.endswith("/predictions")
    return str(received.json()["input"]["prompt"]) if submit else None


def _openai_prompt(received: Received) -> str | None:
    """The submit is a form of text fields."""
    head, _, rest = received.body.partition(b'name="prompt"\r\n\r\n')
    return rest.partition(b"\r\n--")[0].decode() if head and rest else None


def _google_prompt(received: Received) -> str | None:
    if not received.path.endswith("/interactions"):
        return None
    return str(received.json()["input"][0]["content"][0]["text"])


def _vertex_prompt(received: Received) -> str | None:
    submit = received.path.endswith(":predictLongRunning")
    return str(received.json()["instances"][0]["prompt"]) if submit else None


def _openai_double(provider: str, path: str, warm: str) -> Double:
    return Double(
        provider,
        "sora-2",
        VideoServer,
        "create",
        lambda server: server.jobs,
        _openai_prompt,
        lambda job: job.fields["prompt"],
        path=path,
        settles=True,
        warm=("openai", warm),
        brief={"statuses": ({"status": "in_progress"}, {"status": "completed"})},
    )


DOUBLES: dict[str, Double] = {
    "fal": Double(
        "fal",
        "fal-ai/veo3.1/fast",
        FalQueue,
        "submit",
        lambda server: server.jobs,
        _fal_prompt,
        lambda job: job.arguments["prompt"],
        settles=True,
        warm=("tarash_fal.client",),
        brief={"statuses": ({"status": "IN_PROGRESS", "logs": []}, {"status": "COMPLETED", "logs": []})},
    ),
    "replicate": Double(
        "replicate",
        "google/veo-3.1-fast",
        ReplicateApi,
        "submit",
        lambda server: server.predictions,
        _replicate_prompt,
        lambda job: job["input"]["prompt"],
        settles=True,
        warm=("tarash_replicate.client",),
        brief={"states": ({"status": "processing"}, {"status": "succeeded"})},
    ),
    "openai": _openai_double("openai", "/v1", "tarash_openai.client"),
    "azure-openai": _openai_double("azure-openai", "", "tarash_azure.client"),
    "google": Double(
        "google",
        "gemini-omni-1.2-flash",
        FakeGoogle,
        "submit",
        lambda server: server.jobs,
        _google_prompt,
        lambda job: job.body["input"][0]["content"][0]["text"],
        warm=("tarash_google.client", "google.genai"),
    ),
}

# Google has a second road, with a key of express mode.
ROADS: dict[str, Double] = {
    **DOUBLES,
    "google on Vertex AI": replace(
        DOUBLES["google"],
        model="veo-3.1-generate-001",
        prompt=_vertex_prompt,
        prompt_of=lambda job: job.body["instances"][0]["prompt"],
        options={"vertexai": True},
    ),
}
