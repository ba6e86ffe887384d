"""A paid request is sent again only where the provider certainly refused it for the moment; counted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import tarash_core as tarash
from tarash_core import VideoGenerationConfig, VideoGenerationRequest
from tarash_core.ledger import MemoryJobStore, use_ledger
from tarash_core.testing import ScriptedProvider, World

REQUEST = VideoGenerationRequest(prompt="a red kite")
Make = Callable[..., str]


def busy(seconds: float | None = 0.01) -> tarash.RateLimitError:
    return tarash.RateLimitError("slow down", status_code=429, retry_after=seconds)


def refused() -> httpx.ConnectError:
    return httpx.ConnectError("connection refused")


def overloaded() -> tarash.HTTPError:
    return tarash.HTTPError("overloaded", status_code=503)


def config(provider: str, **settings: Any) -> VideoGenerationConfig:
    given = {"model": "m", "poll_interval": 0.001, "submit_attempts": 3, **settings}
    return VideoGenerationConfig(provider=provider, **given)


@pytest.fixture
def store() -> Iterator[MemoryJobStore]:
    memory = MemoryJobStore()
    use_ledger(memory)
    yield memory
    use_ledger(None)


@pytest.mark.parametrize("trouble", [refused, busy, overloaded])
def test_a_refusal_for_the_moment_is_tried_again(
    world: World, make_provider: Make, store: MemoryJobStore, trouble: Callable[[], Exception]
) -> None:
    script = ScriptedProvider(submit=[trouble(), "1"])
    assert world.generate(config(make_provider(script)), REQUEST).request_id == "1"
    assert [entry.state for entry in store.entries()] == ["completed", "refused"]


def test_no_more_often_than_allowed(world: World, make_provider: Make, store: MemoryJobStore) -> None:
    script = ScriptedProvider(submit=[busy()])
    with pytest.raises(tarash.RateLimitError):
        world.generate(config(make_provider(script)), REQUEST)
    assert script.calls == ["submit"] * 3
    assert [entry.state for entry in store.entries()] == ["refused"] * 3


def test_once_unless_more_is_asked_for(world: World, make_provider: Make) -> None:
    script = ScriptedProvider(submit=[busy()])
    with pytest.raises(tarash.RateLimitError):
        world.generate(config(make_provider(script), submit_attempts=1), REQUEST)
    assert script.calls == ["submit"]
    assert VideoGenerationConfig(provider="mock").submit_attempts == 1


def test_the_providers_own_pause_is_kept(world: World, make_provider: Make) -> None:
    moments: list[float] = []

    def submit() -> str:
        moments.append(time.monotonic())
        if len(moments) == 1:
            raise busy(0.3)
        return "1"

    world.generate(config(make_provider(ScriptedProvider(submit=[submit]))), REQUEST)
    assert 0.3 <= moments[1] - moments[0] < 2


def test_a_pause_past_the_deadline_is_not_made(world: World, make_provider: Make) -> None:
    script = ScriptedProvider(submit=[busy(60.0)])
    began = time.monotonic()
    with pytest.raises(tarash.RateLimitError):
        world.generate(config(make_provider(script), timeout=5), REQUEST)
    assert time.monotonic() - began < 3
    assert script.calls == ["submit"]


UNCERTAIN = [
    httpx.ReadError("reply lost"),
    httpx.ReadTimeout("too slow"),
    httpx.RemoteProtocolError("disconnected"),
    tarash.HTTPError("stumbled", status_code=500),
    tarash.HTTPError("bad gateway", status_code=502),
    tarash.HTTPError("timed out behind us", status_code=504),
    tarash.HTTPError("request timeout", status_code=408),
    tarash.HTTPError("conflict", status_code=409),
    RuntimeError("bug"),
]


@pytest.mark.parametrize("trouble", UNCERTAIN, ids=repr)
def test_what_is_uncertain_is_never_sent_again(
    world: World, make_provider: Make, store: MemoryJobStore, trouble: Exception
) -> None:
    script = ScriptedProvider(submit=[trouble, "never"])
    with pytest.raises(tarash.SubmissionUncertainError):
        world.generate(config(make_provider(script)), REQUEST)
    assert script.calls == ["submit"]
    assert [entry.state for entry in store.entries()] == ["uncertain"]


FINAL = [
    tarash.HTTPError("no", status_code=400),
    tarash.AuthenticationError("who?", status_code=401),
    tarash.InsufficientCreditsError("pay", status_code=402),
    tarash.ContentModerationError("not this", status_code=422),
]


@pytest.mark.parametrize("trouble", FINAL, ids=repr)
def test_a_refusal_for_good_is_not_tried_again(world: World, make_provider: Make, trouble: Exception) -> None:
    script = ScriptedProvider(submit=[trouble, "never"])
    with pytest.raises(type(trouble)):
        world.generate(config(make_provider(script)), REQUEST)
    assert script.calls == ["submit"]


def test_uncertainty_after_a_refusal_ends_it(world: World, make_provider: Make, store: MemoryJobStore) -> None:
    script = ScriptedProvider(submit=[busy(), httpx.ReadError("reply lost"), "never"])
    with pytest.raises(tarash.SubmissionUncertainError):
        world.generate(config(make_provider(script)), REQUEST)
    assert [entry.state for entry in store.entries()] == ["uncertain", "refused"]
