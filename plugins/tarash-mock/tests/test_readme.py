"""The README's example runs as it is printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import tarash_mock
from tarash_mock.testing import Film

Decode = Callable[[bytes], Film]


def test_the_example_makes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoded: Decode) -> None:
    readme = Path(tarash_mock.__file__).parents[1] / "README.md"
    (example,) = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)

    exec(compile(example, str(readme), "exec"), {})

    film = decoded((tmp_path / "kite.mp4").read_bytes())
    assert (film.width, film.height, len(film.frames)) == (1280, 720, 96)
