"""What is seen while a job runs: a live display on a terminal, plain lines without one, JSON lines for a program."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from tarash_core.cli.reporting import Reporting, one_line, print_json, say
from tarash_core.response import VideoGenerationUpdate

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live
    from rich.text import Text

_LOG_LINES = 3
_WIDTH_FOR_A_BAR = 48


class Display(AbstractContextManager["Display"], Protocol):
    """Shows a job from the moment that the command begins to the moment that it ends."""

    def update(self, update: VideoGenerationUpdate) -> None:
        """Show a step of the job."""

    def saving(self, what: str) -> None:
        """Show that the video is being downloaded."""

    def close(self) -> None:
        """Show nothing any more, and leave the terminal as it was."""


def display_for(reporting: Reporting, *, what: str) -> Display:
    """The display for this run.

    Args:
        reporting: What the command line asked for.
        what: Provider and model, as far as they are known.
    """
    if reporting.json:
        return JsonDisplay()
    if reporting.quiet:
        return SilentDisplay()
    return LiveDisplay(what) if _can_redraw() else PlainDisplay()


def _can_redraw() -> bool:
    """Whether stderr is a terminal that can move its cursor and show the signs of a bar."""
    simple = os.environ.get("TERM") in ("dumb", "unknown")
    return sys.stderr.isatty() and not simple and "utf" in sys.stderr.encoding.lower()


class SilentDisplay:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def update(self, update: VideoGenerationUpdate) -> None:
        """Nothing is shown."""

    def saving(self, what: str) -> None:
        """Nothing is shown."""

    def close(self) -> None:
        """Nothing was shown."""


class JsonDisplay(SilentDisplay):
    """One JSON object a line on stdout for each update."""

    def update(self, update: VideoGenerationUpdate) -> None:
        """Print the update; the first one carries the whole job."""
        print_json(update_as_json(update), indent=None)


class PlainDisplay(SilentDisplay):
    """A line on stderr whenever something changed."""

    def __init__(self) -> None:
        self._last = ""

    def update(self, update: VideoGenerationUpdate) -> None:
        """Print what is new."""
        for line in update.logs:
            say(f"{update.job.provider}: {line}")
        line = _line(update)
        if line != self._last:
            self._last = line
            say(f"{line} ({update.elapsed_seconds:.1f} s)")

    def saving(self, what: str) -> None:
        """Print it."""
        say(f"saving {what}")


class LiveDisplay(SilentDisplay):
    """A spinner, the job's state, a bar where the provider tells per cent, the time, and the newest log lines.

    It vanishes when the job is done. The rich library redraws it from a thread of its own, so that it moves while the
    command waits.
    """

    def __init__(self, what: str) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.spinner import Spinner

        self._subject, self._state = one_line(what), "sending"
        self._percent: float | None = None
        self._logs: deque[str] = deque(maxlen=_LOG_LINES)
        self._began = time.monotonic()
        self._spinner = Spinner("dots", style="cyan")
        self._live: Live = Live(
            console=Console(stderr=True), transient=True, refresh_per_second=10, get_renderable=self._render
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def close(self) -> None:
        """Erase it, and stop the thread that draws it."""
        self._live.stop()

    def update(self, update: VideoGenerationUpdate) -> None:
        """Show it at the next redraw."""
        self._subject, self._state = _subject(update), _state(update)
        self._percent = update.progress_percent
        self._logs.extend(one_line(line) for line in update.logs)

    def saving(self, what: str) -> None:
        """Show it at the next redraw."""
        self._subject, self._state, self._percent = one_line(what), "saving", None

    def _render(self) -> RenderableType:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        row = Table.grid(padding=(0, 1))
        cells: list[RenderableType] = [self._spinner, Text(self._state, style="bold"), _cut(self._subject)]
        if self._percent is not None:
            if self._live.console.width >= _WIDTH_FOR_A_BAR:
                bar = min(24, self._live.console.width // 4)
                cells.append(ProgressBar(total=100, completed=self._percent, width=bar))
            cells.append(Text(f"{self._percent:3.0f} %", style="cyan"))
        cells.append(Text(_clock(time.monotonic() - self._began), style="dim"))
        for cell in cells:
            # What has to give way in a narrow terminal is the subject alone.
            row.add_column(no_wrap=cell is not cells[2])
        row.add_row(*cells)
        logs = [_cut(f"  {line}", style="dim") for line in self._logs]
        return Group(row, *logs)


def _subject(update: VideoGenerationUpdate) -> str:
    return one_line(f"{update.job.provider} {update.job.model}")


def _state(update: VideoGenerationUpdate) -> str:
    """The state in a few words: ``queued, 3 before it``."""
    if update.status == "queued" and update.queue_position is not None:
        place = "next in line" if update.queue_position == 0 else f"{update.queue_position} before it"
        return f"queued, {place}"
    return update.status


def _line(update: VideoGenerationUpdate) -> str:
    """The whole update on a line: ``fal veo3.1: processing, 40 %``."""
    line = f"{_subject(update)}: {_state(update)}"
    if update.progress_percent is not None:
        line += f", {update.progress_percent:.0f} %"
    return f"{line}, job {update.request_id}" if update.phase == "submitted" else line


def update_as_json(update: VideoGenerationUpdate) -> dict[str, Any]:
    """An update for ``--json``; the ``submitted`` one carries the job, to be stored by who reads it."""
    fields: dict[str, Any] = {
        "type": "update",
        "phase": update.phase,
        "status": update.status,
        "provider": update.job.provider,
        "model": update.job.model,
        "request_id": update.request_id,
        "progress_percent": update.progress_percent,
        "queue_position": update.queue_position,
        "logs": list(update.logs),
        "elapsed_seconds": round(update.elapsed_seconds, 3),
        "message": update.message,
    }
    if update.phase == "submitted":
        fields["job"] = update.job.model_dump(mode="json")
    return fields


def _cut(text: str, style: str = "") -> Text:
    """Text that is cut off, with an ellipsis, where the terminal ends."""
    from rich.text import Text

    return Text(text, style=style, overflow="ellipsis", no_wrap=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
