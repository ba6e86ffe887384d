"""Every form in which a caller may have an image or a video, and everything that is none."""

from __future__ import annotations

import base64
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tarash_core import ValidationError
from tarash_core.media import HEAD, Media, checked_kind
from tarash_core.sniff import sniff

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(200, 256)) * 8
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(40)
BASE64 = base64.b64encode(PNG).decode()
URLSAFE = base64.urlsafe_b64encode(PNG).decode()
WRAPPED = "\n".join(BASE64[start : start + 76] for start in range(0, len(BASE64), 76))


def _without_address(value: object) -> str:
    """A test's name must be the same in every process."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(value) if isinstance(value, memoryview | tuple) else repr(value))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(PNG)
    return path


@pytest.mark.parametrize(
    "value",
    [
        PNG,
        bytearray(PNG),
        memoryview(PNG),
        (PNG, "image/png"),
        (bytearray(PNG), "image/png"),
        (memoryview(PNG), "image/png"),
        io.BytesIO(PNG),
        BASE64,
        BASE64.rstrip("="),
        URLSAFE,
        WRAPPED,
        f"data:image/png;base64,{BASE64}",
        f"data:;base64,{BASE64}",
        f"data:image/png;charset=utf-8;BASE64,{URLSAFE}",
        f"DATA:image/png;base64,{WRAPPED}",
        f"data:image/png;base64,{BASE64.replace('+', '%2B').replace('/', '%2F')}",
        {"data": PNG, "content_type": "image/png"},
        {"data": BASE64, "content_type": "image/png"},
    ],
    ids=lambda value: f"{type(value).__name__}-{_without_address(value)[:24]!r}",
)
def test_bytes_in_every_form(value: Any) -> None:
    media = Media.of(value)
    assert (media.data, media.content_type, media.kind, media.size) == (PNG, "image/png", "image", len(PNG))
    assert media.url is None
    assert media.path is None


class Named(os.PathLike[str]):
    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.mark.parametrize("form", [Path, str, Named], ids=lambda form: form.__name__)
def test_files_by_path(photo: Path, form: Any) -> None:
    media = Media.of(form(photo))
    assert (media.path, media.data, media.content_type, media.filename) == (photo, None, "image/png", "photo.png")
    assert (media.read(), media.size) == (PNG, len(PNG))


@pytest.mark.parametrize("form", [Path, str])
def test_a_path_in_the_home_folder(photo: Path, monkeypatch: pytest.MonkeyPatch, form: Any) -> None:
    monkeypatch.setenv("HOME", str(photo.parent))
    monkeypatch.setenv("USERPROFILE", str(photo.parent))
    assert Media.of(form("~/photo.png")).path == photo


def test_an_open_file_keeps_its_name_and_stays_open(photo: Path) -> None:
    with photo.open("rb") as file:
        media = Media.of(file)
        assert not file.closed
    assert (media.data, media.filename, media.content_type) == (PNG, "photo.png", "image/png")


@pytest.mark.parametrize(
    ("url", "content_type"),
    [
        ("https://example.com/a/photo.jpg", "image/jpeg"),
        ("https://example.com/a/photo.jpg?signed=x.mp4", "image/jpeg"),
        ("http://example.com/film.mp4#t=3", "video/mp4"),
        ("gs://bucket/film.mp4", "video/mp4"),
        ("HTTPS://example.com/render", None),
        (" https://example.com/render\n", None),
    ],
)
def test_addresses(url: str, content_type: str | None) -> None:
    media = Media.of(url)
    assert (media.url, media.content_type, media.size) == (url.strip(), content_type, None)
    with pytest.raises(ValueError, match="read by the provider"):
        media.read()


def test_media_stays_what_it_is() -> None:
    media = Media.of(PNG)
    assert Media.of(media) is media


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("missing.png", "no such file 'missing.png'"),
        (Path("missing.png"), "no such file 'missing.png'"),
        ("~nobody-of-that-name/photo.png", "no such file '~nobody-of-that-name/photo.png'"),
        (Path("~nobody-of-that-name/photo.png"), "no such file '~nobody-of-that-name/photo.png'"),
        ("", "no such file ''"),
        ("a\0b", "no such file"),
        ("x" * 5000, "no such file 'xxx"),
        ("A" * 17, "no such file"),
        ("https://", "not an http, https or gs address"),
        ("data:image/png;base64", "has no ','"),
        ("data:image/svg+xml,%3Csvg%3E", "is not base64"),
        ("data:image/png;base64,***", "does not hold valid base64"),
        ("data:image/png;base64,", "is empty"),
        (b"", "the media is empty"),
        ((b"", "image/png"), "the media is empty"),
        ((PNG, "png"), "'png' is not a media type; give one like 'image/png'"),
        (b"what is this", "no known image, video or audio format"),
        (io.BytesIO(b""), "the media is empty"),
        (io.StringIO("text"), "open as text; open it with 'rb'"),
        (5, "'int' is not media"),
        (None, "'NoneType' is not media"),
        ([PNG], "'list' is not media"),
        ({"url": "photo.jpg"}, "'photo.jpg' is not an http, https or gs address"),
        ({}, "give exactly one of url, data and path"),
        ({"url": "https://example.com/a", "data": PNG}, "give exactly one of url, data and path"),
        ({"data": "***"}, "not valid base64"),
        ({"urls": "https://example.com"}, "did you mean 'url'"),
    ],
    ids=lambda value: _without_address(value)[:40],
)
def test_what_is_no_media(value: Any, says: str) -> None:
    with pytest.raises((ValueError, ValidationError)) as raised:
        Media.of(value)
    assert says in str(raised.value)


def test_base64_longer_than_a_file_name_may_be() -> None:
    """Asking the file system about it is an error of its own ("file name too long"), which must not come out."""
    text = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00" * 600).decode()
    assert "/" not in text
    assert Media.of(text).content_type == "image/png"


def test_a_reader_of_something_else_than_bytes() -> None:
    class Odd:
        def read(self) -> list[int]:
            return [1]

    with pytest.raises(ValueError, match="reading 'Odd' gives 'list', not bytes"):
        Media.of(Odd())


def test_a_text_file_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_text("no photo")
    with path.open() as file, pytest.raises(ValueError, match="open as text"):
        Media.of(file)
    with path.open("rb") as file, pytest.raises(ValueError, match="no known image"):
        Media.of(file)
    with pytest.raises(ValueError, match=r"photo.jpg, image/jpeg> is not an image \(its bytes say: unknown format\)"):
        checked_kind(Media.of(path), "image")


def test_a_folder_and_an_empty_file(tmp_path: Path) -> None:
    for form in (tmp_path, str(tmp_path)):
        with pytest.raises(ValueError, match="is a folder; give a file"):
            Media.of(form)
    (tmp_path / "empty.png").touch()
    with pytest.raises(ValueError, match=r"empty.png' is empty"):
        Media.of(tmp_path / "empty.png")


def test_a_file_that_is_gone_when_it_is_sent(photo: Path) -> None:
    media = Media.of(photo)
    photo.unlink()
    for reading in (media.read, media.data_url, lambda: media.size):
        with pytest.raises(ValidationError, match=r"photo.png' cannot be read \(No such file"):
            reading()
    assert str(media) == "<photo.png, image/png>"
    with pytest.raises(ValueError, match="no such file"):
        checked_kind(media, "image")


@pytest.mark.parametrize(
    ("media", "wanted", "says"),
    [
        (Media(data=PNG), "image", None),
        (Media(data=MP4), "video", None),
        (Media(data=MP4), "image", "is not an image (its bytes say: video/mp4)"),
        (Media(data=PNG), "video", "is not a video (its bytes say: image/png)"),
        (Media(data=PNG, content_type="video/mp4"), "video", "its bytes say: image/png"),
        (Media(data=b"<svg/>", content_type="image/svg+xml"), "image", None),
        (Media(data=b"<p>hello", content_type="text/html"), "image", "it is 'text/html'"),
        (Media(data=b"unknown"), "audio", "is not an audio"),
        (Media(url="https://example.com/a"), "image", None),
        (Media(url="https://example.com/a", content_type="image/png"), "image", None),
        (Media(url="https://example.com/a", content_type="application/octet-stream"), "image", None),
        (Media(url="https://example.com/a.mp4", content_type="video/mp4"), "image", "not an image: it is 'video/mp4'"),
    ],
    ids=lambda value: _without_address(value),
)
def test_kinds(media: Media, wanted: Any, says: str | None) -> None:
    if says is None:
        assert checked_kind(media, wanted) is media
        return
    with pytest.raises(ValueError, match="is not a") as raised:
        checked_kind(media, wanted)
    assert says in str(raised.value)


# The first bytes of real files, as the formats' specifications lay them out.
HEADS = [
    (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
    (b"\xff\xd8\xff\xe1\x00\x10Exif\x00", "image/jpeg"),
    (PNG, "image/png"),
    (b"GIF87a\x01\x00\x01\x00", "image/gif"),
    (b"GIF89a\x01\x00\x01\x00", "image/gif"),
    (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
    (b"RIFF\x24\x00\x00\x00WEBPVP8L", "image/webp"),
    (b"BM\x3a\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00", "image/bmp"),
    (b"II*\x00\x08\x00\x00\x00", "image/tiff"),
    (b"MM\x00*\x00\x00\x00\x08", "image/tiff"),
    (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00", "image/avif"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "image/heic"),
    (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00", "image/heif"),
    (MP4, "video/mp4"),
    (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00", "video/quicktime"),
    (b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", "video/quicktime"),
    (b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x02\x00", "video/3gpp"),
    (b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00", "audio/mp4"),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm",
     "video/webm"),
    (b"\x1a\x45\xdf\xa3\x01" + bytes(6) + b"\x23\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08"
     b"\x42\x82\x88matroska", "video/x-matroska"),
    (b"RIFF\x24\x00\x00\x00AVI LIST", "video/x-msvideo"),
    (b"\x00\x00\x01\xba\x44\x00", "video/mpeg"),
    (b"FLV\x01\x05\x00\x00\x00\x09", "video/x-flv"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
    (b"ID3\x04\x00\x00\x00\x00\x00\x00", "audio/mpeg"),
    (b"\xff\xfb\x90\x64\x00", "audio/mpeg"),
    (b"\xff\xf1\x50\x80\x00", "audio/aac"),
    (b"fLaC\x00\x00\x00\x22", "audio/flac"),
    (b"OggS\x00\x02", "audio/ogg"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "content_type"), HEADS, ids=[content_type for _, content_type in HEADS])
def test_formats_told_by_their_first_bytes(head: bytes, content_type: str) -> None:
    assert sniff(head[:HEAD]) == content_type
    assert Media.of(head).content_type == content_type


@given(st.text(st.characters(min_codepoint=9, max_codepoint=126, categories=("L", "N", "P", "S", "Z"))))
def test_plain_text_is_no_media(text: str) -> None:
    for opening in ("", "BM", "ID3 ", "RIFF", "RIFFtextWEBP", "1234ftyp", "12 moov "):
        assert sniff(f"{opening}{text}".encode()[:HEAD]) is None


@given(st.binary(min_size=1), st.sampled_from(["image/png", "video/mp4", "image/svg+xml"]))
def test_a_data_url_comes_back(data: bytes, content_type: str) -> None:
    media = Media(data=data, content_type=content_type)
    assert Media.of(media.data_url()) == media


@pytest.mark.parametrize(
    ("media", "opening"),
    [
        (Media(data=PNG), "data:image/png;base64,"),
        (Media(data=b"?"), "data:application/octet-stream;base64,"),
        (Media(data=PNG, content_type="image/x-other"), "data:image/x-other;base64,"),
    ],
)
def test_the_type_in_a_data_url(media: Media, opening: str) -> None:
    assert media.data_url().startswith(opening)


@given(st.binary(min_size=1))
def test_json_comes_back_by_every_parser(data: bytes) -> None:
    media = Media(data=data, filename="a.bin")
    text = media.model_dump_json()
    assert Media.model_validate_json(text) == media
    assert Media.model_validate(json.loads(text)) == media
    assert Media.of(json.loads(text)) == media


def test_no_text_of_media_holds_its_bytes(photo: Path) -> None:
    for media in (Media.of(PNG), Media.of(io.BytesIO(PNG)), Media.of(BASE64), Media.of(photo)):
        for text in (repr(media), str(media), f"{media}"):
            assert "IHDR" not in text
            assert BASE64[:20] not in text
    assert str(Media.of(PNG)) == f"<bytes, image/png, {len(PNG)} bytes>"
    assert len(str(Media(url="https://example.com/" + "a" * 500))) == 120


def test_equal_and_hashable() -> None:
    assert Media.of(PNG) == Media.of(bytearray(PNG))
    assert len({Media.of(PNG), Media.of(BASE64), Media.of(MP4)}) == 2
