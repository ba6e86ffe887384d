"""From a raw result to the response: every shape that providers give, and none that they do not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from tarash_core import Job, UnexpectedResponseError, VideoGenerationRequest
from tarash_core.provider import ResultPaths
from tarash_core.response import VideoGenerationResponse
from tarash_core.result import response_from

JOB = Job(provider="some", model="m", request_id="r-1", state="completed", warnings=("left out: seed",))
REQUEST = VideoGenerationRequest(prompt="x", duration_seconds=8, resolution="720p", aspect_ratio="16:9")
A, B = "https://example.com/a.mp4", "https://example.com/b.mp4"


def read(raw: object, *, request: VideoGenerationRequest | None = REQUEST, **paths: Any) -> VideoGenerationResponse:
    return response_from(raw, paths=ResultPaths(**paths), request=request, job=JOB)


@pytest.mark.parametrize(
    ("raw", "paths", "addresses"),
    [
        ({"video": {"url": A}}, {}, [A]),
        ({"video": A}, {}, [A]),
        ({"videos": [{"url": A}, {"url": B}]}, {}, [A, B]),
        ({"videos": [A, B]}, {}, [A, B]),
        ({"videos": (A, {"url": B})}, {}, [A, B]),
        ({"videos": {"url": A}}, {}, [A]),
        ({"video": None, "videos": [A]}, {}, [A]),
        ({"video": "", "videos": [A]}, {}, [A]),
        ({"video": {}, "videos": [A]}, {}, [A]),
        ({"video": {"url": None}, "videos": [A]}, {}, [A]),
        ({"video": A, "videos": [B]}, {}, [A]),
        ({"output": {"files": [A]}}, {"videos": ["output.files"]}, [A]),
        ({"generated": [{"video": {"uri": A}}]}, {"videos": ["generated"], "url": ["video.uri"]}, [A]),
        ({"output": A}, {"videos": ["output"], "url": ["video.uri"]}, [A]),
        ({"output": {"link": A}}, {"videos": ["output"], "url": ["url", "link"]}, [A]),
    ],
)
def test_where_videos_stand(raw: object, paths: dict[str, Any], addresses: list[str]) -> None:
    response = read(raw, **paths)
    assert [video.url for video in response.videos] == addresses
    assert response.video is response.videos[0]
    assert response.raw_response == raw
    assert response.warnings == JOB.warnings
    assert (response.request_id, response.provider, response.model, response.status) == (
        "r-1",
        "some",
        "m",
        "completed",
    )


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ({}, "nothing"),
        (None, "NoneType"),
        ([], "list"),
        ("words", "str"),
        ({"images": [A], 5: 1}, "images, 5"),
        ({"video": None}, "video"),
        ({"video": ""}, "video"),
        ({"video": {"url": ""}}, "video"),
        ({"video": {"url": 5}}, "video"),
        ({"video": b"bytes"}, "video"),
        ({"video": 5, "videos": []}, "video, videos"),
        ({"videos": [None, 5, {}]}, "videos"),
    ],
)
def test_no_video_is_an_error_and_never_an_empty_success(raw: object, made: str) -> None:
    with pytest.raises(UnexpectedResponseError) as raised:
        read(raw)
    assert str(raised.value) == f"'some' finished job 'r-1' without a video (it made: {made})"
    assert (raised.value.job, raised.value.raw_response, raised.value.transient) == (JOB, raw, False)
    assert (raised.value.provider, raised.value.request_id) == ("some", "r-1")


def test_an_entry_without_a_video_is_told() -> None:
    response = read({"videos": [A, None, {"reason": "filtered"}]})
    assert [video.url for video in response.videos] == [A]
    assert response.warnings == (*JOB.warnings, "2 of 3 results hold no video")


def test_bytes_in_the_place_of_an_address() -> None:
    assert read({"video": {"data": b"film", "content_type": "video/mp4"}}).video.data == b"film"


DETAILS = {
    "content_type": "video/mp4",
    "file_name": "a.mp4",
    "file_size": 1000,
    "duration": 5.25,
    "fps": 24,
    "width": 1280,
    "height": 720,
}


@pytest.mark.parametrize("inside", [True, False], ids=["beside the address", "in the whole result"])
def test_what_is_told_of_a_video(inside: bool) -> None:
    raw = {"video": {"url": A, **DETAILS}, "seed": 7} if inside else {"video": A, **DETAILS, "seed": 7}
    response = read(raw)
    video = response.video
    assert (video.content_type, video.filename, video.size_bytes) == ("video/mp4", "a.mp4", 1000)
    assert (video.duration, video.fps, video.width, video.height) == (5.25, 24.0, 1280, 720)
    assert (response.duration, response.resolution, response.aspect_ratio, response.seed) == (
        5.25,
        "1280x720",
        "16:9",
        7,
    )
    assert response.content_type == "video/mp4"


def test_the_videos_own_word_counts_before_that_of_the_whole() -> None:
    raw = {"videos": [{"url": A, "duration": 4, "seed": 1}, {"url": B}], "duration": 6, "seed": 2}
    response = read(raw)
    assert [video.duration for video in response.videos] == [4.0, 6.0]
    assert response.seed == 1


def test_what_is_not_told_is_what_was_asked_for() -> None:
    response = read({"video": A})
    assert (response.duration, response.resolution, response.aspect_ratio, response.seed) == (8.0, "720p", "16:9", None)
    response = read({"video": A}, request=None)
    assert (response.duration, response.resolution, response.aspect_ratio) == (None, None, None)


@pytest.mark.parametrize("odd", [True, "5", None, float("inf"), float("nan"), 10**400, [5], {}])
def test_odd_values_are_left_out_and_nothing_fails_after_payment(odd: object) -> None:
    details = dict.fromkeys(("duration", "fps", "width", "height", "file_size", "seed"), odd)
    response = read({"video": {"url": A, "content_type": 5, "file_name": ["a"], **details}})
    video = response.video
    assert (video.duration, video.fps, video.width, video.height, video.size_bytes) == (None,) * 5
    assert (video.content_type, video.filename) == (None, None)
    assert response.seed in (None, 10**400)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["video", "videos", "url", "duration", "width", "height", "seed"]), inner)
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_a_video_or_says_that_there_is_none(raw: object) -> None:
    try:
        response = read(raw)
    except UnexpectedResponseError:
        return
    assert all(video.url for video in response.videos)
