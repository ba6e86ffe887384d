"""``payload``, ``plugins``, ``models`` and ``doctor``: what they tell, and that they send nothing."""

from __future__ import annotations

import importlib.metadata
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import CommandLine

CANARY = "canary-77d0a1"
BROKEN_FILE = "schema: 1\nprovider: mock\nmodels: [x]\nfieldz: {}\n"


def installed(tarash: CommandLine, name: str, entry_points: str, **files: str) -> dict[str, str]:
    """The environment in which one more distribution is installed."""
    place = tarash.folder.parent / "site"
    facts = place / f"{name.replace('-', '_')}-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(entry_points)
    for module, text in files.items():
        (place / f"{module}.py").write_text(text)
    return {"PYTHONPATH": os.pathsep.join(filter(None, (str(place), os.environ.get("PYTHONPATH"))))}


def test_payload_prints_what_would_be_sent(tarash: CommandLine, photo: Path) -> None:
    ran = tarash("payload", "a kite", "--provider", "mock", "--duration", "2", "--image", f"first_frame={photo.name}")
    told = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert (told["provider"], told["model"], told["warnings"]) == ("mock", "mock/video", [])
    assert told["arguments"]["prompt"] == "a kite"
    assert told["arguments"]["duration"] == 2
    assert told["arguments"]["first_frame_url"] == f"<photo.png, image/png, {photo.stat().st_size} bytes>"
    assert told["mapping"].rpartition(":")[2].isdigit()


