"""Vendors' clients, built once and shared safely: between threads, and within one event loop but never across loops.

An SDK's async client that is used from a second event loop sends its request and then fails: a paid job is lost. So
async clients are cached per running loop. They are closed when their loop shuts down (`asyncio.run` closes the async
generators of its loop, and one of them is ours), on eviction, and by `close` and `aclose`.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import os
import threading
import weakref
from collections import OrderedDict
from collections.abc import AsyncGenerator
from typing import Any

from tarash_core.config import VideoGenerationConfig
from tarash_core.hookspecs import Mode
from tarash_core.stack import Stack

_LARGEST = 64

_Key = tuple[str, str | None, str | None, str | None, str, int]


class Lease:
    """A client and the promise that it stays open: it is in use for as long as somebody holds this."""

    __slots__ = ("__weakref__", "client")

    def __init__(self, client: object) -> None:
        self.client = client


class _Kept:
    """A client of the shelf, and who uses it."""

    __slots__ = ("_leases", "client")

    def __init__(self, client: object) -> None:
        self.client = client
        self._leases: weakref.WeakSet[Lease] = weakref.WeakSet()

    def lease(self) -> Lease:
        lease = Lease(self.client)
        self._leases.add(lease)
        return lease

    @property
    def in_use(self) -> bool:
        return len(self._leases) > 0


class _Shelf:
    """The clients of one world: of all threads, or of one event loop.

    Beyond `_LARGEST`, those that were not used for the longest are evicted; never one that a job is waiting with.
    """

    def __init__(self) -> None:
        self._clients: OrderedDict[_Key, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._building = threading.Lock()

    def find(self, key: _Key) -> Lease | None:
        """The client that is there already."""
        with self._lock:
            kept = self._clients.get(key)
            if kept is None:
                return None
            self._clients.move_to_end(key)
            return kept.lease()

    def get(self, key: _Key, stack: Stack, config: VideoGenerationConfig, mode: Mode) -> tuple[Lease, list[object]]:
        """The client, built where there is none, and those evicted to make room for it."""
        with self._building:
            if lease := self.find(key):
                return lease, []
            kept = _Kept(stack.create_client(config, mode))
            with self._lock:
                self._clients[key] = kept
                return kept.lease(), self._evicted()

    def drain(self) -> list[object]:
        """All clients, which are now forgotten."""
        with self._lock:
            clients = [kept.client for kept in self._clients.values()]
            self._clients.clear()
            return clients

    def _evicted(self) -> list[object]:
        surplus = len(self._clients) - _LARGEST
        if surplus <= 0:
            return []
        unused = [key for key, kept in self._clients.items() if not kept.in_use]
        return [self._clients.pop(key).client for key in unused[:surplus]]


_threads = _Shelf()
_loops: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Shelf] = weakref.WeakKeyDictionary()
_closers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncGenerator[None]] = weakref.WeakKeyDictionary()
_loops_lock = threading.Lock()


def sync_client(stack: Stack, config: VideoGenerationConfig, account: str | None) -> Lease:
    """The shared sync client of a resolved config and its account."""
    lease, evicted = _threads.get(_key(config, account), stack, config, "sync")
    for old in evicted:
        _close(old)
    return lease


async def async_client(stack: Stack, config: VideoGenerationConfig, account: str | None) -> Lease:
    """The client of a resolved config and its account for the running event loop."""
    loop = asyncio.get_running_loop()
    with _loops_lock:
        shelf = _loops.get(loop)
        is_new = shelf is None
        if shelf is None:
            shelf = _loops[loop] = _Shelf()
    if is_new:
        _closers[loop] = closer = _close_with_loop(shelf)
        await anext(closer)
    key = _key(config, account)
    if known := shelf.find(key):
        return known
    # The first client imports its SDK, which may take half a second: not on the loop.
    lease, evicted = await asyncio.to_thread(shelf.get, key, stack, config, "async")
    for old in evicted:
        await _aclose(old)
    return lease


def close() -> None:
    """Close all sync clients. Later calls build new ones."""
    for client in _threads.drain():
        _close(client)


async def aclose() -> None:
    """Close the clients of the running event loop. `asyncio.run` does so by itself when it ends."""
    shelf = _loops.get(asyncio.get_running_loop())
    for client in shelf.drain() if shelf else ():
        await _aclose(client)


async def _close_with_loop(shelf: _Shelf) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        for client in shelf.drain():
            await _aclose(client)


def _key(config: VideoGenerationConfig, account: str | None) -> _Key:
    """What makes a client another one. Secrets are in it as fingerprints only; a fork gets its own."""
    options = ""
    if config.provider_config:
        text = json.dumps(config.provider_config, sort_keys=True, default=repr)
        options = hashlib.sha256(text.encode()).hexdigest()
    return config.provider, account, config.base_url, config.api_version, options, os.getpid()


def _close(client: Any) -> None:
    closing = getattr(client, "close", None)
    if callable(closing):
        closing()


async def _aclose(client: Any) -> None:
    for name in ("aclose", "close"):
        closing = getattr(client, name, None)
        if callable(closing):
            closed = closing()
            if inspect.isawaitable(closed):
                await closed
            return
