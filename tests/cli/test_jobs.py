"""No lost job: whatever stops the command, the job is on disk, and another process picks it up."""

from __future__ import annotations

import json
import signal
import stat
from typing import TYPE_CHECKING

import av
import pytest

from tarash_core import Job

if TYPE_CHECKING:
    from subprocess import Popen

    from conftest import CommandLine

KITE = ("generate", "a kite", "--provider", "mock", "--duration", "1", "--resolution", "320x180", "-o", "kite.mp4")
NEVER = ("--param", "mock_behaviour=never")
LONG = ("--param", "mock_seconds=1.5")
JOB = "kite.mp4.job.json"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_command_keeps_its_job(tarash: CommandLine, number: signal.Signals) -> None:
    running = tarash.start(*KITE, *NEVER, "-q")
    path = tarash.appears(JOB)
    ran = tarash.stopped(running, number)
    said, hint = ran.err.splitlines()
    assert (ran.code, ran.out) == (130, "")
    assert said.startswith("error: interrupted; job 'mock-")
    assert hint == f"try: tarash jobs wait {JOB} -o kite.mp4"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Job.model_validate_json(path.read_text()).request_id in said


def test_an_interrupted_job_is_picked_up(tarash: CommandLine) -> None:
    running = tarash.start(*KITE, *LONG)
    tarash.appears(JOB)
    assert tarash.stopped(running, signal.SIGINT).code == 130
    ran = tarash("jobs", "wait", JOB, "-q")
    assert (ran.code, ran.out, ran.err) == (0, "kite.mp4\n", "")
    with av.open(str(tarash.folder / "kite.mp4")) as video:
        assert next(video.decode(video=0)).width == 320
    assert [path.name for path in tarash.folder.iterdir()] == ["kite.mp4"], "the job is over, its file gone"


def test_a_killed_command_loses_nothing(tarash: CommandLine) -> None:
    running = tarash.start(*KITE, *LONG)
    tarash.appears(JOB)
    assert tarash.stopped(running, signal.SIGKILL).code == -signal.SIGKILL
    ran = tarash("jobs", "wait", JOB, "-o", "saved.mp4", "--json")
    result = json.loads(ran.out.splitlines()[-1])
    assert (result["type"], result["files"][0]["path"]) == ("result", "saved.mp4")
    assert [path.name for path in tarash.folder.iterdir()] == ["saved.mp4"]


def test_waiting_can_be_interrupted_and_taken_up_again(tarash: CommandLine) -> None:
    tarash.stopped(_begun(tarash), signal.SIGINT)
    waiting = tarash.start("jobs", "wait", JOB)
    assert waiting.stderr is not None
    waiting.stderr.readline()
    ran = tarash.stopped(waiting, signal.SIGINT)
    assert ran.code == 130
    assert ran.err.splitlines()[-1] == f"try: tarash jobs wait {JOB} -o kite.mp4"
    assert (tarash.folder / JOB).exists()


def test_ctrl_c_can_cancel_instead(tarash: CommandLine) -> None:
    running = tarash.start(*KITE, *NEVER, "-q", "--cancel-on-interrupt")
    text = tarash.appears(JOB).read_text()
    ran = tarash.stopped(running, signal.SIGINT)
    assert (ran.code, ran.err) == (130, "error: interrupted; the job was cancelled\n")
    assert list(tarash.folder.iterdir()) == []
    assert tarash("jobs", "show", "-", "--poll", "--json", stdin=text).out.count('"state": "cancelled"') == 1


def test_a_job_is_cancelled_once(tarash: CommandLine) -> None:
    tarash.stopped(_begun(tarash), signal.SIGINT)
    text = (tarash.folder / JOB).read_text()
    ran = tarash("jobs", "cancel", JOB)
    assert (ran.code, ran.err.endswith(": the job was cancelled\n")) == (0, True)
    assert not (tarash.folder / JOB).exists()
    waited = tarash("jobs", "wait", "-", stdin=text)
    assert waited.code == 15
    assert "was cancelled" in waited.err.splitlines()[-1]


def test_what_had_finished_is_not_cancelled(tarash: CommandLine) -> None:
    submitted = json.loads(tarash(*KITE, "--json").out.splitlines()[0])
    ran = tarash("jobs", "cancel", "-", "--json", stdin=json.dumps(submitted["job"]))
    assert (ran.code, json.loads(ran.out)["outcome"]) == (20, "too_late")


def test_a_job_can_be_looked_at(tarash: CommandLine) -> None:
    tarash.stopped(_begun(tarash), signal.SIGINT)
    shown = tarash("jobs", "show", JOB)
    assert shown.code == 0
    assert "provider  mock\n" in shown.out
    assert "state  queued\n" in shown.out
    polled = json.loads(tarash("jobs", "show", JOB, "--poll", "--json").out)
    assert polled["state"] in ("queued", "processing")
    assert (tarash.folder / JOB).exists()


def test_a_job_that_waits_is_not_written_over(tarash: CommandLine) -> None:
    tarash.stopped(_begun(tarash), signal.SIGINT)
    before = (tarash.folder / JOB).read_text()
    ran = tarash(*KITE, "--force")
    assert ran.code == 18
    assert ran.err.splitlines()[1] == f"try: tarash jobs wait {JOB} -o kite.mp4"
    assert (tarash.folder / JOB).read_text() == before


