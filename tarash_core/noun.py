"""The common ground of Tarash's nouns: frozen values whose validation errors are Tarash's own."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, ClassVar, NoReturn, Self

import pydantic
from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, model_validator

from tarash_core.errors import TarashException, ValidationError
from tarash_core.suggest import did_you_mean

# Set while a noun is validated: one inside it leaves the raising to the outer one, which knows where it stands.
_within: ContextVar[bool] = ContextVar("tarash_noun_within", default=False)


class Noun(BaseModel):
    """A frozen, closed value. Wrong input raises `invalid` (a `TarashException`) naming field, value and way out.

    Bytes are base64 in JSON and are read back from it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, ser_json_bytes="base64")

    invalid: ClassVar[type[TarashException]] = ValidationError
    # Fields whose value must not be quoted back, not even when it is wrong.
    unquoted: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="wrap")
    @classmethod
    def _own_errors(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        within = _within.get()
        token = _within.set(True)
        try:
            return handler(data)
        except pydantic.ValidationError as error:
            refusal = cls._refusal(error)
        finally:
            _within.reset(token)
        if within:
            raise ValueError(refusal.message)
        raise refusal

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """As pydantic's; text that is no JSON raises `invalid` too."""
        try:
            return super().model_validate_json(json_data, **options)
        except pydantic.ValidationError as error:
            refusal = cls._refusal(error)
        raise refusal

    def __setattr__(self, name: str, value: object) -> NoReturn:
        # pydantic's own error would quote the value, and the value may be a key.
        raise self.invalid(f"{type(self).__name__} is frozen; make another with model_copy(update={{'{name}': ...}})")

    @classmethod
    def _refusal(cls, error: pydantic.ValidationError) -> TarashException:
        """One line for all that is wrong, each with its field and value."""
        details = error.errors(include_url=False)
        message = "; ".join(cls._explain(dict(detail)) for detail in details)
        if issubclass(cls.invalid, ValidationError):
            places = [detail["loc"] for detail in details if detail["loc"]]
            return cls.invalid(message, field=str(places[0][0]) if places else None)
        return cls.invalid(message)

    @classmethod
    def _explain(cls, detail: dict[str, Any]) -> str:
        path = ".".join(str(part) for part in detail["loc"]) or cls.__name__
        if detail["type"] == "extra_forbidden":
            return f"{cls.__name__} has no field '{path}'{did_you_mean(path, cls._names())}"
        if detail["type"] == "missing":
            return f"{cls.__name__} needs '{path}'"
        if detail["type"] == "value_error":  # Our own words, or those of a noun inside this one.
            return f"{path}: {detail['ctx']['error']}"
        says = detail["msg"][:1].lower() + detail["msg"][1:]
        if detail["type"] == "json_invalid" or not cls._may_quote(detail["loc"]):
            return f"{path}: {says}"
        return f"{path}={_quote(detail['input'])}: {says}"

    @classmethod
    def _may_quote(cls, place: tuple[int | str, ...]) -> bool:
        if not place:  # The whole input: it may be anything, also what belongs into an unquoted field.
            return not cls.unquoted
        return cls.unquoted.isdisjoint(str(part) for part in place)

    @classmethod
    def _names(cls) -> list[str]:
        return [field.alias or name for name, field in cls.model_fields.items()]


def _quote(value: Any) -> str:
    text = repr(value[:80] if isinstance(value, str | bytes | bytearray) else value)
    return text if len(text) <= 80 else f"{text[:77]}..."
