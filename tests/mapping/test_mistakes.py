"""Mistakes in mapping files: each an error with file, line, column, path and the way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tarash_core.errors import MappingError
from tarash_core.mapping.library import MappingLibrary

Library = Callable[..., MappingLibrary]

HEAD = "schema: 1\nmodels: [m]\ndocs: https://example.com\ntask: any\n"

IN_A_FIELD: list[tuple[str, str]] = [
    ("{form: prompt}", "6:7: fields.x.form: a field has no 'form'; did you mean 'from'?"),
    ("{from: promt}", "6:13: fields.x.from: no request field 'promt'; did you mean 'prompt'?"),
    ("duration", "6:6: fields.x: no request field 'duration'; did you mean"),
    ("zzz", "6:6: fields.x: no request field 'zzz'; there are: prompt, duration_seconds, resolution,"),
    ("first_frame", "6:6: fields.x: 'first_frame' is an image role; write {image: first_frame}"),
    ("[prompt]", "6:6: fields.x: this must be text, not a list"),
    ("8", "6:6: fields.x: this must be text (quote it), not the number 8"),
    ("true", "6:6: fields.x: this must be text (quote it), not true"),
    ("{}", "6:6: fields.x: a field needs one source: one of from, image, images, videos, const, param, lookup, takes"),
    ("{required: true}", "6:6: fields.x: a field needs one source"),
    ("{use: frames}", "6:6: fields.x: 'use' alone needs 'takes'"),
    ("{from: prompt, const: 1}", "6:28: fields.x.const: a field has one source, and 'from' stands here already"),
    ("{from: seed, as: string, use: frames}", "a field has one form, and 'as' stands here already"),
    ("{from: seed, as: string, values: {1: a}}", "fields.x.values: a field has one form, and 'as' stands here already"),
    ("{from: seed, with: {fps: 1}}", "6:25: fields.x.with: these are arguments of a converter; name it with 'use'"),
    ("{takes: [seed]}", "fields.x.takes: this says what a converter reads; name it with 'use'"),
    ("{takes: [sed], use: frames}", "6:15: fields.x.takes[0]: no request field or image role 'sed'"),
    ("{from: seed, use: frmes}", "6:6: fields.x: no converter 'frmes'; did you mean 'frames'?"),
    ("{from: seed, use: frames}", "converter 'frames' cannot be called with this 'with': missing a required"),
    ("{from: seed, use: frames, with: {fps: fast}}", "6:6: fields.x: converter 'frames' cannot be called with this"),
    ("{from: seed, use: frames, with: {fps: fast}}", "with this 'with': fps='fast': should be a valid number"),
    ("{from: seed, use: frames, with: {fps: 0}}", "with this 'with': fps=0: should be greater than 0"),
    ("{from: seed, use: frames, with: {fps: 1, value: 2}}", "multiple values for argument 'value'"),
    ("{from: seed, use: frames, with: {fps: 1, fsp: 2}}", "got an unexpected keyword argument 'fsp'"),
    ("{image: frist_frame}", "6:14: fields.x.image: no image role 'frist_frame'; did you mean 'first_frame'?"),
    ("{image: []}", "fields.x.image: the list of image roles is empty"),
    ("{image: [style, style]}", "6:22: fields.x.image[1]: 'style' stands here twice"),
    ("{images: some}", "fields.x.images: no choice of images (or give a list of roles) 'some'; there are: all"),
    ("{images: {but: [style]}}", "6:16: fields.x.images.but: images has no 'but'"),
    ("{images: {}}", "which images? write [ROLES], all, or {except: [ROLES]}"),
    (
        "{images: all, min_items: -1}",
        "fields.x.min_items: this must be a whole number of at least 0, not the number -1",
    ),
    ("{images: all, max_items: 1.5}", "this must be a whole number of at least 0, not the number 1.5"),
    ("{images: all, min_items: 3, max_items: 2}", "fields.x.min_items: 3 is more than max_items 2"),
    ("{videos: one}", "fields.x.videos: no choice 'one'; there are: all"),
    ("{const: null}", "fields.x.const: this must be a value, not nothing (null)"),
    ("{const: 1, required: true}", "'required' has no meaning for 'const'; it takes nothing"),
    ("{param: 5}", "fields.x.param: this must be text (quote it), not the number 5"),
    ("{param: seed}", "6:14: fields.x.param: 'seed' is a field of the request; write {from: seed}"),
    ("{param: a, type: text}", "fields.x.type: no type 'text'"),
    ("{from: seed, type: integer}", "'type' has no meaning for a field of type integer; it takes"),
    ("{lookup: [resolution], table: {a: {b: 1}}}", "a lookup takes two different request fields"),
    ("{lookup: [resolution, resolution], table: {a: {b: 1}}}", "a lookup takes two different request fields"),
    ("{lookup: [resolution, video], table: {a: {b: 1}}}", "6:28: fields.x.lookup[1]: a video cannot be looked up"),
    ("{lookup: [resolution, aspect_ratio]}", "fields.x.lookup: a lookup needs a 'table'"),
    ("{lookup: [resolution, aspect_ratio], table: {}}", "the table is empty"),
    (
        "{lookup: [resolution, aspect_ratio], table: {a: 1}}",
        "this must be a row of a table with keys, not the number 1",
    ),
    (
        "{lookup: [resolution, seed], table: {720: {1: a}}}",
        "fields.x.table.720: 720 cannot be given here: it must be text",
    ),
    (
        "{lookup: [resolution, seed], table: {a: {1: a}}, default: [a, 2]}",
        "fields.x.default: the default must be the two values of one cell of the table",
    ),
    ("{from: prompt, as: 'x{}y{}'}", "fields.x.as: no form 'x{}y{}'; there are string, integer, number, boolean and a"),
    (
        "{from: prompt, as: strng}",
        "fields.x.as: no form 'strng'; there are string, integer, number, boolean and a text",
    ),
    ("{from: prompt, as: strng}", "with one '{}'; did you mean 'string'?"),
    ("{from: prompt, as: '{seconds}s'}", "fields.x.as: no form '{seconds}s'"),
    ("{from: seed, also: []}", "fields.x.also: the list of values is empty"),
    ("{from: seed, also: [a, a]}", "6:29: fields.x.also[1]: 'a' stands here twice"),
    ("{const: 1, also: [a]}", "fields.x.also: 'also' has no meaning for 'const'"),
    ("{from: duration_seconds, as: integer, one_of: [2.5]}", "not every value of 'one_of' has this form: it must be a"),
    (
        "{from: resolution, one_of: [480, 720]}",
        "fields.x.one_of[0]: 480 cannot be given here: it must be text; quote it",
    ),
    ("{from: duration_seconds, one_of: ['8']}", "fields.x.one_of[0]: '8' cannot be given here: it must be a number"),
    ("{from: seed, one_of: [1, 1]}", "6:31: fields.x.one_of[1]: 1 stands here twice"),
    ("{from: seed, one_of: []}", "fields.x.one_of: the list of values is empty"),
    ("{from: seed, one_of: 1}", "fields.x.one_of: this must be a list of values, not the number 1"),
    ("{from: seed, one_of: [1], max: 3}", "fields.x.max: 'one_of' says all there is; leave this out"),
    ("{from: resolution, one_of: [a], values: {b: c}}", "6:47: fields.x.values.b: 'b' is not in 'one_of'"),
    ("{from: resolution, values: {}}", "fields.x.values: there are no values here"),
    ("{from: resolution, values: {a: null}}", "fields.x.values.a: this must be a value, not nothing (null)"),
    ("{from: seed, values: {'1': a}}", "fields.x.values.1: '1' cannot be given here: it must be a whole number"),
    (
        "{from: prompt, min: 3}",
        "fields.x.min: 'min' has no meaning for a field of type string; it takes also, as, default, max_length,",
    ),
    ("{from: seed, max_length: 3}", "'max_length' has no meaning for a field of type integer"),
    ("{from: video, one_of: [a]}", "'one_of' has no meaning for a field of type media"),
    ("{image: style, as: string}", "'as' has no meaning for 'image'"),
    ("{from: seed, min: '0'}", "fields.x.min: this must be a number, not the text '0'"),
    ("{from: seed, min: 3, max: 1}", "fields.x.min: 3 is more than max 1"),
    ("{from: seed, multiple_of: 0}", "fields.x.multiple_of: this must be a number above 0, not the number 0"),
    ("{from: seed, required: maybe}", "fields.x.required: this must be true or false, not the text 'maybe'"),
    ("{from: seed, required: yes}", "fields.x.required: this must be true or false, not the text 'yes'"),
    ("{from: seed, required: true, default: 1}", "fields.x.default: what has a default is never missing; leave out"),
    ("{from: seed, default: x}", "fields.x.default: 'x' cannot be given here: it must be a whole number"),
    ("{from: seed, one_of: [1, 2], default: 3}", "fields.x.default: the default 3 is not offered: choose 1 or 2"),
    ("{from: seed, default: null}", "fields.x.default: this must be one value, not nothing (null)"),
    ("null", "6:6: fields.x: there is no 'x' to remove"),
]


@pytest.mark.parametrize(("field", "message"), IN_A_FIELD)
def test_in_a_field(library: Library, field: str, message: str) -> None:
    with pytest.raises(MappingError) as caught:
        library(f"{HEAD}fields:\n  x: {field}\n").find("m")
    assert message in str(caught.value)
    assert Path(caught.value.file or "").name == "acme.yaml"
    assert caught.value.line == 6


IN_A_DOCUMENT: list[tuple[str, str]] = [
    ("models: [m]", ":1:1: a file says in its first document which language it is in; write 'schema: 1'"),
    ("schema: 2\nmodels: [m]", ":1:9: schema: this Tarash reads schema 1, not 2; upgrade tarash-core"),
    ("schema: true\nmodels: [m]", ":1:9: schema: this Tarash reads schema 1, not true"),
    ("[]", ":1:1: this must be a mapping with keys, not a list"),
    ("schema: 1", ":1:1: which models? write 'models: [NAME]'"),
    ("schema: 1\nmodels: m", ":2:9: models: this must be a list of models, not the text 'm'"),
    ("schema: 1\nmodels: []", ":2:9: models: the list of models is empty"),
    ("schema: 1\nmodels: [m, m]\ndocs: https://e.com", ":2:13: models[1]: 'm' stands here twice"),
    ("schema: 1\nmodels: [veo-*]\ndocs: https://e.com", ":2:10: models[0]: 'veo-*' is no name of a model; give an"),
    ("schema: 1\nmodels: ['a b']\ndocs: https://e.com", "models[0]: 'a b' is no name of a model"),
    ("schema: 1\nmodels: [1]\ndocs: https://e.com", "models[0]: this must be text (quote it), not the number 1"),
    ("schema: 1\nmodels: [m]\ntask: any\nfields: {a: prompt}", ":1:1: a plugin says where the provider documents the"),
    ("schema: 1\nmodels: [m]\ndocs: example.com", ":3:7: docs: 'example.com' is not an address; write 'https://...'"),
    (f"{HEAD}feilds: {{}}", ":5:1: feilds: a mapping has no 'feilds'; did you mean 'fields'?"),
    ("schema: 1\nmodels: [m]\ndocs: https://e.com\ntask: texttovideo", "task: no task 'texttovideo'; did you mean"),
    (f"{HEAD}replace: sure", ":5:10: replace: this must be true or false, not the text 'sure'"),
    (f"{HEAD}fields: [prompt]", ":5:9: fields: this must be fields with keys, not a list"),
    (f"{HEAD}fields: {{8: prompt}}", ":5:10: fields.8: a name must be text, not 8; quote it"),
    (HEAD, ":2:10: no mapping for 'm' to change (a new one needs 'task' and 'fields', or 'extends')"),
    (f"{HEAD}replace: true", ":2:10: what replaces 'm' needs 'task' and 'fields', or 'extends'"),
    (f"{HEAD}extends: x", ":5:10: extends: no mapping for 'x'"),
    (f"{HEAD}extends: m", ":5:10: extends: these models extend each other in a circle: 'm' -> 'm'"),
    ("provider: other\n" + HEAD, ":1:1: this is given for provider 'acme', but names 'other'"),
    (f"{HEAD}fields: {{a: prompt}}\nextra: {{a: any}}", ":6:9: extra.a: 'a' is one of the fields already"),
    (
        f"{HEAD}fields: {{a: prompt}}\nextra: {{b: {{typ: any}}}}",
        "extra.b.typ: an extra parameter has no 'typ'; did you",
    ),
    (
        f"{HEAD}fields: {{a: prompt}}\nextra: {{seed: any}}",
        ":6:9: extra.seed: 'seed' is a field of the request; map it",
    ),
    (f"{HEAD}fields: {{a: prompt}}\nextra: {{b: text}}", "extra.b: no type 'text'"),
    (
        f"{HEAD}fields: {{a: prompt}}\nextra: {{b: {{type: string, min: 1}}}}",
        "extra.b.min: 'min' has no meaning for type",
    ),
    (f"{HEAD}fields: {{a: prompt}}\nextra: {{b: {{items: any}}}}", "extra.b.items: only an array has items; write"),
    (f"{HEAD}fields: {{a: {{param: b}}}}\nextra: {{b: any}}", "fields.a: 'b' stands under 'extra' too ("),
    (
        f"{HEAD}fields:\n  a: {{image: style}}\n  b: {{images: all}}",
        ":7:6: fields.b: images with role 'style' go into 'a' already (",
    ),
    (f"{HEAD}fields: {{a: prompt}}\nrules: {{}}", ":6:8: rules: this must be a list of rules, not a group of keys"),
    (f"{HEAD}fields: {{a: prompt}}\nrules: [{{then: {{}}}}]", "rules[0]: a rule needs 'when'"),
    (f"{HEAD}fields: {{a: seed}}\nrules: [{{when: {{seed: 1}}}}]", "rules[0]: a rule needs 'when' and one of then,"),
    (
        f"{HEAD}fields: {{a: seed}}\nrules: [{{when: {{seed: 1}}, then: {{}}}}]",
        ":6:33: rules[0].then: a rule offers values of at least",
    ),
    (f"{HEAD}fields: {{a: seed}}\nrules: [{{needs: [seed]}}]", "rules[0]: a rule needs 'when' beside 'needs'"),
    (
        f"{HEAD}fields: {{a: seed}}\nrules: [{{some_of: [seed]}}]",
        "rules[0].some_of: one name is no choice; give",
    ),
    (f"{HEAD}fields: {{a: seed}}\nrules: [{{some_of: [seed, seed]}}]", "some_of[1]: 'seed' stands here twice"),
    (f"{HEAD}fields: {{a: seed}}\nrules: [{{one_of_given: [seed, b]}}]", "the rule names 'b', which this mapping does"),
    (
        f"{HEAD}fields: {{a: seed}}\nrules: [{{total: {{max_items: 1}}}}]",
        "total: of what? write 'of: [NAMES]'",
    ),
    (f"{HEAD}fields: {{a: seed}}\nrules: [{{total: {{of: [seed]}}}}]", "a total needs 'min_items' or 'max_items'"),
    (f"{HEAD}fields: {{a: seed}}\nrules: [{{total: {{off: [seed]}}}}]", "a total has no 'off'; did you mean 'of'?"),
    (f"{HEAD}deprecated_on: soon\nfields: {{a: seed}}", ":5:16: deprecated_on: 'soon' is not a day; write it like"),
    (f"{HEAD}deprecated_on: 2026-02-30\nfields: {{a: seed}}", "'2026-02-30' is not a day"),
    (f"{HEAD}deprecated_on: 20260924\nfields: {{a: seed}}", "this must be text (quote it), not the number 20260924"),
    (f"{HEAD}replaced_by: n\nfields: {{a: seed}}", "replaced_by: from which day on? write 'deprecated_on:"),
    (f"{HEAD}deprecated_on: null\nreplaced_by: n\nfields: {{a: seed}}", "nothing is replaced where 'deprecated_on' is"),
    (
        f"{HEAD}deprecated_on: 2026-09-24\nreplaced_by: n\nfields: {{a: seed}}",
        ":5:16: replaced_by: no mapping for 'n'",
    ),
    (f"{HEAD}fields: {{a: seed}}\n---\nfamily: f", ":7:1: which models? write 'members: [NAME]'"),
    (f"{HEAD}fields: {{a: seed}}\n---\nfamily: f\nmembers: []", ":8:10: members: the list of models is empty"),
    (f"{HEAD}fields: {{a: seed}}\n---\nfamily: f\nmembers: [m, m]", ":8:14: members[1]: 'm' stands here twice"),
    (f"{HEAD}fields: {{a: seed}}\n---\nfamily: f\nmembers: [mm]", "members: no mapping for 'mm'"),
    (f"{HEAD}fields: {{a: seed}}\n---\nfamily: f\nmembers: [m/*]", "'m/*' is not the exact name of a model"),
    (f"{HEAD}fields: {{a: seed}}\n---\nfamily: m\nmembers: [m]", ":7:9: 'm' is a model; a family needs a name of its"),
    (f"{HEAD}fields: {{a: seed}}\n---\nfamily: a b\nmembers: [m]", "'a b' is no name of a family"),
    (f"{HEAD}fields: {{a: seed}}\n---\nfamily: f\nmember: [m]", "a family has no 'member'; did you mean 'members'?"),
    (
        f"{HEAD}fields: {{a: seed}}\n---\nfamily: f\nmembers: [m]\n---\nfamily: f\nmembers: [m]",
        ":10:9: family 'f' stands twice in one layer (plugin); first at ",
    ),
    (f"{HEAD}fields: {{a: seed}}\nrules: [{{when: {{}}, needs: [seed]}}]", "rules[0].when: a rule needs at least one"),
    (f"{HEAD}fields: {{a: seed}}\nrules: [{{when: {{seed: 1}}, need: [seed]}}]", "a rule has no 'need'; did you mean"),
    (
        f"{HEAD}fields: {{a: seed}}\nrules:\n  - {{when: {{style: given}}, needs: [seed]}}",
        ":7:5: the rule names 'style', which this mapping does not take",
    ),
    (
        f"{HEAD}fields: {{a: seed}}\nrules: [{{when: {{sed: given}}, needs: [seed]}}]",
        "the rule names 'sed', which this mapping does not take; did you mean 'seed'?",
    ),
    (
        f"{HEAD}fields: {{a: resolution}}\nrules: [{{when: {{resolution: 720}}, needs: [resolution]}}]",
        "rules[0].when.resolution: 720 cannot be given here: it must be text; quote it",
    ),
    (
        f"{HEAD}fields: {{a: {{image: style}}}}\nrules: [{{when: {{style: red}}, needs: [style]}}]",
        "rules[0].when.style: 'style' is given or missing; it has no values",
    ),
    (
        f"{HEAD}fields: {{a: seed, b: {{image: style}}}}\nrules: [{{when: {{seed: 1}}, then: {{style: [x]}}}}]",
        "rules[0].then.style: 'style' has no values; write 'needs: [style]' or 'excludes: [style]'",
    ),
    ("schema: 1\nschema: 1", ":2:1: duplicate key 'schema'"),
    ("schema: &a 1", ":1:9: anchors and aliases are not allowed"),
    ("schema: 1\nmodels:\n\t- m", ":3:1: a tab cannot indent YAML; use spaces"),
]


@pytest.mark.parametrize(("text", "message"), IN_A_DOCUMENT)
def test_in_a_document(library: Library, text: str, message: str) -> None:
    acme = library(text)
    with pytest.raises(MappingError) as caught:
        acme.find("m")
    assert message in str(caught.value)
    assert [str(error) for error in acme.check()] == [str(caught.value)]


def test_extending_in_a_circle(library: Library) -> None:
    document = "models: [{}]\ndocs: https://e.com\nextends: {}\n"
    text = "schema: 1\n" + "---\n".join(document.format(*pair) for pair in ("ab", "bc", "ca"))
    circle = r"acme\.yaml:12:10: extends: these models extend each other in a circle: 'a' -> 'b' -> 'c' -> 'a'$"
    with pytest.raises(MappingError, match=circle):
        library(text).find("a")


def test_extending_too_far(library: Library) -> None:
    first = f"{HEAD}fields: {{a: prompt}}\n"
    others = [
        f"---\nmodels: [m{n}]\ndocs: https://e.com\nextends: {'m' if n == 1 else f'm{n - 1}'}\n" for n in range(1, 40)
    ]
    acme = library(first + "".join(others))
    assert acme.find("m15").fields.keys() == {"a"}
    with pytest.raises(MappingError, match=r":\d+:10: extends: more than 16 models extend one another"):
        acme.find("m39")


def test_a_file_of_fifty_megabytes_is_not_read(library: Library, tmp_path: Path) -> None:
    acme = library(HEAD + "fields: {a: prompt}")
    with (tmp_path / "models" / "large.yaml").open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(MappingError, match=r"large\.yaml:1:1048577: larger than 1048576 bytes; split it"):
        acme.find("m")


def test_the_same_model_twice_in_one_layer(library: Library) -> None:
    text = HEAD + "fields: {a: prompt}"
    with pytest.raises(
        MappingError, match=r"zz.yaml:2:10: 'm' is mapped twice in one layer \(plugin\); first at .*acme"
    ):
        library(text, zz=text).find("m")
