"""The pretended service and its client in one, in place of a vendor's SDK.

It keeps no jobs: everything about one is in its ticket, which the client carries, and its state follows from the clock.
So a job outlives the process, as one at a real provider does.
"""

from __future__ import annotations

import math
import secrets
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict

from tarash_mock.errors import POLICY, MockAPIError, MockJobFailedError, MockReplyLostError
from tarash_mock.order import LARGEST_SEED, Order, read_order
from tarash_mock.spool import Spool, known_job

if TYPE_CHECKING:
    from PIL.Image import Image

State = Literal["queued", "processing", "completed", "failed", "cancelled"]

_QUEUE_SHARE = 0.25
_QUEUE_LENGTH = 3
_FAILS_AT = 60.0
_NEVER_PASSES = 95.0
_SLOWNESS = 10.0


class Ticket(TypedDict):
    """One accepted job, as JSON."""

    id: str
    model: str
    submitted_at: float
    arguments: dict[str, object]


class Video(TypedDict):
    """One video of a result."""

    data: bytes
    content_type: str
    file_name: str
    width: int
    height: int
    duration: float
    fps: int
    seed: int


class Result(TypedDict):
    """What a finished job made."""

    videos: list[Video]
    seed: int


@dataclass(frozen=True, slots=True)
class Status:
    """How far a job is: per cent while it is processing, the place in the queue before."""

    state: State
    progress: float | None = None
    queue_position: int | None = None
    logs: tuple[str, ...] = ()


class MockService:
    """Submit, status, result, cancel and upload: plain blocking methods that raise `MockServiceError`s.

    Args:
        spool: Folder for uploads and cancellations; None: one of the user's own among the temporary files.
        defaults: Values of ``mock_...`` parameters that a request leaves out.
    """

    def __init__(self, *, spool: str | None = None, defaults: Mapping[str, object] | None = None) -> None:
        self.spool = Spool(spool)
        self._defaults = dict(defaults or {})
        self._polls: Counter[str] = Counter()
        self._lock = threading.Lock()

    def upload(self, data: bytes, content_type: str | None) -> str:
        """Keep a file and return its URL."""
        return self.spool.put(data, content_type)

    def submit(self, model: str, arguments: Mapping[str, object]) -> Ticket:
        """Accept a job, or refuse it as its behaviour says.

        Raises:
            MockAPIError: Nothing was accepted.
            MockReplyLostError: It was accepted, and nobody will ever know its id.
        """
        order = read_order({**self._defaults, **arguments})
        _misbehave(order)
        seed = secrets.randbelow(LARGEST_SEED - order.num_videos) if order.seed is None else order.seed
        order = order.settled(seed=seed, size=self._size(order))
        return Ticket(id=f"mock-{uuid.uuid4().hex}", model=model, submitted_at=time.time(), arguments=order.arguments())

    def status(self, ticket: Ticket) -> Status:
        """How far the job is.

        Raises:
            MockAPIError: 404 for a job that is not of this service; 503 now and then with ``flaky_polls``.
        """
        job_id, order = known_job(ticket["id"]), read_order(ticket["arguments"])
        if order.mock_behaviour == "flaky_polls":
            self._fail_every_second_poll(job_id)
        if self.spool.is_cancelled(job_id):
            return Status("cancelled", logs=("cancelled",))
        return _status_at(order, _age(ticket))

    def result(self, ticket: Ticket) -> Result:
        """Render the videos of a finished job.

        Raises:
            MockJobFailedError: The job failed.
            MockAPIError: 409: it is not finished; 422: an uploaded file is gone.
        """
        from tarash_mock.render import render

        state, order = self.status(ticket).state, read_order(ticket["arguments"])
        if state == "failed":
            raise _failure(order)
        if state != "completed":
            raise MockAPIError(f"job '{ticket['id']}' is {state}", status_code=409, code="not_finished")
        pictures = self._pictures(order)
        videos: list[Video] = []
        for number in range(order.num_videos):
            data = render(order, model=ticket["model"], number=number, pictures=pictures)
            videos.append(_video(order, data, number))
        return Result(videos=videos, seed=order.seed or 0)

    def cancel(self, ticket: Ticket) -> Literal["cancelled", "too_late"]:
        """Stop a job that is not finished. Every process sees it."""
        order = read_order(ticket["arguments"])
        job_id = known_job(ticket["id"])
        if self.spool.is_cancelled(job_id):
            return "cancelled"
        if _status_at(order, _age(ticket)).state in ("completed", "failed"):
            return "too_late"
        self.spool.cancel(job_id)
        return "cancelled"

    def _size(self, order: Order) -> tuple[int, int]:
        """The size to render; every uploaded picture is looked at, so that a bad one is refused before it is paid."""
        from tarash_mock.render.picture import shape_of
        from tarash_mock.size import size_of

        shapes = {
            parameter: [shape_of(url, self.spool, parameter=parameter) for url in urls]
            for parameter, urls in order.media().items()
        }
        leading = shapes.get("first_frame_url") or shapes.get("video_url") or shapes.get("last_frame_url") or [None]
        return size_of(order.resolution, order.aspect_ratio, leading[0])

    def _pictures(self, order: Order) -> dict[str, tuple[Image, ...]]:
        from tarash_mock.render.picture import picture_of

        return {
            parameter: tuple(picture_of(url, self.spool, parameter=parameter) for url in urls)
            for parameter, urls in order.media().items()
        }

    def _fail_every_second_poll(self, job_id: str) -> None:
        with self._lock:
            self._polls[job_id] += 1
            count = self._polls[job_id]
        if count % 2 == 0:
            raise MockAPIError("the service is restarting; ask again", status_code=503, code="unavailable")