def test_a_file_of_another_name_is_left_alone(tarash: CommandLine) -> None:
    submitted = json.loads(tarash(*KITE, "--json").out.splitlines()[0])
    (tarash.folder / "mine.json").write_text(json.dumps(submitted["job"]))
    ran = tarash("jobs", "wait", "mine.json", "-q")
    assert (ran.code, ran.out) == (0, f"{submitted['request_id']}.mp4\n")
    assert (tarash.folder / "mine.json").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "cannot be read: no such file"), ("{}", "does not hold a job"), ("not json", "does not hold a job")],
)
def test_what_is_no_job(tarash: CommandLine, text: str | None, says: str) -> None:
    if text is not None:
        (tarash.folder / JOB).write_text(text)
    ran = tarash("jobs", "wait", JOB)
    assert (ran.code, len(ran.err.splitlines())) == (18, 1)
    assert says in ran.err


SLOW = """
import sys, time
from pathlib import Path
from tarash_core import Job, block, call, hookimpl, register_model_mapping, register_provider
from tarash_core.cli.app import run

def send():
    Path("sending").touch()
    time.sleep(0.7)

class Slow:
    @hookimpl
    def tarash_create_client(self):
        return object()

    @hookimpl
    def tarash_submit(self, payload):
        yield from block(send)
        return Job(provider="slow", model=payload.model, request_id="slow-1")

    @hookimpl
    def tarash_poll(self, job):
        return job
        yield

register_provider(Slow(), name="slow")
register_model_mapping({"models": ["m"], "task": "any", "fields": {"prompt": "prompt"}}, provider="slow")
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_while_the_request_is_on_the_wire_keeps_the_job(tarash: CommandLine, number: signal.Signals) -> None:
    (tarash.folder / "slow.py").write_text(SLOW)
    running = tarash.start("generate", "a kite", "-p", "slow", "-m", "m", "-o", "kite.mp4", program=["slow.py"])
    tarash.appears("sending")
    assert tarash.stopped(running, number).code == 130
    assert Job.model_validate_json((tarash.folder / JOB).read_text()).request_id == "slow-1"


def test_ctrl_c_between_the_ledger_and_the_display_keeps_the_job(tarash: CommandLine) -> None:
    told = """
    @hookimpl
    def tarash_event(self, event):
        if event.kind == "submitted":
            raise KeyboardInterrupt
"""
    program = SLOW.replace("class Slow:\n", f"class Slow:{told}\n").replace("time.sleep(0.7)", "pass")
    (tarash.folder / "slow.py").write_text(program)
    running = tarash.start("generate", "a kite", "-p", "slow", "-m", "m", "-o", "kite.mp4", program=["slow.py"])
    err = running.communicate(timeout=60)[1]
    assert (running.returncode, "interrupted; job 'slow-1' goes on at 'slow'" in err) == (130, True), err
    assert Job.model_validate_json((tarash.folder / JOB).read_text()).request_id == "slow-1"


def test_a_second_ctrl_c_breaks_through_and_says_what_it_may_cost(tarash: CommandLine) -> None:
    # From inside, so that the second one surely comes after the first one was dealt with.
    program = SLOW.replace("time.sleep(0.7)", "[signal.raise_signal(signal.SIGINT) for _ in range(2)]")
    (tarash.folder / "slow.py").write_text(f"import signal\n{program}")
    running = tarash.start("generate", "a kite", "-p", "slow", "-m", "m", "-o", "kite.mp4", program=["slow.py"])
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "it may be running and paid" in err
    assert (out, len(err.splitlines())) == ("", 2)
    assert err.splitlines()[1].startswith("try: tarash jobs settle ")


def test_ctrl_c_before_the_submit_says_that_nothing_was_sent(tarash: CommandLine) -> None:
    upload = """
    @hookimpl
    def tarash_upload(self):
        yield from block(send)
"""
    program = SLOW.replace("class Slow:\n", f"class Slow:{upload}\n").replace("time.sleep(0.7)", "time.sleep(30)")
    program = program.replace('"fields": {"prompt": "prompt"', '"fields": {"prompt": "prompt", "video": "video"')
    (tarash.folder / "slow.py").write_text(program)
    (tarash.folder / "clip.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42")
    arguments = ("generate", "a kite", "--video", "clip.mp4", "-p", "slow", "-m", "m", "-o", "kite.mp4")
    running = tarash.start(*arguments, program=["slow.py"])
    tarash.appears("sending")
    ran = tarash.stopped(running, signal.SIGINT)
    assert (ran.code, ran.err) == (130, "error: interrupted before anything was submitted\n")


def test_a_job_that_cannot_be_written_is_printed(tarash: CommandLine) -> None:
    program = SLOW.replace("time.sleep(0.7)", "Path('out').rmdir()").replace(
        "return job\n", "raise KeyboardInterrupt\n"
    )
    (tarash.folder / "slow.py").write_text(program)
    (tarash.folder / "out").mkdir()
    arguments = ("generate", "a kite", "-p", "slow", "-m", "m", "-o", "out/kite.mp4", "-q")
    running = tarash.start(*arguments, program=["slow.py"])
    _, err = running.communicate(timeout=60)
    warning, text, *rest = err.splitlines()
    assert running.returncode == 130
    assert warning.startswith("warning: 'out/kite.mp4.job.json' cannot be written")
    assert Job.model_validate_json(text).request_id == "slow-1"
    assert rest[-1] == "try: tarash jobs wait - -o out/kite.mp4"


def test_a_reader_that_goes_away_costs_no_video(tarash: CommandLine) -> None:
    running = tarash.start(*KITE, *LONG, "--json")
    assert running.stdout is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.stderr is not None
    assert running.stderr.read() == ""
    assert running.wait() == 0
    assert [path.name for path in tarash.folder.iterdir()] == ["kite.mp4"]


def _begun(tarash: CommandLine) -> Popen[str]:
    running = tarash.start(*KITE, *NEVER)
    tarash.appears(JOB)
    return running
