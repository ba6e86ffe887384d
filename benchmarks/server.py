"""The fake of fal in a process of its own: prints its address, then answers each line with what came in since."""

from __future__ import annotations

import json
import sys

from tarash_fal.testing import FalQueue


def main() -> None:
    """Serve until standard input ends."""
    with FalQueue() as fal:
        sys.stdout.write(f"{fal.url}\n")
        sys.stdout.flush()
        connections = 0
        for _ in sys.stdin:
            steps = {"submit": fal.seen("submit"), "status": fal.seen("status"), "result": fal.seen("result")}
            counted = {
                "requests": len(fal.server.requests),
                **steps,
                "connections": fal.server.connections - connections,
            }
            connections = fal.server.connections
            fal.server.requests.clear()
            fal.jobs.clear()
            sys.stdout.write(f"{json.dumps(counted)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
