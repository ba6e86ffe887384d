"""The fields of a mapping as functions: from a request to what is sent under one name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from tarash_core.errors import PluginError, TarashException, ValidationError
from tarash_core.mapping.converters import Converter
from tarash_core.mapping.fields import FieldRule
from tarash_core.mapping.inputs import is_given
from tarash_core.mapping.kinds import own_copy, sent_media
from tarash_core.mapping.model import Step
from tarash_core.mapping.shapes import Choices
from tarash_core.mapping.vocabulary import ROLES
from tarash_core.mapping.words import either
from tarash_core.media import Media
from tarash_core.request import VideoGenerationRequest
from tarash_core.yaml_node import shown

Request = VideoGenerationRequest
# Where a frame stands in a list that takes both; what is neither stands between them.
_ENDS = {"first_frame": 0, "last_frame": 2}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a step's errors are about: a request field and the provider."""

    field: str
    provider: str

    def not_offered(self, value: Any, model: str, reason: object, *, beside: str = "") -> ValidationError:
        return self.error(f"{self.field}={shown(value)} is not offered by '{model}'{beside}; {reason}", model)

    def error(self, message: str, model: str) -> ValidationError:
        return ValidationError(message, field=self.field, model=model, provider=self.provider)


def step_of(rule: FieldRule, provider: str, converter: Converter | None) -> Step:
    """The function of one field.

    Args:
        rule: The field.
        provider: For errors.
        converter: What ``use`` names.
    """
    match rule.source:
        case "from":
            step = _shaped(rule, Subject(rule.names[0], provider), attrgetter(rule.names[0]), none="")
        case "image":
            step = _image(rule.names, Subject("image_list", provider))
        case "images":
            step = _images(rule, Subject("image_list", provider))
        case "videos":
            step = _videos
        case "const":
            return _const(rule.const)
        case "param":
            step = _shaped(rule, Subject(rule.names[0], provider), _param(rule.names[0]))
        case "lookup":
            return _lookup(rule, Subject(rule.names[1], provider))
        case _:
            step = _present(rule.names)
    return step if converter is None else _converted(step, rule, provider, converter)


def _shaped(rule: FieldRule, subject: Subject, given: Callable[[Request], Any], *, none: str | None = None) -> Step:
    """What is given, else the default, in the shape that the model takes. `none` is a value that gives nothing."""
    shape = rule.shape()
    default = rule.default

    def step(request: Request, model: str) -> Any:
        value = given(request)
        if value is None or value == none:
            value = default
            if value is None:
                return None
        try:
            return shape(value)
        except ValueError as error:
            raise subject.not_offered(value, model, error) from None

    return step


def _param(name: str) -> Callable[[Request], Any]:
    return lambda request: request.extra_params.get(name)


def _image(roles: tuple[str, ...], subject: Subject) -> Step:
    def step(request: Request, model: str) -> Any:
        if not request.image_list:
            return None
        for role in roles:
            found = [item.image for item in request.image_list if item.role == role]
            if len(found) > 1:
                raise subject.error(f"'{model}' takes one image with role '{role}', not {len(found)}", model)
            if found:
                return sent_media(found[0])
        return None

    return step


def _images(rule: FieldRule, subject: Subject) -> Step:
    roles = frozenset(rule.names)
    between = roles.issuperset(_ENDS)
    # The only picture of a list that is for ends is the first frame to the provider, whatever the request calls it.
    first_alone = roles == set(_ENDS) and rule.use in (None, "objects")
    checks = rule.limits.checks()
    what = f"images with role {either(rule.names)}"

    def step(request: Request, model: str) -> Any:
        items = [item for item in request.image_list if item.role in roles]
        if not items:
            return None
        if between:
            # Which of two pictures is the end is told by nothing but where it stands.
            items.sort(key=lambda item: _ENDS.get(item.role, 1))
            for role in _ENDS:
                if (count := sum(item.role == role for item in items)) > 1:
                    raise subject.error(f"'{model}' takes one image with role '{role}', not {count}", model)
            if first_alone and items[0].role == "last_frame":
                raise subject.error(
                    f"'{model}' takes an image with role 'last_frame' only beside a 'first_frame'", model
                )
        found = [sent_media(item.image) for item in items]
        for check in checks:
            try:
                check(found)
            except ValueError as error:
                raise subject.error(f"'{model}' does not take {len(found)} {what}; {error}", model) from None
        return found

    return step


def _videos(request: Request, model: str) -> Any:
    return None if request.video is None else [sent_media(request.video)]


def _const(value: Any) -> Step:
    if isinstance(value, dict | list):
        return lambda request, model: own_copy(value)
    return lambda request, model: value


def _lookup(rule: FieldRule, subject: Subject) -> Step:
    first, second = rule.names
    of_one, of_other = attrgetter(first), attrgetter(second)
    rows = Choices((key, Choices(row.items())) for key, row in rule.table.items())
    default_first, default_second = rule.default or (None, None)
    of_first = Subject(first, subject.provider)

    def step(request: Request, model: str) -> Any:
        one, other = of_one(request), of_other(request)
        one = default_first if one in (None, "") else one
        other = default_second if other in (None, "") else other
        if one is None and other is None:
            return None
        together = f"'{model}' takes {first} and {second} together"
        if one is None:
            raise of_first.error(f"{together}; {second} is there, give {first} too: {either(tuple(rows))}", model)
        try:
            row = rows[one]
        except ValueError as error:
            raise of_first.not_offered(one, model, error) from None
        if other is None:
            raise subject.error(f"{together}; {first} is there, give {second} too: {either(tuple(row))}", model)
        try:
            return own_copy(row[other])
        except ValueError as error:
            raise subject.not_offered(other, model, error, beside=f" with {first}={shown(one)}") from None

    return step


def _present(names: tuple[str, ...]) -> Step:
    """True when one of the names is given: a converter with ``takes`` reads the request by itself."""

    def step(request: Request, model: str) -> Any:
        return any(is_given(request, name) for name in names) or None

    return step


def _converted(step: Step, rule: FieldRule, provider: str, converter: Converter) -> Step:
    arguments = dict(rule.arguments)
    name = rule.names[0]
    subject = Subject("image_list" if name in ROLES else name, provider)
    reads_itself = rule.source == "takes"

    def converted(request: Request, model: str) -> Any:
        value = step(request, model)
        if value is None:
            return None
        try:
            return converter(None if reads_itself else value, request, **own_copy(arguments))
        except ValueError as error:
            if reads_itself or isinstance(value, Media | list):
                what = "these images" if name in ROLES else f"this {name}"
                raise subject.error(f"'{model}' does not take {what}: {error}", model) from None
            raise subject.not_offered(value, model, error) from None
        except TarashException:
            raise
        except Exception as error:
            text = f"converter '{rule.use}' broke on '{rule.name}' of '{model}': {type(error).__name__}: {error}"
            raise PluginError(text, provider=provider, model=model) from error

    return converted
