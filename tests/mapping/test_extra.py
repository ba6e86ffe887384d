"""Extra parameters: checked, sent as they are, or pointed out as a misspelling."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tarash_core.errors import ValidationError
from tarash_core.mapping.library import MappingLibrary
from tarash_core.media import Media
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest

Apply = Callable[..., Payload]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 24

FIELDS = "fields: {prompt: prompt, duration: {from: duration_seconds, as: '{}s'}, image_url: {image: first_frame}}\n"


@pytest.mark.parametrize(
    ("rule", "given", "sent"),
    [
        ("{type: boolean}", False, False),
        ("boolean", True, True),
        ("{}", {"a": 1}, {"a": 1}),
        ("any", "x", "x"),
        ("{type: string, one_of: ['1', '2']}", "2", "2"),
        ("{type: string, one_of: [Low, High]}", "high", "High"),
        ("{type: number, min: 0, max: 1}", 0.5, 0.5),
        ("{type: integer, multiple_of: 8}", 16.0, 16),
        ("{type: string, max_length: 3}", "abc", "abc"),
        ("{type: array, items: integer, max_items: 2}", (1, 2.0), [1, 2]),
        ("{type: array, items: media}", ["https://e.com/a.wav", PNG], ["https://e.com/a.wav", Media.of(PNG)]),
        ("object", {"pan": {"x": 1}}, {"pan": {"x": 1}}),
        ("media", "https://e.com/a.wav", "https://e.com/a.wav"),
        ("media", PNG, Media.of(PNG)),
        ("{type: boolean}", None, None),
        ("{min: 0, multiple_of: 2}", [1], [1]),
        ("{max: 3}", {"a": 4}, {"a": 4}),
        ("{type: number, multiple_of: 0.5}", 1e308, 1e308),
        ("{type: number, multiple_of: 0.1}", 0.30000000000000004, 0.30000000000000004),
    ],
)
def test_sent(apply: Apply, rule: str, given: Any, sent: Any) -> None:
    payload = apply(f"{FIELDS}extra:\n  x: {rule}", {"x": given})
    assert payload.arguments == ({} if sent is None else {"x": sent})
    assert payload.warnings == ()


@pytest.mark.parametrize(
    ("rule", "given", "message"),
    [
        ("boolean", 1, "x=1 is not offered by 'm'; it must be true or false"),
        ("integer", 2.5, "x=2.5 is not offered by 'm'; it must be a whole number (nearest: 2 or 3)"),
        ("integer", True, "x=true is not offered by 'm'; it must be a whole number"),
        ("number", "0.5", "x='0.5' is not offered by 'm'; it must be a number"),
        ("number", float("inf"), "it must be a number"),
        ("{max: 3}", float("nan"), "x=nan is not offered by 'm'; it takes at most 3"),
        ("string", 2, "x=2 is not offered by 'm'; it must be text"),
        ("array", "abc", "it must be a list"),
        ("object", [1], "it must be an object (a dict)"),
        ("media", "no-such-file.wav", "no such file 'no-such-file.wav'"),
        ("media", {"url": "https://e.com", "colour": 1}, "Media has no field 'colour'"),
        ("{type: array, items: integer}", [1, "2"], "it must be a whole number"),
        ("{type: array, min_items: 1}", [], "it takes at least 1 item, not 0"),
        ("{type: string, one_of: ['1', '2']}", "3", "x='3' is not offered by 'm'; choose '1' or '2'"),
        ("{type: number, min: 0, max: 1}", 2, "x=2 is not offered by 'm'; it takes 0 to 1 (nearest: 1)"),
        ("{one_of: [a]}", ["a"], "it takes a single value"),
    ],
)
@pytest.mark.parametrize("on_unsupported", ["warn", "ignore"])
def test_refused(apply: Apply, rule: str, given: Any, message: str, on_unsupported: str) -> None:
    with pytest.raises(ValidationError) as caught:
        apply(f"{FIELDS}extra:\n  x: {rule}", {"x": given}, on_unsupported=on_unsupported)
    assert message in str(caught.value)
    assert (caught.value.field, caught.value.model, caught.value.provider) == ("x", "m", "acme")


def test_required(apply: Apply) -> None:
    lines = FIELDS + "extra: {voice: {type: string, required: true}}"
    assert apply(lines, {"voice": "low"}).arguments == {"voice": "low"}
    with pytest.raises(ValidationError, match="'m' needs the extra parameter 'voice'"):
        apply(lines, {})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"duration": 8}, "'m' makes 'duration' from the request; give duration_seconds=8"),
        ({"image_url": "x"}, "'m' makes 'image_url' from the request; give it in image_list with role 'first_frame'"),
        ({"negativ_prompt": "x"}, "no parameter 'negativ_prompt'; did you mean 'negative_prompt'?"),
        ({"aspectRatio": "x"}, "no parameter 'aspectRatio'; did you mean 'aspect_ratio'?"),
        ({"promt": "x"}, "did you mean 'prompt'?"),
        ({"extra_params": {"resolution": "720p"}}, "'resolution' is a field of the request; give it there"),
        ({"images_list": []}, "did you mean 'image_list'?"),
        ({"negative": "x"}, "did you mean 'negative_prompt'?"),
        ({"auto_fixx": True}, "did you mean 'auto_fix'? (if 'm' has 'auto_fixx', add it under 'extra' in a mapping)"),
        ({"motions": 1}, "did you mean 'motion'?"),
        ({"first_frame": "x"}, "'first_frame' is an image role; give it in image_list"),
        ({"fps": 1}, "it is always the same; leave it out"),
        ({"amount": 1}, "give 'motion' in its place"),
        ({"size": "x"}, "give resolution and aspect_ratio"),
        ({"durtion": 8}, "no parameter 'durtion' ('m' makes 'duration' from the request); give duration_seconds=8"),
        ({"image_ur": "x"}, "('m' makes 'image_url' from the request); give it in image_list with role 'first_frame'"),
        ({"duration": "auto"}, "give duration_seconds, or leave it out for the provider's own"),
        ({"quality": "standard"}, "give resolution (720p or 1080p), or leave it out for the provider's own"),
    ],
)
@pytest.mark.parametrize("on_unsupported", ["error", "warn", "ignore"])
def test_a_misspelling_is_never_sent(apply: Apply, given: dict[str, Any], message: str, on_unsupported: str) -> None:
    lines = (
        "fields:\n  prompt: prompt\n  duration: duration_seconds\n  image_url: {image: first_frame}\n"
        "  fps: {const: 24}\n  amount: {param: motion}\n"
        "  size: {lookup: [resolution, aspect_ratio], table: {720p: {'16:9': a}}}\n"
        "  quality: {from: resolution, values: {720p: standard, 1080p: high}}\nextra: {auto_fix: boolean}"
    )
    with pytest.raises(ValidationError) as caught:
        apply(lines, given, on_unsupported=on_unsupported)
    assert message in str(caught.value)


ALSO = "fields:\n  prompt: prompt\n  duration: {from: duration_seconds, as: '{}s', min: 4, max: 8, also: [auto, -1]}"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"duration_seconds": 5}, {"duration": "5s"}),
        ({"duration": "auto"}, {"duration": "auto"}),
        ({"duration": -1}, {"duration": -1}),
        ({}, {}),
    ],
)
def test_a_value_that_only_they_have(apply: Apply, given: dict[str, Any], sent: dict[str, Any]) -> None:
    payload = apply(ALSO, given, on_unsupported="error")
    assert (payload.arguments, payload.warnings) == (sent, ())


def test_a_value_that_only_they_have_takes_the_place_of_a_default_and_of_nothing_else(apply: Apply) -> None:
    with_default = ALSO.replace("also:", "default: 5, also:")
    assert apply(with_default, {}).arguments == {"duration": "5s"}
    assert apply(with_default, {"duration": "auto"}).arguments == {"duration": "auto"}
    required = ALSO.replace("also:", "required: true, also:")
    assert apply(required, {"duration": "auto"}).arguments == {"duration": "auto"}
    with pytest.raises(ValidationError, match="'m' takes duration='auto' or duration_seconds, not both; leave one out"):
        apply(ALSO, {"duration": "auto", "duration_seconds": 5})
    with pytest.raises(ValidationError, match=r"give duration_seconds \(4 to 8; or duration=auto or -1 through"):
        apply(ALSO, {"duration": "Auto"})


def test_an_unknown_parameter_of_a_mapped_model(apply: Apply) -> None:
    lines = FIELDS + "extra: {auto_fix: boolean, loop: boolean}"
    payload = apply(lines, {"cfg_scale": 0.5})
    assert payload.arguments == {"cfg_scale": 0.5}
    assert payload.warnings == ("'cfg_scale' is not a documented parameter of 'm'; it was sent as it is",)
    assert apply(lines, {"cfg_scale": 0.5}, on_unsupported="ignore").warnings == ()
    with pytest.raises(ValidationError, match=r"not a documented parameter of 'm' \(it has: 'auto_fix' and 'loop'\)"):
        apply(lines, {"cfg_scale": 0.5}, on_unsupported="error")


GENERIC = """
schema: 1
models: ["*"]
docs: https://example.com
task: any
fields: {prompt: prompt, duration: duration_seconds}
"""


@pytest.fixture
def generic(library: Callable[..., MappingLibrary]) -> Callable[[dict[str, Any]], Payload]:
    mapping = library(GENERIC).find("new")
    return lambda request: mapping.apply(VideoGenerationRequest(**request), model="new", on_unsupported="ignore")


@pytest.mark.parametrize("given", [{"cfg_scale": 0.5}, {"negativePrompt": "x"}, {"duration": "8s"}, {"steps": [1]}])
def test_a_generic_mapping_lets_the_providers_own_names_pass(
    generic: Callable[[dict[str, Any]], Payload], given: dict[str, Any]
) -> None:
    assert generic({"prompt": "p", **given}).arguments == {"prompt": "p", **given}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"negativ_prompt": "x"}, "no parameter 'negativ_prompt'; did you mean 'negative_prompt'?"),
        ({"duration": 8, "duration_seconds": 8}, "'new' makes 'duration' from the request; give duration_seconds=8"),
        ({"last_frame": "x"}, "'last_frame' is an image role"),
    ],
)
def test_a_generic_mapping_refuses_what_can_only_be_a_mistake(
    generic: Callable[[dict[str, Any]], Payload], given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        generic(given)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "digits", "message"),
    [
        ("{type: number, multiple_of: 2}", 400, "it must be a number"),
        (
            "{type: integer, max: 5}",
            5000,
            "x=a number of too many digits is not offered by 'm'; it must be a whole number",
        ),
        ("{type: string}", 5000, "x=a number of too many digits is not offered by 'm'; it must be text"),
    ],
)
def test_numbers_that_no_double_holds(apply: Apply, rule: str, digits: int, message: str) -> None:
    for given in (10**digits, -(10**digits)):
        with pytest.raises(ValidationError, match=re.escape(message)):
            apply(f"{FIELDS}extra: {{x: {rule}}}", {"x": given})


def test_what_holds_such_a_number(apply: Apply) -> None:
    with pytest.raises(
        ValidationError, match="x=what holds a number of too many digits is not offered by 'm'; it takes"
    ):
        apply(f"{FIELDS}extra: {{x: {{type: array, max_items: 0}}}}", {"x": [10**5000]})
