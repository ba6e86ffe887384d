"""A reader of the documentation: runs what stands there, in an empty folder, as one of this environment."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from fenced import blocks

# Variables that would change what a reader sees.
_OURS = ("TARASH_", "FAL_", "XDG_", "PYTEST_")


def run_in(
    folder: Path, command: Sequence[str], *, environment: Mapping[str, str] | None = None, sites: Sequence[Path] = ()
) -> str:
    """Run a command that must succeed.

    Args:
        folder: Its working directory, and its home: keys, ledger and mappings of the machine stay out of it.
        command: Programs of this environment are found first.
        environment: Variables to set.
        sites: Folders to import from.

    Returns:
        What it printed.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    inherited["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), inherited.get("PATH", "")))
    inherited["PYTHONPATH"] = os.pathsep.join((*map(str, sites), inherited.get("PYTHONPATH", ""))).strip(os.pathsep)
    done = subprocess.run(
        command,
        cwd=folder,
        env={**inherited, "HOME": str(folder), "PYTHONIOENCODING": "utf-8", **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def installed(page: Path, site: Path, folder: str = "") -> Path:
    """The files that a page shows, and the entry points of the ``pyproject.toml`` in a folder, as pip installs them."""
    for block in blocks(page):
        if block.file is not None:
            (site / block.file).parent.mkdir(parents=True, exist_ok=True)
            (site / block.file).write_text(block.text, encoding="utf-8")
    return entered(site, folder)


def entered(site: Path, folder: str = "") -> Path:
    """What pip writes down of a folder's ``pyproject.toml`` that lies in `site`: its name and its entry points."""
    project = tomllib.loads((site / folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = [
        line
        for group, names in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in names.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines))
    return site
