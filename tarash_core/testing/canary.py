"""A canary key: a text that must appear in nothing that is written."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel


def assert_absent(canary: str, *things: object) -> None:
    """Fail when the canary stands in the repr, text, pickle, JSON or attributes of anything given, at any depth.

    Exceptions are searched with their notes, causes and contexts.

    Raises:
        AssertionError: Naming the form in which it was found.
    """
    for thing in things:
        for place, text in _forms(thing, set()):
            assert canary not in text, f"the canary stands in the {place} of a {type(thing).__name__}"


def _forms(thing: Any, seen: set[int]) -> Iterator[tuple[str, str]]:
    if id(thing) in seen:
        return
    seen.add(id(thing))
    yield "repr", repr(thing)
    yield "text", str(thing)
    yield "pickle", _pickled(thing)
    match thing:
        case BaseModel():
            yield "JSON", thing.model_dump_json()
        case dict() | list() | tuple():
            yield "JSON", json.dumps(thing, default=repr)
        case BaseException():
            yield "notes", repr(getattr(thing, "__notes__", ()))
            for linked in (thing.__cause__, thing.__context__, *thing.args, *vars(thing).values()):
                if linked is not None:
                    yield from _forms(linked, seen)


def _pickled(thing: Any) -> str:
    """What a pickle would hold, as text; nothing where the thing cannot be pickled."""
    try:
        return pickle.dumps(thing).decode("latin-1")
    except Exception:
        return ""
