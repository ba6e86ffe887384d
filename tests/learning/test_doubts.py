"""What is left open, what is taken in either of two roles, and what settles a doubt. The models here are made up."""

from __future__ import annotations

from typing import Any

import pytest

from tarash_core.learning import Learned, learn

TEXT = {"type": "string"}
IMAGES = {"type": "array", "items": TEXT}
NUMBER = {"type": "number"}
SWITCH = {"type": "boolean"}


def learned(model: str = "acme/kite", required: tuple[str, ...] = (), **properties: Any) -> Learned:
    schema = {"properties": {"prompt": TEXT, **properties}, "required": [*required]}
    return learn(schema, model=model, provider="acme", source="a test", read="2026-11-23")


@pytest.mark.parametrize(
    ("properties", "required"),
    [
        ({"driving_video": TEXT}, ("image",)),
        ({"video": TEXT, "pose_guidance_scale": {"type": "number"}}, ()),
        ({"audio_url": TEXT}, ("image", "audio_url")),
        ({"text": TEXT, "voice": {"enum": ["Aria", "Roger"]}}, ("image", "text")),
        ({"video": TEXT}, ("video",)),  # the first frame, or what is to be put into it
        ({"video": TEXT}, ("image", "video")),
        ({"ip_scale": NUMBER}, ()),  # somebody, of whom a number says how much is kept
        ({"reference_strength": NUMBER}, ()),
    ],
)
def test_the_one_image_that_may_be_somebody_is_taken_in_either_role(
    properties: dict[str, Any], required: tuple[str, ...]
) -> None:
    found = learned(required=required, image=TEXT, **properties)
    assert found.roles["only_image"] == "image"
    assert found.doubts["image"] == "taken for first_frame or reference"
    assert found.document["fields"]["image"]["image"] == ["first_frame", "reference"]
    two = learned(required=required, image=TEXT, other_picture=TEXT, **properties)
    assert two.doubts["image"] == "could be first_frame"


@pytest.mark.parametrize(
    ("properties", "required", "name"),
    [
        ({"image_1": TEXT, "image_2": TEXT}, (), "image_2"),
        ({"to_image": TEXT}, (), "to_image"),
        ({"end_seconds": NUMBER, "start_seconds": NUMBER}, ("end_seconds",), "end_seconds"),
        ({"end_seconds": NUMBER, "video": TEXT}, ("end_seconds", "video"), "end_seconds"),
        ({"batch_size": {"type": "integer", "default": 4}}, (), "batch_size"),
        ({"seed_strength": NUMBER}, (), "seed_strength"),
        ({"video_format": TEXT}, (), "video_format"),
        ({"first_image_cropping": TEXT}, (), "first_image_cropping"),  # how it is cropped
        ({"keep_audio": SWITCH}, (), "keep_audio"),
        ({"sound_effects": SWITCH}, (), "sound_effects"),  # without the sound of what is seen
    ],
)
def test_what_only_looks_like_it_has_no_role(properties: dict[str, Any], required: tuple[str, ...], name: str) -> None:
    assert name not in learned(required=required, **properties).roles.values()


def test_the_one_character_who_speaks_is_taken_in_either_role() -> None:
    found = learned(required=("character_image",), character_image=TEXT, audio_url=TEXT)
    assert found.roles["only_image"] == "character_image"
    silent = learned(required=("character_image",), character_image=TEXT)
    assert silent.roles["reference"] == "character_image"


def test_a_plain_list_of_images_is_taken_in_either_role() -> None:
    found = learned(images=IMAGES)
    assert (found.roles["only_image"], found.doubts) == ("images", {"images": "taken for first_frame or reference"})
    assert found.document["fields"]["images"] == {"images": ["first_frame", "reference", "asset"]}
    assert learned("acme/kite/transition", images=IMAGES).doubts == {"images": "could be reference"}
    assert learned("acme/kite/text-to-video", images=IMAGES).doubts == {"images": "could be reference"}


