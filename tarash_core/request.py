"""What an application asks for, in words that no provider owns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import BeforeValidator, Field, ModelWrapValidatorHandler, field_validator, model_validator

from tarash_core.errors import TarashException, ValidationError
from tarash_core.media import Media, checked_kind
from tarash_core.noun import Noun
from tarash_core.values import Integer, Number, Options

ImageRole = Literal["first_frame", "last_frame", "reference", "asset", "style"]
IMAGE_ROLES: tuple[ImageRole, ...] = get_args(ImageRole)
_ROLE_SPELLINGS = {"start_frame": "first_frame", "end_frame": "last_frame"}

MediaInput = Annotated[Media, BeforeValidator(Media.of)]
Word = Annotated[str, Field(min_length=1, max_length=64)]


class ImageInput(Noun):
    """One image of a request and what it is for.

    Args:
        image: URL, data URL, base64, bytes, ``(bytes, content_type)``, open binary file, path, or `Media`.
        role: ``first_frame``, ``last_frame``, ``reference``, ``asset`` or ``style``; ``start_frame`` and ``end_frame``
            are accepted spellings of the first two.
    """

    image: MediaInput
    role: ImageRole

    @field_validator("role", mode="before")
    @classmethod
    def _spelling(cls, role: Any) -> Any:
        return _ROLE_SPELLINGS.get(role, role) if isinstance(role, str) else role

    @field_validator("image")
    @classmethod
    def _is_image(cls, media: Media) -> Media:
        return checked_kind(media, "image")


class VideoGenerationRequest(Noun):
    """One video, asked for in provider-neutral words. Fields left out are left to the model.

    Unknown keyword arguments become `extra_params`. What a model takes, and in which form, is decided by its mapping.

    Args:
        prompt: What the video shows.
        duration_seconds: Length in seconds, e.g. 8 or 2.5.
        resolution: As the field says it: ``"720p"``, ``"1080p"``, ``"4k"``, ``"1280x720"``.
        aspect_ratio: ``"16:9"``, ``"9:16"``, ``"auto"``...
        generate_audio: Whether the model adds sound.
        image_list: Images with their roles.
        video: A video to extend, edit or remix.
        seed: For models that can repeat themselves.
        number_of_videos: How many videos of one request, at least 1.
        negative_prompt: What the video must not show.
        enhance_prompt: Whether the provider may rewrite the prompt.
        extra_params: The provider's own parameters by their own names, sent as they are.

    Raises:
        ValidationError: Naming the field, the value and what is allowed.
    """

    invalid: ClassVar[type[TarashException]] = ValidationError

    prompt: str | None = None
    duration_seconds: Annotated[Number, Field(gt=0, le=86_400)] | None = None
    resolution: Word | None = None
    aspect_ratio: Word | None = None
    generate_audio: bool | None = None
    image_list: tuple[ImageInput, ...] = ()
    video: MediaInput | None = None
    seed: Integer | None = None
    number_of_videos: Annotated[Integer, Field(ge=1)] | None = None
    negative_prompt: str | None = None
    enhance_prompt: bool | None = None
    extra_params: Options = Field(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _unknown_to_extra(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(data, Mapping):
            return handler(data)
        known = {name: value for name, value in data.items() if name in cls.model_fields}
        unknown = {name: value for name, value in data.items() if name not in cls.model_fields}
        given = known.get("extra_params") or {}
        if unknown and isinstance(given, Mapping):
            if twice := sorted(set(unknown) & set(given)):
                raise ValidationError(f"'{twice[0]}' is given both as a keyword and in extra_params", field=twice[0])
            known["extra_params"] = {**given, **unknown}
        return handler(known)

    @field_validator("video")
    @classmethod
    def _is_video(cls, media: Media | None) -> Media | None:
        return checked_kind(media, "video") if media is not None else None

    def images(self, *roles: ImageRole) -> tuple[Media, ...]:
        """The images of these roles (of all roles when none is named), in the order of the request."""
        return tuple(item.image for item in self.image_list if not roles or item.role in roles)

    def __hash__(self) -> int:
        return hash((self.prompt, self.duration_seconds, self.resolution, self.aspect_ratio, self.seed))
