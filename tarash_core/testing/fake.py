"""What every fake of a service has: a server on loopback, steps that are counted, and faults at any of them."""

from __future__ import annotations

import ssl
import threading
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from typing import ClassVar, Generic, Self, TypeVar

from tarash_core.testing.server import LoopbackServer, Received, Reply

Step = TypeVar("Step", bound=str)


class FakeService(ABC, Generic[Step]):
    """A service on loopback, as a context manager: what the fakes of the plugins are made of.

    A subclass names its steps (``FakeService[Literal["submit", "status"]]``), tells which one a request is (`step_of`)
    and carries it out (`carried_out`); one request at a time, so that it needs no locks. It calls `serve` when it is
    made.

    Attributes:
        submits: The steps that are paid for.
        server: The server itself, with all `requests` and the number of `connections`.
    """

    submits: ClassVar[frozenset[str]] = frozenset({"submit"})
    server: LoopbackServer

    def serve(self, *, tls: ssl.SSLContext | None = None) -> None:
        """Make the server; it listens inside the ``with`` block, with a server-side context over TLS."""
        self.server = LoopbackServer(self._answer, tls=tls)
        self._faults: defaultdict[str, deque[tuple[Reply, bool]]] = defaultdict(deque)
        self._lock = threading.Lock()

    @abstractmethod
    def step_of(self, received: Received) -> Step | None:
        """Which step a request is; None: there is no such address."""

    @abstractmethod
    def carried_out(self, step: Step, received: Received) -> Reply:
        """Do what a request asks for, and answer it."""

    def no_such_address(self, received: Received) -> Reply:
        """The answer to a request that is no step."""
        return Reply(404, json={"detail": f"no such address: {received.method} {received.path}"})

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.__exit__(*exc)

    @property
    def url(self) -> str:
        """The address to give as `base_url`."""
        return self.server.url

    @property
    def posts(self) -> int:
        """How many submits came in, the lost and the refused included."""
        return sum(self.step_of(received) in self.submits for received in self.server.requests)

    def seen(self, step: Step) -> int:
        """How many requests of a step came in."""
        return sum(self.step_of(received) == step for received in self.server.requests)

    def fault(self, step: Step, *replies: Reply, accepting: bool = False) -> None:
        """Answer the next requests of a step with these, one each, instead of what is right.

        Args:
            step: One of the service's steps.
            *replies: `Reply` objects, also `Reply.dropped()`, `Reply.reset()` and `Reply.hanging(seconds)`.
            accepting: The request is carried out all the same, and only its answer is lost.
        """
        with self._lock:
            self._faults[step].extend((reply, accepting) for reply in replies)

    def _answer(self, received: Received) -> Reply:
        step = self.step_of(received)
        if step is None:
            return self.no_such_address(received)
        with self._lock:
            if not self._faults[step]:
                return self.carried_out(step, received)
            fault, accepting = self._faults[step].popleft()
            if accepting:
                self.carried_out(step, received)
            return fault
