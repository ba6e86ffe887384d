"""Models of one family: a name for several endpoints, each of which takes other images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tarash_core.mapping.spot import Spot
from tarash_core.mapping.vocabulary import FAMILY_WORDS
from tarash_core.yaml_node import Node, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A name that a request may give in place of a model's.

    Args:
        name: The name; no model has it.
        place: Where it stands.
        members: The exact names of its models, in the order in which they are tried, each with its place.
    """

    name: str
    place: Place
    members: Mapping[str, Place]


def is_family(node: Node) -> bool:
    """Whether a document is a family's: it has the key ``family``."""
    return "family" in Spot(node).keyed("a mapping")


def read_family(node: Node) -> Family:
    """One document that names a family.

    Raises:
        MappingError: With file, line, column, path and the nearest valid word.
    """
    whole = Spot(node)
    spots = whole.table(FAMILY_WORDS, what="a family")
    if "members" not in spots:
        raise whole.error("which models? write 'members: [NAME]'")
    name = spots["family"].text()
    if any(letter.isspace() or letter == "*" for letter in name):
        raise spots["family"].error(f"'{name}' is no name of a family; it has no spaces and no '*'")
    members: dict[str, Place] = {}
    for item in spots["members"].items("models"):
        model = item.text()
        if model.endswith("*"):
            raise item.error(f"'{model}' is not the exact name of a model")
        if model in members:
            raise item.error(f"'{model}' stands here twice")
        members[model] = item.place
    return Family(name=name, place=spots["family"].place, members=members)
