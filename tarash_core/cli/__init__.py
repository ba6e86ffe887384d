"""The command ``tarash``. It needs the extra ``cli`` (click and rich), which is imported only when it runs."""

from __future__ import annotations

import importlib.util
import io
import sys
from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line of this process and leave with its exit code (see `tarash_core.cli.exits`)."""
    from tarash_core.cli.exits import CONFIGURATION

    missing = [name for name in ("click", "rich") if importlib.util.find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"error: the command line needs {' and '.join(missing)}, which is not installed\n"
            "try: pip install 'tarash-core[cli]'\n"
        )
        raise SystemExit(CONFIGURATION)

    from tarash_core.cli.app import run

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that the terminal cannot show is no reason to fail after a video was paid for.
        sys.stdout.reconfigure(errors="backslashreplace")
    raise SystemExit(run(sys.argv[1:]))