def _age(ticket: Ticket) -> float:
    """Seconds since the submit; the clock may have been set back meanwhile."""
    return max(0.0, time.time() - ticket["submitted_at"])


def _misbehave(order: Order) -> None:
    match order.mock_behaviour:
        case "moderated":
            raise MockAPIError("the prompt is against the content policy", status_code=422, code=POLICY)
        case "rate_limited":
            raise MockAPIError(
                f"too many requests; try again in {order.mock_retry_after:g} s",
                status_code=429,
                code="rate_limited",
                retry_after=order.mock_retry_after,
            )
        case "no_credit":
            raise MockAPIError("the account has no credit left", status_code=402, code="no_credit")
        case "bad_key":
            raise MockAPIError("the key is not valid", status_code=401, code="bad_key")
        case "server_error":
            raise MockAPIError("the service stumbled", status_code=500, code="internal_error")
        case "lost_reply":
            raise MockReplyLostError("the connection was closed before an answer came")


def _status_at(order: Order, elapsed: float) -> Status:
    """The state so many seconds after the submit."""
    total = order.mock_seconds * (_SLOWNESS if order.mock_behaviour == "slow" else 1.0)
    queue = total * _QUEUE_SHARE
    width, height = order.size
    logs: tuple[str, ...] = ("queued",)
    if elapsed < queue:
        return Status("queued", queue_position=math.ceil(_QUEUE_LENGTH * (1 - elapsed / queue)), logs=logs)
    logs = (*logs, f"rendering {order.frames} frames at {width}x{height}")
    percent = 100.0 * (elapsed - queue) / (total - queue) if total else 100.0
    if order.mock_behaviour == "never":
        return Status("processing", progress=round(min(percent, _NEVER_PASSES), 1), logs=logs)
    if order.mock_behaviour == "failing" and percent >= _FAILS_AT:
        return Status("failed", progress=_FAILS_AT, logs=(*logs, "out of memory"))
    if percent < 100.0:
        return Status("processing", progress=round(max(percent, 0.0), 1), logs=logs)
    if order.mock_behaviour == "moderated_output":
        return Status("failed", progress=100.0, logs=(*logs, "withheld"))
    return Status("completed", progress=100.0, logs=(*logs, "done"))


def _failure(order: Order) -> MockJobFailedError:
    if order.mock_behaviour == "moderated_output":
        return MockJobFailedError("the video is against the content policy and was withheld", code=POLICY)
    return MockJobFailedError("the machine ran out of memory at 60 %", code="generation_failed")


def _video(order: Order, data: bytes, number: int) -> Video:
    width, height = order.size
    seed = (order.seed or 0) + number
    return Video(
        data=data,
        content_type="video/mp4",
        file_name=f"mock-{seed}.mp4",
        width=width,
        height=height,
        duration=order.frames / order.fps,
        fps=order.fps,
        seed=seed,
    )
