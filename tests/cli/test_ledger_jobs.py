"""Jobs by the ledger: listed, picked up, stopped, settled and forgotten by their ids."""

from __future__ import annotations

import json
import signal
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine

KITE = ("generate", "a kite", "--provider", "mock", "--duration", "1", "--resolution", "320x180", "-o", "kite.mp4")
NEVER = ("--param", "mock_behaviour=never")
LONG = ("--param", "mock_seconds=1.5")
JOB = "kite.mp4.job.json"


def _listed(tarash: CommandLine, *arguments: str) -> list[dict[str, Any]]:
    ran = tarash("jobs", "list", "--json", *arguments)
    assert ran.code == 0, ran.err
    entries: list[dict[str, Any]] = json.loads(ran.out)
    return entries


def _lost(tarash: CommandLine) -> str:
    """A job whose answer was lost; returns its id."""
    assert tarash(*KITE, "--param", "mock_behaviour=lost_reply").code == 17
    (entry,) = _listed(tarash)
    return str(entry["id"])


def test_a_generation_is_listed_with_where_its_video_is(tarash: CommandLine) -> None:
    assert tarash("jobs", "list").err == "the ledger has no job yet\n"
    assert tarash(*KITE).code == 0
    (entry,) = _listed(tarash)
    assert (entry["state"], entry["provider"], entry["model"]) == ("completed", "mock", "mock/video")
    table = tarash("jobs", "list").out.splitlines()
    assert table[0].split() == ["id", "state", "provider", "model", "job", "written"]
    assert table[1].split()[:5] == [entry["id"], "completed", "mock", "mock/video", entry["job"]["request_id"]]
    assert tarash("jobs", "list", "-q").out == f"{entry['id']}\n"


def test_the_list_is_cut_by_state_provider_and_number(tarash: CommandLine) -> None:
    for behaviour in ("lost_reply", "rate_limited", "ok"):
        tarash(*KITE, "--force", "--param", f"mock_behaviour={behaviour}")
    assert [entry["state"] for entry in _listed(tarash)] == ["completed", "refused", "uncertain"]
    assert [entry["state"] for entry in _listed(tarash, "--limit", "1")] == ["completed"]
    assert [entry["state"] for entry in _listed(tarash, "--state", "uncertain", "--state", "refused")] == [
        "refused",
        "uncertain",
    ]
    assert [entry["state"] for entry in _listed(tarash, "--state", "open")] == ["uncertain"]
    assert _listed(tarash, "--provider", "fal") == []
    assert tarash("jobs", "list", "--provider", "fal").err == "the ledger has no such job\n"


@pytest.mark.parametrize("by", ["id", "request_id"])
def test_a_killed_generation_goes_on_by_its_id(tarash: CommandLine, by: str) -> None:
    running = tarash.start(*KITE, *LONG)
    tarash.appears(JOB)
    tarash.stopped(running, signal.SIGKILL)
    (entry,) = _listed(tarash, "--state", "open")
    name = entry["id"] if by == "id" else entry["job"]["request_id"]
    ran = tarash("jobs", "wait", name, "-o", "saved.mp4", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "saved.mp4\n", "")
    assert [entry["state"] for entry in _listed(tarash)] == ["completed"]


def test_a_job_picked_up_by_its_id_leaves_no_job_file(tarash: CommandLine) -> None:
    running = tarash.start(*KITE, *LONG)
    path = tarash.appears(JOB)
    tarash.stopped(running, signal.SIGKILL)
    (entry,) = _listed(tarash, "--state", "open")
    other = tarash.folder / "other.mp4.job.json"
    other.write_text(path.read_text().replace(entry["job"]["request_id"], "mock-another"))
    for output in ("other.mp4", "kite.mp4"):
        assert tarash("jobs", "wait", entry["id"], "-o", output, "-q").code == 0
    assert not path.exists()
    assert other.exists(), "it keeps another job"


def test_the_id_is_said_when_a_generation_is_interrupted(tarash: CommandLine) -> None:
    running = tarash.start(*KITE, *NEVER, "-q")
    tarash.appears(JOB)
    said = tarash.stopped(running, signal.SIGINT).err.splitlines()[0]
    (entry,) = _listed(tarash)
    assert said.endswith(f"it is kept in '{JOB}', and in the ledger as '{entry['id']}'")


def test_waiting_by_id_writes_no_job_file_and_says_how_to_go_on(tarash: CommandLine) -> None:
    tarash.stopped(_begun(tarash), signal.SIGINT)
    (tarash.folder / JOB).unlink()
    (entry,) = _listed(tarash)
    ran = tarash("jobs", "wait", entry["id"], "-o", "kite.mp4", "--max-poll-attempts", "1")
    assert ran.code == 14
    assert f"the ledger has it as '{entry['id']}'" in ran.err
    assert ran.err.splitlines()[-1] == f"try: tarash jobs wait {entry['id']} -o kite.mp4"
    assert list(tarash.folder.iterdir()) == []


def test_without_a_ledger_no_id_is_said(tarash: CommandLine) -> None:
    tarash.environment["TARASH_LEDGER"] = "off"
    running = tarash.start(*KITE, *NEVER, "-q")
    tarash.appears(JOB)
    assert "ledger" not in tarash.stopped(running, signal.SIGINT).err
    ran = tarash("jobs", "list")
    assert (ran.code, "the ledger is switched off" in ran.err) == (3, True)


