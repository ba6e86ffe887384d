"""One side of the comparison, in a fresh process: ``client.py tarash|sdk sync|async COUNT ROUNDS URL``.

Prints, as JSON, the CPU seconds of each round and what the generations added to the peak of memory, in bytes. A round
is COUNT generations: one after the other in sync code, all at once in async code. Both sides use the real SDK; its own
addresses are pointed to the loopback server, so that neither has a road that the other has not.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

MODEL = "fal-ai/veo3.1"
PROMPT = "a red kite over a stormy sea"
KEY = "any-key"
INTERVAL = 0.01
POLLS = 3  # what the server wants until a job is done
One = Callable[[], Any]


def tarash_sync() -> One:
    """One generation through the public API."""
    from tarash_core import VideoGenerationConfig, VideoGenerationRequest, generate_video

    config = VideoGenerationConfig(provider="fal", model=MODEL, api_key=KEY, poll_interval=INTERVAL)
    return lambda: generate_video(config, VideoGenerationRequest(prompt=PROMPT, duration_seconds=8, seed=7))


def tarash_async() -> Callable[[], Awaitable[Any]]:
    """The same on an event loop."""
    from tarash_core import VideoGenerationConfig, VideoGenerationRequest, generate_video_async

    config = VideoGenerationConfig(provider="fal", model=MODEL, api_key=KEY, poll_interval=INTERVAL)
    return lambda: generate_video_async(config, VideoGenerationRequest(prompt=PROMPT, duration_seconds=8, seed=7))


def sdk_sync() -> One:
    """One generation with the SDK alone: the same requests, the same pauses, one shared client."""
    import fal_client

    client = fal_client.SyncClient(key=KEY)

    def one() -> Any:
        handle = client.submit(MODEL, {"prompt": PROMPT, "duration": "8s", "seed": 7})
        pause = INTERVAL
        while True:
            time.sleep(pause)
            pause *= 1.25
            if isinstance(handle.status(with_logs=True), fal_client.Completed):
                break
        return handle.client.get(handle.response_url).raise_for_status().json()

    return one


def sdk_async() -> Callable[[], Awaitable[Any]]:
    """The same on an event loop."""
    import fal_client

    client = fal_client.AsyncClient(key=KEY)

    async def one() -> Any:
        handle = await client.submit(MODEL, {"prompt": PROMPT, "duration": "8s", "seed": 7})
        pause = INTERVAL
        while True:
            await asyncio.sleep(pause)
            pause *= 1.25
            if isinstance(await handle.status(with_logs=True), fal_client.Completed):
                break
        return (await handle.client.get(handle.response_url)).raise_for_status().json()

    return one


def cpu_of_sync(one: One, count: int) -> float:
    """CPU seconds of `count` generations, one after the other."""
    began = time.process_time()
    for _ in range(count):
        one()
    return time.process_time() - began


async def cpu_of_async(one: Callable[[], Awaitable[Any]], count: int) -> float:
    """CPU seconds of `count` generations at once."""
    began = time.process_time()
    await asyncio.gather(*(one() for _ in range(count)))
    return time.process_time() - began


def peak() -> int:
    """Bytes. (Linux counts ``ru_maxrss`` in kilobytes, macOS in bytes.)"""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


async def measured_async(one: Callable[[], Awaitable[Any]], count: int, rounds: int) -> tuple[list[float], int]:
    """Warm up, then measure. Returns CPU seconds of each round, and bytes added to the peak."""
    await one()
    before = peak()
    gc.collect()
    return [await cpu_of_async(one, count) for _ in range(rounds)], peak() - before


def measured_sync(one: One, count: int, rounds: int) -> tuple[list[float], int]:
    """As `measured_async`."""
    one()
    before = peak()
    gc.collect()
    return [cpu_of_sync(one, count) for _ in range(rounds)], peak() - before


def main(side: str, mode: str, count: int, rounds: int, url: str) -> None:
    """Measure one side and print what came of it."""
    from fal_client import client as sdk

    sdk.QUEUE_URL_FORMAT = f"{url}/"
    if mode == "sync":
        one = tarash_sync() if side == "tarash" else sdk_sync()
        seconds, added = measured_sync(one, count, rounds)
    else:
        aone = tarash_async() if side == "tarash" else sdk_async()
        seconds, added = asyncio.run(measured_async(aone, count, rounds))
    sys.stdout.write(json.dumps({"cpu": seconds, "added": added, "peak": peak()}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
