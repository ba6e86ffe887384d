"""What a model makes, where its provider publishes that beside the input."""

from __future__ import annotations

from tarash_core.learning import vocabulary as v
from tarash_core.learning.parameter import words_of
from tarash_core.learning.published import Json, SchemaError, output_schema


class NoVideoError(SchemaError):
    """By its published result, a model makes no video: to generate with it would be paid for and give nothing."""


def see_that_it_makes_videos(document: Json) -> None:
    """Refuse a model whose published result holds something, and nothing that may be a video.

    Raises:
        NoVideoError: It makes images or sounds, say. A document that does not tell is let through.
    """
    schema = output_schema(document)
    branches = [schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    words = {name: set(words_of(name)) for branch in branches for name in branch.get("properties", ())}
    if any(each & v.MADE_MOVING for each in words.values()):
        return
    if made := [f"'{name}'" for name, each in words.items() if each & v.MADE_STILL]:
        raise NoVideoError(f"it makes no video: its result has {', '.join(made)}")
