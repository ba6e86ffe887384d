"""The fake itself: one handler per step of the protocol."""

from __future__ import annotations

import datetime
import email.policy
import itertools
import re
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any, Literal

from tarash_core.testing import LoopbackServer, Received, Reply, tiny_video

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
class ReplicateApi:
    """Replicate on loopback, as a context manager. Change its attributes at any time; they count for the next request.

    Args:
        key: The token that is asked for; None takes any.
        states: What a new prediction is at its polls, in turn; the last one stays.
        output: What a prediction has made that succeeded; None: the address of `video`.
        page_size: How many predictions a page of the list has.
        video: The bytes behind that address.
        tls: A server-side context; without it the fake speaks plain HTTP.

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
        self.server = LoopbackServer(self._answer, tls=self.tls)
        self._states: dict[str, deque[Json]] = {}
        self._faults: defaultdict[Step, deque[tuple[Reply, bool]]] = defaultdict(deque)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def __enter__(self) -> ReplicateApi:
        self.server.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.__exit__(*exc)

    @property
    def url(self) -> str:
        """The address to give as `base_url`."""
        return self.server.url

    @property
    def posts(self) -> int:
        """How many submits came in."""
        return self.seen("submit")

    def seen(self, step: Step) -> int:
        """How many requests of a step came in."""
        return sum(_step_of(received) == step for received in self.server.requests)

    def fault(self, step: Step, *replies: Reply, accepting: bool = False) -> None:
        """Answer the next requests of a step with these, one each, instead of what is right.

        Args:
            step: ``submit``, ``list``, ``get``, ``cancel``, ``upload`` or ``download``.
            *replies: `Reply` objects, also `Reply.dropped()`, `Reply.reset()` and `Reply.hanging(seconds)`.
            accepting: The request is carried out all the same, and only its answer is lost.
        """
        with self._lock:
            self._faults[step].extend((reply, accepting) for reply in replies)

    def _answer(self, received: Received) -> Reply:
        step = _step_of(received)
        if step is None:
            return _problem(404, "Not found", f"no such address: {received.method} {received.path}")
        with self._lock:
            fault, accepting = self._faults[step].popleft() if self._faults[step] else (None, True)
            carry_out: Callable[[Received], Reply] = getattr(self, f"_{step}")
            right = carry_out(received) if accepting else None
            refused = None if step == "download" else self._unknown_key(received)
        return fault or refused or right or Reply(500)

    def _submit(self, received: Received) -> Reply:
        if self._unknown_key(received):
            return Reply(401)
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


def _step_of(received: Received) -> Step | None:
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


def _id_of(received: Received) -> str:
    found = _JOB.fullmatch(received.path)
    return found["id"] if found else ""
