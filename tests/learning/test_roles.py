"""What a parameter is taken for, in which form, and how doubt is said. The models here are made up."""

from __future__ import annotations

from typing import Any

import pytest

from tarash_core.learning import Learned, learn

TEXT = {"type": "string"}
IMAGES = {"type": "array", "items": TEXT}
NUMBER = {"type": "number"}
SWITCH = {"type": "boolean"}
PLACES = {"type": "array", "items": {"type": "object", "properties": {"url": TEXT, "start_frame": {"type": "integer"}}}}


def learned(model: str = "acme/kite", required: tuple[str, ...] = (), **properties: Any) -> Learned:
    schema = {"properties": {"prompt": TEXT, **properties}, "required": [*required]}
    return learn(schema, model=model, provider="acme", source="a test", read="2026-11-23")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"enum": ["5", "10"]}, {"as": "string", "one_of": [5, 10]}),
        ({"enum": ["5s", "2.5s"]}, {"as": "{}s", "one_of": [5, 2.5]}),
        ({"enum": ["5 seconds", "8 seconds"]}, {"as": "{} seconds", "one_of": [5, 8]}),
        ({"enum": [5, 10]}, {"as": "integer", "one_of": [5, 10]}),
        ({"enum": [2.5, 5]}, {"one_of": [2.5, 5]}),
        ({"enum": ["auto", "4", "6"]}, {"as": "string", "one_of": [4, 6], "also": ["auto"]}),
        ({"enum": [-1, 5]}, {"as": "integer", "one_of": [5], "also": [-1]}),
        ({"enum": ["0", "5"]}, {"as": "string", "one_of": [5], "also": ["0"]}),
        ({"type": "integer", "minimum": -1, "maximum": 15}, {"as": "integer", "min": 1, "max": 15}),
        ({"type": "number", "maximum": 9.5}, {"max": 9.5}),
        ({"type": "string", "default": "8s"}, {"as": "{}s"}),
        ({"anyOf": [{"type": "integer"}, {"enum": ["auto"]}]}, {"as": "integer", "also": ["auto"]}),
    ],
)
def test_a_duration_is_sent_in_the_form_that_is_published(schema: dict[str, Any], words: dict[str, Any]) -> None:
    assert learned(duration=schema).document["fields"]["duration"] == {"from": "duration_seconds", **words}


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        (
            {
                "num_frames": {"type": "integer", "default": 81, "maximum": 121},
                "fps": {"type": "integer", "default": 16},
            },
            {"use": "frames", "with": {"fps": 16, "rate": "fps", "plus": 1, "most": 121}},
        ),
        (
            {"num_frames": {"enum": ["49", "97"]}, "frame_rate": {"type": "integer", "default": 24}},
            {"values": {2: "49", 4: "97"}},
        ),
    ],
)
def test_frames_are_seconds_where_the_rate_is_known(properties: dict[str, Any], words: dict[str, Any]) -> None:
    assert learned(**properties).document["fields"]["num_frames"] == {"from": "duration_seconds", **words}


def test_the_rate_of_frames_may_be_told_by_their_description() -> None:
    frames = {"type": "integer", "default": 81, "description": "Number of frames, played at 16 fps."}
    words = learned(num_frames=frames).document["fields"]["num_frames"]
    assert words == {"from": "duration_seconds", "use": "frames", "with": {"fps": 16, "plus": 1}}
    either = frames | {"description": "Frames at 16 fps, or 24 fps for the large model."}
    assert learned(num_frames=either).doubts == {"num_frames": "could be frames"}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 2500, "maximum": 10000}, {"use": "milliseconds", "min": 2.5, "max": 10}),
        ({"enum": [4000, 8500]}, {"values": {4: 4000, 8.5: 8500}}),
        ({"type": "integer"}, {"use": "milliseconds"}),
    ],
)
def test_a_duration_may_be_one_of_milliseconds(schema: dict[str, Any], words: dict[str, Any]) -> None:
    assert learned(durationMs=schema).document["fields"]["durationMs"] == {"from": "duration_seconds", **words}


