"""Where the video goes: chosen and checked before anything is paid for."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tarash_core.cli.exits import OutputError, reason
from tarash_core.cli.jobfile import job_path
from tarash_core.response import VideoGenerationResponse

_SUFFIX = ".mp4"
_LONGEST = 48


@dataclass(frozen=True, slots=True)
class SavedVideo:
    """One video on disk, with what is known of it."""

    path: Path
    size_bytes: int
    duration: float | None
    width: int | None
    height: int | None
    content_type: str | None

    def as_json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "path": str(self.path),
            "size_bytes": self.size_bytes,
            "duration": self.duration,
            "width": self.width,
            "height": self.height,
            "content_type": self.content_type,
        }

    def __str__(self) -> str:
        parts = [str(self.path), _bytes(self.size_bytes)]
        if self.duration is not None:
            parts.append(f"{self.duration:g} s")
        if self.width and self.height:
            parts.append(f"{self.width}x{self.height}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Output:
    """The file of one video, or the pattern of the files of several: ``kite.mp4``, or ``kite-1.mp4`` and so on.

    Args:
        path: The file as it was asked for.
        force: Existing files may be replaced.
    """

    path: Path
    force: bool = False

    def paths(self, count: int) -> tuple[Path, ...]:
        """The files of so many videos."""
        if count == 1:
            return (self.path,)
        return tuple(_numbered(self.path, number) for number in range(1, count + 1))

    def check(self, count: int = 1) -> None:
        """Make sure that the files can be written.

        Raises:
            OutputError: The folder is missing or cannot be written, or a file exists and `force` was not given.
        """
        _check_folder(self.path.parent)
        for path in self.paths(count):
            self._check_file(path)

    def save(self, response: VideoGenerationResponse) -> tuple[SavedVideo, ...]:
        """Download every video. A file that appeared meanwhile is not replaced: the video gets the next free name.

        Raises:
            TarashException: The download failed.
            OutputError: The file cannot be written.
        """
        saved = []
        for path, video in zip(self.paths(len(response.videos)), response.videos, strict=True):
            target = path if self.force else _free(path, lambda taken: taken.exists())
            try:
                video.save(target)
            except OSError as error:
                raise OutputError(f"'{target}' cannot be written: {reason(error)}") from error
            saved.append(
                SavedVideo(
                    path=target,
                    size_bytes=target.stat().st_size,
                    duration=video.duration if video.duration is not None else response.duration,
                    width=video.width,
                    height=video.height,
                    content_type=video.content_type,
                )
            )
        return tuple(saved)

    def _check_file(self, path: Path) -> None:
        try:
            exists, is_file = path.exists(), path.is_file()
        except OSError as error:
            raise OutputError(f"'{path}' cannot be written: {reason(error)}") from error
        if exists and not is_file:
            raise OutputError(f"'{path}' is not a regular file; choose another name with -o")
        if exists and not self.force:
            raise OutputError(f"'{path}' exists; choose another name with -o, or replace it with --force")


def choose_output(given: str | None, *, name: str, force: bool, job_file: Path | None = None) -> Output:
    """The output that the command line asks for.

    Args:
        given: ``-o``: a file, a folder, or None.
        name: The name of a file that was not named; numbered where it is taken.
        force: Existing files may be replaced.
        job_file: Where the job was picked up; an output that was not named goes beside it.

    Raises:
        OutputError: Standard output is asked for.
    """
    if given == "-":
        raise OutputError("a video cannot be written to standard output; name a file with -o")
    folder = Path(given) if given is not None and Path(given).is_dir() else None
    if given is not None and folder is None:
        return Output(Path(given), force)
    named = (folder or (job_file.parent if job_file else Path())) / name

    def taken(path: Path) -> bool:
        return path.exists() or (job_path(path).exists() and job_path(path) != job_file)

    return Output(_free(named, taken), force)


def name_of(text: str | None) -> str:
    """A file name out of a prompt or an id: ``"A red kite!"`` gives ``a-red-kite.mp4``; nothing gives ``video.mp4``."""
    words = re.findall(r"\w+", (text or "video").lower()) or ["video"]
    stem = words[0][:_LONGEST]
    for word in words[1:]:
        if len(stem) + len(word) >= _LONGEST:
            break
        stem = f"{stem}-{word}"
    return f"{stem}{_SUFFIX}"


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise OutputError(f"folder '{folder}' does not exist; create it, or choose another with -o")
    try:
        # Asking for permissions says nothing about read-only, full or network file systems; writing does.
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"tarash")
    except OSError as error:
        raise OutputError(f"folder '{folder}' cannot be written: {reason(error)}") from error


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}-{number}{path.suffix}")


def _free(path: Path, taken: Callable[[Path], bool]) -> Path:
    if not taken(path):
        return path
    numbers: Iterable[int] = range(2, 1_000_000)
    return next(free for number in numbers if not taken(free := _numbered(path, number)))


def _bytes(size: int) -> str:
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
