"""Lays what later documents say over what earlier ones said, for one model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tarash_core.mapping.deprecation import Deprecation
from tarash_core.mapping.document import Document, Removed
from tarash_core.mapping.extra import ExtraRule
from tarash_core.mapping.fields import FieldRule
from tarash_core.mapping.rules import Rule
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_node import Place

_Rule = TypeVar("_Rule", FieldRule, ExtraRule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """All that the layers say of one model.

    Args:
        model: The registered name: exact, ``x/*`` or ``*``.
        place: Where the last document that speaks of it begins.
        docs: Where the provider documents it.
        task: What it does.
        fields: By their name, in order.
        extra: By their name, in order.
        rules: Those of the last document that gives some.
        deprecation: From which day it is refused; never inherited by ``extends``.
        inherited_rules: Whether `rules` come from another document than the fields' last change.
    """

    model: str
    place: Place
    docs: str | None = None
    task: str = "any"
    fields: Mapping[str, FieldRule] = field(default_factory=dict)
    extra: Mapping[str, ExtraRule] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    deprecation: Deprecation | None = None
    inherited_rules: bool = False


def lay(
    model: str, documents: Iterable[tuple[int, Document]], extended: Callable[[str, int, Place], Definition]
) -> Definition:
    """Put the documents of one model together, first to last.

    Args:
        model: The registered name.
        documents: The number of the layer, and what it says.
        extended: Finds the definition of a model that a document of a layer extends.

    Raises:
        MappingError: A null removes what is not there; what `extended` raises.
    """
    definition: Definition | None = None
    for layer, document in documents:
        place = document.models.get(model, document.place)
        if document.extends is not None:
            definition = replace(extended(document.extends[0], layer, document.extends[1]), deprecation=None)
        elif document.replace or definition is None:
            definition = Definition(model=model, place=place)
        definition = _over(definition, document, model, place)
    if definition is None:
        raise LookupError(model)
    return definition


def _over(below: Definition, document: Document, model: str, place: Place) -> Definition:
    said = document.deprecation
    return Definition(
        model=model,
        place=place,
        docs=document.docs or below.docs,
        task=document.task or below.task,
        fields=_merged(_without(below.fields, document.extra), document.fields, "fields"),
        extra=_merged(_without(below.extra, document.fields), document.extra, "extra"),
        rules=below.rules if document.rules is None else document.rules,
        deprecation=below.deprecation if said is None else said if isinstance(said, Deprecation) else None,
        inherited_rules=document.rules is None,
    )


def _without(below: Mapping[str, _Rule], other: Mapping[str, object]) -> dict[str, _Rule]:
    """A name that becomes a field is no longer an extra parameter, and the other way round."""
    taken = {name for name, rule in other.items() if not isinstance(rule, Removed)}
    return {name: rule for name, rule in below.items() if name not in taken}


def _merged(below: Mapping[str, _Rule], above: Mapping[str, _Rule | Removed], what: str) -> dict[str, _Rule]:
    merged = dict(below)
    for name, rule in above.items():
        if not isinstance(rule, Removed):
            merged[name] = rule
        elif merged.pop(name, None) is None:
            raise rule.place.error(f"{what}.{name}: there is no '{name}' to remove{did_you_mean(name, below)}")
    return merged