def test_frames_without_a_rate_are_marked_and_not_guessed() -> None:
    found = learned(num_frames={"type": "integer", "default": 96})
    assert found.doubts == {"num_frames": "could be frames"}
    assert "num_frames: {type: integer}  # unsure: could be frames; default 96" in found.text


@pytest.mark.parametrize(
    ("name", "schema", "field", "words"),
    [
        ("aspect_ratio", {"enum": ["16:9", "auto"]}, "aspect_ratio", {"one_of": ["16:9", "auto"]}),
        ("orientation", {"enum": ["portrait", "landscape"]}, "aspect_ratio",
         {"values": {"9:16": "portrait", "16:9": "landscape"}}),
        ("video_size", {"enum": ["square_hd", "portrait_4_3", "landscape_16_9"]}, "aspect_ratio",
         {"values": {"1:1": "square_hd", "3:4": "portrait_4_3", "16:9": "landscape_16_9"}}),
        ("aspect_ratio", {"enum": ["widescreen_16_9", "social_story_9_16"]}, "aspect_ratio",
         {"values": {"16:9": "widescreen_16_9", "9:16": "social_story_9_16"}}),
        ("quality", {"enum": ["540p", "1080p"]}, "resolution", {"one_of": ["540p", "1080p"]}),
        ("resolution", {"enum": [480, 720]}, "resolution", {"values": {"480p": 480, "720p": 720}}),
        ("sound", {"enum": ["on", "off"]}, "generate_audio", {"values": {True: "on", False: "off"}}),
        ("sound", {"anyOf": [{"type": "boolean"}, TEXT]}, "generate_audio", {}),
        ("resolution", {"enum": ["square_hd", "landscape_16_9"]}, "aspect_ratio",
         {"values": {"1:1": "square_hd", "16:9": "landscape_16_9"}}),
        ("num_videos", {"type": "integer", "minimum": 1, "maximum": 4}, "number_of_videos", {"min": 1, "max": 4}),
    ],
)  # fmt: skip
def test_values_are_translated(name: str, schema: dict[str, Any], field: str, words: dict[str, Any]) -> None:
    assert learned(**dict[str, Any]({name: schema})).document["fields"][name] == {"from": field, **words}


def test_a_size_is_looked_up_by_resolution_and_ratio() -> None:
    sizes = ["1280*720", "720*1280", "1920*1080", "960*960", "auto"]
    words = learned(size={"enum": sizes, "default": "1280*720"}).document["fields"]["size"]
    assert words == {
        "lookup": ["resolution", "aspect_ratio"],
        "table": {
            "720p": {"16:9": "1280*720", "9:16": "720*1280"},
            "1080p": {"16:9": "1920*1080"},
            "960p": {"1:1": "960*960"},
        },
        "default": ["720p", "16:9"],
        "also": ["auto"],
    }


def test_a_size_that_has_to_be_given_has_its_default() -> None:
    size = {"enum": ["1280x720", "720x1280"], "default": "1280x720"}
    rule = learned(required=("size",), size=size).document["fields"]["size"]
    assert rule["default"] == ["720p", "16:9"]
    assert "required" not in rule


def test_a_size_beside_a_ratio_is_asked_for_by_its_pixels() -> None:
    size = {"enum": ["1280x720", "720x1280"]}
    fields = learned(size=size, aspect_ratio={"enum": ["16:9", "9:16"]}).document["fields"]
    assert fields["size"] == {"from": "resolution", "one_of": ["1280x720", "720x1280"]}
    assert fields["aspect_ratio"]["from"] == "aspect_ratio"


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        (("image_url", "tail_image_url"), {"first_frame": "image_url", "last_frame": "tail_image_url"}),
        (("start_image", "image", "end_image"), {"first_frame": "start_image", "last_frame": "end_image"}),
        (("imageUri", "finalFrame"), {"first_frame": "imageUri", "last_frame": "finalFrame"}),
        (("reference_image", "mask_image", "image_strength"), {"only_image": "reference_image"}),
        (("reference_image", "video"), {"reference": "reference_image", "video": "video"}),
        (("subject_reference_image", "mask_image"), {"reference": "subject_reference_image"}),
        (("reference_url",), {"only_image": "reference_url"}),
        (("style_image",), {"style": "style_image"}),
        (("style_reference_url",), {"style": "style_reference_url"}),
        (("video_id", "return_last_frame", "end_video"), {}),
    ],
)
def test_images_by_their_names(names: tuple[str, ...], roles: dict[str, str]) -> None:
    assert learned(**dict[str, Any](dict.fromkeys(names, TEXT))).roles == {"prompt": "prompt", **roles}


