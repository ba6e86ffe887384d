"""The options of ``generate`` and ``payload``, derived from the fields of request and config: none can be missing."""

from __future__ import annotations

import inspect
import json
import os
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar, cast, get_args, get_origin

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from tarash_core.config import VideoGenerationConfig
from tarash_core.errors import ConfigurationError
from tarash_core.noun import Noun
from tarash_core.request import IMAGE_ROLES, VideoGenerationRequest
from tarash_core.suggest import did_you_mean

Command = TypeVar("Command", bound=Callable[..., Any])

# Shorter names beside a field's own; the first one is shown first.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "duration_seconds": ("--duration",),
    "generate_audio": ("--audio/--no-audio",),
    "number_of_videos": ("--count",),
    "provider": ("-p",),
    "model": ("-m",),
}
_ROLE_SPELLINGS = ("start_frame", "end_frame")
# Where the words of a field's docstring are those of Python, these are said instead.
_MEANINGS: dict[str, str] = {
    "resolution": "For example 720p, 1080p, 4k or 1280x720.",
    "aspect_ratio": "For example 16:9, 9:16 or auto.",
    "number_of_videos": "How many videos of one request.",
    "provider": "Name of an installed provider (`tarash plugins` lists them).",
    "model": "The provider's own name of the model; left out, its default model (`tarash models list`).",
    "timeout": "Seconds for the whole generation, from submit to result; the job is kept when they have passed.",
    "max_poll_attempts": "Give up waiting after so many polls.",
    "poll_interval": "Seconds between polls at first, instead of the provider's own.",
    "on_unsupported": "What happens to a field that the model does not take; warn leaves it out and says so.",
    "cancel_on_interrupt": "On Ctrl-C, cancel the job at the provider too.",
}


def _pairs(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    """``KEY=VALUE``, repeated; a value that is JSON is read as such, everything else is text."""
    pairs: dict[str, Any] = {}
    for pair in given:
        key, equals, text = pair.partition("=")
        if not equals or not key:
            raise click.BadParameter(f"'{pair}' is not KEY=VALUE", context, parameter)
        if key in pairs:
            raise click.BadParameter(f"'{key}' is given twice", context, parameter)
        pairs[key] = _json_or_text(text)
    return pairs


def _images(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    """``ROLE=PATH`` or ``ROLE=URL``, repeated, as the request takes them."""
    images = []
    for pair in given:
        word, equals, image = pair.partition("=")
        role = word.lower().replace("-", "_")
        known = (*IMAGE_ROLES, *_ROLE_SPELLINGS)
        if not equals or role not in known:
            hint = did_you_mean(role, known) if equals else f"; for example '{IMAGE_ROLES[0]}={pair}'"
            says = f"'{pair}' is not ROLE=PATH or ROLE=URL (roles: {', '.join(IMAGE_ROLES)}){hint}"
            raise click.BadParameter(says, context, parameter)
        images.append({"role": role, "image": image})
    return tuple(images)


def request_options(command: Command) -> Command:
    """Add the prompt and one option for every field of `VideoGenerationRequest`."""
    meanings = _meanings(VideoGenerationRequest)
    special = {
        "image_list": click.option(
            "--image",
            "image_list",
            metavar="ROLE=PATH|URL",
            multiple=True,
            callback=_images,
            help=f"An image and what it is for ({', '.join(IMAGE_ROLES)}). May be repeated.",
        ),
        "video": click.option("--video", metavar="PATH|URL", help=meanings.get("video")),
        "extra_params": click.option(
            "--param",
            "extra_params",
            metavar="KEY=VALUE",
            multiple=True,
            callback=_pairs,
            help="A parameter by the provider's own name; VALUE is JSON or text. May be repeated.",
        ),
        "prompt": click.argument("prompt", required=False),
    }
    return _with_options(command, VideoGenerationRequest, special, meanings)


def config_options(command: Command) -> Command:
    """Add one option for every field of `VideoGenerationConfig`, but for the key: that comes from the environment."""
    meanings = _meanings(VideoGenerationConfig)
    special = {
        "api_key": click.option(
            "--api-key-env",
            metavar="NAME",
            help="Read the key from this environment variable, not the usual one.",
        ),
        "fallback_configs": None,
        "provider_config": click.option(
            "--option",
            "provider_config",
            metavar="KEY=VALUE",
            multiple=True,
            callback=_pairs,
            help="An option of the provider's plugin; VALUE is JSON or text. May be repeated.",
        ),
    }
    return _with_options(command, VideoGenerationConfig, special, meanings)


def request_from(given: Mapping[str, Any]) -> VideoGenerationRequest:
    """The request of a command's parameters. Raises `ValidationError`."""
    return VideoGenerationRequest.model_validate(_given(given, VideoGenerationRequest))


def config_from(given: Mapping[str, Any]) -> VideoGenerationConfig:
    """The config of a command's parameters. Raises `ConfigurationError`."""
    fields = _given(given, VideoGenerationConfig)
    if name := given["api_key_env"]:
        fields["api_key"] = key_from(name)
    return VideoGenerationConfig.model_validate(fields)


def key_from(name: str) -> SecretStr:
    """The key that an environment variable holds. Raises `ConfigurationError` when it is not set."""
    key = os.environ.get(name, "").strip()
    if not key:
        raise ConfigurationError(f"the environment variable '{name}' that --api-key-env names is not set")
    return SecretStr(key)


def _with_options(
    command: Command,
    noun: type[Noun],
    special: Mapping[str, Callable[[Command], Command] | None],
    meanings: Mapping[str, str],
) -> Command:
    for name, field in reversed(noun.model_fields.items()):
        option = special[name] if name in special else _option(name, field, meanings.get(name))
        if option is not None:
            command = option(command)
    return command


def _option(name: str, field: FieldInfo, meaning: str | None) -> Callable[[Command], Command]:
    """An option whose value is None when it is not given, so that the noun's own default stays in charge."""
    plain = _plain(field.annotation)
    dashed = f"--{name.replace('_', '-')}"
    if plain is bool:
        negated = "" if field.default is False else f"/--no-{name.replace('_', '-')}"
        spellings = (*_SPELLINGS.get(name, ()), dashed + negated)
        return click.option(*spellings, name, is_flag=True, default=None, help=meaning)
    spellings = (*_SPELLINGS.get(name, ()), dashed)
    if get_origin(plain) is Literal:
        return click.option(*spellings, name, type=click.Choice(get_args(plain)), help=meaning)
    kind = cast("type[str | int | float]", plain)
    return click.option(*spellings, name, type=kind, required=field.is_required(), help=meaning)


def _plain(annotation: object) -> object:
    """The type inside ``X | None`` and ``Annotated[X, ...]``."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if type(None) in get_args(annotation):
        return _plain(get_args(annotation)[0])
    return annotation


def _meanings(noun: type[Noun]) -> dict[str, str]:
    """What each field is for: as `_MEANINGS` has it, else as the ``Args`` of the class's docstring say it."""
    text = inspect.getdoc(noun) or ""
    found = re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", text, re.MULTILINE)
    return {name: " ".join(says.replace("`", "").split()) for name, says in found} | _MEANINGS


def _given(given: Mapping[str, Any], noun: type[Noun]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in noun.model_fields and value is not None}


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_json)
    except ValueError:
        return text


def _no_json(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
