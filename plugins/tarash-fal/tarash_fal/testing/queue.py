"""The fake itself: one handler per step of the protocol."""

from __future__ import annotations

import datetime
import itertools
import re
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from tarash_core.testing import FakeService, Received, Reply, tiny_video

Step = Literal["submit", "status", "result", "cancel", "list", "initiate", "put", "token", "cdn", "download"]
Json = dict[str, Any]

IN_QUEUE: Json = {"status": "IN_QUEUE", "queue_position": 1}
IN_PROGRESS: Json = {"status": "IN_PROGRESS", "logs": [{"message": "drawing", "level": "INFO", "source": "USER"}]}
COMPLETED: Json = {"status": "COMPLETED", "logs": IN_PROGRESS["logs"], "metrics": {"inference_time": 1.5}}

_JOB = re.compile(r"/(?P<app>[^/]+/[^/]+)/requests/(?P<id>[^/]+)(?P<step>/status|/cancel)?")
_NOT_FOUND = Reply(404, json={"detail": "Request not found"})


@dataclass(slots=True)
class FalJob:
    """One job that the fake accepted.

    Args:
        request_id: Its id.
        endpoint: The model it was submitted to, path included.
        arguments: The JSON of the submit.
        statuses: What is answered to the next polls; the last one stays.
        result: What the result's address answers once the job is done.
        sent_at: When it came in, as the list of requests tells it.
    """

    request_id: str
    endpoint: str
    arguments: Json
    statuses: deque[Json]
    result: Reply
    sent_at: str = field(default_factory=lambda: datetime.datetime.now(datetime.UTC).isoformat())

    @property
    def status(self) -> str:
        """The state that the next poll tells."""
        return str(self.statuses[0]["status"])


