"""The tree of errors: as it is drawn, and complete when it crosses a process."""

from __future__ import annotations

import builtins
import copy
import pickle
import re
from typing import Any

import pytest

from tarash_core import Job, TarashException, errors
from tarash_core.response import Attempt

ROOT = "Exception"
CLASSES: list[type[TarashException]] = [
    value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, TarashException)
]
JOB = Job(provider="fal", model="m", request_id="r-1", submitted_at=1.0)
CONTEXT: dict[str, Any] = {
    "provider": "fal",
    "model": "m",
    "request_id": "r-1",
    "raw_response": {"detail": ["no"]},
    "job": JOB,
    "status_code": 418,
}
OWN: dict[str, dict[str, Any]] = {
    "ValidationError": {"field": "seed"},
    "ContentModerationError": {"reasons": ("violence",)},
    "MappingError": {"file": "a.yaml", "line": 3, "column": 5},
    "RateLimitError": {"retry_after": 1.5},
    "HTTPConnectionError": {"request_sent": False},
    "TimeoutError": {"timeout_seconds": 600.0},
    "UnexpectedResponseError": {"transient": True},
}


def drawn() -> dict[str, str]:
    """Each class of the drawing in the module's docstring, with its parent."""
    tree: dict[str, str] = {}
    line_up: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^ {4}([│├└─ ]*)([A-Z]\w+)", line)
        if found is None:
            continue
        depth = len(found.group(1))
        line_up = [(column, name) for column, name in line_up if column < depth]
        tree[found.group(2)] = line_up[-1][1] if line_up else ROOT
        line_up.append((depth, found.group(2)))
    return tree


def test_the_drawing_is_the_code() -> None:
    assert drawn() == {cls.__name__: cls.__bases__[0].__name__ for cls in CLASSES}


def test_every_line_of_the_drawing_says_what_to_do() -> None:
    for name in drawn():
        line = next(line for line in (errors.__doc__ or "").splitlines() if re.search(rf"\b{name}\b", line))
        assert len(line.split(name, 1)[1].strip()) > 10, name


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
def test_everything_crosses_a_process(cls: type[TarashException], again: Any) -> None:
    own = OWN.get(cls.__name__, {})
    error = cls("it failed; try again", **own, **CONTEXT)
    error.attempts = (Attempt(provider="fal", model="m", outcome=cls.__name__),)
    error.add_note("a note")
    other = again(error)
    assert type(other) is cls
    assert str(other) == str(error) == error.message
    assert vars(other) == vars(error)
    for name, value in {**own, **CONTEXT}.items():
        assert getattr(other, name) == value
    assert other.__notes__ == ["a note"]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_only_the_message_is_needed(cls: type[TarashException]) -> None:
    error = cls("it failed")
    assert str(error) == error.message == "it failed"
    assert (error.provider, error.model, error.job, error.status_code, error.attempts) == (None, None, None, None, ())


def test_the_table_of_attributes_is_complete() -> None:
    common = vars(TarashException("x")).keys()
    assert {cls.__name__: set(vars(cls("x")).keys() - common) for cls in CLASSES if vars(cls("x")).keys() - common} == {
        name: set(own) for name, own in OWN.items()
    }


def test_a_timeout_is_pythons_own_too() -> None:
    with pytest.raises(builtins.TimeoutError) as raised:
        raise errors.TimeoutError("too late", timeout_seconds=2)
    assert isinstance(raised.value, OSError)
    assert raised.value.errno is None
    assert str(raised.value) == "too late"


@pytest.mark.parametrize(
    ("place", "opening"),
    [
        ({"file": "a.yaml", "line": 3, "column": 5}, "a.yaml:3:5: "),
        ({"file": "a.yaml", "line": 3}, "a.yaml:3: "),
        ({"file": "a.yaml"}, "a.yaml: "),
        ({}, ""),
    ],
)
def test_a_mapping_error_begins_with_its_place(place: dict[str, Any], opening: str) -> None:
    assert str(errors.MappingError("unknown key", **place)) == f"{opening}unknown key"
