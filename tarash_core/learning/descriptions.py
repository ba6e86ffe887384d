"""What a description says that a name does not: only at run time, where a provider publishes descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tarash_core.learning import vocabulary as v
from tarash_core.learning.naming import is_filmed, is_only_image
from tarash_core.learning.parameter import Parameter

if TYPE_CHECKING:
    from tarash_core.learning.evidence import Role

_FILE = re.compile(r"\b(url|uri|file|upload|base64)\b")
# A file of these is neither what is shown nor where it starts.
_MEANS = re.compile(
    r"\b(mask|audio|sound|music|voice|speech|lora|weights|watermark|logo|callback|webhook|zip|depth|pose)\b"
)


def described_roles(text: str) -> set[Role]:
    """The roles of an image that a description speaks of."""
    said: set[Role] = set()
    if re.search(r"\b(last|end|ending|final|tail)[ -](frame|image)s?\b", text):
        said.add("last_frame")
    if re.search(r"\b(first|start|starting|initial)[ -](frame|image)s?\b", text):
        said.add("first_frame")
    if re.search(
        r"\breference (image|photo|picture)|\b(character|subject|identity) (reference|image)|\bas (a |the )?reference",
        text,
    ):
        said.add("reference")
    return said


def describes_prompt(text: str) -> bool:
    """Whether a text is said to be the prompt, or to tell what the video shows."""
    told = r"\b(text )?prompt\b|\bdescri(be|bes|bing|ption)\b.{0,20}\b(the|your) (video|scene|animation|motion|clip)\b"
    return bool(re.search(told, text)) and not re.search(r"\b(negative|avoid|exclude|template)\b", text)


def describes_seconds(text: str) -> bool:
    """Whether a number is said to be how long the video is to be, in seconds."""
    length = re.search(
        r"\b(duration|length) of the (generated |output |resulting |final )?(video|clip|animation)\b", text
    )
    return bool(length and re.search(r"\bsec(ond)?s?\b", text) and not re.search(r"\bframes\b|\bmillisec", text))


def described_file(parameter: Parameter, siblings: tuple[Parameter, ...]) -> Iterator[tuple[Role, float]]:
    """What a file is for by its description alone, where its name says nothing."""
    text = parameter.description
    words = frozenset(parameter.words)
    if not (_FILE.search(text) or parameter.is_file) or words & (v.MEANS | v.VIDEO):
        return
    said = described_roles(text)
    if len(said) == 1:
        yield said.pop(), 0.65
    elif said or _MEANS.search(text) or not parameter.required:
        return
    elif re.search(
        r"\b(input|source|original|the) video\b|\bvideo (file )?to (edit|modify|extend|transform|restyle)", text
    ):
        if not any(is_filmed(other) for other in siblings if other.name != parameter.name):
            yield "video", 0.65
    elif re.search(r"\b(input|source|original|the) (image|photo|picture)\b", text) and is_only_image(
        parameter, siblings
    ):
        yield "only_image", 0.65
