"""One YAML document of a mapping file, read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from tarash_core.mapping.deprecation import Deprecation, read_deprecation
from tarash_core.mapping.extra import ExtraRule, read_extra
from tarash_core.mapping.field_reader import read_field
from tarash_core.mapping.fields import FieldRule
from tarash_core.mapping.rules import Rule, read_rule
from tarash_core.mapping.spot import Spot
from tarash_core.mapping.vocabulary import DOCUMENT_WORDS, REQUEST_FIELDS, SCHEMA_VERSION, TASKS
from tarash_core.yaml_node import Node, Place, shown

_Rule = TypeVar("_Rule", FieldRule, ExtraRule)
_MODEL = re.compile(r"[^\s*]+|\*|[^\s*]+/\*")


@dataclass(frozen=True, slots=True)
class Removed:
    """A ``null`` in a later layer: the field, extra parameter or deprecation is no longer there."""

    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one document says of its models. None where it says nothing and what stands before it holds on.

    Args:
        place: Where it begins.
        models: Exact names, ``x/*`` or ``*``, each with its place.
        docs: Where the provider documents the model.
        task: What the model does.
        extends: The model to start from, with its place.
        replace: Whether earlier layers are forgotten.
        deprecation: From which day the models are refused; `Removed` for a null.
        fields: Rules by their name; `Removed` for a null.
        extra: As `fields`.
        rules: What holds between fields.
    """

    place: Place
    models: Mapping[str, Place]
    docs: str | None = None
    task: str | None = None
    extends: tuple[str, Place] | None = None
    replace: bool = False
    deprecation: Deprecation | Removed | None = None
    fields: Mapping[str, FieldRule | Removed]
    extra: Mapping[str, ExtraRule | Removed]
    rules: tuple[Rule, ...] | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it can stand without anything before it."""
        return self.extends is not None or (self.task is not None and bool(self.fields))


def named_provider(node: Node) -> str | None:
    """The provider that a document names; nothing else of it is looked at."""
    found = Spot(node).keyed("a mapping").get("provider")
    return None if found is None else found.text()


def check_words(node: Node) -> None:
    """Refuse a key that the language does not have."""
    Spot(node).table(DOCUMENT_WORDS, what="a mapping")


def check_version(node: Node, *, is_needed: bool) -> None:
    """Refuse a document in another version of the language, or without one where it is needed."""
    found = Spot(node).keyed("a mapping").get("schema")
    if found is None:
        if is_needed:
            raise node.error(
                f"a file says in its first document which language it is in; write 'schema: {SCHEMA_VERSION}'"
            )
    elif found.scalar() is True or found.scalar() != SCHEMA_VERSION:
        version = shown(found.scalar())
        raise found.error(f"this Tarash reads schema {SCHEMA_VERSION}, not {version}; upgrade tarash-core")


def read_document(node: Node, *, needs_docs: bool) -> Document:
    """One document, all of it but its ``schema`` and ``provider``.

    Args:
        node: The document.
        needs_docs: Whether ``docs`` is needed, as in a plugin's own files.

    Raises:
        MappingError: With file, line, column, path and the nearest valid word.
    """
    whole = Spot(node)
    spots = whole.table(DOCUMENT_WORDS, what="a mapping")
    if "models" not in spots:
        raise whole.error("which models? write 'models: [NAME]'")
    models = _models(spots["models"])
    fields = _named_rules(spots.get("fields"), "fields", read_field)
    extra = _named_rules(spots.get("extra"), "extra parameters", read_extra)
    if twice := next((name for name in extra if name in fields), None):
        raise spots["extra"].at_key(twice).error(f"'{twice}' is one of the fields already")
    if ours := next((name for name in extra if name in REQUEST_FIELDS), None):
        raise spots["extra"].at_key(ours).error(f"'{ours}' is a field of the request; map it under 'fields'")
    if needs_docs and "docs" not in spots:
        raise whole.error("a plugin says where the provider documents the model; write 'docs: https://...'")
    return Document(
        place=node.place,
        models=models,
        docs=_docs(spots["docs"]) if "docs" in spots else None,
        task=spots["task"].word(TASKS, "task") if "task" in spots else None,
        extends=(_model(spots["extends"]), spots["extends"].place) if "extends" in spots else None,
        replace=spots["replace"].boolean() if "replace" in spots else False,
        deprecation=_deprecation(spots),
        fields=fields,
        extra=extra,
        rules=tuple(read_rule(item) for item in spots["rules"].items("rules", at_least=0))
        if "rules" in spots
        else None,
    )


def _models(spot: Spot) -> dict[str, Place]:
    models: dict[str, Place] = {}
    for item in spot.items("models"):
        name = _model(item)
        if name in models:
            raise item.error(f"'{name}' stands here twice")
        models[name] = item.place
    return models


def _model(spot: Spot) -> str:
    name = spot.text()
    if not _MODEL.fullmatch(name):
        raise spot.error(f"'{name}' is no name of a model; give an exact name, 'x/*' for all below 'x/', or '*'")
    return name


def _deprecation(spots: Mapping[str, Spot]) -> Deprecation | Removed | None:
    on, successor = spots.get("deprecated_on"), spots.get("replaced_by")
    if on is None:
        if successor is not None:
            raise successor.error("from which day on? write 'deprecated_on: YYYY-MM-DD' too")
        return None
    if on.is_null:
        if successor is not None:
            raise successor.error("nothing is replaced where 'deprecated_on' is null; leave this out")
        return Removed(on.place)
    return read_deprecation(on, successor)


def _docs(spot: Spot) -> str:
    address = spot.text()
    if not address.startswith(("https://", "http://")):
        raise spot.error(f"'{address}' is not an address; write 'https://...'")
    return address


def _named_rules(spot: Spot | None, what: str, read: Callable[[str, Spot], _Rule]) -> dict[str, _Rule | Removed]:
    if spot is None:
        return {}
    return {
        name: Removed(item.place) if item.is_null else read(name, item) for name, item in spot.open_table(what).items()
    }
