"""What would be sent: a request in the provider's own documented words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tarash_core.media import Media


@dataclass(frozen=True, slots=True)
class Payload:
    """The result of converting a request.

    Args:
        model: The provider's name of the model or endpoint that it is for.
        arguments: The provider's parameters. A `Media` stands where an upload's URL will be; a plugin's `tarash_upload`
            decides what takes its place.
        warnings: What was left out or adapted, one sentence each.
        mapping: Where the mapping stands (``file:line``), for a person.
    """

    model: str
    arguments: dict[str, Any]
    warnings: tuple[str, ...] = ()
    mapping: str | None = None

    def media(self) -> tuple[Media, ...]:
        """Every `Media` in the arguments that is not a URL: what has to be uploaded, in order."""
        found: list[Media] = []
        _collect(self.arguments, found)
        return tuple(found)


def _collect(value: Any, found: list[Media]) -> None:
    if isinstance(value, Media):
        if value.url is None:
            found.append(value)
    elif isinstance(value, dict):
        for item in value.values():
            _collect(item, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)
