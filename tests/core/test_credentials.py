"""Which key pays, and where it came from."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from tarash_core import ConfigurationError, VideoGenerationConfig
from tarash_core.credentials import account_of, find_key, resolved
from tarash_core.provider import ProviderFacts
from tarash_core.testing import assert_absent

KEY = "sk-canary-4711-abcdef"


def facts(**more: Any) -> ProviderFacts:
    return ProviderFacts.model_validate(
        {
            "name": "some",
            "title": "Some",
            "default_model": "some/model",
            "api_key": {"environment": ["SOME_KEY", "SOME_ID+SOME_SECRET"]},
            "options": {"queue": "which queue", "region": "where"},
            **more,
        }
    )


def config(**settings: Any) -> VideoGenerationConfig:
    return VideoGenerationConfig(**{"provider": "some", **settings})


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOME_KEY", "SOME_ID", "SOME_SECRET"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("environment", "given", "key", "source"),
    [
        ({"SOME_KEY": "a"}, "mine", "mine", "config"),
        ({"SOME_KEY": "a", "SOME_ID": "b", "SOME_SECRET": "c"}, None, "a", "environment SOME_KEY"),
        ({"SOME_KEY": " a \n"}, None, "a", "environment SOME_KEY"),
        ({"SOME_KEY": " ", "SOME_ID": "b", "SOME_SECRET": " c "}, None, "b:c", "environment SOME_ID+SOME_SECRET"),
        ({"SOME_ID": "b"}, None, None, None),
        ({"SOME_ID": "b", "SOME_SECRET": ""}, None, None, None),
        ({}, None, None, None),
    ],
)
def test_the_first_that_is_set_wins(
    environment: dict[str, str],
    given: str | None,
    key: str | None,
    source: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found, where = find_key(config(api_key=given), facts())
    assert (found.get_secret_value() if found else None, where) == (key, source)


def test_a_provider_without_keys_needs_none() -> None:
    free = facts(api_key=None)
    assert find_key(config(), free) == (None, None)
    assert resolved(config(), free).api_key is None
    assert find_key(config(api_key=KEY), free) == (SecretStr(KEY), "config")


def test_what_plugins_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", KEY)
    given = config(provider_config={"queue": "fast"})
    seen = resolved(given, facts())
    assert (seen.model, seen.api_key, seen.provider_config) == ("some/model", SecretStr(KEY), {"queue": "fast"})
    assert (given.model, given.api_key) == (None, None)
    assert resolved(config(model="other"), facts()).model == "other"
    assert_absent(KEY, seen)


@pytest.mark.parametrize(
    ("settings", "more", "says"),
    [
        (
            {},
            {},
            "provider 'some' needs a key; set SOME_KEY or SOME_ID+SOME_SECRET in the environment, or pass api_key",
        ),
        ({}, {"default_model": None}, "provider 'some' has no default model; set model"),
        ({"provider_config": {"que": 1}}, {}, "has no option 'que' (it knows queue, region); did you mean 'queue'?"),
        ({"provider_config": {"que": 1}}, {"options": {}}, "provider 'some' has no option 'que' (it has none)"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_sent(
    settings: dict[str, Any], more: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        resolved(config(**settings), facts(**more))
    assert says in str(raised.value)
    assert raised.value.provider == "some"


def test_without_a_key_nothing_can_be_sent_but_shown() -> None:
    assert resolved(config(), facts(), key_needed=False).api_key is None


@pytest.mark.parametrize("text", [f"Bearer {KEY}", f"{KEY}\nX: 1", f"{KEY}é", "***"])
def test_a_variable_that_holds_no_key_is_named_and_not_quoted(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", text)
    with pytest.raises(ConfigurationError, match="environment variable SOME_KEY: the key ") as raised:
        resolved(config(), facts())
    assert_absent(KEY, raised.value)


def test_accounts_are_told_apart_and_do_not_lead_back() -> None:
    assert account_of(config()) is None
    first, second = account_of(config(api_key=KEY)), account_of(config(api_key=f"{KEY}x"))
    assert first is not None
    assert first != second
    assert first == account_of(config(api_key=KEY, timeout=5))
    assert first not in KEY
    assert len(first) == 12
