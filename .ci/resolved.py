"""The distributions of this repository in a report of ``pip install --report -``, read from standard input."""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Print their names in order, each with a space after it."""
    names = (item["metadata"]["name"] for item in json.load(sys.stdin)["install"])
    sys.stdout.write("".join(f"{name} " for name in sorted(names) if name.startswith("tarash-")))


if __name__ == "__main__":
    main()
