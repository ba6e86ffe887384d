"""Cancelling: what comes of it by the state that a job is in, and what is said of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pytest

from tarash_core import CancelOutcome, GenerationFailedError, NotFoundError, TarashException
from tarash_core.testing.provider_contract.case import Place, ProviderCase, State
from tarash_core.testing.server import Reply
from tarash_core.testing.world import World

STATES: tuple[State, ...] = ("queued", "processing", "completed")


class CancelPromises(ProviderCase):
    """What holds for every provider.

    Attributes:
        cancels: The outcome for a job in each of these states; of a provider that cannot cancel, none.
    """

    cancels: ClassVar[Mapping[State, CancelOutcome]] = {}

    @pytest.mark.parametrize("state", STATES)
    def test_cancelling_a_job(self, world: World, place: Place, state: State) -> None:
        """One request, and the outcome that the provider tells; without a way to cancel, none is sent."""
        self.play(place.service, state)
        job = world.submit(place.configured(), place.kite)
        before = len(place.service.server.requests)
        cancellation = world.cancel(job, config=place.configured())
        outcome = self.cancels.get(state, "not_supported")
        assert cancellation.outcome == outcome
        assert cancellation.job.state == ("cancelled" if outcome == "cancelled" else "queued")
        if outcome == "not_supported":
            assert (len(place.service.server.requests), len(self.jobs(place.service))) == (before, 1)
        else:
            assert place.service.seen(self.steps.cancel) == 1


class CancellingContract(CancelPromises):
    """What holds besides for a provider that can cancel: inherit this too, and set `cancels` and ``steps.cancel``."""

    def test_a_cancelled_job_is_told_when_waited_for(self, world: World, place: Place) -> None:
        """As a failed generation, with the job."""
        job = world.submit(place.configured(), place.kite)
        world.cancel(job, config=place.configured())
        with pytest.raises(GenerationFailedError, match="cancelled") as raised:
            world.wait(job, config=place.configured())
        assert raised.value.job is not None
        assert raised.value.job.state == "cancelled"

    def test_cancelling_what_the_provider_does_not_know(self, world: World, place: Place) -> None:
        """Is an error."""
        job = world.submit(place.configured(), place.kite)
        self.jobs(place.service).clear()
        with pytest.raises(NotFoundError):
            world.cancel(job, config=place.configured())

    def test_a_refused_cancellation_of_a_running_job_is_not_too_late(self, world: World, place: Place) -> None:
        """It is an error, in the provider's words."""
        job = world.submit(place.configured(), place.kite)
        place.service.fault(self.steps.cancel, Reply(400, json=self.refusal("not now")))
        with pytest.raises(TarashException, match="not now"):
            world.cancel(job, config=place.configured())
