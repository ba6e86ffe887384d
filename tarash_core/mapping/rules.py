"""What holds between fields: read strictly, checked for every request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tarash_core.errors import MappingError, ValidationError
from tarash_core.mapping.limits import checked_scalar
from tarash_core.mapping.spot import Spot
from tarash_core.mapping.vocabulary import REQUEST_FIELDS, ROLES, RULE_WORDS
from tarash_core.mapping.words import either, named, near
from tarash_core.request import VideoGenerationRequest
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_node import Key, Place, shown

Condition = tuple[Key, ...] | Literal["given", "missing"]
# The value of a field, role or extra parameter in a request; None where it is not given.
Reading = Callable[[VideoGenerationRequest], Any]
# Raises ValidationError where the rule is broken; takes the request and the model's name.
RuleCheck = Callable[[VideoGenerationRequest, str], None]

_WITHOUT_VALUES = (*ROLES, "video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When all of `when` holds: `then` are the values offered, `needs` must be given, `excludes` must not.

    Names are request fields, image roles, or extra parameters of the mapping.
    """

    place: Place
    when: Mapping[str, Condition]
    then: Mapping[str, tuple[Key, ...]]
    needs: tuple[str, ...]
    excludes: tuple[str, ...]
    says: str | None

    def names(self) -> dict[str, None]:
        """Every name that the rule speaks of, in order."""
        return dict.fromkeys((*self.when, *self.then, *self.needs, *self.excludes))

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
        return f"{self._circumstances()}: {', '.join(parts)}"

    def check(self, readings: Mapping[str, Reading], provider: str) -> RuleCheck:
        """The rule as a function. `readings` has every name of the rule; defaults of the mapping count as values."""
        when = [(readings[name], _holds(condition)) for name, condition in self.when.items()]
        then = [(name, readings[name], _is_one_of(values), values) for name, values in self.then.items()]
        needs = [(name, readings[name]) for name in self.needs]
        excludes = [(name, readings[name]) for name in self.excludes]
        circumstances = self._circumstances()
        reason = f" ({self.says})" if self.says else ""

        def check(request: VideoGenerationRequest, model: str) -> None:
            for read, holds in when:
                if not holds(read(request)):
                    return
            for name, read, is_offered, values in then:
                value = read(request)
                if value is not None and not is_offered(value):
                    raise refused(
                        name,
                        f"{name}={shown(value)} is not offered by '{model}' {circumstances}; "
                        f"choose {either(values)}{near(value, values)}{reason}",
                        model,
                    )
            for name, read in needs:
                if read(request) is None:
                    raise refused(name, f"'{model}' needs {named(name, ROLES)} {circumstances}{reason}", model)
            for name, read in excludes:
                if read(request) is not None:
                    text = f"'{model}' does not take {named(name, ROLES)} {circumstances}; leave one out{reason}"
                    raise refused(name, text, model)

        def refused(name: str, message: str, model: str) -> ValidationError:
            field = "image_list" if name in ROLES else name
            return ValidationError(message, field=field, model=model, provider=provider)

        return check

    def _circumstances(self) -> str:
        parts = [
            f"{name} is {condition if isinstance(condition, str) else either(condition)}"
            for name, condition in self.when.items()
        ]
        return f"when {' and '.join(parts)}"


def read_rule(spot: Spot) -> Rule:
    """One rule, strictly.

    Raises:
        MappingError: With file, line, column, path and the nearest valid word.
    """
    spots = spot.table(RULE_WORDS, what="a rule")
    if "when" not in spots:
        raise spot.error("a rule needs 'when'")
    if not spots.keys() & {"then", "needs", "excludes"}:
        raise spot.error("a rule needs one of 'then', 'needs' and 'excludes'")
    when = spots["when"].open_table("conditions")
    if not when:
        raise spots["when"].error("a rule needs at least one condition")
    then = spots["then"].open_table("values") if "then" in spots else {}
    return Rule(
        place=spot.place,
        when={name: _condition(name, item) for name, item in when.items()},
        then={name: _values(name, item) for name, item in then.items()},
        needs=tuple(item.text() for item in spots["needs"].items("names")) if "needs" in spots else (),
        excludes=tuple(item.text() for item in spots["excludes"].items("names")) if "excludes" in spots else (),
        says=spots["says"].text() if "says" in spots else None,
    )


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
    return _is_one_of(condition)


def _is_one_of(values: tuple[Key, ...] | str) -> Callable[[Any], bool]:
    folded = {_folded(value) for value in values}
    return lambda value: _folded(value) in folded


def _folded(value: Any) -> Any:
    """A text in any letter case is the same value; a list or dict is none of ours."""
    if isinstance(value, str):
        return value.casefold()
    return value if isinstance(value, bool | int | float) else None
