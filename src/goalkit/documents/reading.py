"""Plain dicts as values: strict about numbers and days, friendly to what real code holds, all problems at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from attrs import frozen
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

from ..calendars import Cadence, Cycle
from ..errors import InvalidPlan, InvalidValue, Problem, did_you_mean, shown
from ..model.building import Thing
from ..model.goals import Link, links
from ..model.linear import Metric
from ..model.metrics import metric as own_metric
from ..model.plan import Plan, built
from .kinds import KINDS, PARTS, VERSION, WRITABLE_METRICS, columns, is_required

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
    from .salvage import mended  # noqa: PLC0415 - the two need each other only when something is wrong

    things: list[Thing] = []
    places: dict[int, str] = {}
    problems: list[Problem] = []
    for at, row in enumerate(listed(rows)):
        read = read_row(row, strict=strict)
        problems.extend(problem.under(f"[{at}]") for problem in read.problems)
        # What can be made of a bad document stands in for it, so that only it is reported, not who refers to it.
        thing = mended(read) if read.problems else read.thing
        if thing is not None:
            things.append(thing)
            places[id(thing)] = f"[{at}]"
    try:
        plan = built(things, places)
    except InvalidPlan as error:
        raise InvalidPlan(*problems, *error.problems) from None
    if problems:
        raise InvalidPlan(*problems)
    return plan


def listed(rows: Iterable[Row]) -> Iterable[Row]:
    """
    Return rows that can be gone through, and refuse what only looks like them.

    Args:
        rows: The documents.

    Raises:
        InvalidPlan: If it is one document, text, or nothing that can be gone through.
    """
    if isinstance(rows, (str, bytes, Mapping)) or not isinstance(rows, Iterable):
        hint = "give a list of dicts; parse JSON text first"
        raise InvalidPlan(Problem(code="not_rows", message=f"{shown(rows)} is not a list of documents", hint=hint))
    return rows


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
    if not isinstance(row, Mapping):
        if not (hasattr(row, "keys") and hasattr(row, "__getitem__")):
            hint = "give a dict; of an object of your own, the dict of its fields"
            problem = Problem(code="not_a_document", message=f"{shown(row)} is not a document", hint=hint)
            return Read(row={}, cls=None, thing=None, problems=(problem,))
        row = {key: row[key] for key in row.keys()}  # noqa: SIM118 - such as sqlite3.Row, which is no Mapping
    given = {key: value for key, value in row.items() if value is not None}
    problems = list(_marks(given))
    cls = KINDS.get(given["kind"]) if isinstance(given.get("kind"), str) else None
    if cls is None or problems:
        return Read(row=given, cls=cls, thing=None, problems=tuple(problems))
    named = columns(cls)
    known = {name for name, _ in named}
    content = {name: given[name] for name, _ in named if name in given}
    if unknown := {key: value for key, value in given.items() if key not in known and key not in _MARKS}:
        problems.extend(_unknown(cls, unknown, content, known, strict=strict))
    if cls is Cycle:
        content = _whole_cycle(content)
    if not problems:
        try:
            return Read(row=given, cls=cls, thing=_CONVERTER.structure(content, cls))
        except (InvalidValue, TypeError, KeyError):
            problems.extend(wrong_fields(cls, content))
    else:
        problems.extend(wrong_fields(cls, content))
    return Read(row=given, cls=cls, thing=None, problems=tuple(problems))


def _marks(given: Mapping[str, Any]) -> Iterable[Problem]:
    kinds = ", ".join(KINDS)
    kind, version = given.get("kind"), given.get("version", VERSION)
    if kind is None:
        yield Problem(code="no_kind", message="the document does not say what it is", hint=f"give a kind: {kinds}")
    elif not isinstance(kind, str) or kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or f"give one of {kinds}"
        yield Problem(code="unknown_kind", path="kind", message=f"{shown(kind)} is not a kind", hint=hint)
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= VERSION:
        hint = f"this goalkit reads versions up to {VERSION}; a newer one may read it"
        yield Problem(code="unknown_version", path="version", message=f"{shown(version)} is not a version", hint=hint)


def _unknown(
    cls: type[Any], unknown: Mapping[Any, Any], content: dict[str, Any], known: Iterable[str], *, strict: bool
) -> Iterable[Problem]:
    """Put unknown fields into ``extra``, and yield what does not fit there."""
    has_extra = any(name == "extra" for name, _ in columns(cls))
    kept = dict(content.get("extra", {})) if isinstance(content.get("extra"), Mapping) else {}
    for key, value in unknown.items():
        if not isinstance(key, str):
            hint = "name fields with text"
            yield Problem(code="not_text", message=f"the field {shown(key)} is not named with text", hint=hint)
        elif strict or not has_extra:
            hint = did_you_mean(key, known) or ("keep it in extra" if has_extra else "leave it out")
            yield Problem(code="unknown_field", path=key, message=f"there is no field {shown(key)}", hint=hint)
        elif key in kept:
            hint = "leave one of them out"
            yield Problem(code="two_answers", path=key, message=f"{shown(key)} is given in extra too", hint=hint)
        else:
            kept[key] = value
    if kept and (isinstance(content.get("extra"), Mapping) or "extra" not in content):
        content["extra"] = kept


def _whole_cycle(content: dict[str, Any]) -> dict[str, Any]:
    """Fill in what the id of a calendar's own cycle says."""
    try:
        cycle = Cycle.parse(content["id"])
    except (InvalidValue, KeyError):
        return content
    days = {"first_day": cycle.first_day, "last_day": cycle.last_day}
    whole = {**({} if days.keys() & content.keys() else days), **content}
    same = all(str(whole.get(name)) == on.isoformat() for name, on in days.items())
    return {"cycle_kind": cycle.kind, **whole} if same else whole


