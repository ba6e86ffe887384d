"""The fake itself: one handler per step."""

from __future__ import annotations

import base64
import itertools
import re
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tarash_core.testing import FakeService, Received, Reply, tiny_video

Step = Literal["token", "submit", "poll", "cancel", "file", "download"]
Json = dict[str, Any]

_MODEL = r"/[^/]+/(?:projects/[^/]+/locations/[^/]+/)?publishers/google/models/(?P<model>[^/:]+)"
_STEPS: tuple[tuple[str, re.Pattern[str], Step], ...] = (
    ("POST", re.compile(r"/token"), "token"),
    ("POST", re.compile(_MODEL + ":predictLongRunning"), "submit"),
    ("POST", re.compile(_MODEL + ":fetchPredictOperation"), "poll"),
    ("POST", re.compile(r"/[^/]+/interactions"), "submit"),
    ("GET", re.compile(r"/[^/]+/interactions/[^/]+"), "poll"),
    ("POST", re.compile(r"/[^/]+/interactions/[^/]+/cancel"), "cancel"),
    ("GET", re.compile(r"/[^/]+/files/[^/:]+"), "file"),
    ("GET", re.compile(r"/[^/]+/files/[^/:]+:download"), "download"),
)


def inline_video(video: bytes) -> Json:
    """What a finished operation of Vertex holds without ``output_gcs_uri``."""
    encoded = base64.b64encode(video).decode("ascii")
    return {"videos": [{"bytesBase64Encoded": encoded, "mimeType": "video/mp4"}]}


def filtered(*reasons: str, videos: Sequence[Json] = ()) -> Json:
    """What a finished operation of Vertex holds whose videos Google kept back."""
    told = {"raiMediaFilteredCount": len(reasons), "raiMediaFilteredReasons": list(reasons)}
    return {**told, **({"videos": list(videos)} if videos else {})}


def omni(status: str, *content: Json, **others: Any) -> Json:
    """An interaction, with what the model made."""
    steps = [{"type": "user_input", "content": []}, {"type": "model_output", "content": list(content)}]
    return {"status": status, "object": "interaction", "steps": steps if content else [], **others}


def vertex_error(code: int, message: str) -> Json:
    """An operation that failed: ``google.rpc.Status``."""
    return {"done": True, "error": {"code": code, "message": message}}


@dataclass(slots=True)
class FakeJob:
    """One job that the fake accepted.

    Args:
        name: Its name: of an operation, or the id of an interaction.
        model: The model it was submitted to.
        body: The JSON of the submit.
        states: What is answered to the next polls; the last one stays.
    """

    name: str
    model: str
    body: Json
    states: deque[Json]


@dataclass
class FakeGoogle(FakeService[Step]):
    """Google on loopback, as a context manager. Change its attributes at any time; they count for the next request.

    Args:
        key: The API key that is asked for; None takes any.
        states: What a new job answers to its polls, in turn; None: a job that runs and then has made `video`.
        video: The video.
        file_states: What the Files API says of a video that is given by address, in turn; the last one stays.
        token: The access token that the token server gives and Vertex takes.
        tls: A server-side context; without it the fake speaks plain HTTP.

    Its steps are ``token``, ``submit``, ``poll``, ``cancel``, ``file`` and ``download``.

    Attributes:
        posts: How many submits came in, the lost and the refused included.
        jobs: The jobs accepted, by name.
        server: The server itself, with all `requests` and the number of `connections`.
    """

    key: str | None = None
    states: Sequence[Json] | None = None
    video: bytes = field(default_factory=tiny_video, repr=False)
    file_states: Sequence[str] = ("ACTIVE",)
    token: str = "ya29.fake-access-token"
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.jobs: dict[str, FakeJob] = {}
        self.serve(tls=self.tls)
        self._numbers = itertools.count(1)

    def step_of(self, received: Received) -> Step | None:
        """By method and address."""
        for method, pattern, step in _STEPS:
            if received.method == method and pattern.fullmatch(received.path):
                return step
        return None

    def carried_out(self, step: Step, received: Received) -> Reply:
        """One method a step, for who has the right key or token."""
        carry_out: Callable[[Received], Reply] = getattr(self, f"_{step}")
        return self._stranger(received, step) or carry_out(received)

    def no_such_address(self, received: Received) -> Reply:
        """In Google's words."""
        return _error(404, "NOT_FOUND", f"no such address: {received.method} {received.path}")

    def _stranger(self, received: Received, step: Step) -> Reply | None:
        """The refusal of a request without the right key or token."""
        key, token = received.headers.get("x-goog-api-key"), received.headers.get("authorization")
        if step == "token" or token == f"Bearer {self.token}":
            return None
        if key is not None and self.key in (None, key):
            return None
        if key is None:
            return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
        return _error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", info)

    def _token(self, received: Received) -> Reply:
        return Reply(json={"access_token": self.token, "expires_in": 3600, "token_type": "Bearer"})

    def _submit(self, received: Received) -> Reply:
        number, body = next(self._numbers), received.json()
        found = re.fullmatch(_MODEL + ":predictLongRunning", received.path)
        if found is None:
            name, model = f"v1_{number}", str(body["model"])
        else:
            model = found["model"]
            name = f"projects/1/locations/us-central1/publishers/google/models/{model}/operations/{number}"
        self.jobs[name] = FakeJob(name, model, body, deque(self.states or self._usual(found is not None)))
        return Reply(json={"name": name} if found else {"id": name, **omni("queued")})

    def _usual(self, vertex: bool) -> Sequence[Json]:
        if vertex:
            return {}, {"metadata": {}}, {"done": True, "response": inline_video(self.video)}
        made = {"type": "video", "mime_type": "video/mp4", "data": base64.b64encode(self.video).decode("ascii")}
        return omni("queued"), omni("in_progress"), omni("completed", made)

    def _poll(self, received: Received) -> Reply:
        fetching = received.method == "POST"
        name = received.json()["operationName"] if fetching else received.path.rpartition("/")[2]
        job = self.jobs.get(name)
        if job is None:
            return _error(404, "NOT_FOUND", f"{name} is not found")
        told = job.states.popleft() if len(job.states) > 1 else job.states[0]
        return Reply(json={"name" if fetching else "id": name, **told})

    def _cancel(self, received: Received) -> Reply:
        job = self.jobs.get(received.path.split("/")[-2])
        if job is None:
            return _error(404, "NOT_FOUND", "the interaction is not found")
        if job.states[0].get("status") not in ("queued", "in_progress"):
            return _error(400, "FAILED_PRECONDITION", "the interaction is not running")
        job.states = deque([omni("cancelled")])
        return Reply(json={"id": job.name, **omni("cancelled")})

    def _file(self, received: Received) -> Reply:
        first, *rest = self.file_states
        self.file_states = rest or (first,)
        return Reply(json={"name": received.path.partition("/")[2].partition("/")[2], "state": first})

    def _download(self, received: Received) -> Reply:
        return Reply(body=self.video, headers={"Content-Type": "video/mp4"})


def _error(code: int, status: str, message: str, *details: Json) -> Reply:
    return Reply(code, json={"error": {"code": code, "status": status, "message": message, "details": list(details)}})
