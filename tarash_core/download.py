"""Saving a generated video: streamed, limited in size and time, moved into place only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote

from tarash_core.deadline import Deadline
from tarash_core.errors import (
    ConfigurationError,
    HTTPConnectionError,
    TarashException,
    TimeoutError,
    UnexpectedResponseError,
)
from tarash_core.flow import Call, Flow, amended, block
from tarash_core.hookspecs import Mode
from tarash_core.media import HEAD
from tarash_core.remote import fetched, without_query
from tarash_core.sniff import sniff
from tarash_core.transport_errors import request_sent
from tarash_core.values import from_base64

if TYPE_CHECKING:
    from tarash_core.config import VideoGenerationConfig
    from tarash_core.video import GeneratedVideo


@dataclass(frozen=True, slots=True)
class Download:
    """One video on its way here.

    Args:
        video: What to fetch.
        config: Whose key to show, where the video needs one.
        max_bytes: Refuse more than this.
        timeout: Wall-clock seconds.
    """

    video: GeneratedVideo
    config: VideoGenerationConfig | None
    max_bytes: int
    timeout: float

    def save(self, path: Path, mode: Mode) -> Flow[Path]:
        """Write the video to `path` (``~`` is the home folder) through a temporary file beside it.

        Raises:
            OSError: The file cannot be written there; where the folder is missing, before anything is fetched.
        """
        path = path.expanduser()
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "a folder stands there; name a file", str(path))
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no such folder; make it first", str(path.parent))
        with _replacing(path) as file:
            yield from self._into(file, mode)
        return path

    def read(self, mode: Mode) -> Flow[bytes]:
        """The bytes of the video."""
        with tempfile.SpooledTemporaryFile(max_size=self.max_bytes + 1) as file:
            yield from self._into(file, mode)
            file.seek(0)
            return file.read()

    def _into(self, file: IO[bytes], mode: Mode) -> Flow[None]:
        deadline = Deadline(self.timeout)

        def in_time(effect: Call) -> None:
            effect.deadline = effect.deadline or deadline

        shown = without_query(self.video.url or "")
        try:
            yield from amended(self._fetched(file, mode, deadline), in_time)
        except TarashException:
            raise
        except Exception as error:
            if deadline.passed:
                raise TimeoutError(
                    f"the download of '{shown}' took longer than {self.timeout:g} s; give it more time",
                    timeout_seconds=self.timeout,
                ) from error
            sent = request_sent(error)
            if sent is None:
                raise
            raise HTTPConnectionError(
                f"the download of '{shown}' failed: {error or type(error).__name__}; try again", request_sent=sent
            ) from error

    def _fetched(self, file: IO[bytes], mode: Mode, deadline: Deadline) -> Flow[None]:
        video = self.video
        written = _Limited(file, self.max_bytes, told=video.content_type)
        if video.data is not None:
            yield from block(written.write, video.data)
        elif video.url is not None and video.url[:5].lower() == "data:":
            yield from block(written.write, _decoded(video.url))
        elif video.url is not None:
            yield from fetched(video.url, written, mode, deadline, headers=self._headers())
        else:
            raise UnexpectedResponseError("the video has neither a URL nor data")
        written.check()

    def _headers(self) -> Mapping[str, str]:
        """What the provider asks for at the download of a video that it gives to its account alone."""
        if not self.video.needs_key:
            return {}
        if self.config is None:
            raise ConfigurationError(
                "the provider gives this video to its account alone; pass config=... to save or read"
            )
        from tarash_core.credentials import resolved
        from tarash_core.stack import stack_of

        stack = stack_of(self.config.provider)
        model = self.config.model or stack.facts.default_model or "any"
        config = resolved(self.config.model_copy(update={"model": model}), stack.facts)
        return stack.download_headers(config, self.video)


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A temporary file in the folder of `path` that takes its place when the block ends well."""
    name = path.parent / f".{path.name[:40]}.{secrets.token_hex(8)}.part"
    try:
        # Unlike tempfile's own, made with the rights that the user's umask gives to any new file.
        with open(name, "xb") as file:
            yield file
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _decoded(url: str) -> bytes:
    header, _, body = url.partition(",")
    try:
        if not header.lower().endswith(";base64"):
            raise ValueError("it is not base64")
        return from_base64(unquote(body) if "%" in body else body)
    except ValueError as error:
        raise UnexpectedResponseError(f"the video's data URL '{header[:60]}' cannot be read: {error}") from None


class _Limited:
    """A file that takes so many bytes and remembers how they began. `told` is the type that the provider told."""

    def __init__(self, file: IO[bytes], max_bytes: int, *, told: str | None) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self._head = b""
        self._size = 0
        self._told = told

    def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._max_bytes:
            raise UnexpectedResponseError(f"the video is larger than max_bytes={self._max_bytes}; raise the limit")
        if len(self._head) < HEAD:
            self._head = (self._head + chunk)[:HEAD]
        self._file.write(chunk)

    def restart(self, told: str | None) -> None:
        """Forget what was written; `told` is the type that the server tells."""
        self._size, self._head = 0, b""
        self._told = told or self._told
        self._file.seek(0)
        self._file.truncate()

    def check(self) -> None:
        """Refuse an error page in a video's place; a format that `sniff` does not know may still be a video."""
        if self._size == 0:
            raise UnexpectedResponseError("the video is empty")
        binary = b"\0" in self._head or not self._head.isascii()
        if sniff(self._head) is None and not (binary and (self._told or "").startswith("video/")):
            raise UnexpectedResponseError(f"what was downloaded is not media: it begins with {self._head[:16]!r}")
