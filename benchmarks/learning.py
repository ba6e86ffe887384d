"""How well mappings are learned: precision and recall of each role, on schemas whose roles a person wrote down.

``python benchmarks/learning.py`` prints the tables of ``docs/learning.md``. Nothing is sent anywhere.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tarash_core.learning import SchemaError, learn
from tarash_core.learning.parameter import words_of

DATA = Path(__file__).parent.parent / "tests" / "learning" / "data"
SETS = (
    "develop",
    "judge",
    "fresh",
    "unseen",
    "later",
    "last",
    "blind",
    "hosts",
    "served",
    "leftover",
    "hosts-2",
    "newest",
    "hosts-3",
    "gateways",
    "versions",
    "hosts-4",
)
BEYOND = ("pictures",)  # inputs of models that make no videos, for which the rules are not made

Pairs = set[tuple[str, str]]
# What knowing only the usual names comes to: the yardstick.
USUAL = {
    **{name: name for name in ("prompt", "negative_prompt", "duration", "resolution", "aspect_ratio", "seed")},
    "image_url": "first_frame",
    "image": "first_frame",
    "end_image_url": "last_frame",
    "video_url": "video",
    "image_urls": "reference",
    "reference_images": "reference",
    "video": "video",
    "size": "size",
    "generate_audio": "audio",
    "enhance_prompt": "enhance_prompt",
    "num_videos": "count",
    "num_frames": "frames",
}


@dataclass(slots=True)
class Score:
    """Counts of one set of models.

    Args:
        right: By role, how often the right parameter was found.
        wrong: By role, how often another one, or one where there is none.
        missed: By role, how often none was, or another one.
        models: How many models there were.
        whole: How many of them are right in every role.
        tasks: How many tasks were told, of those that a person wrote down.
        told: How many tasks a person wrote down.
    """

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    models: int = 0
    whole: int = 0
    tasks: int = 0
    told: int = 0

    def add(self, gold: Pairs, found: Pairs) -> None:
        """Count one model."""
        self.right.update(role for role, _ in gold & found)
        self.wrong.update(role for role, _ in found - gold)
        self.missed.update(role for role, _ in gold - found)
        self.models += 1
        self.whole += gold == found

    def __add__(self, other: Score) -> Score:
        """The score of both sets together."""
        return Score(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    def precision(self, role: str | None = None) -> float:
        """The share of what was found that is right."""
        return _share(_count(self.right, role), _count(self.wrong, role))

    def recall(self, role: str | None = None) -> float:
        """The share of what there is that was found."""
        return _share(_count(self.right, role), _count(self.missed, role))

    @property
    def whole_share(self) -> float:
        """The share of the models that are right in every role."""
        return self.whole / self.models


def gold_models() -> dict[str, dict[str, Any]]:
    """The labelled models, by ``provider:model``."""
    models: dict[str, dict[str, Any]] = {}
    for file in sorted(DATA.glob("*.json")):
        models |= json.loads(file.read_text("utf-8"))["models"]
    return models


def score(of_set: str, find: Callable[[str, Mapping[str, Any]], tuple[Pairs, str]] | None = None) -> Score:
    """The score of one set: of the learner, or of another way to `find` roles and task."""
    counted = Score()
    for name, model in gold_models().items():
        if model["set"] != of_set:
            continue
        found, task = (find or learned)(name, model)
        counted.add(set(model["roles"].items()), found)
        counted.told += "task" in model
        counted.tasks += model.get("task") == task
    return counted


def learned(name: str, model: Mapping[str, Any]) -> tuple[Pairs, str]:
    """What the learner says of a model."""
    provider, _, model_id = name.partition(":")
    try:
        found = learn(model["input"], model=model_id, provider=provider, source=model["source"], read=model["read"])
    except SchemaError:  # it teaches nothing
        return set(), ""
    # One image that is taken in either role is right where a person gave it one of the two, and sent as that.
    gold = set(model["roles"].items())
    asked = {parameter: role for role, parameter in model["roles"].items() if role in ("first_frame", "reference")}
    pairs = {(str(role), parameter) for role, parameter in found.roles.items() if role != "both_frames"}
    pairs = {(asked.get(name, role) if role == "only_image" else role, name) for role, name in pairs}
    if (both := found.roles.get("both_frames")) is not None:
        # A person who was not to say both wrote down the first one of a list that may hold it alone.
        pairs |= {("first_frame", both), ("last_frame", both)} & gold or {("first_frame", both), ("last_frame", both)}
    return pairs, found.task


def usual(name: str, model: Mapping[str, Any]) -> tuple[Pairs, str]:
    """What the usual names say of a model."""
    parameters = model["input"]["properties"]
    found = {(role, parameter) for parameter, role in USUAL.items() if parameter in parameters}
    return found, "text-to-video"


def words_of_model(name: str, model: Mapping[str, Any]) -> set[str]:
    """The words of a model's name and of all its parameters, also those inside objects."""
    model_id = name.partition(":")[2]
    found = {*words_of(model_id), *re.findall(r"[a-z0-9]+", model_id.lower())}
    schemas: list[Any] = [model["input"]]
    while schemas:
        schema = schemas.pop()
        for parameter, inner in schema.get("properties", {}).items():
            found.update(words_of(parameter))
            schemas.append(inner)
        schemas += [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        if "items" in schema:
            schemas.append(schema["items"])
    return found


def table() -> list[str]:
    """The report, as the lines of Markdown tables."""
    scores = {name: score(name) for name in (*SETS, *BEYOND)}
    lines = ["| | models | precision | recall | right in every role | right task |", "|---|---|---|---|---|---|"]
    for name in scores:
        lines += [row(name, scores[name]), row(f"{name}, by usual names alone", score(name, usual), task=False)]
    columns = {each: scores[each] for each in SETS[:2]} | {"others": sum((scores[each] for each in SETS[2:]), Score())}
    lines += ["", "| role | " + " | ".join(f"{name}: precision, recall, number" for name in columns) + " |"]
    lines += ["|---|" + "---|" * len(columns)]
    roles = sorted({role for all_ in columns.values() for role in (*all_.right, *all_.wrong, *all_.missed)})
    for role in roles:
        lines.append(f"| `{role}` | " + " | ".join(_cell(counted, role) for counted in columns.values()) + " |")
    return lines


def row(name: str, counted: Score, *, task: bool = True) -> str:
    tasks = f"{counted.tasks} of {counted.told}" if task and counted.told else ""
    shares = (counted.precision(), counted.recall(), counted.whole_share)
    return f"| {name} | {counted.models} | " + " | ".join(f"{share:.1%}" for share in shares) + f" | {tasks} |"


def _cell(counted: Score, role: str) -> str:
    number = counted.right[role] + counted.missed[role]
    if not number and not counted.wrong[role]:
        return ""
    return f"{counted.precision(role):.1%}, {counted.recall(role):.1%}, {number}"


def _count(counter: Counter[str], role: str | None) -> int:
    return counter.total() if role is None else counter[role]


def _share(right: int, others: int) -> float:
    return right / (right + others) if right + others else 1.0


if __name__ == "__main__":
    print("\n".join(table()))
