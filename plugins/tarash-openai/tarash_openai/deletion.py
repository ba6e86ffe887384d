"""Deleting what a server keeps: the one step of the protocol that no generation takes by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tarash_core import Flow, UnexpectedResponseError, arun, call, run
from tarash_core.opening import reopened
from tarash_openai.protocol import address_of

if TYPE_CHECKING:
    from tarash_core import Job, Mode, VideoGenerationConfig


def delete_video(job: Job, *, config: VideoGenerationConfig | None = None) -> None:
    """Delete a job's video and what the server stored for it.

    OpenAI documents it for videos that are completed or failed; what happens to a job that runs is the server's affair
    (vLLM-Omni stops it).

    Args:
        job: Of the provider ``openai`` or ``azure-openai``.
        config: Whose key to use; left out, that of the environment.

    Raises:
        NotFoundError: There is no such video any more.
        TarashException: What the server answered instead.
    """
    run(_deleted("sync", job, config))


async def delete_video_async(job: Job, *, config: VideoGenerationConfig | None = None) -> None:
    """As `delete_video`, without blocking the event loop."""
    await arun(_deleted("async", job, config))


def _deleted(mode: Mode, job: Job, config: VideoGenerationConfig | None) -> Flow[None]:
    from httpx2 import Response

    session = yield from reopened(mode, job, config)
    client: Any = session.client
    with session.meanings(job):
        response = yield from call(client.delete, address_of(job.request_id), cast_to=Response)
        if b'"deleted"' not in response.content:
            raise UnexpectedResponseError(f"'{job.provider}' answered the deletion with {response.text[:200]!r}")
