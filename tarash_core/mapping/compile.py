"""Makes a `ModelMapping` of what the layers say: checked as a whole, compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tarash_core.mapping.converters import Converter, checked_arguments
from tarash_core.mapping.demands import Reading
from tarash_core.mapping.fields import FieldRule
from tarash_core.mapping.inputs import inputs_of, is_given
from tarash_core.mapping.layers import Definition
from tarash_core.mapping.model import ModelMapping, Neighbours
from tarash_core.mapping.parameters import ExtraParameters
from tarash_core.mapping.rules import Rule, RuleCheck
from tarash_core.mapping.steps import step_of
from tarash_core.mapping.vocabulary import REQUEST_FIELDS, ROLES
from tarash_core.mapping.words import either, named
from tarash_core.request import VideoGenerationRequest
from tarash_core.suggest import did_you_mean


def compile_mapping(
    definition: Definition, *, provider: str, converters: Mapping[str, Converter], neighbours: Neighbours
) -> ModelMapping:
    """The mapping of one model.

    Args:
        definition: What the layers say.
        provider: Name of the provider.
        converters: Every converter that ``use`` may name.
        neighbours: What its messages ask of the library.

    Raises:
        MappingError: Two fields take one image, an unknown converter, wrong arguments of one, a rule about what the
            mapping does not take.
    """
    fields = definition.fields.values()
    _refuse_shared_roles(definition)
    takes = taken_by(definition)
    checks = _rule_checks(definition, provider)
    steps = tuple((rule.name, step_of(rule, provider, _converter(rule, converters))) for rule in fields)
    return ModelMapping(
        model=definition.model,
        provider=provider,
        task=definition.task,
        docs=definition.docs,
        place=definition.place,
        fields=dict(definition.fields),
        extra=dict(definition.extra),
        rules=definition.rules,
        takes=takes,
        deprecation=definition.deprecation,
        inputs=inputs_of(definition.task, definition.fields, takes, checks),
        _where=str(definition.place),
        _steps=steps,
        _required=_required(definition),
        _checks=tuple(check for _, check in checks),
        _untaken=tuple(name for name in REQUEST_FIELDS if name not in takes),
        _choosers=tuple(rule.names for rule in fields if rule.source == "image" and len(rule.names) > 1),
        _parameters=_parameters(definition, provider),
        _neighbours=neighbours,
    )


def taken_by(definition: Definition) -> frozenset[str]:
    """The request fields and image roles that a model takes."""
    return frozenset(
        name for rule in definition.fields.values() if rule.source not in ("param", "const") for name in rule.names
    )


def _refuse_shared_roles(definition: Definition) -> None:
    first_by_role: dict[str, FieldRule] = {}
    for rule in definition.fields.values():
        if rule.source not in ("image", "images"):
            continue
        for role in rule.names:
            if first := first_by_role.get(role):
                # The layer that has the last word is the one that broke it.
                is_first_to_blame = first.place.file == definition.place.file != rule.place.file
                one, other = (first, rule) if is_first_to_blame else (rule, first)
                raise one.error(
                    f"images with role '{role}' go into '{other.name}' already ({other.place}); one image is sent once"
                )
            first_by_role[role] = rule


def _converter(rule: FieldRule, converters: Mapping[str, Converter]) -> Converter | None:
    if rule.use is None:
        return None
    converter = converters.get(rule.use)
    if converter is None:
        hint = did_you_mean(rule.use, converters) or f"; there are: {', '.join(converters)}"
        raise rule.error(f"no converter '{rule.use}'{hint}")
    if wrong := checked_arguments(converter, rule.arguments):
        raise rule.error(f"converter '{rule.use}' cannot be called with this 'with': {wrong}")
    return converter


def _required(definition: Definition) -> dict[str, str]:
    """What must be sent, and what the request must give for it, in words."""
    fields = {rule.name: _needed(rule) for rule in definition.fields.values() if rule.required}
    extra = {rule.name: f"the extra parameter '{rule.name}'" for rule in definition.extra.values() if rule.required}
    return fields | extra


def _needed(rule: FieldRule) -> str:
    match rule.source:
        case "image" | "images":
            return f"an image with role {either(rule.names)}"
        case "param":
            return f"the extra parameter '{rule.names[0]}'"
        case "takes":
            return " or ".join(named(name, ROLES) for name in rule.names)
    return " and ".join(rule.names)


def _rule_checks(definition: Definition, provider: str) -> tuple[tuple[Rule, RuleCheck], ...]:
    readings = _readings(definition)
    checks: list[tuple[Rule, RuleCheck]] = []
    for rule in definition.rules:
        if error := rule.unknown(readings):
            # A later layer took the field away, and with it what was said of it.
            if definition.inherited_rules:
                continue
            raise error
        checks.append((rule, rule.check(readings, provider)))
    return tuple(checks)


def _readings(definition: Definition) -> dict[str, Reading]:
    """How a rule reads each name that the mapping takes."""
    defaults: dict[str, Any] = {}
    params: list[str] = list(definition.extra)
    for rule in definition.fields.values():
        if rule.source == "param":
            params.append(rule.names[0])
        elif rule.default is not None:
            pair = rule.default if rule.source == "lookup" else (rule.default,)
            defaults.update(zip(rule.names, pair, strict=True))
    readings = {name: _reading_of_param(name) for name in params}
    for name in taken_by(definition):
        readings[name] = _reading_of_role(name) if name in ROLES else _reading_of_field(name, defaults.get(name))
    return readings


def _reading_of_field(name: str, default: Any) -> Reading:
    def read(request: VideoGenerationRequest) -> Any:
        value = getattr(request, name)
        return default if value is None or value == "" else value

    return read


def _reading_of_role(name: str) -> Reading:
    return lambda request: True if is_given(request, name) else None


def _reading_of_param(name: str) -> Reading:
    return lambda request: request.extra_params.get(name)


def _parameters(definition: Definition, provider: str) -> ExtraParameters:
    renamed = frozenset(rule.names[0] for rule in definition.fields.values() if rule.source == "param")
    for rule in definition.fields.values():
        if rule.source == "param" and (other := definition.extra.get(rule.names[0])):
            raise rule.error(f"'{other.name}' stands under 'extra' too ({other.place}), and would be sent twice")
    return ExtraParameters(
        provider=provider,
        shapes={name: rule.shape() for name, rule in definition.extra.items()},
        fields=definition.fields,
        renamed=renamed,
        generic=definition.model == "*",
    )
