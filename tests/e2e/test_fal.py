"""fal itself, with a key and for money: ``FAL_KEY=... pytest tests/e2e --e2e -s``."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import tarash_core as tarash
from tarash_core import VideoGenerationConfig, VideoGenerationRequest, VideoGenerationUpdate
from tarash_core.testing import World, assert_absent

pytestmark = pytest.mark.e2e("FAL_KEY")

# 1 USD for a million tokens, of which a video has height x width x fps x seconds / 1024 (read 2026-11-23 at
# https://fal.ai/models/fal-ai/bytedance/seedance/v1/pro/fast/text-to-video/llms.txt): the cheapest that is mapped.
MODEL = "fal-ai/bytedance/seedance/v1/pro/fast/text-to-video"
PRICE = 480 * 864 * 24 * 2 / 1024 / 1_000_000
CONFIG = VideoGenerationConfig(provider="fal", model=MODEL, on_unsupported="error")
REQUEST = VideoGenerationRequest(prompt="a red kite over a stormy sea", duration_seconds=2, resolution="480p")


@pytest.fixture(scope="module", autouse=True)
def _price_told_first(pytestconfig: pytest.Config) -> None:
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")
    if isinstance(reporter, pytest.TerminalReporter):
        reporter.write_line(f"\nabout {PRICE:.2f} USD; twice that if the cancellation comes too late ({MODEL})")


def test_a_prompt_becomes_a_video(tmp_path: Path) -> None:
    """The whole road once, with progress."""
    updates: list[VideoGenerationUpdate] = []
    response = tarash.generate_video(CONFIG, REQUEST, on_progress=updates.append)
    saved = response.video.save(tmp_path / "kite.mp4")
    assert saved.read_bytes()[4:8] == b"ftyp"
    assert (updates[0].phase, updates[-1].phase) == ("submitted", "completed")
    assert {update.request_id for update in updates} == {response.request_id}


def test_a_job_is_cancelled() -> None:
    """Once, in the sync world: each time may be paid for."""
    job = tarash.submit_video(CONFIG, REQUEST)
    assert tarash.cancel(job).outcome in ("cancelled", "requested")
    deadline = time.monotonic() + 120
    while not job.finished:
        assert time.monotonic() < deadline, "fal never told of the cancellation"
        time.sleep(2)
        job = tarash.poll(job)
    assert job.state == "cancelled"


def test_a_bad_key_is_told_and_costs_nothing(world: World) -> None:
    """401, in both worlds, and the key is in nothing that is raised."""
    key = "00000000-0000-4000-8000-000000000000:tarash-has-no-such-key"
    config = VideoGenerationConfig(provider="fal", model=MODEL, api_key=key)
    with pytest.raises(tarash.AuthenticationError) as caught:
        world.generate(config, REQUEST)
    assert_absent(key, caught.value)
