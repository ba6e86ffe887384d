"""Media that goes in: an image or a video as URL, data URL, base64, bytes, open file or path."""

from __future__ import annotations

import base64
import io
import mimetypes
import os
import re
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self, cast
from urllib.parse import unquote, urlsplit

from pydantic import Field, field_validator, model_validator

from tarash_core.errors import ValidationError
from tarash_core.noun import Noun
from tarash_core.sniff import sniff as sniff
from tarash_core.values import Binary, from_base64

MediaKind = Literal["image", "video", "audio"]

_REMOTE = ("http://", "https://", "gs://")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}", re.ASCII)
_CONTENT_TYPE = re.compile(r"[a-z]+/[\w.+-]+(;.*)?", re.ASCII | re.IGNORECASE)
# So many bytes of a file's beginning tell its type.
HEAD = 64


class Media(Noun):
    """One image, video or sound given to a provider. Exactly one of `url`, `data` and `path` is set.

    Build it with `Media.of(value)`; the fields of a request call that themselves.

    Args:
        url: ``http://``, ``https://`` or ``gs://`` address that the provider can read by itself.
        data: The bytes of the file.
        path: A local file; it is read when it is sent.
        content_type: Media type, e.g. ``"image/png"``; None where nobody tells it.
        filename: Name to give to an upload.
    """

    url: str | None = None
    data: Binary | None = Field(default=None, repr=False)
    path: Path | None = None
    content_type: str | None = None
    filename: str | None = None

    @field_validator("url")
    @classmethod
    def _is_remote(cls, url: str | None) -> str | None:
        if url is not None and not (_is_remote(url) and urlsplit(url).netloc):
            raise ValueError(f"'{_short(url)}' is not an http, https or gs address; Media.of takes files and data URLs")
        return url

    @field_validator("content_type")
    @classmethod
    def _is_type(cls, content_type: str | None) -> str | None:
        if content_type is not None and not _CONTENT_TYPE.fullmatch(content_type):
            raise ValueError(f"'{_short(content_type)}' is not a media type; give one like 'image/png'")
        return content_type

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
                `bytes`, ``(bytes, content_type)``, a file open for binary reading (read from where it stands, not
                closed), or a dict of this class's fields.

        Raises:
            ValueError: The value is none of these; the file does not exist; the format of bytes is not told.
        """
        match value:
            case Media():
                return value
            case str():
                return _from_text(value)
            case os.PathLike():
                return _from_path(Path(os.fsdecode(value)))
            case bytes() | bytearray() | memoryview():
                return _from_bytes(bytes(value))
            case (bytes() | bytearray() | memoryview() as data, str() as content_type):
                return cls(data=_not_empty(bytes(data)), content_type=content_type)
            case dict():
                return cls.model_validate(value)
            case _ if hasattr(value, "read"):
                return _from_file(cast(BinaryIO, value))
        raise ValueError(
            f"'{type(value).__name__}' is not media; give a URL, a path, bytes, (bytes, content_type) or an open file"
        )

    @property
    def kind(self) -> MediaKind | None:
        """What the content type says this is; None where there is no content type."""
        major = (self.content_type or "").split("/", 1)[0]
        return cast(MediaKind, major) if major in ("image", "video", "audio") else None

    @property
    def size(self) -> int | None:
        """Bytes, or None for a URL.

        Raises:
            ValidationError: The file cannot be read any more.
        """
        if self.data is not None:
            return len(self.data)
        try:
            return self.path.stat().st_size if self.path else None
        except OSError as error:
            raise ValidationError(_unreadable(self.path, error)) from error

    def read(self) -> bytes:
        """The bytes of `data` or of the file at `path`.

        Raises:
            ValueError: This is a URL: the provider reads it, Tarash does not.
            ValidationError: The file cannot be read any more.
        """
        if self.data is not None:
            return self.data
        if self.path is None:
            raise ValueError(f"media at '{self.url}' is read by the provider, not by Tarash")
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise ValidationError(_unreadable(self.path, error)) from error

    def data_url(self) -> str:
        """``data:image/png;base64,...`` of the bytes. Raises as `read`."""
        data = self.read()
        content_type = self.content_type or sniff(data[:HEAD]) or "application/octet-stream"
        return f"data:{content_type};base64,{base64.b64encode(data).decode('ascii')}"

    def __str__(self) -> str:
        if self.url is not None:
            return self.url if len(self.url) <= 120 else f"{self.url[:117]}..."
        size = f", {len(self.data)} bytes" if self.data is not None else ""
        return f"<{self.filename or self.path or 'bytes'}, {self.content_type or 'unknown type'}{size}>"


def checked_kind(media: Media, wanted: MediaKind) -> Media:
    """Refuse media whose bytes, or given type, say that it is something else than `wanted`.

    Raises:
        ValueError: Naming the file and what it is.
    """
    if media.url is not None:
        if media.kind not in (None, wanted):
            raise ValueError(f"{media} is not {_a(wanted)}: it is '{media.content_type}'")
        return media
    found = sniff(media.data[:HEAD] if media.data is not None else _head_of(cast(Path, media.path)))
    # The type of a file at a path is a guess by its name; only a type that came with bytes was given.
    told = found or (media.content_type if media.path is None else None)
    if told is None or not told.startswith(f"{wanted}/"):
        says = f"its bytes say: {found or 'unknown format'}" if found or media.path else f"it is '{told}'"
        raise ValueError(f"{media} is not {_a(wanted)} ({says})")
    return media


def _a(kind: MediaKind) -> str:
    return f"{'a' if kind == 'video' else 'an'} {kind}"


def _is_remote(text: str) -> bool:
    return text[:8].lower().startswith(_REMOTE)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."


def _from_text(text: str) -> Media:
    stripped = text.strip()
    if _is_remote(stripped):
        return Media(url=stripped, content_type=mimetypes.guess_type(urlsplit(stripped).path)[0])
    if stripped[:5].lower() == "data:":
        return _from_data_url(stripped)
    path = _existing(text)
    return _from_path(path) if path is not None else _from_base64(text)


def _existing(text: str) -> Path | None:
    """The path that a text names, where something stands there; base64 is a text that cannot even be asked about."""
    if len(text) > 4096 or not text.strip():
        return None
    try:
        path = Path(text).expanduser()
        return path if path.exists() else None
    except (OSError, RuntimeError, ValueError):
        return None


def _from_data_url(text: str) -> Media:
    header, comma, body = text.partition(",")
    if not comma:
        raise ValueError(f"data URL '{_short(text)}' has no ',' between header and data")
    content_type, *flags = header[len("data:") :].split(";")
    if "base64" not in (flag.strip().lower() for flag in flags):
        raise ValueError(f"data URL '{_short(header)}' is not base64; use 'data:TYPE;base64,...'")
    try:
        data = from_base64(unquote(body) if "%" in body else body)
    except ValueError:
        raise ValueError(f"data URL '{_short(header)}' does not hold valid base64") from None
    if not data:
        raise ValueError(f"data URL '{_short(header)}' is empty")
    return Media(data=data, content_type=content_type.strip() or sniff(data[:HEAD]))


def _from_base64(text: str) -> Media:
    if _BASE64.fullmatch("".join(text.split())):
        try:
            data = from_base64(text)
        except ValueError:
            data = b""
        if content_type := sniff(data[:HEAD]):
            return Media(data=data, content_type=content_type)
    raise ValueError(f"no such file '{_short(text)}' (nor is it a URL, a data URL or base64 of a known format)")


def _from_path(given: Path) -> Media:
    try:
        path = given.expanduser()
    except RuntimeError:
        path = given
    head = _head_of(path)
    if not head:
        raise ValueError(f"file '{given}' is empty")
    return Media(path=path, content_type=sniff(head) or mimetypes.guess_type(path.name)[0], filename=path.name)


def _head_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ValueError(f"'{path}' is a folder; give a file")
        with path.open("rb") as file:
            return file.read(HEAD)
    except FileNotFoundError:
        raise ValueError(f"no such file '{path}'") from None
    except OSError as error:
        raise ValueError(_unreadable(path, error)) from error


def _unreadable(path: Path | None, error: OSError) -> str:
    return f"file '{path}' cannot be read ({error.strerror or error})"


def _from_bytes(data: bytes, *, filename: str | None = None) -> Media:
    content_type = sniff(_not_empty(data)[:HEAD])
    if content_type is None:
        raise ValueError("the bytes are of no known image, video or audio format; give (bytes, content_type)")
    return Media(data=data, content_type=content_type, filename=filename)


def _not_empty(data: bytes) -> bytes:
    if not data:
        raise ValueError("the media is empty")
    return data


def _from_file(file: BinaryIO) -> Media:
    name = getattr(file, "name", None)
    if isinstance(file, io.TextIOBase):
        raise ValueError(f"file '{name}' is open as text; open it with 'rb'")
    data: object = file.read()
    if not isinstance(data, bytes):
        raise ValueError(f"reading '{type(file).__name__}' gives '{type(data).__name__}', not bytes; open it with 'rb'")
    return _from_bytes(data, filename=Path(name).name if isinstance(name, str) else None)
