"""Plain dicts as values: strict about numbers and days, friendly to what real code holds, all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, Final, NamedTuple

from attrs import frozen

from ..calendars import Cadence, Cycle, CycleKind, day
from ..calendars.named import NamedCalendar
from ..errors import InvalidPlan, InvalidValue, Problem, did_you_mean, shown
from ..model.building import Thing
from ..model.goals import Link
from ..model.kpi_bands import KpiBands
from ..model.kpi_parts import Benchmark, Formula, Target
from ..model.kpis import KPI, KpiKind
from ..model.plan import Plan, built
from ..quantities import whole
from ..values import choice, field_problems
from .kinds import CALENDARS, KINDS, PART_KINDS, PARTS, RENAMED, VERSION, WRITABLE_METRICS, columns, is_required

Row = Mapping[str, Any]

_MARKS: Final = frozenset({"kind", "version"})


@frozen(kw_only=True)
class Read:
    """
    One document that was read.

    Attributes:
        row: The document, without what is None; empty where it is no document at all.
        cls: The class that its kind names; None where there is none.
        thing: The value; None where something is wrong.
        problems: What is wrong, empty where the value could be made.
    """

    row: dict[str, Any]
    cls: type[Any] | None
    thing: Thing | None
    problems: tuple[Problem, ...] = ()


def read_plan(rows: Iterable[Row], *, strict: bool = False) -> Plan:
    """
    Make a plan from documents.

    Args:
        rows: The documents, in any order.
        strict: Whether unknown fields are refused instead of kept in ``extra``.

    Raises:
        InvalidPlan: If they do not make a plan; every problem is named, with the document's place.

    Example:
        >>> read_plan([{"kind": "objective", "id": "app", "title": "App"}])
        <Plan of 1 goal, 0 cycles, 0 facts>
    """
    from .salvage import readable  # noqa: PLC0415 - the two need each other

    # What can be made of a bad document stands in for it, so that only it is reported, not who refers to it.
    things, places, problems = readable(rows, strict=strict)
    try:
        plan = built(things, places)
    except InvalidPlan as error:
        raise InvalidPlan(*problems, *error.problems) from None
    if problems:
        raise InvalidPlan(*problems)
    return plan


def read_row(row: object, *, strict: bool = False) -> Read:
    """
    Read one document.

    Args:
        row: A mapping with a ``kind``; whatever else is reported, never raised.
        strict: Whether unknown fields are refused instead of kept in ``extra``.

    Example:
        >>> read_row({"kind": "cycle", "id": "2026-Q3"}).thing.days
        92
    """
    given = _given(row)
    if given is None:
        hint = "give a dict; of an object of your own, the dict of its fields"
        problem = Problem(code="not_a_document", message=f"{shown(row)} is not a document", hint=hint)
        return Read(row={}, cls=None, thing=None, problems=(problem,))
    kind = given.get("kind")
    cls = KINDS.get(kind) if isinstance(kind, str) else None
    problems = [] if cls else [_unknown_kind(kind)]
    problems += _wrong_version(given.get("version", VERSION))
    if cls is None or problems:
        return Read(row=given, cls=cls, thing=None, problems=tuple(problems))
    content, _, problems = sorted_out(cls, given, strict=strict)
    try:
        thing = value_of(cls, content)
    except InvalidValue as error:
        return Read(row=given, cls=cls, thing=None, problems=(*problems, *error.problems))
    return Read(row=given, cls=cls, thing=None if problems else thing, problems=tuple(problems))


def _given(row: object) -> dict[Any, Any] | None:
    """Return what a document says, without what is None; None where it is no document."""
    if not isinstance(row, Mapping):
        # Such as sqlite3.Row, which is no Mapping. A class may have the methods too, but they need an instance.
        if isinstance(row, type) or not (hasattr(row, "keys") and hasattr(row, "__getitem__")):
            return None
        row = dict(row)
    return {key: value for key, value in row.items() if value is not None}


def _unknown_kind(kind: object) -> Problem:
    kinds = ", ".join(KINDS)
    if kind is None:
        return Problem(code="no_kind", message="the document does not say what it is", hint=f"give a kind: {kinds}")
    hint = did_you_mean(kind, KINDS) or f"give one of {kinds}"
    return Problem(code="unknown_kind", path="kind", message=f"{shown(kind)} is not a kind", hint=hint)


def _wrong_version(version: object) -> tuple[Problem, ...]:
    if type(version) is int and version == VERSION:
        return ()
    try:
        whole(version, least=1, most=VERSION)
    except InvalidValue:
        hint = f"this goalkit reads versions up to {VERSION}; a newer one may read it"
        message = f"{shown(version)} is not a version"
        return (Problem(code="unknown_version", path="version", message=message, hint=hint),)
    return ()


class _Shape(NamedTuple):
    """What there is to know of a class's documents."""

    names: frozenset[str]
    required: tuple[str, ...]
    nested: tuple[tuple[str, Callable[[Any], Any]], ...]


