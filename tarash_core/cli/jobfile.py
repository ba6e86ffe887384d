"""A job on disk, from the moment a provider accepts it until its video is saved: no kill and no Ctrl-C loses it."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import suppress
from pathlib import Path

from tarash_core.cli.exits import OutputError, reason
from tarash_core.cli.reporting import say
from tarash_core.errors import ValidationError
from tarash_core.job import Job
from tarash_core.ledger import current_ledger

_SUFFIX = ".job.json"


def job_path(output: Path) -> Path:
    """The file that keeps the job of an output: ``kite.mp4.job.json``."""
    return output.with_name(output.name + _SUFFIX)


def output_name(job_file: Path) -> str | None:
    """The output that a job file was kept for: ``kite.mp4`` of ``kite.mp4.job.json``; None of other names."""
    return job_file.name.removesuffix(_SUFFIX) if job_file.name.endswith(_SUFFIX) else None


class JobFile:
    """Keeps the job of one output.

    Args:
        output: The file that the video will have.
        found: The file that the job was read from, where it was.
    """

    def __init__(self, output: Path, *, found: Path | None = None) -> None:
        self.output = output
        self.path = found or job_path(output)
        self.job: Job | None = None
        self.on_disk = found is not None

    def check(self) -> None:
        """Make sure that the job can be kept, and that the job of an earlier run is not lost by it.

        Raises:
            OutputError: With the command that picks the earlier job up; or the file cannot be written.
        """
        if os.path.exists(self.path):
            says = f"'{self.path}' keeps a job that was paid for; pick it up first, or delete the file to lose it"
            raise OutputError(says, hint=continuation(str(self.path), self.output))
        try:
            os.close(_opened(_temporary(self.path)))
            _temporary(self.path).unlink()
        except OSError as error:
            raise OutputError(f"'{self.path}', to keep the job in, cannot be written: {reason(error)}") from error

    def keep(self, job: Job) -> bool:
        """Write the job, readable by its owner only. Returns whether that worked; if not, `print_out` it."""
        self.job = job
        try:
            _write_private(self.path, job.model_dump_json())
        except OSError:
            self.on_disk = False
        else:
            self.on_disk = True
        return self.on_disk

    def print_out(self) -> None:
        """Put the job's JSON on stderr, on a line of its own."""
        if self.job is not None:
            say(f"warning: '{self.path}' cannot be written; this is the job, keep it:")
            sys.stderr.write(f"{self.job.model_dump_json()}\n")

    def remove(self) -> None:
        """The job is over: nothing is left to pick up. A file that is not named as Tarash names them is left alone."""
        if self.on_disk and self.path.name.endswith(_SUFFIX):
            self.path.unlink(missing_ok=True)
            self.on_disk = False

    def continuation(self) -> str:
        """The command that picks the job up."""
        return continuation(str(self.path) if self.on_disk else "-", self.output)

    def whereabouts(self) -> str:
        """Where the job is kept, for a sentence."""
        place = f"it is kept in '{self.path}'" if self.on_disk else "its JSON stands above"
        ledger_id = self.job.ledger_id if self.job else None
        return f"{place}, and in the ledger as '{ledger_id}'" if ledger_id and _has(ledger_id) else place


class KeptInLedger(JobFile):
    """A job that was found in the ledger, which goes on keeping it: no file is written.

    Args:
        output: The file that the video will have.
        entry_id: The ledger's id of the job.
    """

    def __init__(self, output: Path, entry_id: str) -> None:
        super().__init__(output)
        self._entry_id = entry_id

    def keep(self, job: Job) -> bool:
        """It is kept already."""
        self.job = job
        return True

    def remove(self) -> None:
        """Its video is saved: the file that `tarash generate` kept the same job in is of no use any more."""
        with suppress(OutputError):
            if self.job is not None and read_job(str(self.path)).request_id == self.job.request_id:
                self.path.unlink(missing_ok=True)

    def continuation(self) -> str:
        """The command that picks the job up."""
        return continuation(self._entry_id, self.output)

    def whereabouts(self) -> str:
        """Where the job is kept, for a sentence."""
        return f"the ledger has it as '{self._entry_id}'"


def continuation(reference: str, output: Path) -> str:
    """The command that waits for a job and saves its video."""
    return f"tarash jobs wait {shlex.quote(reference)} -o {shlex.quote(str(output))}"


def _has(ledger_id: str) -> bool:
    """Whether the ledger could keep what it was given."""
    store = current_ledger().store
    try:
        return store is not None and store.get(ledger_id) is not None
    except OSError:
        return False


def read_job(reference: str) -> Job:
    """The job in a file, or on standard input (``-``).

    Raises:
        OutputError: The file cannot be read, or holds no job.
    """
    try:
        text = sys.stdin.read() if reference == "-" else Path(reference).read_text(encoding="utf-8")
    except OSError as error:
        raise OutputError(f"the job '{reference}' cannot be read: {reason(error)}") from error
    except UnicodeDecodeError as error:
        raise OutputError(f"the job '{reference}' cannot be read: it is not text") from error
    try:
        return Job.model_validate_json(text)
    except ValidationError as error:
        name = "standard input" if reference == "-" else f"'{reference}'"
        raise OutputError(f"{name} does not hold a job: {error.message}") from error


def _write_private(path: Path, text: str) -> None:
    """Write and flush to disk under a temporary name, then move into place: whole or not at all."""
    temporary = _temporary(path)
    descriptor = _opened(temporary)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
