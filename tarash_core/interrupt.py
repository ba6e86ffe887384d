"""Ctrl-C while a paid request is on the wire: held back until its answer is in, so that the job is not lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Deferred:
    """What happened while interrupts were held back."""

    __slots__ = ("interrupt",)

    def __init__(self) -> None:
        self.interrupt: BaseException | None = None


@contextmanager
def deferred_interrupt(deferred: Deferred) -> Iterator[None]:
    """Hold back the first Ctrl-C for the length of the block and report it there; the second one breaks through.

    Does nothing outside the main thread, or where the application has its own handler: there Python raises no
    KeyboardInterrupt by itself.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def hold(signum: int, frame: FrameType | None) -> None:
        if deferred.interrupt is not None:
            signal.default_int_handler(signum, frame)
        deferred.interrupt = KeyboardInterrupt()

    signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
