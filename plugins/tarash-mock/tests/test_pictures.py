"""Pictures and videos that go in: they are seen where they belong, and bad ones are refused before the job is paid."""

from __future__ import annotations

import io
import os
import stat
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps
from tarash_mock.errors import MockAPIError, MockSpoolError
from tarash_mock.service import MockService
from tarash_mock.spool import Spool
from tarash_mock.testing import Film

Make = Callable[..., bytes]
Decode = Callable[[bytes], Film]
Paint = Callable[..., bytes]
Upload = Callable[..., str]

RED, BLUE, GREEN = (200, 30, 30), (30, 40, 190), (20, 160, 60)


def _near(seen: Iterable[float], painted: Iterable[float], *, within: float = 12) -> bool:
    return all(abs(one - other) <= within for one, other in zip(seen, painted, strict=True))


@pytest.fixture
def upload(service: MockService, painted: Paint) -> Upload:
    return lambda colour, size=(320, 180), **form: service.upload(painted(colour, size, **form), "image/png")


def test_the_first_frame_is_seen_at_the_beginning(make: Make, decoded: Decode, upload: Upload) -> None:
    film = decoded(make(first_frame_url=upload(RED)))

    assert _near(film.colour(0), RED)


def test_the_last_frame_is_seen_at_the_end_and_not_before(make: Make, decoded: Decode, upload: Upload) -> None:
    film = decoded(make(last_frame_url=upload(BLUE)))

    assert _near(film.colour(-1), BLUE)
    assert not _near(film.colour(0), BLUE, within=40)


def test_first_and_last_frame_fade_into_each_other(make: Make, decoded: Decode, upload: Upload) -> None:
    film = decoded(make(first_frame_url=upload(RED), last_frame_url=upload(BLUE), duration=1.0, fps=11))

    assert _near(film.colour(0), RED)
    assert _near(film.colour(-1), BLUE)
    assert _near(film.colour(5), tuple((a + b) / 2 for a, b in zip(RED, BLUE, strict=True)), within=16)


def test_the_first_frame_is_whole_at_the_beginning_and_the_last_one_at_the_end(
    make: Make, decoded: Decode, service: MockService
) -> None:
    bordered = ImageOps.expand(Image.new("RGB", (308, 168), BLUE), border=6, fill=RED)
    file = io.BytesIO()
    bordered.save(file, "PNG")
    url = service.upload(file.getvalue(), "image/png")
    edge = (0.002, 0.3, 0.014, 0.5)

    first, last = decoded(make(first_frame_url=url)), decoded(make(last_frame_url=url))

    assert _near(first.colour(0, edge), RED, within=20)
    assert _near(first.colour(-1, edge), BLUE, within=40)
    assert _near(last.colour(-1, edge), RED, within=20)


def test_a_picture_of_another_shape_is_shown_whole(make: Make, decoded: Decode, upload: Upload) -> None:
    film = decoded(make(first_frame_url=upload(RED, (90, 180)), aspect_ratio="16:9"))

    assert _near(film.colour(0, (0.4, 0.2, 0.6, 0.5)), RED)
    assert not _near(film.colour(0, (0.05, 0.3, 0.2, 0.5)), RED, within=40)


@pytest.mark.parametrize("parameter", ["reference_image_urls", "asset_image_urls", "style_image_urls"])
def test_reference_pictures_are_seen_as_thumbnails(make: Make, decoded: Decode, upload: Upload, parameter: str) -> None:
    # 320x180: the margin is 10 pixels, thumbnails are 31 high and begin 26 below the top.
    first, second = (0.05, 0.17, 0.11, 0.27), (0.28, 0.17, 0.36, 0.27)
    film = decoded(make(**{parameter: [upload(RED, (200, 100)), upload(GREEN, (200, 100))]}))

    assert _near(film.colour(0, first), RED, within=20)
    assert _near(film.colour(0, second), GREEN, within=20)


def test_a_video_is_seen_as_a_thumbnail_and_gives_its_shape(
    make: Make, decoded: Decode, upload: Upload, service: MockService
) -> None:
    url = service.upload(make(first_frame_url=upload(GREEN, (180, 320)), resolution="180x320"), "video/mp4")

    film = decoded(make(video_url=url, resolution="360p"))

    assert (film.width, film.height) == (360, 640)
    assert _near(film.colour(0, (0.08, 0.1, 0.12, 0.13)), GREEN, within=20)


