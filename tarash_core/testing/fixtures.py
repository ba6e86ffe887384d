"""pytest fixtures: ``pytest_plugins = ["tarash_core.testing.fixtures"]`` in a conftest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tarash_core.testing.world import World


@pytest.fixture(params=["sync", "async"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Both worlds in turn: one test, two runs."""
    with World(request.param) as both:
        yield both
