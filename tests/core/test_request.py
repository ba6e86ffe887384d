"""The request: what it takes, what it refuses, and that nothing of the caller's is changed."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tarash_core import ImageInput, ValidationError, VideoGenerationRequest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(20)
FULL: dict[str, Any] = {
    "prompt": "a red kite",
    "duration_seconds": 2.5,
    "resolution": "720p",
    "aspect_ratio": "16:9",
    "generate_audio": False,
    "image_list": [{"image": PNG, "role": "first_frame"}, {"image": "https://example.com/a.png", "role": "style"}],
    "video": MP4,
    "seed": -1,
    "number_of_videos": 2,
    "negative_prompt": "blurry",
    "enhance_prompt": True,
    "extra_params": {"cfg_scale": 0.5, "nested": {"list": [1, (2, 3)]}},
}


def test_the_table_has_every_field() -> None:
    assert FULL.keys() == VideoGenerationRequest.model_fields.keys()


def test_unknown_keywords_become_extra_params_and_the_callers_dict_stays_as_it_was() -> None:
    given_params = {"cfg_scale": 0.5}
    document = {"prompt": "x", "extra_params": given_params, "loop": True}
    before = copy.deepcopy(document)
    request = VideoGenerationRequest(**document)
    assert VideoGenerationRequest.model_validate(document) == request
    assert request.extra_params == {"cfg_scale": 0.5, "loop": True}
    assert document == before
    assert VideoGenerationRequest.model_validate({"extra_params": None, "loop": 1}).extra_params == {"loop": 1}


def test_what_the_caller_changes_later_stays_the_callers() -> None:
    params: dict[str, Any] = {"list": [1, {"a": 1}], "tuple": (1, [2])}
    request = VideoGenerationRequest.model_validate({"extra_params": params, "other": params["list"]})
    params["list"][1]["a"] = 2
    params["list"].append(3)
    params["tuple"][1].append(3)
    params["new"] = 1
    assert request.extra_params == {"list": [1, {"a": 1}], "tuple": (1, [2]), "other": [1, {"a": 1}]}


def test_extra_params_nested_in_themselves_are_refused() -> None:
    params: dict[str, Any] = {}
    params["self"] = params
    with pytest.raises(ValidationError, match="extra_params: nested more than 64 deep"):
        VideoGenerationRequest(extra_params=params)


@pytest.mark.parametrize(
    ("spelling", "role"),
    [
        ("first_frame", "first_frame"),
        ("start_frame", "first_frame"),
        ("last_frame", "last_frame"),
        ("end_frame", "last_frame"),
        ("reference", "reference"),
        ("asset", "asset"),
        ("style", "style"),
    ],
)
def test_roles(spelling: str, role: Any) -> None:
    request = VideoGenerationRequest(image_list=[{"image": PNG, "role": spelling}])
    assert request.image_list[0].role == role
    assert request.images(role) == request.images() == (request.image_list[0].image,)


def test_images_by_role_keep_their_order() -> None:
    roles = ["reference", "first_frame", "reference", "style"]
    addresses = [f"https://example.com/{number}" for number in range(4)]
    images = [{"image": url, "role": role} for url, role in zip(addresses, roles, strict=True)]
    request = VideoGenerationRequest(image_list=images)
    assert [media.url for media in request.images("reference", "style")] == [addresses[0], addresses[2], addresses[3]]
    assert request.images("asset") == ()


# keyword arguments, the field that the error names, what its message says
REFUSED: list[tuple[dict[str, Any], str | None, str]] = [
    ({"duration_seconds": 0}, "duration_seconds", "duration_seconds=0: input should be greater than 0"),
    ({"duration_seconds": -1}, "duration_seconds", "duration_seconds=-1: input should be greater than 0"),
    ({"duration_seconds": float("inf")}, "duration_seconds", "duration_seconds=inf: input should be"),
    ({"duration_seconds": float("nan")}, "duration_seconds", "duration_seconds=nan: input should be"),
    ({"duration_seconds": 10**400}, "duration_seconds", "input should be a valid number"),
    ({"duration_seconds": 86_401}, "duration_seconds", "input should be less than or equal to 86400"),
    ({"duration_seconds": "8s"}, "duration_seconds", "duration_seconds='8s': input should be a valid number"),
    ({"duration_seconds": True}, "duration_seconds", "duration_seconds: True is not a number"),
    ({"seed": True}, "seed", "seed: True is not a number"),
    ({"seed": 1.5}, "seed", "seed=1.5: input should be a valid integer"),
    ({"number_of_videos": False}, "number_of_videos", "False is not a number"),
    ({"number_of_videos": 0}, "number_of_videos", "number_of_videos=0: input should be greater than or equal to 1"),
    ({"number_of_videos": 2.5}, "number_of_videos", "number_of_videos=2.5: input should be a valid integer"),
    ({"resolution": 720}, "resolution", "resolution=720: input should be a valid string"),
    ({"resolution": ""}, "resolution", "resolution='': string should have at least 1 character"),
    ({"aspect_ratio": "x" * 65}, "aspect_ratio", "string should have at most 64 characters"),
    ({"generate_audio": "loud"}, "generate_audio", "generate_audio='loud': input should be a valid boolean"),
    ({"prompt": 5}, "prompt", "prompt=5: input should be a valid string"),
    ({"prompt": b"\xff" * 1000}, "prompt", "prompt=b'"),
    ({"extra_params": [1]}, "extra_params", "extra_params=[1]: input should be a valid dictionary"),
    ({"extra_params": [1], "loop": 1}, "extra_params", "extra_params=[1]: input should be a valid dictionary"),
    ({"extra_params": {"loop": 0}, "loop": 1}, "loop", "'loop' is given both as a keyword and in extra_params"),
    ({"video": "missing.mp4"}, "video", "video: no such file 'missing.mp4'"),
    ({"video": PNG}, "video", "is not a video (its bytes say: image/png)"),
    ({"image_list": [{"image": MP4, "role": "style"}]}, "image_list", "image_list.0: image: <bytes, video/mp4"),
    ({"image_list": [{"image": PNG, "role": "banana"}]}, "image_list", "image_list.0: role='banana': input should be"),
    ({"image_list": [{"image": PNG, "role": 5}]}, "image_list", "image_list.0: role=5: input should be 'first_frame'"),
    ({"image_list": [{"image": PNG}]}, "image_list", "image_list.0: ImageInput needs 'role'"),
    ({"image_list": [{"role": "style"}]}, "image_list", "image_list.0: ImageInput needs 'image'"),
    (
        {"image_list": [{"image": PNG, "role": "style"}, {"image": "gone.png", "role": "style"}]},
        "image_list",
        "image_list.1: image: no such file 'gone.png'",
    ),
    (
        {"image_list": [{"image": PNG, "role": "style", "rol": "style"}]},
        "image_list",
        "image_list.0: ImageInput has no field 'rol'; did you mean 'role'?",
    ),
    ({"image_list": PNG}, "image_list", "input should be a valid tuple"),
    ({"image_list": [PNG]}, "image_list", "image_list.0: ImageInput=b'"),
]


@pytest.mark.parametrize(("arguments", "field", "says"), REFUSED, ids=[says[:50] for _, _, says in REFUSED])
def test_errors_name_the_field_the_value_and_what_is_allowed(
    arguments: dict[str, Any], field: str | None, says: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        VideoGenerationRequest(**arguments)
    assert says in str(raised.value)
    assert raised.value.field == field
    assert len(str(raised.value)) < 400
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


def test_several_mistakes_are_told_together() -> None:
    with pytest.raises(ValidationError) as raised:
        VideoGenerationRequest(seed="x", number_of_videos=0)
    assert "seed='x'" in str(raised.value)
    assert "; number_of_videos=0" in str(raised.value)
    assert raised.value.field == "seed"


def test_an_image_input_by_itself_raises_tarashs_own_error() -> None:
    with pytest.raises(ValidationError, match=r"^role='banana': input should be") as raised:
        ImageInput.model_validate({"image": PNG, "role": "banana"})
    assert raised.value.field == "role"


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "", '{"prompt": 1}'])
def test_bad_json_raises_tarashs_own_error(text: str) -> None:
    with pytest.raises(ValidationError):
        VideoGenerationRequest.model_validate_json(text)


def test_frozen() -> None:
    request = VideoGenerationRequest(**FULL)
    with pytest.raises(ValidationError, match="is frozen; make another with model_copy"):
        request.prompt = "another"  # type: ignore[misc]  # the mistake under test
    assert request.model_copy(update={"prompt": "another"}).prompt == "another"


def test_json_comes_back_with_its_bytes() -> None:
    request = VideoGenerationRequest(**FULL)
    text = request.model_dump_json()
    for back in (VideoGenerationRequest.model_validate_json(text), VideoGenerationRequest(**json.loads(text))):
        assert back.image_list == request.image_list
        assert back.video == request.video
        assert back.image_list[0].image.data == PNG
        assert back.model_dump_json() == text


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_copies_and_pickles_are_equal(again: Any) -> None:
    request = VideoGenerationRequest(**FULL)
    assert again(request) == request


@given(st.dictionaries(st.sampled_from(["prompt", "seed", "resolution"]), st.integers() | st.text(min_size=1)))
def test_equal_requests_have_equal_hashes(arguments: dict[str, Any]) -> None:
    try:
        first, second = VideoGenerationRequest(**arguments), VideoGenerationRequest(**arguments)
    except ValidationError:
        return
    assert first == second
    assert hash(first) == hash(second)


def test_different_requests_differ() -> None:
    request = VideoGenerationRequest(**FULL)
    for field in FULL:
        assert request.model_copy(update={field: "something else"}) != request


@given(st.floats(min_value=0, max_value=86_400, exclude_min=True, allow_subnormal=False))
def test_any_sane_duration(seconds: float) -> None:
    assert VideoGenerationRequest(duration_seconds=seconds).duration_seconds == seconds
