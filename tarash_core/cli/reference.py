"""What ``tarash jobs ... NAME`` means: a file, standard input, or a job of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tarash_core.cli.exits import Unfinished
from tarash_core.cli.jobfile import JobFile, KeptInLedger, output_name, read_job
from tarash_core.cli.options import key_from
from tarash_core.cli.output import name_of
from tarash_core.config import VideoGenerationConfig
from tarash_core.errors import ConfigurationError, SubmissionUncertainError
from tarash_core.job import Job
from tarash_core.ledger import EntryState, LedgerEntry
from tarash_core.ledger.process import this_process, told


@dataclass(frozen=True, slots=True)
class Found:
    """A job, and where it was found.

    Args:
        job: The job.
        file: The file that holds it; None: standard input, or the ledger.
        entry: Its entry, where it was named by its id.
    """

    job: Job
    file: Path | None = None
    entry: LedgerEntry | None = None

    @property
    def output(self) -> str:
        """The name of a video that was not named."""
        return (output_name(self.file) if self.file else None) or name_of(self.job.request_id)

    def keeper(self, output: Path) -> JobFile:
        """What keeps the job until its video is saved.

        Raises:
            OutputError: It came by standard input, and cannot be kept.
        """
        if self.entry is not None:
            kept: JobFile = KeptInLedger(output, self.entry.id)
        else:
            kept = JobFile(output, found=self.file)
        if self.entry is None and self.file is None:
            kept.check()
            kept.keep(self.job)
        kept.job = self.job
        return kept


def find_job(reference: str) -> Found:
    """The job that is meant: ``-`` is standard input; what exists, or ends in ``.json``, a file; else an id.

    Raises:
        OutputError: The file cannot be read, or holds no job.
        ConfigurationError: The ledger does not know the id, or has no job under it.
        Unfinished: Nobody knows whether it was accepted.
    """
    entry = named_entry(reference)
    if entry is None:
        return Found(read_job(reference), file=None if reference == "-" else Path(reference))
    if entry.job is not None:
        return Found(entry.job, entry=entry)
    if entry.state == "uncertain":
        raise unsettled(entry, f"nobody knows whether job '{entry.id}' was accepted by '{entry.provider}'")
    if entry.state == "submitting":
        raise ConfigurationError(f"job '{entry.id}' is just being submitted by {told(entry.process)}; ask again")
    raise ConfigurationError(f"job '{entry.id}' was {entry.state} by '{entry.provider}': {entry.error}")


def named_entry(reference: str) -> LedgerEntry | None:
    """The ledger's entry of this id, its own or the provider's; None where a file or standard input is meant.

    Raises:
        ConfigurationError: The ledger has none.
    """
    from tarash_core import find_entry

    if reference == "-" or reference.endswith(".json") or Path(reference).exists():
        return None
    return find_entry(reference)


def config_of(of: Job | LedgerEntry, api_key_env: str | None, **patience: Any) -> VideoGenerationConfig:
    """The config that submitted it, with the key of this process and the patience of this command."""
    given = {name: value for name, value in patience.items() if value is not None}
    if api_key_env:
        given["api_key"] = key_from(api_key_env)
    pinned = {name: getattr(of, name) for name in ("provider", "model", "base_url", "api_version", "provider_config")}
    return VideoGenerationConfig.model_validate({**pinned, **given})


def unsettled(entry: LedgerEntry, message: str, cause: BaseException | None = None) -> Unfinished:
    """The error of a paid request whose answer is lost, with the command that settles it."""
    uncertain = SubmissionUncertainError(message, provider=entry.provider, model=entry.model)
    return Unfinished(
        message,
        cause=cause or uncertain,
        hint=f"tarash jobs settle {entry.id}",
        facts={"ledger_id": entry.id, "provider": entry.provider, "model": entry.model},
    )


def left_behind(*states: EntryState) -> LedgerEntry | None:
    """The newest request of this process that the ledger has in these states; None also where it cannot tell."""
    from tarash_core import list_jobs

    try:
        found = list_jobs(states=states)
    except (ConfigurationError, OSError):
        return None
    return next((entry for entry in found if entry.process == this_process()), None)
