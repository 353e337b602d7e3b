"""
Check-ins as CSV, as a spreadsheet makes them.

The first line names the columns, in any order: ``goal`` and ``on`` must be there; ``value``,
``done`` (the names of items or actions, separated by ``;``), ``status``, ``confidence``, ``note``,
``next_steps``, ``by``, ``supersedes`` and ``id`` may be. Any other column is kept in ``extra`` as
text. A cell in which nothing can be seen is not given. Numbers are exact, and ``true`` and ``false``
are taken as such.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from os import fspath
from typing import Any, Final

from attrs import evolve

from ..documents.kinds import columns
from ..documents.reading import Read, read_row
from ..documents.writing import to_dict
from ..errors import InvalidPlan, InvalidValue, Problem, did_you_mean, shown
from ..model.records import CheckIn
from ..values import instance
from . import files

# Who wrote it, and how it is called, come last.
_LATE: Final = frozenset({"by", "id", "supersedes"})
_NAMES: Final = tuple(
    sorted((name for name, _ in columns(CheckIn) if name != "extra"), key=lambda name: name in _LATE),
)
_REQUIRED: Final = ("goal", "on")
# What is in every file that is written, because people fill it in.
_USUAL: Final = ("goal", "on", "value")
_FREE_TEXT: Final = ("note", "next_steps")
_BOOLEANS: Final = {"true": True, "false": False}
_DELIMITERS: Final = (",", ";", "\t")
_BETWEEN_ACTIONS: Final = ";"

_HEADER: Final = re.compile(r'\s*+((?:"(?:[^"]|"")*+"|[^"\r\n])*+)')
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*+"')
_NEEDS_QUOTES: Final = re.compile(r'[",;\t\r\n]|\A\s|\s\Z')

_Record = tuple[int, list[str]]


def load(path: files.FilePath) -> tuple[CheckIn, ...]:
    r"""
    Return the check-ins that a CSV file holds.

    Args:
        path: Where the file is.

    Raises:
        OSError: If it cannot be opened.
        InvalidPlan: If something cannot be read; every problem is named, with file, line and column.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "check_ins.csv")
        ...     size = path.write_text("goal;on;value\nnps;2026-08-10;56\n")
        ...     load(path)[0].value
        Decimal('56')
    """
    return loads(files.read(path), name=fspath(path))


def loads(text: str, *, name: str = "<text>") -> tuple[CheckIn, ...]:
    r"""
    Return the check-ins that a CSV text holds, in its order.

    Args:
        text: The text. Whether commas, semicolons or tabs separate its cells is decided by its first line.
        name: What problems call it.

    Raises:
        InvalidPlan: If something cannot be read; every problem is named, with line and column.

    Example:
        >>> [check_in] = loads("goal,on,value,note\nnps,2026-08-10,56,the campaign landed\n")
        >>> check_in.value, check_in.note
        (Decimal('56'), 'the campaign landed')
    """
    given = instance(str, text, "read a file with load").removeprefix("\ufeff")
    records, broken = _records(given)
    if not records and not broken:
        hint = f"the first line names the columns, such as {','.join(_USUAL)}"
        raise InvalidPlan(Problem(code="empty_file", path=name, message="there is nothing in it", hint=hint))
    problems: list[Problem] = []
    check_ins: list[CheckIn] = []
    named: list[str] = []
    for number, (line, cells) in enumerate(records):
        if not number:
            named = [_column(title) for title in cells]
            found = list(_wrong_columns(named))
        else:
            read = _read(named, cells)
            # What every row lacks is said once, of the first line.
            found = [problem for problem in read.problems if problem.path not in _REQUIRED or problem.path in named]
            check_ins += [read.thing] if isinstance(read.thing, CheckIn) else []
        problems.extend(evolve(problem, path=f"{name}:{line} {problem.path}".rstrip()) for problem in found)
    problems.extend(evolve(problem, path=f"{name}:{problem.path}") for problem in broken)
    if problems:
        raise InvalidPlan(*problems)
    return tuple(check_ins)


def _records(text: str) -> tuple[list[_Record], list[Problem]]:
    """Return the records in which something can be seen, each with its first line, and where it ends too early."""
    if "\0" in text:
        place = str(text.count("\n", 0, text.index("\0")) + 1)
        hint = "save it as CSV in UTF-8"
        return [], [Problem(code="bad_text", path=place, message="it holds the character '\\x00'", hint=hint)]
    header = next(_HEADER.finditer(text))[1]
    delimiter = max(_DELIMITERS, key=_QUOTED.sub("", header).count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    records: list[_Record] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        never = str(error) == "unexpected end of data"
        message = "a quote is opened here and never closed" if never else f"this is not CSV: {error}"
        hint = 'write a quote within quotes twice: "say ""yes"""'
        return records, [Problem(code="bad_csv", path=str(line), message=message, hint=hint)]
    return records, []


def _column(title: str) -> str:
    """Return the name of a column: a field's, however it is written, or else the column's own."""
    name = re.sub(r"[\s-]+", "_", title.strip().lower())
    return name if name in _NAMES else title.strip()


def _wrong_columns(named: Sequence[str]) -> Iterator[Problem]:
    for name in _REQUIRED:
        if name not in named:
            hint = did_you_mean(name, named) or f"the first line names the columns, such as {','.join(_USUAL)}"
            yield Problem(code="missing_column", path=name, message="there is no such column", hint=hint)
    numbers: dict[str, int] = {}
    for number, name in enumerate(named, 1):
        if not name:
            message = f"column {number} has no name"
            yield Problem(code="no_name", message=message, hint="name it, or take it out")
        elif numbers.setdefault(name, number) != number:
            message = f"column {numbers[name]} has the same name"
            yield Problem(code="duplicate_column", path=name, message=message, hint="keep one of them")


