"""Signals that ask the process to stop, all treated as Ctrl-C: one way to keep a job, not three."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# A closed terminal (SIGHUP) and a supervisor's stop (SIGTERM); the former does not exist everywhere.
_NAMES = ("SIGTERM", "SIGHUP")


@contextmanager
def stopping_as_interrupt() -> Iterator[None]:
    """For the length of the block, SIGTERM and SIGHUP do what Ctrl-C does; what is ignored stays ignored."""
    before = {}
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(signum: int, frame: FrameType | None) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A background job of a shell ignores Ctrl-C, but must not ignore this.
        raise KeyboardInterrupt
    # Through the handler of the moment: the core holds it back while a paid request is on the wire.
    signal.raise_signal(signal.SIGINT)
