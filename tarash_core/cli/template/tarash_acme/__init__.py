"""Acme: https://docs.acme.example/videos"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tarash_core import (
    ContentModerationError,
    Flow,
    Job,
    JobState,
    Payload,
    TarashException,
    UnexpectedResponseError,
    VideoGenerationConfig,
    answer_in_time,
    call,
    hookimpl,
    remaining_seconds,
)

if TYPE_CHECKING:
    import httpx

    from tarash_core import Mode

TARASH_HOOK_API = 1

_STATES: dict[str, JobState] = {"waiting": "queued", "running": "processing", "done": "completed", "broken": "failed"}


@hookimpl
def tarash_create_client(config: VideoGenerationConfig, mode: Mode) -> object:
    """The SDK is imported here, on first use, and never at the top."""
    import httpx

    key = config.api_key.get_secret_value() if config.api_key else ""
    address, headers = config.base_url or "https://api.acme.example", {"Authorization": f"Bearer {key}"}
    if mode == "async":
        return httpx.AsyncClient(base_url=address, headers=headers)
    return httpx.Client(base_url=address, headers=headers, event_hooks={"response": [answer_in_time]})


@hookimpl
def tarash_submit(config: VideoGenerationConfig, client: httpx.Client, payload: Payload) -> Flow[Job]:
    """One POST. httpx sends nothing again by itself; an SDK that does so is told not to."""
    answer = yield from call(_in_time, client.post, "/videos", json={"model": payload.model, **payload.arguments})
    return Job(provider=config.provider, model=payload.model, request_id=answer.raise_for_status().json()["id"])


@hookimpl
def tarash_poll(client: httpx.Client, job: Job) -> Flow[Job]:
    """The last answer holds the video, and is what the core reads the response from."""
    answer = yield from call(_in_time, client.get, f"/videos/{job.request_id}")
    told = answer.raise_for_status().json()
    if told["status"] not in _STATES:
        raise UnexpectedResponseError(f"acme says that the job is '{told['status']}'", raw_response=told)
    return job.advance(_STATES[told["status"]], progress_percent=told.get("percent"), answer=told)


@hookimpl
def tarash_map_error(error: Exception) -> TarashException | None:
    """Acme's policy is a 422 of type "policy"; all other statuses are the core's to explain."""
    response: httpx.Response | None = getattr(error, "response", None)
    if response is None or response.status_code != 422 or response.json().get("type") != "policy":
        return None
    says = response.json()["says"]
    return ContentModerationError(f"acme refused the prompt: {says}", reasons=(says,), status_code=422)


def _in_time(send: Callable[..., Any], path: str, **sent: Any) -> Any:
    """A blocking call cannot be stopped from outside: each is told how long it may take."""
    return send(path, timeout=remaining_seconds(), **sent)
