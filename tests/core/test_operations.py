"""The life of one generation, every outcome in both worlds, on a provider that follows a script."""

from __future__ import annotations

import asyncio
import builtins
import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import tarash_core as tarash
from tarash_core import Job, VideoGenerationConfig, VideoGenerationRequest
from tarash_core.testing import ScriptedProvider, World

REQUEST = VideoGenerationRequest(prompt="a red kite")
Make = Callable[..., str]


def config(provider: str, **settings: Any) -> VideoGenerationConfig:
    return VideoGenerationConfig(**{"provider": provider, "model": "m", "poll_interval": 0.001, **settings})


def answered(status: int, headers: dict[str, str] | None = None, body: Any = None) -> httpx.HTTPStatusError:
    request = httpx.Request("GET", "https://provider.example/jobs")
    response = httpx.Response(status, headers=headers, json=body, request=request)
    return httpx.HTTPStatusError(f"answered {status}", request=request, response=response)


def test_the_whole_way(world: World, make_provider: Make) -> None:
    script = ScriptedProvider(
        poll=["queued", {"state": "processing", "progress_percent": 40, "logs": ("a", "b")}, "completed"]
    )
    told: list[tarash.VideoGenerationUpdate] = []
    answer = world.generate(config(make_provider(script)), REQUEST, on_progress=told.append)
    assert answer.status == "completed"
    assert answer.video.url == "https://example.com/kite.mp4"
    assert answer.request_id == answer.job.request_id == "1"
    assert [update.phase for update in told] == ["submitted", "polled", "polled", "completed"]
    assert [update.progress_percent for update in told] == [None, None, 40, 40]
    assert [update.logs for update in told] == [(), (), ("a", "b"), ()]
    assert script.calls == ["submit", "poll", "poll", "poll", "result"]
    assert [attempt.outcome for attempt in answer.attempts] == ["completed"]


def test_what_is_left_out_is_told(world: World, make_provider: Make) -> None:
    answer = world.generate(config(make_provider()), VideoGenerationRequest(prompt="x", seed=5))
    assert any("seed" in warning for warning in answer.warnings)


def test_local_images_are_uploaded_once_and_replaced_by_their_address(world: World, make_provider: Make) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(16)
    script = ScriptedProvider()
    image = {"image": png, "role": "first_frame"}
    world.generate(config(make_provider(script)), VideoGenerationRequest(prompt="x", image_list=[image]))
    assert script.calls[:2] == ["upload", "submit"]
    assert script.payloads[0].arguments["image"] == "https://example.com/uploaded.png"


TRANSIENT = [
    answered(503),
    answered(500),
    answered(429, {"retry-after": "0"}),
    answered(408),
    httpx.ReadTimeout("slow"),
    httpx.ConnectError("refused"),
    ConnectionResetError("reset"),
    ValueError("not JSON"),
]


@pytest.mark.parametrize("step", ["poll", "result"])
@pytest.mark.parametrize("trouble", TRANSIENT, ids=repr)
def test_a_paid_job_survives_passing_trouble(world: World, make_provider: Make, step: str, trouble: Exception) -> None:
    good = {"poll": "completed", "result": {"video": "https://example.com/kite.mp4"}}[step]
    script = ScriptedProvider(**{step: [trouble, trouble, good]})
    answer = world.generate(config(make_provider(script)), REQUEST)
    assert answer.video.url == "https://example.com/kite.mp4"
    assert script.calls.count(step) == 3
    assert script.calls.count("submit") == 1


@pytest.mark.parametrize(
    ("trouble", "error", "asked"),
    [
        (answered(401), tarash.AuthenticationError, 1),
        (answered(402), tarash.InsufficientCreditsError, 1),
        (answered(422), tarash.ValidationError, 1),
        (answered(404), tarash.NotFoundError, 3),
        (ValueError("Unknown status: 'aborted'"), tarash.UnexpectedResponseError, 5),
        (tarash.UnexpectedResponseError("unknown status 'aborted'"), tarash.UnexpectedResponseError, 1),
        (RuntimeError("bug"), tarash.PluginError, 1),
    ],
    ids=repr,
)
def test_lasting_trouble_ends_the_wait_and_keeps_the_job(
    world: World, make_provider: Make, trouble: Exception, error: type[tarash.TarashException], asked: int
) -> None:
    script = ScriptedProvider(poll=[trouble])
    with pytest.raises(error) as caught:
        world.generate(config(make_provider(script)), REQUEST)
    assert script.calls.count("poll") == asked
    assert caught.value.job is not None
    assert caught.value.job.request_id == caught.value.request_id == "1"
    assert [attempt.outcome for attempt in caught.value.attempts] == [error.__name__]


