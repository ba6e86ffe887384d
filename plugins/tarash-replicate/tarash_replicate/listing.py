"""The list of an account's predictions, and which of them a lost request may have become.

https://replicate.com/docs/reference/http#predictions.list, read 2026-11-23: a hundred a page, newest first, with
``created_at``, ``model``, ``version`` and ``input``, which is removed after an hour from predictions made by the API.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from tarash_core import LedgerEntry, UnexpectedResponseError
from tarash_core.ledger import earliest, may_be
from tarash_replicate.prediction import Prediction

# Far enough for an account that makes thousands of predictions an hour; beyond it nothing is claimed.
MOST_PAGES = 20


def predictions_of(page: Mapping[str, object]) -> Sequence[Prediction]:
    """The predictions of a page.

    Raises:
        UnexpectedResponseError: It is none.
    """
    results = page.get("results")
    if not isinstance(results, list) or not all(isinstance(one, dict) and one.get("id") for one in results):
        raise UnexpectedResponseError("replicate answered with no list of predictions", raw_response=page)
    return results


def cursor_of(page: Mapping[str, object]) -> dict[str, str]:
    """The query of the next page, empty after the last. Its address is not used: the key goes to the config's alone."""
    query = parse_qs(urlsplit(str(page.get("next") or "")).query)
    return {"cursor": query["cursor"][-1]} if "cursor" in query else {}


def like(listed: Sequence[Prediction], entry: LedgerEntry) -> list[Prediction]:
    """Those of the entry's model, made about then, with the very input that was sent."""
    return [one for one in listed if _same_model(one, entry) and _same_input(one, entry)]


def is_older(listed: Sequence[Prediction], entry: LedgerEntry) -> bool:
    """Whether the page reaches back to before the entry."""
    return not listed or _created_at(listed[-1]) < earliest(entry)


def _same_model(one: Prediction, entry: LedgerEntry) -> bool:
    model, _, version = entry.model.partition(":")
    return one.get("version") == version if version else one.get("model") == model


def _same_input(one: Prediction, entry: LedgerEntry) -> bool:
    given = one.get("input")
    return isinstance(given, dict) and may_be(entry, created_at=_created_at(one), arguments=[given])


def _created_at(one: Prediction) -> float:
    try:
        return datetime.datetime.fromisoformat(str(one.get("created_at"))).timestamp()
    except ValueError:
        raise UnexpectedResponseError(
            f"replicate says that prediction '{one.get('id')}' was made at {one.get('created_at')!r}", raw_response=one
        ) from None
