"""The contract of providers fails where a plugin is wrong: here that of the documentation, with one thing changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fenced import HOUSE
from reader import installed

CLIENT = "    return httpx.Client(base_url=address, headers=headers,"
JOB = 'return Job(provider=config.provider, model=payload.model, request_id=answer.raise_for_status().json()["id"])'

# What is wrong -> what stands in the plugin, what takes its place, and the promise that it breaks.
WRONG: dict[str, tuple[str, str, str]] = {
    "loads the SDK when it is imported": (
        "TARASH_HOOK_API = 1",
        "import httpx\nTARASH_HOOK_API = 1",
        "test_the_plugin_is_light_until_it_is_used",
    ),
    "follows redirects": (
        CLIENT,
        f"{CLIENT} follow_redirects=True,",
        "test_a_redirect_takes_the_paid_request_nowhere",
    ),
    "trusts anybody": (CLIENT, f"{CLIENT} verify=False,", "test_an_unknown_authority_is_refused"),
    "knows no proxies": (
        CLIENT,
        f"{CLIENT} trust_env=False,",
        "test_a_proxy_of_the_environment_is_used",
    ),
    "logs the key": (
        CLIENT,
        f"    import logging\n    logging.info(config.api_key.get_secret_value())\n{CLIENT}",
        "test_a_generation_tells_the_key_to_nobody",
    ),
    "shows the key to the job": (
        JOB,
        JOB.replace("request_id=", "provider_data={'key': config.api_key.get_secret_value()}, request_id="),
        "test_another_process_picks_the_job_up",
    ),
    "pays again when the answer is lost": (
        "    answer = yield from call(_in_time, client.post,",
        "    try:\n        yield from call(_in_time, client.post, '/videos', json={})\n"
        "    except Exception:\n        pass\n"
        "    answer = yield from call(_in_time, client.post,",
        "test_a_lost_answer_is_never_asked_for_again",
    ),
    "takes an answer for a refusal that proves nothing": (
        "    if response is None or",
        "    if response is not None and response.status_code == 500:\n"
        "        return ContentModerationError('no')\n    if response is None or",
        "test_a_refusal_is_told_at_once",
    ),
    "takes an unknown state for a known one": (
        '    if told["status"] not in _STATES:',
        '    _STATES.setdefault(told["status"], "completed")\n    if told["status"] not in _STATES:',
        "test_an_unknown_state_is_quoted_at_once",
    ),
    "asks twice": (
        '    answer = yield from call(_in_time, client.get, f"/videos/{job.request_id}")',
        '    yield from call(_in_time, client.get, f"/videos/{job.request_id}")\n'
        '    answer = yield from call(_in_time, client.get, f"/videos/{job.request_id}")',
        "test_one_poll_is_one_request",
    ),
    "says that it has cancelled": (
        "@hookimpl\ndef tarash_map_error",
        "@hookimpl\ndef tarash_cancel():\n    return 'cancelled'\n\n\n@hookimpl\ndef tarash_map_error",
        "test_cancelling_a_job",
    ),
    "tells no failure of the network from an end": (
        "    if response is None or",
        "    if response is None:\n        return ContentModerationError('no')\n    if response is None or",
        "test_what_fails_for_a_moment_is_asked_again",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_breaks_its_promise(tmp_path: Path, wrong: str) -> None:
    old, new, promise = WRONG[wrong]
    plugin = installed(HOUSE / "docs" / "plugins.md", tmp_path) / "tarash_acme" / "__init__.py"
    right = plugin.read_text(encoding="utf-8")
    assert right.count(old) == 1
    plugin.write_text(right.replace(old, new), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", promise, "tests/test_acme.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert f"FAILED tests/test_acme.py::TestAcme::{promise}" in ended.stdout, ended.stdout
    assert "is broken" not in ended.stdout
