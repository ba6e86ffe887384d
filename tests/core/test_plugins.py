"""Finding, loading and refusing plugins: by entry points of real distributions laid into a folder on the path."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOOD = """
from tarash_core import Job, hookimpl

@hookimpl
def tarash_create_client(config, mode):
    return object()

@hookimpl
def tarash_submit(payload):
    return Job(provider="{name}", model=payload.model, request_id="1")

@hookimpl
def tarash_poll(job):
    return job.advance("completed", answer={{"video": "https://example.com/{name}.mp4"}})
"""
MAPPING = 'schema: 1\nmodels: ["*"]\ndocs: https://example.com\ntask: any\nfields:\n  prompt: prompt\n'
RUN = """
import tarash_core as t
answer = t.generate_video(
    t.VideoGenerationConfig(provider={name!r}, model="m", poll_interval=0.001), t.VideoGenerationRequest(prompt="x"))
print(answer.video.url)
"""


class Site:
    """A folder of installed distributions, and fresh interpreters that see it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self,
        name: str,
        code: str,
        *,
        distribution: str | None = None,
        group: str = "tarash.providers",
        mapping: str | None = MAPPING,
        module: str | None = None,
    ) -> None:
        distribution = distribution or f"acme-{name}"
        module = module or distribution.replace("-", "_")
        package = self.folder / module
        package.mkdir()
        (package / "__init__.py").write_text(textwrap.dedent(code))
        if mapping is not None:
            (package / "models").mkdir()
            (package / "models" / "all.yaml").write_text(mapping)
        info = self.folder / f"{distribution.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {module}\n")

    def run(self, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = f"import sys; sys.path.insert(0, {str(self.folder)!r})\n{textwrap.dedent(code)}"
        clean = {"PATH": "", "HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / "none"), **environment}
        return subprocess.run(
            [sys.executable, "-c", command], capture_output=True, text=True, env=clean, cwd=self.folder, check=False
        )

    def said(self, code: str, **environment: str) -> str:
        done = self.run(code, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def plugins(self, before: str = "", **environment: str) -> dict[str, dict[str, Any]]:
        code = f"""
import json, dataclasses, tarash_core
{textwrap.dedent(before)}
print(json.dumps([dataclasses.asdict(info) for info in tarash_core.list_plugins()]))
"""
        infos: list[dict[str, Any]] = json.loads(self.said(code, **environment).splitlines()[-1])
        return {f"{info['distribution']}:{info['name']}": info for info in infos}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


TRY = """
import tarash_core as t
try:
    t.generate_video(t.VideoGenerationConfig(provider={name!r}, model="m"), t.VideoGenerationRequest(prompt="x"))
except t.PluginError as error:
    print(error)
"""


def test_a_plugin_is_found_by_name_and_generates(site: Site) -> None:
    site.install("one", GOOD.format(name="one"))
    assert site.said(RUN.format(name="one")) == "https://example.com/one.mp4"


def test_choosing_one_provider_imports_no_other(site: Site) -> None:
    site.install("one", GOOD.format(name="one"))
    site.install("two", "raise SystemExit('imported')")
    site.said(RUN.format(name="one") + "import sys; assert 'acme_two' not in sys.modules")


def test_names_and_models_are_listed_without_importing_anything(site: Site) -> None:
    site.install("one", "raise SystemExit('imported')", mapping=MAPPING.replace('"*"', "a/b, a/c"))
    infos = site.plugins("assert tarash_core.list_models('one') == ('a/b', 'a/c'), tarash_core.list_models('one')")
    assert infos["acme-one:one"]["state"] == "not loaded"
    assert infos["acme-one:one"]["version"] == "1.2"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import no_such_module", "No module named 'no_such_module'"),
        ("raise RuntimeError('at import')", "RuntimeError: at import"),
        ("TARASH_HOOK_API = 2\n" + GOOD.format(name="bad"), "speaks hook API 2, this tarash-core speaks 1"),
        (GOOD.format(name="bad").replace("def tarash_poll", "def tarash_pol"), "did you mean 'tarash_poll'?"),
        (GOOD.format(name="bad").replace("tarash_poll(job)", "tarash_poll(jbo)"), "jbo"),
        (GOOD.format(name="bad").replace("@hookimpl\ndef tarash_poll", "def tarash_poll"), "lacks @hookimpl"),
        ("", "implements no tarash_create_client"),
        (
            GOOD.format(name="bad") + "\n@hookimpl(hookwrapper=True)\ndef tarash_result():\n    yield",
            "use @hookimpl(wrapper=True)",
        ),
        (GOOD.format(name="bad") + "\n@hookimpl\ndef tarash_result(job=None):\n    return job", "a default"),
    ],
)
def test_a_broken_plugin_says_why_and_harms_no_other(site: Site, code: str, reason: str) -> None:
    site.install("bad", code)
    site.install("good", GOOD.format(name="good"))
    assert site.said(RUN.format(name="good")) == "https://example.com/good.mp4"
    told = site.said(TRY.format(name="bad") * 2).splitlines()
    assert reason in " ".join(told)
    assert "acme-bad 1.2" in " ".join(told)
    infos = site.plugins(TRY.format(name="bad"))
    assert infos["acme-bad:bad"]["state"] == "broken"
    assert infos["acme-good:good"]["state"] == "not loaded"


def test_two_distributions_that_claim_one_name(site: Site) -> None:
    site.install("same", GOOD.format(name="first"), distribution="a-first")
    site.install("same", GOOD.format(name="second"), distribution="b-second")
    states = {key: info["state"] for key, info in site.plugins().items() if info["name"] == "same"}
    assert sorted(states.values()) == ["broken", "not loaded"]
    loser = next(info for info in site.plugins().values() if info["name"] == "same" and info["state"] == "broken")
    assert "is taken by" in loser["reason"]
    assert site.said(RUN.format(name="same")).startswith("https://example.com/")


def test_an_unknown_provider_is_answered_with_what_is_there(site: Site) -> None:
    site.install("good", GOOD.format(name="good"))
    assert "did you mean 'good'?" in site.said(TRY.format(name="goood"))
    assert "try: pip install tarash-runway" in site.said(TRY.format(name="runway"))


def test_the_environment_restricts_what_may_load(site: Site) -> None:
    site.install("one", GOOD.format(name="one"))
    site.install("two", "raise SystemExit('imported')")
    assert "two' is disabled: TARASH_PLUGINS=one" in site.said(TRY.format(name="two"), TARASH_PLUGINS="one")
    assert site.said(RUN.format(name="one"), TARASH_PLUGINS="one, more") == "https://example.com/one.mp4"
    assert site.plugins(TARASH_PLUGINS="one")["acme-two:two"]["state"] == "disabled"


SHARED = """
from tarash_core import hookimpl

@hookimpl(wrapper=True)
def tarash_submit(payload):
    job = yield
    print("wrapped", job.request_id)
    return job

@hookimpl
def tarash_event(event):
    print("event", event.kind)
    raise RuntimeError("listeners may break")
"""


def test_shared_plugins_wrap_and_watch_every_provider(site: Site) -> None:
    site.install("one", GOOD.format(name="one"))
    site.install("audit", SHARED, group="tarash.plugins", mapping=None)
    site.install("noisy", "raise RuntimeError('no')", group="tarash.plugins", mapping=None)
    assert site.said(RUN.format(name="one")).splitlines() == [
        "event submitting",
        "wrapped 1",
        "event submitted",
        "event finished",
        "https://example.com/one.mp4",
    ]
    infos = site.plugins(RUN.format(name="one"))
    assert infos["acme-audit:audit"]["state"] == "ok"
    assert infos["acme-noisy:noisy"]["state"] == "broken"


def test_a_provider_can_be_registered_at_run_time(
    make_provider: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    import tarash_core as tarash

    name = make_provider()
    with caplog.at_level(logging.INFO, "tarash"):
        answer = tarash.generate_video(
            tarash.VideoGenerationConfig(provider=name, model="m", poll_interval=0.001),
            tarash.VideoGenerationRequest(prompt="x"),
        )
    assert answer.video.url == "https://example.com/kite.mp4"
    assert "submitted" in caplog.text
    with pytest.raises(tarash.PluginError, match="is taken"):
        tarash.register_provider(object(), name=name)


def test_a_broken_plugin_registered_at_run_time_leaves_no_trace() -> None:
    import tarash_core as tarash

    with pytest.raises(tarash.PluginError, match="implements no tarash_create_client"):
        tarash.register_provider(object(), name="halfdone")
    with pytest.raises(tarash.PluginError, match="no plugin provides 'halfdone'"):
        tarash.list_models("halfdone")
