"""The end of a model: told before the day, refused from it on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tarash_core.errors import ValidationError
from tarash_core.mapping.spot import Spot
from tarash_core.yaml_node import Place

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Deprecation:
    """From which day a model is not to be used, and what takes its place.

    Args:
        on: The first day on which it is refused, in UTC.
        successor: The model to use, where there is one.
        place: Where that is said.
    """

    on: date
    successor: str | None
    place: Place

    def is_over(self, today: date | None = None) -> bool:
        """Whether the day has come. `today` is for tests; left out, it is today's date in UTC."""
        return (today or datetime.now(UTC).date()) >= self.on

    def warning(self, model: str) -> str:
        """What is said before the day."""
        way_out = f"use '{self.successor}' in its place" if self.successor else "nothing takes its place"
        return f"'{model}' can be used until {self.on} only; {way_out}"

    def refusal(self, model: str, provider: str) -> ValidationError:
        """What is raised from the day on."""
        way_out = f"use '{self.successor}'" if self.successor else "it has no successor; choose another model"
        text = f"'{model}' cannot be used since {self.on}; {way_out} (said by {self.place})"
        return ValidationError(text, field="model", model=model, provider=provider)

    def describe(self) -> str:
        """In words, for a table."""
        return f"refused from {self.on} on" + (f"; use {self.successor}" if self.successor else "")


def read_deprecation(on: Spot, successor: Spot | None) -> Deprecation:
    """What ``deprecated_on`` and ``replaced_by`` say.

    Raises:
        MappingError: It is not a day.
    """
    text = on.text()
    try:
        # In Python 3.11, `fromisoformat` reads other forms than the one that we document, too.
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise on.error(f"'{text}' is not a day; write it like 2026-09-24")
    return Deprecation(day, successor.text() if successor is not None else None, on.place)
