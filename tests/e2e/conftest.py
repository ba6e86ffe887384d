"""The guard: what the chosen tests are expected to cost, told before the first of them runs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import pytest


def pytest_report_collectionfinish(config: pytest.Config, items: Sequence[pytest.Item]) -> list[str]:
    """One line a provider and their sum, from the ``usd`` of the marker; nothing where all are skipped."""
    usd: defaultdict[str, list[float]] = defaultdict(list)
    for item in items:
        marker = item.get_closest_marker("e2e")
        if marker is not None and item.get_closest_marker("skip") is None:
            usd[marker.args[0]].append(marker.kwargs["usd"])
    if not usd:
        return []
    lines = [f"  {key}: {len(costs)} tests, at most about {math.fsum(costs):.2f} USD" for key, costs in usd.items()]
    total = math.fsum(cost for costs in usd.values() for cost in costs)
    return ["expected cost, by the list prices in tests/e2e/test_providers.py:", *lines, f"  in all {total:.2f} USD"]
