"""One field of a mapping: their parameter, our source, its form and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tarash_core.errors import MappingError
from tarash_core.mapping.kinds import CHECKS
from tarash_core.mapping.limits import Limits
from tarash_core.mapping.shapes import Shape, shape_of
from tarash_core.mapping.vocabulary import Kind
from tarash_core.mapping.words import listed
from tarash_core.yaml_node import Key, Place, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """How one parameter of theirs is made.

    Args:
        name: Their name of it.
        place: Where the rule stands.
        source: A word of `vocabulary.SOURCES`.
        names: The request fields or image roles that it takes; for ``param``, the name of the extra parameter.
        kind: What the source holds.
        const: The value of a ``const``.
        table: Of a ``lookup``: first value, second value, theirs.
        form: The word or template of ``as``.
        values: Our word, their word.
        use: Name of a converter, with its `arguments`.
        limits: What is offered.
        required: Whether the request must give it.
        default: Sent when it is not given, in our words; a pair for a ``lookup``.
        also: Values of theirs that the source cannot say, given through ``extra_params`` by their name.
    """

    name: str
    place: Place
    source: str
    names: tuple[str, ...] = ()
    kind: Kind = "any"
    const: Any = None
    table: Mapping[Key, Mapping[Key, Any]] = field(default_factory=dict)
    form: str | None = None
    values: Mapping[Key, Any] | None = None
    use: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    required: bool = False
    default: Any = None
    also: tuple[Key, ...] = ()

    def error(self, message: str) -> MappingError:
        """An error about this rule as a whole."""
        return self.place.error(f"fields.{self.name}: {message}")

    def shape(self) -> Shape:
        """From our value to theirs, without the converter.

        Raises:
            ValueError: A value of `one_of` cannot be put in the form.
        """
        if self.source != "param":
            return shape_of(self.limits, kind=self.kind, form=self.form, values=self.values)
        # What pydantic checks of a request's own fields, nothing has checked here.
        check = CHECKS[self.kind]
        shape = shape_of(self.limits, kind="any", form=self.form, values=self.values)
        return lambda value: shape(check(value))

    def describe(self) -> str:
        """Where the value comes from and in which form, in words."""
        match self.source:
            case "image":
                text = f"image {listed(self.names, last='or else')}"
            case "images":
                text = f"images {', '.join(self.names)}"
            case "const":
                text = f"always {shown(self.const)}"
            case "param":
                text = f"extra parameter {self.names[0]}"
            case "lookup":
                text = " and ".join(self.names)
            case _:
                text = ", ".join(self.names)
        if self.form:
            text += f" as '{self.form}'"
        if self.use:
            text += f" by {self.use}"
        if self.default is not None:
            text += f", else {listed(self.default, last='and') if self.source == 'lookup' else self.default}"
        return f"{text}, required" if self.required else text

    def describe_limits(self) -> str:
        """What is offered, in words; empty when anything is."""
        if not self.also:
            return self._limits_of_source()
        also = f"{self.name}={listed(self.also)} through extra_params"
        return "; or ".join(part for part in (self._limits_of_source(), also) if part)

    def _limits_of_source(self) -> str:
        if self.values and self.limits.one_of is None:
            return listed(tuple(self.values))
        if self.source == "lookup":
            return listed([f"{first} {second}" for first, row in self.table.items() for second in row])
        return self.limits.describe()
