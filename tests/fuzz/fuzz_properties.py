"""Run the mapping language's property tests with many more examples than the test suite does.

From the root of the repository, for instance half an hour of it:

    python tests/fuzz/fuzz_properties.py 20000

What is found is printed as the smallest example that shows it, and is the first to be tried by the next run.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1] / "mapping"


@dataclass(frozen=True, slots=True)
class Examples:
    """A pytest plugin: how many examples a property is tried with that does not say so itself."""

    number: int

    def pytest_configure(self) -> None:
        """Before any test is imported, and after pytest has seen to what imports hypothesis."""
        from hypothesis import settings

        settings.register_profile("fuzz", max_examples=self.number, deadline=None)
        settings.load_profile("fuzz")


def main(number: int) -> int:
    """Run each property with so many examples. Returns the exit code of pytest."""
    files = [str(TESTS / name) for name in ("test_properties.py", "test_index.py")]
    return pytest.main(["-v", *files], plugins=[Examples(number)])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
