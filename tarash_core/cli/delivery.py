"""A job followed from here to its saved video, and never lost on the way."""

from __future__ import annotations

from collections.abc import Callable

from tarash_core.cli.display import display_for
from tarash_core.cli.exits import OutputError, Unfinished
from tarash_core.cli.jobfile import JobFile
from tarash_core.cli.output import Output, SavedVideo
from tarash_core.cli.reference import left_behind, unsettled
from tarash_core.cli.reporting import Reporting, print_json, print_line, say
from tarash_core.config import VideoGenerationConfig
from tarash_core.drive import OnProgress
from tarash_core.errors import (
    ContentModerationError,
    GenerationFailedError,
    SubmissionUncertainError,
    TarashException,
)
from tarash_core.job import CancelOutcome, Job
from tarash_core.ledger import EntryState
from tarash_core.response import VideoGenerationResponse, VideoGenerationUpdate

AFTER_CANCELLING: dict[CancelOutcome, str] = {
    "cancelled": "the job was cancelled",
    "requested": "the provider is stopping the job",
    "too_late": "the job had finished before it could be cancelled",
    "not_supported": "this provider cannot stop jobs, so it goes on",
}
_UNSETTLED: tuple[EntryState, ...] = ("submitting", "uncertain")


def deliver(
    generate: Callable[[OnProgress], VideoGenerationResponse],
    *,
    config: VideoGenerationConfig,
    output: Output,
    kept: JobFile,
    reporting: Reporting,
) -> None:
    """Run a generation with its progress shown and its job kept, save its videos, and say where they are.

    Args:
        generate: Runs it, telling its progress to the callback that it is given.
        config: Whose job it is, to cancel it on Ctrl-C where the config says so.
        output: Where the videos go; checked already.
        kept: Where the job is kept until they are saved.
        reporting: What to say, and how.

    Raises:
        Unfinished: A job was accepted, and can be picked up again; or Ctrl-C came before that.
        TarashException: No job was accepted, or nothing of it is left to pick up.
    """
    display = display_for(reporting, what=f"{config.provider} {config.model or ''}".strip())

    def show(update: VideoGenerationUpdate) -> None:
        if update.phase == "submitted" and not kept.keep(update.job):
            display.close()
            kept.print_out()
        display.update(update)

    try:
        with display:
            response = generate(show)
            display.saving(str(output.path))
            saved = output.save(response)
    except KeyboardInterrupt as interrupt:
        # It may have come between the ledger, which knows the job, and the display, which was not told of it.
        job = kept.job or _in_ledger()
        if job is None:
            raise _before_a_job(interrupt) from interrupt
        raise _interrupted(kept, job, config, interrupt) from interrupt
    except (GenerationFailedError, ContentModerationError):
        kept.remove()
        raise
    except (TarashException, OutputError) as error:
        if kept.job is None:
            raise _without_a_job(error) from error
        raise _unfinished(f"{error}; the job is not lost, {kept.whereabouts()}", kept, kept.job, error) from error
    kept.remove()
    _tell(response, saved, reporting)


def _in_ledger() -> Job | None:
    entry = left_behind("queued", "processing")
    return entry.job if entry else None


def _before_a_job(interrupt: KeyboardInterrupt) -> Unfinished:
    """What is known when Ctrl-C comes and no job was told of."""
    match interrupt.__cause__:
        case TarashException() as error:
            known = _without_a_job(error)
            hint, facts = (known.hint, known.facts) if isinstance(known, Unfinished) else (None, None)
            return Unfinished(f"interrupted; {error}", cause=interrupt, hint=hint, facts=facts)
        case KeyboardInterrupt():
            # The core holds back the first one while a request is on the wire; a second one breaks through.
            message = (
                "interrupted twice while the request was on the wire; it may be running and paid: "
                "look at the provider's list of requests before you submit again"
            )
            entry = left_behind(*_UNSETTLED)
            return unsettled(entry, message, interrupt) if entry else Unfinished(message, cause=interrupt)
    return Unfinished("interrupted before anything was submitted", cause=interrupt)


def _without_a_job(error: TarashException | OutputError) -> Exception:
    """The error as it is; where nobody knows whether a job was accepted, with the command that finds out."""
    entry = left_behind(*_UNSETTLED) if isinstance(error, SubmissionUncertainError) else None
    return error if entry is None else unsettled(entry, str(error), error)


def _interrupted(kept: JobFile, job: Job, config: VideoGenerationConfig, interrupt: KeyboardInterrupt) -> Unfinished:
    # Ctrl-C may have come while the file was being written.
    if not kept.on_disk and not kept.keep(job):
        kept.print_out()
    if not config.cancel_on_interrupt:
        what = f"interrupted; job '{job.request_id}' goes on at '{job.provider}'"
        return _unfinished(f"{what}; {kept.whereabouts()}", kept, job, interrupt)
    try:
        what, over = _cancelled(job, config)
    except TarashException as error:
        what, over = f"the job could not be cancelled ({error.message})", False
    if over:
        kept.remove()
        return Unfinished(f"interrupted; {what}", cause=interrupt, facts=_facts(kept, job))
    return _unfinished(f"interrupted; {what}; {kept.whereabouts()}", kept, job, interrupt)


def _cancelled(job: Job, config: VideoGenerationConfig) -> tuple[str, bool]:
    """What came of cancelling the job, in words, and whether nothing is left to pick up."""
    from tarash_core import cancel

    outcome = cancel(job, config=config).outcome
    return AFTER_CANCELLING[outcome], outcome == "cancelled"


def _unfinished(message: str, kept: JobFile, job: Job, cause: BaseException) -> Unfinished:
    return Unfinished(message, cause=cause, hint=kept.continuation(), facts=_facts(kept, job))


def _facts(kept: JobFile, job: Job) -> dict[str, object]:
    return {
        "request_id": job.request_id,
        "provider": job.provider,
        "model": job.model,
        "ledger_id": job.ledger_id,
        "job_file": str(kept.path) if kept.on_disk else None,
    }


def _tell(response: VideoGenerationResponse, saved: tuple[SavedVideo, ...], reporting: Reporting) -> None:
    if reporting.json:
        print_json(_as_json(response, saved), indent=None)
        return
    if reporting.quiet:
        for video in saved:
            print_line(str(video.path))
        return
    for video in saved:
        say(f"saved {video}")
    for warning in response.warnings:
        say(f"warning: {warning}")


def _as_json(response: VideoGenerationResponse, saved: tuple[SavedVideo, ...]) -> dict[str, object]:
    return {
        "type": "result",
        "request_id": response.request_id,
        "provider": response.provider,
        "model": response.model,
        "files": [video.as_json() for video in saved],
        "duration": response.duration,
        "resolution": response.resolution,
        "aspect_ratio": response.aspect_ratio,
        "seed": response.seed,
        "warnings": list(response.warnings),
    }
