"""Reads one field of a mapping, strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tarash_core.mapping.fields import FieldRule
from tarash_core.mapping.limits import checked_scalar, read_limits
from tarash_core.mapping.spot import Spot
from tarash_core.mapping.vocabulary import (
    AS_KINDS,
    FIELD_WORDS,
    FORMS,
    KINDS,
    REQUEST_FIELDS,
    ROLES,
    SOURCES,
    WORDS_OF_KIND,
    WORDS_OF_SOURCE,
    Kind,
)
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_node import Key, shown


def read_field(name: str, spot: Spot) -> FieldRule:
    """One field, strictly.

    Raises:
        MappingError: With file, line, column, path and the nearest valid word.
    """
    if not spot.is_table:
        ours = _field_name(spot)
        return FieldRule(name=name, place=spot.place, source="from", names=(ours,), kind=REQUEST_FIELDS[ours])
    spots = spot.table(FIELD_WORDS, what="a field")
    source = _only_source(spot, spots)
    names, kind = _named(source, spots)
    _refuse_misplaced(source, kind, spots)
    rule = FieldRule(
        name=name,
        place=spot.place,
        source=source,
        names=names,
        kind=kind,
        const=spots["const"].plain() if source == "const" else None,
        table=_table(spot, spots, names) if source == "lookup" else {},
        form=_form(spots["as"]) if "as" in spots else None,
        values=_values(spots["values"], kind) if "values" in spots else None,
        use=spots["use"].text() if "use" in spots else None,
        arguments=_arguments(spots["with"]) if "with" in spots else {},
        limits=read_limits(spots, kind),
        required=spots["required"].boolean() if "required" in spots else False,
        also=_also(spots["also"]) if "also" in spots else (),
    )
    _check_choices(rule, spots)
    return _with_default(rule, spots["default"]) if "default" in spots else rule


def _only_source(spot: Spot, spots: Mapping[str, Spot]) -> str:
    found = [word for word in SOURCES if word in spots]
    if not found:
        says = "'use' alone needs 'takes'" if "use" in spots else "a field needs one source"
        raise spot.error(f"{says}: one of {', '.join(SOURCES)}")
    if len(found) > 1:
        raise spots[found[1]].error(f"a field has one source, and '{found[0]}' stands here already")
    forms = [word for word in FORMS if word in spots]
    if len(forms) > 1:
        raise spots[forms[1]].error(f"a field has one form, and '{forms[0]}' stands here already")
    if "with" in spots and "use" not in spots:
        raise spots["with"].error("these are arguments of a converter; name it with 'use'")
    if found == ["takes"] and "use" not in spots:
        raise spots["takes"].error("this says what a converter reads; name it with 'use'")
    if found == ["lookup"] and "table" not in spots:
        raise spots["lookup"].error("a lookup needs a 'table'")
    if "required" in spots and "default" in spots and spots["required"].boolean():
        raise spots["default"].error("what has a default is never missing; leave out 'required' or 'default'")
    return found[0]


def _named(source: str, spots: Mapping[str, Spot]) -> tuple[tuple[str, ...], Kind]:
    """The request fields, roles or extra parameter that a source takes, and what it holds."""
    spot = spots[source]
    match source:
        case "from":
            name = _field_name(spot)
            return (name,), REQUEST_FIELDS[name]
        case "image":
            return _unique(spot.one_or_items("image roles"), ROLES, "image role"), "media"
        case "images":
            return _image_roles(spot), "array"
        case "videos":
            spot.word(("all",), "choice")
            return ("video",), "array"
        case "param":
            return (_param_name(spot),), _kind_of_param(spots)
        case "lookup":
            return _lookup_names(spot), "any"
        case "takes":
            return _unique(spot.items("names"), (*REQUEST_FIELDS, *ROLES), "request field or image role"), "any"
    return (), "any"


def _field_name(spot: Spot) -> str:
    name = spot.text()
    if name in ROLES:
        raise spot.error(f"'{name}' is an image role; write {{image: {name}}}")
    if name in REQUEST_FIELDS:
        return name
    hint = did_you_mean(name, REQUEST_FIELDS) or f"; there are: {', '.join(REQUEST_FIELDS)}"
    raise spot.error(f"no request field '{name}'{hint}")


def _unique(spots: list[Spot], known: tuple[str, ...], what: str) -> tuple[str, ...]:
    names: list[str] = []
    for spot in spots:
        name = spot.word(known, what)
        if name in names:
            raise spot.error(f"'{name}' stands here twice")
        names.append(name)
    return tuple(names)


def _image_roles(spot: Spot) -> tuple[str, ...]:
    if spot.is_table:
        spots = spot.table({"except"}, what="images")
        if "except" not in spots:
            raise spot.error("which images? write [ROLES], all, or {except: [ROLES]}")
        left_out = _unique(spots["except"].items("image roles"), ROLES, "image role")
        return tuple(role for role in ROLES if role not in left_out)
    if spot.is_list:
        return _unique(spot.items("image roles"), ROLES, "image role")
    spot.word(("all",), "choice of images (or give a list of roles)")
    return ROLES


def _param_name(spot: Spot) -> str:
    name = spot.text()
    if name in REQUEST_FIELDS:
        raise spot.error(f"'{name}' is a field of the request; write {{from: {name}}}")
    return name


def _kind_of_param(spots: Mapping[str, Spot]) -> Kind:
    if "type" not in spots:
        return "any"
    word = spots["type"].word(KINDS, "type")
    return next(kind for kind in KINDS if kind == word)


def _lookup_names(spot: Spot) -> tuple[str, ...]:
    items = spot.items("request fields")
    names = tuple(_field_name(item) for item in items)
    if len(set(names)) != 2 or len(names) != 2:
        raise spot.error("a lookup takes two different request fields")
    if wrong := next((item for item, name in zip(items, names, strict=True) if REQUEST_FIELDS[name] == "media"), None):
        raise wrong.error("a video cannot be looked up")
    return names


def _refuse_misplaced(source: str, kind: Kind, spots: Mapping[str, Spot]) -> None:
    allowed = WORDS_OF_SOURCE.get(source, WORDS_OF_KIND[kind]) | {source}
    if source == "param":
        allowed |= {"type"}
    for word, spot in spots.items():
        if word not in allowed:
            what = f"a field of type {kind}" if source in ("from", "param") else f"'{source}'"
            others = ", ".join(sorted(allowed - {source})) or "nothing"
            raise spot.error(f"'{word}' has no meaning for {what}; it takes {others}")


def _table(spot: Spot, spots: Mapping[str, Spot], names: tuple[str, ...]) -> dict[Key, dict[Key, Any]]:
    table: dict[Key, dict[Key, Any]] = {}
    first, second = (REQUEST_FIELDS[name] for name in names)
    rows = spots["table"]
    for key, row in rows.keyed("a table").items():
        cells = row.keyed("a row of a table")
        _checked_keys(rows, first)
        _checked_keys(row, second)
        table[key] = {inner: cell.plain() for inner, cell in cells.items()}
    if not any(table.values()):
        raise spot.error("the table is empty")
    return table


def _checked_keys(spot: Spot, kind: Kind) -> None:
    for key in spot.keyed("a table"):
        checked_scalar(spot.at_key(key), kind)


def _values(spot: Spot, kind: Kind) -> dict[Key, Any]:
    pairs = {key: value.plain() for key, value in spot.keyed("values").items()}
    if not pairs:
        raise spot.error("there are no values here")
    _checked_keys(spot, kind)
    return pairs


def _form(spot: Spot) -> str:
    form = spot.text()
    if form in AS_KINDS or (form.count("{}") == 1 and form.count("{") == form.count("}") == 1):
        return form
    known = ", ".join(AS_KINDS)
    hint = did_you_mean(form, AS_KINDS)
    raise spot.error(f"no form '{form}'; there are {known} and a text with one '{{}}'{hint}")


def _check_choices(rule: FieldRule, spots: Mapping[str, Spot]) -> None:
    choices = rule.limits.one_of
    if choices is None:
        return
    for key in rule.values or ():
        if key not in choices:
            raise spots["values"].at_key(key).error(f"{shown(key)} is not in 'one_of'")
    try:
        rule.shape()
    except ValueError as error:
        raise spots["as"].error(f"not every value of 'one_of' has this form: {error}") from None


def _also(spot: Spot) -> tuple[Key, ...]:
    values: list[Key] = []
    for item in spot.items("values"):
        if item.scalar() in values:
            raise item.error(f"{shown(item.scalar())} stands here twice")
        values.append(item.scalar())
    return tuple(values)


def _arguments(spot: Spot) -> dict[str, Any]:
    return {name: value.plain() for name, value in spot.open_table("arguments").items()}


def _with_default(rule: FieldRule, spot: Spot) -> FieldRule:
    if rule.source == "lookup":
        pair = tuple(
            checked_scalar(item, REQUEST_FIELDS[name])
            for item, name in zip(spot.items("values", at_least=2), rule.names, strict=False)
        )
        if len(spot.items("values")) != 2 or pair[1] not in rule.table.get(pair[0], {}):
            raise spot.error("the default must be the two values of one cell of the table")
        return replace(rule, default=pair)
    value = checked_scalar(spot, rule.kind)
    try:
        rule.shape()(value)
    except ValueError as error:
        raise spot.error(f"the default {shown(value)} is not offered: {error}") from None
    return replace(rule, default=value)
