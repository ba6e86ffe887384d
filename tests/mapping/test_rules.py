"""What holds between fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tarash_core.errors import ValidationError
from tarash_core.payload import Payload

Apply = Callable[..., Payload]

FIELDS = """
fields:
  prompt: prompt
  resolution: resolution
  duration: {from: duration_seconds, default: 5}
  audio: generate_audio
  seed: seed
  start: {image: first_frame}
  end: {image: last_frame}
  video: video
  styles: {images: [style]}
extra: {loop: boolean, camera: object, clips: {type: array, items: media}}
rules:
  - """

FIRST = {"image_list": [{"image": "https://e.com/1.png", "role": "first_frame"}]}
LAST = {"image_list": [{"image": "https://e.com/2.png", "role": "last_frame"}]}
BOTH = {"image_list": FIRST["image_list"] + LAST["image_list"]}

STYLES = {"image_list": [{"image": f"https://e.com/{n}.png", "role": "style"} for n in range(2)]}
CLIP = "https://e.com/clip.mp4"

SAYS = 'says: "4k is offered for 8 seconds only"'


@pytest.mark.parametrize(
    ("rule", "request_"),
    [
        ("{when: {resolution: 4k}, then: {duration_seconds: [8]}}", {"resolution": "4K", "duration_seconds": 8}),
        ("{when: {resolution: 4k}, then: {duration_seconds: 8}}", {"resolution": "720p", "duration_seconds": 5}),
        ("{when: {resolution: 4k}, then: {seed: [1]}}", {"resolution": "4k"}),
        ("{when: {resolution: [2k, 4k], generate_audio: true}, excludes: [seed]}", {"resolution": "4k", "seed": 1}),
        ("{when: {last_frame: given}, needs: [first_frame]}", BOTH),
        ("{when: {last_frame: given}, needs: [first_frame]}", FIRST),
        ("{when: {first_frame: missing}, needs: [prompt]}", FIRST),
        ("{when: {first_frame: missing}, needs: [prompt]}", {"prompt": "p"}),
        ("{when: {duration_seconds: given}, excludes: [last_frame]}", {}),
        ("{when: {loop: true}, excludes: [last_frame]}", {"loop": False, **LAST}),
        ("{when: {camera: given}, excludes: [video]}", {"camera": {"pan": 1}}),
        ("{some_of: [prompt, first_frame]}", {"prompt": "p", **FIRST}),
        ("{some_of: [prompt, first_frame]}", FIRST),
        ("{one_of_given: [prompt, camera]}", {"camera": {}}),
        ("{when: {loop: true}, one_of_given: [prompt, camera]}", {"prompt": "p", "camera": {}}),
        ("{total: {of: [style, clips, video], max_items: 4}}", {**STYLES, "clips": [CLIP], "video": CLIP}),
        ("{total: {of: [style, clips, video], max_items: 4}}", {}),
        ("{when: {video: given}, total: {of: [style, clips], min_items: 1}}", {}),
    ],
)
def test_kept(apply: Apply, rule: str, request_: dict[str, Any]) -> None:
    assert apply(FIELDS + rule, request_).warnings == ()


@pytest.mark.parametrize(
    ("rule", "request_", "field", "message"),
    [
        (
            f"{{when: {{resolution: 4k}}, then: {{duration_seconds: [8]}}, {SAYS}}}",
            {"resolution": "4K", "duration_seconds": 6},
            "duration_seconds",
            "duration_seconds=6 is not offered by 'm' when resolution is '4k'; choose 8 (4k is offered for 8"
            " seconds only)",
        ),
        (
            "{when: {resolution: 4k}, then: {duration_seconds: [6, 8]}}",
            {"resolution": "4k"},
            "duration_seconds",
            "duration_seconds=5 is not offered by 'm' when resolution is '4k'; choose 6 or 8 (nearest: 6)",
        ),
        (
            "{when: {last_frame: given}, needs: [first_frame]}",
            LAST,
            "image_list",
            "'m' needs an image with role 'first_frame' when last_frame is given",
        ),
        (
            "{when: {first_frame: missing}, needs: [prompt]}",
            {},
            "prompt",
            "'m' needs prompt when first_frame is missing",
        ),
        (
            "{when: {resolution: [2k, 4k], generate_audio: true}, excludes: [seed]}",
            {"resolution": "4k", "generate_audio": True, "seed": 0},
            "seed",
            "'m' does not take seed when resolution is '2k' or '4k' and generate_audio is true; leave one out",
        ),
        (
            "{when: {loop: true}, excludes: [last_frame]}",
            {"loop": True, **LAST},
            "image_list",
            "'m' does not take an image with role 'last_frame' when loop is true; leave one out",
        ),
        (
            "{when: {video: given}, needs: [camera]}",
            {"video": "https://e.com/v.mp4"},
            "camera",
            "'m' needs camera when video is given",
        ),
        (
            "{some_of: [prompt, first_frame, camera]}",
            LAST,
            "prompt",
            "'m' needs prompt, an image with role 'first_frame' or camera",
        ),
        (
            "{one_of_given: [prompt, camera], says: A prompt or a camera}",
            {},
            "prompt",
            "'m' needs prompt or camera (A prompt or a camera)",
        ),
        (
            "{one_of_given: [prompt, camera]}",
            {"prompt": "p", "camera": {}},
            "camera",
            "'m' takes only one of prompt and camera; leave the rest out",
        ),
        (
            "{when: {loop: true}, some_of: [prompt, camera]}",
            {"loop": True},
            "prompt",
            "'m' needs prompt or camera when loop is true",
        ),
        (
            "{total: {of: [style, clips, video], max_items: 4}}",
            {**STYLES, "clips": [CLIP, CLIP], "video": CLIP},
            "image_list",
            "'m' counts an image with role 'style', clips and video together: it takes at most 4 items, not 5",
        ),
        (
            "{when: {video: given}, total: {of: [clips, style], min_items: 1}}",
            {"video": CLIP},
            "clips",
            "'m' counts clips and an image with role 'style' together when video is given: it takes at least 1 item,",
        ),
    ],
)
def test_broken(apply: Apply, rule: str, request_: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        apply(FIELDS + rule, request_)
    assert message in str(caught.value)
    assert (caught.value.field, caught.value.model, caught.value.provider) == (field, "m", "acme")
