"""The server itself: one handler per step of the protocol."""

from __future__ import annotations

import email.policy
import itertools
import re
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any, ClassVar, Literal

from tarash_core.testing import FakeService, Received, Reply, tiny_video

Step = Literal["create", "remix", "edit", "extend", "list", "retrieve", "content", "delete"]
Json = dict[str, Any]

QUEUED: Json = {"status": "queued", "progress": 0}
IN_PROGRESS: Json = {"status": "in_progress", "progress": 40}
COMPLETED: Json = {"status": "completed", "progress": 100, "completed_at": 1760627863, "expires_at": 4102444800}

_ADDRESS = re.compile(r"(?P<base>.*)/videos(/(?P<id>[^/]+)(/(?P<action>content|remix))?)?")
_POSTS: dict[str | None, Step] = {None: "create", "edits": "edit", "extensions": "extend"}


@dataclass(slots=True)
class ServedVideo:
    """One job that the server accepted.

    Args:
        video_id: Its id.
        step: What was asked for: ``create``, ``remix``, ``edit`` or ``extend``.
        fields: What it was submitted with; of a file its bytes.
        statuses: What is answered to the next polls; the last one stays.
        created_at: Seconds since the epoch.
    """

    video_id: str
    step: Step
    fields: Json
    statuses: deque[Json]
    created_at: int = field(default_factory=lambda: int(time.time()))


@dataclass
class VideoServer(FakeService[Step]):
    """A server of ``/v1/videos`` on loopback, as a context manager. Its attributes count for the next request.

    Args:
        key: The key that is asked for, as a bearer or as Azure's ``api-key``; None takes any.
        statuses: What a new job answers to its polls, in turn; the last one stays.
        page_size: The most videos that a page of the list has.
        video: The bytes of every finished video.
        tls: A server-side context; without it the server speaks plain HTTP.

    Its steps are ``create``, ``remix``, ``edit``, ``extend``, ``list``, ``retrieve``, ``content`` and ``delete``.

    Attributes:
        posts: How many submits came in, the lost and the refused included.
        jobs: The jobs accepted, by id.
        server: The server itself, with all `requests` and the number of `connections`.
    """

    submits: ClassVar[frozenset[str]] = frozenset({"create", "remix", "edit", "extend"})

    key: str | None = None
    statuses: Sequence[Json] = (QUEUED, IN_PROGRESS, COMPLETED)
    page_size: int = 100
    video: bytes = field(default_factory=tiny_video, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.jobs: dict[str, ServedVideo] = {}
        self.serve(tls=self.tls)
        self._numbers = itertools.count(1)

    @property
    def url(self) -> str:
        """The address to give as `base_url`."""
        return f"{self.server.url}/v1"

    def no_such_address(self, received: Received) -> Reply:
        """In OpenAI's words."""
        return _error(404, f"Invalid URL ({received.method} {received.path})", "invalid_request_error", None)

    def step_of(self, received: Received) -> Step | None:
        """By method and address."""
        found = _ADDRESS.fullmatch(received.path)
        if found is None:
            return None
        match received.method, found["action"]:
            case "POST", None:
                return _POSTS.get(found["id"])
            case "POST", "remix":
                return "remix"
            case "GET", "content":
                return "content"
            case "GET", None:
                return "retrieve" if found["id"] else "list"
            case "DELETE", None if found["id"]:
                return "delete"
        return None

    def carried_out(self, step: Step, received: Received) -> Reply:
        """One method a step, for who has the key."""
        headers = received.headers
        if self.key and f"Bearer {self.key}" != headers.get("authorization") and self.key != headers.get("api-key"):
            return _error(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key")
        if received.method == "POST":
            return self._created(step, received)
        if step == "list":
            return self._list(received)
        found = _ADDRESS.fullmatch(received.path)
        job = self.jobs.get(found["id"] or "") if found else None
        if job is None:
            return _error(404, "Video not found", "invalid_request_error", None)
        carry_out: Callable[[ServedVideo], Reply] = getattr(self, f"_{step}")
        return carry_out(job)

    def _created(self, step: Step, received: Received) -> Reply:
        fields = _fields(received)
        if step == "remix":
            fields["video_id"] = received.path.split("/")[-2]
        video_id = f"video_{next(self._numbers):06d}"
        job = self.jobs[video_id] = ServedVideo(video_id, step, fields, deque(self.statuses))
        return Reply(json=self._told(job, QUEUED))

    def _told(self, job: ServedVideo, status: Json) -> Json:
        fields = job.fields
        source = {"remixed_from_video_id": fields.get("video_id")} if job.step == "remix" else {}
        known = {
            "id": job.video_id,
            "object": "video",
            "model": fields.get("model", "sora-2"),
            "created_at": job.created_at,
            "prompt": fields.get("prompt"),
            "seconds": fields.get("seconds", "4"),
            "size": fields.get("size", "720x1280"),
            "error": None,
        }
        return {**known, **source, **status}

    def _list(self, received: Received) -> Reply:
        newest, query = [*self.jobs.values()][::-1], received.query
        ids = [job.video_id for job in newest]
        first = ids.index(query["after"]) + 1 if "after" in query else 0
        page = newest[first : first + min(int(query.get("limit", "20")), self.page_size)]
        told = [self._told(job, job.statuses[0]) for job in page]
        ends = {"first_id": told[0]["id"], "last_id": told[-1]["id"]} if told else {"first_id": None, "last_id": None}
        return Reply(json={"object": "list", "data": told, "has_more": first + len(page) < len(newest), **ends})

    def _retrieve(self, job: ServedVideo) -> Reply:
        return Reply(json=self._told(job, job.statuses.popleft() if len(job.statuses) > 1 else job.statuses[0]))

    def _content(self, job: ServedVideo) -> Reply:
        if job.statuses[0]["status"] != "completed":
            return _error(404, "Video is not ready yet", "invalid_request_error", None)
        return Reply(body=self.video, headers={"Content-Type": "video/mp4"})

    def _delete(self, job: ServedVideo) -> Reply:
        del self.jobs[job.video_id]
        return Reply(json={"id": job.video_id, "deleted": True, "object": "video.deleted"})


def _fields(received: Received) -> Json:
    """What a submit says: JSON, or the parts of a form with the bytes of files."""
    content_type = received.headers.get("content-type", "")
    if content_type.startswith("application/json"):
        return dict(received.json())
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=email.policy.HTTP).parsebytes(head + received.body)
    fields: Json = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        body = part.get_payload(decode=True)
        data = body if isinstance(body, bytes) else b""
        fields[name] = data if part.get_filename() else data.decode()
    return fields


def _error(status: int, message: str, kind: str, code: str | None) -> Reply:
    return Reply(status, json={"error": {"message": message, "type": kind, "param": None, "code": code}})
