"""Parameters: every one is checked, and an order read again is the same order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tarash_mock.errors import MockAPIError
from tarash_mock.order import read_order
from tarash_mock.service import MockService

Make = Callable[..., bytes]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "there is nothing to make a video of"),
        ({"prompt": "  "}, "there is nothing to make a video of"),
        ({"prompt": 5}, "prompt=5: give text"),
        ({"prompt": "x" * 20_001}, "at most 20000 characters"),
        ({"duration": 0}, "duration=0: give a number between 0.1 and 120"),
        ({"duration": float("nan")}, "give a number between"),
        ({"duration": True}, "give a number between"),
        ({"duration": "8s"}, "duration='8s': give a number"),
        ({"resolution": "8k"}, "resolution '8k' is not offered; choose 360p"),
        ({"resolution": "32x32"}, "each side must be between 64 and 5760"),
        ({"resolution": "99999x2"}, "each side must be between 64 and 5760"),
        ({"resolution": "4k", "aspect_ratio": "4:1"}, "each side must be between 64 and 5760"),
        ({"aspect_ratio": "wide"}, "aspect ratio 'wide' is not offered"),
        ({"aspect_ratio": "5:1"}, "between 1:4 and 4:1"),
        ({"aspect_ratio": "0:9"}, "aspect ratio '0:9' is not offered"),
        ({"resolution": "1280x720", "aspect_ratio": "9:16"}, "leave one of them out"),
        ({"seed": -1}, "seed=-1: give an integer between 0 and 4294967295"),
        ({"seed": 1.5}, "give an integer"),
        ({"num_videos": 5}, "num_videos=5: give an integer between 1 and 4"),
        ({"generate_audio": "yes"}, "generate_audio='yes': give true or false"),
        ({"first_frame_url": "photo.jpg"}, "give a URL"),
        ({"style_image_urls": "https://example.com/a.png"}, "give a list of at most 16 URLs"),
        ({"mock_behaviour": "fail"}, "did you mean 'failing'"),
        ({"mock_behaviour": ["ok"]}, "choose ok, slow"),
        ({"mock_seconds": -1}, "mock_seconds=-1"),
        ({"mock_behavior": "ok"}, "there is no parameter 'mock_behavior'; did you mean 'mock_behaviour'"),
    ],
)
def test_a_wrong_parameter_is_refused_with_the_way_out(
    service: MockService, arguments: dict[str, Any], says: str
) -> None:
    with pytest.raises(MockAPIError) as caught:
        service.submit("mock/video", {"prompt": "x", **arguments} if arguments else {})

    assert says in str(caught.value)
    assert caught.value.status_code == 422


def test_an_order_read_again_is_the_same_order(service: MockService) -> None:
    given = {
        "prompt": "x",
        "duration": 2,
        "aspect_ratio": "9:16",
        "reference_image_urls": ["https://example.com/a.png"],
        "num_videos": 2,
        "mock_behaviour": "slow",
    }
    ticket = service.submit("mock/video", given)

    order = read_order(ticket["arguments"])

    assert order.size == (720, 1280)
    assert order.seed is not None
    assert order.arguments() == ticket["arguments"]


def test_a_number_of_videos_has_seeds_that_follow_each_other(service: MockService, make: Make) -> None:
    ticket = service.submit(
        "mock/video",
        {"prompt": "x", "seed": 5, "num_videos": 2, "duration": 0.2, "fps": 10, "resolution": "64x64"},
    )

    result = service.result(ticket)

    assert [video["seed"] for video in result["videos"]] == [5, 6]
    assert len({video["data"] for video in result["videos"]}) == 2


@pytest.mark.parametrize(
    ("behaviour", "seconds", "state", "progress", "queue_position"),
    [
        ("ok", 0, "queued", None, 3),
        ("ok", 24, "queued", None, 1),
        ("ok", 26, "processing", 1.3, None),
        ("ok", 90, "processing", 86.7, None),
        ("ok", 101, "completed", 100.0, None),
        ("slow", 900, "processing", 86.7, None),
        ("slow", 1001, "completed", 100.0, None),
        ("failing", 69, "processing", 58.7, None),
        ("failing", 71, "failed", 60.0, None),
        ("never", 1_000_000, "processing", 95.0, None),
        ("moderated_output", 90, "processing", 86.7, None),
        ("moderated_output", 101, "failed", 100.0, None),
        ("ok", -50, "queued", None, 3),
    ],
)
def test_the_state_follows_from_the_clock(
    service: MockService, behaviour: str, seconds: float, state: str, progress: float | None, queue_position: int | None
) -> None:
    ticket = service.submit("mock/video", {"prompt": "x", "mock_seconds": 100, "mock_behaviour": behaviour})
    ticket["submitted_at"] -= seconds

    status = service.status(ticket)

    assert (status.state, status.queue_position) == (state, queue_position)
    assert status.progress == (progress if progress is None else pytest.approx(progress, abs=0.1))


def test_a_result_is_not_given_before_it_is_there(service: MockService) -> None:
    ticket = service.submit("mock/video", {"prompt": "x", "mock_seconds": 100})

    with pytest.raises(MockAPIError, match="is queued") as caught:
        service.result(ticket)

    assert caught.value.status_code == 409
