"""The contract of a catalogue fails where a mapping is wrong: one mistake at a time, and the promise that it breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import tarash_core
from tarash_core.testing import ScriptedProvider
from tarash_core.testing.catalogue_contract import Catalogue, CatalogueContract, Json

SCHEMA: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["prompt"],
    "allOf": [{"if": {"required": ["end"]}, "then": {"required": ["start"]}}, {"not": {"required": ["start", "like"]}}],
    "properties": {
        "prompt": {"type": "string", "maxLength": 100},
        "seconds": {"type": "string", "enum": ["4", "8"]},
        "size": {"type": "string", "enum": ["720p", "1080p"]},
        "start": {"type": "string", "format": "uri"},
        "end": {"type": "string", "format": "uri"},
        "like": {"type": "array", "items": {"type": "string", "format": "uri"}, "maxItems": 3},
        "seed": {"type": "integer", "minimum": 0, "maximum": 99},
        "mood": {"type": "string", "enum": ["calm", "wild"]},
        "strength": {"type": "number", "minimum": 0, "maximum": 1},
    },
}
KITE = """schema: 1
models: [kite]
docs: https://example.com
task: text-to-video
fields:
  prompt:  {from: prompt, required: true, max_length: 100}
  seconds: {from: duration_seconds, as: string, one_of: [4, 8]}
  size:    {from: resolution, one_of: [720p, 1080p]}
  start:   {image: first_frame}
  end:     {image: last_frame}
  like:    {images: [reference, asset], max_items: 3}
  seed:    {from: seed, min: 0, max: 99}
extra:
  mood:     {type: string, one_of: [calm, wild]}
  strength: {type: number, min: 0, max: 1}
rules:
  - {when: {last_frame: given}, needs: [first_frame]}
  - {when: {reference: given}, excludes: [first_frame]}
  - {when: {asset: given}, excludes: [first_frame]}
---
models: [kite/two]
extends: kite
docs: https://example.com
task: image-to-video
fields:
  start: {image: first_frame, required: true}
