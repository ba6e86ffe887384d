"""Which job of a provider's list is that of a lost submission."""

from __future__ import annotations

import pytest

from tarash_core import Job, LedgerEntry
from tarash_core.ledger import MemoryJobStore, the_only

LOST = LedgerEntry(provider="scripted", model="kite", state="uncertain")


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ([], None),
        (["a"], "a"),
        (["a", "a"], "a"),  # on two pages, since the list moved on between them
        (["a", "b"], None),
        (["known", "a"], "a"),
        (["known"], None),
    ],
)
def test_the_only_job_that_no_other_entry_has_is_the_one(
    ledger: MemoryJobStore, listed: list[str], told: str | None
) -> None:
    ledger.put(LedgerEntry.of(Job(provider="scripted", model="kite", request_id="known")))
    found = the_only(LOST, listed)
    assert (found.request_id if isinstance(found, Job) else None) == told
