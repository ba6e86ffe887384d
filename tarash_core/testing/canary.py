"""A canary key: a text that must appear in nothing that is written."""

from __future__ import annotations

import dataclasses
import json
import pickle
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, SecretStr


def assert_absent(canary: str, *things: object) -> None:
    """Fail when the canary stands in the repr, text, pickle, JSON, items or attributes of anything given, at any depth.

    Exceptions are searched with their notes, causes and contexts. A `SecretStr` may hold the canary: that is its
    purpose, and it hides it; but not where a pickle or a JSON text of what holds it would tell.

    Raises:
        AssertionError: Naming the form in which it was found, and where.
    """
    for thing in things:
        for place, text in _forms(thing, type(thing).__name__, set()):
            if canary in text:
                raise AssertionError(f"the canary stands in the {place}")


def _forms(thing: Any, where: str, seen: set[int]) -> Iterator[tuple[str, str]]:
    if thing is None or id(thing) in seen or isinstance(thing, SecretStr):
        return
    seen.add(id(thing))
    yield f"repr of {where}", repr(thing)
    yield f"text of {where}", str(thing)
    yield f"pickle of {where}", _pickled(thing)
    if isinstance(thing, BaseModel | Mapping | list | tuple):
        yield f"JSON of {where}", _as_json(thing)
    for name, part in _parts(thing):
        yield from _forms(part, f"{where}{name}", seen)


def _parts(thing: Any) -> Iterator[tuple[str, Any]]:
    """What a thing holds, each with how it is reached."""
    match thing:
        case Mapping():
            yield from ((f"[{key!r}]", value) for key, value in thing.items())
        case list() | tuple() | set() | frozenset():
            yield from ((f"[{number}]", value) for number, value in enumerate(thing))
        case BaseModel():
            yield from ((f".{name}", getattr(thing, name)) for name in type(thing).model_fields)
        case BaseException():
            yield from ((f".args[{number}]", value) for number, value in enumerate(thing.args))
            yield from ((f".{name}", value) for name, value in vars(thing).items())
            yield from ((f".{name}", getattr(thing, name)) for name in ("__cause__", "__context__"))
        case _ if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
            yield from ((f".{field.name}", getattr(thing, field.name)) for field in dataclasses.fields(thing))


def _as_json(thing: Any) -> str:
    try:
        return thing.model_dump_json() if isinstance(thing, BaseModel) else json.dumps(thing, default=repr)
    except (TypeError, ValueError):  # What JSON does not have: repr has told of it.
        return ""


def _pickled(thing: Any) -> str:
    """What a pickle would hold, as text; nothing where the thing cannot be pickled."""
    try:
        return pickle.dumps(thing).decode("latin-1")
    except Exception:
        return ""
