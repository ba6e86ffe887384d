"""The provider's other parameters: what they hold and their limits."""

from __future__ import annotations

from dataclasses import dataclass, field

from tarash_core.mapping.limits import Limits, read_limits
from tarash_core.mapping.shapes import Shape, extra_shape
from tarash_core.mapping.spot import Spot
from tarash_core.mapping.vocabulary import EXTRA_WORDS, KINDS, LIMITS, Kind
from tarash_core.yaml_node import Place

_LIMITS_OF_KIND: dict[Kind, frozenset[str]] = {
    "string": frozenset({"one_of", "min_length", "max_length"}),
    "number": frozenset({"one_of", "min", "max", "multiple_of"}),
    "integer": frozenset({"one_of", "min", "max", "multiple_of"}),
    "boolean": frozenset({"one_of"}),
    "media": frozenset(),
    "array": frozenset({"min_items", "max_items"}),
    "object": frozenset(),
    "any": frozenset(LIMITS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraRule:
    """One parameter that a request gives in ``extra_params``, by their name.

    Args:
        name: Their name of it.
        place: Where the rule stands.
        kind: What it holds.
        items: What each item of an array holds, where that is said.
        limits: What is offered.
        required: Whether the request must give it.
    """

    name: str
    place: Place
    kind: Kind = "any"
    items: Kind | None = None
    limits: Limits = field(default_factory=Limits)
    required: bool = False

    def shape(self) -> Shape:
        """Takes the value given, returns what is sent; ValueError says what is offered."""
        return extra_shape(self.limits, kind=self.kind, items=self.items)

    def describe(self) -> str:
        """Where the value comes from, in words."""
        of = f" of {self.items}" if self.items else ""
        return f"extra parameter ({self.kind}{of}{', required' if self.required else ''})"


def read_extra(name: str, spot: Spot) -> ExtraRule:
    """One extra parameter, strictly: a bare type, or a group of keys.

    Raises:
        MappingError: With file, line, column, path and the nearest valid word.
    """
    if not spot.is_table:
        return ExtraRule(name=name, place=spot.place, kind=_kind(spot))
    spots = spot.table(EXTRA_WORDS, what="an extra parameter")
    kind = _kind(spots["type"]) if "type" in spots else "any"
    if "items" in spots and kind != "array":
        raise spots["items"].error("only an array has items; write 'type: array'")
    for word, found in spots.items():
        if word in LIMITS and word not in _LIMITS_OF_KIND[kind]:
            allowed = ", ".join(sorted(_LIMITS_OF_KIND[kind])) or "no limits"
            raise found.error(f"'{word}' has no meaning for type {kind}; it takes {allowed}")
    return ExtraRule(
        name=name,
        place=spot.place,
        kind=kind,
        items=_kind(spots["items"]) if "items" in spots else None,
        limits=read_limits(spots, kind),
        required=spots["required"].boolean() if "required" in spots else False,
    )


def _kind(spot: Spot) -> Kind:
    word = spot.word(KINDS, "type")
    return next(kind for kind in KINDS if kind == word)
