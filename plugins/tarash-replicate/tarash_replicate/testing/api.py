"""The fake itself: one handler per step of the protocol."""

from __future__ import annotations

import datetime
import email.policy
import itertools
import re
import ssl
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any, Literal

from tarash_core.testing import FakeService, Received, Reply, tiny_video

Step = Literal["submit", "list", "get", "cancel", "upload", "download"]
Json = dict[str, Any]

STARTING: Json = {"status": "starting", "logs": ""}
PROCESSING: Json = {
    "status": "processing",
    "logs": "Using seed: 7\n 50%|█████     | 25/50 [00:02<00:02, 10.00it/s]\n",
    "started_at": "2026-11-23T12:00:01.000Z",
}
SUCCEEDED: Json = {
    "status": "succeeded",
    "logs": PROCESSING["logs"] + "100%|██████████| 50/50 [00:05<00:00, 10.00it/s]\n",
    "started_at": PROCESSING["started_at"],
    "completed_at": "2026-11-23T12:00:06.000Z",
    "metrics": {"predict_time": 5.0, "total_time": 6.0, "video_output_count": 1, "video_output_duration_seconds": 8},
}

_MODEL = re.compile(r"/v1/models/(?P<model>[^/]+/[^/]+)/predictions")
_JOB = re.compile(r"/v1/predictions/(?P<id>[^/]+)(?P<cancel>/cancel)?")


def _problem(status: int, title: str, detail: str, **more: Any) -> Reply:
    return Reply(status, json={"title": title, "detail": detail, "status": status, **more})


@dataclass
class ReplicateApi(FakeService[Step]):
    """Replicate on loopback, as a context manager. Change its attributes at any time; they count for the next request.

    Args:
        key: The token that is asked for; None takes any.
        states: What a new prediction is at its polls, in turn; the last one stays.
        output: What a prediction has made that succeeded; None: the address of `video`.
        page_size: How many predictions a page of the list has.
        video: The bytes behind that address.
        tls: A server-side context; without it the fake speaks plain HTTP.

    Its steps are ``submit``, ``list``, ``get``, ``cancel``, ``upload`` and ``download``.

    Attributes:
        posts: How many submits came in, the lost and the refused included.
        predictions: The predictions accepted, by id, as they were answered last.
        sent: What each was submitted with, by id.
        files: The files uploaded, by the address that was given for them.
        server: The server itself, with all `requests` and the number of `connections`.
    """

    key: str | None = None
    states: Sequence[Json] = (STARTING, PROCESSING, SUCCEEDED)
    output: Any = None
    page_size: int = 100
    video: bytes = field(default_factory=tiny_video, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.predictions: dict[str, Json] = {}
        self.sent: dict[str, Received] = {}
        self.files: dict[str, bytes] = {}
        self.serve(tls=self.tls)
        self._states: dict[str, deque[Json]] = {}
        self._numbers = itertools.count(1)

    def step_of(self, received: Received) -> Step | None:
        """By method and address."""
        path = received.path
        job = _JOB.fullmatch(path)
        match received.method:
            case "GET" if job and not job["cancel"]:
                return "get"
            case "GET" if path == "/v1/predictions":
                return "list"
            case "GET" if path.startswith("/files/"):
                return "download"
            case "POST" if job and job["cancel"]:
                return "cancel"
            case "POST" if path == "/v1/files":
                return "upload"
            case "POST" if path == "/v1/predictions" or _MODEL.fullmatch(path):
                return "submit"
        return None

    def carried_out(self, step: Step, received: Received) -> Reply:
        """One method a step; all but downloads are for who has the token."""
        if step != "download" and (refused := self._unknown_key(received)):
            return refused
        carry_out: Callable[[Received], Reply] = getattr(self, f"_{step}")
        return carry_out(received)

    def no_such_address(self, received: Received) -> Reply:
        """In Replicate's words."""
        return _problem(404, "Not found", f"no such address: {received.method} {received.path}")

    def _submit(self, received: Received) -> Reply:
        number = next(self._numbers)
        job_id, body, official = f"{number:026d}", received.json(), _MODEL.fullmatch(received.path)
        address = f"{self.url}/v1/predictions/{job_id}"
        self.sent[job_id], self._states[job_id] = received, deque(self.states)
        self.predictions[job_id] = {
            "id": job_id,
            "model": official["model"] if official else "owner/name",
            "version": body.get("version", "hidden"),
            "input": body["input"],
            "output": None,
            "error": None,
            "created_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
            "started_at": None,
            "completed_at": None,
            "data_removed": False,
            "urls": {"get": address, "cancel": f"{address}/cancel"},
            **STARTING,
        }
        return Reply(201, json=self.predictions[job_id])

    def _list(self, received: Received) -> Reply:
        newest, first = [*self.predictions.values()][::-1], int(received.query.get("cursor", "0"))
        after = first + self.page_size
        following = f"{self.url}/v1/predictions?cursor={after}" if after < len(newest) else None
        return Reply(json={"previous": None, "next": following, "results": newest[first:after]})

    def _get(self, received: Received) -> Reply:
        job_id = _id_of(received)
        if job_id not in self.predictions:
            return _problem(404, "Not found", "The requested resource could not be found.")
        states = self._states[job_id]
        now = states.popleft() if len(states) > 1 else states[0]
        made = f"{self.url}/files/{job_id}/output.mp4" if self.output is None else self.output
        output = {"output": made} if now["status"] == "succeeded" else {}
        self.predictions[job_id] = {**self.predictions[job_id], **output, **now}
        return Reply(json=self.predictions[job_id])

    def _cancel(self, received: Received) -> Reply:
        job_id = _id_of(received)
        if job_id not in self.predictions:
            return _problem(404, "Not found", "The requested resource could not be found.")
        if self._states[job_id][0]["status"] in ("starting", "processing"):
            self._states[job_id] = deque([{"status": "canceled", "completed_at": SUCCEEDED["completed_at"]}])
        self.predictions[job_id] = {**self.predictions[job_id], **self._states[job_id][0]}
        return Reply(json=self.predictions[job_id])

    def _upload(self, received: Received) -> Reply:
        head = f"Content-Type: {received.headers['content-type']}\r\n\r\n".encode()
        form = BytesParser(policy=email.policy.HTTP).parsebytes(head + received.body)
        part = next(part for part in form.iter_parts() if part.get_param("name", header="Content-Disposition"))
        data = part.get_payload(decode=True)
        url = f"{self.url}/files/{next(self._numbers)}/{part.get_filename()}"
        self.files[url] = data if isinstance(data, bytes) else b""
        told = {"id": "f1", "content_type": part.get_content_type(), "size": len(self.files[url]), "urls": {"get": url}}
        return Reply(201, json=told)

    def _download(self, received: Received) -> Reply:
        body = self.files.get(f"{self.url}{received.path}", self.video)
        return Reply(body=body, headers={"Content-Type": "video/mp4"})

    def _unknown_key(self, received: Received) -> Reply | None:
        if self.key is None or received.headers.get("authorization") == f"Bearer {self.key}":
            return None
        return _problem(401, "Unauthenticated", "You did not pass a valid authentication token")


def _id_of(received: Received) -> str:
    found = _JOB.fullmatch(received.path)
    return found["id"] if found else ""
