"""What every provider plugin must keep, as tests: subclass `ProviderContract`, and give it a fake service.

    class TestAcme(ProviderContract):
        module, sdk = "tarash_acme", {"httpx"}

        def serve(self, key, *, tls=None): ...      # the fake service
        def play(self, service, *states): ...       # what its jobs do
        def jobs(self, service): ...                # what it accepted

        @pytest.fixture
        def configured(self, service): ...          # a config that points there

`ProviderCase` says what each of these is. A provider that can cancel inherits `CancellingContract` too, one with
``tarash_find_submission`` `FindingContract`. Needs pytest, trustme, and the fixtures of `tarash_core.testing.fixtures`.
"""

from tarash_core.testing.provider_contract.cancelling import CancellingContract, CancelPromises
from tarash_core.testing.provider_contract.case import Configured, ProviderCase, Service, State, Steps
from tarash_core.testing.provider_contract.clients import ClientPromises
from tarash_core.testing.provider_contract.finding import NO_LISTS, FindingContract, lose, stays_uncertain
from tarash_core.testing.provider_contract.jobs import JobPromises
from tarash_core.testing.provider_contract.payment import LOST, PaymentPromises
from tarash_core.testing.provider_contract.secrets import SecretPromises

__all__ = [
    "LOST",
    "NO_LISTS",
    "CancellingContract",
    "Configured",
    "FindingContract",
    "ProviderCase",
    "ProviderContract",
    "Service",
    "State",
    "Steps",
    "lose",
    "stays_uncertain",
]


class ProviderContract(JobPromises, PaymentPromises, CancelPromises, SecretPromises, ClientPromises):
    """What holds for every provider: inherit, and define what `ProviderCase` asks for."""