def test_auto_follows_the_first_frame_as_its_camera_held_it(
    make: Make, decoded: Decode, painted: Paint, service: MockService
) -> None:
    sideways = Image.Exif()
    sideways[0x0112] = 6
    url = service.upload(painted(RED, (320, 180), form="JPEG", exif=sideways), "image/jpeg")

    film = decoded(make(first_frame_url=url, resolution="360p", aspect_ratio="auto"))

    assert (film.width, film.height) == (360, 640)
    assert _near(film.colour(0), RED)


@pytest.mark.parametrize("url", ["https://pictures.example.com/a.png", "gs://bucket/a.png", "http://[::1]/a"])
def test_a_web_address_is_drawn_as_a_card_and_never_fetched(make: Make, decoded: Decode, url: str) -> None:
    film, plain = decoded(make(first_frame_url=url)), decoded(make())

    assert not _near(film.colour(0), plain.colour(0), within=20)


def test_transparent_pictures_are_shown(make: Make, decoded: Decode, upload: Upload) -> None:
    film = decoded(make(first_frame_url=upload((255, 0, 0, 0))))

    assert _near(film.colour(0), (32, 32, 38))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"first_frame_url": b"\x89PNG\r\n\x1a\nand then nothing"}, "no image that can be read"),
        ({"first_frame_url": b"GIF89a"}, "no image that can be read"),
        ({"video_url": b"\x00\x00\x00\x18ftypmp42 and then nothing"}, "no video that can be read"),
        ({"style_image_urls": b"text"}, "no image that can be read"),
    ],
)
def test_what_is_no_picture_is_refused_before_it_is_paid(
    service: MockService, arguments: dict[str, Any], says: str
) -> None:
    ((name, data),) = arguments.items()
    url = service.upload(data, "image/png")

    with pytest.raises(MockAPIError, match=says) as caught:
        service.submit("mock/video", {"prompt": "x", name: [url] if name.endswith("urls") else url})

    assert (caught.value.status_code, caught.value.parameter) == (422, name)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "file:///tmp/../etc/passwd", "ftp://example.com/a.png", "spool://x.png"]
)
def test_only_uploaded_files_can_be_read(service: MockService, url: str) -> None:
    with pytest.raises(MockAPIError, match="no URL of an uploaded file"):
        service.submit("mock/video", {"prompt": "x", "first_frame_url": url})


def test_a_file_of_another_folder_is_not_read_even_under_a_good_name(
    service: MockService, tmp_path: Path, painted: Paint
) -> None:
    outside = tmp_path / f"{'a' * 64}.png"
    outside.write_bytes(painted(RED))

    with pytest.raises(MockAPIError, match="is gone"):
        service.submit("mock/video", {"prompt": "x", "first_frame_url": outside.as_uri()})


def test_the_spool_is_private_made_late_and_keeps_the_same_bytes_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "deep" / "spool")
    assert not (tmp_path / "deep").exists()

    urls = {spool.put(b"bytes", "image/png"), spool.put(b"bytes", "image/png")}

    assert len(urls) == 1
    assert len(list(spool.folder.iterdir())) == 1
    if os.name == "posix":
        assert stat.S_IMODE(spool.folder.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="permissions are a matter of POSIX systems")
def test_a_spool_that_others_can_write_to_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool").chmod(0o777)

    with pytest.raises(MockSpoolError, match="only this user can write to"):
        Spool(tmp_path / "spool").put(b"bytes", "image/png")


@pytest.mark.skipif(os.name != "posix", reason="links need rights on other systems")
def test_a_spool_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "spool").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(MockSpoolError, match="only this user can write to"):
        Spool(tmp_path / "spool").put(b"bytes", "image/png")


def test_files_older_than_a_week_are_swept_and_nothing_else(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    old = spool.path_of(spool.put(b"old", "image/png"), parameter="x")
    foreign = tmp_path / "letter.txt"
    foreign.write_text("keep me")
    month_ago = time.time() - 30 * 24 * 3600
    for path in (old, foreign):
        os.utime(path, (month_ago, month_ago))

    spool.put(b"new", "image/png")

    assert not old.exists()
    assert foreign.exists()
