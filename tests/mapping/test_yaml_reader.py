"""What YAML means here, and what is refused with its place and the way out."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import yaml

from tarash_core import yaml_reader
from tarash_core.errors import MappingError
from tarash_core.yaml_node import Scalar, Sequence, Table
from tarash_core.yaml_reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, node_of, read_document, read_documents


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test runs with the parser in C and with the one in Python."""
    if request.param == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("this PyYAML was built without libyaml")
    return str(request.param)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("16:9", "16:9"),
        ("1:30:00", "1:30:00"),
        ("on", "on"),
        ("No", "No"),
        ("yes", "yes"),
        ("y", "y"),
        ("true", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("~", None),
        ("8", 8),
        ("-8", -8),
        ("+8", 8),
        ("0", 0),
        ("2.5", 2.5),
        (".5", 0.5),
        ("2.", 2.0),
        ("1e3", 1000.0),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("720p", "720p"),
        ("2026-11-23", "2026-11-23"),
        ("=", "="),
        ("<<", "<<"),
        ("-", [None]),
        ('"8"', "8"),
        ("'true'", "true"),
        ('""', ""),
        ("[1, [2], {a: b}]", [1, [2], {"a": "b"}]),
        ("{8: a, true: b, 2.5: c}", {8: "a", True: "b", 2.5: "c"}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("# only a comment\n---\na: 1", {"a": 1}),
        ("\ufeffa: 1", {"a": 1}),
        ("%YAML 1.2\n---\na: ü", {"a": "ü"}),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert [node.plain() for node in read_documents(f"- {text}" if value is None else text, file="f")] == [
        [None] if value is None else value
    ]


def test_types_are_kept() -> None:
    (node,) = read_documents("[8, 8.0, true, '8']", file="f")
    values = node.plain()
    assert isinstance(values, list)
    assert [type(value) for value in values] == [int, float, bool, str]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n---\n", "---\nnull\n"])
def test_nothing(text: str) -> None:
    assert read_documents(text, file="f") == []
    with pytest.raises(MappingError, match="f: the file is empty"):
        read_document(text, file="f")


def test_documents_and_places() -> None:
    first, second = read_documents("a: 1\n---\n# two\nb:\n  - x\n  - {y: ü, z: 2}\n", file="f.yaml")
    assert isinstance(first, Table)
    assert isinstance(second, Table)
    b = second.entries["b"]
    assert isinstance(b, Sequence)
    assert (second.line, second.column) == (4, 1)
    assert (b.items[0].line, b.items[0].column) == (5, 5)
    inner = b.items[1]
    assert isinstance(inner, Table)
    assert (inner.keys["z"].line, inner.keys["z"].column) == (6, 12)
    assert (inner.entries["z"].line, inner.entries["z"].column) == (6, 15)
    error = inner.entries["z"].error("no")
    assert (str(error), error.file, error.line, error.column) == ("f.yaml:6:15: no", "f.yaml", 6, 15)


def test_a_single_document() -> None:
    assert read_document(b"a: 1", file="f").plain() == {"a": 1}
    with pytest.raises(MappingError, match=r"f:3:1: one document is wanted here, and this is the second"):
        read_document("a: 1\n---\nb: 2", file="f")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "f:2:1: duplicate key 'a' (first in line 1); remove one of the two"),
        ("x: {1: a, 1: b}", "f:1:11: duplicate key 1 (first in line 1); remove one of the two"),
        ("a:\n\tb: 1", "f:2:1: a tab cannot indent YAML; use spaces"),
        ("a: &x 1", "f:1:4: anchors and aliases are not allowed"),
        ("a: &x [1]", "f:1:4: anchors and aliases are not allowed"),
        ("a: *x", "f:1:4: anchors and aliases are not allowed"),
        (
            "<<: *x",
            "f:1:5: anchors and aliases are not allowed; repeat the lines, or share a model's fields with 'extends'",
        ),
        ("a: !!python/object:os.system {}", "f:1:4: tags are not allowed"),
        ("a: !env HOME", "f:1:4: tags are not allowed; a value is what YAML 1.2 says, and quotes make it text"),
        ("a: !!str 5", "f:1:4: tags are not allowed"),
        ("a: ! 5", "f:1:4: tags are not allowed"),
        ("models: [*]", "text that starts with '*' or '&' must be quoted, e.g. \"*\""),
        ("a: @x", "f:1:4: text that starts with '@' must be quoted"),
        ("a: %x", "f:1:4: text that starts with '%' must be quoted"),
        ("says: 4k: only", "f:1:9: text that holds ': ' must be quoted (or the line is indented wrongly)"),
        ("a: {b", "not valid YAML: while parsing a flow mapping"),
        ("a: 'x", "not valid YAML: while scanning a quoted scalar"),
        ("{a: 1}}", "f:1:7: not valid YAML"),
        ("- a\nb: 1", "f:2:1: not valid YAML"),
        ("{[a]: 1}", "f:1:2: a key must be a word, not a list; quote text that starts with '{' or '['"),
        ("{{a}}: 1", "f:1:2: a key must be a word, not a group of keys"),
        ("? \n: 1", "a key must be a word, not nothing; quote 'null' and '~' if they are text"),
        ("null: 1", "f:1:1: a key must be a word, not nothing"),
        ("a: 010", "f:1:4: '010' is one number in YAML 1.1 and another in 1.2; write 10, or quote the text"),
        ("a: -007", "write 7, or quote the text"),
        ("a: .inf", "f:1:4: '.inf' is not a finite number; quote it if it is text"),
        ("a: .NaN", "is not a finite number"),
        ("a: 1e999", "f:1:4: '1e999' is too large for a number"),
        (f"a: {'9' * 5000}", "is too long for a number; quote it if it is text"),
        ("[" * 1000, f"f:1:{MAX_DEPTH + 1}: nested more than {MAX_DEPTH} deep"),
        ("{a: " * 1000, f"nested more than {MAX_DEPTH} deep"),
        ("ü: 'ö\x01'", "f:1:6: not a text file"),
        ("a: 1\n\n\x00", "f:3:1: not a text file"),
        (b"\x89PNG\r\n\x1a\n", "f:1:1: not UTF-8 (invalid start byte); save the file as UTF-8"),
        (b"a: 1\nb: \xc3\xbc\xe4", "f:2:5: not UTF-8"),
        ("a: 1".encode("utf-16"), "f:1:1: not UTF-8"),
        ("a: \ud800", "f:1:4: not a Unicode text"),
    ],
)
def test_refused(text: str | bytes, message: str, parser: str) -> None:
    with pytest.raises(MappingError) as caught:
        read_documents(text, file="f")
    if parser == "pure" and message.startswith("not valid YAML"):
        message = "not valid YAML"
    assert message in str(caught.value)
    assert caught.value.file == "f"


