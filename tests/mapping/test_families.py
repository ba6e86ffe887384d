"""A family's name in place of a model's: the model that takes the inputs given is chosen, or none is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tarash_core.errors import MappingError, ValidationError
from tarash_core.mapping.library import MappingLibrary
from tarash_core.request import VideoGenerationRequest

Library = Callable[..., MappingLibrary]

DOCS = "docs: https://example.com\ntask: any\n"
KITE = f"""schema: 1
family: kite-1
members: [kite/text, kite/image, kite/frames, kite/reference, kite/extend]
---
models: [kite/text]
{DOCS}fields: {{prompt: {{from: prompt, required: true}}, seed: seed}}
---
models: [kite/image]
{DOCS}fields: {{prompt: prompt, start: {{image: first_frame, required: true}}}}
---
models: [kite/frames]
{DOCS}fields: {{prompt: prompt, start: {{image: first_frame}}, end: {{image: last_frame, required: true}}}}
rules: [{{when: {{last_frame: given}}, needs: [first_frame]}}]
---
models: [kite/reference]
{DOCS}fields: {{prompt: prompt, images: {{images: [reference, asset], required: true}}, style: {{image: style}}}}
---
models: [kite/extend]
{DOCS}fields: {{prompt: prompt, video: {{from: video, required: true}}, start: {{image: [first_frame, last_frame]}}}}
"""


def request(*roles: str, **others: Any) -> VideoGenerationRequest:
    images = [{"image": f"https://example.com/{n}.png", "role": role} for n, role in enumerate(roles)]
    return VideoGenerationRequest(prompt="p", image_list=images, **others)


VIDEO = {"video": "https://example.com/v.mp4"}


@pytest.mark.parametrize(
    ("asked", "model"),
    [
        (request(), "kite/text"),
        (request(seed=1, duration_seconds=8), "kite/text"),
        (request("first_frame"), "kite/image"),
        (request("first_frame", negative_prompt="not taken"), "kite/image"),
        (request("last_frame", "first_frame"), "kite/frames"),
        (request("reference"), "kite/reference"),
        (request("reference", "asset", "reference", "style"), "kite/reference"),
        (request(**VIDEO), "kite/extend"),
        (request("last_frame", **VIDEO), "kite/extend"),
        (VideoGenerationRequest(), "kite/text"),
    ],
)
def test_the_model_that_takes_the_inputs_is_chosen(library: Library, asked: VideoGenerationRequest, model: str) -> None:
    assert library(KITE).chosen("kite-1", asked) == model


@pytest.mark.parametrize(
    ("asked", "field", "wanted"),
    [
        (request("last_frame"), "image_list", "takes an image with role 'last_frame'"),
        (request("style"), "image_list", "takes an image with role 'style'"),
        (
            request("first_frame", "reference"),
            "image_list",
            "takes an image with role 'first_frame' and an image with role 'reference'",
        ),
        (request("reference", **VIDEO), "image_list", "takes an image with role 'reference' and a video"),
        (request("first_frame", "last_frame", **VIDEO), "image_list", "and a video; it has 'kite/text' (text alone), "),
    ],
)
def test_a_refusal_with_the_list_when_none_does(
    library: Library, asked: VideoGenerationRequest, field: str, wanted: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        library(KITE).chosen("kite-1", asked)
    assert wanted in str(caught.value)
    assert str(caught.value).startswith("no model of the family 'kite-1' takes ")
    assert str(caught.value).endswith(
        "; it has 'kite/text' (text alone), 'kite/image' (first_frame), "
        "'kite/frames' (last_frame and, if given, first_frame), "
        "'kite/reference' (reference or asset and, if given, style), "
        "'kite/extend' (video and, if given, first_frame, last_frame)"
    )
    assert (caught.value.field, caught.value.model, caught.value.provider) == (field, "kite-1", "acme")


def test_no_model_works_from_text_alone(library: Library) -> None:
    acme = library(KITE.replace("[kite/text, ", "["))
    with pytest.raises(ValidationError, match="no model of the family 'kite-1' works from text alone; it has 'kite/im"):
        acme.chosen("kite-1", request())


def test_text_alone_goes_to_a_model_whose_task_it_is(library: Library) -> None:
    reference = KITE.replace("reference, asset], required: true", "reference, asset]").replace(
        f"models: [kite/reference]\n{DOCS}", "models: [kite/reference]\ndocs: https://e.com\ntask: reference-to-video\n"
    )
    acme = library(reference.replace("[kite/text, ", "["))
    with pytest.raises(ValidationError, match="'kite/reference' \\(reference or asset or style\\)"):
        acme.chosen("kite-1", request())
    assert acme.chosen("kite-1", request("style")) == "kite/reference"


def test_the_exact_name_always_wins(library: Library) -> None:
    acme = library(KITE)
    assert acme.chosen("kite/text", request("first_frame")) == "kite/text"
    # A later layer may map a model of the family's name; from then on the name is the model's.
    acme.add(f"models: [kite-1]\n{DOCS}fields: {{prompt: prompt}}")
    assert acme.chosen("kite-1", request("first_frame")) == "kite-1"
    assert acme.find("kite-1").model == "kite-1"


def test_the_first_that_fits_is_chosen(library: Library) -> None:
    acme = library(KITE)
    acme.add("family: kite-1\nmembers: [kite/frames, kite/image, kite/text]")
    assert acme.chosen("kite-1", request("first_frame", "last_frame")) == "kite/frames"
    assert acme.families() == {"kite-1": ("kite/frames", "kite/image", "kite/text")}
    acme.add("models: [kite/frames]\nfields: {end: {image: last_frame}}")
    assert acme.chosen("kite-1", request("first_frame")) == "kite/frames"


def test_a_model_that_has_ended_is_passed_over(library: Library) -> None:
    acme = library(KITE)
    acme.add("models: [kite/image]\nfields: {end: {image: last_frame}}\ndeprecated_on: 2026-09-24")
    both = request("first_frame", "last_frame")
    assert acme.chosen("kite-1", both, today=date(2026, 9, 23)) == "kite/image"
    assert acme.chosen("kite-1", both, today=date(2026, 9, 24)) == "kite/frames"
    with pytest.raises(ValidationError) as caught:
        acme.chosen("kite-1", request("first_frame"), today=date(2026, 9, 24))
    assert "kite/image" not in str(caught.value)


def test_a_family_is_no_model(library: Library) -> None:
    acme = library(KITE)
    assert "kite-1" not in acme.models()
    with pytest.raises(ValidationError, match="'kite-1' is a family of models of 'acme'; name one of them: 'kite"):
        acme.find("kite-1")
    with pytest.raises(ValidationError, match=r"no mapping for 'kite-11' of provider 'acme'; did you mean 'kite-1'\?"):
        acme.find("kite-11")


def test_what_is_no_family_is_left_to_the_lookup(library: Library) -> None:
    assert library(KITE).chosen("whatever", request("style")) == "whatever"


def test_a_family_does_not_take_the_name_of_a_model(library: Library) -> None:
    acme = library(KITE)
    with pytest.raises(MappingError, match="run time:1:9: 'kite/text' is a model; a family needs a name of its own"):
        acme.add("family: kite/text\nmembers: [kite/image]")
    assert acme.chosen("kite/text", request("first_frame")) == "kite/text"
