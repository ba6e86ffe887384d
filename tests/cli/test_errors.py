"""Errors: an exit code, one or two lines, no traceback unless asked for, and no key anywhere."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine, Ran

SMALL = ("--provider", "mock", "--duration", "1", "--resolution", "320x180", "--param", "mock_seconds=0.2")
CANARY = "canary-5e1f0c3ab7"


def assert_told(ran: Ran, code: int, says: str) -> None:
    lines = ran.err.splitlines()
    assert ran.code == code, ran.err
    assert 1 <= len(lines) <= 2
    assert lines[0].startswith("error: ")
    assert says in lines[0]
    assert [line[:5] for line in lines[1:]] in ([], ["try: "])
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("behaviour", "code", "says"),
    [
        ("failing", 15, "out of memory"),
        ("moderated", 5, "the prompt is against the content policy"),
        ("moderated_output", 5, "the video is against the content policy"),
        ("rate_limited", 12, "too many requests"),
        ("no_credit", 10, "no credit"),
        ("bad_key", 9, "the key is not valid"),
        ("lost_reply", 17, "look at the provider's list of requests"),
        ("server_error", 17, "look at the provider's list of requests"),
    ],
)
def test_what_a_provider_refuses(tarash: CommandLine, behaviour: str, code: int, says: str) -> None:
    ran = tarash("generate", "a kite", *SMALL, "--param", f"mock_behaviour={behaviour}", "-o", "kite.mp4", "-q")
    assert_told(ran, code, says)
    assert list(tarash.folder.iterdir()) == [], "nothing of the job is left to pick up"


def test_failing_polls_fail_no_job(tarash: CommandLine) -> None:
    ran = tarash("generate", "a kite", *SMALL, "--param", "mock_behaviour=flaky_polls", "-o", "kite.mp4", "-q")
    assert (ran.code, ran.out) == (0, "kite.mp4\n")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["a kite"], 2, "missing option '-p' / '--provider'"),
        (["a kite", "--provider", "mok"], 7, "did you mean 'mock'?"),
        (["a kite", "--provider", "runway"], 7, "pip install tarash-runway"),
        (["a kite", *SMALL, "--model", "mock/text-to-video"], 4, "duration_seconds=1 is not offered"),
        (["a kite", *SMALL, "--image", "first_frame=nope.png"], 4, "no such file 'nope.png'"),
        (["a kite", *SMALL, "--image", "first_frame=words.txt"], 4, "is not an image"),
        (["a kite", *SMALL, "--video", "words.txt"], 4, "is not a video"),
        (["a kite", *SMALL, "--count", "0"], 4, "number_of_videos=0"),
        (["a kite", *SMALL, "--duration", "x"], 2, "'x' is not a valid float"),
        (["a kite", *SMALL, "--timeout", "0"], 3, "timeout=0"),
        (["a kite", *SMALL, "--option", "spol=x"], 3, "did you mean 'spool'?"),
        (["a kite", *SMALL, "--param", "mock_second=1"], 4, "did you mean 'mock_seconds'?"),
        (["a kite", *SMALL, "--api-key-env", "NO_SUCH_KEY"], 3, "'NO_SUCH_KEY' that --api-key-env names is not set"),
        (["a kite", "--provider", "fal", "--model", "fal-ai/veo3.1"], 3, "set FAL_KEY"),
        (["a kite", *SMALL, "-o", "nowhere/kite.mp4"], 18, "folder 'nowhere' does not exist"),
        (["a kite", *SMALL, "-o", "words.txt/kite.mp4"], 18, "folder 'words.txt' does not exist"),
        (["a kite", *SMALL, "-o", "words.txt"], 18, "'words.txt' exists"),
        (["a kite", *SMALL, "-o", os.devnull, "--force"], 18, "is not a regular file"),
        (["a kite", *SMALL, "-o", "k" * 300], 18, "file name too long"),
        (["a kite", *SMALL, "-o", "k" * 250], 18, "to keep the job in, cannot be written: file name too long"),
        (["a kite", *SMALL, "-o", "-"], 18, "standard output"),
    ],
)
def test_what_is_refused_before_anything_is_sent(
    tarash: CommandLine, arguments: list[str], code: int, says: str
) -> None:
    (tarash.folder / "words.txt").write_text("these are words")
    # A service that would complain about the key, if it were asked at all.
    ran = tarash("generate", *arguments, *(("--param", "mock_behaviour=bad_key") if "mock" in arguments else ()))
    assert_told(ran, code, says)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that nobody can write, root included")
def test_a_folder_that_cannot_be_written_is_refused_before_the_submit(tarash: CommandLine) -> None:
    ran = tarash("generate", "a kite", *SMALL, "--param", "mock_behaviour=bad_key", "-o", "/proc/self/kite.mp4")
    assert_told(ran, 18, "folder '/proc/self' cannot be written")


def test_a_broken_mapping_file_is_named(tarash: CommandLine) -> None:
    (tarash.folder / "tarash.yaml").write_text("schema: 1\nprovider: mock\nmodels: [x]\nfieldz: {}\n")
    assert_told(tarash("generate", "a kite", *SMALL, "--model", "x"), 6, "tarash.yaml:4:1: ")


@pytest.mark.parametrize("arguments", [["genrate"], ["--nope"], ["models", "lst"], ["jobs", "wait"]])
def test_wrong_usage(tarash: CommandLine, arguments: list[str]) -> None:
    assert_told(tarash(*arguments), 2, "")


def test_a_traceback_is_shown_when_asked_for(tarash: CommandLine) -> None:
    ran = tarash("generate", "a kite", "--provider", "mok", "--debug")
    assert ran.code == 7
    assert "Traceback" in ran.err
    assert "PluginError" in ran.err


def test_json_tells_the_error_too(tarash: CommandLine) -> None:
    ran = tarash("generate", "a kite", *SMALL, "--param", "mock_behaviour=no_credit", "--json")
    told = json.loads(ran.out.splitlines()[-1])
    assert (told["type"], told["error"], told["exit_code"]) == ("error", "InsufficientCreditsError", 10)
    assert (told["provider"], told["status_code"]) == ("mock", 402)
    assert_told(ran, 10, told["message"])


def test_json_tells_wrong_usage_too(tarash: CommandLine) -> None:
    ran = tarash("generate", "--nope", "--json")
    assert (json.loads(ran.out)["exit_code"], ran.code) == (2, 2)


def test_a_deadline_keeps_the_job(tarash: CommandLine) -> None:
    never = ("--param", "mock_behaviour=never", "--timeout", "0.5")
    ran = tarash("generate", "a kite", *SMALL, *never, "-o", "kite.mp4", "-q")
    assert_told(ran, 14, "it is kept in 'kite.mp4.job.json'")
    assert ran.err.splitlines()[1] == "try: tarash jobs wait kite.mp4.job.json -o kite.mp4"
    assert tarash("jobs", "cancel", "kite.mp4.job.json").code == 0


def test_nobody_listens(tarash: CommandLine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        fal = ("--provider", "fal", "--model", "fal-ai/veo3.1", "--base-url", address)
        ran = tarash("generate", "a kite", *fal, "--debug", "-vv", FAL_KEY=f"id:{CANARY}")
    assert ran.code == 13
    assert "Traceback" in ran.err
    assert CANARY not in ran.err + ran.out
