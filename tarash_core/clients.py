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


class _Shelf:
    """The clients of one world: of all threads, or of one event loop. The least recently used is evicted."""

    def __init__(self) -> None:
        self.clients: OrderedDict[_Key, object] = OrderedDict()
        self.lock = threading.RLock()

    def get(self, key: _Key, stack: Stack, config: VideoGenerationConfig, mode: Mode) -> tuple[object, list[object]]:
        """The client, and those evicted to make room for it."""
        with self.lock:
            client = self.clients.get(key)
            if client is None:
                client = self.clients[key] = stack.create_client(config, mode)
            self.clients.move_to_end(key)
            evicted = [self.clients.popitem(last=False)[1] for _ in range(len(self.clients) - _LARGEST)]
            return client, evicted

    def drain(self) -> list[object]:
        """All clients, which are now forgotten."""
        with self.lock:
            clients = list(self.clients.values())
            self.clients.clear()
            return clients


_threads = _Shelf()
_loops: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Shelf] = weakref.WeakKeyDictionary()
_closers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncGenerator[None]] = weakref.WeakKeyDictionary()
_loops_lock = threading.Lock()


def sync_client(stack: Stack, config: VideoGenerationConfig, account: str | None) -> object:
    """The shared sync client of a resolved config and its account."""
    client, evicted = _threads.get(_key(config, account), stack, config, "sync")
    for old in evicted:
        _close(old)
    return client


async def async_client(stack: Stack, config: VideoGenerationConfig, account: str | None) -> object:
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
    client = shelf.clients.get(key)
    if client is not None:
        return client
    # The first client imports its SDK, which may take half a second: not on the loop.
    client, evicted = await asyncio.to_thread(shelf.get, key, stack, config, "async")
    for old in evicted:
        await _aclose(old)
    return client


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
