"""Each behaviour through the public API, in both worlds: what an application sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tarash_mock
import yaml
from tarash_mock.order import BEHAVIOURS
from tarash_mock.testing import Film

import tarash_core
from tarash_core import (
    AuthenticationError,
    ConfigurationError,
    ContentModerationError,
    GenerationFailedError,
    InsufficientCreditsError,
    RateLimitError,
    SubmissionUncertainError,
    TarashException,
    TimeoutError,
    ValidationError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    VideoGenerationUpdate,
)
from tarash_core.testing import World

Decode = Callable[[bytes], Film]
Paint = Callable[..., bytes]
MakeConfig = Callable[..., VideoGenerationConfig]
MakeRequest = Callable[..., VideoGenerationRequest]

# What each behaviour ends with; None: with the video.
OUTCOMES: dict[str, type[TarashException] | None] = {
    "ok": None,
    "slow": None,
    "flaky_polls": None,
    "failing": GenerationFailedError,
    "never": TimeoutError,
    "moderated": ContentModerationError,
    "moderated_output": ContentModerationError,
    "rate_limited": RateLimitError,
    "no_credit": InsufficientCreditsError,
    "bad_key": AuthenticationError,
    "server_error": SubmissionUncertainError,
    "lost_reply": SubmissionUncertainError,
}


def test_every_behaviour_is_tried_here_told_in_the_readme_and_offered_by_the_models() -> None:
    folder = Path(tarash_mock.__file__).parent
    readme = (folder.parent / "README.md").read_text(encoding="utf-8")
    models = next(yaml.safe_load_all((folder / "models" / "mock.yaml").read_text(encoding="utf-8")))

    assert set(OUTCOMES) == set(BEHAVIOURS)
    assert tuple(models["extra"]["mock_behaviour"]["one_of"]) == BEHAVIOURS
    for name, error in OUTCOMES.items():
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{name}` |"))
        assert (error.__name__ if error else "the video") in row


@pytest.mark.parametrize("behaviour", [name for name, error in OUTCOMES.items() if error is None])
def test_what_works_works(
    world: World, config: MakeConfig, small: MakeRequest, decoded: Decode, behaviour: str
) -> None:
    response = world.generate(config(), small(mock_behaviour=behaviour))

    film = decoded(world.read(response.video))
    assert (film.width, film.height) == (response.video.width, response.video.height) == (320, 180)
    assert response.seed == 7
    assert response.duration == pytest.approx(0.5)
    assert response.content_type == "video/mp4"
    assert response.warnings == ()


@pytest.mark.parametrize(("behaviour", "error"), [(name, error) for name, error in OUTCOMES.items() if error])
def test_what_goes_wrong_is_the_error_that_the_readme_says(
    world: World, config: MakeConfig, small: MakeRequest, behaviour: str, error: type[TarashException]
) -> None:
    patience = 0.6 if behaviour in ("never", "rate_limited") else 30.0

    with pytest.raises(error) as caught:
        world.generate(config(timeout=patience), small(mock_behaviour=behaviour, mock_retry_after=0.1))

    assert type(caught.value) is error
    assert caught.value.provider == "mock"
    accepted = behaviour in ("failing", "never", "moderated_output")
    assert (caught.value.job is not None) is accepted


def test_a_policy_refusal_gives_its_reason(world: World, config: MakeConfig, small: MakeRequest) -> None:
    with pytest.raises(ContentModerationError) as caught:
        world.generate(config(), small(mock_behaviour="moderated"))

    assert caught.value.reasons == ("content_policy_violation",)


def test_a_rate_limit_says_how_long_to_wait(world: World, config: MakeConfig, small: MakeRequest) -> None:
    with pytest.raises(RateLimitError) as caught:
        world.submit(config(timeout=0.3), small(mock_behaviour="rate_limited", mock_retry_after=12.5))

    assert caught.value.retry_after == 12.5


def test_progress_goes_through_the_queue_to_the_end(world: World, config: MakeConfig, small: MakeRequest) -> None:
    updates: list[VideoGenerationUpdate] = []
    world.generate(config(), small(mock_seconds=0.8), on_progress=updates.append)

    states = [update.status for update in updates]
    percents = [update.progress_percent for update in updates if update.progress_percent is not None]
    lines = [line for update in updates for line in update.logs]
    assert states == sorted(states, key=["queued", "processing", "completed"].index)
    assert set(states) == {"queued", "processing", "completed"}
    assert {update.queue_position for update in updates if update.status == "queued"} & {1, 2, 3}
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert lines[0] == "queued"
    assert "rendering 6 frames at 320x180" in lines


def test_a_config_can_misbehave_for_all_its_requests_and_its_fallback_saves_them(
    world: World, config: MakeConfig, small: MakeRequest
) -> None:
    broken = config(options={"mock_behaviour": "failing"}, fallback_configs=(config(),))

    response = world.generate(broken, small())

    assert [attempt.outcome for attempt in response.attempts] == ["GenerationFailedError", "completed"]


def test_the_request_wins_over_the_config(world: World, config: MakeConfig, small: MakeRequest) -> None:
    broken = config(options={"mock_behaviour": "failing"})

    assert world.generate(broken, small(mock_behaviour="ok")).status == "completed"


def test_rendering_ends_with_the_deadline(world: World, config: MakeConfig, small: MakeRequest) -> None:
    endless = small(duration_seconds=120, fps=60, resolution="1280x720", mock_seconds=0)

    with pytest.raises(TimeoutError) as caught:
        world.generate(config(timeout=1.5), endless)

    assert caught.value.job is not None
    assert caught.value.job.state == "completed"


def test_images_of_all_kinds_go_in_as_bytes_files_and_addresses(
    world: World, config: MakeConfig, small: MakeRequest, painted: Paint, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(painted("red"))
    with photo.open("rb") as file:
        images = [
            {"image": photo, "role": "first_frame"},
            {"image": painted("blue"), "role": "last_frame"},
            {"image": "https://example.com/a.png", "role": "reference"},
            {"image": file, "role": "style"},
            {"image": (painted("green"), "image/png"), "role": "asset"},
        ]
        response = world.generate(config(), small(image_list=images))

    assert response.warnings == ()
    assert response.video.width == 320


@pytest.mark.parametrize(
    ("model", "fields", "error", "says"),
    [
        ("mock/text-to-video", {"duration_seconds": 7}, ValidationError, "4, 6 or 8"),
        ("mock/image-to-video", {"duration_seconds": 4}, ValidationError, "first_frame"),
        ("mock/video", {"mock_behaviour": "explode"}, ValidationError, "explode"),
        ("mock/video", {"resolution": "tall"}, ValidationError, "'tall' is not offered"),
    ],
)
def test_wrong_requests_are_refused(
    world: World, config: MakeConfig, model: str, fields: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        world.generate(config(model), tarash_core.VideoGenerationRequest(prompt="x", **fields))


def test_a_model_of_another_name_is_served_with_a_warning(world: World, config: MakeConfig, small: MakeRequest) -> None:
    response = world.generate(config("fal-ai/veo3.1"), small())

    assert response.model == "fal-ai/veo3.1"
    assert response.warnings


def test_a_spool_that_is_no_text_is_refused(world: World, small: MakeRequest) -> None:
    config = tarash_core.VideoGenerationConfig(provider="mock", provider_config={"spool": 5})

    with pytest.raises(ConfigurationError, match="spool"):
        world.generate(config, small())


def test_a_spool_that_cannot_be_made_is_said_with_the_way_out(
    world: World, config: MakeConfig, small: MakeRequest, painted: Paint, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    blocked = config(options={"spool": str(tmp_path / "file" / "spool")})

    with pytest.raises(ConfigurationError, match="name another one with provider_config"):
        world.submit(blocked, small(image_list=[{"image": painted("red"), "role": "first_frame"}]))
