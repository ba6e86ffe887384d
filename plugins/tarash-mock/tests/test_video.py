"""The file: what is asked for is what stands in it, frame by frame."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tarash_mock.render.scene import time_code
from tarash_mock.size import size_of
from tarash_mock.testing import Film

Make = Callable[..., bytes]
Decode = Callable[[bytes], Film]


@pytest.mark.parametrize(
    ("asked", "size", "frames"),
    [
        ({"resolution": "360p", "duration": 1.0, "fps": 24}, (640, 360), 24),
        ({"resolution": "180x320", "duration": 1.0, "fps": 30}, (180, 320), 30),
        ({"resolution": "201x99", "duration": 0.5, "fps": 10}, (200, 98), 5),
        ({"resolution": "360p", "aspect_ratio": "9:16", "duration": 0.1, "fps": 24}, (360, 640), 2),
        ({"resolution": "360p", "aspect_ratio": "21:9", "duration": 0.2, "fps": 5}, (840, 360), 1),
        ({"resolution": "64x64", "duration": 0.2, "fps": 25}, (64, 64), 5),
    ],
)
def test_duration_size_and_frame_rate_are_those_asked_for(
    make: Make, decoded: Decode, asked: dict[str, Any], size: tuple[int, int], frames: int
) -> None:
    film = decoded(make(**asked))

    assert film.codecs == ("h264",)
    assert film.pixel_format == "yuv420p"
    assert (film.width, film.height) == size
    assert len(film.frames) == frames
    assert film.fps == pytest.approx(asked["fps"])
    assert abs(film.seconds - asked["duration"]) <= 1 / asked["fps"]


def test_the_index_stands_in_front_so_that_it_plays_while_it_loads(make: Make) -> None:
    data = make()

    assert data[4:8] == b"ftyp"
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_sound_comes_only_when_asked_for_and_is_as_long_as_the_picture(make: Make, decoded: Decode) -> None:
    silent, sounding = decoded(make(duration=1.0)), decoded(make(duration=1.0, generate_audio=True))

    assert silent.codecs == ("h264",)
    assert sounding.codecs == ("h264", "aac")
    assert abs(sounding.seconds - 1.0) <= 1 / 12


def test_the_sound_can_be_heard(make: Make) -> None:
    import av

    with av.open(io.BytesIO(make(duration=1.0, generate_audio=True)), "r") as container:
        samples = b"".join(bytes(frame.planes[0]) for frame in container.decode(audio=0))

    assert len(set(samples)) > 50


@pytest.mark.parametrize("sound", [False, True])
def test_the_same_request_makes_the_same_bytes_in_any_thread(make: Make, sound: bool) -> None:
    with ThreadPoolExecutor(max_workers=2) as pool:
        videos = list(pool.map(lambda _: make(generate_audio=sound), range(3)))

    assert len(set(videos)) == 1


@pytest.mark.parametrize(
    "other",
    [{"seed": 8}, {"prompt": "a blue kite"}, {"fps": 10}, {"negative_prompt": "rain"}, {"enhance_prompt": True}],
)
def test_another_request_makes_other_bytes(make: Make, other: dict[str, Any]) -> None:
    assert make(**other) != make()


def test_the_background_moves_and_so_does_the_progress_bar(make: Make, decoded: Decode) -> None:
    film = decoded(make(duration=2.0))
    bar = (0.5, 0.95, 0.9, 0.97)

    assert film.frames[0].tobytes() != film.frames[12].tobytes()
    assert sum(film.colour(-1, bar)) > sum(film.colour(0, bar)) + 200


@pytest.mark.parametrize("prompt", ["Über den Wolken", "雲の上", "مرحبا", "a\nb\tc", "x" * 20_000, "🎬", "\x00\u200b"])
def test_any_prompt_can_be_drawn(make: Make, decoded: Decode, prompt: str) -> None:
    film = decoded(make(prompt=prompt, duration=0.1, fps=10))

    assert len(film.frames) == 1


def test_the_prompt_can_be_seen(make: Make, decoded: Decode) -> None:
    def white(prompt: str) -> int:
        middle = decoded(make(prompt=prompt)).frames[0].crop((0, 50, 320, 140))
        return sum(min(pixel) > 215 for pixel in zip(*[iter(middle.tobytes())] * 3, strict=True))

    assert white("M" * 60) > 300 > white(".")


def test_the_file_says_what_it_shows(make: Make, decoded: Decode) -> None:
    assert decoded(make()).title == "a red kite"


@pytest.mark.parametrize(
    ("index", "fps", "code"), [(0, 24, "00:00:00:00"), (95, 24, "00:00:03:23"), (3600, 1, "01:00:00:00")]
)
def test_time_codes(index: int, fps: int, code: str) -> None:
    assert time_code(index, fps) == code


@pytest.mark.parametrize(
    ("resolution", "aspect_ratio", "shape", "size"),
    [
        (None, None, None, (1280, 720)),
        ("480p", None, None, (852, 480)),
        ("1080P", "16:9", None, (1920, 1080)),
        ("4K", "1:1", None, (2160, 2160)),
        ("768p", "4:3", None, (1024, 768)),
        ("1440p", "9:16", None, (1440, 2560)),
        ("720p", "auto", (1000, 2000), (720, 1440)),
        ("720p", None, (3000, 2000), (1080, 720)),
        ("720p", "auto", (100, 2000), (720, 2880)),
        ("720p", "2.39:1", None, (1720, 720)),
        ("1366x768", "16:9", None, (1366, 768)),
        ("1281X721", None, (10, 20), (1280, 720)),
    ],
)
def test_sizes(
    resolution: str | None, aspect_ratio: str | None, shape: tuple[int, int] | None, size: tuple[int, int]
) -> None:
    assert size_of(resolution, aspect_ratio, shape) == size
