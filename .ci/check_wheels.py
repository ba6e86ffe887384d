"""Look into the wheels: ``python .ci/check_wheels.py FOLDER``. Standard library only."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from zipfile import ZipFile

HOUSE = Path(__file__).resolve().parent.parent
PACKAGES = {
    "tarash_core": HOUSE / "tarash_core",
    **{path.name: path for path in sorted(HOUSE.glob("plugins/*/tarash_*")) if path.is_dir()},
}
# Azure speaks OpenAI's API: its plugin is built on that one.
BUILT_ON = {"tarash_azure": "tarash-openai"}
CORE_NEEDS = {"pluggy", "pydantic", "httpx", "pyyaml"}


def main(folder: Path) -> None:
    """Check each wheel of this repository.

    Raises:
        SystemExit: Naming every file that is missing or has no business there, and every wrong dependency.
    """
    complaints = [complaint for package in PACKAGES for complaint in _complaints(folder, package)]
    if complaints:
        raise SystemExit("\n".join(complaints))
    sys.stdout.write(f"{', '.join(PACKAGES)}: complete\n")


def _complaints(folder: Path, package: str) -> Iterator[str]:
    wheels = list(folder.glob(f"{package}-*.whl"))
    if len(wheels) != 1:
        yield f"{package}: one wheel is wanted, there are {len(wheels)}"
        return
    with ZipFile(wheels[0]) as wheel:
        inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
        metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        needs = BytesParser().parsebytes(wheel.read(metadata)).get_all("Requires-Dist", [])
    wanted = {f"{package}/{path}" for path in _sources(PACKAGES[package])}
    yield from (f"{wheels[0].name} lacks {name}" for name in sorted(wanted - inside))
    yield from (f"{wheels[0].name} holds {name}" for name in sorted(inside - wanted))
    yield from (f"{wheels[0].name} needs {name}" for name in sorted(_unwanted(package, needs)))


def _sources(package: Path) -> Iterator[str]:
    """What a wheel must hold: code, `py.typed`, YAML and JSON, wherever they stand, and all of a template."""
    for path in package.rglob("*"):
        of_package = path.suffix in {".py", ".yaml", ".json", ".typed"} or "template" in path.parts
        if path.is_file() and of_package and "__pycache__" not in path.parts:
            yield path.relative_to(package).as_posix()


def _unwanted(package: str, needs: list[str]) -> set[str]:
    """Names that the core must not depend on, and that a plugin must not: any other plugin."""
    names = {
        re.split(r"[^A-Za-z0-9_.-]", need)[0].lower().replace("_", "-") for need in needs if "extra ==" not in need
    }
    if package == "tarash_core":
        return names ^ CORE_NEEDS
    return {name for name in names if name.startswith("tarash-")} - {BUILT_ON.get(package)} ^ {"tarash-core"}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
