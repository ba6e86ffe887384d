"""What the protocol's words mean in ours, written down once more, so that no mapping is checked against itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tarash_openai.testing.server import COMPLETED, IN_PROGRESS, QUEUED

STATES: Mapping[str, Any] = {
    "queued": QUEUED,
    "processing": IN_PROGRESS,
    "completed": COMPLETED,
    "unknown": {"status": "archived"},
}
"""What the server answers of a job in each state."""


def in_our_words(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the `VideoGenerationRequest` that asks for these parameters of the protocol."""
    ours: dict[str, Any] = {"image_list": [], "extra_params": {}}
    for name, value in wanted.items():
        match name:
            case "seconds":
                ours["duration_seconds"] = float(value)
            case "size":
                ours["resolution"] = value
            case "input_reference" if "image_url" in value:
                ours["image_list"] = [{"image": value["image_url"], "role": "first_frame"}]
            case "input_reference":
                ours["extra_params"] |= value
            case "video":
                ours["extra_params"]["video_id"] = value["id"]
            case "video_id" | "remix_video_id":
                ours["extra_params"][name] = value
            case _:
                ours[name] = value
    return ours
