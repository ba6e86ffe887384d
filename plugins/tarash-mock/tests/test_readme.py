"""The README's example runs as it is printed."""

from __future__ import annotations

import re
from pathlib import Path

import tarash_mock


def test_the_example_makes_the_file(tmp_path, monkeypatch, decoded):
    readme = Path(tarash_mock.__file__).parents[1] / "README.md"
    (example,) = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), flags=re.DOTALL)
    monkeypatch.chdir(tmp_path)

    exec(compile(example, str(readme), "exec"), {})

    film = decoded((tmp_path / "kite.mp4").read_bytes())
    assert (film.width, film.height, len(film.frames)) == (1280, 720, 96)
