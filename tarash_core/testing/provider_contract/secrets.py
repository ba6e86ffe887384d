"""A canary key, searched for in everything that is written while jobs succeed, fail and are lost."""

from __future__ import annotations

import logging

import pytest

from tarash_core import TarashException, VideoGenerationUpdate
from tarash_core.testing.canary import assert_absent
from tarash_core.testing.provider_contract.case import NO, NOWHERE, Place, ProviderCase
from tarash_core.testing.server import Reply
from tarash_core.testing.world import World

FAULTS = {
    "drop": Reply.dropped(),
    "reset": Reply.reset(),
    "307": Reply(307, headers={"Location": "/elsewhere"}),
    "400": Reply(400, json=NO),
    "403": Reply(403, json=NO),
    "429": Reply(429, json=NO),
    "502 page": NOWHERE,
    "200 broken": Reply(200, body=b"{"),
}
# So many that no step of a generation ever sees the right answer.
_ALL = 50


class SecretPromises(ProviderCase):
    """Where the key is not."""

    def test_a_generation_tells_the_key_to_nobody(
        self, world: World, place: Place, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither in the response, nor in updates, the ledger, the config's texts, or a log at its lowest level."""
        caplog.set_level(logging.DEBUG)
        updates: list[VideoGenerationUpdate] = []
        config = place.configured()
        response = world.generate(config, place.kite, on_progress=updates.append)
        world.read(response.video)
        assert len(updates) == 4
        assert_absent(place.key, response, response.job, response.video, updates, place.ledger.entries())
        assert place.key not in f"{config!r} {config} {config.model_dump_json()}"
        assert place.key not in caplog.text
        assert self.wire_log in caplog.text

    @pytest.mark.parametrize("status", [307, 400, 401, 403, 404, 422, 429, 500])
    def test_a_refusal_that_repeats_the_key_does_not_pass_it_on(
        self, world: World, place: Place, any_step: str, status: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        """It is taken out of the message, of what the provider said, and of the logs."""
        caplog.set_level(logging.DEBUG)
        cancels = any_step == self.steps.cancel
        self.play(place.service, "queued" if cancels else "completed")
        reply = Reply(status, json=self.echo(place.key), headers={"Location": "/elsewhere"} if status == 307 else {})
        place.service.fault(any_step, *[reply] * _ALL)
        config = place.configured(timeout=0.3)
        with pytest.raises(TarashException) as raised:
            world.cancel(world.submit(config, place.kite), config=config) if cancels else world.generate(
                config, place.kite
            )
        error = raised.value
        told = {name: value for name, value in vars(error).items() if not name.startswith("__")}
        assert_absent(
            place.key,
            error.message,
            error.raw_response,
            error.job,
            str(error),
            repr(error),
            told,
            place.ledger.entries(),
        )
        assert place.key not in caplog.text

    @pytest.mark.parametrize("fault", FAULTS)
    def test_no_exception_holds_the_request(
        self, world: World, place: Place, step: str, fault: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Those of HTTP libraries do, and that holds the header with the key: they must not survive as a cause."""
        caplog.set_level(logging.DEBUG)
        self.play(place.service, "completed")
        place.service.fault(step, *[FAULTS[fault]] * _ALL)
        with pytest.raises(TarashException) as raised:
            world.generate(place.configured(timeout=0.3), place.kite)
        assert_absent(place.key, raised.value)
        assert place.key not in caplog.text