def test_an_anchor_bomb_is_refused_at_its_first_anchor() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join(['*' + old] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    with pytest.raises(MappingError, match="f:1:4: anchors and aliases are not allowed"):
        read_documents("\n".join(lines), file="f")


def test_too_large() -> None:
    with pytest.raises(
        MappingError, match=f"f:1:{MAX_BYTES + 1}: {MAX_BYTES + 1} bytes are too many; a file may have {MAX_BYTES}"
    ):
        read_documents("#" * (MAX_BYTES + 1), file="f")


def test_too_many_values(parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In Python, what is as many takes half a minute; fewer are as good there."""
    most = MAX_NODES if parser == "libyaml" else 1_000
    monkeypatch.setattr(yaml_reader, "MAX_NODES", most)
    text = "[" + "a," * (most + 1) + "]"
    with pytest.raises(MappingError, match=f"more than {most} values; split the file"):
        read_documents(text, file="f")


def test_python_data_is_a_document_too() -> None:
    node = node_of({"a": [1, 2.5, "x", True, None], "b": ("y",)}, file="run time")
    assert node.plain() == {"a": [1, 2.5, "x", True, None], "b": ["y"]}
    assert isinstance(node, Table)
    assert isinstance(node.keys["a"], Scalar)
    assert str(node.error("no")) == "run time: no"


@pytest.mark.parametrize("data", [{"a": object()}, {"a": {1, 2}}, {"a": b"x"}, {("a",): 1}, [float("nan")], [2**1024]])
def test_python_data_that_yaml_cannot_say(data: Any) -> None:
    with pytest.raises(MappingError, match="cannot stand in a mapping"):
        node_of(data, file="run time")


def test_python_data_that_holds_itself() -> None:
    data: dict[str, Any] = {}
    data["again"] = data
    with pytest.raises(MappingError, match=f"nested more than {MAX_DEPTH} deep"):
        node_of(data, file="run time")


def test_yaml_is_imported_when_something_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    code = "import sys, tarash_core.yaml_reader, tarash_core.mapping.library; print('yaml' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