@pytest.mark.parametrize(
    ("properties", "required", "doubted"),
    [
        ({"source_video": TEXT, "driving_video": TEXT}, (), "source_video"),  # one is shown, one is followed
        ({"max_frames": {"type": "integer"}, "fps": {"default": 8}, "video": TEXT}, ("video",), "max_frames"),
        ({"num_frames": {"type": "integer", "default": 1}, "fps": {"default": 8}}, (), "num_frames"),  # in between
        ({"images": IMAGES, "image": TEXT}, (), "images"),
        ({"images": {**IMAGES, "minItems": 2}}, (), "images"),  # keyframes, or a show of slides
        ({"garment_image": TEXT, "image": TEXT}, (), "garment_image"),
        ({"animation_length": {"type": "integer", "maximum": 24, "default": 16}}, (), "animation_length"),
        ({"images": IMAGES, "last_frame": TEXT, "transitions": IMAGES}, (), "images"),
        ({"character_image": TEXT, "audio_url": TEXT}, (), "character_image"),  # shown, or the first frame
        ({"reference_frames": IMAGES}, (), "reference_frames"),
        ({"reference_garment_image": TEXT}, (), "reference_garment_image"),
        ({"characters": IMAGES}, (), "characters"),  # their names, perhaps
        ({"head_image": TEXT}, (), "head_image"),
        ({"first_image": TEXT, "second_image": TEXT}, (), "first_image"),  # the first of two
        ({"timeout_ms": {"type": "integer"}, "ms": NUMBER}, (), "ms"),
        ({"use_audio": SWITCH, "audio_url": TEXT}, (), "use_audio"),
        ({"include_audio": SWITCH, "video_url": TEXT}, ("video_url",), "include_audio"),
        ({"video_length": {"type": "integer", "default": 16}}, (), "video_length"),  # frames, at 8 a second
        ({"length": {"type": "integer", "maximum": 128}}, (), "length"),
        ({"duration": {"type": "integer", "default": 5000}}, (), "duration"),
        ({"num_clips": {"type": "integer", "default": 1}}, (), "num_clips"),
        ({"n": {"type": "integer", "default": 4}}, (), "n"),
        ({"grid": {"enum": ["2x2", "3x3"]}}, (), "grid"),
        ({"flip": {"enum": ["horizontal", "vertical"]}}, (), "flip"),
        ({"tile_size": {"enum": ["256x256", "512x512"]}}, (), "tile_size"),
        ({"enhance": SWITCH}, (), "enhance"),
    ],
)
def test_a_doubt_is_left_open(properties: dict[str, Any], required: tuple[str, ...], doubted: str) -> None:
    found = learned(required=required, **properties)
    assert doubted not in found.roles.values()
    assert found.doubts[doubted].startswith("could be ")


def test_of_two_numbered_images_a_model_between_them_takes_both_ends() -> None:
    both = learned("acme/kite-interpolation", image_path=TEXT, image_2_path=TEXT).roles
    assert (both["first_frame"], both["last_frame"]) == ("image_path", "image_2_path")
    three = learned("acme/kite-morph", image_1=TEXT, image_2=TEXT, image_3=TEXT).roles
    assert "last_frame" not in three
    assert "last_frame" not in learned("acme/kite/text-to-video", image_1=TEXT, image_2=TEXT).roles


def test_several_images_of_a_model_that_shows_people_are_references() -> None:
    two = IMAGES | {"minItems": 2, "maxItems": 2}
    assert learned("acme/two-person-effects", images=two).roles["reference"] == "images"
    assert "images" not in learned("acme/kite", images=two).roles.values()


def test_what_every_name_begins_with_tells_nothing() -> None:
    names = ("input_prompt", "input_width", "input_height", "input_seed")
    schema = {"properties": {name: TEXT if name == "input_prompt" else {"type": "integer"} for name in names}}
    found = learn(schema, model="acme/kite", provider="acme", source="a test", read="2026-11-23")
    assert found.roles == {
        "prompt": "input_prompt", "seed": "input_seed", "width": "input_width", "height": "input_height",
    }  # fmt: skip
    video = dict.fromkeys(("video_url", "video_prompt", "video_style", "video_name"), TEXT)
    found = learn({"properties": video}, model="acme/kite", provider="acme", source="a test", read="2026-11-23")
    assert found.roles["video"] == "video_url"


def test_the_one_file_of_a_model_that_edits_is_a_video() -> None:
    around = {"type": "object", "properties": {"url": TEXT}}
    found = learned("acme/modify", required=("media",), media=around, first_frame=TEXT)
    assert (found.roles["video"], found.roles["first_frame"]) == ("media", "first_frame")


