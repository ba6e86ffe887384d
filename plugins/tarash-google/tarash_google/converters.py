"""Fields of Google's requests that YAML has no words for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tarash_core import Media, VideoGenerationRequest
    from tarash_core.request import ImageRole

_REFERENCE_TYPES: tuple[tuple[ImageRole, str], ...] = (("asset", "ASSET"), ("reference", "ASSET"), ("style", "STYLE"))


def reference_images(value: None, request: VideoGenerationRequest) -> list[dict[str, Any]] | None:
    """Veo's ``reference_images`` with their types (`types.VideoGenerationReferenceType`)."""
    listed = [
        {"image": media.url or media, "reference_type": kind}
        for role, kind in _REFERENCE_TYPES
        for media in request.images(role)
    ]
    return listed or None


def omni_input(value: None, request: VideoGenerationRequest) -> list[dict[str, Any]] | None:
    """The ``input`` of an interaction: images, then the video, then the prompt.

    What an image is for is said in the prompt, as Google documents it
    (https://ai.google.dev/gemini-api/docs/omni#set-image-roles): ``[# Sources <FIRST_FRAME>@Image1]``. A prompt that
    says so by itself is left as it is.

    Raises:
        ValueError: A last frame without a first one.
    """
    first, last = request.images("first_frame"), request.images("last_frame")
    references = (*request.images("asset"), *request.images("reference"), *request.images("style"))
    if last and not first:
        raise ValueError("a last_frame goes with a first_frame; give both")
    for role, images in (("first_frame", first), ("last_frame", last)):
        if len(images) > 1:
            raise ValueError(f"one image of role '{role}' is taken, not {len(images)}")
    content = [_part("image", media) for media in (*first, *last, *references)]
    if request.video is not None:
        content.append(_part("video", request.video))
    prompt = request.prompt or ""
    if text := prompt if "[# " in prompt else f"{_roles(len(first), len(last), len(references))}{prompt}":
        content.append({"type": "text", "text": text})
    return content or None


def _roles(first: int, last: int, references: int) -> str:
    sources = ["<FIRST_FRAME>@Image1"] * first + ["<LAST_FRAME>@Image2"] * last
    shown = [f"<IMAGE_REF_{n}>@Image{first + last + n + 1}" for n in range(references)]
    groups = (("Sources", sources), ("References", shown))
    return "".join(f"[# {name} {' '.join(tags)}] " for name, tags in groups if tags)


def _part(kind: str, media: Media) -> dict[str, Any]:
    if media.url is None:
        return {"type": kind, "data": media}
    told = {"mime_type": media.content_type} if media.content_type else {}
    return {"type": kind, "uri": media.url, **told}
