"""What a model does, by its name and by what it needs."""

from __future__ import annotations

from collections.abc import Mapping

from tarash_core.learning import vocabulary as v
from tarash_core.learning.evidence import Role
from tarash_core.learning.parameter import Parameter, words_of

_PHRASES = (
    ("first-last-frame", "first-last-frame-to-video"),
    ("firstlastframe", "first-last-frame-to-video"),
    ("start-end", "first-last-frame-to-video"),
    ("startend", "first-last-frame-to-video"),
    ("first-tail", "first-last-frame-to-video"),
    ("flf", "first-last-frame-to-video"),
    ("reference-to-video", "reference-to-video"),
    ("reference2video", "reference-to-video"),
    ("ref-to-video", "reference-to-video"),
    ("r2v", "reference-to-video"),
    ("ref2v", "reference-to-video"),
    ("subject-reference", "reference-to-video"),
    ("extend", "extend-video"),
    ("extension", "extend-video"),
    ("remix", "remix-video"),
)
_BY_PHRASE = (
    ("video-to-video", "video-to-video"),
    ("v2v", "video-to-video"),
    ("image-to-video", "image-to-video"),
    ("img2video", "image-to-video"),
    ("image2video", "image-to-video"),
    ("i2v", "image-to-video"),
    ("text-to-video", "text-to-video"),
    ("text2video", "text-to-video"),
    ("t2v", "text-to-video"),
)


def task_of(model: str, roles: Mapping[Role, Parameter]) -> str:
    """The task: by the model's name where that says it, else by what has to be given."""
    words = words_of(model)
    name = "-".join(words) + "-" + model.lower().replace("_", "-")
    needs = {role for role, parameter in roles.items() if parameter.required}
    for phrase, task in _PHRASES:
        # What is extended is a video, or is named by an id of the provider's; a prompt is extended too.
        if phrase in name and (task != "extend-video" or "video" in roles or phrase in words):
            return task
    if "both_frames" in needs:
        return "first-last-frame-to-video"
    follows = "video" in roles and set(words) & (v.MODEL_FOLLOWS | v.MODEL_EDITS)
    if "video" in needs or follows:
        return "video-to-video"
    if "audio-to-video" in name and not needs & {"first_frame", "only_image"}:
        return "any"  # no task of ours starts from a sound
    if {"first_frame", "last_frame"} <= needs:
        return "first-last-frame-to-video"
    if "reference" in needs and not roles.keys() & {"first_frame", "only_image"}:
        return "reference-to-video"
    for phrase, task in _BY_PHRASE:
        if phrase in name:
            return task
    if needs & {"first_frame", "only_image"}:
        return "image-to-video"
    if "reference" in needs:
        return "reference-to-video"
    if "prompt" not in roles and "first_frame" in roles:
        return "image-to-video"
    if "prompt" in roles:
        return "text-to-video"
    return "reference-to-video" if "reference" in roles else "any"  # whatever it needs is in doubt
