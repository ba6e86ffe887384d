"""What an author says of a provider, so that the contract can be run against it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pytest

from tarash_core import VideoGenerationConfig, VideoGenerationRequest
from tarash_core.ledger import MemoryJobStore
from tarash_core.stack import stack_of
from tarash_core.testing.environment import clear_environment
from tarash_core.testing.fake import FakeService
from tarash_core.testing.server import Reply

Configured = Callable[..., VideoGenerationConfig]
Service = FakeService[Any]
State = Literal["queued", "processing", "completed", "unknown"]

_PAGE = {"Content-Type": "text/html"}

NO = {"error": {"code": 0, "message": "no", "type": "no"}, "detail": "no", "title": "no"}
"""A refusal that most providers' plugins can read."""
NOWHERE = Reply(502, body=b"<html><hr><center>nginx</center></html>", headers=_PAGE)
"""What a proxy answers for a server that it cannot reach."""
MAINTENANCE = Reply(200, body=b"<html>maintenance</html>", headers=_PAGE)
"""A page in the place of an answer."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What the fake service calls the steps of a job; None: there is no such step.

    Args:
        submit: The paid request.
        poll: Asking how a job is.
        result: Fetching what a finished job made, where the last poll does not tell it.
        cancel: Stopping a job.
        listing: Reading the provider's list of jobs.
    """

    submit: str = "submit"
    poll: str = "poll"
    result: str | None = None
    cancel: str | None = None
    listing: str | None = None

    @property
    def later(self) -> list[str]:
        """Those that wait for a job that was paid."""
        return [step for step in (self.poll, self.result) if step]

    @property
    def of_a_generation(self) -> list[str]:
        """Those that every generation takes."""
        return [self.submit, *self.later]

    @property
    def of_a_job(self) -> list[str]:
        """All that are about one job."""
        return [*self.of_a_generation, *([self.cancel] if self.cancel else [])]


@dataclass(frozen=True, slots=True)
class Place:
    """What a promise is tried with: the fixtures of these names.

    Args:
        service: The fake service.
        configured: Builds a config for it.
        kite: The smallest request.
        key: The key that the service takes, a canary.
        ledger: The ledger of the test.
    """

    service: Service
    configured: Configured
    kite: VideoGenerationRequest
    key: str
    ledger: MemoryJobStore

    @property
    def written(self) -> list[str]:
        """The states of the ledger's entries, newest first."""
        return [entry.state for entry in self.ledger.entries()]

    def at(self, address: str) -> str:
        """The `base_url` for a server at another address, with the path that the config's own has."""
        return f"{address}{(self.configured().base_url or '').removeprefix(self.service.server.url)}"


class ProviderCase:
    """One provider and its fake service. The contracts are its subclasses, and yours is a subclass of theirs.

    Define the class attributes `module`, `sdk`, `fake` and `states`, and a fixture ``configured``: a function that
    builds a config for the fixture ``service``, with any changes of its fields, that polls every 0.01 s and has 30 s
    for a generation. What differs otherwise is an attribute to set or a method to override.

    Attributes:
        module: The plugin's module.
        sdk: Modules that importing the plugin must not load: the SDK, and what it is built on.
        fake: The class of the fake service; it takes ``key=`` and ``tls=``, as `serve` says.
        states: What the service answers to a poll of a job in each of these states. In place of the state, the unknown
            one says "archived"; it is left out where the provider has no words for states.
        steps: What the service calls its steps.
        at_once: How many jobs are run on one loop at the same time.
        most_connections: How many connections all those may take, where the plugin's HTTP keeps them; None: any number.
        connections: How many connections one job after another takes.
        wire_log: What the HTTP library of the SDK logs of a request at level DEBUG: proof that it was listened to.
    """

    module: ClassVar[str]
    sdk: ClassVar[Set[str]]
    fake: ClassVar[type[Any]]
    states: ClassVar[Mapping[State, Any]]
    steps: ClassVar[Steps] = Steps()
    at_once: ClassVar[int] = 50
    most_connections: ClassVar[int | None] = None
    connections: ClassVar[int] = 1
    wire_log: ClassVar[str] = "HTTP Request: POST"

    def serve(self, key: str | None, *, tls: ssl.SSLContext | None = None) -> AbstractContextManager[Service]:
        """The fake service, not entered: it takes this key only, None: any. With `tls` it speaks HTTPS."""
        made: AbstractContextManager[Service] = self.fake(key=key, tls=tls)
        return made

    def play(self, service: Any, *states: State) -> None:
        """From now on, new jobs are in these states at their polls, in turn; the last one stays."""
        service.statuses = [self.states[state] for state in states]

    def jobs(self, service: Any) -> MutableMapping[str, Any]:
        """The jobs that the service accepted, by the id that `Job.request_id` has. Clearing it forgets them."""
        accepted: MutableMapping[str, Any] = service.jobs
        return accepted

    def video(self, service: Any) -> bytes:
        """What a finished job has made."""
        made: bytes = service.video
        return made

    def environment(self, provider: str, key: str) -> dict[str, str]:
        """The variables by which another process finds the key: the first one that ``provider.yaml`` names."""
        source = stack_of(provider).facts.api_key
        return dict.fromkeys(source.environment[:1], key) if source else {}

    def refusal(self, says: str) -> Any:
        """The JSON of a refusal with these words, in the provider's form, or in one that most would understand."""
        return {"error": {"code": 0, "message": says, "type": "no"}, "detail": says, "title": says}

    def echo(self, key: str) -> Any:
        """The JSON of a refusal that repeats the key in every place it has."""
        told = {
            "code": key,
            "message": f"key {key} is unknown",
            "type": key,
            "param": key,
            "details": [{"reason": key}],
        }
        headers = {"Authorization": f"Bearer {key}"}
        return {
            "error": told,
            "detail": told["message"],
            "title": key,
            "error_type": key,
            "headers": headers,
            key: [key],
        }

    @pytest.fixture
    def service(self, key: str) -> Iterator[Service]:
        """The fake service; it takes the key of the fixture ``key`` only."""
        with self.serve(key) as running:
            yield running

    @pytest.fixture
    def place(
        self,
        service: Service,
        configured: Configured,
        kite: VideoGenerationRequest,
        key: str,
        ledger: MemoryJobStore,
    ) -> Place:
        """What a promise is tried with."""
        return Place(service, configured, kite, key, ledger)

    @pytest.fixture(autouse=True)
    def _own_environment(self, monkeypatch: pytest.MonkeyPatch, ledger: MemoryJobStore) -> None:
        """No proxies of the machine that runs the tests, and not its ledger."""
        clear_environment(monkeypatch)

    def runs(self) -> dict[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """The arguments of tests that run for each of the provider's steps, troubles and the like."""
        return {
            ("step",): [(step,) for step in self.steps.of_a_generation],
            ("any_step",): [(step,) for step in self.steps.of_a_job],
        }

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test with such arguments runs for each of them."""
        for names, values in self.runs().items():
            if set(names) <= set(metafunc.fixturenames):
                metafunc.parametrize(names, values, ids=map(" ".join, values))
