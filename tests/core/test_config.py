"""The config: limits, addresses, and a key that is nowhere to be read."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from tarash_core import ConfigurationError, TarashException, VideoGenerationConfig
from tarash_core.testing import assert_absent

KEY = "sk-canary-4711-abcdef"
OTHER = "sk-canary-0815-ghijkl"


def config(**settings: Any) -> VideoGenerationConfig:
    return VideoGenerationConfig(**{"provider": "fal", "api_key": KEY, **settings})


def test_the_defaults() -> None:
    plain = VideoGenerationConfig(provider="mock")
    assert (plain.timeout, plain.poll_interval, plain.max_poll_attempts) == (600.0, None, None)
    assert (plain.api_key, plain.model, plain.base_url, plain.on_unsupported) == (None, None, None, "warn")
    assert (plain.fallback_configs, plain.provider_config, plain.cancel_on_interrupt) == ((), {}, False)


def test_no_text_of_a_config_holds_a_key(caplog: pytest.LogCaptureFixture) -> None:
    whole = config(fallback_configs=[{"provider": "mock", "api_key": OTHER}], provider_config={"secret": KEY})
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("application").info("using %s %r", whole, whole)
    texts = [repr(whole), str(whole), f"{whole}", caplog.text, repr(whole.model_dump()["api_key"])]
    for text in texts:
        assert KEY not in text
        assert OTHER not in text
    without_options = whole.model_copy(update={"provider_config": {}})
    assert_absent(KEY, without_options)
    assert_absent(OTHER, without_options)
    assert json.loads(whole.model_dump_json())["api_key"] == "**********"


# What a caller may get wrong, with the key in the place given, and what the error says instead of quoting it.
MISTAKES: list[tuple[Any, str]] = [
    (KEY, "VideoGenerationConfig: input should be"),
    ({"provider": "fal", "api_key": [KEY]}, "api_key: input should be a valid string"),
    ({"provider": "fal", "api_key": {"key": KEY}}, "api_key: input should be a valid string"),
    ({"provider": "fal", "api_key": KEY.encode() + b"\xff"}, "api_key: input should be a valid"),
    ({"provider": "fal", "api_key": f"{KEY}\r\nX-Other: 1"}, "api_key: the key holds a space, a line break"),
    ({"provider": "fal", "api_key": f"Bearer {KEY}"}, "api_key: the key holds a space, a line break"),
    ({"provider": "fal", "api_key": f"{KEY}é"}, "a letter that is not ASCII"),
    ({"provider": "fal", "api_kye": KEY}, "has no field 'api_kye'; did you mean 'api_key'?"),
    ({"provider": "fal", "api_key": KEY, "timeout": -1}, "timeout=-1: input should be greater than 0"),
    ({"api_key": KEY}, "VideoGenerationConfig needs 'provider'"),
    ({"provider": "fal", "fallback_configs": KEY}, "fallback_configs: input should be a valid tuple"),
    ({"provider": "fal", "fallback_configs": [KEY]}, "fallback_configs.0: VideoGenerationConfig: input should be"),
    (
        {
            "provider": "fal",
            "fallback_configs": [{"provider": "mock"}, {"provider": "x", "api_key": KEY, "timeout": 0}],
        },
        "fallback_configs.1: timeout=0: input should be greater than 0",
    ),
    ({"provider": "fal", "provider_config": [KEY]}, "provider_config: input should be a valid dictionary"),
    ({"provider": "fal", "provider_config": {5: KEY}}, "provider_config.5.[key]: input should be a valid string"),
    ({"provider": "fal", "base_url": f"https://user:{KEY}@example.com"}, "base_url: it must not hold a user name or"),
    ({"provider": "fal", "base_url": f"https://{KEY}@example.com/v1"}, "base_url: it must not hold a user name or"),
    ({"provider": "fal", "base_url": f"user:{KEY}@example.com"}, "base_url: it must not hold a user name or"),
    ({"provider": "fal", "base_url": f"https://example.com/v1?key={KEY}"}, "base_url: it must end with a path"),
    ({"provider": "fal", "base_url": f"https://example.com/v1#{KEY}"}, "base_url: it must end with a path"),
]


@pytest.mark.parametrize(("given", "says"), MISTAKES, ids=[says[:45] for _, says in MISTAKES])
def test_no_error_quotes_a_key(given: Any, says: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        VideoGenerationConfig.model_validate(given)
    assert says in str(raised.value)
    assert_absent(KEY, raised.value)
    assert KEY not in "".join(traceback.format_exception(raised.value))


def test_neither_do_errors_of_json_and_of_assignment() -> None:
    with pytest.raises(ConfigurationError, match="invalid JSON") as raised:
        VideoGenerationConfig.model_validate_json(f'{{"provider": "fal", "api_key": "{KEY}"')
    assert_absent(KEY, raised.value)
    with pytest.raises(
        ConfigurationError, match=r"is frozen; make another with model_copy\(update={'api_key'"
    ) as frozen:
        config().api_key = SecretStr(KEY)  # type: ignore[misc]  # the mistake under test
    assert_absent(KEY, frozen.value)


def test_nor_a_model_of_the_application_that_holds_a_config() -> None:
    class Settings(BaseModel):
        video: VideoGenerationConfig

    with pytest.raises(ConfigurationError, match="timeout=-1") as raised:
        Settings.model_validate({"video": {"provider": "fal", "api_key": KEY, "timeout": -1}})
    assert_absent(KEY, raised.value)


def test_a_config_with_a_key_is_not_pickled() -> None:
    for holder in (config(), VideoGenerationConfig(provider="mock", fallback_configs=[config()])):
        with pytest.raises(ConfigurationError, match="a config with a key is not pickled; send model_copy"):
            pickle.dumps(holder)
    without = config(timeout=5).model_copy(update={"api_key": None})
    assert pickle.loads(pickle.dumps(without)) == without


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: value.model_copy(update={})])
def test_copies_keep_the_key(again: Any) -> None:
    original = config(fallback_configs=[{"provider": "mock", "api_key": OTHER}], provider_config={"a": [1]})
    other = again(original)
    assert other == original
    assert hash(other) == hash(original)
    assert other.api_key.get_secret_value() == KEY
    assert other.fallback_configs[0].api_key.get_secret_value() == OTHER


def test_json_does_not_come_back_with_a_mask_for_a_key() -> None:
    """The provider would answer 401, or worse, the mask would be taken for another account."""
    with pytest.raises(ConfigurationError, match="the key is masked; JSON never carries it"):
        VideoGenerationConfig.model_validate_json(config().model_dump_json())
    keyless = VideoGenerationConfig(provider="mock", timeout=3, provider_config={"a": [1]})
    assert VideoGenerationConfig.model_validate_json(keyless.model_dump_json()) == keyless


@pytest.mark.parametrize("key", [KEY, f" {KEY}\n", SecretStr(f"{KEY}\r\n")])
def test_white_space_around_a_key_is_cut(key: Any) -> None:
    cut = config(api_key=key)
    assert cut.api_key is not None
    assert cut.api_key.get_secret_value() == KEY


@pytest.mark.parametrize("key", ["", "  \n"])
def test_an_empty_key_is_refused(key: str) -> None:
    with pytest.raises(ConfigurationError, match="api_key: the key is empty; leave it out to use the environment"):
        config(api_key=key)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"timeout": 0}, "timeout=0: input should be greater than 0"),
        ({"timeout": float("inf")}, "timeout=inf: input should be a finite number"),
        ({"timeout": float("nan")}, "timeout=nan: input should be"),
        ({"timeout": True}, "timeout: True is not a number"),
        ({"timeout": "soon"}, "timeout='soon': input should be a valid number"),
        ({"poll_interval": 0}, "poll_interval=0: input should be greater than 0"),
        ({"poll_interval": -1}, "poll_interval=-1: input should be greater than 0"),
        ({"poll_interval": float("inf")}, "poll_interval=inf: input should be"),
        ({"max_poll_attempts": 0}, "max_poll_attempts=0: input should be greater than or equal to 1"),
        ({"max_poll_attempts": 1.5}, "max_poll_attempts=1.5: input should be a valid integer"),
        ({"max_poll_attempts": True}, "max_poll_attempts: True is not a number"),
        ({"on_unsupported": "warning"}, "on_unsupported='warning': input should be 'error', 'warn' or 'ignore'"),
        ({"provider": ""}, "provider='': string should have at least 1 character"),
        ({"model": ""}, "model='': string should have at least 1 character"),
        ({"base_url": "example.com"}, "base_url: 'example.com' is not an address"),
        ({"base_url": "ftp://example.com"}, "base_url: 'ftp://example.com' is not an address"),
        ({"base_url": "https://"}, "base_url: 'https://' is not an address"),
        ({"base_url": "https://[::1"}, "base_url: "),
        ({"fallback_configs": [{"provider": "b", "fallback_configs": [{"provider": "c"}]}]}, "number 0 has fallbacks"),
    ],
)
def test_wrong_values_are_told_when_the_config_is_made(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        config(**settings)
    assert says in str(raised.value)


@pytest.mark.parametrize("seconds", [0.05, 1, "2.5"])
def test_fractions_of_a_second_are_fine(seconds: Any) -> None:
    assert config(timeout=seconds, poll_interval=seconds).timeout == float(seconds)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.com/", "https://example.com"),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        ("HTTPS://example.com/a@b", "HTTPS://example.com/a@b"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_addresses(given: str, kept: str) -> None:
    assert config(base_url=given).base_url == kept


def test_options_are_the_configs_own_copy() -> None:
    options: dict[str, Any] = {"headers": {"a": ["1"]}, "client": object()}
    made = config(provider_config=options)
    options["headers"]["a"].append("2")
    options["new"] = 1
    assert made.provider_config == {"headers": {"a": ["1"]}, "client": options["client"]}


def test_source_of() -> None:
    made = config(timeout=600)
    assert [made.source_of(field) for field in ("provider", "api_key", "timeout")] == ["given"] * 3
    assert [made.source_of(field) for field in ("model", "poll_interval")] == ["default"] * 2
    with pytest.raises(ConfigurationError, match="has no field 'timeot'; did you mean 'timeout'"):
        made.source_of("timeot")


def test_a_config_can_be_a_key_of_a_dict() -> None:
    first, same, other = config(provider_config={"a": 1}), config(provider_config={"a": 1}), config(model="x")
    assert {first: 1, same: 2, other: 3} == {first: 2, other: 3}


def test_its_errors_are_tarash_errors() -> None:
    with pytest.raises(TarashException):
        VideoGenerationConfig(provider=5)
