"""Run the mapping language's property tests with many more examples than the test suite does.

From the root of the repository, for instance half an hour of it:

    python tests/fuzz/fuzz_properties.py 20000

What is found is printed as the smallest example that shows it, and is the first to be tried by the next run.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).resolve().parents[1] / "mapping"


def main(examples: int) -> int:
    """Run each property with so many examples. Returns the exit code of pytest."""
    settings.register_profile("fuzz", max_examples=examples, deadline=None)
    settings.load_profile("fuzz")
    return pytest.main(
        ["-v", "-p", "no:cacheprovider", str(TESTS / "test_properties.py"), str(TESTS / "test_index.py")]
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
