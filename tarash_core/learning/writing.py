"""A learned mapping as YAML, as a person would write it: aligned, limits beside the field, doubts said."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

WIDTH = 118
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*|\d{3,4}[pPi]|\d[kK]")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"})
_LEFT = 38


def yaml_text(document: Mapping[str, Any], *, about: tuple[str, ...], comments: Mapping[str, str]) -> str:
    """One document of the mapping language.

    Args:
        document: As ``MappingLibrary.add`` takes it.
        about: Lines of the comment at the top.
        comments: What stands beside a parameter, by its name.
    """
    lines = [f"# {_one_line(line)}" for line in about]
    for word, value in document.items():
        if word in ("fields", "extra"):
            lines.append(f"{word}:" if value else f"{word}: {{}}")
            lines += _block(value, comments)
        else:
            lines.append(f"{word}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def scalar(value: Any) -> str:
    """A value as YAML that reads back as the same one; quoted where a reader could take it for something else."""
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return "".join(map(_escaped, json.dumps(value, ensure_ascii=False)))


def _escaped(letter: str) -> str:
    """A letter within double quotes: what cannot be printed by its number, which JSON and YAML write differently."""
    if letter.isprintable():
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08x}"


def _block(parameters: Mapping[str, Any], comments: Mapping[str, str]) -> list[str]:
    keys = {name: scalar(name) for name in parameters}
    longest = max((len(key) for key in keys.values()), default=0) + 1
    rows = [(_row(keys[name], words, longest), comments.get(name)) for name, words in parameters.items()]
    # Comments stand in one column where their lines let them.
    short = [len(row[0]) for row, comment in rows if comment and len(row) == 1 and len(row[0]) <= WIDTH - _LEFT]
    column = max(short, default=0)
    lines: list[str] = []
    for row, comment in rows:
        first = f"{row[0]:<{column}}  # {_one_line(comment)}" if comment else row[0]
        lines += [first, *row[1:]]
    return lines


def _row(key: str, words: Any, longest: int) -> list[str]:
    line = f"  {key + ':':<{longest}} {_flow(words)}"
    if len(line) <= WIDTH or not isinstance(words, dict):
        return [line]
    lines = [f"  {key}:"]
    for word, value in words.items():
        lines += _wrapped(word, value)
    return lines


def _wrapped(word: str, value: Any) -> list[str]:
    line = f"    {scalar(word)}: {_flow(value)}"
    if len(line) <= WIDTH:
        return [line]
    if isinstance(value, dict):
        inner = [f"      {scalar(name)}: {_flow(item)}" for name, item in value.items()]
        return [f"    {scalar(word)}:", *inner]
    lines, row = [f"    {scalar(word)}: ["], "     "
    for item in value:
        text = f" {_flow(item)},"
        if len(row) + len(text) > WIDTH:
            lines.append(row)
            row = "     "
        row += text
    return [*lines, row.rstrip(","), "    ]"]


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        if set(value) == {"from"}:
            return scalar(value["from"])
        return "{" + ", ".join(f"{scalar(name)}: {_flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return scalar(value)


def _one_line(text: str) -> str:
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
