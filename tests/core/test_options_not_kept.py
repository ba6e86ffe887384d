"""A job keeps no option that may hold a secret; where one is missed on resume, the error says which."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

import tarash_core as tarash
from tarash_core import Job, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.ledger import MemoryJobStore, use_ledger
from tarash_core.testing import ScriptedProvider, World, assert_absent

REQUEST = VideoGenerationRequest(prompt="a red kite")
FACTS = "options: {region: where it runs, headers: more headers, tokens: gives tokens}\n"
SECRET = "canary-4f8a1c"
OPTIONS = {"region": "eu", "headers": {"Authorization": SECRET}, "tokens": lambda: SECRET}
Make = Callable[..., str]


def submitted(world: World, make_provider: Make, polls: list[object]) -> tuple[Job, VideoGenerationConfig]:
    name = make_provider(ScriptedProvider(poll=polls), facts=FACTS)
    config = VideoGenerationConfig(provider=name, model="m", poll_interval=0.001, provider_config=OPTIONS)
    return Job.model_validate_json(world.submit(config, REQUEST).model_dump_json()), config


def test_a_job_names_what_it_does_not_keep(world: World, make_provider: Make) -> None:
    job, _ = submitted(world, make_provider, ["completed"])
    assert job.provider_config == {"region": "eu"}
    assert job.options_not_kept == ("headers", "tokens")
    assert_absent(SECRET, job)


def test_a_401_says_which_options_are_missing(world: World, make_provider: Make) -> None:
    job, _ = submitted(world, make_provider, [tarash.AuthenticationError("who are you?", status_code=401)])
    with pytest.raises(tarash.AuthenticationError) as caught:
        world.wait(job)
    assert caught.value.message == (
        "who are you?; the job was sent with option 'headers', 'tokens', which no job keeps: pass a config that has it"
    )


def test_options_that_are_there_are_not_missed(world: World, make_provider: Make) -> None:
    job, config = submitted(world, make_provider, [tarash.AuthenticationError("who are you?", status_code=401)])
    partly = config.model_copy(update={"provider_config": {"headers": {"Authorization": SECRET}}})
    with pytest.raises(tarash.AuthenticationError, match=r"sent with option 'tokens', which"):
        world.poll(job, config=partly)


def test_with_its_options_it_is_a_plain_401(world: World, make_provider: Make) -> None:
    job, config = submitted(world, make_provider, [tarash.AuthenticationError("who are you?", status_code=401)])
    with pytest.raises(tarash.AuthenticationError) as caught:
        world.wait(job, config=config)
    assert caught.value.message == "who are you?"


def test_a_lost_job_is_settled_and_waited_for_with_the_options_that_are_kept(world: World, make_provider: Make) -> None:
    use_ledger(store := MemoryJobStore())
    name = make_provider(ScriptedProvider(submit=[httpx.ReadError("reply lost")]), facts=FACTS)
    config = VideoGenerationConfig(provider=name, model="m", poll_interval=0.001, provider_config=OPTIONS)
    with pytest.raises(tarash.SubmissionUncertainError):
        world.generate(config, REQUEST)
    (lost,) = store.entries()
    assert (lost.provider_config, lost.options_not_kept) == ({"region": "eu"}, ("headers", "tokens"))
    assert_absent(SECRET, lost)
    job = world.settle(lost.id, request_id="1").job
    assert job is not None
    assert (job.provider_config, job.options_not_kept) == (lost.provider_config, lost.options_not_kept)
    assert world.poll(Job.model_validate_json(job.model_dump_json())).finished
    use_ledger(None)
