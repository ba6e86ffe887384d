"""Which images and which video a model works from: what a family chooses by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tarash_core.errors import ValidationError
from tarash_core.mapping.fields import FieldRule
from tarash_core.mapping.rules import Rule, RuleCheck
from tarash_core.mapping.vocabulary import ROLES
from tarash_core.request import VideoGenerationRequest

# What is seen, as against what is said: only this decides between the models of a family.
SEEN = (*ROLES, "video")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The images and the video that a model takes and needs.

    Args:
        from_text: Whether the model's task is to work from text alone.
        takes: Image roles and ``video``.
        needs: Of each group, one must be given.
        choosers: Of each group, one can be sent.
        checks: The rules of the mapping that speak of nothing else, and of what is given, not of how much.
    """

    from_text: bool
    takes: frozenset[str]
    needs: tuple[tuple[str, ...], ...]
    choosers: tuple[tuple[str, ...], ...]
    checks: tuple[RuleCheck, ...]

    def fit(self, request: VideoGenerationRequest, model: str) -> bool:
        """Whether everything that a request shows is taken, and everything that is needed is there."""
        given = given_in(request)
        if not given and not self.from_text:
            return False
        if not self.takes.issuperset(given):
            return False
        if not all(any(is_given(request, name) for name in group) for group in self.needs):
            return False
        if any(len(given.intersection(group)) > 1 for group in self.choosers):
            return False
        try:
            for check in self.checks:
                check(request, model)
        except ValidationError:
            return False
        return True

    def describe(self) -> str:
        """In words: ``text alone``, ``first_frame and, if given, last_frame``."""
        needed = [" or ".join(group) for group in self.needs]
        needed_names = {name for group in self.needs for name in group}
        free = [name for name in SEEN if name in self.takes and name not in needed_names]
        if not needed and not self.from_text:
            return " or ".join(free) or "neither image nor video"
        least = " and ".join(needed) or "text alone"
        return f"{least} and, if given, {', '.join(free)}" if free else least


def inputs_of(
    task: str, fields: Mapping[str, FieldRule], takes: Iterable[str], rules: Sequence[tuple[Rule, RuleCheck]]
) -> Inputs:
    """What a mapping's task, fields and rules say of images and videos."""
    sources = [rule for rule in fields.values() if rule.source not in ("param", "const", "lookup")]
    return Inputs(
        from_text=task in ("text-to-video", "any"),
        takes=frozenset(takes).intersection(SEEN),
        needs=tuple(rule.names for rule in sources if rule.required and not set(rule.names).isdisjoint(SEEN)),
        choosers=tuple(rule.names for rule in sources if rule.source == "image" and len(rule.names) > 1),
        checks=tuple(check for rule, check in rules if rule.total is None and set(rule.names()).issubset(SEEN)),
    )


def given_in(request: VideoGenerationRequest) -> frozenset[str]:
    """The image roles and ``video`` that a request gives."""
    video = ("video",) if request.video is not None else ()
    return frozenset((*(item.role for item in request.image_list), *video))


def is_given(request: VideoGenerationRequest, name: str) -> bool:
    """Whether a request gives this field or an image of this role."""
    if name in ROLES:
        return any(item.role == name for item in request.image_list)
    return getattr(request, name) not in (None, "")
