"""The common ground of Tarash's nouns: frozen values whose validation errors are Tarash's own."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pydantic
from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, model_validator

from tarash_core.errors import TarashException, ValidationError
from tarash_core.suggest import did_you_mean


class Noun(BaseModel):
    """A frozen, closed value. Wrong input raises `invalid` (a `TarashException`) naming field, value and way out."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    invalid: ClassVar[type[TarashException]] = ValidationError
    # Fields whose value must not be quoted back, not even when it is wrong.
    unquoted: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="wrap")
    @classmethod
    def _own_errors(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except pydantic.ValidationError as error:
            raise cls.invalid(cls._explain(error)) from None

    @classmethod
    def _explain(cls, error: pydantic.ValidationError) -> str:
        """One line for all that is wrong, each with its field and value."""
        return "; ".join(cls._explain_one(dict(detail)) for detail in error.errors(include_url=False))

    @classmethod
    def _explain_one(cls, detail: dict[str, Any]) -> str:
        path = ".".join(str(part) for part in detail["loc"]) or cls.__name__
        if detail["type"] == "extra_forbidden":
            return f"{cls.__name__} has no field '{path}'{did_you_mean(path, cls.model_fields)}"
        if detail["type"] == "missing":
            return f"{cls.__name__} needs '{path}'"
        says = detail["msg"].removeprefix("Value error, ")
        says = says[:1].lower() + says[1:]
        if cls.unquoted.intersection(str(part) for part in detail["loc"]) or detail["type"] == "value_error":
            return f"{path}: {says}"
        return f"{path}={_quote(detail['input'])}: {says}"


def _quote(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
