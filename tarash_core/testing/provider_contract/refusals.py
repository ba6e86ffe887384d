"""What a provider documents of its refusals: each is told as the error that it means, at once, and paid for once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import pytest

from tarash_core import TarashException
from tarash_core.testing.canary import assert_absent
from tarash_core.testing.provider_contract.case import Place, ProviderCase
from tarash_core.testing.server import Reply
from tarash_core.testing.world import World


class Refusal(NamedTuple):
    """One answer to the submit.

    Args:
        reply: As the provider documents it.
        error: What it means: this class and none that is more special.
        says: A pattern that is found in the message; None: any.
    """

    reply: Reply
    error: type[TarashException]
    says: str | None = None


class RefusalContract(ProviderCase):
    """For a provider's own refusals: inherit, and list them. Of what `ProviderCase` asks, it uses the submit alone.

    Attributes:
        refusals: Each with a name of its own.
    """

    refusals: ClassVar[Mapping[str, Refusal]]

    def runs(self) -> dict[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """Besides: every refusal."""
        return {**super().runs(), ("refusal_name",): [(name,) for name in self.refusals]}

    def told(self, reply: Reply) -> Any:
        """What stands in `raw_response`: all that was answered."""
        return reply.body.decode() if reply.json is None else reply.json

    def test_a_documented_refusal(self, world: World, place: Place, refusal_name: str) -> None:
        """With its status and what the provider said."""
        reply, error, says = self.refusals[refusal_name]
        place.service.fault(self.steps.submit, reply)
        with pytest.raises(error, match=says) as raised:
            world.generate(place.configured(), place.kite)
        assert type(raised.value) is error
        assert raised.value.status_code == reply.status
        assert raised.value.raw_response == self.told(reply)
        assert raised.value.job is None
        assert (place.service.posts, len(self.jobs(place.service))) == (1, 0)
        assert_absent(place.key, raised.value)