def test_payload_sends_nothing_and_needs_no_key(tarash: CommandLine, photo: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        image = ("--image", f"first_frame={photo.name}")
        ran = tarash(
            "payload", "a kite", "-p", "fal", "-m", "fal-ai/veo3.1/image-to-video", "--base-url", address, *image
        )
        assert (ran.code, json.loads(ran.out)["model"]) == (0, "fal-ai/veo3.1/image-to-video")
        with pytest.raises(TimeoutError):
            server.accept()


def test_plugins_tells_state_and_models(tarash: CommandLine) -> None:
    told = {plugin["name"]: plugin for plugin in json.loads(tarash("plugins", "--json").out)}
    mock = told["mock"]
    assert (mock["kind"], mock["distribution"], mock["state"]) == ("provider", "tarash-mock", "ok")
    assert mock["version"] == importlib.metadata.version("tarash-mock")
    assert mock["models"] == len(json.loads(tarash("models", "list", "-p", "mock", "--json").out))
    row = next(line.split() for line in tarash("plugins").out.splitlines() if line.startswith("mock "))
    assert row == ["mock", "provider", "tarash-mock", mock["version"], "ok", str(mock["models"])]


def test_plugins_tells_what_providers_can_do(tarash: CommandLine) -> None:
    told = {provider["provider"]: provider for provider in json.loads(tarash("plugins", "--features", "--json").out)}
    assert (told["mock"]["first_frame"], told["mock"]["webhook"]) == (True, False)
    assert told["mock"]["progress"] == ["per cent", "queue position", "logs"]
    listed = tarash("plugins", "--features", TARASH_PLUGINS="mock").out.splitlines()
    assert [line.split()[0] for line in listed] == ["provider", "mock"]
    markdown = tarash("plugins", "--features", "--markdown", TARASH_PLUGINS="mock").out.splitlines()
    assert [line[:6] for line in markdown] == ["| prov", "| --- ", "| mock"]
    assert tarash("plugins", "--markdown").code == 2


def test_a_broken_plugin_is_told_and_harms_nobody(tarash: CommandLine) -> None:
    point = "[tarash.providers]\nbroken = broken_plugin\n"
    environment = installed(tarash, "tarash-broken", point, broken_plugin="import no_such_sdk\n")
    told = {plugin["name"]: plugin for plugin in json.loads(tarash("plugins", "--json", **environment).out)}
    assert (told["mock"]["state"], told["broken"]["state"]) == ("ok", "broken")
    assert "No module named 'no_such_sdk'" in told["broken"]["reason"]
    listed = tarash("models", "list", **environment)
    assert (listed.code, "mock/video" in listed.out) == (0, True)
    doctor = tarash("doctor", "-q", **environment)
    assert doctor.code == 19
    assert "no_such_sdk" in doctor.out


def test_a_disabled_plugin_is_told(tarash: CommandLine) -> None:
    told = {plugin["name"]: plugin for plugin in json.loads(tarash("plugins", "--json", TARASH_PLUGINS="mock").out)}
    assert (told["mock"]["state"], told["fal"]["state"]) == ("ok", "disabled")


def test_models_are_listed_by_task(tarash: CommandLine) -> None:
    ran = tarash("models", "list", "-p", "mock", "--task", "image-to-video", "--json")
    assert {model["model"]: model["task"] for model in json.loads(ran.out)} == {
        "mock/image-to-video": "image-to-video",
        "mock/video": "any",
    }
    wrong = tarash("models", "list", "--task", "image-to-vide")
    assert wrong.code == 2
    assert "did you mean 'image-to-video'?" in wrong.err


def test_a_model_tells_what_it_takes(tarash: CommandLine) -> None:
    shown = tarash("models", "show", "mock/text-to-video")
    assert shown.code == 0
    assert any(
        line.split()[:2] == ["duration", "duration_seconds"] and line.endswith("4, 6 or 8")
        for line in shown.out.splitlines()
    )
    assert ".yaml" not in shown.out.split("theirs")[1]
    explained = tarash("models", "show", "mock/text-to-video", "--explain").out.split("theirs")[1]
    assert all(".yaml:" in line for line in explained.splitlines()[1:])


def test_a_model_as_json(tarash: CommandLine) -> None:
    told = json.loads(tarash("models", "show", "mock/text-to-video", "--json").out)
    assert (told["provider"], told["task"]) == ("mock", "text-to-video")
    duration = next(line for line in told["parameters"] if line["theirs"] == "duration")
    assert duration["limits"] == "4, 6 or 8"


def test_a_model_that_nobody_knows(tarash: CommandLine) -> None:
    ran = tarash("models", "show", "mock/text-to-vide")
    assert (ran.code, len(ran.err.splitlines())) == (4, 1)
    assert "did you mean 'mock/text-to-video'?" in ran.err
    generic = tarash("models", "show", "whatever", "--provider", "mock")
    assert generic.code == 0
    assert "'whatever' has no mapping" in generic.err


def test_doctor_is_content_and_tells_no_key(tarash: CommandLine) -> None:
    ran = tarash("doctor", FAL_KEY=CANARY)
    assert ran.code == 0
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["key", "FAL_KEY", "ok", "for", "fal"] in lines
    assert CANARY[:6] not in ran.out + ran.err + tarash("doctor", "--json", "--debug", "-vv", FAL_KEY=CANARY).out
    assert any(line[0] == "sdk" and line[1] == "fal-client" for line in lines)


def test_doctor_names_keys_that_are_not_set(tarash: CommandLine) -> None:
    told = json.loads(tarash("doctor", "--json").out)
    assert told["healthy"] is True
    states = {finding["name"]: finding["state"] for finding in told["findings"] if finding["subject"] == "key"}
    assert states["FAL_KEY"] == "not set"


def test_doctor_finds_mapping_files_and_what_is_wrong_in_them(tarash: CommandLine) -> None:
    folder = tarash.folder.parent / "home" / ".config" / "tarash" / "mappings"
    folder.mkdir(parents=True)
    (folder / "good.yaml").write_text("schema: 1\nprovider: mock\nmodels: [mine]\nextends: mock/video\n")
    (tarash.folder / "tarash.yaml").write_text(BROKEN_FILE)
    ran = tarash("doctor", "--json")
    found = {finding["name"]: finding for finding in json.loads(ran.out)["findings"] if finding["subject"] == "mapping"}
    assert ran.code == 19
    assert found[str(folder / "good.yaml")]["state"] == "ok"
    broken = found[str(tarash.folder / "tarash.yaml")]
    assert (broken["state"], "did you mean 'fields'?" in broken["detail"]) == ("broken", True)


def test_doctor_misses_an_sdk(tarash: CommandLine) -> None:
    environment = installed(tarash, "tarash-needy", "[tarash.providers]\nneedy = tarash_mock\n")
    metadata = tarash.folder.parent / "site" / "tarash_needy-1.0.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text() + "Requires-Dist: no-such-sdk (>=1)\n")
    ran = tarash("doctor", "-q", **environment)
    assert ran.code == 19
    assert "try: pip install no-such-sdk" in ran.out


@pytest.mark.parametrize("name", ["click", "rich"])
def test_a_missing_extra_is_named(name: str) -> None:
    program = f"import sys; sys.modules[{name!r}] = None; from tarash_core.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3
    assert done.stderr.splitlines()[1] == "try: pip install 'tarash-core[cli]'"
    assert name in done.stderr


def test_nothing_of_the_extra_is_imported_before_it_is_needed() -> None:
    program = "import sys, tarash_core, tarash_core.cli; sys.exit(bool({'click', 'rich'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0


@pytest.mark.parametrize("arguments", [[], ["jobs"], ["models"], ["generate", "--help"], ["jobs", "wait", "-h"]])
def test_help_is_shown(tarash: CommandLine, arguments: list[str]) -> None:
    ran = tarash(*arguments)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: tarash")
