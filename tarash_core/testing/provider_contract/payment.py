"""The paid request, once: counted on the wire, whatever the network does."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import ClassVar

import pytest

from tarash_core import (
    AuthenticationError,
    HTTPError,
    InsufficientCreditsError,
    Job,
    NotFoundError,
    RateLimitError,
    SubmissionUncertainError,
    TarashException,
    ValidationError,
)
from tarash_core.testing.provider_contract.case import MAINTENANCE, NOWHERE, Place, ProviderCase
from tarash_core.testing.server import LoopbackServer, Reply
from tarash_core.testing.world import World

# Carried out by the service, and its answer lost or without sense.
LOST: Mapping[str, Reply] = {
    "drop": Reply.dropped(),
    "reset": Reply.reset(),
    "hang": Reply.hanging(30),
    "broken off": Reply(200, body=b'{"id": ', headers={"Content-Length": "400", "Connection": "close"}),
    "malformed": Reply(200, body=b"{"),
    "a page": MAINTENANCE,
    "no id": Reply(200, json={}),
    "a list": Reply(200, json=["1"]),
}
# Answered, and not carried out.
REFUSED: dict[int, type[TarashException]] = {
    400: ValidationError,
    401: AuthenticationError,
    402: InsufficientCreditsError,
    403: AuthenticationError,
    404: NotFoundError,
    408: SubmissionUncertainError,
    409: SubmissionUncertainError,
    422: ValidationError,
    429: RateLimitError,
    500: SubmissionUncertainError,
    502: SubmissionUncertainError,
    503: HTTPError,
    504: SubmissionUncertainError,
}
# Answered by something in between.
UNREADABLE = {
    "500 text": Reply(500, body=b"upstream connect error"),
    "502 page": NOWHERE,
    "504 list": Reply(504, json=["no"]),
}


class PaymentPromises(ProviderCase):
    """What holds for the submit, and for what the ledger says of it.

    Attributes:
        lost: What becomes of an answer; add to it what the provider's own answers can be without an id.
    """

    lost: ClassVar[Mapping[str, Reply]] = LOST

    def runs(self) -> dict[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """Besides: all that an answer can be lost by."""
        return {**super().runs(), ("losing",): [(name,) for name in self.lost]}

    def test_a_lost_answer_is_never_asked_for_again(self, world: World, place: Place, losing: str) -> None:
        """Not even where more attempts are allowed."""
        reply = self.lost[losing]
        place.service.fault(self.steps.submit, reply, accepting=True)
        config = place.configured(submit_attempts=3, timeout=2.0 if reply.delay else 30.0)
        began = time.monotonic()
        with pytest.raises(SubmissionUncertainError) as raised:
            world.generate(config, place.kite)
        assert time.monotonic() - began < 5
        assert raised.value.job is None
        assert (place.service.posts, len(self.jobs(place.service))) == (1, 1)
        assert place.written == ["uncertain"]

    @pytest.mark.parametrize("status", REFUSED)
    def test_a_refusal_is_told_at_once(self, world: World, place: Place, status: int) -> None:
        """As the error that it is; the ledger says whether it proves that nothing was accepted."""
        error = REFUSED[status]
        place.service.fault(self.steps.submit, Reply(status, json=self.refusal("no"), headers={"Retry-After": "60"}))
        began = time.monotonic()
        with pytest.raises(error) as raised:
            world.generate(place.configured(), place.kite)
        assert time.monotonic() - began < 5
        assert type(raised.value) is error
        assert raised.value.job is None
        assert (place.service.posts, len(self.jobs(place.service))) == (1, 0)
        uncertain = error is SubmissionUncertainError
        assert place.written == ["uncertain" if uncertain else "refused"]

    @pytest.mark.parametrize("answer", UNREADABLE)
    def test_what_a_proxy_answers_proves_nothing(self, world: World, place: Place, answer: str) -> None:
        """The service behind it may have taken the request."""
        place.service.fault(self.steps.submit, UNREADABLE[answer])
        with pytest.raises(SubmissionUncertainError):
            world.generate(place.configured(), place.kite)
        assert place.service.posts == 1

    @pytest.mark.parametrize("own", [True, False], ids=["to the same address", "to another server"])
    def test_a_redirect_takes_the_paid_request_nowhere(self, world: World, place: Place, own: bool) -> None:
        """Followed, it would be a second POST."""
        world.submit(place.configured(), place.kite)
        (path,) = [got.path for got in place.service.server.requests if place.service.step_of(got) == self.steps.submit]
        with LoopbackServer(lambda _: Reply()) as other:
            address = place.service.server.url if own else other.url
            place.service.fault(self.steps.submit, Reply(307, headers={"Location": f"{address}{path}"}))
            with pytest.raises(SubmissionUncertainError):
                world.generate(place.configured(), place.kite)
            assert (place.service.posts, other.requests) == (2, [])

    @pytest.mark.parametrize("status", [429, 503])
    def test_a_refusal_for_the_moment_is_sent_again_on_demand(self, world: World, place: Place, status: int) -> None:
        """By the core, which knows that nothing was accepted."""
        place.service.fault(self.steps.submit, Reply(status, json=self.refusal("no"), headers={"Retry-After": "0"}))
        assert world.generate(place.configured(submit_attempts=2), place.kite).status == "completed"
        assert (place.service.posts, len(self.jobs(place.service))) == (2, 1)
        assert place.written == ["completed", "refused"]

    def test_a_lost_job_that_is_settled_by_its_id_goes_on(
        self, world: World, place: Place, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Days later the ledger has the address and the options, the environment the key: nobody has the config."""
        place.service.fault(self.steps.submit, Reply.dropped(), accepting=True)
        config = place.configured()
        with pytest.raises(SubmissionUncertainError):
            world.generate(config, place.kite)
        (request_id,) = self.jobs(place.service)
        (lost,) = place.ledger.entries()
        for name, value in self.environment(config.provider, place.key).items():
            monkeypatch.setenv(name, value)
        settled = world.settle(lost.id, request_id=request_id).job
        assert settled is not None
        assert settled.digest == lost.digest
        job = Job.model_validate_json(settled.model_dump_json())
        assert not world.poll(job).finished
        assert world.read(world.wait(job, config=config).video) == self.video(place.service)
        assert place.service.posts == 1
        assert place.written == ["completed"]
