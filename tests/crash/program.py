"""The program that is killed: ``program.py``, told what to do by lines of JSON on its standard input.

It loads everything once and forks a process for each line, so that a death costs milliseconds. The process says ``go``
when it begins, and what came of it when it ends; this one says ``pid`` before and ``ended`` after.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import tarash_core
from tarash_core import (
    ConfigurationError,
    Job,
    VideoGenerationConfig,
    VideoGenerationRequest,
    generate_video_async,
    list_jobs,
    settle_job_async,
    wait_async,
)
from tarash_core.ledger import SqliteJobStore, use_ledger


def say(word: str, what: object = "") -> None:
    """One line, whole, though two processes share the pipe."""
    os.write(1, f"{word} {json.dumps(what)}\n".encode())


async def generate(config: VideoGenerationConfig, prompts: list[str]) -> int:
    """All prompts at once."""
    requests = [VideoGenerationRequest(prompt=prompt) for prompt in prompts]
    say("go")
    done = await asyncio.gather(*(generate_video_async(config, request) for request in requests))
    return len(done)


async def recover(config: VideoGenerationConfig, prompts: list[str]) -> int:
    """Everything in the ledger that is open: settled where the provider can tell, and waited for."""
    assert not prompts
    say("go")
    for entry in list_jobs(states={"uncertain"}):
        try:
            await settle_job_async(entry.id, config=config)
        except ConfigurationError as error:
            if "cannot tell" not in error.message:
                raise
    jobs: list[Job] = [entry.job for entry in list_jobs(states={"queued", "processing"}) if entry.job is not None]
    done = await asyncio.gather(*(wait_async(job, config=config) for job in jobs))
    return len([answer.video for answer in done])


async def forked(task: dict[str, Any], config: VideoGenerationConfig) -> None:
    """One process' life."""
    does = generate if task["do"] == "generate" else recover
    say("done", await does(config, task["prompts"]))
    await tarash_core.aclose()


def warm_up(config: VideoGenerationConfig) -> None:
    """One generation that no ledger sees: SDKs import much of themselves at their first call only."""
    use_ledger(None)
    asyncio.run(forked({"do": "generate", "prompts": ["warm"]}, config))
    use_ledger(SqliteJobStore(Path(os.environ["TARASH_LEDGER"])))


def main(config_text: str, modules: list[str]) -> None:
    """Fork for every line of standard input, one after the other."""
    config = VideoGenerationConfig.model_validate(json.loads(config_text))
    for module in modules:
        importlib.import_module(module)
    warm_up(config)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                asyncio.run(forked(json.loads(line), config))
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        say("pid", pid)
        say("ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
