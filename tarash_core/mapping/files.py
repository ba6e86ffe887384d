"""Reads the documents that a mapping file has for one provider."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tarash_core.errors import MappingError
from tarash_core.mapping.document import Document, check_version, check_words, named_provider, read_document
from tarash_core.mapping.family import Family, is_family, read_family
from tarash_core.suggest import did_you_mean
from tarash_core.yaml_node import Node
from tarash_core.yaml_reader import MAX_BYTES, node_of, place_in, read_documents

_PROVIDER_LINE = re.compile(rb"""^provider[ \t]*:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)


def may_concern(text: bytes, provider: str) -> bool:
    """Whether a file that is not a plugin's own may hold something for this provider. Parsing is what costs."""
    if provider.encode() not in text:
        return _PROVIDER_LINE.search(text) is None
    # A model of another provider may have this one's name in its own.
    named = _PROVIDER_LINE.findall(text)
    is_told = named and len(named) == text.count(b"provider") and b"\\" not in b"".join(named)
    return not is_told or provider.encode() in named


def read_all(
    text: bytes, *, file: str, provider: str, own: bool, default: str | None = None
) -> list[Document | Family]:
    """The documents of a file that are for this provider.

    A file that cannot be read as YAML is an error for the providers that its ``provider:`` lines name; for all, where
    there is no such line. What is wrong with another provider's documents is not looked at.

    Args:
        text: What the file holds.
        file: The path, for messages.
        provider: Name of the provider.
        own: Whether the file is of that provider's plugin, which needs no ``provider`` and must give ``docs``.
        default: The provider of documents that name none.

    Raises:
        MappingError: With file, line, column and path.
    """
    try:
        nodes = read_documents(text, file=file)
    except MappingError:
        named = {name.decode(errors="replace") for name in _PROVIDER_LINE.findall(text)}
        if own or not named or provider in named:
            raise
        return []
    return documents_for(provider, nodes, own=own, default=default)


def documents_for(
    provider: str,
    nodes: Sequence[Node],
    *,
    own: bool = False,
    at_run_time: bool = False,
    goes_on: bool = False,
    default: str | None = None,
) -> list[Document | Family]:
    """Those of a file's documents that are for this provider, read strictly.

    Args:
        provider: Name of the provider.
        nodes: All documents of one file; ``provider`` holds on for the documents below it.
        own: As for `read_all`.
        at_run_time: Whether a call gives them for this provider: they need no ``provider`` and no ``schema``.
        goes_on: Whether documents of the same file stand before these, and have named the version of the language.
        default: As for `read_all`.

    Raises:
        MappingError: As `read_all`; or an own or run-time document names another provider.
    """
    is_given = own or at_run_time
    current = provider if is_given else default
    documents: list[Document | Family] = []
    for node in nodes:
        current = named_provider(node) or current
        if current is not None and current != provider and not is_given:
            continue
        check_version(nodes[0], is_needed=not (at_run_time or goes_on))
        check_version(node, is_needed=False)
        if current is None:
            if not is_family(node):
                check_words(node)
            raise node.error("which provider is this for? write 'provider: NAME'")
        if current != provider:
            hint = did_you_mean(current, (provider,))
            raise node.error(f"this is given for provider '{provider}', but names '{current}'{hint}")
        documents.append(read_family(node) if is_family(node) else read_document(node, needs_docs=own))
    return documents


def given_documents(document: str | Mapping[str, Any] | Path, *, provider: str, source: str) -> list[Document | Family]:
    """What a call gives for a provider: YAML text, a dict that says the same, or the path of a file.

    Raises:
        MappingError: With file, line, column and path; or there is nothing in it.
    """
    if isinstance(document, Path):
        source = str(document)
        nodes = read_documents(read_text(document), file=source)
    elif isinstance(document, str):
        nodes = read_documents(document, file=source)
    else:
        nodes = [node_of(document, file=source)]
    if not nodes:
        raise MappingError("there is no mapping in it", file=source)
    if isinstance(document, str) and document.endswith((".yaml", ".yml")):
        raise MappingError(f"'{document}' is the name of a file; give Path('{document}')", file=source)
    return documents_for(provider, nodes, at_run_time=True)


def read_text(path: Path) -> bytes:
    """The bytes of a file, not read further than `yaml_reader.MAX_BYTES`. Raises MappingError."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise MappingError(f"cannot be read: {error.strerror or error}", file=str(path)) from None
    if len(text) > MAX_BYTES:
        raise place_in(text[:MAX_BYTES], str(path)).error(f"larger than {MAX_BYTES} bytes; split it")
    return text


def named_in(text: bytes, *, provider: str) -> frozenset[str]:
    """The models and families of which a file's documents for this provider speak, whatever else is wrong with them.

    Raises:
        MappingError: It is not YAML.
    """
    names: set[str] = set()
    current: object = None
    for node in read_documents(text, file=""):
        document = node.plain()
        if not isinstance(document, dict):
            continue
        current = document.get("provider", current)
        if current in (None, provider):
            models = document.get("models")
            found = [*(models if isinstance(models, list) else [models]), document.get("family")]
            names.update(name for name in found if isinstance(name, str))
    return frozenset(names)
