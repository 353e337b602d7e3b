"""What can be made of documents that are not all right, and what is said about the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from attrs import evolve

from ..calendars import Cycle
from ..errors import InvalidValue, Problem
from ..model.building import Thing, assemble, check, detached, placed
from ..model.checks import Finding
from ..model.definitions import NOTHING_WRITTEN
from ..model.facts import FactLog
from ..model.goals import Goal
from ..model.metrics import Unreadable
from ..model.plan import Plan, built
from ..model.progress import Reason
from ..model.records import CheckIn, Fact
from ..values import FrozenDict, extra, thaw
from .kinds import columns, is_required
from .reading import Read, Row, field_value, listed, read_row
from .writing import to_dict

_T = TypeVar("_T", bound=Goal | Fact)

#: Where the content of a field that could not be used is kept, within ``extra``.
UNREADABLE = "unreadable"


def salvage_plan(rows: Iterable[Row]) -> tuple[Plan, tuple[Problem, ...]]:
    """
    Make a plan from whatever is readable, and say what was not.

    Args:
        rows: Documents, in any order.

    Returns:
        The plan, and everything that is wrong with the documents.

    Example:
        >>> plan, problems = salvage_plan([{"kind": "objective", "id": "a", "title": "A", "weight": "heavy"}])
        >>> plan["a"].extra["unreadable"]["weight"], problems[0].code
        ('heavy', 'not_a_number')
    """
    problems: list[Problem] = []
    things: list[Thing] = []
    places: dict[int, str] = {}
    for at, row in enumerate(listed(rows)):
        read = read_row(row)
        problems.extend(problem.under(f"[{at}]") for problem in read.problems)
        thing = mended(read) if read.problems else read.thing
        if thing is not None:
            things.append(thing)
            places[id(thing)] = f"[{at}]"
    while True:
        parts = assemble(things, NOTHING_WRITTEN, FactLog())
        found = [*parts.findings, *check(parts, NOTHING_WRITTEN)]
        if not found:
            return built(things, places), tuple(problems)
        for finding in found:
            problems.append(placed(finding.problem, finding.subject, places))
        things = _without(things, found, places)


def _without(things: list[Thing], found: Iterable[Finding], places: dict[int, str]) -> list[Thing]:
    """Return the things without what was found to be wrong."""
    wrong: dict[int, list[Finding]] = {}
    for finding in found:
        wrong.setdefault(id(finding.subject), []).append(finding)
    kept: list[Thing] = []
    for thing in things:
        better: Thing | None = thing
        for finding in wrong.get(id(thing), ()):
            better = None if better is None else _put_right(better, finding)
        if better is not None:
            places[id(better)] = places[id(thing)]
            kept.append(better)
    return kept


def _put_right(thing: Thing, finding: Finding) -> Thing | None:
    """Return a thing without the reference that is wrong, or None where nothing is left of it."""
    code = finding.problem.code
    if isinstance(thing, Goal):
        if code in {"unknown_parent", "loop", "unknown_dependency", "dependency_loop"}:
            return _set_aside(thing, finding.problem.path, detached(thing, {finding.other: None}))
        if code == "cycle_conflict":
            return evolve(thing, cycle=finding.other)
        if code in {"unknown_cycle", "share_without_metric"}:
            return _set_aside(thing, finding.problem.path, evolve(thing, **{finding.problem.path: None}))
    if isinstance(thing, CheckIn) and code not in {"unknown_goal", "duplicate_id"}:
        name = finding.problem.path
        return _set_aside(thing, name, evolve(thing, **{name: None}))
    return None


def _set_aside(before: Thing, name: str, after: _T) -> _T:
    """Return a value that keeps in ``extra`` what one of its fields held."""
    held = dict(thaw(after.extra.get(UNREADABLE, FrozenDict())))
    held.setdefault(name, to_dict(before).get(name))
    kept: _T = evolve(after, extra={**thaw(after.extra), UNREADABLE: held})
    return kept


def mended(read: Read) -> Thing | None:
    """
    Return what can be made of a document that is not all right, or None where it is too little.

    Args:
        read: The document, with its problems.

    Example:
        >>> mended(read_row({"kind": "objective", "id": "a"})).title
        'a'
    """
    if read.cls is None or read.cls is Cycle:
        return None
    content: dict[str, Any] = {}
    aside: dict[str, Any] = {}
    names = dict(columns(read.cls))
    for name, value in read.row.items():
        if name in {"kind", "version"} or not isinstance(name, str):
            continue
        if name not in names:
            aside[name] = value
            continue
        try:
            content[name] = field_value(read.cls, name, value)
        except InvalidValue as error:
            content.update(_in_place_of(name, value, error, read.cls))
            if name not in content:
                aside[name] = value
    if issubclass(read.cls, Goal) and "id" in content:
        content.setdefault("title", content["id"])
    if any(is_required(column) and name not in content for name, column in names.items()):
        return None
    return _made(read.cls, content, aside)


def _in_place_of(name: str, value: Any, error: InvalidValue, cls: type[Any]) -> dict[str, Any]:
    if name != "metric" or not issubclass(cls, Goal):
        return {}
    codes = {problem.code for problem in error.problems}
    reason = Reason.ZERO_SPAN if codes == {"zero_span"} else Reason.UNREADABLE
    return {name: Unreadable(reason=reason, document=_kept(value if isinstance(value, Mapping) else {"value": value}))}


def _made(cls: type[Any], content: dict[str, Any], aside: dict[str, Any]) -> Thing | None:
    """Make the value, leaving out one field after the other that does not go with the rest."""
    while True:
        kept = {**thaw(content.get("extra", FrozenDict()))}
        if aside:
            kept[UNREADABLE] = _kept(aside)
        try:
            made: Thing = cls(**{**content, "extra": kept})
        except InvalidValue as error:
            name = error.problems[0].path.partition(".")[0].partition("[")[0]
            if name not in content or name in {"id", "goal", "on", "title"}:
                return None
            aside[name] = content.pop(name)
        else:
            return made


def _kept(value: Any) -> Any:
    """Return something that JSON can hold: the value itself, or else how it looks."""
    if isinstance(value, Mapping):
        return {str(key): _kept(item) for key, item in value.items()}
    try:
        return thaw(extra({"": value}))[""]
    except InvalidValue:
        return repr(value)[:1000]
