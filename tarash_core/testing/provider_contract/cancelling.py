"""Cancelling: what comes of it by the state that a job is in, and what is said of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pytest

from tarash_core import CancelOutcome, GenerationFailedError, NotFoundError, TarashException, VideoGenerationRequest
from tarash_core.testing.provider_contract.case import Configured, ProviderCase, Service, State
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
    def test_cancelling_a_job(
        self, world: World, service: Service, configured: Configured, kite: VideoGenerationRequest, state: State
    ) -> None:
        """One request, and the outcome that the provider tells; without a way to cancel, none is sent."""
        self.play(service, state)
        job = world.submit(configured(), kite)
        before = len(service.server.requests)
        cancellation = world.cancel(job, config=configured())
        outcome = self.cancels.get(state, "not_supported")
        assert cancellation.outcome == outcome
        assert cancellation.job.state == ("cancelled" if outcome == "cancelled" else "queued")
        if outcome == "not_supported":
            assert (len(service.server.requests), len(self.jobs(service))) == (before, 1)
        else:
            assert service.seen(self.steps.cancel) == 1


class CancellingContract(CancelPromises):
    """What holds besides for a provider that can cancel: inherit this too, and set `cancels` and ``steps.cancel``."""

    def test_a_cancelled_job_is_told_when_waited_for(
        self, world: World, service: Service, configured: Configured, kite: VideoGenerationRequest
    ) -> None:
        """As a failed generation, with the job."""
        job = world.submit(configured(), kite)
        world.cancel(job, config=configured())
        with pytest.raises(GenerationFailedError, match="cancelled") as raised:
            world.wait(job, config=configured())
        assert raised.value.job is not None
        assert raised.value.job.state == "cancelled"

    def test_cancelling_what_the_provider_does_not_know(
        self, world: World, service: Service, configured: Configured, kite: VideoGenerationRequest
    ) -> None:
        """Is an error."""
        job = world.submit(configured(), kite)
        self.jobs(service).clear()
        with pytest.raises(NotFoundError):
            world.cancel(job, config=configured())

    def test_a_refused_cancellation_of_a_running_job_is_not_too_late(
        self, world: World, service: Service, configured: Configured, kite: VideoGenerationRequest
    ) -> None:
        """It is an error, in the provider's words."""
        job = world.submit(configured(), kite)
        service.fault(self.steps.cancel, Reply(400, json=self.refusal("not now")))
        with pytest.raises(TarashException, match="not now"):
            world.cancel(job, config=configured())