@dataclass
class FalQueue(FakeService[Step]):
    """fal on loopback, as a context manager. Change its attributes at any time; they count for the next request.

    Args:
        key: The key that is asked for; None takes any.
        statuses: What a new job answers to its polls, in turn; the last one stays.
        result: The answer for a finished job; None: 200 with the address of `video`.
        video: The bytes behind that address.
        tls: A server-side context; without it the fake speaks plain HTTP.
        page_size: How many requests a page of the list holds, whatever is asked for.

    Its steps are ``submit``, ``status``, ``result`` and ``cancel``; ``list`` (of requests, by the platform);
    ``initiate`` and ``put`` (storage); ``token`` and ``cdn`` (CDN); ``download``.

    Attributes:
        posts: How many submits came in, the lost and the refused included.
        jobs: The jobs accepted, by id.
        uploads: The files put into storage or CDN, by the address that was given for them.
        server: The server itself, with all `requests` and the number of `connections`.
    """

    key: str | None = None
    statuses: Sequence[Json] = (IN_QUEUE, IN_PROGRESS, COMPLETED)
    result: Reply | None = None
    video: bytes = field(default_factory=tiny_video, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    page_size: int = 100

    def __post_init__(self) -> None:
        self.jobs: dict[str, FalJob] = {}
        self.uploads: dict[str, bytes] = {}
        self.serve(tls=self.tls)
        self._numbers = itertools.count(1)

    def carried_out(self, step: Step, received: Received) -> Reply:
        """One method a step, which asks for the key where fal does."""
        carry_out: Callable[[Received], Reply] = getattr(self, f"_{step}")
        return carry_out(received)

    def step_of(self, received: Received) -> Step | None:
        """By method and address."""
        match received.method, received.path:
            case "POST", "/storage/upload/initiate":
                return "initiate"
            case "POST", "/storage/auth/token":
                return "token"
            case "POST", "/files/upload":
                return "cdn"
            case "GET", "/v1/models/requests/by-endpoint":
                return "list"
            case "PUT", path if path.startswith("/storage/put/"):
                return "put"
            case "GET", path if path.startswith("/files/"):
                return "download"
        found = _JOB.fullmatch(received.path)
        match received.method, found and (found["step"] or ""):
            case "GET", "/status":
                return "status"
            case "GET", "":
                return "result"
            case "PUT", "/cancel":
                return "cancel"
            case "POST", None:
                return "submit"
        return None

    def _submit(self, received: Received) -> Reply:
        if refused := self._unknown_key(received):
            return refused
        number = next(self._numbers)
        request_id, endpoint = f"00000000-0000-4000-8000-{number:012d}", received.path.lstrip("/")
        result = self.result or self._made(request_id, self.video)
        self.jobs[request_id] = FalJob(request_id, endpoint, received.json(), deque(self.statuses), result)
        address = f"{self.url}/{'/'.join(endpoint.split('/')[:2])}/requests/{request_id}"
        urls = {"response_url": address, "status_url": f"{address}/status", "cancel_url": f"{address}/cancel"}
        return Reply(json={**IN_QUEUE, "request_id": request_id, "gateway_request_id": request_id, **urls})

    def _made(self, request_id: str, video: bytes) -> Reply:
        url = f"{self.url}/files/{request_id}/output.mp4"
        file = {"url": url, "content_type": "video/mp4", "file_name": "output.mp4", "file_size": len(video)}
        return Reply(json={"video": file, "seed": 7})

    def _status(self, received: Received) -> Reply:
        job = self._job(received)
        if job is None:
            return self._unknown_key(received) or _NOT_FOUND
        told = job.statuses.popleft() if len(job.statuses) > 1 else job.statuses[0]
        if received.query.get("logs") != "true" and "logs" in told:
            told = {**told, "logs": None}
        return Reply(200 if told.get("status") == "COMPLETED" else 202, json={"request_id": job.request_id, **told})

    def _result(self, received: Received) -> Reply:
        job = self._job(received)
        if job is None:
            return self._unknown_key(received) or _NOT_FOUND
        if job.status != "COMPLETED":
            return Reply(400, json={"detail": "Request is still in progress"})
        return job.result

    def _cancel(self, received: Received) -> Reply:
        job = self._job(received)
        if job is None:
            return self._unknown_key(received) or Reply(404, json={"status": "NOT_FOUND"})
        was = job.status
        if was == "COMPLETED":
            return Reply(400, json={"status": "ALREADY_COMPLETED"})
        told = {"detail": "Request was cancelled by the client", "error_type": "client_cancelled"}
        job.statuses = deque([{**COMPLETED, "error": told["detail"], "error_type": told["error_type"]}])
        job.result = Reply(499, json=told, headers={"X-Fal-Error-Type": told["error_type"]})
        if was == "IN_QUEUE":
            return Reply(200, json={"status": "OK"})
        return Reply(202, json={"status": "CANCELLATION_REQUESTED"})

    def _list(self, received: Received) -> Reply:
        """The requests to an endpoint, newest first; the cursor is the number of those before the page."""
        if refused := self._unknown_key(received):
            return refused
        endpoint, begin = received.query["endpoint_id"], int(received.query.get("cursor", "0"))
        # Whole seconds, as they are asked for.
        made = [job for job in self.jobs.values() if job.endpoint == endpoint]
        made = [job for job in reversed(made) if job.sent_at[:19] >= received.query["start"][:19]]
        end = begin + self.page_size
        more = {"has_more": end < len(made), "next_cursor": str(end) if end < len(made) else None}
        return Reply(json={"items": [self._listed(job, received) for job in made[begin:end]], **more})

    def _listed(self, job: FalJob, received: Received) -> Json:
        payload = {"json_input": job.arguments} if received.query.get("expand") == "payloads" else {}
        return {"request_id": job.request_id, "endpoint_id": job.endpoint, "sent_at": job.sent_at, **payload}

    def _initiate(self, received: Received) -> Reply:
        if refused := self._unknown_key(received):
            return refused
        name = f"{next(self._numbers)}/{received.json()['file_name']}"
        return Reply(json={"upload_url": f"{self.url}/storage/put/{name}", "file_url": f"{self.url}/files/{name}"})

    def _put(self, received: Received) -> Reply:
        self.uploads[f"{self.url}/files/{received.path.removeprefix('/storage/put/')}"] = received.body
        return Reply()

    def _token(self, received: Received) -> Reply:
        if refused := self._unknown_key(received):
            return refused
        token = {
            "token": "cdn-token",
            "token_type": "Bearer",
            "base_url": self.url,
            "expires_at": "2099-01-01T00:00:00+00:00",
        }
        return Reply(json=token)

    def _cdn(self, received: Received) -> Reply:
        if received.headers.get("authorization") != "Bearer cdn-token":
            return Reply(401, json={"detail": "Authentication is required"})
        url = f"{self.url}/files/{next(self._numbers)}/{received.headers.get('x-fal-file-name', 'upload.bin')}"
        self.uploads[url] = received.body
        return Reply(json={"access_url": url})

    def _download(self, received: Received) -> Reply:
        uploaded = self.uploads.get(f"{self.url}{received.path}")
        return Reply(body=self.video if uploaded is None else uploaded, headers={"Content-Type": "video/mp4"})

    def _job(self, received: Received) -> FalJob | None:
        """The job that a request is about, under the two parts of the endpoint's name that stand in its address."""
        found = _JOB.fullmatch(received.path)
        job = self.jobs.get(found["id"]) if found else None
        if found is None or job is None or self._unknown_key(received):
            return None
        return job if job.endpoint.split("/")[:2] == found["app"].split("/") else None

    def _unknown_key(self, received: Received) -> Reply | None:
        if self.key is None or received.headers.get("authorization") == f"Key {self.key}":
            return None
        return Reply(401, json={"detail": "Authentication is required to access this application"})
