"""What the mappings of a provider must keep, as tests: subclass `CatalogueContract`, and give it a `Catalogue`.

    class AcmeCatalogue(Catalogue):
        provider = "acme"

        def words(self, model, wanted): ...         # what Acme's names mean, as the fields of a request

    class TestModels(CatalogueContract):
        catalogue = AcmeCatalogue(SCHEMAS)          # the published JSON Schema of each model

`Catalogue` says what else may be told of a provider. Needs pytest, hypothesis and jsonschema.
"""

from tarash_core.testing.catalogue_contract.asked import RequestPromises
from tarash_core.testing.catalogue_contract.catalogue import Catalogue
from tarash_core.testing.catalogue_contract.documented import DocumentedPromises
from tarash_core.testing.catalogue_contract.families import FamilyPromises
from tarash_core.testing.catalogue_contract.published import Json, without

__all__ = ["Catalogue", "CatalogueContract", "Json", "without"]


class CatalogueContract(DocumentedPromises, RequestPromises, FamilyPromises):
    """What holds for every catalogue: inherit, and set ``catalogue``."""