def test_an_image_beside_a_video_to_follow_is_somebody() -> None:
    moved = learned("acme/motion-control", required=("image", "video"), image=TEXT, video=TEXT)
    either = learned(image=TEXT, video=TEXT)
    assert (moved.roles["reference"], moved.task) == ("image", "video-to-video")
    named = learned("acme/talking-portrait", image=TEXT)
    three = learned(image=TEXT, video=TEXT, references=IMAGES)
    assert either.roles["only_image"] == named.roles["only_image"] == "image"
    assert (three.roles["first_frame"], three.doubts["image"]) == ("image", "taken for first_frame")


def test_a_word_of_style_is_no_image_of_one() -> None:
    assert learned(image_style=TEXT, image=TEXT).roles == {"prompt": "prompt", "first_frame": "image"}


def test_the_owner_of_a_model_says_nothing_of_its_images() -> None:
    assert learned("character-ai/kite", image=TEXT).roles["first_frame"] == "image"
    assert learned("acme/kite-character", image=TEXT).roles["reference"] == "image"


def some_of(*names: str) -> dict[str, Any]:
    return {"anyOf": [{"required": [name]} for name in names]}


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        (some_of("prompt", "start_image"), [{"some_of": ["prompt", "first_frame"]}]),
        (some_of("start_image", "file_id"), [{"some_of": ["first_frame", "file_id"]}]),
        (some_of("start_image", "nothing"), None),
        (some_of("images", "prompt"), None),  # references or assets: no one thing of a request
        (
            {"anyOf": [{"required": ["prompt", "file_id"]}, {"required": ["start_image"]}]},
            [{"when": {"first_frame": "missing"}, "needs": ["prompt", "file_id"]}],
        ),
        ({"anyOf": [{"required": ["prompt", "file_id"]}, {"required": ["prompt", "start_image"]}]}, None),
        ({"anyOf": [{"required": ["prompt"]}, {"required": ["prompt", "start_image"]}]}, None),
        ({"anyOf": [{"required": ["prompt"]}, {"required": ["prompt"]}]}, None),
        ({"anyOf": ["prompt"]}, None),
        ({"anyOf": [{"required": [["prompt"]]}, {"required": ["start_image"]}]}, None),
        (
            {"anyOf": [{"required": ["prompt", "file_id", "prompt"]}, {"required": ["start_image"]}]},
            [{"when": {"first_frame": "missing"}, "needs": ["prompt", "file_id"]}],
        ),
        ({"anyOf": [{"properties": {"file_id": TEXT}}]}, None),
        ({"anyOf": []}, None),
    ],
)
def test_that_one_of_several_has_to_be_given_is_a_rule(told: dict[str, Any], rules: object) -> None:
    properties = {"prompt": TEXT, "start_image": TEXT, "file_id": TEXT, "images": IMAGES}
    found = learn({"properties": properties, **told}, model="acme/kite", provider="acme", source="a test", read="today")
    assert found.document.get("rules") == rules


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (
            {"properties": {"uri": TEXT, "position": {"enum": ["first", "last"]}}, "required": ["uri", "position"]},
            {"key": "uri", "place": "position", "first": "first", "last": "last"},
        ),
        (
            {
                "properties": {
                    "image_url": {"type": "object", "properties": {"url": TEXT}, "required": ["url"]},
                    "type": {"enum": ["image_url"]},
                    "frame_type": {"enum": ["last_frame", "first_frame"]},
                },
                "required": ["image_url", "type", "frame_type"],
            },
            {
                "key": "image_url.url",
                "place": "frame_type",
                "first": "first_frame",
                "last": "last_frame",
                "type": "image_url",
            },
        ),
    ],
)
def test_objects_that_say_which_frame_they_hold_are_made(item: dict[str, Any], words: dict[str, Any]) -> None:
    frames = {"type": "array", "items": item}
    found = learned(frame_images=frames)
    assert found.document["fields"]["frame_images"] == {
        "images": ["first_frame", "last_frame"],
        "max_items": 2,
        "use": "placed",
        "with": words,
    }
    more = {**item, "required": [*item["required"], "kind"]}
    more["properties"] = {**item["properties"], "kind": {"enum": ["png", "jpg"]}}
    chosen = learned(frame_images={"type": "array", "items": more})
    assert "frame_images" not in chosen.roles.values(), "nothing says which kind it is to be"
    beside = learned(frame_images=frames, first_frame=TEXT)
    assert beside.roles["first_frame"] == "first_frame"
    assert beside.doubts == {"frame_images": "could be first_frame and last_frame"}


