"""Media that goes in: an image or a video as URL, data URL, base64, bytes, open file or path."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import re
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self, cast

from pydantic import ConfigDict, Field, model_validator

from tarash_core.noun import Noun

MediaKind = Literal["image", "video", "audio"]

_REMOTE = ("http://", "https://", "gs://")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}", re.ASCII)
_HEAD = 32

# (offset, bytes at that offset, type): the signatures of the container formats, as in the IANA media type
# registrations and https://mimesniff.spec.whatwg.org (sections 6.1 and 6.2).
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"WAVE", "audio/wav"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftypM4A ", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
)


def sniff(head: bytes) -> str | None:
    """The media type that the first 32 bytes of a file say, e.g. ``"image/png"``, or None when they say nothing."""
    for offset, signature, content_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return content_type
    return None


class Media(Noun):
    """One image, video or sound given to a provider. Exactly one of `url`, `data` and `path` is set.

    Build it with `Media.of(value)`; the fields of a request call that themselves.

    Args:
        url: ``http://``, ``https://`` or ``gs://`` address that the provider can read by itself.
        data: The bytes of the file.
        path: A local file; it is read when it is sent.
        content_type: Media type, e.g. ``"image/png"``; None for a URL without one.
        filename: Name to give to an upload.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    url: str | None = None
    data: bytes | None = Field(default=None, repr=False)
    path: Path | None = None
    content_type: str | None = None
    filename: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(source is not None for source in (self.url, self.data, self.path)) != 1:
            raise ValueError("give exactly one of url, data and path")
        return self

    @classmethod
    def of(cls, value: Any) -> Media:
        """Turn what a caller has into media.

        Args:
            value: `Media`, a URL, a data URL, base64 text of a known format, the path of a file (`str` or `Path`),
                `bytes`, ``(bytes, content_type)``, a file open for binary reading, or a dict of this class's fields.

        Raises:
            ValueError: The value is none of these; the file does not exist; the format of bytes is not told.
        """
        match value:
            case Media():
                return value
            case str():
                return _from_text(value)
            case Path():
                return _from_path(value)
            case bytes() | bytearray() | memoryview():
                return _from_bytes(bytes(value))
            case (bytes() | bytearray() as data, str() as content_type):
                return cls(data=bytes(data), content_type=content_type)
            case dict():
                return cls.model_validate(value)
            case _ if hasattr(value, "read"):
                return _from_file(cast(BinaryIO, value))
        raise ValueError(
            f"a {type(value).__name__} is not media; give a URL, a path, bytes, (bytes, content_type) or an open file"
        )

    @property
    def kind(self) -> MediaKind | None:
        """What the content type says this is; None where there is no content type."""
        major = (self.content_type or "").split("/", 1)[0]
        return cast(MediaKind, major) if major in ("image", "video", "audio") else None

    @property
    def size(self) -> int | None:
        """Bytes, or None for a URL."""
        if self.data is not None:
            return len(self.data)
        return self.path.stat().st_size if self.path else None

    def read(self) -> bytes:
        """The bytes of `data` or of the file at `path`.

        Raises:
            ValueError: This is a URL: the provider reads it, Tarash does not.
        """
        if self.data is not None:
            return self.data
        if self.path is None:
            raise ValueError(f"media at '{self.url}' is read by the provider, not by Tarash")
        return self.path.read_bytes()

    def data_url(self) -> str:
        """``data:image/png;base64,...`` of the bytes."""
        text = base64.b64encode(self.read()).decode("ascii")
        return f"data:{self.content_type or 'application/octet-stream'};base64,{text}"

    def __str__(self) -> str:
        if self.url is not None:
            return self.url if len(self.url) <= 120 else f"{self.url[:117]}..."
        return f"<{self.filename or 'bytes'}, {self.content_type or 'unknown type'}, {self.size} bytes>"


def _from_text(text: str) -> Media:
    if text.startswith(_REMOTE):
        return Media(url=text, content_type=mimetypes.guess_type(text.split("?", 1)[0])[0])
    if text.startswith("data:"):
        return _from_data_url(text)
    if len(text) <= 4096 and "\n" not in text and Path(text).expanduser().is_file():
        return _from_path(Path(text))
    return _from_base64(text)


def _from_data_url(text: str) -> Media:
    header, comma, body = text.partition(",")
    if not comma:
        raise ValueError(f"data URL '{text[:40]}' has no ',' between header and data")
    content_type, *flags = header.removeprefix("data:").split(";")
    if "base64" not in flags:
        raise ValueError(f"data URL '{header[:60]}' is not base64; use 'data:TYPE;base64,...'")
    try:
        data = base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ValueError(f"data URL '{header[:60]}' does not hold valid base64") from error
    if not data:
        raise ValueError(f"data URL '{header[:60]}' is empty")
    return Media(data=data, content_type=content_type or sniff(data[:_HEAD]))


def _from_base64(text: str) -> Media:
    compact = "".join(text.split())
    if _BASE64.fullmatch(compact):
        padded = compact.rstrip("=") + "=" * (-len(compact.rstrip("=")) % 4)
        data = base64.b64decode(padded, altchars=b"-_") if {"-", "_"} & set(padded) else base64.b64decode(padded)
        if content_type := sniff(data[:_HEAD]):
            return Media(data=data, content_type=content_type)
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    raise ValueError(f"no such file '{shown}' (nor is it a URL, a data URL or base64 of a known format)")


def _from_path(given: Path) -> Media:
    path = given.expanduser()
    if not path.is_file():
        raise ValueError(f"no such file '{given}'")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise ValueError(f"file '{given}' is empty")
    return Media(path=path, content_type=sniff(head) or mimetypes.guess_type(path.name)[0], filename=path.name)


def _from_bytes(data: bytes, *, filename: str | None = None) -> Media:
    if not data:
        raise ValueError("the media is empty")
    content_type = sniff(data[:_HEAD]) or (mimetypes.guess_type(filename)[0] if filename else None)
    if content_type is None:
        raise ValueError("the bytes are of no known image, video or audio format; give (bytes, content_type)")
    return Media(data=data, content_type=content_type, filename=filename)


def _from_file(file: BinaryIO) -> Media:
    data: Any = file.read()
    if not isinstance(data, bytes):
        raise ValueError(f"file {getattr(file, 'name', file)!r} is open as text; open it with 'rb'")
    name = getattr(file, "name", None)
    return _from_bytes(data, filename=Path(name).name if isinstance(name, str) else None)


def checked_kind(media: Media, wanted: MediaKind) -> Media:
    """Refuse media whose bytes, or given type, say that it is something else than `wanted`.

    Raises:
        ValueError: Naming the file and what it is.
    """
    if media.url is not None:
        return media
    head = media.data[:_HEAD] if media.data is not None else _head_of(media.path)
    found = sniff(head)
    told = found or (media.content_type if media.path is None else None)
    if told is None or not told.startswith(wanted):
        article = "an" if wanted[0] in "aeiou" else "a"
        raise ValueError(f"{media} is not {article} {wanted} (its bytes say: {found or 'unknown format'})")
    return media


def _head_of(path: Path | None) -> bytes:
    if path is None:
        return b""
    with path.open("rb") as file:
        return file.read(_HEAD)
