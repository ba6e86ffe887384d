"""Tables on stdout, for people and for ``grep``: fitted to a terminal, in full width without one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from tarash_core.cli.reporting import one_line, print_line

_WIDTH_OF_A_PIPE = 1000


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under column names; None is an empty cell, and a column of empty cells is left out."""
    from rich.console import Console
    from rich.table import Table

    width = None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE
    console = Console(width=width, markup=False, highlight=False, emoji=False)
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    texts = [["" if cell is None else one_line(str(cell)) for cell in row] for row in rows]
    shown = [place for place in range(len(columns)) if any(row[place] for row in texts)]
    for place in shown:
        table.add_column(columns[place], overflow="fold")
    for row in texts:
        table.add_row(*(row[place] for place in shown))
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        print_line(line.rstrip())
