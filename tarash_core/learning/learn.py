"""From a published schema to a mapping that can be reviewed, and used as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tarash_core.learning.evidence import Role
from tarash_core.learning.extra import constant_of, extra_of
from tarash_core.learning.made import see_that_it_makes_videos
from tarash_core.learning.parameter import Parameter, parameters_of
from tarash_core.learning.published import Json, SchemaError, input_schema
from tarash_core.learning.roles import Assigned, assigned
from tarash_core.learning.some_of import rules_of
from tarash_core.learning.task import task_of
from tarash_core.learning.writing import yaml_text
from tarash_core.mapping.vocabulary import REQUEST_FIELDS

_ORDER: tuple[Role, ...] = (
    "prompt", "first_frame", "last_frame", "both_frames", "reference", "only_image", "style", "video", "duration",
    "frames", "resolution", "aspect_ratio", "size", "width", "height", "audio", "negative_prompt", "enhance_prompt",
    "seed", "count",
)  # fmt: skip
MOST_PARAMETERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a schema taught.

    Args:
        model: The model that it is of.
        task: What the model does.
        roles: The parameter of each role.
        document: The mapping, as data.
        text: The mapping as YAML, with comments: source, defaults, doubts.
        doubts: What is not certain, by parameter: ``"could be last_frame"``.
    """

    model: str
    task: str
    roles: Mapping[Role, str]
    document: Mapping[str, Any]
    text: str
    doubts: Mapping[str, str]


def learn(published: Json, *, model: str, provider: str, source: str, read: str, docs: str | None = None) -> Learned:
    """The mapping of a model by its published schema.

    Args:
        published: An OpenAPI document or a JSON Schema; see `tarash_core.learning.published.input_schema`.
        model: The provider's name of the model.
        provider: Name of the provider.
        source: Where the schema comes from, for the comment at the top.
        read: The day it was read, like ``2026-11-23``.
        docs: Where the provider documents the model.

    Raises:
        SchemaError: It is no schema of an input, or nothing can be learned from it.
        NoVideoError: By its published result, the model makes something else.
    """
    see_that_it_makes_videos(published)
    schema = input_schema(published)
    parameters = parameters_of(schema)
    if not parameters:
        raise SchemaError("the input takes no parameters")
    if len(parameters) > MOST_PARAMETERS:
        raise SchemaError(f"the input takes {len(parameters)} parameters; {MOST_PARAMETERS} are the most")
    found = assigned(parameters, model)
    if not found.roles:
        raise SchemaError(
            "no parameter of it is one that a request has; where they stand inside an object, a plugin has to put them"
        )
    task = task_of(model, found.roles)
    document = _document(found, parameters, model=model, provider=provider, docs=docs, task=task)
    if rules := rules_of(schema, document["fields"], document.get("extra", {})):
        document["rules"] = rules
    doubts = {name: doubt for name, doubt in found.doubts.items() if not _is_constant(parameters, name)}
    # The language has no extra parameter of such a name: a request would mean its own field by it.
    left_out = {parameter.name for parameter in parameters} - {*document["fields"], *document.get("extra", {})}
    doubts |= dict.fromkeys(sorted(left_out), "left out: it is not what a request's field of this name holds")
    about = [f"{model}, learned from {source}, read {read}. Not reviewed by a person."]
    if doubts:
        marked = [name for name in doubts if name not in left_out]
        about += [f"Not certain, and marked 'unsure': {', '.join(marked)}."] if marked else []
        about += [f"'{name}' is {doubts[name]}." for name in sorted(left_out)]
    comments = _comments(parameters, found, doubts)
    return Learned(
        model=model,
        task=task,
        roles={role: parameter.name for role, parameter in found.roles.items()},
        document=document,
        text=yaml_text(document, about=tuple(about), comments=comments),
        doubts=doubts,
    )


def _document(
    found: Assigned, parameters: tuple[Parameter, ...], *, model: str, provider: str, docs: str | None, task: str
) -> dict[str, Any]:
    names = {role: parameter.name for role, parameter in found.roles.items()}
    fields = {names[role]: found.rules[names[role]] for role in _ORDER if role in names}
    rest = [parameter for parameter in parameters if parameter.name not in fields]
    constants = {parameter.name: {"const": constant_of(parameter)} for parameter in rest if _fixed(parameter)}
    extra = {
        each.name: extra_of(each) for each in rest if each.name not in constants and each.name not in REQUEST_FIELDS
    }
    return {
        "schema": 1,
        "provider": provider,
        "models": [model],
        **({"docs": docs} if docs else {}),
        "task": task,
        "fields": fields | constants,
        **({"extra": extra} if extra else {}),
    }


def _fixed(parameter: Parameter) -> bool:
    return constant_of(parameter) is not None


def _is_constant(parameters: tuple[Parameter, ...], name: str) -> bool:
    return any(parameter.name == name and _fixed(parameter) for parameter in parameters)


def _comments(parameters: tuple[Parameter, ...], found: Assigned, doubts: Mapping[str, str]) -> dict[str, str]:
    comments: dict[str, str] = {}
    for parameter in parameters:
        parts = [f"unsure: {doubts[parameter.name]}"] if parameter.name in doubts else []
        default = parameter.default
        if default is not None and "default" not in found.rules.get(parameter.name, ()):
            parts.append(f"default {_shortened(json.dumps(default, ensure_ascii=False, default=str))}")
        if parts:
            comments[parameter.name] = "; ".join(parts)
    return comments


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:36]}..."
