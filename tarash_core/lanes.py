"""Lanes: many HTTP requests at once on one event loop, each on a transport that nobody else uses meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Generic, Protocol, TypeVar


class _Closable(Protocol):
    async def aclose(self) -> None: ...


T = TypeVar("T", bound=_Closable)


class Lanes(Generic[T]):
    """Transports for one event loop, made when they are needed; who finds none free waits in line.

    One httpcore pool for all requests costs half the CPU of 200 generations at once: at every request and every answer
    it walks all its connections and waiting requests, asks the system about each idle connection, and gives one
    connection to several requests, all but one of which begin anew (httpcore 1.0.9, `AsyncConnectionPool`).

    Args:
        make: Makes a transport, which keeps its connection: an `httpx.AsyncHTTPTransport`, an `httpx.AsyncClient`.
        count: The most there are, and so the most connections to one host.
    """

    def __init__(self, make: Callable[[], T], count: int = 32) -> None:
        self._make = make
        self._line = asyncio.Semaphore(count)
        self._all: list[T] = []
        self._free: list[T] = []

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[T]:
        """A transport for the block. Read the answer inside it: the next request may be on the same connection."""
        async with self._line:
            # The one that was used last: its connection is the least likely to have been closed.
            transport = self._free.pop() if self._free else self._made()
            try:
                yield transport
            finally:
                self._free.append(transport)

    def _made(self) -> T:
        transport = self._make()
        self._all.append(transport)
        return transport

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._all:
            await transport.aclose()
