"""What every provider plugin must keep, as tests: subclass `ProviderContract`, and give it a fake service.

    class TestAcme(ProviderContract):
        module, sdk, fake = "tarash_acme", {"httpx"}, AcmeServer
        states = {"queued": {"status": "waiting"}, ...}

        @pytest.fixture
        def configured(self, service, key): ...  # builds configs that point there

`ProviderCase` says what each of these is, and ``docs/plugins.md`` shows a whole one. A provider that can cancel
inherits `CancellingContract` too, one with ``tarash_find_submission`` `FindingContract`. Needs pytest, trustme, and the
fixtures of `tarash_core.testing.fixtures`.
"""

# ruff: noqa: E402  (pytest is to be told before the modules are imported)
import pytest

# What fails shows its values, as in a test's own module.
pytest.register_assert_rewrite(
    *(
        f"{__name__}.{part}"
        for part in ("cancelling", "clients", "connections", "finding", "jobs", "payment", "refusals", "secrets")
    )
)

from tarash_core.testing.provider_contract.cancelling import CancellingContract, CancelPromises
from tarash_core.testing.provider_contract.case import Configured, ProviderCase, Service, State, Steps
from tarash_core.testing.provider_contract.clients import ClientPromises
from tarash_core.testing.provider_contract.connections import ConnectionPromises
from tarash_core.testing.provider_contract.finding import NO_LISTS, FindingContract, lose, stays_uncertain
from tarash_core.testing.provider_contract.jobs import JobPromises
from tarash_core.testing.provider_contract.payment import LOST, PaymentPromises
from tarash_core.testing.provider_contract.refusals import Refusal, RefusalContract
from tarash_core.testing.provider_contract.secrets import SecretPromises

__all__ = [
    "LOST",
    "NO_LISTS",
    "CancellingContract",
    "Configured",
    "FindingContract",
    "ProviderCase",
    "ProviderContract",
    "Refusal",
    "RefusalContract",
    "Service",
    "State",
    "Steps",
    "lose",
    "stays_uncertain",
]


class ProviderContract(
    JobPromises, PaymentPromises, ConnectionPromises, CancelPromises, SecretPromises, ClientPromises
):
    """What holds for every provider: inherit, and define what `ProviderCase` asks for."""
