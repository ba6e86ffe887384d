"""One parameter a role, and one role a parameter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tarash_core.learning.evidence import ACCEPTED, SURE, Evidence, Role, evidence_of
from tarash_core.learning.limits import FieldWords
from tarash_core.learning.media import media_evidence
from tarash_core.learning.parameter import Parameter, words_of
from tarash_core.learning.rules import rule_of
from tarash_core.learning.shapes import mostly, pixels_of
from tarash_core.mapping.vocabulary import REQUEST_FIELDS

_CALLED: Mapping[str, str] = {"only_image": "first_frame or reference", "both_frames": "first_frame and last_frame"}


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of the parameters.

    Args:
        roles: The parameter of each role that one was found for.
        rules: By name: how the mapping language says it.
        doubts: By name: what stands in the comment of a parameter that is not certain.
    """

    roles: Mapping[Role, Parameter]
    rules: Mapping[str, FieldWords]
    doubts: Mapping[str, str]


def assigned(parameters: tuple[Parameter, ...], model: str) -> Assigned:
    """The roles of a model's parameters.

    Args:
        parameters: All of them, in the order of the schema.
        model: Its name, which says what an image is for where the parameter's name does not.
    """
    model = _without_owner(model)
    model_words = frozenset(words_of(model)) | frozenset(re.findall(r"[a-z0-9]+", model.lower()))
    found = [
        evidence
        for parameter in parameters
        for evidence in (*evidence_of(parameter, parameters), *media_evidence(parameter, parameters, model_words))
    ]
    roles: dict[Role, Parameter] = {}
    rules: dict[str, FieldWords] = {}
    doubts: dict[str, str] = {}
    for evidence in sorted(_consistent(found), key=_order):
        role, parameter, confidence = evidence
        if parameter.name in rules:
            continue
        rule = rule_of(role, parameter, parameters)
        if rule is None or confidence < ACCEPTED or role in roles:
            if role not in roles or confidence >= SURE:
                doubts.setdefault(parameter.name, f"could be {_called(role)}")
            continue
        roles[role] = parameter
        rules[parameter.name] = rule
        doubts.pop(parameter.name, None)
        if confidence < SURE:
            doubts[parameter.name] = f"taken for {_called(role)}"
    _keep_apart(roles, rules, doubts, parameters)
    return Assigned(roles, rules, doubts)


def _keep_apart(
    roles: dict[Role, Parameter],
    rules: dict[str, FieldWords],
    doubts: dict[str, str],
    parameters: tuple[Parameter, ...],
) -> None:
    """One image is sent once: what is taken in either of two roles leaves the one that another parameter has."""
    both = roles.get("both_frames")
    if both is not None and roles.keys() & {"first_frame", "last_frame", "only_image"}:
        del roles["both_frames"], rules[both.name]
        doubts[both.name] = f"could be {_called('both_frames')}"
    either = roles.get("only_image")
    taken = {role for role in ("first_frame", "reference") if role in roles}
    if either is None or not taken:
        return
    del roles["only_image"], rules[either.name], doubts[either.name]
    left: Role = "reference" if "first_frame" in taken else "first_frame"
    rule = rule_of(left, either, parameters)
    if rule is None or left in taken:
        doubts[either.name] = f"could be {_called(left)}"
        return
    roles[left], rules[either.name], doubts[either.name] = either, rule, f"taken for {_called(left)}"


def _without_owner(model: str) -> str:
    """The part of a model's name that speaks of the model: ``character-ai/kite`` is of no character."""
    owner, _, rest = model.partition("/")
    return rest if rest and not set(words_of(owner)) & {"video", "image", "text"} else model


def _called(role: Role) -> str:
    return _CALLED.get(role, role)


def _order(evidence: Evidence) -> tuple[float, bool, bool, bool, int]:
    """The most certain first; of equals the required one, the one for single files, the usual name, of fewer words."""
    parameter = evidence.parameter
    return (
        -evidence.confidence,
        not parameter.required,
        "array" in parameter.kinds,
        parameter.name not in REQUEST_FIELDS,
        len(parameter.words),
    )


def _consistent(found: list[Evidence]) -> list[Evidence]:
    """Without the roles that another parameter makes needless: they take the same fields of a request."""
    certain = {evidence.role for evidence in found if evidence.confidence >= ACCEPTED}
    dropped: set[Role] = set()
    if "duration" in certain:
        dropped.add("frames")
    sizes = [evidence.parameter for evidence in found if evidence.role == "size"]
    in_pixels = any(mostly(size.choices, pixels_of) or not size.choices for size in sizes)
    if ("resolution" in certain and in_pixels) or ("aspect_ratio" in certain and not in_pixels):
        dropped.add("size")
    # Both are read of one resolution, so it takes both, and nothing else that says it.
    if certain & {"resolution", "size"} or not {"width", "height"} <= certain:
        dropped |= {"width", "height"}
    return [evidence for evidence in found if evidence.role not in dropped]
