"""A request whose answer was lost is looked for in the provider's list, and claimed only where it is surely the one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pytest

from tarash_core import (
    ConfigurationError,
    LedgerEntry,
    NotFoundError,
    SubmissionUncertainError,
    UnexpectedResponseError,
    VideoGenerationConfig,
    VideoGenerationRequest,
    list_jobs,
)
from tarash_core.testing.provider_contract.case import MAINTENANCE, NO, Place, ProviderCase, Service
from tarash_core.testing.server import Reply
from tarash_core.testing.world import World

NO_LISTS: Mapping[str, Reply] = {
    "a page": MAINTENANCE,
    "not found": Reply(404, json=NO),
    "a list": Reply(json=[7]),
    "nothing": Reply(json={}),
    "other things": Reply(json={"data": [7], "results": [7], "items": [7]}),
}


def lose(
    world: World, service: Service, step: str, config: VideoGenerationConfig, request: VideoGenerationRequest
) -> LedgerEntry:
    """Submit, accepted by the service at this step, and lose the answer. What the ledger knows of it."""
    service.fault(step, Reply.dropped(), accepting=True)
    with pytest.raises(SubmissionUncertainError):
        world.generate(config, request)
    return list_jobs(states={"uncertain"}, limit=1)[0]


def stays_uncertain(world: World, entry: LedgerEntry, config: VideoGenerationConfig) -> None:
    """It cannot be told which job it became, and nothing is claimed."""
    with pytest.raises(ConfigurationError, match="cannot tell"):
        world.settle(entry.id, config=config)
    assert list_jobs(states={"uncertain"}) == [entry]


class FindingContract(ProviderCase):
    """For a provider with ``tarash_find_submission``: inherit this too, and set ``steps.list``.

    The service's list is newest first, and its attribute ``page_size`` says how many jobs a page has.

    Attributes:
        no_lists: What may be answered in the place of the list; add to it what lacks in the provider's own form.
    """

    no_lists: ClassVar[Mapping[str, Reply]] = NO_LISTS

    def runs(self) -> dict[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """Besides: all that is no list."""
        return {**super().runs(), ("no_list",): [(name,) for name in self.no_lists]}

    @abstractmethod
    def make_old(self, service: Any, request_id: str) -> None:
        """From now on, the list says of this job that it was made in January 2026."""

    def lose(
        self, world: World, service: Service, config: VideoGenerationConfig, request: VideoGenerationRequest
    ) -> tuple[str, LedgerEntry]:
        """Submit, accepted by the service, and lose the answer. The job's id, and what the ledger knows of it."""
        known = set(self.jobs(service))
        entry = lose(world, service, self.steps.submit, config, request)
        (request_id,) = set(self.jobs(service)) - known
        return request_id, entry

    def test_what_was_accepted_is_found_and_waited_for(self, world: World, place: Place) -> None:
        """Among others, that were made with other arguments."""
        world.submit(place.configured(), VideoGenerationRequest(prompt="another kite"))
        request_id, entry = self.lose(world, place.service, place.configured(), place.kite)
        world.submit(place.configured(), VideoGenerationRequest(prompt="a third kite"))
        job = world.settle(entry.id, config=place.configured()).job
        assert job is not None
        assert job.request_id == request_id
        assert world.read(world.wait(job, config=place.configured()).video) == self.video(place.service)
        assert place.service.posts == 3

    def test_it_is_looked_for_page_by_page(self, world: World, place: Place) -> None:
        """Here on the last of three."""
        request_id, entry = self.lose(world, place.service, place.configured(), place.kite)
        self.submit_others(world, place.configured(), 5)
        self.turn_pages_of(place.service, 2)
        job = world.settle(entry.id, config=place.configured()).job
        assert job is not None
        assert job.request_id == request_id
        assert place.service.seen(self.steps.listing) == 3

    def test_pages_older_than_the_request_are_not_read(self, world: World, place: Place) -> None:
        """However many there are."""
        for request_id in self.submit_others(world, place.configured(), 4):
            self.make_old(place.service, request_id)
        _, entry = self.lose(world, place.service, place.configured(), place.kite)
        self.turn_pages_of(place.service, 2)
        assert world.settle(entry.id, config=place.configured()).job is not None
        assert place.service.seen(self.steps.listing) == 1

    def test_what_is_older_is_not_claimed(self, world: World, place: Place) -> None:
        """Though it was made with the same arguments."""
        request_id, entry = self.lose(world, place.service, place.configured(), place.kite)
        self.make_old(place.service, request_id)
        stays_uncertain(world, entry, place.configured())

    def test_what_the_ledger_knows_is_not_claimed(self, world: World, place: Place) -> None:
        """It is the job of another request."""
        known = world.submit(place.configured(), place.kite)
        place.service.fault(self.steps.submit, Reply.dropped())
        with pytest.raises(SubmissionUncertainError):
            world.generate(place.configured(), place.kite)
        assert list(self.jobs(place.service)) == [known.request_id]
        stays_uncertain(world, list_jobs(states={"uncertain"})[0], place.configured())

    def test_of_two_alike_none_is_claimed(self, world: World, place: Place) -> None:
        """One of them was submitted by somebody else."""
        job = world.submit(place.configured(), place.kite)
        assert job.ledger_id is not None
        place.ledger.remove(job.ledger_id)
        _, entry = self.lose(world, place.service, place.configured(), place.kite)
        stays_uncertain(world, entry, place.configured())

    def test_a_list_that_is_none_settles_nothing(self, world: World, place: Place, no_list: str) -> None:
        """It is an error, and the request stays uncertain."""
        _, entry = self.lose(world, place.service, place.configured(), place.kite)
        place.service.fault(self.steps.listing, self.no_lists[no_list])
        with pytest.raises(NotFoundError if no_list == "not found" else UnexpectedResponseError):
            world.settle(entry.id, config=place.configured())
        assert list_jobs(states={"uncertain"}) == [entry]

    def turn_pages_of(self, service: Any, size: int) -> None:
        """From now on, a page of the list has so many jobs."""
        service.page_size = size

    def submit_others(self, world: World, config: VideoGenerationConfig, number: int) -> list[str]:
        """So many jobs with other prompts; their ids."""
        return [
            world.submit(config, VideoGenerationRequest(prompt=f"kite {count}")).request_id for count in range(number)
        ]
