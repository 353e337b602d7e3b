"""What every file format shares: the text of a file, and the ids that a file need not name."""

from __future__ import annotations

from collections.abc import Container
from os import PathLike, fspath
from pathlib import Path
from typing import TypeAlias

from ..errors import InvalidPlan, Problem
from ..model.kpis import Observation
from ..model.records import Fact
from ..values import content_id

#: Where a file is.
FilePath: TypeAlias = "str | PathLike[str]"


def read(path: FilePath) -> str:
    """
    Return the text of a file in UTF-8, with or without a byte order mark.

    Args:
        path: Where the file is.

    Raises:
        OSError: If it cannot be opened.
        InvalidPlan: ``not_utf8``, with the line.
    """
    data = Path(path).read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        problem = Problem(
            code="not_utf8",
            path=f"{fspath(path)}:{before.count(10) + 1}",
            message=f"the byte 0x{error.object[error.start]:02x} is not UTF-8",
            hint="save the file as UTF-8",
        )
        raise InvalidPlan(problem) from None


def write(path: FilePath, text: str) -> None:
    """
    Write the text of a file in UTF-8, with the line ends that it has.

    Args:
        path: Where the file is, or will be.
        text: What it will hold.

    Raises:
        OSError: If it cannot be written.
    """
    Path(path).write_bytes(text.encode())


def has_own_id(fact: Fact | Observation, named: Container[str]) -> bool:
    """
    Tell whether a file must name a fact's id, because it does not follow from what the fact says.

    An id that follows is better left out: it would be stale as soon as somebody edits the fact. One
    that another fact names is told, so that the other still finds it then.

    Args:
        fact: The fact.
        named: The ids that other facts name.

    Example:
        >>> from goalkit import CheckIn
        >>> has_own_id(CheckIn(goal="nps", on="2026-08-10", value=56), ())
        False
    """
    return fact.id in named or fact.id != content_id(fact.kind, fact)
