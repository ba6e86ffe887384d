"""The list of an account's videos, and which of them a lost request may have become.

https://developers.openai.com/api/reference/resources/videos/methods/list, read 2026-11-23: newest first on demand, up
to a hundred a page, with ``created_at``, ``model``, ``prompt``, ``seconds`` and ``size``. Not every server that speaks
the protocol has it. What was sent along, like an image, is not in it: such a request is never recognised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tarash_core import LedgerEntry, UnexpectedResponseError, VideoGenerationConfig
from tarash_core.ledger import earliest, may_be

if TYPE_CHECKING:
    from httpx2 import Response

Video = Mapping[str, Any]

FIRST_PAGE: dict[str, object] = {"limit": 100, "order": "desc"}
# Far enough for an account that makes thousands of videos an hour; beyond it nothing is claimed.
MOST_PAGES = 20


def videos_of(response: Response, provider: str) -> Sequence[Video]:
    """The videos of a page.

    Raises:
        UnexpectedResponseError: It is none.
    """
    data = _object(response).get("data")
    if not isinstance(data, list) or not all(isinstance(one, dict) and _is_video(one) for one in data):
        raise UnexpectedResponseError(
            f"'{provider}' answered {response.status_code} and no list of videos", raw_response=response.text[:2000]
        )
    return data


def page_after(response: Response, videos: Sequence[Video], entry: LedgerEntry) -> dict[str, object] | None:
    """The query of the next page; None where there is none, or where it is older than the entry."""
    if not videos or not _object(response).get("has_more") or videos[-1]["created_at"] < earliest(entry):
        return None
    return {**FIRST_PAGE, "after": videos[-1]["id"]}


def like(videos: Sequence[Video], entry: LedgerEntry, config: VideoGenerationConfig) -> list[Video]:
    """Those of the entry's model, made about then, with the very prompt, seconds and size that were sent."""
    # On Azure, what is told as the model may be the name of the deployment.
    models = {entry.model, config.provider_config.get("deployment")}
    return [
        video
        for video in videos
        if video.get("model") in models and may_be(entry, created_at=video["created_at"], arguments=_sent(video))
    ]


def _sent(video: Video) -> Iterator[dict[str, object]]:
    """What the request may have said: seconds and size are told of each video, also where they were left out."""
    prompt = {"prompt": video.get("prompt")}
    seconds, size = {"seconds": video.get("seconds")}, {"size": video.get("size")}
    yield from (prompt, {**prompt, **seconds}, {**prompt, **size}, {**prompt, **seconds, **size})


def _is_video(one: Video) -> bool:
    return isinstance(one.get("id"), str) and isinstance(one.get("created_at"), int | float)


def _object(response: Response) -> Mapping[str, Any]:
    try:
        page: object = response.json()
    except ValueError:
        page = None
    return page if isinstance(page, dict) else {}
