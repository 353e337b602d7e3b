"""
Where the tables and keys of a TOML text stand, and in which order.

The parser of the standard library gives values without lines. This goes through a text that the
parser has accepted, so it need not judge: it follows headers, keys and brackets, and steps over
strings and comments as a whole.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Final, TypeAlias

#: The way to a table, key or element, from the outside in: names, and places in arrays from 0.
Way: TypeAlias = "tuple[str | int, ...]"

#: Of a key with more parts, no more are told; no document is nested so deep.
DEEPEST: Final = 100

_TOKEN: Final = re.compile(
    r'''
    (?P<text>
        """(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"{3,5}
      | \'\'\'(?:[^']++|'{1,2}+(?!'))*+'{3,5}
      | "(?:[^"\\]++|\\.)*+"
      | '[^']*+'
    )
  | (?P<end>(?:\#[^\n]*+)?\n)
  | (?P<mark>[\[\]{}=,.])
  | (?P<word>[^\s"'\[\]{}=,.\#]++)
    ''',
    re.VERBOSE | re.DOTALL,
)


def lines(text: str) -> dict[Way, int]:
    r"""
    Return the line of every table, key and element of a TOML text, in the order in which they stand.

    Args:
        text: What the parser has accepted.

    Returns:
        Lines from 1 by the way to them. Of a table that several keys make, the line of the first.

    Example:
        >>> lines('[[goal]]\nid = "a"\nmetric = { start = 1 }\n')[("goal", 0, "metric", "start")]
        3
    """
    found: dict[Way, int] = {}
    walk = _Walk(found)
    for line, kind, token in _tokens(text):
        walk.take(line, kind, token)
    return found


def _tokens(text: str) -> Iterator[tuple[int, str, str]]:
    line, seen = 1, 0
    # The text may end in the middle of a line, and in an empty comment as well as in a value.
    for match in _TOKEN.finditer(text + "\n"):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        yield line, str(match.lastgroup), match[0]


class _Walk:
    """What is known at one place of the text."""

    def __init__(self, found: dict[Way, int]) -> None:
        self._found = found
        self._arrays: dict[Way, int] = {}  # how many tables each array of tables has so far
        self._table: Way = ()
        self._open: list[Way] = []  # the ways to the brackets that are open, innermost last
        self._at: Way = ()  # the way to the value that is being read
        self._keys: list[str] | None = []  # the key that is being read; None within a value
        self._header = 0  # how many brackets the header began with that is being read

    def take(self, line: int, kind: str, token: str) -> None:
        if kind == "end":
            if not self._open:
                self._finish_statement(line)
        elif kind == "mark":
            self._mark(line, token)
        elif self._keys is None:
            self._found.setdefault(self._at, line)
        else:
            self._keys.append(tomllib.loads(f"key = {token}")["key"] if kind == "text" else token)

    def _finish_statement(self, line: int) -> None:
        if self._header:
            self._table = self._headed(line, self._keys or [], self._header > 1)
        self._header, self._keys = 0, []

    def _headed(self, line: int, keys: list[str], array: bool) -> Way:
        way: Way = ()
        for key in keys[:-1][:DEEPEST]:
            way = self._entered((*way, key))
            self._found.setdefault(way, line)
        way = (*way, keys[-1])
        if array:
            self._found.setdefault(way, line)
            self._arrays[way] = self._arrays.get(way, 0) + 1
        way = self._entered(way)
        self._found.setdefault(way, line)
        return way

    def _entered(self, way: Way) -> Way:
        return (*way, self._arrays[way] - 1) if way in self._arrays else way

    def _mark(self, line: int, mark: str) -> None:
        if mark in "[{":
            if self._keys is not None:  # no key begins with a bracket, so a header does
                self._header += 1
                return
            self._found.setdefault(self._at, line)
            self._open.append(self._at)
            if mark == "[":
                self._at = (*self._at, 0)
            else:
                self._keys = []
        elif mark in "]}":
            if not self._header:
                self._at = self._open.pop()
                self._keys = None
        elif mark == "=":
            way = self._open[-1] if self._open else self._table
            for key in (self._keys or ())[:DEEPEST]:
                way = (*way, key)
                self._found.setdefault(way, line)
            self._at, self._keys = way, None
        elif mark == ",":
            last = self._at[-1]
            if isinstance(last, int):
                self._at = (*self._at[:-1], last + 1)
            else:
                self._keys = []
