"""Dated facts of one sort as rows of CSV and back: what every such file shares, whatever its columns are."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from io import StringIO
from typing import Any, Final, Generic, TypeVar

from attrs import evolve, frozen

from ..documents.kinds import columns
from ..documents.reading import Read, read_row
from ..documents.writing import to_dict
from ..errors import InvalidPlan, InvalidValue, Problem, did_you_mean, shown
from ..model.kpis import Observation
from ..model.records import CheckIn
from ..values import instance
from . import files

_F = TypeVar("_F", bound=CheckIn | Observation)

# Who wrote it, and how it is called, come last.
_LATE: Final = frozenset({"by", "id", "supersedes"})
_BOOLEANS: Final = {"true": True, "false": False}
_DELIMITERS: Final = (",", ";", "\t")
_BETWEEN_ACTIONS: Final = ";"

_HEADER: Final = re.compile(r'\s*+((?:"(?:[^"]|"")*+"|[^"\r\n])*+)')
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*+"')
_NEEDS_QUOTES: Final = re.compile(r'[",;\t\r\n]|\A\s|\s\Z')

_Record = tuple[int, list[str]]


@frozen(kw_only=True)
class Sheet(Generic[_F]):
    """
    What there is to know of the files of one sort of fact.

    Attributes:
        cls: The class of the facts.
        subject: The column that says what a fact is about.
        free_text: The columns whose text is kept as it is.
        listed: The columns whose cells name several things.
        boolean: The columns in which ``true`` and ``false`` are no texts.
        hint: What to write, where something else is given.
    """

    cls: type[_F]
    subject: str
    free_text: tuple[str, ...]
    listed: tuple[str, ...] = ()
    boolean: tuple[str, ...] = ()
    hint: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns that there may be, in the order in which they are written."""
        named = [name for name, _ in columns(self.cls) if name != "extra"]
        return tuple(sorted(named, key=lambda name: name in _LATE))

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which nothing can be read."""
        return (self.subject, "on")

    @property
    def usual(self) -> tuple[str, ...]:
        """The columns of every file that is written, because people fill them in."""
        return (*self.required, "value")

    def column(self, title: str) -> str:
        """
        Return the name of a column: a field's, however it is written, or else the column's own.

        Args:
            title: What stands in the first line.
        """
        name = re.sub(r"[\s-]+", "_", title.strip().lower())
        return name if name in self.names else title.strip()


def read(sheet: Sheet[_F], text: str, name: str) -> tuple[_F, ...]:
    """
    Return the facts that a CSV text holds, in its order.

    Args:
        sheet: What its columns may be.
        text: The text.
        name: What problems call it.

    Raises:
        InvalidPlan: If something cannot be read; every problem is named, with line and column.
    """
    records, broken = _records(text.removeprefix("\ufeff"))
    if not records and not broken:
        hint = _first_line(sheet)
        raise InvalidPlan(Problem(code="empty_file", path=name, message="there is nothing in it", hint=hint))
    problems: list[Problem] = []
    facts: list[_F] = []
    named: list[str] = []
    for number, (line, cells) in enumerate(records):
        if not number:
            named = [sheet.column(title) for title in cells]
            found = list(_wrong_columns(sheet, named))
        else:
            got = _read(sheet, named, cells)
            # What every row lacks is said once, of the first line.
            found = [each for each in got.problems if each.path not in sheet.required or each.path in named]
            facts += [got.thing] if isinstance(got.thing, sheet.cls) else []
        problems.extend(evolve(problem, path=f"{name}:{line} {problem.path}".rstrip()) for problem in found)
    problems.extend(evolve(problem, path=f"{name}:{problem.path}") for problem in broken)
    if problems:
        raise InvalidPlan(*problems)
    return tuple(facts)


def _first_line(sheet: Sheet[_F]) -> str:
    return f"the first line names the columns, such as {','.join(sheet.usual)}"


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


def _wrong_columns(sheet: Sheet[_F], named: Sequence[str]) -> Iterator[Problem]:
    for name in sheet.required:
        if name not in named:
            hint = did_you_mean(name, named) or _first_line(sheet)
            yield Problem(code="missing_column", path=name, message="there is no such column", hint=hint)
    numbers: dict[str, int] = {}
    for number, name in enumerate(named, 1):
        if not name:
            message = f"column {number} has no name"
            yield Problem(code="no_name", message=message, hint="name it, or take it out")
        elif numbers.setdefault(name, number) != number:
            message = f"column {numbers[name]} has the same name"
            yield Problem(code="duplicate_column", path=name, message=message, hint="keep one of them")


def _read(sheet: Sheet[_F], named: Sequence[str], cells: Sequence[str]) -> Read:
    if len(cells) != len(named):
        message = f"it has {len(cells)} cells, and there are {len(named)} columns"
        hint = "leave a cell empty where there is nothing to say, and put quotes around one with a delimiter in it"
        return Read(row={}, cls=None, thing=None, problems=(Problem(code="ragged_row", message=message, hint=hint),))
    row: dict[str, Any] = {"kind": sheet.cls.kind}
    extra: dict[str, str] = {}
    for name, cell in zip(named, cells, strict=True):
        said = cell.strip()
        if not said:
            continue
        if name not in sheet.names:
            extra[name] = cell
        elif name in sheet.free_text:
            row[name] = cell
        elif name in sheet.listed:
            row[name] = [part for each in said.split(_BETWEEN_ACTIONS) if (part := each.strip())]
        else:
            row[name] = _BOOLEANS.get(said.lower(), said) if name in sheet.boolean else said
    return read_row({**row, "extra": extra} if extra else row)


# -- writing --------------------------------------------------------------------------------------


def written(sheet: Sheet[_F], facts: Iterable[_F]) -> str:
    """
    Return facts as CSV that reads back equal.

    Args:
        sheet: What its columns may be.
        facts: The facts.

    Raises:
        InvalidValue: ``not_flat``, if CSV cannot hold something; everything that it cannot hold is named.
    """
    listed = [instance(sheet.cls, fact, sheet.hint) for fact in facts]
    corrected = {fact.supersedes for fact in listed if fact.supersedes is not None}
    problems: list[Problem] = []
    rows: list[tuple[dict[str, str], Mapping[str, str]]] = []
    for fact in listed:
        problems.extend(problem.under(f"{getattr(fact, sheet.subject)}[{fact.on}]") for problem in lost(sheet, fact))
        said = {name: _written(got) for name, got in to_dict(fact).items() if name in sheet.names}
        if not files.has_own_id(fact, corrected):
            del said["id"]
        rows.append((said, fact.extra))
    if problems:
        raise InvalidValue(*problems)
    used = {name for said, _ in rows for name in said}.union(sheet.usual)
    names = [name for name in sheet.names if name in used]
    extra = dict.fromkeys(name for _, kept in rows for name in kept)
    filled = [[said.get(name, "") for name in names] + [kept.get(name, "") for name in extra] for said, kept in rows]
    return "".join(f"{','.join(map(_quoted, cells))}\n" for cells in ([*names, *extra], *filled))


def lost(sheet: Sheet[_F], fact: _F) -> Iterator[Problem]:
    """
    Yield what of a fact would not come back.

    Args:
        sheet: What its columns may be.
        fact: The fact.
    """
    for name in sheet.listed:
        held = getattr(fact, name) or ()
        for each in held:
            if _BETWEEN_ACTIONS in each:
                message = f"the action {shown(each)} holds the {_BETWEEN_ACTIONS!r} that separates actions"
                yield _not_flat(name, message)
        yield from _too_long(name, _BETWEEN_ACTIONS.join(held))
    for name in sheet.free_text:
        yield from _lost_text(name, getattr(fact, name) or None)
    for name, kept in fact.extra.items():
        path = f"extra[{shown(name)}]"
        yield from _too_long(path, name)
        if not name or name in sheet.names or sheet.column(name) != name:
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
