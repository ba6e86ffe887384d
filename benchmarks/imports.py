"""Import time: whole fresh processes, in turn."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from rows import Row

NOTHING = "pass"
PACKAGE = ("import tarash_core", "import pydantic")
NAMES = (
    "from tarash_core import VideoGenerationConfig, VideoGenerationRequest, generate_video",
    "from pydantic import BaseModel",
)


def imports(*, quick: bool) -> Iterator[Row]:
    """The package, and what an application really takes from it, against pydantic's."""
    statements = (NOTHING, *PACKAGE, *NAMES)
    times: dict[str, list[float]] = {statement: [] for statement in statements}
    for _ in range(3 if quick else 41):
        for statement in statements:
            times[statement].append(_seconds(statement))
    medians = {statement: statistics.median(measured) for statement, measured in times.items()}
    for (ours, theirs), budget in ((PACKAGE, 1.5), (NAMES, None)):
        our_net, their_net = (1000 * (medians[statement] - medians[NOTHING]) for statement in (ours, theirs))
        yield Row(f"`{ours}` / `{theirs}`", our_net, their_net, "ms", budget=budget)


def _seconds(statement: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", statement], check=True)
    return time.perf_counter() - began
