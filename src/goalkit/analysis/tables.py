"""How results print: one table for terminals, one for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

#: The most rows that a result prints by itself; its rows hold them all.
MOST_ROWS = 60

#: The most characters of a cell that are shown.
MOST_SIGNS = 200

Cells = Sequence[Sequence[str]]


def as_text(head: Sequence[str], rows: Cells, right: frozenset[int] = frozenset()) -> str:
    """
    Return a table as text, its columns as wide as they need to be.

    Args:
        head: The names of the columns.
        rows: The cells, row by row.
        right: The numbers of the columns that are set to the right.

    Example:
        >>> print(as_text(["goal", "progress"], [["nps", "50 %"]], frozenset({1})))
        goal  progress
        nps       50 %
    """
    shown = [head, *(tuple(one_line(cell) for cell in row) for row in rows[:MOST_ROWS])]
    widths = [max(len(row[column]) for row in shown) for column in range(len(head))]
    lines = [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in shown
    ]
    return "\n".join((*lines, *_rest(rows)))


def as_html(head: Sequence[str], rows: Cells, right: frozenset[int] = frozenset()) -> str:
    """
    Return a table as HTML, with everything escaped.

    Args:
        head: The names of the columns.
        rows: The cells, row by row.
        right: The numbers of the columns that are set to the right.

    Example:
        >>> as_html(["goal"], [["<nps>"]])
        '<table><thead><tr><th>goal</th></tr></thead><tbody><tr><td>&lt;nps&gt;</td></tr></tbody></table>'
    """

    def line(tag: str, cells: Sequence[str]) -> str:
        style = ' style="text-align: right"'
        made = (f"<{tag}{style if column in right else ''}>{escape(cell)}</{tag}>" for column, cell in enumerate(cells))
        return f"<tr>{''.join(made)}</tr>"

    body = "".join(line("td", row) for row in rows[:MOST_ROWS])
    rest = "".join(f"<p>{escape(text)}</p>" for text in _rest(rows))
    return f"<table><thead>{line('th', head)}</thead><tbody>{body}</tbody></table>{rest}"


def _rest(rows: Cells) -> tuple[str, ...]:
    return (f"… and {len(rows) - MOST_ROWS} more",) if len(rows) > MOST_ROWS else ()


def one_line(cell: str) -> str:
    """
    Return text on one line, without what a terminal would obey, and cut where it is very long.

    Args:
        cell: Any text.

    Example:
        >>> one_line("one" + chr(10) + "two" + chr(27) + "[31m")
        'one two[31m'
    """
    shown = "".join(sign if sign.isprintable() else " " * sign.isspace() for sign in cell[: 2 * MOST_SIGNS])
    shown = " ".join(shown.split())
    return shown if len(shown) <= MOST_SIGNS else f"{shown[: MOST_SIGNS - 1]}…"
