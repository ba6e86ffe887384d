"""Families, ends and broken files as an application meets them: through the public functions, in both worlds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tarash_core
from tarash_core import VideoGenerationConfig, VideoGenerationRequest
from tarash_core.errors import MappingError, ValidationError
from tarash_core.testing import ScriptedProvider, World

FACTS = "schema: 1\nname: fleet\ntitle: Fleet\ndocs: https://example.com\nresult: {videos: [video], url: [url]}\n"
DOCS = "docs: https://example.com\n"
MODELS = f"""schema: 1
models: [fleet/text]
{DOCS}task: text-to-video
fields: {{prompt: prompt}}
---
models: [fleet/image]
{DOCS}task: image-to-video
fields: {{prompt: prompt, start: {{image: first_frame, required: true}}}}
---
models: [fleet/old]
{DOCS}task: text-to-video
fields: {{prompt: prompt}}
deprecated_on: 2020-01-01
replaced_by: fleet/text
---
family: fleet-1
members: [fleet/old, fleet/text, fleet/image]
"""
IMAGE = {"image": "https://example.com/1.png", "role": "first_frame"}


@pytest.fixture
def script(tmp_path: Path) -> Iterator[ScriptedProvider]:
    """The provider "fleet", registered while a test runs; `tarash.yaml` in the current folder is its project file."""
    (tmp_path / "data" / "models").mkdir(parents=True)
    (tmp_path / "data" / "provider.yaml").write_text(FACTS)
    (tmp_path / "data" / "models" / "fleet.yaml").write_text(MODELS)
    provider = ScriptedProvider()
    tarash_core.register_provider(provider, name="fleet", data=tmp_path / "data")
    yield provider
    tarash_core.unregister_provider("fleet")


def config(model: str, **more: Any) -> VideoGenerationConfig:
    return VideoGenerationConfig(provider="fleet", model=model, poll_interval=0.001, **more)


@pytest.mark.parametrize(("images", "model"), [([], "fleet/text"), ([IMAGE], "fleet/image")])
def test_the_response_says_which_model_of_the_family_was_used(
    script: ScriptedProvider, world: World, images: list[Any], model: str
) -> None:
    response = world.generate(config("fleet-1"), VideoGenerationRequest(prompt="p", image_list=images))
    assert (response.model, response.job.model) == (model, model)
    assert [attempt.model for attempt in response.attempts] == ["fleet-1"]
    assert [payload.model for payload in script.payloads] == [model]
    assert {client_config.model for client_config, _ in script.clients} == {model}


def test_nothing_is_sent_when_no_model_of_the_family_takes_the_inputs(script: ScriptedProvider, world: World) -> None:
    request = VideoGenerationRequest(prompt="p", image_list=[{**IMAGE, "role": "style"}])
    with pytest.raises(ValidationError, match="no model of the family 'fleet-1' takes an image with role 'style'"):
        world.generate(config("fleet-1"), request)
    assert script.calls == []


def test_nothing_is_sent_to_a_model_that_has_ended(script: ScriptedProvider, world: World) -> None:
    with pytest.raises(ValidationError, match="'fleet/old' cannot be used since 2020-01-01; use 'fleet/text'"):
        world.generate(config("fleet/old"), VideoGenerationRequest(prompt="p"))
    assert script.calls == []


def test_families_are_listed(script: ScriptedProvider) -> None:
    assert tarash_core.list_families("fleet") == {"fleet-1": ("fleet/old", "fleet/text", "fleet/image")}
    assert tarash_core.list_models("fleet") == ("fleet/image", "fleet/old", "fleet/text")


def test_a_broken_project_file_warns_or_refuses_and_is_read_again_when_asked(
    script: ScriptedProvider, world: World, tmp_path: Path
) -> None:
    request = VideoGenerationRequest(prompt="p", image_list=[IMAGE])
    (tmp_path / "tarash.yaml").write_text("schema: 1\nprovider: fleet\nmodels: [fleet/text]\nfeilds: {}\n")
    tarash_core.reload_mappings("fleet")
    (warning,) = world.generate(config("fleet/image"), request).warnings
    assert "tarash.yaml:4:1" in warning
    with pytest.raises(MappingError, match=r"tarash\.yaml:4:1"):
        world.generate(config("fleet/text"), request)
    (tmp_path / "tarash.yaml").write_text("schema: 1\nprovider: fleet\nmodels: [fleet/text]\nfields: {seed: seed}\n")
    tarash_core.reload_mappings("fleet")
    assert world.generate(config("fleet/text"), VideoGenerationRequest(prompt="p", seed=7)).warnings == ()
    assert script.payloads[-1].arguments == {"prompt": "p", "seed": 7}