def test_one_image_is_sent_once() -> None:
    elements = {"type": "array", "items": {"properties": {"image_url": TEXT}}}
    found = learned("acme/effects", image=TEXT, elements=elements)
    assert found.roles == {"prompt": "prompt", "first_frame": "image", "reference": "elements"}
    assert found.document["fields"]["image"] == {"image": "first_frame"}
    assert found.doubts["image"] == "taken for first_frame"


def test_objects_around_files_are_made() -> None:
    image = {"type": "object", "properties": {"url": TEXT}}
    one, kinds = {"enum": ["image"]}, {"enum": ["base64", "url"]}
    last = {"type": "object", "properties": {"kind": kinds, "url": TEXT, "data": TEXT}, "required": ["kind"]}
    references = {"type": "array", "items": {"properties": {"uri": TEXT, "type": one}, "required": ["uri", "type"]}}
    either = {"type": "object", "properties": {"type": {"enum": ["image", "video"]}, "url": TEXT}, "required": ["type"]}
    assert "image" not in learned(image=either).roles.values(), "nothing says that it is to be an image"
    subject = {"type": "array", "items": {"properties": {"image": IMAGES, "type": one}, "required": ["type"]}}
    character = learned(subject_reference=subject)
    assert character.document["fields"]["subject_reference"]["with"] == {
        "key": "image",
        "listed": True,
        "type": "image",
    }
    assert character.doubts == {"subject_reference": "taken for reference"}
    fields = learned(image=image, references=references, clips=PLACES, last_frame=last).document["fields"]
    assert fields["image"] == {"image": "first_frame", "use": "object", "with": {"key": "url"}}
    assert fields["last_frame"] == {"image": "last_frame", "use": "object", "with": {"key": "url", "kind": "url"}}
    assert fields["references"]["use"] == "objects"
    assert fields["references"]["with"] == {"key": "uri", "type": "image"}
    assert "clips" not in fields, "each is placed in time, which a list of videos cannot say"


@pytest.mark.parametrize(
    ("description", "role"),
    [
        ("URL of the last frame of the video", "last_frame"),
        ("Reference image of the person to show", "reference"),
        ("The image to animate", "first_frame"),
        ("The picture to begin with", "first_frame"),
    ],
)
def test_a_description_decides_where_the_name_does_not(description: str, role: str) -> None:
    roles = learned(image_url={**TEXT, "description": description}).roles
    assert roles == {"prompt": "prompt", role: "image_url"}


def described(text: str, **words: Any) -> dict[str, Any]:
    return {"description": text, **(words or TEXT)}


