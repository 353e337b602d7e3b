"""What can be made of documents that are not all right, and what is said about the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeVar

from attrs import evolve

from ..calendars import Cycle
from ..errors import InvalidPlan, InvalidValue, Problem, shown
from ..model.building import Parts, Thing, assemble, check, placed
from ..model.definitions import NOTHING_WRITTEN
from ..model.facts import FactLog, ObservationLog
from ..model.findings import Finding
from ..model.goals import Goal
from ..model.kpis import KPI, Observation
from ..model.metrics import Unreadable
from ..model.plan import Plan
from ..model.progress import Reason
from ..model.records import CheckIn, Fact, Revision
from ..values import extra, thaw
from .kinds import RENAMED
from .reading import Read, Row, read_row, sorted_out, value_of
from .writing import to_dict

_T = TypeVar("_T", bound=Goal | Fact | KPI | Observation)
_V = TypeVar("_V")

#: Where the content of a field that could not be used is kept, within ``extra``.
UNREADABLE: Final = "unreadable"

# Taking out what is wrong may show what else is; this often it is looked for one by one.
_MOST_TIMES: Final = 5

# Of a field that could not be used, and of all unknown fields, the most values that are kept.
_MOST_KEPT: Final = 200
_MOST_UNKNOWN: Final = 4_000

# What is kept nests deeper by its place, and a value may nest 50 levels.
_MOST_NESTING: Final = 40
_MOST_CHARACTERS: Final = 1000


class Readable(NamedTuple):
    """
    What could be made of documents.

    Attributes:
        things: Cycles, goals and facts, in the order of their documents.
        places: Where each was read, by its identity.
        problems: What is wrong with the documents, each by itself.
    """

    things: list[Thing]
    places: dict[int, str]
    problems: list[Problem]


def readable(rows: Iterable[Row], *, strict: bool = False) -> Readable:
    """
    Return what can be made of documents, each by itself.

    Args:
        rows: The documents, in any order.
        strict: Whether unknown fields are refused instead of kept in ``extra``.

    Raises:
        InvalidPlan: If it is one document, text, or nothing that can be gone through.

    Example:
        >>> readable([{"kind": "cycle", "id": "2026-Q3"}, {"kind": "objective"}]).problems[0].path
        '[1].id'
    """
    if isinstance(rows, (str, bytes, Mapping)) or not isinstance(rows, Iterable):
        hint = "give a list of dicts; parse JSON text first"
        raise InvalidPlan(Problem(code="not_rows", message=f"{shown(rows)} is not a list of documents", hint=hint))
    got = Readable([], {}, [])
    for at, row in enumerate(rows):
        read = read_row(row, strict=strict)
        thing = read.thing
        if read.problems:
            got.problems.extend(problem.under(f"[{at}]") for problem in read.problems)
            thing = mended(read)
        if thing is not None:
            got.things.append(thing)
            got.places[id(thing)] = f"[{at}]"
    return got


def salvage_plan(rows: Iterable[Row]) -> tuple[Plan, tuple[Problem, ...]]:
    """
    Make a plan from whatever is readable, and say what was not.

    Args:
        rows: Documents, in any order.

    Returns:
        The plan, and everything that is wrong with the documents.

    Raises:
        InvalidPlan: If it is one document, text, or nothing that can be gone through.

    Example:
        >>> plan, problems = salvage_plan([{"kind": "objective", "id": "a", "title": "A", "weight": "heavy"}])
        >>> plan["a"].extra["unreadable"]["weight"], problems[0].code
        ('heavy', 'not_a_number')
    """
    things, places, problems = readable(rows)
    parts = assemble(things, NOTHING_WRITTEN, FactLog(), ObservationLog())
    problems.extend(placed(finding.problem, finding.subject, places) for finding in parts.findings)
    times = 0
    while found := [*check(parts, NOTHING_WRITTEN)]:
        times += 1
        if times > _MOST_TIMES:
            found += _changes_beside(found, parts.log, everywhere=times > 2 * _MOST_TIMES)
        problems.extend(placed(finding.problem, finding.subject, places) for finding in found)
        parts = assemble(_put_right(parts, found, places), NOTHING_WRITTEN, FactLog(), ObservationLog())
    return Plan(parts.written, parts.log, parts.observed), tuple(problems)


def _changes_beside(found: Iterable[Finding], log: FactLog, *, everywhere: bool) -> Iterator[Finding]:
    """Yield the revisions beside those that are wrong, where taking out one after the other leads too far."""
    subjects = [finding.subject for finding in found]
    goals = {subject.goal for subject in subjects if isinstance(subject, Revision)}
    seen = {id(subject) for subject in subjects}
    message = "too many other changes of the plan are wrong to tell whether this one is right"
    problem = Problem(code="too_many_problems", path="changes", message=message, hint="put the others right first")
    for revision in log.revisions():
        if id(revision) not in seen and (everywhere or revision.goal in goals):
            yield Finding(problem=problem, subject=revision)


def _put_right(parts: Parts, found: Iterable[Finding], places: dict[int, str]) -> list[Thing]:
    """Return the things without what was found to be wrong; each finding takes something away."""
    wrong: dict[int, list[Finding]] = {}
    for finding in found:
        wrong.setdefault(id(finding.subject), []).append(finding)
    kept: list[Thing] = []
    things: list[Thing] = [
        *parts.written.cycles.values(),
        *parts.written.goals.values(),
        *parts.written.kpis.values(),
        *parts.log,
        *parts.observed,
    ]
    for thing in things:
        better: Thing | None = thing
        if id(thing) in wrong:
            better = _without(thing, wrong[id(thing)])
        if better is not None:
            places[id(better)] = places[id(thing)]
            kept.append(better)
    return kept


def _without(thing: Thing, findings: Iterable[Finding]) -> Thing | None:
    """Return a thing without the references that are wrong, or None where nothing is left of it."""
    wrong: dict[str, set[str]] = {}
    for finding in findings:
        if isinstance(thing, Goal) and finding.problem.code == "cycle_conflict":
            thing = evolve(thing, cycle=finding.other)
        else:
            wrong.setdefault(finding.problem.path, set()).add(finding.other)
    if isinstance(thing, Cycle) or (isinstance(thing, (Fact, Observation)) and not _still_says(thing, wrong)):
        return None
    for name, others in wrong.items():
        held = getattr(thing, name)
        left = None
        if isinstance(thing, Goal) and isinstance(held, tuple):
            left = [each for each in held if getattr(each, "to", each) not in others]
        thing = _set_aside(thing, name, left)
    return thing


def _still_says(fact: Fact | Observation, wrong: Mapping[str, set[str]]) -> bool:
    """Tell whether a fact says something without what is wrong; about nothing, or about what cannot be, it does not."""
    if isinstance(fact, Observation):
        return wrong.keys() <= {"supersedes", "count"}
    return isinstance(fact, CheckIn) and "goal" not in wrong  # that somebody checked in


def _set_aside(thing: _T, name: str, left: Any) -> _T:
    """Return a value with what is left of one of its fields; ``extra`` keeps what the field held."""
    kept = _beside(thaw(thing.extra), {name: _kept(to_dict(thing).get(name))}, first=False)
    better: _T
    try:
        better = evolve(thing, **{name: left, "extra": kept})
    except InvalidValue:  # more is kept with it already than there is room for
        better = evolve(thing, **{name: left})
    return better


def _beside(kept: Mapping[str, Any], aside: Mapping[str, Any], *, first: bool) -> dict[str, Any]:
    """Return an ``extra`` with more that could not be used; ``first`` says which of two stays."""
    held = kept.get(UNREADABLE, {})
    if not isinstance(held, Mapping):
        held = {UNREADABLE: held}
    return {**kept, UNREADABLE: {**held, **aside} if first else {**aside, **held}}


def mended(read: Read) -> Thing | None:
    """
    Return what can be made of a document that is not all right, or None where it is too little.

    Args:
        read: The document, with its problems.

    Example:
        >>> mended(read_row({"kind": "objective", "id": "a"})).title
        'a'
    """
    if read.cls is None:
        return None
    content, unknown, _ = sorted_out(read.cls, read.row)
    aside = _kept(unknown, _MOST_UNKNOWN)
    _leave_out(read.problems, read.cls, content, aside)
    while True:
        told = content
        if aside and read.cls is not Cycle and isinstance(content.get("extra", {}), Mapping):
            told = {**content, "extra": _beside(content.get("extra", {}), aside, first=True)}
        try:
            made: Thing = value_of(read.cls, told)
        except InvalidValue as error:
            if not _leave_out(error.problems, read.cls, content, aside):
                return None
        else:
            return made


def _leave_out(problems: Iterable[Problem], cls: type[Any], content: dict[str, Any], aside: dict[str, Any]) -> bool:
    """Leave out what was refused, or put something in its place; tell whether anything changed."""
    refused: dict[str, set[str]] = {}
    for problem in problems:
        name = RENAMED[Cycle] if problem.code == "cycle_mismatch" else re.split(r"[.\[]", problem.path)[0]
        refused.setdefault(name, set()).add(problem.code)
    known = [name for name in refused if name in content]
    for name in known:
        value = content.pop(name)
        if name == "metric":
            spanless = "zero_span" in refused[name] and refused[name] <= {"zero_span", "unknown_field"}
            reason = Reason.ZERO_SPAN if spanless else Reason.UNREADABLE
            document = _kept(value if isinstance(value, Mapping) else {"value": value})
            content[name] = Unreadable(reason=reason, document=document)
        else:
            aside[name] = _kept(value)
    if issubclass(cls, (Goal, KPI)) and "id" in content and "title" not in content:
        content["title"] = content["id"]
        return True
    return bool(known)


def _kept(value: Any, most: int = _MOST_KEPT) -> Any:
    """Return something that JSON can hold: the value itself, what there is room for, or else how it looks."""
    return _kept_part(value, _MOST_NESTING, [most])


def _kept_part(value: Any, levels: int, left: list[int]) -> Any:
    if levels and isinstance(value, Mapping):
        return {
            str(_kept_part(key, 0, left)): _kept_part(item, levels - 1, left) for key, item in _few(value.items(), left)
        }
    if levels and isinstance(value, (list, tuple)):
        return [_kept_part(item, levels - 1, left) for item in _few(value, left)]
    if not isinstance(value, (Mapping, list, tuple)):
        try:
            return extra({"": value})[""]
        except InvalidValue:
            pass
    return shown(value, _MOST_CHARACTERS)


def _few(items: Iterable[_V], left: list[int]) -> Iterator[_V]:
    """Yield items as long as there is room for them."""
    for item in items:
        left[0] -= 1
        if left[0] < 0:
            return
        yield item
