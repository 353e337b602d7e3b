"""
A plan that a person can write and edit, as TOML.

``version = 1`` stands at the top. Every cycle, goal, KPI and fact is a table of an array that is named
by its kind: ``[[cycle]]``, ``[[objective]]``, ``[[key_result]]``, ``[[milestone]]``, ``[[initiative]]``,
``[[kpi]]``, ``[[check_in]]``, ``[[revision]]``, ``[[approval]]``, ``[[transition]]``, ``[[grade]]``,
``[[retrospective]]``, ``[[observation]]``; its keys are the fields of the document, and what a cycle or
a KPI calls its kind is ``cycle_kind`` and ``kpi_kind``. The order of the file is the order of the plan.
Numbers are exact, days are TOML's own dates, and a key that is not known is refused, because
a misspelt ``wieght`` must not vanish.

What TOML has no word for, above all null, stands as JSON in a table of its own: ``{ json = "null" }``.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from os import fspath
from typing import Any, Final

from attrs import evolve

from ..documents.kinds import KINDS, RENAMED, VERSION
from ..documents.reading import read_plan, read_row
from ..errors import InvalidPlan, InvalidValue, Problem, did_you_mean, shown
from ..model.plan import Plan
from ..values import instance
from . import files
from .toml_lines import DEEPEST, Way, lines
from .toml_text import JSON_KEY, written

_SYNTAX: Final = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_PLACED: Final = re.compile(r"\[(\d+)\]\.?(.*)", re.DOTALL)


def load(path: files.FilePath) -> Plan:
    r"""
    Return the plan that a TOML file holds.

    Args:
        path: Where the file is.

    Raises:
        OSError: If it cannot be opened.
        InvalidPlan: If it does not hold a plan; every problem is named, with file, line and field.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "plan.toml")
        ...     size = path.write_text('[[objective]]\nid = "app"\ntitle = "App"\n')
        ...     load(path)
        <Plan of 1 goal, 0 cycles, 0 facts>
    """
    return loads(files.read(path), name=fspath(path))


def loads(text: str, *, name: str = "<text>") -> Plan:
    """
    Return the plan that a TOML text holds.

    Args:
        text: The text.
        name: What problems call it.

    Raises:
        InvalidPlan: If it does not hold a plan; every problem is named, with line and field.

    Example:
        >>> plan = loads('''
        ... version = 1
        ...
        ... [[cycle]]
        ... id = "2026-Q3"
        ...
        ... [[objective]]
        ... id = "app"
        ... title = "Make the mobile app a joy to use"
        ... cycle = "2026-Q3"
        ...
        ... [[key_result]]
        ... id = "nps"
        ... title = "Reach an NPS of 70"
        ... parent = "app"
        ... metric = { kind = "increase", start = 42, target = 70 }
        ... ''')
        >>> plan["nps"].metric.target
        Decimal('70')
    """
    given = instance(str, text, "read a file with load").removeprefix("\ufeff")
    content = _parsed(given, name)
    source = _Source(name, given)
    version = content.pop("version", VERSION)
    if refused := read_row({"kind": "cycle", "id": "2026", "version": version}).problems:
        # What the fields of another version mean is not known here.
        raise InvalidPlan(*(source.placed(problem, ())[1] for problem in refused))
    problems = [source.placed(problem, (problem.path,)) for problem in _strangers(content)]
    arrays = {kind: content[kind] for kind in KINDS if isinstance(content.get(kind), list)}
    ways = source.in_order((kind, at) for kind, tables in arrays.items() for at in range(len(tables)))
    rows: list[dict[str, Any]] = []
    for kind, at in ways:
        table = arrays[kind][at]
        row, found = _row(kind, table)
        problems.extend(source.placed(problem, (kind, at), table) for problem in found)
        rows.append(row)
    try:
        plan = read_plan(rows, strict=True)
    except InvalidPlan as error:
        problems.extend(_placed_row(problem, source, ways, rows) for problem in error.problems)
        plan = Plan()
    if problems:
        problems.sort(key=lambda placed: placed[0])
        raise InvalidPlan(*(problem for _, problem in problems))
    return plan


def dump(plan: Plan, path: files.FilePath) -> None:
    """
    Write a plan to a TOML file, as `dumps` makes it.

    Args:
        plan: The plan.
        path: Where the file is, or will be.

    Raises:
        OSError: If it cannot be written.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     dump(Plan.of(), Path(folder, "plan.toml"))
        ...     load(Path(folder, "plan.toml")) == Plan.of()
        True
    """
    files.write(path, dumps(plan))


def dumps(plan: Plan) -> str:
    """
    Return a plan as TOML that a person would like to edit.

    Cycles come first, then goals, KPIs, facts and observations, each in the order of the plan. Defaults are left out,
    and so are ids of facts that follow from what the facts say, unless another fact names them. What
    was measured is a plain number where every reader of TOML understands it exactly, and text elsewhere.

    ``loads(dumps(plan)) == plan``, unless the plan was salvaged with a metric that could not be read:
    it is written as it was, for somebody to mend, and reading it names it.

    Args:
        plan: The plan.

    Example:
        >>> from goalkit import Increase, KeyResult
        >>> print(dumps(Plan.of(KeyResult(id="nps", title="NPS", metric=Increase(start=42, target=70)))), end="")
        version = 1
        <BLANKLINE>
        [[key_result]]
        id = "nps"
        title = "NPS"
        metric = { kind = "increase", start = 42, target = 70 }
    """
    return written(instance(Plan, plan, "Plan.of and Plan.from_dicts make one"))


class _Source:
    """The text that is read, with the places of what is in it."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._lines = lines(text)

    def in_order(self, ways: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Return the ways to tables in the order in which the tables stand."""
        order: dict[Way, int] = {way: number for number, way in enumerate(self._lines)}
        return sorted(ways, key=lambda way: order.get(way, 0))

    def placed(self, problem: Problem, way: Way, table: Any = None) -> tuple[int, Problem]:
        """Return a problem's line, and the problem with file, line, table and field as its path."""
        told = [f"{self._name}:{(line := self._line(way, problem.path))}"]
        if len(way) > 1:
            told.append(_named(str(way[0]), table))
        if problem.path:
            told.append(problem.path)
        return line, evolve(problem, path=" ".join(told))

    def _line(self, way: Way, path: str) -> int:
        inner = self._inner.get(way, {})
        while path and path not in inner:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return inner[path] if path else self._lines.get(way or ("version",), 1)

    @cached_property
    def _inner(self) -> dict[Way, dict[str, int]]:
        """The lines of what is in each table, by the path that a problem would have there."""
        inner: dict[Way, dict[str, int]] = {}
        for way, line in self._lines.items():
            if len(way) > 2:  # noqa: PLR2004 - the kind and the number of the table come first
                inner.setdefault(way[:2], {})[_path(way[2:])] = line
        return inner


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        told = _SYNTAX.fullmatch(str(error))
        what = told[1] if told else str(error)
        where = f":{told[2]}:{told[3]}" if told and told[2] else f":{max(1, len(text.splitlines()))}"
        message = f"this is not TOML: {what[:1].lower()}{what[1:]}"
    except RecursionError:
        where, message = "", "more is nested here than can be read"
    except ValueError:
        where, message = "", "an integer has more digits than can be read"
    raise InvalidPlan(Problem(code="bad_toml", path=f"{name}{where}", message=message))


def _exact(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except ArithmeticError:  # an exponent beyond all bounds; whoever wants a number says so
        return text


def _strangers(content: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what stands at the top and is no array of tables of a known kind."""
    for key, value in content.items():
        if key not in KINDS:
            hint = did_you_mean(key, KINDS) or f"there are version, {', '.join(KINDS)}"
            yield Problem(code="unknown_kind", path=key, message=f"there is no kind {shown(key)}", hint=hint)
        elif not isinstance(value, list):
            message = f"{shown(key)} is a {'table' if isinstance(value, dict) else 'value'}, not an array of tables"
            yield Problem(code="not_a_list", path=key, message=message, hint=f"write [[{key}]]")


def _row(kind: str, table: object) -> tuple[dict[str, Any], list[Problem]]:
    """Return the document that a table of a kind is, and what is wrong with the table itself."""
    row: dict[str, Any] = {"kind": kind}
    if not isinstance(table, dict):
        message = f"{shown(table)} is not a table"
        return row, [Problem(code="not_a_document", message=message, hint=f"write [[{kind}]]")]
    problems: list[Problem] = []
    for key, value in table.items():
        if key in {"kind", "version"}:
            hint = "leave it out; the name of the table says it" if key == "kind" else "write it once, at the top"
            hint = f"write {RENAMED[KINDS[kind]]}" if key == "kind" and KINDS[kind] in RENAMED else hint
            problems.append(Problem(code="misplaced_field", path=key, message=f"{key} does not belong here", hint=hint))
            continue
        try:
            row[key] = _plain(value, (key,))
        except InvalidValue as error:
            problems.extend(error.problems)
            row[key] = value
    return row, problems


def _plain(value: Any, way: Way) -> Any:
    """Return a value of TOML as one of a document."""
    if len(way) > DEEPEST:
        hint = f"nest at most {DEEPEST} levels"
        raise InvalidValue.of("too_deep", "more is nested here than can be read", path=str(way[0]), hint=hint)
    if isinstance(value, dict):
        if value.keys() == {JSON_KEY}:
            return _from_json(value[JSON_KEY], way)
        return {key: _plain(item, (*way, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, (*way, at)) for at, item in enumerate(value)]
    # What a host keeps is JSON, and JSON has floats.
    return float(value) if isinstance(value, Decimal) and "extra" in way else value


def _from_json(text: object, way: Way) -> Any:
    try:
        return json.loads(instance(str, text, "give text"))
    except (ValueError, RecursionError):
        hint = f'write for example {{ {JSON_KEY} = "null" }}'
        message = f"{shown(text)} is not JSON"
        raise InvalidValue.of("not_json", message, path=_path((*way, JSON_KEY)), hint=hint) from None


def _placed_row(
    problem: Problem, source: _Source, ways: list[tuple[str, int]], rows: list[dict[str, Any]]
) -> tuple[int, Problem]:
    found = _PLACED.fullmatch(problem.path)
    if found is None:
        return source.placed(problem, ())
    at = int(found[1])
    return source.placed(evolve(problem, path=found[2]), ways[at], rows[at])


def _named(kind: str, table: Any) -> str:
    """Return what a table is called in a message: its kind, and whose it is."""
    if isinstance(table, dict):
        for key, lead in (("goal", "of "), ("kpi", "of "), ("id", "")):
            if isinstance(table.get(key), str):
                return f"{kind} {lead}{shown(table[key])}"
    return kind


def _path(way: Way) -> str:
    """Return the path that a problem has at a way."""
    path, loose = "", False
    for part in way:
        if isinstance(part, int):
            path += f"[{part}]"
        elif loose:
            path += f"[{shown(part)}]"
        else:
            path += f".{part}" if path else part
        loose = loose or part == "extra"
    return path
