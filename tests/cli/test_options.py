"""Options: every field has one, and what is typed is what the request and the config hold."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner, Result

from tarash_core import VideoGenerationConfig, VideoGenerationRequest
from tarash_core.cli.options import config_from, config_options, request_from, request_options
from tarash_core.errors import ConfigurationError

ELSEWHERE = {"api_key": "api_key_env", "fallback_configs": None}


@click.command()
@request_options
@config_options
@click.pass_context
def probe(context: click.Context, /, **given: object) -> None:
    context.obj.append((request_from(given), config_from(given)))


def parse(*arguments: str) -> tuple[VideoGenerationRequest, VideoGenerationConfig]:
    seen: list[tuple[VideoGenerationRequest, VideoGenerationConfig]] = []
    result = CliRunner().invoke(probe, ["--provider", "mock", *arguments], obj=seen, standalone_mode=False)
    if result.exception:
        raise result.exception
    return seen[0]


def refused(*arguments: str) -> Result:
    return CliRunner().invoke(probe, ["--provider", "mock", *arguments], obj=[])


@pytest.mark.parametrize("noun", [VideoGenerationRequest, VideoGenerationConfig])
def test_every_field_is_an_option(noun: type[VideoGenerationRequest] | type[VideoGenerationConfig]) -> None:
    names = {parameter.name for parameter in probe.params}
    wanted = {ELSEWHERE.get(name, name) for name in noun.model_fields} - {None}
    assert wanted <= names


def test_every_option_says_what_it_is_for() -> None:
    assert [
        parameter.name for parameter in probe.params if isinstance(parameter, click.Option) and not parameter.help
    ] == []


def test_nothing_given_leaves_everything_to_the_model() -> None:
    request, config = parse()
    assert request == VideoGenerationRequest()
    assert config.model_fields_set - {"provider_config"} == {"provider"}


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        (["a kite"], "prompt", "a kite"),
        (["--duration", "2.5"], "duration_seconds", 2.5),
        (["--duration-seconds", "8"], "duration_seconds", 8.0),
        (["--resolution", "720p"], "resolution", "720p"),
        (["--aspect-ratio", "16:9"], "aspect_ratio", "16:9"),
        (["--audio"], "generate_audio", True),
        (["--no-audio"], "generate_audio", False),
        (["--no-generate-audio"], "generate_audio", False),
        (["--seed", "0"], "seed", 0),
        (["--count", "3"], "number_of_videos", 3),
        (["--number-of-videos", "3"], "number_of_videos", 3),
        (["--negative-prompt", "rain"], "negative_prompt", "rain"),
        (["--enhance-prompt"], "enhance_prompt", True),
        (["--no-enhance-prompt"], "enhance_prompt", False),
    ],
)
def test_a_request_field(typed: list[str], field: str, value: object) -> None:
    assert getattr(parse(*typed)[0], field) == value


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        (["--model", "m"], "model", "m"),
        (["-m", "m"], "model", "m"),
        (["--base-url", "https://example.com/"], "base_url", "https://example.com"),
        (["--api-version", "v2"], "api_version", "v2"),
        (["--timeout", "2.5"], "timeout", 2.5),
        (["--poll-interval", "0.1"], "poll_interval", 0.1),
        (["--max-poll-attempts", "3"], "max_poll_attempts", 3),
        (["--on-unsupported", "error"], "on_unsupported", "error"),
        (["--cancel-on-interrupt"], "cancel_on_interrupt", True),
        (["--option", "spool=x", "--option", "depth=2"], "provider_config", {"spool": "x", "depth": 2}),
    ],
)
def test_a_config_field(typed: list[str], field: str, value: object) -> None:
    assert getattr(parse(*typed)[1], field) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("k=text", "text"),
        ("k=8", 8),
        ("k=8s", "8s"),
        ("k=2.5", 2.5),
        ("k=true", True),
        ("k=null", None),
        ('k="8"', "8"),
        ("k=[1, 2]", [1, 2]),
        ('k={"a": 1}', {"a": 1}),
        ("k=", ""),
        ("k=a=b", "a=b"),
        ("k=16:9", "16:9"),
        ("k=NaN", "NaN"),
        ("k={broken", "{broken"),
    ],
)
def test_a_param_is_json_or_text(typed: str, value: object) -> None:
    assert parse("--param", typed)[0].extra_params == {"k": value}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["--param", "nothing"], "'nothing' is not KEY=VALUE"),
        (["--param", "=1"], "'=1' is not KEY=VALUE"),
        (["--param", "a=1", "--param", "a=2"], "'a' is given twice"),
        (["--image", "photo.jpg"], "for example 'first_frame=photo.jpg'"),
        (["--image", "first_fram=photo.jpg"], "did you mean 'first_frame'?"),
        (["--image", "https://example.com/a?b=c"], "is not ROLE=PATH or ROLE=URL"),
        (["--on-unsupported", "panic"], "'error', 'warn', 'ignore'"),
        (["--seed", "x"], "'x' is not a valid int"),
    ],
)
def test_what_cannot_be_read_is_refused(typed: list[str], says: str) -> None:
    result = refused(*typed)
    assert result.exit_code == 2
    assert says in result.output


@pytest.mark.parametrize("role", ["first_frame", "first-frame", "First_Frame", "start_frame"])
def test_an_image_has_a_role(role: str) -> None:
    (image,) = parse("--image", f"{role}=https://example.com/a.png?b=c")[0].image_list
    assert (image.role, image.image.url) == ("first_frame", "https://example.com/a.png?b=c")


def test_the_key_comes_from_the_variable_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_KEY", "canary-8f2c")
    key = parse("--api-key-env", "OTHER_KEY")[1].api_key
    assert key is not None
    assert key.get_secret_value() == "canary-8f2c"


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTHER_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="'OTHER_KEY' that --api-key-env names is not set"):
        parse("--api-key-env", "OTHER_KEY")


def test_no_option_takes_a_key() -> None:
    assert "--api-key" not in {spelling for parameter in probe.params for spelling in parameter.opts}