def test_a_provider_that_says_how_long_to_wait_is_obeyed(world: World, make_provider: Make) -> None:
    times: list[float] = []

    def note() -> Any:
        times.append(time.monotonic())
        if len(times) == 1:
            raise answered(429, {"retry-after": "0.2"})
        return "completed"

    world.generate(config(make_provider(ScriptedProvider(poll=[note]))), REQUEST)
    assert times[1] - times[0] >= 0.2


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (httpx.ReadError("reply lost"), tarash.SubmissionUncertainError),
        (httpx.ReadTimeout("no reply"), tarash.SubmissionUncertainError),
        (httpx.RemoteProtocolError("closed"), tarash.SubmissionUncertainError),
        (ConnectionResetError("reset"), tarash.SubmissionUncertainError),
        (answered(500), tarash.SubmissionUncertainError),
        (answered(502), tarash.SubmissionUncertainError),
        (answered(504), tarash.SubmissionUncertainError),
        (answered(408), tarash.SubmissionUncertainError),
        (answered(409), tarash.SubmissionUncertainError),
        (ValueError("reply is not JSON"), tarash.SubmissionUncertainError),
        (KeyError("request_id"), tarash.SubmissionUncertainError),
        (RuntimeError("a bug of the plugin after sending"), tarash.SubmissionUncertainError),
        (httpx.ConnectError("refused"), tarash.HTTPConnectionError),
        (answered(400), tarash.ValidationError),
        (answered(401), tarash.AuthenticationError),
        (answered(402), tarash.InsufficientCreditsError),
        (answered(404), tarash.NotFoundError),
        (answered(429, {"retry-after": "7"}), tarash.RateLimitError),
        (answered(503), tarash.HTTPError),
    ],
    ids=repr,
)
def test_a_submit_that_fails_is_sent_once_and_told_for_what_it_is(
    world: World, make_provider: Make, trouble: Exception, error: type[tarash.TarashException]
) -> None:
    script = ScriptedProvider(submit=[trouble])
    spare = ScriptedProvider()
    fallback = config(make_provider(spare))
    with pytest.raises(error) as caught:
        world.generate(config(make_provider(script)), REQUEST)
    assert type(caught.value) is error
    assert script.calls == ["submit"]

    certain = error is not tarash.SubmissionUncertainError
    script = ScriptedProvider(submit=[trouble])
    both = config(make_provider(script), fallback_configs=(fallback,))
    if certain:
        answer = world.generate(both, REQUEST)
        assert [attempt.outcome for attempt in answer.attempts] == [error.__name__, "completed"]
        first, second = (attempt.started_at or 0.0 for attempt in answer.attempts)
        assert time.time() - 60 < first <= second
    else:
        with pytest.raises(error):
            world.generate(both, REQUEST)
        assert spare.calls == []
    assert script.calls == ["submit"]


