"""What the tests of learning share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def nobodys_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the user's mappings nor those of the folder that the tests run in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.delenv("TARASH_MAPPINGS", raising=False)
        patch.chdir(tmp_path_factory.mktemp("project"))
        yield