---
family: kites
members: [kite, kite/two]
"""
NAMED = "a_mapping_has_every_documented_parameter_and_no_other"
SENT = "whatever_is_documented_can_be_asked_for_and_what_rules_forbid_is_refused"
REACHED = "every_documented_choice_and_both_ends_of_a_range_are_reached"
UNASKED = "what_is_not_asked_for_is_left_to_the_model"
MISSED = "what_the_model_needs_is_missed_before_anything_is_sent"
REFUSED = "what_is_not_offered_is_refused_before_anything_is_sent"
RULES = "what_rules_forbid_is_refused_and_nothing_else"
LOST = "every_request_becomes_a_valid_payload_of_which_nothing_is_lost_or_is_refused"
OFFERED = "every_value_that_a_mapping_offers_is_documented"
ALIKE = "roles_that_go_into_one_parameter_are_alike"
SINGLE = "two_images_where_a_model_takes_one_are_refused"
UNTAKEN = "what_a_model_does_not_take_is_named"
CHOSEN = "each_member_of_a_family_is_chosen_for_some_inputs_and_answers_for_itself"


class KiteCatalogue(Catalogue):
    provider = "kites"
    unpublished = {"kite/two": "as kite"}
    wrong = {"seconds": ["5"], "size": ["8k"]}

    def words(self, model: str, wanted: Json) -> Json:
        ours: Json = {"image_list": [], "extra_params": {}}
        roles, fields = {"start": "first_frame", "end": "last_frame"}, {"prompt": "prompt", "seed": "seed"}
        for name, value in wanted.items():
            if name == "like":
                ours["image_list"] += [{"image": image, "role": "reference"} for image in value]
            elif name in roles:
                ours["image_list"].append({"image": value, "role": roles[name]})
            elif name == "seconds":
                ours["duration_seconds"] = float(value)
            elif name == "size":
                ours["resolution"] = value
            else:
                (ours if name in fields else ours["extra_params"])[name] = value
        return ours


class Dropping(ScriptedProvider):
    """It has a converter that looks at a field and sends nothing."""

    @tarash_core.hookimpl
    def tarash_converters(self) -> dict[str, Callable[..., None]]:
        return {"dropped": lambda value, request: None}


class Kites(CatalogueContract):
    catalogue = KiteCatalogue({"kite": SCHEMA})
    tries = 40


def check(promise: str) -> None:
    test: Callable[..., None] = getattr(Kites(), f"test_{promise}")
    test("kite") if promise != CHOSEN else test()


@pytest.fixture
def mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Registers the provider ``kites`` with these mappings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def register(text: str) -> None:
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / "kite.yaml").write_text(text)
        (tmp_path / "provider.yaml").write_text("schema: 1\nname: kites\ntitle: Kites\n")
        tarash_core.register_provider(Dropping(), name="kites", data=tmp_path)

    yield register
    tarash_core.unregister_provider("kites")


@pytest.mark.parametrize(
    "promise", [NAMED, SENT, REACHED, UNASKED, MISSED, REFUSED, RULES, LOST, OFFERED, ALIKE, SINGLE, UNTAKEN]
)
def test_a_mapping_that_is_right_keeps_every_promise(mapped: Callable[[str], None], promise: str) -> None:
    mapped(KITE)
    check(promise)


@pytest.mark.parametrize(
    ("right", "wrong", "promises"),
    [
        ("  mood:     {type: string, one_of: [calm, wild]}\n", "", [NAMED]),
        ("mood:     ", "mod:      ", [NAMED, SENT, REACHED]),
        ("as: string, one_of: [4, 8]", "as: integer, one_of: [4, 8]", [SENT, REACHED, LOST, OFFERED]),
        ("one_of: [4, 8]", "one_of: [4]", [REACHED]),
        ("one_of: [4, 8]", "one_of: [4, 6, 8]", [OFFERED]),
        ("one_of: [720p, 1080p]", "values: {720p: 1080p, 1080p: 720p}", [SENT, REACHED]),
        ("one_of: [720p, 1080p]", "one_of: [720p, 1080p], default: 720p", [UNASKED]),
        ("required: true, max_length", "max_length", [MISSED]),
        ("max_length: 100", "max_length: 101", [REFUSED, OFFERED]),
        ("max: 99", "max: 100", [REFUSED, OFFERED]),
        ("max: 99", "max: 98", [REACHED]),
        ("one_of: [calm, wild]", "one_of: [calm, wild, odd]", [OFFERED]),
        ("{type: number, min: 0, max: 1}", "number", [REFUSED]),
        (
            "  - {when: {last_frame: given}, needs: [first_frame]}",
            "  - {when: {seed: given}, needs: [resolution]}",
            [RULES],
        ),
        ("  - {when: {asset: given}, excludes: [first_frame]}\n", "", [ALIKE]),
        ("{from: seed, min: 0, max: 99}", "{takes: [seed], use: dropped}", [LOST, SENT, REACHED]),
    ],
)
def test_a_mistake_breaks_a_promise(mapped: Callable[[str], None], right: str, wrong: str, promises: list[str]) -> None:
    assert right in KITE
    mapped(KITE.replace(right, wrong, 1))
    for promise in promises:
        with pytest.raises((AssertionError, pytest.fail.Exception, tarash_core.ValidationError)):
            check(promise)


def test_a_member_that_is_never_chosen_is_found(mapped: Callable[[str], None]) -> None:
    """The first one takes all that the second one takes."""
    mapped(KITE)
    with pytest.raises(AssertionError, match="kites"):
        check(CHOSEN)


def test_a_member_for_every_kind_of_input_is_right(mapped: Callable[[str], None]) -> None:
    mapped(KITE.replace("[kite, kite/two]", "[kite/two, kite]"))
    check(CHOSEN)
