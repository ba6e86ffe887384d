"""The fenced blocks of a Markdown file, for the tests that run them and for ``.ci/run``.

python tests/fenced.py README.md sh 1     prints the first block in ``sh``
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent

_BLOCK = re.compile(r"^```(?P<language>[\w+-]*)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_FILE = re.compile(r"\*\*`([^`]+)`\*\*")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Args:
        language: The word after the fence, or "".
        text: What stands inside.
        line: 1-based line of the opening fence.
        before: The last line of prose before it.
        section: The ``##`` heading that it stands under, or "".
    """

    language: str
    text: str
    line: int
    before: str
    section: str

    @property
    def file(self) -> str | None:
        """The file that the block is the content of: ``**`name`**`` in the line before it."""
        found = _FILE.search(self.before)
        return found.group(1) if found else None


def blocks(path: Path) -> list[Block]:
    """Every fenced block of a file, in order."""
    content = path.read_text(encoding="utf-8")
    found: list[Block] = []
    for match in _BLOCK.finditer(content):
        prose = content[: match.start()].rstrip().rpartition("\n")[2]
        line = content.count("\n", 0, match.start()) + 1
        headings = _SECTION.findall(content, 0, match.start())
        found.append(Block(match["language"], match["text"], line, prose, headings[-1] if headings else ""))
    return found


def main(path: str, language: str, number: str) -> None:
    """Print one block of a language, counted from 1."""
    chosen = [block for block in blocks(Path(path)) if block.language == language][int(number) - 1]
    sys.stdout.write(chosen.text)


if __name__ == "__main__":
    main(*sys.argv[1:])
