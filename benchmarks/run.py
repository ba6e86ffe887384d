"""What Tarash costs, against doing the same without it: ``python benchmarks/run.py [--quick]``.

It needs the test installation (see the README's second command). Everything is a ratio of two things measured in turn
in one run, so that the machine cancels out.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sys
from pathlib import Path

from generations import generations
from imports import imports
from ledger import ledger
from lookups import lookups
from payloads import payloads
from rows import Row, as_markdown

RESULTS = Path(__file__).resolve().parent / "results.md"


def main() -> None:
    """Measure everything, print the table, write it down."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="few repetitions: to see that it runs, not to judge by")
    parser.add_argument("--output", type=Path, default=RESULTS, help="the file to write (default: %(default)s)")
    options = parser.parse_args()
    rows: list[Row] = []
    for measure in (imports, payloads, lookups, generations, ledger):
        for row in measure(quick=options.quick):
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
            rows.append(row)
    options.output.write_text(_page(rows, quick=options.quick), encoding="utf-8")
    missed = [row.what for row in rows if not row.within]
    sys.stdout.write(f"over budget: {'; '.join(missed)}\n" if missed else "everything is within its budget\n")


def _page(rows: list[Row], *, quick: bool) -> str:
    machine = f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, Python {platform.python_version()}"
    how = " A quick run: not to judge by." if quick else ""
    return (
        "# Results\n\n"
        f"Measured {datetime.date.today().isoformat()} on {machine}, by `python benchmarks/run.py`.{how}\n"
        "Every ratio is of two things measured in turn in one run; times are medians.\n\n"
        f"{as_markdown(rows)}\n"
        "- **Import**: whole fresh processes, less one that imports nothing.\n"
        "- **Payload**: a request of eight fields for `fal-ai/veo3.1`, against a function that builds the same dict\n"
        "  and checks nothing. `apply` is the mapping alone; `build_payload` is all that happens before the wire.\n"
        "- **Models**: one call among so many models of a provider, against the same call among ten. The first\n"
        "  payload includes reading the files, of which only the document of the model is parsed.\n"
        "- **Generation**: Tarash against fal's SDK alone with one shared client, doing the same calls (submit, three\n"
        "  polls, result) on a loopback server in another process. CPU is that of the client's process. Memory is\n"
        "  what the generations add to the peak of the process; requests are counted by the server.\n"
        "  What 200 at once save is the pool's: `tarash_core/lanes.py` says how.\n"
        "- **Ledger**: a job that is written to SQLite before it is sent and at every state, against the same job\n"
        "  with the ledger off; a list against reading the same rows with `json.loads`; jobs of another process\n"
        "  waited for all at once, against a hundredth of them.\n"
    )


if __name__ == "__main__":
    main()