def _read(named: Sequence[str], cells: Sequence[str]) -> Read:
    if len(cells) != len(named):
        message = f"it has {len(cells)} cells, and there are {len(named)} columns"
        hint = "leave a cell empty where there is nothing to say, and put quotes around one with a delimiter in it"
        return Read(row={}, cls=None, thing=None, problems=(Problem(code="ragged_row", message=message, hint=hint),))
    row: dict[str, Any] = {"kind": CheckIn.kind}
    extra: dict[str, str] = {}
    for name, cell in zip(named, cells, strict=True):
        said = cell.strip()
        if not said:
            continue
        if name not in _NAMES:
            extra[name] = cell
        elif name in _FREE_TEXT:
            row[name] = cell
        elif name == "done":
            row[name] = [action for part in said.split(_BETWEEN_ACTIONS) if (action := part.strip())]
        else:
            row[name] = _BOOLEANS.get(said.lower(), said) if name == "value" else said
    return read_row({**row, "extra": extra} if extra else row)


# -- writing --------------------------------------------------------------------------------------


def dump(check_ins: Iterable[CheckIn], path: files.FilePath) -> None:
    """
    Write check-ins to a CSV file, as `dumps` makes it.

    Args:
        check_ins: The check-ins.
        path: Where the file is, or will be.

    Raises:
        OSError: If it cannot be written.
        InvalidValue: If CSV cannot hold something; nothing is written then.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     dump([CheckIn(goal="nps", on="2026-08-10", value=56)], Path(folder, "check_ins.csv"))
        ...     load(Path(folder, "check_ins.csv"))[0].goal
        'nps'
    """
    files.write(path, dumps(check_ins))


def dumps(check_ins: Iterable[CheckIn]) -> str:
    """
    Return check-ins as CSV that reads back equal: ``loads(dumps(check_ins)) == tuple(check_ins)``.

    There are columns for what is used. An id that follows from what a check-in says is left out,
    unless another check-in names it. A lone ``;`` says that none of the actions are done.

    Args:
        check_ins: The check-ins. What they keep in ``extra`` must be text in which something can be seen.

    Raises:
        InvalidValue: ``not_flat``, if CSV cannot hold something; everything that it cannot hold is named.

    Example:
        >>> print(dumps([CheckIn(goal="nps", on="2026-08-10", value=56, by="ida")]), end="")
        goal,on,value,by
        nps,2026-08-10,56,ida
    """
    listed = [instance(CheckIn, check_in, "give the check-ins of a plan") for check_in in check_ins]
    corrected = {check_in.supersedes for check_in in listed if check_in.supersedes is not None}
    problems: list[Problem] = []
    rows: list[tuple[dict[str, str], Mapping[str, str]]] = []
    for check_in in listed:
        problems.extend(problem.under(f"{check_in.goal}[{check_in.on}]") for problem in _lost(check_in))
        said = {name: _written(got) for name, got in to_dict(check_in).items() if name in _NAMES}
        if not files.has_own_id(check_in, corrected):
            del said["id"]
        rows.append((said, check_in.extra))
    if problems:
        raise InvalidValue(*problems)
    used = {name for said, _ in rows for name in said}.union(_USUAL)
    names = [name for name in _NAMES if name in used]
    extra = dict.fromkeys(name for _, kept in rows for name in kept)
    written = [[said.get(name, "") for name in names] + [kept.get(name, "") for name in extra] for said, kept in rows]
    return "".join(f"{','.join(map(_quoted, cells))}\n" for cells in ([*names, *extra], *written))


def _lost(check_in: CheckIn) -> Iterator[Problem]:
    """Yield what of a check-in would not come back."""
    for action in check_in.done or ():
        if _BETWEEN_ACTIONS in action:
            message = f"the action {shown(action)} holds the {_BETWEEN_ACTIONS!r} that separates actions"
            yield _not_flat("done", message)
    yield from _too_long("done", _BETWEEN_ACTIONS.join(check_in.done or ()))
    for name in _FREE_TEXT:
        yield from _lost_text(name, getattr(check_in, name) or None)
    for name, kept in check_in.extra.items():
        path = f"extra[{shown(name)}]"
        yield from _too_long(path, name)
        if not name or name in _NAMES or _column(name) != name:
            yield _not_flat(path, "a column of this name would be read as another")
        elif not isinstance(kept, str):
            yield _not_flat(path, f"{shown(kept)} is not text")
        else:
            yield from _lost_text(path, kept)


def _lost_text(path: str, text: str | None) -> Iterator[Problem]:
    if text is not None and not text.strip():
        yield _not_flat(path, f"{shown(text)} would be read as nothing")
    yield from _too_long(path, text or "")


def _too_long(path: str, text: str) -> Iterator[Problem]:
    if len(text) > csv.field_size_limit():
        yield _not_flat(path, f"{len(text)} characters are more than the {csv.field_size_limit()} that a cell may have")


def _not_flat(path: str, message: str) -> Problem:
    return Problem(code="not_flat", path=path, message=message, hint="leave it out, or write TOML or JSON")


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return _BETWEEN_ACTIONS.join(value) or _BETWEEN_ACTIONS
    return str(value)


def _quoted(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if _NEEDS_QUOTES.search(cell) else cell