class Sorted(NamedTuple):
    """
    What a document says, sorted into what its class knows and what it does not.

    Attributes:
        content: The fields of the class, by the names that they have in documents; what else was
            given is in ``extra``.
        aside: What has no place.
        problems: Why it has none.
    """

    content: dict[str, Any]
    aside: dict[Any, Any]
    problems: list[Problem]


def sorted_out(cls: type[Any], given: Mapping[Any, Any], *, strict: bool = False) -> Sorted:
    """
    Sort what a document says into what its class knows and what it does not.

    Args:
        cls: The class of the value.
        given: The document, without what is None.
        strict: Whether unknown fields are refused instead of kept in ``extra``.

    Example:
        >>> sorted_out(Cycle, {"kind": "cycle", "id": "2026-Q3", "colour": "red"}).aside
        {'colour': 'red'}
    """
    names = _SHAPES[cls].names
    content = {name: value for name, value in given.items() if name not in _MARKS}
    found = Sorted(content, {}, [])
    if not names.issuperset(content):
        unknown = {name: content.pop(name) for name in list(content) if name not in names}
        _keep(unknown, found, names, strict=strict)
    if cls is Cycle:
        _complete(content)
    return found


def _keep(unknown: Mapping[Any, Any], found: Sorted, names: frozenset[str], *, strict: bool) -> None:
    """Put unknown fields into ``extra``, or aside where they do not fit there."""
    extra = found.content.get("extra", {})
    kept = dict(extra) if isinstance(extra, Mapping) else {}
    for name, value in unknown.items():
        if not isinstance(name, str):
            message, hint = f"the field {shown(name)} is not named with text", "name fields with text"
            found.problems.append(Problem(code="not_text", message=message, hint=hint))
        elif strict or "extra" not in names:
            hint = did_you_mean(name, names) or ("keep it in extra" if "extra" in names else "leave it out")
            message = f"there is no field {shown(name)}"
            found.problems.append(Problem(code="unknown_field", path=name, message=message, hint=hint))
        elif name in kept:
            message, hint = f"{shown(name)} is given in extra too", "leave one of them out"
            found.problems.append(Problem(code="two_answers", path=name, message=message, hint=hint))
        elif isinstance(extra, Mapping):
            kept[name] = value
            found.content["extra"] = kept
            continue
        found.aside[name] = value


def _complete(content: dict[str, Any]) -> None:
    """Fill in what the id of a calendar's own cycle says, and the days that a backlog does not have."""
    days = ("first_day", "last_day")
    try:
        if content.get("cycle_kind") == CycleKind.BACKLOG:
            cycle = Cycle.backlog(content["id"])
        elif "calendar" in content:
            calendar = _calendar(content["calendar"])
            cycle = (calendar if isinstance(calendar, NamedCalendar) else Cycle).parse(content["id"])
        else:
            cycle = Cycle.parse(content["id"])
        given = {name: day(content[name]) for name in days if name in content}
    except (InvalidValue, KeyError):
        return
    right = {name: getattr(cycle, name) for name in days}
    if all(right[name] == got for name, got in given.items()):
        content.update(right)
        content.setdefault("cycle_kind", cycle.kind)


