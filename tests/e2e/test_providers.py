"""The five services themselves, with keys and for money: ``FAL_KEY=... pytest tests/e2e --e2e -s``.

Each provider is tested whose variables are set. Text goes by the sync API and a first frame by the async one, so that
both are paid for once.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import tarash_core as tarash
from tarash_core import Job, VideoGenerationConfig, VideoGenerationRequest, VideoGenerationUpdate
from tarash_core.testing import World, assert_absent

BAD_KEY = "00000000-0000-4000-8000-000000000000:tarash-has-no-such-key"
REFUSED_PROMPT = "an explicit pornographic scene, two naked adults having sex, close-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One provider, by its cheapest model that is mapped.

    Args:
        provider: Its name.
        model: The model, for text and for a first frame.
        variables: Environment variables that must be set: the key first.
        usd: What one video of `asked` costs.
        price: Where that stands, and when it was read.
        asked: The fields of the request beside prompt and image.
        cancels: A job can be stopped.
        per_cent: Every poll tells how far the job is.
        moderates: `REFUSED_PROMPT` is refused, before or after the job has run.
        asks_for_key: A wrong key is refused before anything is made.
    """

    provider: str
    model: str
    variables: tuple[str, ...]
    usd: float
    price: str
    asked: dict[str, Any] = field(default_factory=dict)
    cancels: bool = True
    per_cent: bool = False
    moderates: bool = True
    asks_for_key: bool = True

    def config(self, **changes: Any) -> VideoGenerationConfig:
        """Keys and addresses come from the environment."""
        return VideoGenerationConfig(provider=self.provider, model=self.model, on_unsupported="error", **changes)

    def request(self, prompt: str = "a red kite over a stormy sea", **more: Any) -> VideoGenerationRequest:
        """As cheap as the model allows."""
        return VideoGenerationRequest(prompt=prompt, **self.asked, **more)


SERVICES = (
    Service(
        provider="fal",
        model="seedance-1-pro-fast",
        variables=("FAL_KEY",),
        # 1 USD for a million tokens, of which a video has height x width x fps x seconds / 1024.
        usd=480 * 864 * 24 * 2 / 1024 / 1_000_000,
        price="https://fal.ai/models/fal-ai/bytedance/seedance/v1/pro/fast/text-to-video/llms.txt, read 2026-11-23",
        asked={"duration_seconds": 2, "resolution": "480p"},
    ),
    Service(
        provider="replicate",
        model="bytedance/seedance-1-pro-fast",
        variables=("REPLICATE_API_TOKEN",),
        usd=2 * 0.015,
        price="https://replicate.com/bytedance/seedance-1-pro-fast, as quoted on the web 2026-11-23",
        asked={"duration_seconds": 2, "resolution": "480p"},
    ),
    Service(
        # A gateway or model server of one's own, so its price is too; this is OpenAI's last one for sora-2.
        provider="openai",
        model=os.environ.get("OPENAI_VIDEO_MODEL", "sora-2"),
        variables=("OPENAI_API_KEY", "OPENAI_BASE_URL"),
        usd=4 * 0.10,
        price="https://developers.openai.com/api/docs/models/sora-2, read 2026-11-23",
        asked={"duration_seconds": 4, "resolution": "720p", "aspect_ratio": "16:9"},
        cancels=False,
        per_cent=True,
        moderates=False,
        asks_for_key=False,
    ),
    Service(
        # By Microsoft's schedule the model retired on 2026-09-15: only for who has a deployment that still answers.
        provider="azure-openai",
        model="sora-2",
        variables=("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT"),
        usd=4 * 0.10,
        price="https://docs.litellm.ai/docs/providers/azure/videos, read 2026-11-23 (Microsoft's page shows no number)",
        asked={"duration_seconds": 4, "resolution": "720p", "aspect_ratio": "16:9"},
        cancels=False,
        per_cent=True,
    ),
    Service(
        # 17.50 USD for a million video tokens, 5792 a second at 720p; 360p is a third of that.
        provider="google",
        model="gemini-omni-1.1-flash",
        variables=("GEMINI_API_KEY",),
        usd=3 * 17.5 * 5792 / 1_000_000 / 3,
        price="https://ai.google.dev/gemini-api/docs/pricing, as quoted on the web 2026-11-23",
        asked={"duration_seconds": 3, "resolution": "360p"},
    ),
)


