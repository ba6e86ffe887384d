"""What a request gives in `extra_params`: checked, or pointed out where it is a misspelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tarash_core.config import OnUnsupported
from tarash_core.errors import ValidationError
from tarash_core.mapping.fields import FieldRule
from tarash_core.mapping.kinds import CHECKS, own_copy
from tarash_core.mapping.shapes import Shape
from tarash_core.mapping.vocabulary import REQUEST_FIELDS, ROLES
from tarash_core.mapping.words import either
from tarash_core.request import VideoGenerationRequest
from tarash_core.suggest import nearest
from tarash_core.yaml_node import shown

# How alike a name must be to a known one before it is refused as a misspelling of it.
_ALIKE = 0.82


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExtraParameters:
    """The extra parameters of one mapping.

    Args:
        provider: Name of the provider.
        shapes: What is sent for each known parameter.
        fields: The mapping's fields, which are not given as extra parameters.
        renamed: The extra parameters that fields send under another name.
        generic: Whether the mapping speaks of models that it does not know.
    """

    provider: str
    shapes: Mapping[str, Shape]
    fields: Mapping[str, FieldRule]
    renamed: frozenset[str]
    generic: bool

    def add_to(
        self, arguments: dict[str, Any], request: VideoGenerationRequest, model: str, on_unsupported: OnUnsupported
    ) -> list[str]:
        """Put the request's extra parameters into the arguments; return a warning for each unknown one.

        Raises:
            ValidationError: A value that is not offered; a name that is a field's, or nearly one that is known.
        """
        warnings: list[str] = []
        for name, value in request.extra_params.items():
            if value is None or name in self.renamed:
                continue
            if shape := self.shapes.get(name):
                arguments[name] = self._shaped(shape, name, value, model)
                continue
            if self._is_their_own(name, value):
                self._put_their_own(arguments, name, value, request, model)
                continue
            self._refuse_misspelling(name, value, request, model)
            arguments[name] = own_copy(value)
            if self.generic or on_unsupported == "ignore":
                continue
            says = f"'{name}' is not a documented parameter of '{model}'"
            if on_unsupported == "error":
                raise self._refused(name, f"{says}{self._known()}; leave it out, or set on_unsupported='warn'", model)
            warnings.append(f"{says}; it was sent as it is")
        return warnings

    def _is_their_own(self, name: str, value: Any) -> bool:
        """Whether this is a value of theirs that the source of their field cannot say."""
        rule = self.fields.get(name)
        return rule is not None and isinstance(value, str | int | float) and value in rule.also

    def _put_their_own(
        self, arguments: dict[str, Any], name: str, value: Any, request: VideoGenerationRequest, model: str
    ) -> None:
        if _given(self.fields[name], request):
            ours = " and ".join(self.fields[name].names)
            text = f"'{model}' takes {name}={shown(value)} or {ours}, not both; leave one out"
            raise self._refused(name, text, model)
        arguments[name] = value

    def _shaped(self, shape: Shape, name: str, value: Any, model: str) -> Any:
        try:
            return shape(value)
        except ValueError as error:
            raise self._refused(name, f"{name}={shown(value)} is not offered by '{model}'; {error}", model) from None

    def _refuse_misspelling(self, name: str, value: Any, request: VideoGenerationRequest, model: str) -> None:
        if rule := self.fields.get(name):
            if self.generic and not _given(rule, request):
                return
            raise self._refused(name, f"'{model}' makes '{name}' from the request; {_instead(rule, value)}", model)
        if name in ROLES:
            raise self._refused(name, f"'{name}' is an image role; give it in image_list", model)
        if name in REQUEST_FIELDS and not self.generic:
            raise self._refused(name, f"'{name}' is a field of the request; give it there", model)
        if rule := self._near_field(name):
            text = f"no parameter '{name}' ('{model}' makes '{rule.name}' from the request); {_instead(rule, value)}"
            raise self._refused(name, text, model)
        if close := self._near(name):
            way_out = "" if self.generic else f" (if '{model}' has '{name}', add it under 'extra' in a mapping)"
            raise self._refused(name, f"no parameter '{name}'; did you mean '{close}'?{way_out}", model)

    def _near_field(self, name: str) -> FieldRule | None:
        """The field whose name, theirs, is nearly this one; nothing where a name of ours or an extra one is nearer."""
        if self.generic:
            return None
        known = (*self.fields, *REQUEST_FIELDS, *self.shapes, *self.renamed)
        close = nearest(name, known, cutoff=_ALIKE)
        return self.fields.get(close) if close and close not in REQUEST_FIELDS else None

    def _near(self, name: str) -> str | None:
        known = (*REQUEST_FIELDS, "image_list", *self.shapes, *self.renamed)
        close = nearest(name, known, cutoff=_ALIKE)
        if self.generic:
            # A provider may well call it negativePrompt: only what cannot be a spelling of its own is refused.
            return close if close and _letters(close) != _letters(name) else None
        return close or next((field for field in REQUEST_FIELDS if field.startswith(f"{name}_")), None)

    def _known(self) -> str:
        return f" (it has: {either(tuple(self.shapes), last='and')})" if self.shapes else ""

    def _refused(self, name: str, message: str, model: str) -> ValidationError:
        return ValidationError(message, field=name, model=model, provider=self.provider)


def _given(rule: FieldRule, request: VideoGenerationRequest) -> bool:
    readers: Mapping[str, Callable[[], Any]] = {
        "param": lambda: request.extra_params.get(rule.names[0]),
        "const": lambda: True,
    }
    if rule.source in readers:
        return readers[rule.source]() is not None
    return any(
        any(item.role == name for item in request.image_list) if name in ROLES else getattr(request, name) is not None
        for name in rule.names
    )


def _instead(rule: FieldRule, value: Any) -> str:
    """How the request says what an extra parameter of a field's name tries to say."""
    match rule.source:
        case "from":
            way_out = f"give {rule.names[0]}={shown(value)}"
            if _can_be_given(rule, value):
                return way_out
            offered = rule.describe_limits()
            return f"give {rule.names[0]}{f' ({offered})' if offered else ''}, or leave it out for the provider's own"
        case "image" | "images":
            return f"give it in image_list with role {either(rule.names)}"
        case "const":
            return "it is always the same; leave it out"
        case "param":
            return f"give '{rule.names[0]}' in its place"
    return f"give {' and '.join(rule.names)}"


def _can_be_given(rule: FieldRule, value: Any) -> bool:
    try:
        CHECKS[rule.kind](value)
        rule.shape()(value)
    except ValueError:
        return False
    return True


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
