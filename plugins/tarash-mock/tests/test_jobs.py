"""Jobs outlive the process: they are picked up and cancelled from others."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable

import pytest

from tarash_core import GenerationFailedError, Job, NotFoundError, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import World

Paint = Callable[..., bytes]
MakeConfig = Callable[..., VideoGenerationConfig]
MakeRequest = Callable[..., VideoGenerationRequest]

_WAIT = """
import hashlib, sys
from tarash_core import Job, wait
response = wait(Job.model_validate_json(sys.stdin.read()))
print(hashlib.sha256(response.video.read()).hexdigest())
"""
_CANCEL = """
import sys
from tarash_core import Job, cancel
print(cancel(Job.model_validate_json(sys.stdin.read())).outcome)
"""
_IMPORTED = """
import sys
import tarash_mock
print([name for name in ("av", "PIL", "numpy") if name in sys.modules])
"""


def _in_another_process(script: str, text: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], input=text, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_job_with_uploaded_pictures_makes_the_same_video_in_another_process(
    world: World, config: MakeConfig, small: MakeRequest, painted: Paint
) -> None:
    request = small(image_list=[{"image": painted("red"), "role": "first_frame"}])
    job = world.submit(config(), request)

    there = _in_another_process(_WAIT, job.model_dump_json())

    here = world.read(world.wait(job).video)
    assert there == hashlib.sha256(here).hexdigest()


def test_a_job_cancelled_in_another_process_is_seen_as_cancelled_here(
    world: World, config: MakeConfig, small: MakeRequest
) -> None:
    job = world.submit(config(), small(mock_behaviour="never"))

    assert _in_another_process(_CANCEL, job.model_dump_json()) == "cancelled"

    assert world.poll(job).state == "cancelled"
    with pytest.raises(GenerationFailedError, match="cancelled"):
        world.wait(job)


def test_cancelling_twice_is_the_same_and_a_finished_job_is_too_late(
    world: World, config: MakeConfig, small: MakeRequest
) -> None:
    running = world.submit(config(), small(mock_behaviour="never"))
    done = world.submit(config(), small(mock_seconds=0))

    assert [world.cancel(running).outcome for _ in range(2)] == ["cancelled", "cancelled"]
    assert world.cancel(done).outcome == "too_late"


@pytest.mark.parametrize("request_id", ["mock-1", "../../etc/passwd", "mock-" + "0" * 31 + "/"])
def test_a_job_that_is_not_of_this_service_is_not_found(
    world: World, config: MakeConfig, small: MakeRequest, request_id: str
) -> None:
    job = world.submit(config(), small())
    strange = job.model_copy(update={"provider_data": {**job.provider_data, "id": request_id}})

    with pytest.raises(NotFoundError, match="there is no job"):
        world.poll(strange)
    with pytest.raises(NotFoundError, match="there is no job"):
        world.cancel(strange)


def test_a_job_is_json_and_comes_back_the_same(world: World, config: MakeConfig, small: MakeRequest) -> None:
    job = world.submit(config(), small())

    assert Job.model_validate_json(job.model_dump_json()) == job


def test_importing_the_plugin_imports_no_codec_and_no_image_library() -> None:
    assert _in_another_process(_IMPORTED) == "[]"
