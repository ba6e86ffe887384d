"""One measured thing: with Tarash, without it, their ratio and its budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Args:
        what: What was measured.
        ours: With Tarash.
        theirs: Without it.
        unit: Of both.
        budget: The largest ratio that is accepted; None: told for information.
        ratio: Where it is not simply ours / theirs: the median of the ratios of interleaved rounds.
    """

    what: str
    ours: float
    theirs: float
    unit: str
    budget: float | None = None
    ratio: float | None = None

    @property
    def factor(self) -> float:
        """How many times as much."""
        if self.ratio is not None:
            return self.ratio
        # Nothing at all is a measurement too: a peak of memory that did not rise.
        return self.ours / self.theirs if self.theirs else math.inf if self.ours else 1.0

    @property
    def within(self) -> bool:
        """Whether the budget is kept."""
        return self.budget is None or self.factor <= self.budget

    def cells(self) -> tuple[str, ...]:
        """What, ours, theirs, ratio, budget, as text."""
        budget = "" if self.budget is None else f"{self.budget:g}"
        amounts = (f"{amount:.4g} {self.unit}" for amount in (self.ours, self.theirs))
        return self.what, *amounts, f"{self.factor:.2f}", budget if self.within else f"**{budget}, missed**"

    def __str__(self) -> str:
        what, ours, theirs, factor, budget = self.cells()
        limit = f" (budget {budget})" if budget else ""
        return f"{what}: {ours} against {theirs}, {factor} x{limit}"


def as_markdown(rows: Sequence[Row]) -> str:
    """All lines as a Markdown table."""
    head = "| | with Tarash | without | ratio | budget |\n|---|---|---|---|---|\n"
    return head + "".join(f"| {' | '.join(row.cells())} |\n" for row in rows)
