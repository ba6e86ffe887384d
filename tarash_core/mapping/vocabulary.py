"""Every word of the mapping language: what it takes and what it says. Reader, JSON Schema and reference share it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from tarash_core.request import IMAGE_ROLES

SCHEMA_VERSION = 1

Kind = Literal["string", "number", "integer", "boolean", "media", "array", "object", "any"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# The fields of a request that a mapping can name, with what they hold. `image_list` is reached through image roles,
# `extra_params` through `extra` and `param`.
REQUEST_FIELDS: dict[str, Kind] = {
    "prompt": "string",
    "duration_seconds": "number",
    "resolution": "string",
    "aspect_ratio": "string",
    "generate_audio": "boolean",
    "video": "media",
    "seed": "integer",
    "number_of_videos": "integer",
    "negative_prompt": "string",
    "enhance_prompt": "boolean",
}
ROLES: tuple[str, ...] = IMAGE_ROLES
TASKS = (
    "text-to-video",
    "image-to-video",
    "first-last-frame-to-video",
    "reference-to-video",
    "extend-video",
    "remix-video",
    "video-to-video",
    "any",
)

Schema: TypeAlias = dict[str, Any]


class Word(NamedTuple):
    """One key: the JSON Schema of its value, and what it means."""

    schema: Schema
    says: str


_TEXT: Schema = {"type": "string", "minLength": 1}
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_NUMBER: Schema = {"type": "number"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_ANYTHING: Schema = {"type": ["string", "number", "boolean", "array", "object"]}
_FIELD: Schema = {"enum": list(REQUEST_FIELDS)}
_ROLE: Schema = {"enum": list(ROLES)}
_NAME: Schema = {"enum": [*REQUEST_FIELDS, *ROLES]}


def _list_of(item: Schema, *, at_least: int = 1) -> Schema:
    return {"type": "array", "items": item, "minItems": at_least}


def _one_or_list(item: Schema) -> Schema:
    return {"anyOf": [item, _list_of(item)]}


SOURCES: dict[str, Word] = {
    "from": Word(_FIELD, "a field of the request"),
    "image": Word(_one_or_list(_ROLE), "the one image of a role, or of the first of these roles that has one"),
    "images": Word(
        {
            "anyOf": [
                {"const": "all"},
                _list_of(_ROLE),
                {
                    "type": "object",
                    "properties": {"except": _list_of(_ROLE)},
                    "required": ["except"],
                    "additionalProperties": False,
                },
            ]
        },
        "a list of the images of these roles, of `all`, or of all `{except: [ROLES]}`, in the order of the request; "
        "where it takes both, a first frame stands first and a last frame last, and of a list for these two alone a "
        "last frame without a first is refused; sent when there is one",
    ),
    "videos": Word({"const": "all"}, "a list that holds the request's video"),
    "const": Word(_ANYTHING, "this value, always"),
    "param": Word(_TEXT, "an extra parameter of this name"),
    "lookup": Word(
        {"type": "array", "items": _FIELD, "minItems": 2, "maxItems": 2}, "two fields together, found in `table`"
    ),
    "takes": Word(_list_of(_NAME), "the fields and image roles that the converter in `use` reads by itself"),
}

FORMS: dict[str, Word] = {
    "as": Word(_TEXT, "the form: `string`, `integer`, `number`, `boolean`, or a text with one `{}`, e.g. `{}s`"),
    "values": Word({"type": "object", "minProperties": 1, "additionalProperties": _ANYTHING}, "our word: their word"),
    "use": Word(_TEXT, "a converter, by name: one of the core's, or of the provider's plugin"),
}
AS_KINDS = ("string", "integer", "number", "boolean")

LIMITS: dict[str, Word] = {
    "one_of": Word(_list_of(_SCALAR), "the only values, in our words; text in any letter case, sent as written here"),
    "min": Word(_NUMBER, "the least number"),
    "max": Word(_NUMBER, "the greatest number"),
    "multiple_of": Word({"type": "number", "exclusiveMinimum": 0}, "the number must be a multiple of this one"),
    "min_length": Word(_COUNT, "the fewest letters of a text"),
    "max_length": Word(_COUNT, "the most letters of a text"),
    "min_items": Word(_COUNT, "the fewest items of a list, where one is sent"),
    "max_items": Word(_COUNT, "the most items of a list"),
}

FIELD_WORDS: dict[str, Word] = {
    **SOURCES,
    **FORMS,
    "with": Word({"type": "object"}, "arguments of the converter"),
    "table": Word(
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "object", "minProperties": 1, "additionalProperties": _ANYTHING},
        },
        "of a `lookup`: `{first: {second: value}}`, in our words",
    ),
    **LIMITS,
    "type": Word({"enum": list(KINDS)}, "what a `param` holds"),
    "required": Word({"type": "boolean"}, "the request must give it"),
    "default": Word({"anyOf": [_SCALAR, _list_of(_SCALAR)]}, "sent when the request does not give it, in our words"),
    "also": Word(
        _list_of(_SCALAR), "their values that the source cannot say, e.g. `[auto]`; given through extra_params"
    ),
}

EXTRA_WORDS: dict[str, Word] = {
    "type": Word({"enum": list(KINDS)}, "what it holds; `media` is a URL, path or bytes"),
    "items": Word({"enum": list(KINDS)}, "what each item of an `array` holds"),
    **LIMITS,
    "required": Word({"type": "boolean"}, "the request must give it"),
}

RULE_WORDS: dict[str, Word] = {
    "when": Word(
        {"type": "object", "minProperties": 1, "additionalProperties": _one_or_list(_SCALAR)},
        "name: a value, several values, `given` or `missing`; all of them must hold; left out, the rule always does",
    ),
    "then": Word(
        {"type": "object", "minProperties": 1, "additionalProperties": _one_or_list(_SCALAR)},
        "name: the values that are offered then",
    ),
    "needs": Word(_list_of(_TEXT), "what must be given then"),
    "excludes": Word(_list_of(_TEXT), "what must not be given then"),
    "some_of": Word(_list_of(_TEXT, at_least=2), "at least one of these must be given"),
    "one_of_given": Word(_list_of(_TEXT, at_least=2), "exactly one of these must be given"),
    "total": Word(
        {
            "type": "object",
            "properties": {"of": _list_of(_TEXT), "min_items": _COUNT, "max_items": _COUNT},
            "required": ["of"],
            "minProperties": 2,
            "additionalProperties": False,
        },
        "`{of: [names], max_items: 12}`: how many images, videos and items of lists there may be in all",
    ),
    "says": Word(_TEXT, "the rule in a sentence, for the error message"),
}

# What a rule can say: with `when` only, and by itself too.
CONDITIONAL = ("then", "needs", "excludes")
UNCONDITIONAL = ("some_of", "one_of_given", "total")

DOCUMENT_WORDS: dict[str, Word] = {
    "schema": Word({"const": SCHEMA_VERSION}, "the version of the language; needed in the first document of a file"),
    "provider": Word(_TEXT, "the provider that it is for, and for the documents below; not needed in a plugin's files"),
    "models": Word(_list_of(_TEXT), "exact names; `x/*` all below `x/`; `*` the provider's generic mapping"),
    "docs": Word({"type": "string", "pattern": "^https?://"}, "where the provider documents it; needed in a plugin"),
    "task": Word({"enum": list(TASKS)}, "what the model does"),
    "extends": Word(_TEXT, "start from the fields, extra and rules of this model"),
    "replace": Word({"type": "boolean"}, "forget what earlier layers say of these models"),
    "deprecated_on": Word(
        {"anyOf": [{"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}, {"type": "null"}]},
        "the day from which these models are refused, e.g. `2026-09-24`; before it, a warning; null lifts it",
    ),
    "replaced_by": Word(_TEXT, "the model to use in their place; stands beside `deprecated_on`"),
    "fields": Word({"type": "object"}, "their name: ours, as a bare word or `{...}`; null removes an inherited one"),
    "extra": Word({"type": "object"}, "their other parameters, given through extra_params; null removes one"),
    "rules": Word({"type": "array"}, "what holds between fields; given, it takes the place of inherited rules"),
}

FAMILY_WORDS: dict[str, Word] = {
    "schema": DOCUMENT_WORDS["schema"],
    "provider": DOCUMENT_WORDS["provider"],
    "family": Word(_TEXT, "a name that a request may give in place of a model's; no model has it"),
    "members": Word(
        _list_of(_TEXT), "exact names of models; the first that takes a request's images and video is the one used"
    ),
}

_SINGLE_WORDS = frozenset({"as", "values", "use", "with", "one_of", "required", "default", "also"})
_TEXT_WORDS = _SINGLE_WORDS | {"min_length", "max_length"}
_NUMBER_WORDS = _SINGLE_WORDS | {"min", "max", "multiple_of"}
_LIST_WORDS = frozenset({"use", "with", "min_items", "max_items", "required"})

# The words that may stand beside a source, by what the source holds.
WORDS_OF_KIND: dict[Kind, frozenset[str]] = {
    "string": _TEXT_WORDS,
    "number": _NUMBER_WORDS,
    "integer": _NUMBER_WORDS,
    "boolean": _SINGLE_WORDS,
    "media": frozenset({"use", "with", "required"}),
    "array": _LIST_WORDS,
    "object": frozenset({"use", "with", "required"}),
    "any": _TEXT_WORDS | _NUMBER_WORDS,
}
WORDS_OF_SOURCE: dict[str, frozenset[str]] = {
    "image": WORDS_OF_KIND["media"],
    "images": _LIST_WORDS,
    "videos": _LIST_WORDS,
    "const": frozenset(),
    "lookup": frozenset({"table", "required", "default", "also"}),
    "takes": frozenset({"use", "with", "required"}),
}
