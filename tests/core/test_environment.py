"""What a config leaves to the environment: the address, kept by the job; and what a job never keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import tarash_core as tarash
from tarash_core import Job, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import ScriptedProvider, World

REQUEST = VideoGenerationRequest(prompt="a red kite")
FACTS = "base_url: {environment: [A_URL, B_URL]}\n"
Make = Callable[..., str]


def config(provider: str, **settings: Any) -> VideoGenerationConfig:
    return VideoGenerationConfig(**{"provider": provider, "model": "m", "poll_interval": 0.001, **settings})


def test_the_address_of_the_environment_is_used_and_pinned(
    world: World, make_provider: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("B_URL", "https://b.example/v1/")
    script = ScriptedProvider()
    name = make_provider(script, facts=FACTS)
    job = world.submit(config(name), REQUEST)
    assert script.clients[0][0].base_url == "https://b.example/v1"
    monkeypatch.setenv("A_URL", "https://a.example")
    kept = Job.model_validate_json(job.model_dump_json())
    assert world.wait(kept).status == "completed"
    assert {settings.base_url for settings, _ in script.clients} == {"https://b.example/v1"}
    with pytest.raises(tarash.ConfigurationError, match=r"base_url='https://b\.example/v1', not 'https://a\.example'"):
        world.wait(kept, config=config(name))


def test_what_is_given_wins(world: World, make_provider: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_URL", "https://a.example")
    script = ScriptedProvider()
    world.submit(config(make_provider(script, facts=FACTS), base_url="https://c.example"), REQUEST)
    assert script.clients[0][0].base_url == "https://c.example"


def test_what_is_no_address_is_said_with_its_variable(
    world: World, make_provider: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_URL", "a.example")
    name = make_provider(facts=FACTS)
    with pytest.raises(tarash.ConfigurationError, match=r"environment variable A_URL: .*'a\.example' is not"):
        world.submit(config(name), REQUEST)
    assert tarash.build_payload(config(name), REQUEST).arguments == {"prompt": "a red kite"}


def test_a_job_keeps_no_option_that_is_a_credential_or_no_json(world: World, make_provider: Make) -> None:
    facts = "options: {headers: more, token_provider: gives tokens, team: who pays}\n"
    given = {
        "headers": {"X-Team": "red", "x-litellm-api-key": "sk-canary"},
        "token_provider": lambda: "canary",
        "team": "red",
    }
    job = world.submit(config(make_provider(facts=facts), provider_config=given), REQUEST)
    assert job.provider_config == {"team": "red"}
    assert "canary" not in json.dumps(job.model_dump(mode="json"))
