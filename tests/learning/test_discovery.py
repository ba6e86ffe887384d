"""A model without a mapping, used at once: what is asked of the provider, kept on disk, and sent."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import tarash_core as tarash
from tarash_core import Flow, VideoGenerationConfig, VideoGenerationRequest, call, hookimpl
from tarash_core.learning.cache import WEEK, read_schema, schema_path, write_schema
from tarash_core.testing import ScriptedProvider, World

MODEL = "acme/kite/image-to-video"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "prompt": {"type": "string"},
        "start_image": {"type": "string"},
        "duration": {"enum": ["5s", "10s"], "type": "string"},
    },
    "required": ["prompt"],
}
REQUEST = VideoGenerationRequest(
    prompt="a red kite",
    duration_seconds=10,
    image_list=[{"image": "https://example.com/kite.png", "role": "first_frame"}],
)
LEARNED = {"prompt": "a red kite", "start_image": "https://example.com/kite.png", "duration": "10s"}
GENERIC = {"prompt": "a red kite", "seconds": 10, "image": "https://example.com/kite.png"}


class Publishing(ScriptedProvider):
    """A provider that publishes what the step ``schema`` of its script says."""

    def __init__(self, schema: object = SCHEMA) -> None:
        super().__init__()
        self.steps["schema"] = [schema]

    @hookimpl
    def tarash_model_schema(self, client: Callable[[str], Any], model: str) -> Flow[Mapping[str, Any]]:
        """What the script says."""
        published: Mapping[str, Any] = yield from call(client, "schema")
        return published


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache, and nobody's mappings."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TARASH_MAPPINGS", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "cache" / "tarash" / "schemas"


def config(provider: str, **changes: Any) -> VideoGenerationConfig:
    given = {"provider": provider, "model": MODEL, "discover_models": True, "poll_interval": 0.01, **changes}
    return VideoGenerationConfig(**given)


def sent(plugin: ScriptedProvider) -> dict[str, Any]:
    return dict(plugin.payloads[-1].arguments)


def test_an_unknown_model_is_learned_before_it_is_used(
    world: World, make_provider: Callable[..., str], cache: Path
) -> None:
    plugin = Publishing()
    provider = make_provider(plugin)
    response = world.generate(config(provider), REQUEST)
    assert plugin.calls == ["schema", "submit", "poll", "result"]
    assert sent(plugin) == LEARNED
    assert response.warnings == ()
    assert not tarash.find_mapping(provider, MODEL).generic
    world.submit(config(provider), REQUEST)
    assert plugin.calls.count("schema") == 1, "what is learned stays for the process"
    assert [path.suffix for path in cache.rglob("*") if path.is_file()] == [".json"]


def test_another_process_asks_the_disk(world: World, make_provider: Callable[..., str]) -> None:
    plugin = Publishing(schema=RuntimeError("nobody should ask"))
    provider = make_provider(plugin)
    write_schema(provider, MODEL, None, SCHEMA)
    world.generate(config(provider), REQUEST)
    assert "schema" not in plugin.calls
    assert sent(plugin) == LEARNED


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (RuntimeError("the site is down"), "the site is down"),
        ({"properties": {"instances": {"type": "array"}}}, "no parameter of it is one that a request has"),
        (["no", "object"], "published a list, not a schema"),
    ],
)
def test_what_teaches_nothing_leaves_the_generic_mapping(
    world: World, make_provider: Callable[..., str], caplog: pytest.LogCaptureFixture, schema: object, says: str
) -> None:
    plugin = Publishing(schema)
    provider = make_provider(plugin)
    with caplog.at_level(logging.WARNING, logger="tarash"):
        response = world.generate(config(provider), REQUEST)
    assert sent(plugin) == GENERIC
    assert "no mapping for 'acme/kite/image-to-video'; the generic one" in response.warnings[0]
    assert says in caplog.text


def test_a_provider_that_publishes_none_is_as_it_was(
    world: World, make_provider: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    plugin = ScriptedProvider()
    with caplog.at_level(logging.WARNING, logger="tarash"):
        response = world.generate(config(make_provider(plugin)), REQUEST)
    assert sent(plugin) == GENERIC
    assert len(response.warnings) == 1
    assert "publishes no input schema" in caplog.text


def test_nothing_is_asked_without_being_asked_for(world: World, make_provider: Callable[..., str]) -> None:
    plugin = Publishing()
    world.generate(config(make_provider(plugin), discover_models=False), REQUEST)
    assert "schema" not in plugin.calls
    assert sent(plugin) == GENERIC


def test_a_mapped_model_is_not_asked_about(world: World, make_provider: Callable[..., str]) -> None:
    plugin = Publishing()
    provider = make_provider(plugin)
    document = {"schema": 1, "models": [MODEL], "task": "any", "fields": {"prompt": "prompt", "own": {"const": 1}}}
    tarash.register_model_mapping(document, provider=provider)
    world.generate(config(provider), VideoGenerationRequest(prompt="a red kite"))
    assert "schema" not in plugin.calls
    assert sent(plugin) == {"prompt": "a red kite", "own": 1}


def test_a_schema_is_kept_for_a_week_and_for_its_address(cache: Path) -> None:
    write_schema("acme", MODEL, None, SCHEMA)
    assert read_schema("acme", MODEL, None) == SCHEMA
    assert read_schema("acme", MODEL, "https://proxy.example.com") is None
    assert read_schema("acme", "another", None) is None
    path = schema_path("acme", MODEL, None)
    assert path.parent == cache / "acme"
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"read_at": kept["read_at"] - WEEK}))
    assert read_schema("acme", MODEL, None) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"read_at": "x", "model": 1}', "[" * 100_000])
def test_a_broken_file_is_no_schema(text: str) -> None:
    path = schema_path("acme", MODEL, None)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert read_schema("acme", MODEL, None) is None


def test_a_provider_cannot_name_a_folder_outside(cache: Path) -> None:
    assert schema_path("../../x", MODEL, None).parent.parent == cache


def test_a_cache_that_cannot_be_written_harms_nothing(
    world: World, make_provider: Callable[..., str], cache: Path
) -> None:
    cache.parent.parent.write_text("a file where the cache should be")
    plugin = Publishing()
    world.generate(config(make_provider(plugin)), REQUEST)
    assert sent(plugin) == LEARNED