class Answered(ScriptedProvider):
    """Its submit raises by itself, after the provider has answered."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    @tarash.hookimpl(tryfirst=True)
    def tarash_submit(self, client: Any) -> Any:
        yield from tarash.call(client, "submit")
        raise self.error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (tarash.ValidationError("Job.request_id: input should be a valid string"), tarash.SubmissionUncertainError),
        (tarash.ConfigurationError("a late check"), tarash.SubmissionUncertainError),
        (KeyError("id"), tarash.SubmissionUncertainError),
        (tarash.ContentModerationError("refused by policy"), tarash.ContentModerationError),
        (tarash.ValidationError("the provider says no", status_code=422), tarash.ValidationError),
        (tarash.InsufficientCreditsError("top up", status_code=402), tarash.InsufficientCreditsError),
    ],
    ids=repr,
)
def test_after_an_answer_only_what_the_provider_said_is_a_refusal(
    world: World, make_provider: Make, error: Exception, expected: type[tarash.TarashException]
) -> None:
    spare = ScriptedProvider()
    settings = config(make_provider(Answered(error)), fallback_configs=(config(make_provider(spare)),))
    if expected is tarash.SubmissionUncertainError:
        with pytest.raises(expected):
            world.generate(settings, REQUEST)
        assert spare.calls == []
    else:
        assert world.generate(settings, REQUEST).attempts[0].outcome == expected.__name__


def test_an_upload_is_tried_again(world: World, make_provider: Make) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(16)
    script = ScriptedProvider(upload=[answered(503), httpx.ReadError("broke off"), "https://example.com/uploaded.png"])
    image = {"image": png, "role": "first_frame"}
    world.generate(config(make_provider(script)), VideoGenerationRequest(prompt="x", image_list=[image]))
    assert script.calls[:4] == ["upload", "upload", "upload", "submit"]


def test_a_rate_limit_carries_its_seconds(world: World, make_provider: Make) -> None:
    with pytest.raises(tarash.RateLimitError) as caught:
        world.generate(config(make_provider(ScriptedProvider(submit=[answered(429, {"retry-after": "7"})]))), REQUEST)
    assert caught.value.retry_after == 7


def test_a_failed_job_may_fall_back_but_a_cancelled_or_running_one_may_not(world: World, make_provider: Make) -> None:
    def outcome(**script: Any) -> list[str]:
        spare = config(make_provider())
        first = config(make_provider(ScriptedProvider(**script)), fallback_configs=(spare,), max_poll_attempts=2)
        try:
            return [attempt.outcome for attempt in world.generate(first, REQUEST).attempts]
        except tarash.TarashException as error:
            return [attempt.outcome for attempt in error.attempts]

    assert outcome(poll=["failed"], result=[tarash.GenerationFailedError("out of memory")]) == [
        "GenerationFailedError",
        "completed",
    ]
    assert outcome(poll=["failed"]) == ["GenerationFailedError", "completed"]
    assert outcome(poll=["cancelled"]) == ["GenerationFailedError"]
    assert outcome(poll=["processing"]) == ["TimeoutError"]
    assert outcome(poll=[answered(401)]) == ["AuthenticationError"]
    assert outcome(result=[{}]) == ["UnexpectedResponseError"]


def test_a_local_error_after_payment_never_pays_again(world: World, make_provider: Make) -> None:
    class Clumsy(ScriptedProvider):
        @tarash.hookimpl
        def tarash_convert_response(self) -> None:
            raise TypeError("bug in conversion")

    spare = ScriptedProvider()
    script = Clumsy()
    with pytest.raises(tarash.UnexpectedResponseError) as caught:
        world.generate(config(make_provider(script), fallback_configs=(config(make_provider(spare)),)), REQUEST)
    assert caught.value.job is not None
    assert spare.calls == []


def test_the_deadline_is_wall_clock_and_the_job_goes_on(world: World, make_provider: Make) -> None:
    script = ScriptedProvider(poll=["processing"])
    began = time.monotonic()
    with pytest.raises(tarash.TimeoutError) as caught:
        world.generate(config(make_provider(script), timeout=0.15, poll_interval=0.02), REQUEST)
    assert 0.1 <= time.monotonic() - began < 5
    assert isinstance(caught.value, builtins.TimeoutError)
    assert caught.value.timeout_seconds == 0.15
    assert caught.value.job is not None
    script.steps["poll"] = ["completed"]
    assert world.wait(caught.value.job).request_id == "1"
    assert script.calls.count("submit") == 1


def test_a_hanging_poll_ends_at_the_deadline_in_async_code(make_provider: Make) -> None:
    async def hang() -> None:
        await asyncio.sleep(60)

    with World("async") as world, pytest.raises(tarash.TimeoutError) as caught:
        world.generate(config(make_provider(ScriptedProvider(poll=[hang])), timeout=0.1), REQUEST)
    assert caught.value.job is not None


def test_max_poll_attempts_is_obeyed(world: World, make_provider: Make) -> None:
    script = ScriptedProvider(poll=["processing"])
    with pytest.raises(tarash.TimeoutError, match="max_poll_attempts=3"):
        world.generate(config(make_provider(script), max_poll_attempts=3), REQUEST)
    assert script.calls.count("poll") == 3


def test_a_job_is_json_and_is_picked_up_by_another_call(world: World, make_provider: Make) -> None:
    script = ScriptedProvider(poll=["processing", "completed"])
    job = world.submit(config(make_provider(script), base_url="https://proxy.example"), REQUEST)
    again = Job.model_validate_json(job.model_dump_json())
    assert again == job
    assert again.base_url == "https://proxy.example"
    assert world.poll(again).state == "processing"
    assert world.wait(again).video.url == "https://example.com/kite.mp4"
    assert script.calls.count("submit") == 1


KEYED = "api_key: {environment: [SCRIPTED_KEY]}\n"


def test_a_job_is_never_asked_for_with_another_account_or_address(
    world: World, make_provider: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIPTED_KEY", "key-of-the-environment")
    name = make_provider(facts=KEYED)
    job = world.submit(config(name, api_key="key-that-paid"), REQUEST)
    assert "key-that-paid" not in job.model_dump_json()
    with pytest.raises(tarash.ConfigurationError, match="another key"):
        world.wait(job)
    with pytest.raises(tarash.ConfigurationError, match="base_url"):
        world.poll(job, config=config(name, api_key="key-that-paid", base_url="https://elsewhere.example"))
    assert world.wait(job, config=config(name, api_key="key-that-paid")).request_id == "1"


def test_a_missing_key_says_where_to_put_it(world: World, make_provider: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCRIPTED_KEY", raising=False)
    name = make_provider(facts=KEYED)
    with pytest.raises(tarash.ConfigurationError, match="set SCRIPTED_KEY in the environment, or pass api_key"):
        world.generate(config(name), REQUEST)
    assert tarash.build_payload(config(name), REQUEST).arguments == {"prompt": "a red kite"}


@pytest.mark.parametrize("outcome", ["cancelled", "requested", "too_late", "not_supported"])
def test_cancelling_tells_what_came_of_it(world: World, make_provider: Make, outcome: str) -> None:
    job = world.submit(config(make_provider(ScriptedProvider(cancel=[outcome]))), REQUEST)
    cancellation = world.cancel(job)
    assert cancellation.outcome == outcome
    assert cancellation.job.state == ("cancelled" if outcome == "cancelled" else "queued")


def press_ctrl_c() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "1"


@pytest.mark.parametrize("cancels", [False, True])
def test_ctrl_c_while_waiting_keeps_the_job_or_cancels_it(make_provider: Make, cancels: bool) -> None:
    script = ScriptedProvider(poll=[press_ctrl_c])
    told: list[tarash.VideoGenerationUpdate] = []
    with pytest.raises(KeyboardInterrupt) as caught:
        tarash.generate_video(
            config(make_provider(script), cancel_on_interrupt=cancels), REQUEST, on_progress=told.append
        )
    assert told[0].job.request_id == "1"
    assert script.calls[-1] == ("cancel" if cancels else "poll")
    assert ("cancelled" if cancels else "goes on") in caught.value.__notes__[0]


@pytest.mark.parametrize("cancels", [False, True])
def test_cancelling_the_task_keeps_the_job_or_cancels_it(make_provider: Make, cancels: bool) -> None:
    script = ScriptedProvider(poll=["processing"])
    told: list[tarash.VideoGenerationUpdate] = []

    async def main() -> None:
        settings = config(make_provider(script), cancel_on_interrupt=cancels, poll_interval=0.01)
        task = asyncio.create_task(tarash.generate_video_async(settings, REQUEST, on_progress=told.append))
        while not told:
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert told[0].job.request_id == "1"
    assert (script.calls[-1] == "cancel") is cancels


def test_ctrl_c_during_the_submit_waits_for_the_job_and_tells_of_it(make_provider: Make) -> None:
    told: list[tarash.VideoGenerationUpdate] = []
    with pytest.raises(KeyboardInterrupt) as caught:
        tarash.generate_video(
            config(make_provider(ScriptedProvider(submit=[press_ctrl_c]))), REQUEST, on_progress=told.append
        )
    assert [update.phase for update in told] == ["submitted"]
    assert "job '1'" in caught.value.__notes__[0]


def test_cancelling_the_task_during_the_submit_waits_for_the_job_and_tells_of_it(make_provider: Make) -> None:
    told: list[tarash.VideoGenerationUpdate] = []
    sent = asyncio.Event()

    async def slow() -> str:
        sent.set()
        await asyncio.sleep(0.05)
        return "1"

    async def main() -> None:
        settings = config(make_provider(ScriptedProvider(submit=[slow])))
        task = asyncio.create_task(tarash.submit_video_async(settings, REQUEST, on_progress=told.append))
        await sent.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        assert "job '1'" in caught.value.__notes__[0]

    asyncio.run(main())
    assert [update.phase for update in told] == ["submitted"]


def test_one_client_for_all_threads(make_provider: Make) -> None:
    script = ScriptedProvider()
    settings = config(make_provider(script))
    threads = [threading.Thread(target=tarash.generate_video, args=(settings, REQUEST)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [mode for _, mode in script.clients] == ["sync"]


def test_one_client_per_event_loop_closed_with_it(make_provider: Make) -> None:
    closed: list[int] = []
    numbers = itertools.count()

    class Client:
        def __init__(self) -> None:
            self.number = next(numbers)

        async def aclose(self) -> None:
            closed.append(self.number)

    class Provider(ScriptedProvider):
        @tarash.hookimpl(tryfirst=True)
        def tarash_create_client(self) -> Client:
            return Client()

        @tarash.hookimpl
        def tarash_submit(self, config: Any, payload: tarash.Payload) -> Job:
            return Job(provider=config.provider, model=payload.model, request_id="1")

        @tarash.hookimpl
        def tarash_poll(self, job: Job) -> Job:
            return job.advance("completed", answer={"video": "https://example.com/kite.mp4"})

        @tarash.hookimpl
        def tarash_result(self) -> None:
            return None

    settings = config(make_provider(Provider()))

    async def many() -> None:
        await asyncio.gather(*(tarash.generate_video_async(settings, REQUEST) for _ in range(20)))
        assert closed == list(range(next(numbers) - 1))

    asyncio.run(many())
    assert closed == [0]
    numbers = itertools.count(1)
    asyncio.run(many())
    assert closed == [0, 1]


def test_different_keys_have_different_clients(make_provider: Make) -> None:
    script = ScriptedProvider()
    name = make_provider(script, facts=KEYED)
    for key in ("one-key", "other-key", "one-key"):
        tarash.generate_video(config(name, api_key=key), REQUEST)
    assert [settings.api_key.get_secret_value() for settings, _ in script.clients] == ["one-key", "other-key"]


def test_the_sync_api_works_inside_a_running_loop(make_provider: Make) -> None:
    async def notebook() -> tarash.VideoGenerationResponse:
        return tarash.generate_video(config(make_provider()), REQUEST)

    assert asyncio.run(notebook()).status == "completed"


def test_a_client_that_cannot_be_built_is_explained(world: World, make_provider: Make) -> None:
    class NoSdk(ScriptedProvider):
        @tarash.hookimpl
        def tarash_create_client(self) -> None:
            raise ModuleNotFoundError("No module named 'acme_sdk'")

    with pytest.raises(tarash.PluginError, match="acme_sdk"):
        world.generate(config(make_provider(NoSdk())), REQUEST)


def test_unknown_options_are_refused_with_a_hint(world: World, make_provider: Make) -> None:
    name = make_provider(facts="options: {start_timeout: seconds to wait for a runner}\n")
    with pytest.raises(tarash.ConfigurationError, match="did you mean 'start_timeout'"):
        world.generate(config(name, provider_config={"start_timout": 5}), REQUEST)


def test_the_request_is_checked_before_anything_is_sent(world: World, make_provider: Make) -> None:
    script = ScriptedProvider()
    with pytest.raises(tarash.ValidationError, match="prompt"):
        world.generate(config(make_provider(script)), VideoGenerationRequest())
    assert script.calls == []


@pytest.fixture(autouse=True)
def clients_are_closed() -> Iterator[None]:
    yield
    tarash.close()
