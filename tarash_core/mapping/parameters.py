"""What a request gives in `extra_params`: checked, or pointed out where it is a misspelling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tarash_core.config import OnUnsupported
from tarash_core.errors import ValidationError
from tarash_core.mapping.fields import FieldRule
from tarash_core.mapping.kinds import own_copy
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
            self._refuse_misspelling(name, value, request, model)
            arguments[name] = own_copy(value)
            if self.generic or on_unsupported == "ignore":
                continue
            says = f"'{name}' is not a documented parameter of '{model}'"
            if on_unsupported == "error":
                raise self._refused(name, f"{says}{self._known()}; leave it out, or set on_unsupported='warn'", model)
            warnings.append(f"{says}; it was sent as it is")
        return warnings

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
        if close := self._near(name):
            way_out = "" if self.generic else f"; if '{model}' has '{name}', add it under 'extra' in a mapping"
            raise self._refused(name, f"no parameter '{name}'; did you mean '{close}'?{way_out}", model)

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
    match rule.source:
        case "from":
            return f"give {rule.names[0]}={shown(value)}"
        case "image" | "images":
            return f"give it in image_list with role {either(rule.names)}"
        case "const":
            return "it is always the same; leave it out"
        case "param":
            return f"give '{rule.names[0]}' in its place"
    return f"give {' and '.join(rule.names)}"


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