def value_of(cls: type[Any], content: Mapping[str, Any]) -> Any:
    """
    Make a value from the fields of its document.

    Args:
        cls: The class of the value.
        content: Its fields, by the names that they have in documents.

    Raises:
        InvalidValue: If one is missing or refused; every such field is named.

    Example:
        >>> value_of(Link, {"to": "app", "weight": "2"}).weight
        2.0
    """
    shape = _SHAPES[cls]
    given = dict(content)
    problems: list[Problem] = []
    for name, read in shape.nested:
        if name in given:
            try:
                given[name] = read(given[name])
            except InvalidValue as error:
                problems.extend(error.under(name).problems)
                del given[name]
    problems += [
        Problem(code="missing_field", path=name, message="it is missing", hint="give it")
        for name in shape.required
        if name not in content
    ]
    if cls in RENAMED and RENAMED[cls] in given:
        given["kind"] = given.pop(RENAMED[cls])
    if problems:
        raise InvalidValue(*problems, *field_problems(cls, given))
    # The attributes' own converters are the only readers of plain values, here as in a constructor.
    return cls(**given)


def _part(cls: type[Any], value: Mapping[Any, Any]) -> Any:
    """Read a document that stands inside another; it has no ``extra``, so it may hold nothing unknown."""
    names = _SHAPES[cls].names
    content = {name: item for name, item in value.items() if item is not None}
    if cls in PART_KINDS:
        del content["kind"]
    if names.issuperset(content):
        return value_of(cls, content)
    problems = []
    for name in [name for name in content if name not in names]:
        hint = did_you_mean(name, names) or (f"it may have {', '.join(sorted(names))}" if names else "leave it out")
        path = name if isinstance(name, str) else ""
        problems.append(Problem(code="unknown_field", path=path, message=f"there is no field {shown(name)}", hint=hint))
        del content[name]
    try:
        value_of(cls, content)
    except InvalidValue as error:
        problems.extend(error.problems)
    raise InvalidValue(*problems)


# These read what stands inside another document. Whatever is no document is left to the attribute's own converter.


def _of_a_kind(word: str, classes: Mapping[str, type[Any]], value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in classes:
        hint = did_you_mean(kind, classes) or f"give a kind: {', '.join(classes)}"
        raise InvalidValue.of("unknown_kind", f"{shown(kind)} is not a kind of {word}", path="kind", hint=hint)
    return _part(classes[kind], value)


_metric = partial(_of_a_kind, "metric", WRITABLE_METRICS)
_calendar = partial(_of_a_kind, "calendar", CALENDARS)


def _one(cls: type[Any], value: Any) -> Any:
    return _part(cls, value) if isinstance(value, Mapping) else value


def _parent(value: Any) -> Any:
    return _several(Link, value) if isinstance(value, (list, tuple)) else _one(Link, value)


def _several(cls: type[Any], value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        return value
    return _each((f"[{at}]", partial(_one, cls), item) for at, item in enumerate(value))


def _changes(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    read = _each((str(name), _NESTED.get(name, _as_is), item) for name, item in value.items())
    return dict(zip(value, read, strict=True))


def _as_is(value: Any) -> Any:
    return value


def _each(items: Iterable[tuple[str, Callable[[Any], Any], Any]]) -> list[Any]:
    """Read several values, each with its path and its reader; every one that is refused is named."""
    got: list[Any] = []
    problems: list[Problem] = []
    for path, read, value in items:
        try:
            got.append(read(value))
        except InvalidValue as error:
            problems.extend(error.under(path).problems)
    if problems:
        raise InvalidValue(*problems)
    return got


_NESTED: Final[dict[str, Callable[[Any], Any]]] = {
    "metric": _metric,
    "calendar": _calendar,
    "cadence": partial(_one, Cadence),
    "parent": _parent,
    "changes": _changes,
    "bands": partial(_one, KpiBands),
    "formula": partial(_one, Formula),
    "benchmarks": partial(_several, Benchmark),
    "targets": partial(_several, Target),
}


#: What the kind of a value may be, where its document calls it by another name.
_KIND_CHOICES: Final[dict[type[Any], type[StrEnum]]] = {Cycle: CycleKind, KPI: KpiKind}


def _shape(cls: type[Any]) -> _Shape:
    named = columns(cls)
    nested = [(name, _NESTED[name]) for name, _ in named if name in _NESTED]
    if cls in RENAMED:
        nested.append((RENAMED[cls], partial(choice, _KIND_CHOICES[cls])))
    required = tuple(name for name, column in named if is_required(column))
    return _Shape(frozenset(name for name, _ in named), required, tuple(nested))


_SHAPES: Final = {cls: _shape(cls) for cls in (*KINDS.values(), *PARTS)}