def test_a_ledger_that_cannot_be_written_is_told_and_costs_no_video(tarash: CommandLine) -> None:
    (tarash.folder / "taken").write_text("a file, where a folder should be", encoding="utf-8")
    tarash.environment["TARASH_LEDGER"] = "taken/jobs.sqlite3"
    ran = tarash(*KITE, "-q")
    assert (ran.code, ran.out) == (0, "kite.mp4\n")
    assert ran.err.startswith("error: the ledger cannot be written (")
    assert ran.err.endswith("; jobs go on, keep them yourself or set TARASH_LEDGER\n")
    assert len(ran.err.splitlines()) == 1


def test_a_job_is_shown_and_cancelled_by_its_id(tarash: CommandLine) -> None:
    tarash.stopped(_begun(tarash), signal.SIGINT)
    (entry,) = _listed(tarash)
    shown = tarash("jobs", "show", entry["id"]).out
    assert f"        id  {entry['id']}\n" in shown
    assert f"       job  {entry['job']['request_id']}\n" in shown
    assert json.loads(tarash("jobs", "show", entry["id"], "--poll", "--json").out)["state"] in ("queued", "processing")
    assert tarash("jobs", "cancel", entry["id"], "-q").code == 0
    assert _listed(tarash)[0]["state"] == "cancelled"


def test_a_lost_answer_names_the_command_that_settles_it(tarash: CommandLine) -> None:
    ran = tarash(*KITE, "--json", "--param", "mock_behaviour=lost_reply")
    error = json.loads(ran.out.splitlines()[-1])
    (entry,) = _listed(tarash, "--state", "uncertain")
    assert (ran.code, error["error"], error["ledger_id"]) == (17, "SubmissionUncertainError", entry["id"])
    assert ran.err.splitlines()[-1] == f"try: tarash jobs settle {entry['id']}"


def test_an_uncertain_job_is_not_waited_for(tarash: CommandLine) -> None:
    name = _lost(tarash)
    ran = tarash("jobs", "wait", name)
    assert ran.code == 17
    assert ran.err.splitlines() == [
        f"error: nobody knows whether job '{name}' was accepted by 'mock'",
        f"try: tarash jobs settle {name}",
    ]
    assert "state  uncertain\n" in tarash("jobs", "show", name).out


def test_an_uncertain_job_is_settled_as_accepted(tarash: CommandLine) -> None:
    name = _lost(tarash)
    ran = tarash("jobs", "settle", name, "--request-id", "mock-1")
    assert (ran.code, ran.err) == (
        0,
        f"mock {name}: it was accepted as 'mock-1'\ntry: tarash jobs wait {name}\n",
    )
    assert _listed(tarash)[0]["job"]["request_id"] == "mock-1"


def test_an_uncertain_job_is_settled_as_refused(tarash: CommandLine) -> None:
    name = _lost(tarash)
    ran = tarash("jobs", "settle", name, "--refused", "--json")
    assert json.loads(ran.out)["state"] == "refused"
    again = tarash("jobs", "settle", name, "--refused")
    assert (again.code, "is refused, not uncertain" in again.err) == (3, True)
    waited = tarash("jobs", "wait", name)
    assert (waited.code, "was refused by 'mock': settled by hand" in waited.err) == (3, True)


def test_a_provider_that_cannot_tell_leaves_it_uncertain(tarash: CommandLine) -> None:
    name = _lost(tarash)
    ran = tarash("jobs", "settle", name)
    assert (ran.code, "'mock' cannot tell whether" in ran.err) == (3, True)
    assert _listed(tarash)[0]["state"] == "uncertain"
    assert tarash("jobs", "settle", name, "--refused", "--request-id", "x").code == 2


def test_old_settled_jobs_are_forgotten_and_open_ones_kept(tarash: CommandLine) -> None:
    _lost(tarash)
    assert tarash(*KITE).code == 0
    assert tarash("jobs", "prune", "--older-than", "1d").err == "forgot 0 jobs\n"
    with sqlite3.connect(tarash.folder.parent / "home/.local/state/tarash/jobs.sqlite3") as file:
        for entry_id, text in file.execute("SELECT id, entry FROM jobs").fetchall():
            old = json.dumps(json.loads(text) | {"updated_at": 1.0})
            file.execute("UPDATE jobs SET entry = ?, updated_at = 1 WHERE id = ?", (old, entry_id))
    file.close()
    assert json.loads(tarash("jobs", "prune", "--older-than", "30d", "--json").out) == {"forgotten": 1}
    assert [entry["state"] for entry in _listed(tarash)] == ["uncertain"]


@pytest.mark.parametrize("age", ["30", "d", "-1d", "soon"])
def test_what_is_no_age(tarash: CommandLine, age: str) -> None:
    ran = tarash("jobs", "prune", f"--older-than={age}")
    assert (ran.code, "is no age" in ran.err) == (2, True)


def test_an_unknown_id(tarash: CommandLine) -> None:
    for command in ("wait", "show", "cancel", "settle"):
        ran = tarash("jobs", command, "nothing")
        assert (ran.code, "the ledger knows no job 'nothing'" in ran.err) == (3, True)


def test_a_broken_ledger_is_said_and_costs_no_video(tarash: CommandLine) -> None:
    path: Path = tarash.folder.parent / "home/.local/state/tarash/jobs.sqlite3"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all" * 100)
    ran = tarash("jobs", "list")
    assert (ran.code, f"the ledger '{path}' cannot be read" in ran.err) == (18, True)
    assert tarash(*KITE, "-q").out == "kite.mp4\n"


def _begun(tarash: CommandLine) -> Any:
    running = tarash.start(*KITE, *NEVER)
    tarash.appears(JOB)
    return running
