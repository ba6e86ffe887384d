"""The list of an account's requests to an endpoint, and which of them a lost request may have become.

https://fal.ai/docs/platform-apis/v1/models/requests/by-endpoint, read 2026-11-26: up to a hundred a page, in the order
of their ends, each with ``sent_at`` and, where it is asked for and stored (`store_io`), ``json_input``. A request that
has not ended may not be listed yet, so that nothing is concluded from one that is missing.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from tarash_core import LedgerEntry, UnexpectedResponseError
from tarash_core.ledger import earliest, may_be

# The platform's own host: fal-client has no name for it.
PLATFORM = "https://api.fal.ai"
ADDRESS = f"{PLATFORM}/v1/models/requests/by-endpoint"
# Two thousand requests to one endpoint since the lost one was sent; beyond that nothing is claimed.
MOST_PAGES = 20

Listed = Mapping[str, Any]


def first_page(entry: LedgerEntry) -> dict[str, str]:
    """The query for what was sent to the entry's endpoint since then, with what each was sent."""
    since = datetime.datetime.fromtimestamp(int(earliest(entry)), datetime.UTC)
    return {
        "endpoint_id": entry.model,
        "start": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "expand": "payloads",
        "limit": "100",
    }


def cursor_of(page: Mapping[str, Any]) -> dict[str, str]:
    """What is added to the query for the next page; empty after the last."""
    cursor = page.get("next_cursor")
    return {"cursor": cursor} if page.get("has_more") and isinstance(cursor, str) else {}


def requests_of(page: object) -> Sequence[Listed]:
    """The requests of a page.

    Raises:
        UnexpectedResponseError: It is none.
    """
    items = page.get("items") if isinstance(page, Mapping) else None
    if not isinstance(items, list) or not all(isinstance(one, dict) and one.get("request_id") for one in items):
        raise UnexpectedResponseError("fal answered with no list of requests", raw_response=page)
    return items


def like(listed: Sequence[Listed], entry: LedgerEntry) -> list[str]:
    """The ids of those sent to the entry's endpoint about then, with the very arguments that it was sent with."""
    return [
        str(one["request_id"])
        for one in listed
        if one.get("endpoint_id") == entry.model
        and isinstance(one.get("json_input"), dict)
        and may_be(entry, created_at=_sent_at(one), arguments=[one["json_input"]])
    ]


def _sent_at(one: Listed) -> float:
    try:
        moment = datetime.datetime.fromisoformat(str(one.get("sent_at")))
    except ValueError:
        raise UnexpectedResponseError(
            f"fal says that request '{one['request_id']}' was sent at {one.get('sent_at')!r}", raw_response=one
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)).timestamp()
