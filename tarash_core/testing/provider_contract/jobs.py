"""A job on its way: the video, polls that fail, the deadline, another process that picks it up."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence, Set
from pathlib import Path
from typing import ClassVar

import pytest

from tarash_core import (
    HTTPConnectionError,
    HTTPError,
    Job,
    NotFoundError,
    RateLimitError,
    TarashException,
    TimeoutError,
    UnexpectedResponseError,
    VideoGenerationUpdate,
)
from tarash_core.testing.provider_contract.case import MAINTENANCE, NO, NOWHERE, Place, ProviderCase
from tarash_core.testing.server import Reply
from tarash_core.testing.world import World

# What goes wrong for a moment, after the job was paid.
PASSING = {
    "drop": Reply.dropped(),
    "reset": Reply.reset(),
    "404": Reply(404, json=NO),
    "408": Reply(408, json=NO),
    "429": Reply(429, json=NO, headers={"Retry-After": "0.01"}),
    "500": Reply(500, json=NO),
    "502 page": NOWHERE,
    "503 text": Reply(503, body=b"upstream connect error"),
    "200 page": MAINTENANCE,
    "200 broken": Reply(200, body=b'{"id": '),
    "200 list": Reply(200, json=["a", "list"]),
}
# What one poll raises.
OF_ONE_POLL: dict[str, tuple[Reply, type[TarashException]]] = {
    "drop": (Reply.dropped(), HTTPConnectionError),
    "429": (Reply(429, json=NO, headers={"Retry-After": "60"}), RateLimitError),
    "500": (Reply(500, json=NO), HTTPError),
    "502 page": (NOWHERE, HTTPError),
    "503": (Reply(503, json=NO), HTTPError),
    "504": (Reply(504, json=NO), HTTPError),
}

_SOON = 1.0  # seconds: a deadline after the submit, and before the test has taken long

_WAIT = """
import hashlib, sys, tarash_core as tarash
job = tarash.Job.model_validate_json(sys.stdin.read())
print(hashlib.sha256(tarash.wait(job).video.read()).hexdigest())
tarash.close()
"""


class JobPromises(ProviderCase):
    """What holds for a job from the submit to the video.

    Attributes:
        ends_at_result: What of `PASSING` does not pass where a result is fetched, but is how the job ended.
    """

    ends_at_result: ClassVar[Set[str]] = frozenset()

    def runs(self) -> dict[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """Besides: all that passes at each of the later steps."""
        ends = {self.steps.result: self.ends_at_result}
        passing = [(step, name) for step in self.steps.later for name in PASSING if name not in ends.get(step, ())]
        return {**super().runs(), ("later_step", "passing"): passing}

    def test_a_request_becomes_a_video(self, world: World, place: Place, tmp_path: Path) -> None:
        """One submit, three polls, and the bytes that the service has made."""
        response = world.generate(place.configured(), place.kite)
        assert world.save(response.video, tmp_path / "kite.mp4").read_bytes() == self.video(place.service)
        assert [response.request_id] == list(self.jobs(place.service))
        assert (place.service.posts, place.service.seen(self.steps.poll)) == (1, 3)

    def test_updates_tell_of_the_way(self, world: World, place: Place) -> None:
        """From ``submitted`` to ``completed``, each of the same job."""
        self.play(place.service, "processing", "completed")
        updates: list[VideoGenerationUpdate] = []
        response = world.generate(place.configured(), place.kite, on_progress=updates.append)
        told = [(update.phase, update.status) for update in updates]
        assert told == [("submitted", "queued"), ("polled", "processing"), ("completed", "completed")]
        assert {update.request_id for update in updates} == {response.request_id}

    def test_what_fails_for_a_moment_is_asked_again(
        self, world: World, place: Place, later_step: str, passing: str
    ) -> None:
        """And the job is not paid again."""
        self.play(place.service, "processing", "completed")
        place.service.fault(later_step, PASSING[passing])
        assert world.read(world.generate(place.configured(), place.kite).video) == self.video(place.service)
        usual = 2 if later_step == self.steps.poll else 1
        assert (place.service.posts, place.service.seen(later_step)) == (1, usual + 1)

    @pytest.mark.parametrize("trouble", OF_ONE_POLL)
    def test_one_poll_is_one_request(self, world: World, place: Place, trouble: str) -> None:
        """The core does the waiting, and not the SDK, nor the submit."""
        reply, error = OF_ONE_POLL[trouble]
        job = world.submit(place.configured(), place.kite)
        assert place.service.seen(self.steps.poll) == 0
        place.service.fault(self.steps.poll, reply)
        began = time.monotonic()
        with pytest.raises(error):
            world.poll(job, config=place.configured())
        assert place.service.seen(self.steps.poll) == 1
        assert time.monotonic() - began < 5

    def test_a_job_that_is_gone(self, world: World, place: Place) -> None:
        """Not found several times in a row: it is lost, long before the deadline."""
        job = world.submit(place.configured(), place.kite)
        self.jobs(place.service).clear()
        with pytest.raises(NotFoundError) as raised:
            world.wait(job, config=place.configured())
        assert raised.value.request_id == job.request_id

    def test_an_unknown_state_is_quoted_at_once(self, world: World, place: Place) -> None:
        """And not taken for one that it might be."""
        if "unknown" not in self.states:
            pytest.skip("this provider has no words for states")
        self.play(place.service, "unknown")
        with pytest.raises(UnexpectedResponseError, match=r"(?i)'archived'"):
            world.generate(place.configured(), place.kite)
        assert place.service.seen(self.steps.poll) == 1

    def test_a_hanging_poll_ends_with_the_deadline(self, world: World, place: Place) -> None:
        """And the job is kept, to be waited for later."""
        self.load_sdk(world, place)
        place.service.fault(self.steps.poll, Reply.hanging(60))
        began = time.monotonic()
        with pytest.raises(TimeoutError) as raised:
            world.generate(place.configured(timeout=_SOON), place.kite)
        assert time.monotonic() - began < 5
        assert raised.value.job is not None
        assert world.read(world.wait(raised.value.job, config=place.configured()).video) == self.video(place.service)
        assert place.service.posts == 2

    @pytest.mark.parametrize("state", ["queued", "processing"])
    def test_a_job_that_never_ends_is_kept_at_the_deadline(self, world: World, place: Place, state: str) -> None:
        """The provider may still make the video."""
        before = self.load_sdk(world, place)
        self.play(place.service, "queued" if state == "queued" else "processing")
        with pytest.raises(TimeoutError, match="still") as raised:
            world.generate(place.configured(timeout=_SOON), place.kite)
        assert raised.value.job is not None
        assert [before.request_id, raised.value.job.request_id] == list(self.jobs(place.service))

    def load_sdk(self, world: World, place: Place) -> Job:
        """A first request takes as long as the SDK needs to be loaded, and no deadline is to be tried by that."""
        return world.submit(place.configured(), place.kite)

    def test_another_process_picks_the_job_up(self, world: World, place: Place) -> None:
        """Of its JSON alone, in which the key is not, and down to the download; the key is in the environment."""
        self.play(place.service, "completed")
        config = place.configured()
        job = world.submit(config, place.kite).model_dump_json()
        assert place.key not in job
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", _WAIT],
            input=job,
            env={**os.environ, **self.environment(config.provider, place.key)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ended.stdout.strip() == hashlib.sha256(self.video(place.service)).hexdigest(), ended.stderr
        assert place.service.posts == 1
