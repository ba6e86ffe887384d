"""One catalogue: what the promises are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest

from tarash_core.installed import find_mapping, list_models, register_model_mapping
from tarash_core.stack import forget
from tarash_core.testing.catalogue_contract.catalogue import Catalogue


class CatalogueCase:
    """The tests of a catalogue. A test with the argument ``model`` runs for each model whose schema is known.

    Attributes:
        catalogue: The provider's models.
        tries: How many generated payloads and requests each property is tried with, for each model.
    """

    catalogue: ClassVar[Catalogue]
    tries: ClassVar[int] = 12

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test for each model."""
        if "model" in metafunc.fixturenames:
            metafunc.parametrize("model", sorted(self.catalogue.schemas))

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _files_of_the_plugin_only(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        """Neither the user's mappings nor those of the folder that the tests run in. What has ended is tested too."""
        provider = cls.catalogue.provider
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
            patch.delenv("TARASH_MAPPINGS", raising=False)
            patch.chdir(tmp_path_factory.mktemp("project"))
            forget(provider)
            for model in list_models(provider):
                if find_mapping(provider, model).deprecation:
                    register_model_mapping({"schema": 1, "models": [model], "deprecated_on": None}, provider=provider)
            yield
        forget(provider)
