"""What holds between fields: read strictly, checked for every request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tarash_core.errors import MappingError, ValidationError
from tarash_core.mapping.demands import (
    Demand,
    Reading,
    Total,
    counted,
    excluded,
    is_one_of,
    needed,
    offered,
    some_given,
)
from tarash_core.mapping.limits import checked_scalar, read_limits
from tarash_core.mapping.spot import Spot
from tarash_core.mapping.vocabulary import CONDITIONAL, REQUEST_FIELDS, ROLES, RULE_WORDS, UNCONDITIONAL
from tarash_core.mapping.words import either, listed, named
from tarash_core.request import VideoGenerationRequest
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_node import Key, Place

Condition = tuple[Key, ...] | Literal["given", "missing"]
# Raises ValidationError where the rule is broken; takes the request and the model's name.
RuleCheck = Callable[[VideoGenerationRequest, str], None]

_WITHOUT_VALUES = (*ROLES, "video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What must hold, always or when all of `when` holds.

    Names are request fields, image roles, or extra parameters of the mapping.

    Args:
        place: Where it stands.
        when: Conditions by name; empty: always.
        then: The values offered, by name.
        needs: What must be given.
        excludes: What must not be given.
        some_of: At least one of these must be given.
        one_of_given: Exactly one of these must be given.
        total: How many items some lists may have together.
        says: The rule in a sentence.
    """

    place: Place
    when: Mapping[str, Condition]
    then: Mapping[str, tuple[Key, ...]]
    needs: tuple[str, ...]
    excludes: tuple[str, ...]
    some_of: tuple[str, ...]
    one_of_given: tuple[str, ...]
    total: Total | None
    says: str | None

    def names(self) -> dict[str, None]:
        """Every name that the rule speaks of, in order."""
        counted_names = self.total.of if self.total is not None else ()
        demanded = (*self.then, *self.needs, *self.excludes, *self.some_of, *self.one_of_given, *counted_names)
        return dict.fromkeys((*self.when, *demanded))

    def unknown(self, known: Mapping[str, Reading]) -> MappingError | None:
        """The error of a rule that names what the mapping does not take."""
        for name in self.names():
            if name not in known:
                hint = did_you_mean(name, known)
                return self.place.error(f"the rule names '{name}', which this mapping does not take{hint}")
        return None

    def describe(self) -> str:
        """In words, as `says` has it where it is given."""
        if self.says:
            return self.says
        parts = [f"{name} {either(values)}" for name, values in self.then.items()]
        parts += [f"needs {named(name, ROLES)}" for name in self.needs]
        parts += [f"not with {named(name, ROLES)}" for name in self.excludes]
        parts += [f"at least one of {', '.join(self.some_of)}"] if self.some_of else []
        parts += [f"exactly one of {', '.join(self.one_of_given)}"] if self.one_of_given else []
        parts += [self.total.describe()] if self.total is not None else []
        return f"{self._circumstances().lstrip()}: {', '.join(parts)}" if self.when else ", ".join(parts)

    def check(self, readings: Mapping[str, Reading], provider: str) -> RuleCheck:
        """The rule as a function. `readings` has every name of the rule; defaults of the mapping count as values."""
        when = [(readings[name], _holds(condition)) for name, condition in self.when.items()]
        demands = self._demands(readings)
        reason = f" ({self.says})" if self.says else ""

        def check(request: VideoGenerationRequest, model: str) -> None:
            for read, holds in when:
                if not holds(read(request)):
                    return
            for demand in demands:
                if broken := demand(request, model):
                    name, text = broken
                    field = "image_list" if name in ROLES else name
                    raise ValidationError(f"{text}{reason}", field=field, model=model, provider=provider)

        return check

    def _demands(self, readings: Mapping[str, Reading]) -> list[Demand]:
        when = self._circumstances()
        demands = [offered(name, readings[name], values, when) for name, values in self.then.items()]
        demands += [needed(name, readings[name], when) for name in self.needs]
        demands += [excluded(name, readings[name], when) for name in self.excludes]
        for names, most in ((self.some_of, None), (self.one_of_given, 1)):
            if names:
                demands.append(some_given({name: readings[name] for name in names}, when, most=most))
        if self.total is not None:
            demands.append(counted(self.total, readings, when))
        return demands

    def _circumstances(self) -> str:
        """`` when resolution is '4k'``; empty for a rule that always holds."""
        parts = [
            f"{name} is {condition if isinstance(condition, str) else either(condition)}"
            for name, condition in self.when.items()
        ]
        return f" when {' and '.join(parts)}" if parts else ""


