"""The end of a model: a warning before the day, an error that names the successor from the day on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tarash_core.errors import ValidationError
from tarash_core.mapping.library import MappingLibrary
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest

Library = Callable[..., MappingLibrary]

DOCS = "docs: https://example.com\ntask: any\n"
ENDING = f"""schema: 1
models: [old]
{DOCS}deprecated_on: 2026-09-24
replaced_by: new
fields: {{prompt: prompt}}
---
models: [new]
{DOCS}extends: old
"""
REQUEST = VideoGenerationRequest(prompt="p")


def apply(acme: MappingLibrary, model: str, today: date | None = None) -> Payload:
    return acme.find(model).apply(REQUEST, model=model, today=today)


def test_a_warning_before_the_day(library: Library) -> None:
    payload = apply(library(ENDING), "old", date(2026, 9, 23))
    assert payload.arguments == {"prompt": "p"}
    assert payload.warnings == ("'old' can be used until 2026-09-24 only; use 'new' in its place",)


@pytest.mark.parametrize("today", [date(2026, 9, 24), date(2026, 9, 25), date(2030, 1, 1)])
def test_an_error_that_names_the_successor_from_the_day_on(library: Library, today: date) -> None:
    with pytest.raises(ValidationError) as caught:
        apply(library(ENDING), "old", today)
    assert str(caught.value).startswith("'old' cannot be used since 2026-09-24; use 'new' (said by ")
    assert str(caught.value).endswith("acme.yaml:5)")
    assert (caught.value.field, caught.value.model, caught.value.provider) == ("model", "old", "acme")


def test_what_extends_a_model_does_not_end_with_it(library: Library) -> None:
    assert apply(library(ENDING), "new", date(2030, 1, 1)).warnings == ()


def test_without_a_successor(library: Library) -> None:
    acme = library(ENDING.replace("replaced_by: new\n", ""))
    assert apply(acme, "old", date(2026, 1, 1)).warnings == (
        "'old' can be used until 2026-09-24 only; nothing takes its place",
    )
    with pytest.raises(ValidationError, match="since 2026-09-24; it has no successor; choose another model"):
        apply(acme, "old", date(2027, 1, 1))


def test_today_is_todays_date(library: Library) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert apply(library(ENDING.replace("2026-09-24", str(tomorrow))), "old").warnings
    yesterday = tomorrow - timedelta(days=2)
    with pytest.raises(ValidationError):
        apply(library(ENDING.replace("2026-09-24", str(yesterday))), "old")


def test_a_later_layer_ends_a_model_postpones_its_end_and_lifts_it(library: Library) -> None:
    acme = library(ENDING)
    day = date(2026, 9, 24)
    acme.add("models: [new]\ndeprecated_on: 2026-09-01")
    with pytest.raises(ValidationError, match="'new' cannot be used since 2026-09-01"):
        apply(acme, "new", day)
    acme.add("models: [old]\ndeprecated_on: 2027-01-01")
    assert apply(acme, "old", day).warnings == ("'old' can be used until 2027-01-01 only; nothing takes its place",)
    acme.add("models: [old, new]\ndeprecated_on: null")
    assert apply(acme, "old", day).warnings == apply(acme, "new", day).warnings == ()


def test_a_change_of_something_else_leaves_the_end_as_it_is(library: Library) -> None:
    acme = library(ENDING)
    acme.add("models: [old]\nfields: {seed: seed}")
    with pytest.raises(ValidationError, match="use 'new'"):
        apply(acme, "old", date(2026, 9, 24))


def test_a_model_that_has_ended_is_recommended_to_nobody(library: Library) -> None:
    acme = library(
        ENDING.replace("2026-09-24", "2020-01-01").replace("{prompt: prompt}", "{prompt: prompt, seed: seed}")
    )
    acme.add(f"models: [bare]\n{DOCS}fields: {{prompt: prompt}}")
    request = VideoGenerationRequest(prompt="p", seed=1)
    with pytest.raises(ValidationError, match="'bare' does not take seed; models of 'acme' that do: new; leave it out"):
        acme.find("bare").apply(request, model="bare", on_unsupported="error")
