"""Which model of a family makes a request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tarash_core.errors import ValidationError
from tarash_core.mapping.family import Family
from tarash_core.mapping.inputs import given_in
from tarash_core.mapping.model import ModelMapping
from tarash_core.mapping.vocabulary import ROLES
from tarash_core.mapping.words import named
from tarash_core.request import VideoGenerationRequest


def chosen(
    family: Family, request: VideoGenerationRequest, *, find: Callable[[str], ModelMapping], today: date | None = None
) -> str:
    """The first member that takes every image and the video of a request, and for which nothing of those is missing.

    Args:
        family: The family.
        request: What is asked for; only its images and its video decide.
        find: Finds the mapping of a member.
        today: The date by which members that are no longer offered are passed over; left out, today's in UTC.

    Raises:
        ValidationError: There is none; the message says what each member takes.
        MappingError: As `find`.
    """
    members = {model: find(model) for model in family.members}
    offered = {
        model: mapping
        for model, mapping in members.items()
        if mapping.deprecation is None or not mapping.deprecation.is_over(today)
    }
    for model, mapping in offered.items():
        if mapping.inputs.fit(request, model):
            return model
    given = sorted(given_in(request))
    wanted = f"takes {' and '.join(_named(name) for name in given)}" if given else "works from text alone"
    takes = ", ".join(f"'{model}' ({mapping.inputs.describe()})" for model, mapping in offered.items())
    raise ValidationError(
        f"no model of the family '{family.name}' {wanted}; it has {takes or 'none that is still offered'}",
        field="image_list" if set(given) & set(ROLES) else "video" if given else "model",
        model=family.name,
        provider=next((mapping.provider for mapping in members.values()), None),
    )


def _named(name: str) -> str:
    return "a video" if name == "video" else named(name, ROLES)
