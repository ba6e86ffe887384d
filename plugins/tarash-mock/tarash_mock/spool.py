"""The folder where the pretended service keeps what outlives a process: uploaded files and notes of cancelled jobs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tarash_mock.errors import MockAPIError, MockSpoolError, refused

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,10}")
_JOB = re.compile(r"mock-[0-9a-f]{32}")
_KEPT_SECONDS = 7 * 24 * 3600.0
_WAY_OUT = "name another one with provider_config={'spool': ...}"


class Spool:
    """A private folder, made on first use. Files are named by their content; what is older than a week is swept.

    Args:
        folder: Where; None: ``tarash-mock-<user>`` in the machine's folder for temporary files.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self._folder = Path(folder).expanduser() if folder is not None else None

    @property
    def folder(self) -> Path:
        """Where the files are, whether it exists yet or not."""
        return self._folder or Path(tempfile.gettempdir()) / f"tarash-mock-{_user()}"

    def put(self, data: bytes, content_type: str | None) -> str:
        """Keep an uploaded file and return its ``file://`` URL. The same bytes are kept once.

        Raises:
            MockSpoolError: The folder cannot be made, belongs to somebody else, or others can write to it.
        """
        suffix = re.sub(r"[^a-z0-9]", "", (content_type or "").partition("/")[2].lower())[:10] or "bin"
        path = self._made() / f"{hashlib.sha256(data).hexdigest()}.{suffix}"
        self._sweep()
        if path.is_file():
            path.touch()
        else:
            _write(path, data)
        return path.absolute().as_uri()

    def path_of(self, url: str, *, parameter: str) -> Path:
        """The uploaded file behind a URL. Only files of this spool can be read, whatever the URL says.

        Raises:
            MockAPIError: 422: it is not such a URL, or the file is gone.
        """
        name = unquote(urlsplit(url).path).rpartition("/")[2]
        if not url.startswith("file://") or not _NAME.fullmatch(name):
            raise refused(f"'{_short(url)}' is no URL of an uploaded file, nor http(s) or gs", parameter=parameter)
        path = self.folder / name
        if not path.is_file():
            raise refused(f"uploaded file '{name}' is gone from '{self.folder}'; upload it again", parameter=parameter)
        return path

    def cancel(self, job_id: str) -> None:
        """Note that a job is cancelled, for every process to see. Raises as `put`."""
        _write(self._made() / f"{known_job(job_id)}.cancelled", b"")

    def is_cancelled(self, job_id: str) -> bool:
        """Whether any process cancelled this job."""
        return (self.folder / f"{known_job(job_id)}.cancelled").exists()

    def _made(self) -> Path:
        folder = self.folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = folder.lstat()
        except OSError as error:
            raise MockSpoolError(f"folder '{folder}' cannot be made ({error.strerror}); {_WAY_OUT}") from error
        # The name in the shared folder can be guessed: another user may have been there first.
        foreign = hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022)
        if not stat.S_ISDIR(found.st_mode) or foreign:
            raise MockSpoolError(f"'{folder}' is no folder that only this user can write to; remove it, or {_WAY_OUT}")
        return folder

    def _sweep(self) -> None:
        oldest = time.time() - _KEPT_SECONDS
        for path in self.folder.iterdir():
            ours = _NAME.fullmatch(path.name) or path.name.endswith((".cancelled", ".part"))
            # Another process may be sweeping too.
            with contextlib.suppress(FileNotFoundError):
                if ours and path.stat().st_mtime < oldest:
                    path.unlink()


def known_job(job_id: str) -> str:
    """The id, if this service can have given it.

    Raises:
        MockAPIError: 404.
    """
    if not _JOB.fullmatch(job_id):
        raise MockAPIError(f"there is no job '{_short(job_id)}'", status_code=404, code="not_found")
    return job_id


def _write(path: Path, data: bytes) -> None:
    """Write a whole file or none: another process may be writing or reading the same one."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(name).replace(path)


def _user() -> str:
    # getpass.getuser() fails in containers whose user has no name.
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."
