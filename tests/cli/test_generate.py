"""``tarash generate``: a prompt goes in, a playable file comes out, and it is said where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

from tarash_core import Job

if TYPE_CHECKING:
    from conftest import CommandLine

SMALL = ("--provider", "mock", "--duration", "1", "--resolution", "320x180", "--param", "mock_seconds=0.3")


def played(path: Path) -> tuple[int, int, int]:
    """Frames, width and height, by decoding the file to its end."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return sum(1 for _ in container.decode(stream)), stream.width, stream.height


def test_a_prompt_becomes_a_playable_file(tarash: CommandLine) -> None:
    ran = tarash("generate", "a red kite over a stormy sea", *SMALL, "-o", "kite.mp4")
    assert (ran.code, ran.out) == (0, "")
    frames, width, height = played(tarash.folder / "kite.mp4")
    assert frames >= 20
    assert (width, height) == (320, 180)
    assert [path.name for path in tarash.folder.iterdir()] == ["kite.mp4"]


def test_without_a_terminal_progress_is_plain_lines(tarash: CommandLine) -> None:
    ran = tarash("generate", "a kite", *SMALL, "-o", "kite.mp4")
    lines = ran.err.splitlines()
    assert "\x1b" not in ran.err
    assert lines[0].startswith("mock mock/video: queued, job mock-")
    assert any("processing, " in line and " %" in line for line in lines)
    assert lines[-1].startswith("saved kite.mp4, ")
    assert lines[-1].endswith(" kB, 1 s, 320x180")


def test_json_tells_every_update_and_the_result(tarash: CommandLine) -> None:
    ran = tarash("generate", "a kite", *SMALL, "-o", "kite.mp4", "--json")
    *updates, result = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.err == ""
    assert {update["type"] for update in updates} == {"update"}
    assert (updates[0]["phase"], updates[-1]["phase"]) == ("submitted", "completed")
    assert Job.model_validate(updates[0]["job"]).request_id == result["request_id"]
    assert result["type"] == "result"
    (file,) = result["files"]
    assert file["size_bytes"] == (tarash.folder / file["path"]).stat().st_size
    assert (file["width"], file["height"]) == (320, 180)


def test_quiet_prints_the_path_alone(tarash: CommandLine) -> None:
    ran = tarash("generate", "a kite", *SMALL, "-o", "kite.mp4", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "kite.mp4\n", "")


def test_what_the_model_does_not_take_is_said(tarash: CommandLine) -> None:
    ran = tarash("generate", "a kite", *SMALL, "--param", "colour=red", "-o", "kite.mp4")
    # The pretended service refuses what it does not know, as real ones do.
    assert ran.code == 4
    assert "colour" in ran.err


def test_a_name_is_made_of_the_prompt_and_never_taken_twice(tarash: CommandLine) -> None:
    for _ in range(2):
        assert tarash("generate", "A red kite, over the SEA!", *SMALL).code == 0
    names = sorted(path.name for path in tarash.folder.iterdir())
    assert names == ["a-red-kite-over-the-sea-2.mp4", "a-red-kite-over-the-sea.mp4"]


def test_a_folder_takes_the_file(tarash: CommandLine) -> None:
    (tarash.folder / "out").mkdir()
    assert tarash("generate", "a kite", *SMALL, "-o", "out", "-q").out == f"{Path('out', 'a-kite.mp4')}\n"


def test_several_videos_are_numbered(tarash: CommandLine) -> None:
    ran = tarash("generate", "a kite", *SMALL, "--count", "2", "-o", "kite.mp4", "-q")
    assert ran.out.split() == ["kite-1.mp4", "kite-2.mp4"]
    for name in ran.out.split():
        assert played(tarash.folder / name)[0] >= 20


def test_a_file_is_replaced_only_by_force(tarash: CommandLine) -> None:
    (tarash.folder / "kite.mp4").write_text("mine")
    refused = tarash("generate", "a kite", *SMALL, "-o", "kite.mp4")
    assert refused.code == 18
    assert refused.err == "error: 'kite.mp4' exists; choose another name with -o, or replace it with --force\n"
    assert (tarash.folder / "kite.mp4").read_text() == "mine"
    assert tarash("generate", "a kite", *SMALL, "-o", "kite.mp4", "--force").code == 0
    assert played(tarash.folder / "kite.mp4")[0] >= 20


@pytest.mark.parametrize("count", ["2", "3"])
def test_every_file_of_several_is_looked_at_first(tarash: CommandLine, count: str) -> None:
    (tarash.folder / "kite-2.mp4").write_text("mine")
    refused = tarash("generate", "a kite", *SMALL, "--count", count, "-o", "kite.mp4")
    assert refused.code == 18
    assert "'kite-2.mp4' exists" in refused.err


def test_pictures_are_given_with_their_roles(tarash: CommandLine, photo: Path) -> None:
    images = ("--image", f"first_frame={photo.name}", "--image", f"last-frame={photo.name}")
    ran = tarash("generate", "a kite", *SMALL, *images, "-o", "kite.mp4")
    assert (ran.code, "warning" in ran.err) == (0, False)
    assert played(tarash.folder / "kite.mp4")[0] >= 20


def test_a_name_that_cannot_be_shown_harms_nothing(tarash: CommandLine) -> None:
    ran = tarash("generate", "x", *SMALL, "-o", "1\u20ac.mp4", "--json", PYTHONIOENCODING="latin-1")
    assert ran.code == 0
    assert json.loads(ran.out.splitlines()[-1])["files"][0]["path"] == "1\u20ac.mp4"
    quiet = tarash("generate", "x", *SMALL, "-o", "1\u20ac.mp4", "--force", "-q", PYTHONIOENCODING="latin-1")
    assert (quiet.code, quiet.out) == (0, "1\\u20ac.mp4\n")


def test_the_module_and_the_script_are_one(tarash: CommandLine) -> None:
    assert tarash("--version").out == "tarash, version 0.1.0\n"