@pytest.mark.parametrize("model", ["acme/kite/start-end2video", "acme/kite-first-tail", "acme/kite-flf2v"])
def test_a_list_of_a_model_from_a_first_to_a_last_frame_takes_both(model: str) -> None:
    found = learned(model, required=("images",), images=IMAGES)
    assert found.document["fields"]["images"] == {
        "images": ["first_frame", "last_frame"], "required": True, "min_items": 2, "max_items": 2,
    }  # fmt: skip
    assert found.task == "first-last-frame-to-video"
    assert found.doubts == {"images": "taken for first_frame and last_frame"}
    exactly = learned(model, images=IMAGES | {"minItems": 2, "maxItems": 2})
    assert exactly.doubts == {}
    assert "both_frames" not in learned(model, images=IMAGES, image=TEXT).roles
    assert "both_frames" not in learned(model, images=IMAGES | {"minItems": 3}).roles
    assert "both_frames" not in learned(model, images=IMAGES | {"maxItems": 1}).roles


@pytest.mark.parametrize(
    ("properties", "role", "name"),
    [
        ({"images": IMAGES, "first_frame": TEXT}, "reference", "images"),
        ({"images": IMAGES, "video": TEXT}, "reference", "images"),
        ({"reference_image": TEXT, "audio_url": TEXT}, "reference", "reference_image"),
        ({"image": TEXT, "reference_strength": NUMBER, "reference_images": IMAGES}, "first_frame", "image"),
        ({"head_image": TEXT, "tail_image": TEXT}, "first_frame", "head_image"),
        ({"video_length": {"type": "integer", "default": 16}, "fps": {"default": 8}}, "frames", "video_length"),
        ({"image": TEXT, "end_image": TEXT, "voice_ids": IMAGES}, "first_frame", "image"),
        ({"max_frames": {"type": "integer"}, "fps": {"default": 8}}, "frames", "max_frames"),
        ({"video_prompt": TEXT, "image": TEXT, "with_audio": SWITCH}, "first_frame", "image"),  # a text is no video
        ({"image_1": TEXT, "image_2": TEXT}, "only_image", "image_1"),
        ({"image_a": TEXT, "image_b": TEXT}, "only_image", "image_a"),
        ({"from_frame": TEXT, "to_frame": TEXT}, "first_frame", "from_frame"),
        ({"illustration": TEXT}, "first_frame", "illustration"),
        ({"frames": IMAGES | {"minItems": 2, "maxItems": 2}}, "both_frames", "frames"),
        ({"clip_len": {"enum": ["5", "10"]}}, "duration", "clip_len"),
        ({"play_time": {"type": "integer", "maximum": 10}}, "duration", "play_time"),
        ({"videoQuality": {"enum": ["hd", "fullhd", "uhd"]}}, "resolution", "videoQuality"),
        ({"layout": {"enum": ["vertical", "horizontal", "square"]}}, "aspect_ratio", "layout"),
        ({"seed_value": TEXT}, "seed", "seed_value"),
        ({"ng_prompt": TEXT}, "negative_prompt", "ng_prompt"),
        ({"rewrite_description": SWITCH}, "enhance_prompt", "rewrite_description"),
        ({"durationInFrames": {"type": "integer"}, "fps": {"default": 24}}, "frames", "durationInFrames"),
        ({"W": {"type": "integer"}, "H": {"type": "integer"}}, "width", "W"),
        ({"resolution": {"enum": ["1280x720 (16:9)", "720x1280 (9:16)"]}}, "size", "resolution"),
        ({"from_image": TEXT, "to_image": TEXT}, "last_frame", "to_image"),
        ({"style_reference": {**TEXT, "format": "uri"}}, "style", "style_reference"),
        ({"subject_images": IMAGES, "voice_id": TEXT}, "reference", "subject_images"),
        ({"total_second_length": NUMBER}, "duration", "total_second_length"),
        ({"res": {"enum": ["720", "1080"]}}, "resolution", "res"),
        ({"avoid": TEXT}, "negative_prompt", "avoid"),
        ({"duration_ms": {"type": "integer"}}, "duration", "duration_ms"),
        ({"aspectRatio": NUMBER}, "aspect_ratio", "aspectRatio"),
        ({"reference_images": {"type": "array"}}, "reference", "reference_images"),
        ({"video_size": {"enum": ["16:9", "9:16"]}}, "aspect_ratio", "video_size"),
        ({"variants": {"type": "integer", "default": 1}}, "count", "variants"),
        ({"subject_image_1": TEXT, "subject_image_2": TEXT}, "reference", "subject_image_1"),
        ({"face_reference_image": TEXT, "image": TEXT}, "reference", "face_reference_image"),
        ({"portrait_image": TEXT}, "only_image", "portrait_image"),
        ({"previous_video": TEXT, "mask_video": TEXT}, "video", "previous_video"),
        ({"time": {"enum": ["5s", "10s"]}}, "duration", "time"),
        ({"max_seconds": {"type": "integer", "maximum": 12}}, "duration", "max_seconds"),
        ({"animation_length": {"type": "integer", "maximum": 12}}, "duration", "animation_length"),
        ({"ratio": TEXT}, "aspect_ratio", "ratio"),
        ({"tier": {"enum": ["480p", "720p"]}}, "resolution", "tier"),
        ({"num_samples": {"type": "integer", "default": 2}}, "count", "num_samples"),
        ({"start_video": TEXT}, "video", "start_video"),
        ({"image": {**TEXT, "format": "binary"}, "image_url": TEXT}, "first_frame", "image_url"),
        ({"image_base64": TEXT, "image_url": TEXT}, "first_frame", "image_url"),
        ({"video_data": TEXT, "video_url": TEXT}, "video", "video_url"),
        ({"start_image_url": TEXT, "start_image": TEXT}, "first_frame", "start_image"),
        ({"dimension": {**TEXT, "default": "1280x720"}}, "size", "dimension"),
        ({"edited_first_frame": TEXT, "video": TEXT}, "first_frame", "edited_first_frame"),
        ({"num_frames": {"type": "integer", "default": 32}, "save_fps": {"default": 8}}, "frames", "num_frames"),
        ({"editing_negative_prompt": TEXT}, "negative_prompt", "editing_negative_prompt"),
        ({"save_audio": SWITCH, "audio": TEXT}, "audio", "save_audio"),
        ({"generate_audio": SWITCH, "audio_url": TEXT}, "audio", "generate_audio"),
        ({"length": {"type": "integer", "minimum": 4, "maximum": 12}}, "duration", "length"),
        ({"video_length": {"enum": ["5s", "60s"]}}, "duration", "video_length"),
        ({"format": {"enum": ["16:9", "1:1"]}}, "aspect_ratio", "format"),
        ({"quality": {**TEXT, "default": "720p"}}, "resolution", "quality"),
        ({"resolution": {"enum": ["16:9", "9:16"]}}, "aspect_ratio", "resolution"),
    ],
)
def test_what_stands_beside_settles_a_doubt(properties: dict[str, Any], role: str, name: str) -> None:
    assert learned(**properties).roles.get(role) == name