@pytest.mark.parametrize(
    ("parameter", "role"),
    [
        (described("Address (URL) of the input video"), "video"),
        (described("The file of the source image"), "only_image"),
        (described("URL of the mask of the input video"), None),
        (described("A name for the input video"), None),
        (described("Duration of the generated video in seconds", type="integer", maximum=12), "duration"),
        (described("Length of the video in frames, 24 a second", type="integer", maximum=12), None),
        (described("Describe the scene of the kite"), "prompt"),
        (described("Describe what to avoid in the video"), None),
        (described("What is put into the prompt template of the effect"), None),
    ],
)
def test_what_has_a_name_of_its_own_is_told_by_its_description(parameter: dict[str, Any], role: str | None) -> None:
    schema = {"properties": {"zephyr": parameter, "seed": {"type": "integer"}}, "required": ["zephyr"]}
    found = learn(schema, model="acme/kite", provider="acme", source="a test", read="2026-11-23")
    assert dict(found.roles) == {"seed": "seed", **({role: "zephyr"} if role else {})}
    assert not role or found.doubts["zephyr"].startswith("taken for")


@pytest.mark.parametrize(
    ("description", "most", "role"),
    [
        ("Start frame and end frame images", 2, "both_frames"),
        ("Start frame and end frame images", None, "both_frames"),
        ("Reference images: the first is the start frame, the second the end frame", 2, "both_frames"),
        ("Start frame and end frame images, or more in between", 5, None),
        ("The first-frame image", 1, "first_frame"),
        ("Reference image URLs for image-to-video", None, "only_image"),
        ("Reference images of a character", None, "reference"),
    ],
)
def test_a_list_is_for_what_its_description_says(description: str, most: int | None, role: str | None) -> None:
    limit = {"maxItems": most} if most else {}
    found = learned(images=described(description, type="array", items=TEXT, **limit))
    assert found.roles == {"prompt": "prompt", **({role: "images"} if role else {})}
    if role == "both_frames":
        assert found.document["fields"]["images"] == {
            "images": ["first_frame", "last_frame"],
            "min_items": 1,
            "max_items": 2,
        }


@pytest.mark.parametrize(("most", "role"), [(1, "first_frame"), (2, "both_frames"), (3, None)])
def test_a_short_list_beside_one_of_references_is_of_frames(most: int, role: str | None) -> None:
    listed = {"type": "array", "items": TEXT}
    found = learned(image_urls={**listed, "maxItems": most}, reference_image_urls=listed)
    assert found.roles.pop("reference") == "reference_image_urls"
    assert found.roles == {"prompt": "prompt", **({role: "image_urls"} if role else {})}


def test_a_reference_beside_a_last_frame_is_the_first() -> None:
    found = learned(image_url=described("Reference image URL"), end_image_url=TEXT)
    assert found.roles == {"prompt": "prompt", "first_frame": "image_url", "last_frame": "end_image_url"}


def test_an_image_beside_references_is_the_first_frame_also_of_a_model_that_shows_somebody() -> None:
    found = learned("acme/kite-character", image=TEXT, reference_images={"type": "array", "items": TEXT})
    assert found.roles == {"prompt": "prompt", "first_frame": "image", "reference": "reference_images"}


def test_a_list_called_references_is_more_certain_than_one_image_said_to_be_one() -> None:
    listed = {"type": "array", "items": TEXT}
    found = learned(image=described("A single reference image"), reference_images=listed)
    assert found.roles == {"prompt": "prompt", "reference": "reference_images"}


@pytest.mark.parametrize("model", ["acme/kite/image-to-video", "acme/kite"])
def test_what_a_video_starts_from_may_be_called_a_reference(model: str) -> None:
    image = described("URL of the reference image" + (" for image-to-video generation" if model == "acme/kite" else ""))
    assert learned(model, required=("image_url",), image_url=image).roles["only_image"] == "image_url"


