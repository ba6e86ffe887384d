"""Every word of a field: what is sent, and what is said when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tarash_core.errors import PluginError, ValidationError
from tarash_core.mapping.vocabulary import REQUEST_FIELDS, ROLES
from tarash_core.media import Media
from tarash_core.payload import Payload
from tarash_core.request import IMAGE_ROLES, VideoGenerationRequest

Apply = Callable[..., Payload]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 24
ONE = "https://example.com/1.png"
TWO = "https://example.com/2.png"
FILM = "https://example.com/film.mp4"


def image(role: str, url: str = ONE) -> dict[str, Any]:
    return {"image": url, "role": role}


def test_the_vocabulary_knows_every_request_field() -> None:
    assert set(REQUEST_FIELDS) == set(VideoGenerationRequest.model_fields) - {"image_list", "extra_params"}
    assert ROLES == IMAGE_ROLES


SIZES = "{720p: {'16:9': 1280*720, '9:16': 720*1280}, 1080p: {'16:9': {width: 1920, height: 1080}}}"
LOOKUP = f"{{lookup: [resolution, aspect_ratio], table: {SIZES}}}"
LOOKUP_DEFAULT = f"{{lookup: [resolution, aspect_ratio], table: {SIZES}, default: [720p, '16:9']}}"
FRAMES = "{from: duration_seconds, use: frames, with: {fps: 16, plus: 1}}"
FRAMES_AT = "{from: duration_seconds, use: frames, with: {fps: 16, rate: rate, plus: 1, least: 81, most: 121}}"
AT_LEAST = "{from: duration_seconds, use: frames, with: {fps: 16, least: 48}}"

SENT: list[tuple[str, dict[str, Any], Any]] = [
    # passed through
    ("prompt", {"prompt": "a kite"}, "a kite"),
    ("prompt", {}, None),
    ("prompt", {"prompt": ""}, None),
    ("{from: prompt}", {"prompt": "a kite"}, "a kite"),
    ("generate_audio", {"generate_audio": False}, False),
    ("seed", {"seed": 0}, 0),
    ("enhance_prompt", {"enhance_prompt": True}, True),
    ("number_of_videos", {"number_of_videos": 1}, 1),
    ("duration_seconds", {"duration_seconds": 8}, 8),
    ("duration_seconds", {"duration_seconds": 2.5}, 2.5),
    ("video", {"video": FILM}, FILM),
    # forms
    ("{from: duration_seconds, as: '{}s'}", {"duration_seconds": 8}, "8s"),
    ("{from: duration_seconds, as: '{}s'}", {"duration_seconds": 2.5}, "2.5s"),
    ("{from: duration_seconds, as: 'about {} sec'}", {"duration_seconds": 8.0}, "about 8 sec"),
    ("{from: duration_seconds, as: '{}'}", {"duration_seconds": 8.0}, "8"),
    ("{from: duration_seconds, as: string}", {"duration_seconds": 8}, "8"),
    ("{from: duration_seconds, as: integer}", {"duration_seconds": 8}, 8),
    ("{from: duration_seconds, as: number}", {"duration_seconds": 2.5}, 2.5),
    ("{from: generate_audio, as: string}", {"generate_audio": True}, "true"),
    ("{from: resolution, as: integer}", {"resolution": "720"}, 720),
    ("{param: loop, as: boolean}", {"loop": "True"}, True),
    ("{from: seed, as: string}", {"seed": 2**70}, str(2**70)),
    # translations
    ("{from: resolution, values: {720p: hd, 1080p: 1080}}", {"resolution": "720p"}, "hd"),
    ("{from: resolution, values: {720p: hd, 1080p: 1080}}", {"resolution": "1080P"}, 1080),
    ("{from: generate_audio, values: {true: 'on', false: 'off'}}", {"generate_audio": False}, "off"),
    ("{from: resolution, one_of: [720p, 4k], values: {4k: 2160p}}", {"resolution": "4K"}, "2160p"),
    ("{from: resolution, one_of: [720p, 4k], values: {4k: 2160p}}", {"resolution": "720p"}, "720p"),
    ("{from: resolution, values: {720p: {width: 1280}}}", {"resolution": "720p"}, {"width": 1280}),
    # one_of
    ("{from: duration_seconds, as: '{}s', one_of: [4, 6, 8]}", {"duration_seconds": 6}, "6s"),
    ("{from: duration_seconds, one_of: [5, 2.5]}", {"duration_seconds": 2.5}, 2.5),
    ("{from: resolution, one_of: [768P, 1080P]}", {"resolution": "768p"}, "768P"),
    ("{from: resolution, one_of: [a, A]}", {"resolution": "A"}, "A"),
    ("{from: aspect_ratio, one_of: [16:9, auto]}", {"aspect_ratio": "16:9"}, "16:9"),
    ("{from: resolution, one_of: [720p]}", {}, None),
    # limits
    ("{from: duration_seconds, min: 2, max: 10}", {"duration_seconds": 10}, 10),
    ("{from: seed, min: 0}", {"seed": 0}, 0),
    ("{from: duration_seconds, multiple_of: 0.5}", {"duration_seconds": 2.5}, 2.5),
    ("{from: prompt, min_length: 1, max_length: 3}", {"prompt": "äöü"}, "äöü"),
    # defaults
    ("{from: duration_seconds, as: '{}s', default: 5}", {}, "5s"),
    ("{from: duration_seconds, as: '{}s', default: 5}", {"duration_seconds": 4}, "4s"),
    ("{from: resolution, one_of: [720P], default: 720p}", {}, "720P"),
    ("{from: generate_audio, default: false}", {}, False),
    ("{from: duration_seconds, use: frames, with: {fps: 24}, default: 5}", {}, 120),
    # images
    ("{image: first_frame}", {"image_list": [image("first_frame")]}, ONE),
    ("{image: first_frame}", {"image_list": [image("start_frame")]}, ONE),
    ("{image: first_frame}", {}, None),
    ("{image: [first_frame, reference]}", {"image_list": [image("reference")]}, ONE),
    ("{image: first_frame}", {"image_list": [{"image": PNG, "role": "first_frame"}]}, Media.of(PNG)),
    ("{images: [reference]}", {"image_list": [image("reference"), image("reference", TWO)]}, [ONE, TWO]),
    ("{images: [reference]}", {}, None),
    ("{images: [reference]}", {"image_list": [{"image": PNG, "role": "reference"}]}, [Media.of(PNG)]),
    ("{images: all}", {"image_list": [image("style", TWO), image("asset")]}, [TWO, ONE]),
    ("{images: {except: [style]}}", {"image_list": [image("asset")]}, [ONE]),
    (
        "{images: [first_frame, last_frame]}",
        {"image_list": [image("end_frame", TWO), image("first_frame")]},
        [ONE, TWO],
    ),
    ("{images: all}", {"image_list": [image("end_frame", TWO), image("asset"), image("first_frame")]}, [ONE, ONE, TWO]),
    ("{images: [asset], min_items: 1, max_items: 1}", {"image_list": [image("asset")]}, [ONE]),
    ("{images: [asset], min_items: 2}", {}, None),
    ("{videos: all}", {"video": FILM}, [FILM]),
    ("{videos: all}", {}, None),
    # const, param
    ("{const: 24}", {}, 24),
    ("{const: {a: [1]}}", {}, {"a": [1]}),
    ("{param: motion}", {"motion": "low"}, "low"),
    ("{param: motion}", {}, None),
    ("{param: motion, values: {low: 1, high: 5}}", {"motion": "HIGH"}, 5),
    ("{param: motion, default: low}", {}, "low"),
    ("{param: steps, type: integer, max: 50}", {"steps": 20.0}, 20),
    ("{param: mask, type: media}", {"mask": ONE}, ONE),
    ("{param: mask, type: media}", {"mask": PNG}, Media.of(PNG)),
    ("{param: words, type: array, max_items: 2}", {"words": ("a", "b")}, ["a", "b"]),
    ("{param: camera, type: object}", {"camera": {"pan": 1}}, {"pan": 1}),
    # lookup
    (LOOKUP, {"resolution": "720P", "aspect_ratio": "9:16"}, "720*1280"),
    (LOOKUP, {"resolution": "1080p", "aspect_ratio": "16:9"}, {"width": 1920, "height": 1080}),
    (LOOKUP, {}, None),
    (LOOKUP_DEFAULT, {}, "1280*720"),
    (LOOKUP_DEFAULT, {"aspect_ratio": "9:16"}, "720*1280"),
    # converters
    (FRAMES, {"duration_seconds": 5}, 81),
    (FRAMES, {}, None),
    ("{from: duration_seconds, use: frames, with: {fps: 24, multiple_of: 8}}", {"duration_seconds": 5}, 120),
    (FRAMES_AT, {"duration_seconds": 5}, 81),
    ("{from: duration_seconds, use: milliseconds}", {"duration_seconds": 4.5}, 4500),
    ("{from: aspect_ratio, use: ratio, with: {most: 2.5}}", {"aspect_ratio": "16:9"}, 16 / 9),
    ("{from: aspect_ratio, use: ratio, with: {least: 0.4, most: 2.35}}", {"aspect_ratio": "2.35:1"}, 2.35),
    ("{from: duration_seconds, use: milliseconds}", {"duration_seconds": 0.3}, 300),
    ("{from: resolution, use: width}", {"resolution": "1280x720"}, 1280),
    ("{from: resolution, use: height}", {"resolution": "1280X720"}, 720),
    (
        "{from: resolution, use: width, with: {least: 64, most: 1280, multiple_of: 16}}",
        {"resolution": "1280x720"},
        1280,
    ),
    (
        "{images: [first_frame, last_frame], use: placed, with: {key: image, place: frame, first: start, last: end}}",
        {"image_list": [image("last_frame", TWO), image("first_frame")]},
        [{"image": ONE, "frame": "start"}, {"image": TWO, "frame": "end"}],
    ),
    (
        "{images: [first_frame, last_frame], use: placed, with: {key: i.url, place: at, first: 0, last: -1, type: i}}",
        {"image_list": [image("last_frame", TWO)]},
        [{"i": {"url": TWO}, "at": -1, "type": "i"}],
    ),
    (
        "{images: [reference], use: objects, with: {key: image, listed: true, type: character}}",
        {"image_list": [image("reference")]},
        [{"image": [ONE], "type": "character"}],
    ),
    (
        "{images: [reference], use: objects, with: {key: image, referenceType: asset}}",
        {"image_list": [image("reference"), image("reference", TWO)]},
        [{"image": ONE, "referenceType": "asset"}, {"image": TWO, "referenceType": "asset"}],
    ),
]


@pytest.mark.parametrize(("field", "request_", "sent"), SENT)
def test_sent(apply: Apply, field: str, request_: dict[str, Any], sent: Any) -> None:
    payload = apply(f"fields:\n  x: {field}", request_)
    assert payload.arguments == ({} if sent is None else {"x": sent})
    assert type(payload.arguments.get("x")) is type(sent)
    assert payload.warnings == ()


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "{from: duration_seconds, as: '{}s', one_of: [4, 6, 8]}",
        {"duration_seconds": 7},
        "duration_seconds",
        "duration_seconds=7 is not offered by 'm'; choose 4, 6 or 8 (nearest: 6 or 8)",
    ),
    (
        "{from: duration_seconds, one_of: [4, 6, 8]}",
        {"duration_seconds": 12},
        "duration_seconds",
        "duration_seconds=12 is not offered by 'm'; choose 4, 6 or 8 (nearest: 8)",
    ),
    (
        "{from: resolution, one_of: [720p, 1080p]}",
        {"resolution": "1080"},
        "resolution",
        "resolution='1080' is not offered by 'm'; choose '720p' or '1080p' (nearest: '1080p')",
    ),
    (
        "{from: resolution, values: {720p: hd}}",
        {"resolution": "hd"},
        "resolution",
        "resolution='hd' is not offered by 'm'; choose '720p'",
    ),
    (
        "{from: generate_audio, one_of: [true]}",
        {"generate_audio": False},
        "generate_audio",
        "generate_audio=false is not offered by 'm'; choose true",
    ),
    (
        "{from: duration_seconds, as: integer}",
        {"duration_seconds": 2.5},
        "duration_seconds",
        "duration_seconds=2.5 is not offered by 'm'; it must be a whole number (nearest: 2 or 3)",
    ),
    (
        "{from: resolution, as: integer}",
        {"resolution": "720p"},
        "resolution",
        "resolution='720p' is not offered by 'm'; it must be a whole number",
    ),
    (
        "{from: resolution, as: number}",
        {"resolution": "nan"},
        "resolution",
        "resolution='nan' is not offered by 'm'; it must be a number",
    ),
    (
        "{param: loop, as: boolean}",
        {"loop": "maybe"},
        "loop",
        "loop='maybe' is not offered by 'm'; it must be true or false",
    ),
    (
        "{from: duration_seconds, min: 4, max: 10}",
        {"duration_seconds": 12},
        "duration_seconds",
        "duration_seconds=12 is not offered by 'm'; it takes 4 to 10 (nearest: 10)",
    ),
    (
        "{from: duration_seconds, min: 4}",
        {"duration_seconds": 2.5},
        "duration_seconds",
        "duration_seconds=2.5 is not offered by 'm'; it takes at least 4 (nearest: 4)",
    ),
    (
        "{from: duration_seconds, multiple_of: 0.5}",
        {"duration_seconds": 2.3},
        "duration_seconds",
        "duration_seconds=2.3 is not offered by 'm'; it takes multiples of 0.5 (nearest: 2 or 2.5)",
    ),
    (
        "{from: prompt, max_length: 3}",
        {"prompt": "a kite"},
        "prompt",
        "prompt='a kite' is not offered by 'm'; it takes at most 3 letters, not 6",
    ),
    ("{from: prompt, required: true}", {}, "prompt", "'m' needs prompt"),
    ("{from: prompt, required: true}", {"prompt": ""}, "prompt", "'m' needs prompt"),
    ("{image: first_frame, required: true}", {}, "image_list", "'m' needs an image with role 'first_frame'"),
    (
        "{image: [first_frame, reference], required: true}",
        {},
        "image_list",
        "'m' needs an image with role 'first_frame' or 'reference'",
    ),
    ("{images: [asset], required: true}", {}, "image_list", "'m' needs an image with role 'asset'"),
    ("{videos: all, required: true}", {}, "video", "'m' needs video"),
    ("{param: steps, required: true}", {}, "steps", "'m' needs the extra parameter 'steps'"),
    (
        LOOKUP[:-1] + ", required: true}",
        {},
        "resolution",
        "'m' needs resolution and aspect_ratio",
    ),
    (
        "{image: first_frame}",
        {"image_list": [image("first_frame"), image("first_frame", TWO)]},
        "image_list",
        "'m' takes one image with role 'first_frame', not 2",
    ),
    (
        "{images: [first_frame, last_frame]}",
        {"image_list": [image("first_frame"), image("last_frame"), image("first_frame", TWO)]},
        "image_list",
        "'m' takes one image with role 'first_frame', not 2",
    ),
    (
        "{images: [first_frame, last_frame]}",
        {"image_list": [image("last_frame")]},
        "image_list",
        "'m' takes an image with role 'last_frame' only beside a 'first_frame'",
    ),
    (
        "{images: [first_frame, last_frame], use: objects, with: {key: url}}",
        {"image_list": [image("end_frame")]},
        "image_list",
        "'m' takes an image with role 'last_frame' only beside a 'first_frame'",
    ),
    (
        "{images: [asset, style], max_items: 1}",
        {"image_list": [image("asset"), image("style", TWO)]},
        "image_list",
        "'m' does not take 2 images with role 'asset' or 'style'; it takes at most 1 item, not 2",
    ),
    (
        "{param: steps, type: integer, max: 50}",
        {"steps": 60},
        "steps",
        "steps=60 is not offered by 'm'; it takes at most 50 (nearest: 50)",
    ),
    ("{param: steps, type: integer}", {"steps": "20"}, "steps", "steps='20' is not offered by 'm'; it must be a whole"),
    ("{param: size, one_of: [a]}", {"size": ["a"]}, "size", "it takes a single value"),
    (
        LOOKUP,
        {"resolution": "720p"},
        "aspect_ratio",
        "'m' takes resolution and aspect_ratio together; resolution is there, give aspect_ratio too: '16:9' or '9:16'",
    ),
    (LOOKUP, {"aspect_ratio": "9:16"}, "resolution", "aspect_ratio is there, give resolution too: '720p' or '1080p'"),
    (
        LOOKUP,
        {"resolution": "1080p", "aspect_ratio": "9:16"},
        "aspect_ratio",
        "aspect_ratio='9:16' is not offered by 'm' with resolution='1080p'; choose '16:9'",
    ),
    (
        LOOKUP,
        {"resolution": "4k", "aspect_ratio": "9:16"},
        "resolution",
        "resolution='4k' is not offered by 'm'; choose '720p' or '1080p'",
    ),
    (
        FRAMES,
        {"duration_seconds": 2.51},
        "duration_seconds",
        "duration_seconds=2.51 is not offered by 'm'; it must be a whole number of frames at 16 a second (nearest: 2.5",
    ),
    (
        FRAMES_AT,
        {"duration_seconds": 4},
        "duration_seconds",
        "duration_seconds=4 is not offered by 'm'; it takes 5 to 7.5 seconds (81 to 121 frames at 16 a second)",
    ),
    (
        AT_LEAST,
        {"duration_seconds": 2},
        "duration_seconds",
        "duration_seconds=2 is not offered by 'm'; it takes at least 3 seconds (48 frames at 16 a second)",
    ),
    (
        "{images: all, use: placed, with: {key: image, place: frame, first: start, last: end}}",
        {"image_list": [image("first_frame"), image("style", TWO)]},
        "image_list",
        "'m' does not take these images: it takes a first and a last frame, and no other image",
    ),
    (
        "{from: aspect_ratio, use: ratio, with: {least: 0.4, most: 2.5}}",
        {"aspect_ratio": "3:1"},
        "aspect_ratio",
        "aspect_ratio='3:1' is not offered by 'm'; width to height must be at least 0.4 and at most 2.5, and is 3",
    ),
    (
        "{from: aspect_ratio, use: ratio}",
        {"aspect_ratio": "wide"},
        "aspect_ratio",
        "it must be a ratio, like '16:9'",
    ),
    ("{from: aspect_ratio, use: ratio}", {"aspect_ratio": "16:0"}, "aspect_ratio", "it must be a ratio, like '16:9'"),
    (
        "{from: duration_seconds, use: milliseconds, max: 8}",
        {"duration_seconds": 2.0001},
        "duration_seconds",
        "duration_seconds=2.0001 is not offered by 'm'; it must be a whole number of milliseconds",
    ),
    (
        "{from: resolution, use: width, with: {most: 1024}}",
        {"resolution": "1280x720"},
        "resolution",
        "resolution='1280x720' is not offered by 'm'; its width must be at most 1024 pixels",
    ),
    (
        "{from: resolution, use: height, with: {least: 256}}",
        {"resolution": "512x128"},
        "resolution",
        "its height must be at least 256 pixels",
    ),
    (
        "{from: resolution, use: height, with: {multiple_of: 32, least: 700}}",
        {"resolution": "1280x720"},
        "resolution",
        "its height must be a multiple of 32 pixels (nearest: 704 or 736)",
    ),
    (
        "{from: resolution, use: width}",
        {"resolution": "720p"},
        "resolution",
        "resolution='720p' is not offered by 'm'; it must be width and height in pixels, like '1280x720'",
    ),
]


def test_seconds_are_counted_at_the_frame_rate_that_the_request_gives(apply: Apply) -> None:
    mapping = f"fields:\n  x: {FRAMES_AT}\nextra:\n  rate: number"
    assert apply(mapping, {"duration_seconds": 5, "rate": 20}).arguments == {"x": 101, "rate": 20}
    assert apply(mapping, {"duration_seconds": 2.5, "rate": 32.0}).arguments == {"x": 81, "rate": 32}
    with pytest.raises(ValidationError, match=r"it takes 4 to 6 seconds \(81 to 121 frames at 20 a second\)"):
        apply(mapping, {"duration_seconds": 6.5, "rate": 20})
    for unusable in (True, "20", 0, -4):
        with pytest.raises(ValidationError, match=r"rate=|it takes 5 to 7\.5 seconds"):
            apply(mapping, {"duration_seconds": 4 if unusable in (0, -4) else 5, "rate": unusable})


@pytest.mark.parametrize(("field", "request_", "about", "message"), REFUSED)
def test_refused(apply: Apply, field: str, request_: dict[str, Any], about: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        apply(f"fields:\n  x: {field}", request_)
    assert message in str(caught.value)
    assert (caught.value.field, caught.value.model, caught.value.provider) == (about, "m", "acme")


def test_the_order_of_the_mapping_is_the_order_of_the_payload(apply: Apply) -> None:
    payload = apply("fields:\n  c: seed\n  a: prompt\n  b: {const: 1}", {"prompt": "p", "seed": 3})
    assert list(payload.arguments) == ["c", "a", "b"]


def test_one_field_of_ours_may_make_several_of_theirs(apply: Apply) -> None:
    lines = "fields:\n  w: {from: resolution, use: width}\n  h: {from: resolution, use: height}"
    assert apply(lines, {"resolution": "1280x720"}).arguments == {"w": 1280, "h": 720}


def test_the_payload_shares_nothing_with_the_mapping_or_the_request(apply: Apply) -> None:
    lines = (
        "fields:\n  c: {const: {deep: [1]}}\n  v: {from: resolution, values: {720p: {w: 1}}}\n"
        "  d: {from: seed, values: {1: {w: 1}}, default: 1}\n"
        "  l: {lookup: [resolution, aspect_ratio], table: {720p: {'16:9': {w: 1}}}}\n  p: {param: given}\n"
        "  f: {images: [asset], use: objects, with: {key: k, deep: {z: []}}}\nextra: {o: object, a: {type: array}}"
    )
    given = {"given": {"deep": [1]}, "o": {"deep": [1]}, "a": [[1]], "unknown": [1]}
    request: dict[str, Any] = {"resolution": "720p", "aspect_ratio": "16:9", "image_list": [image("asset")], **given}
    first = apply(lines, request).arguments
    again = apply(lines, request).arguments
    assert first == again
    first["c"]["deep"].append(2)
    first["v"]["w"] = first["l"]["w"] = first["d"]["w"] = 2
    first["p"]["deep"].append(2)
    first["o"]["deep"].append(2)
    first["a"][0].append(2)
    first["unknown"].append(2)
    first["f"][0]["deep"]["z"].append(2)
    assert apply(lines, request).arguments == again
    assert given == {"given": {"deep": [1]}, "o": {"deep": [1]}, "a": [[1]], "unknown": [1]}


def test_an_image_that_is_not_the_preferred_one_is_told(apply: Apply) -> None:
    lines = "fields: {x: {image: [first_frame, reference]}}"
    request: dict[str, Any] = {"image_list": [image("reference", TWO), image("first_frame")]}
    payload = apply(lines, request)
    assert payload.arguments == {"x": ONE}
    assert payload.warnings == ("'m' does not take an image with role 'reference'; it was left out",)
    with pytest.raises(ValidationError, match="'m' does not take an image with role 'reference'"):
        apply(lines, request, on_unsupported="error")


def test_a_plugins_converter(apply: Apply) -> None:
    def joined(value: Any, request: VideoGenerationRequest, *, between: str) -> str:
        return f"{request.prompt}{between}{request.negative_prompt or 'nothing'}"

    lines = "fields:\n  x: {takes: [prompt, negative_prompt], use: joined, with: {between: ' without '}}"
    options = {"converters": {"joined": joined}}
    assert apply(lines, {"prompt": "sea"}, **options).arguments == {"x": "sea without nothing"}
    assert apply(lines, {}, **options).arguments == {}
    payload = apply(lines, {"prompt": "sea", "negative_prompt": "land", "seed": 1}, **options)
    assert payload.arguments == {"x": "sea without land"}
    assert payload.warnings == ("'m' does not take seed; it was left out",)


def test_a_converter_that_refuses(apply: Apply) -> None:
    def never(value: Any, request: VideoGenerationRequest) -> Any:
        raise ValueError("it takes none at all")

    options = {"converters": {"never": never}}
    with pytest.raises(ValidationError, match="seed=3 is not offered by 'm'; it takes none at all"):
        apply("fields:\n  x: {from: seed, use: never}", {"seed": 3}, **options)
    with pytest.raises(ValidationError, match="'m' does not take these images: it takes none at all") as caught:
        apply("fields:\n  x: {images: all, use: never}", {"image_list": [image("asset")]}, **options)
    assert caught.value.field == "image_list"


def test_a_converter_that_breaks_is_the_plugins_fault(apply: Apply) -> None:
    def broken(value: Any, request: VideoGenerationRequest) -> Any:
        return value["no"]

    options = {"converters": {"broken": broken}}
    with pytest.raises(PluginError, match="converter 'broken' broke on 'x' of 'm': TypeError") as caught:
        apply("fields:\n  x: {from: seed, use: broken}", {"seed": 3}, **options)
    assert isinstance(caught.value.__cause__, TypeError)


def test_a_converter_may_send_nothing(apply: Apply) -> None:
    options = {"converters": {"nothing": lambda value, request: None}}
    assert apply("fields:\n  x: {from: seed, use: nothing}", {"seed": 3}, **options).arguments == {}


def test_a_request_with_defaults_of_its_own(library: Callable[..., Any]) -> None:
    class Short(VideoGenerationRequest):
        duration_seconds: float | None = 5.0

    text = "schema: 1\nmodels: [m]\ndocs: https://example.com\ntask: any\nfields: {prompt: prompt}"
    payload = library(text).find("m").apply(Short(prompt="p"), model="m")
    assert payload.warnings == ("'m' does not take duration_seconds; it was left out",)