@pytest.mark.parametrize(
    ("siblings", "role"),
    [
        ({}, "prompt"),
        ({"voice_id": TEXT}, None),
        ({"avatar_id": TEXT}, None),
        ({"audio_url": TEXT}, None),
        ({"generate_audio": SWITCH}, "prompt"),
    ],
)
def test_a_text_beside_a_voice_may_be_spoken(siblings: dict[str, Any], role: str | None) -> None:
    schema = {"properties": {"text": TEXT, "seed": NUMBER, **siblings}, "required": ["text"]}
    found = learn(schema, model="acme/kite", provider="acme", source="a test", read="2026-11-23")
    assert found.roles.get("prompt") == ("text" if role else None)


@pytest.mark.parametrize(
    ("names", "prompt"),
    [
        (("animation_prompt",), "animation_prompt"),
        (("animation_prompt", "negative_prompt"), "animation_prompt"),
        (("prompts",), "prompts"),
        (("start_prompt", "end_prompt"), None),
        (("base_prompt", "concept_prompts"), "base_prompt"),
        (("scene_prompt", "exclude_prompt"), "scene_prompt"),
        (("inversion_prompt", "diffusion_prompt"), "diffusion_prompt"),
        (("source_prompt", "target_prompts"), "target_prompts"),
        (("motion_prompt", "n_prompt"), "motion_prompt"),
        (("video_prompt", "target_prompt"), "target_prompt"),
        (("src_prompt", "tgt_prompt"), "tgt_prompt"),
        (("video_prompt", "target_negative_prompt"), "video_prompt"),
        (("motion_prompt", "audio_prompt", "prompt_image"), "motion_prompt"),
        (("instruction",), "instruction"),
        (("style_prompt",), "style_prompt"),
        (("audio_prompt",), None),
        (("system_prompt",), None),
        (("mask_prompt",), None),
    ],
)
def test_the_only_prompt_is_the_prompt(names: tuple[str, ...], prompt: str | None) -> None:
    schema = {"properties": {"seed": NUMBER, **dict.fromkeys(names, TEXT)}}
    found = learn(schema, model="acme/kite", provider="acme", source="a test", read="2026-11-23")
    assert found.roles.get("prompt") == prompt
