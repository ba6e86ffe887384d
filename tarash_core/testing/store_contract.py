"""What every job store must do, as tests: subclass `JobStoreContract` and give it a fixture named ``store``."""

from __future__ import annotations

import threading

from tarash_core import Job
from tarash_core.ledger import JobStore, LedgerEntry


def entry(number: int = 1, **changes: object) -> LedgerEntry:
    """An entry of a job that runs; the larger its number, the newer it is."""
    job = Job(provider="acme", model="acme/video", request_id=f"request-{number}", submitted_at=float(number))
    known = {"id": f"id-{number}", "provider": "acme", "model": "acme/video", "state": "queued", "job": job}
    return LedgerEntry.model_validate({**known, "created_at": float(number), "updated_at": float(number), **changes})


class JobStoreContract:
    """Inherit, and define the fixture ``store``: an empty store."""

    def test_it_is_a_job_store(self, store: JobStore) -> None:
        """It has the protocol's methods."""
        assert isinstance(store, JobStore)

    def test_what_is_put_is_got(self, store: JobStore) -> None:
        """Whole, by its id."""
        assert store.put(entry())
        assert store.get("id-1") == entry()
        assert store.get("id-2") is None

    def test_what_an_uncertain_request_needs_to_be_settled_is_kept(self, store: JobStore) -> None:
        """Where it went and how, what it was, and which process sent it."""
        sent: dict[str, object] = {
            "base_url": "https://gateway.example",
            "api_version": "v2",
            "account": "5f2a",
            "digest": "9c1e",
        }
        sent |= {"provider_config": {"region": "eu", "tags": ["a", 1]}, "options_not_kept": ("headers",)}
        put = entry(1, state="uncertain", job=None, error="reply lost", process="host:7:4711", **sent)
        store.put(put)
        assert store.get("id-1") == put

    def test_a_newer_state_takes_the_place_of_the_older(self, store: JobStore) -> None:
        """One entry an id."""
        store.put(entry(state="submitting", job=None))
        store.put(entry(state="completed", results=("https://example.com/kite.mp4",)))
        kept = store.entries()
        assert [found.state for found in kept] == ["completed"]
        assert kept[0].results == ("https://example.com/kite.mp4",)

    def test_entries_come_newest_first_by_state_and_provider(self, store: JobStore) -> None:
        """And no more than asked for."""
        for number, state in enumerate(["queued", "uncertain", "completed", "queued"], 1):
            store.put(entry(number, state=state))
        store.put(entry(5, provider="other"))
        assert [found.id for found in store.entries()] == ["id-5", "id-4", "id-3", "id-2", "id-1"]
        assert [found.id for found in store.entries(states={"queued"}, provider="acme")] == ["id-4", "id-1"]
        assert [found.id for found in store.entries(limit=2)] == ["id-5", "id-4"]
        assert store.entries(states=set()) == []

    def test_a_job_is_found_by_the_providers_id(self, store: JobStore) -> None:
        """The newest, of the provider asked for."""
        store.put(entry(1))
        store.put(entry(2, job=entry(1).job))
        store.put(entry(3, job=entry(1).job, provider="other"))
        found = store.find("request-1", provider="acme")
        assert found is not None
        assert found.id == "id-2"
        assert store.find("request-9") is None

    def test_an_entry_can_be_removed(self, store: JobStore) -> None:
        """Once."""
        store.put(entry())
        assert store.remove("id-1")
        assert not store.remove("id-1")
        assert store.entries() == []

    def test_threads_share_it(self, store: JobStore) -> None:
        """Nothing is lost when all write at once."""

        def write(first: int) -> None:
            for number in range(first, first + 25):
                store.put(entry(number))

        threads = [threading.Thread(target=write, args=(first,)) for first in (100, 200, 300, 400)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.entries()) == 100

    def test_it_can_be_closed_and_used_again(self, store: JobStore) -> None:
        """Closing twice is no error."""
        store.close()
        store.close()
        assert store.put(entry())
        assert store.get("id-1") is not None