def read_rule(spot: Spot) -> Rule:
    """One rule, strictly.

    Raises:
        MappingError: With file, line, column, path and the nearest valid word.
    """
    spots = spot.table(RULE_WORDS, what="a rule")
    if not spots.keys() & {*CONDITIONAL, *UNCONDITIONAL}:
        raise spot.error(f"a rule needs 'when' and one of {listed(CONDITIONAL)}, or one of {listed(UNCONDITIONAL)}")
    if "when" not in spots and (word := next((word for word in CONDITIONAL if word in spots), None)):
        raise spot.error(f"a rule needs 'when' beside '{word}'")
    when = spots["when"].open_table("conditions") if "when" in spots else {}
    if "when" in spots and not when:
        raise spots["when"].error("a rule needs at least one condition")
    then = spots["then"].open_table("values") if "then" in spots else {}
    if "then" in spots and not then:
        raise spots["then"].error("a rule offers values of at least one name; write 'NAME: [VALUES]'")
    return Rule(
        place=spot.place,
        when={name: _condition(name, item) for name, item in when.items()},
        then={name: _values(name, item) for name, item in then.items()},
        needs=_names(spots.get("needs")),
        excludes=_names(spots.get("excludes")),
        some_of=_names(spots.get("some_of"), at_least=2),
        one_of_given=_names(spots.get("one_of_given"), at_least=2),
        total=_total(spots["total"]) if "total" in spots else None,
        says=spots["says"].text() if "says" in spots else None,
    )


def _names(spot: Spot | None, *, at_least: int = 1) -> tuple[str, ...]:
    if spot is None:
        return ()
    names: list[str] = []
    for item in spot.items("names"):
        if item.text() in names:
            raise item.error(f"'{item.text()}' stands here twice")
        names.append(item.text())
    if len(names) < at_least:
        raise spot.error("one name is no choice; give two or more (or 'required: true' at the field)")
    return tuple(names)


def _total(spot: Spot) -> Total:
    spots = spot.table({"of", "min_items", "max_items"}, what="a total")
    if "of" not in spots:
        raise spot.error("of what? write 'of: [NAMES]'")
    if len(spots) == 1:
        raise spot.error("a total needs 'min_items' or 'max_items'")
    limits = {name: found for name, found in spots.items() if name != "of"}
    return Total(of=_names(spots["of"]), limits=read_limits(limits, "array"))


def _condition(name: str, spot: Spot) -> Condition:
    match spot.plain():
        case "given":
            return "given"
        case "missing":
            return "missing"
    if name in _WITHOUT_VALUES:
        raise spot.error(f"'{name}' is given or missing; it has no values")
    return _values(name, spot)


def _values(name: str, spot: Spot) -> tuple[Key, ...]:
    if name in _WITHOUT_VALUES:
        raise spot.error(f"'{name}' has no values; write 'needs: [{name}]' or 'excludes: [{name}]'")
    # An extra parameter of any kind is known only where the mapping is put together.
    kind = REQUEST_FIELDS.get(name, "any")
    return tuple(checked_scalar(item, kind) for item in spot.one_or_items("values"))


def _holds(condition: Condition) -> Callable[[Any], bool]:
    if condition == "given":
        return lambda value: value is not None
    if condition == "missing":
        return lambda value: value is None
    return is_one_of(condition)
