"""What the tests of the documentation share: programs run as a reader would run them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from fenced import Run


@pytest.fixture
def run_in(tmp_path: Path) -> Run:
    """Runs a command in an empty folder, as one of this environment, and returns what it printed; it must succeed."""

    def run(command: Sequence[str], *, environment: Mapping[str, str] | None = None, sites: Sequence[Path] = ()) -> str:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TARASH_", "FAL_"))}
        inherited["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), inherited.get("PATH", "")))
        inherited["PYTHONPATH"] = os.pathsep.join((*map(str, sites), inherited.get("PYTHONPATH", ""))).strip(os.pathsep)
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**inherited, "HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8", **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    return run