@pytest.mark.parametrize(
    ("model", "required", "names", "task"),
    [
        ("acme/kite/image-to-video", (), ("image",), "image-to-video"),
        ("acme/kite-i2v", (), ("image",), "image-to-video"),
        ("acme/kite", ("image",), ("image",), "image-to-video"),
        ("acme/kite", (), ("image",), "text-to-video"),
        ("acme/kite", ("image", "end_image"), ("image", "end_image"), "first-last-frame-to-video"),
        ("acme/kite", ("video",), ("video",), "video-to-video"),
        ("acme/kite/extend", ("video",), ("video",), "extend-video"),
        ("acme/kite", ("reference_images",), (), "reference-to-video"),
        ("acme/kite/image-to-video", ("reference_images",), (), "reference-to-video"),
        ("acme/kite-ref2v", (), ("image",), "reference-to-video"),
        ("acme/kite/extend", (), ("video_id",), "extend-video"),
        ("acme/kite-extended", (), ("video_id",), "text-to-video"),
        ("acme/kite/edit", (), ("video",), "video-to-video"),
    ],
)
def test_the_task(model: str, required: tuple[str, ...], names: tuple[str, ...], task: str) -> None:
    properties: dict[str, Any] = dict.fromkeys(names, TEXT)
    if "reference_images" in required:
        properties["reference_images"] = {"type": "array", "items": TEXT}
    assert learned(model, required, **properties).task == task


SIDE = {"type": "integer", "enum": [512, 768]}
MANY = {"type": "integer", "enum": list(range(256, 1025, 64))}


def test_enumerated_sides_are_asked_for_by_the_sizes_they_make() -> None:
    fields = learned(width=SIDE, height=SIDE).document["fields"]
    assert fields["width"] == {
        "from": "resolution",
        "values": {"512x512": 512, "512x768": 512, "768x512": 768, "768x768": 768},
    }
    assert fields["height"]["values"] == {"512x512": 512, "512x768": 768, "768x512": 512, "768x768": 768}
    many = learned(video_width=MANY, video_height=MANY).document["fields"]["video_width"]["values"]
    assert {"1024x576", "576x1024", "640x640"} < {*many}
    assert "256x1024" not in many, "of many only those of usual ratios"
    assert "width" not in learned(width=SIDE).roles


def test_a_number_of_lines_is_asked_for_by_the_usual_resolutions_within_it() -> None:
    lines = {"type": "integer", "minimum": 480, "maximum": 800, "multipleOf": 16, "default": 496}
    words = learned(resolution=lines).document["fields"]["resolution"]
    assert words == {
        "from": "resolution",
        "values": {
            "480p": 480,
            "496p": 496,
            "512p": 512,
            "576p": 576,
            "640p": 640,
            "704p": 704,
            "720p": 720,
            "768p": 768,
        },
    }


def test_what_is_not_a_request_field_but_has_its_name_is_left_out() -> None:
    found = learned(resolution={"type": "integer"})
    assert {*found.document["fields"], *found.document.get("extra", {})} == {"prompt"}
    assert "\n# 'resolution' is left out: it is not what a request's field of this name holds.\n" in found.text


def test_the_file_says_where_it_is_from_and_what_it_leaves_to_a_reviewer() -> None:
    found = learned(
        "acme/kite",
        ("mode",),
        references={"type": "array", "items": TEXT},
        mode={"enum": ["fast"]},
        callback_url={"type": "string", "format": "uri"},
        audio_url=TEXT,
        steps={"type": "integer", "minimum": 1, "maximum": 50, "default": 30},
    )
    assert found.text == (
        "# acme/kite, learned from a test, read 2026-11-23. Not reviewed by a person.\n"
        "# Not certain, and marked 'unsure': references.\n"
        "schema: 1\n"
        "provider: acme\n"
        "models: [acme/kite]\n"
        "task: text-to-video\n"
        "fields:\n"
        "  prompt:     prompt\n"
        "  references: {images: [reference, asset]}  # unsure: taken for reference\n"
        "  mode:       {const: fast}\n"
        "extra:\n"
        "  callback_url: {type: string}\n"
        "  audio_url:    {type: media}\n"
        "  steps:        {type: integer, min: 1, max: 50}  # default 30\n"
    )
