"""The mapping of one model, ready to use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from tarash_core.config import OnUnsupported
from tarash_core.errors import ValidationError
from tarash_core.mapping.deprecation import Deprecation
from tarash_core.mapping.extra import ExtraRule
from tarash_core.mapping.fields import FieldRule
from tarash_core.mapping.inputs import Inputs
from tarash_core.mapping.parameters import ExtraParameters
from tarash_core.mapping.rules import Rule, RuleCheck
from tarash_core.mapping.vocabulary import ROLES
from tarash_core.mapping.words import named
from tarash_core.payload import Payload
from tarash_core.request import VideoGenerationRequest
from tarash_core.yaml_node import Place

# Takes a request and the model's name, returns what is sent under one name of theirs; None sends nothing.
Step = Callable[[VideoGenerationRequest, str], Any]


class Explained(NamedTuple):
    """One line of ``--explain``: their name, ours in words, limits in words, and where that was decided."""

    theirs: str
    ours: str
    limits: str
    place: str


class Neighbours(NamedTuple):
    """What a mapping asks of the library for its messages.

    Args:
        takers: The models of the provider that take a request field or image role, nearest first.
        hint: ``"; did you mean 'x'?"`` for a model without a mapping, or nothing.
        left_out: A warning for each mapping file that is broken and was left out.
    """

    takers: Callable[[str, str], tuple[str, ...]]
    hint: Callable[[str], str]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelMapping:
    """How requests become the parameters of one model. Made by `MappingLibrary.find`; immutable and thread-safe.

    Args:
        model: The registered name: exact, ``x/*`` (all below ``x/``) or ``*``.
        provider: Name of the provider.
        task: What the model does: ``"image-to-video"``... or ``"any"``.
        docs: Where the provider documents it, where that is said.
        place: Where the mapping stands.
        fields: Their parameters, each with the place that decided it.
        extra: Their other parameters, reachable through ``extra_params``.
        rules: What holds between fields.
        takes: The request fields and image roles that it takes.
        deprecation: From which day it is refused, where that is said.
        inputs: Which images and video it works from.
    """

    model: str
    provider: str
    task: str
    docs: str | None
    place: Place
    fields: Mapping[str, FieldRule]
    extra: Mapping[str, ExtraRule]
    rules: tuple[Rule, ...]
    takes: frozenset[str]
    deprecation: Deprecation | None
    inputs: Inputs
    _where: str
    _steps: tuple[tuple[str, Step], ...]
    _required: Mapping[str, str]
    _checks: tuple[RuleCheck, ...]
    _untaken: tuple[str, ...]
    _choosers: tuple[tuple[str, ...], ...]
    _parameters: ExtraParameters
    _neighbours: Neighbours

    @property
    def generic(self) -> bool:
        """Whether this is the provider's mapping for models that have none."""
        return self.model == "*"

    def apply(
        self,
        request: VideoGenerationRequest,
        *,
        model: str,
        on_unsupported: OnUnsupported = "warn",
        today: date | None = None,
    ) -> Payload:
        """The payload of a request. The request is not changed, and nothing of it is shared with the payload.

        Args:
            request: What is asked for.
            model: The model as the application named it.
            on_unsupported: What happens to a field or image that the model does not take: ``"error"``, ``"warn"`` (it
                is left out and named in ``Payload.warnings``) or ``"ignore"``.
            today: The date to judge a deprecation by; left out, today's in UTC.

        Raises:
            ValidationError: Naming the field, the value and what is offered; or the model that replaced this one.
            PluginError: A converter of the provider's plugin broke.
        """
        if self.deprecation is not None and self.deprecation.is_over(today):
            raise self.deprecation.refusal(model, self.provider)
        arguments: dict[str, Any] = {}
        warnings = self._lost(request, model, on_unsupported)
        for theirs, step in self._steps:
            value = step(request, model)
            if value is not None:
                arguments[theirs] = value
        if request.extra_params:
            warnings += self._parameters.add_to(arguments, request, model, on_unsupported)
        if not self._required.keys() <= arguments.keys():
            raise self._missing(arguments, model)
        for check in self._checks:
            check(request, model)
        if self.generic:
            warnings.insert(0, self._unmapped(model))
        if self.deprecation is not None:
            warnings.insert(0, self.deprecation.warning(model))
        if self._neighbours.left_out:
            warnings[:0] = self._neighbours.left_out
        return Payload(model=model, arguments=arguments, warnings=tuple(warnings), mapping=self._where)

    def explain(self) -> list[Explained]:
        """Every field, extra parameter and rule, with the file and line that decided it."""
        lines = [Explained(r.name, r.describe(), r.describe_limits(), str(r.place)) for r in self.fields.values()]
        lines += [Explained(r.name, r.describe(), r.limits.describe(), str(r.place)) for r in self.extra.values()]
        return lines + [Explained("", "rule", rule.describe(), str(rule.place)) for rule in self.rules]

    def _lost(self, request: VideoGenerationRequest, model: str, on_unsupported: OnUnsupported) -> list[str]:
        """A warning for each field and image of the request that the model does not take."""
        lost = [name for name in self._untaken if getattr(request, name) not in (None, "")]
        if request.image_list:
            lost += self._lost_roles(request)
        if not lost:
            return []
        # One video is what a model without a count makes.
        if request.number_of_videos == 1:
            lost = [name for name in lost if name != "number_of_videos"]
        if on_unsupported == "error" and lost:
            raise self._unsupported(lost[0], model)
        if on_unsupported == "ignore":
            return []
        return [f"'{model}' does not take {named(name, ROLES)}; it was left out" for name in lost]

    def _lost_roles(self, request: VideoGenerationRequest) -> list[str]:
        given = {item.role: None for item in request.image_list}
        lost: list[str] = [role for role in given if role not in self.takes]
        for chooser in self._choosers:
            lost += [role for role in chooser if role in given][1:]
        return lost

    def _unsupported(self, name: str, model: str) -> ValidationError:
        takers = self._neighbours.takers(name, model)
        others = f"; models of '{self.provider}' that do: {', '.join(takers)}" if takers else ""
        way_out = "leave it out, or set on_unsupported='warn'"
        return ValidationError(
            f"'{model}' does not take {named(name, ROLES)}{others}; {way_out}",
            field="image_list" if name in ROLES else name,
            model=model,
            provider=self.provider,
        )

    def _missing(self, arguments: Mapping[str, Any], model: str) -> ValidationError:
        theirs = next(name for name in self._required if name not in arguments)
        rule = self.fields.get(theirs)
        is_image = rule is not None and rule.source in ("image", "images")
        field = "image_list" if is_image else rule.names[0] if rule is not None and rule.names else theirs
        return ValidationError(
            f"'{model}' needs {self._required[theirs]}", field=field, model=model, provider=self.provider
        )

    def _unmapped(self, model: str) -> str:
        return (
            f"no mapping for '{model}'; the generic one of '{self.provider}' was used, which checks no values"
            f"{self._neighbours.hint(model)}"
        )