def wrong_fields(cls: type[Any], content: Mapping[str, Any]) -> list[Problem]:
    """
    Return everything that is wrong with a document's fields, each with its path.

    Args:
        cls: The class of the value.
        content: The document's fields.

    Example:
        >>> [problem.code for problem in wrong_fields(Link, {"weight": -1})]
        ['missing_field', 'negative_weight']
    """
    problems: list[Problem] = []
    for name, column in columns(cls):
        if name in content:
            try:
                field_value(cls, name, content[name])
            except InvalidValue as error:
                problems.extend(problem.under(name) for problem in error.problems)
        elif is_required(column):
            problems.append(Problem(code="missing_field", path=name, message="it is missing", hint="give it"))
    if not problems:
        try:
            _CONVERTER.structure(content, cls)
        except InvalidValue as error:
            problems.extend(error.problems)
    return problems


def field_value(cls: type[Any], name: str, value: Any) -> Any:
    """
    Return the content of one field of a document as its attribute holds it.

    Args:
        cls: The class of the value.
        name: The field's name in the document.
        value: What the document holds.

    Raises:
        InvalidValue: If it is refused.
    """
    column = dict(columns(cls))[name]
    read = _NESTED.get(name, _as_is)(value)
    convert: Any = column.converter
    return read if convert is None else convert(read)


def _as_is(value: Any) -> Any:
    return value


def _part(cls: type[Any], value: Mapping[str, Any], *, tagged: bool = False) -> Any:
    """Read a document that stands inside another; it has no ``extra``, so it may hold nothing unknown."""
    content = {key: item for key, item in value.items() if item is not None and not (tagged and key == "kind")}
    names = [name for name, _ in columns(cls)]
    if unknown := [key for key in content if key not in names]:
        hint = did_you_mean(unknown[0], names) or f"it may have {', '.join(names)}" if names else "leave it out"
        raise InvalidValue.of(
            "unknown_field", f"there is no field {shown(unknown[0])}", path=str(unknown[0]), hint=hint
        )
    if problems := wrong_fields(cls, content):
        raise InvalidValue(*problems)
    return _CONVERTER.structure(content, cls)


def _metric(value: Any) -> Metric | None:
    if not isinstance(value, Mapping):
        return own_metric(value)
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in WRITABLE_METRICS:
        hint = did_you_mean(kind, WRITABLE_METRICS) or f"give a kind: {', '.join(WRITABLE_METRICS)}"
        raise InvalidValue.of("unknown_kind", f"{shown(kind)} is not a kind of metric", path="kind", hint=hint)
    read: Metric = _part(WRITABLE_METRICS[kind], value, tagged=True)
    return read


def _cadence(value: Any) -> Any:
    return _part(Cadence, value) if isinstance(value, Mapping) else value


def _parent(value: Any) -> tuple[Link, ...]:
    if isinstance(value, Mapping):
        return (_part(Link, value),)
    if not isinstance(value, (list, tuple)):
        return links(value)
    read: list[Any] = []
    problems: list[Problem] = []
    for at, item in enumerate(value):
        try:
            read.append(_part(Link, item) if isinstance(item, Mapping) else item)
        except InvalidValue as error:
            problems.extend(problem.under(f"[{at}]") for problem in error.problems)
    if problems:
        raise InvalidValue(*problems)
    return links(read)


def _changes(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    read: dict[Any, Any] = {}
    problems: list[Problem] = []
    for name, item in value.items():
        try:
            read[name] = _NESTED.get(name, _as_is)(item)
        except InvalidValue as error:
            problems.extend(problem.under(str(name)) for problem in error.problems)
    if problems:
        raise InvalidValue(*problems)
    return read


_NESTED: Final[dict[str, Callable[[Any], Any]]] = {
    "metric": _metric,
    "cadence": _cadence,
    "parent": _parent,
    "changes": _changes,
}


def _converter() -> Converter:
    # The attributes' own converters are the only readers of plain values, here as in a constructor.
    converter = Converter(detailed_validation=False, prefer_attrib_converters=True)
    for cls in (*KINDS.values(), *PARTS):
        chosen: dict[str, Any] = {
            column.name: override(struct_hook=_hook(_NESTED[name])) for name, column in columns(cls) if name in _NESTED
        }
        if cls is Cycle:
            chosen["kind"] = override(rename="cycle_kind")
        converter.register_structure_hook(
            cls,
            make_dict_structure_fn(
                cls,
                converter,
                _cattrs_detailed_validation=False,
                _cattrs_prefer_attrib_converters=True,
                **chosen,
            ),
        )
    return converter


def _hook(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: read(value)


_CONVERTER: Final = _converter()