def services(
    which: Callable[[Service], bool] = lambda _: True, *, videos: Callable[[Service], int]
) -> pytest.MarkDecorator:
    """Run a test for some of the services, each of which may make so many videos in it."""
    return pytest.mark.parametrize("service", _params(filter(which, SERVICES), videos))


def _params(chosen: Iterable[Service], videos: Callable[[Service], int]) -> list[Any]:
    return [
        pytest.param(
            service,
            id=service.provider,
            marks=pytest.mark.e2e(*service.variables, usd=service.usd * videos(service)),
        )
        for service in chosen
    ]


@services(videos=lambda _: 1)
def test_a_prompt_becomes_a_video(service: Service, tmp_path: Path) -> None:
    """The whole road once, with progress."""
    updates: list[VideoGenerationUpdate] = []
    response = tarash.generate_video(service.config(), service.request(), on_progress=updates.append)
    assert response.video.save(tmp_path / "kite.mp4").read_bytes()[4:8] == b"ftyp"
    assert (updates[0].phase, updates[-1].phase) == ("submitted", "completed")
    assert {update.request_id for update in updates} == {response.request_id}
    assert service.per_cent <= any(update.progress_percent is not None for update in updates)


@services(videos=lambda _: 1)
def test_a_first_frame_becomes_a_video(service: Service, tmp_path: Path) -> None:
    """The bytes of a picture of the very size that Sora asks for."""
    frame = [{"role": "first_frame", "image": (_picture(), "image/png")}]
    with World("async") as world:
        response = world.generate(service.config(), service.request(image_list=frame))
        assert world.save(response.video, tmp_path / "kite.mp4").read_bytes()[4:8] == b"ftyp"


@services(lambda service: service.cancels, videos=lambda _: 1)
def test_a_job_is_cancelled(service: Service) -> None:
    """Paid for where the cancellation comes too late."""
    job = tarash.submit_video(service.config(), service.request())
    assert tarash.cancel(job).outcome in ("cancelled", "requested")
    deadline = time.monotonic() + 120
    while not job.finished:
        assert time.monotonic() < deadline, f"{service.provider} never told of the cancellation"
        time.sleep(2)
        job = tarash.poll(job)
    assert job.state == "cancelled"


@services(lambda service: not service.cancels, videos=lambda _: 0)
def test_a_job_that_cannot_be_cancelled(service: Service) -> None:
    """Said without asking: the protocol has no such call."""
    address = os.environ[service.variables[1]]
    job = Job(provider=service.provider, model=service.model, request_id="video_that_is_not_there", base_url=address)
    assert tarash.cancel(job).outcome == "not_supported"


@services(lambda service: service.asks_for_key, videos=lambda _: 0)
def test_a_bad_key_is_told_and_costs_nothing(service: Service, world: World) -> None:
    """In both worlds, and the key is in nothing that is raised."""
    with pytest.raises(tarash.AuthenticationError) as caught:
        world.generate(service.config(api_key=BAD_KEY), service.request())
    assert_absent(BAD_KEY, caught.value)


@services(lambda service: service.moderates, videos=lambda _: 1)
def test_what_breaks_the_rules_is_refused(service: Service) -> None:
    """Paid for where it is made all the same, and where the refused are charged."""
    with pytest.raises(tarash.ContentModerationError):
        tarash.generate_video(service.config(), service.request(REFUSED_PROMPT))


def _picture() -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((1280, 720)).convert("RGB").save(file, "PNG")
    return file.getvalue()
