"""Documents as canonical text and back: one text for one document, and nothing read that JSON does not define."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NoReturn

from attrs import evolve

from ..calendars import Cycle
from ..documents.kinds import KINDS, kind_of
from ..documents.reading import Read, read_row
from ..documents.writing import to_dict
from ..errors import InvalidPlan, Problem, shown
from ..model.building import Thing
from ..model.goals import Goal
from ..model.kpis import KPI, Observation
from ..model.plan import Plan, built
from ..model.records import Fact
from .errors import InvalidDocument
from .records import Key, Kind, Record

#: The most characters of one document.
LONGEST: Final = 2**20

#: How deep a document may nest.
DEEPEST: Final = 100

#: The most lists and objects in one document.
MOST_PARTS: Final = 20_000

# Text that does not end is taken to its end: it is looked at once, and refused later.
_BRACKETS: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_LONGEST_NUMBER: Final = 400


def key_of(thing: Thing) -> Key:
    """
    Return the key under which a part of a plan is kept.

    Args:
        thing: A cycle, goal, KPI, fact or observation.

    Example:
        >>> str(key_of(Cycle.quarter(2026, 3)))
        "cycle '2026-Q3'"
    """
    return Key(_KIND_OF[type(thing)], thing.id)


_OF_A_KIND: Final[dict[Kind, type[Any]]] = {
    Kind.CYCLE: Cycle,
    Kind.GOAL: Goal,
    Kind.KPI: KPI,
    Kind.FACT: Fact,
    Kind.OBSERVATION: Observation,
}
_KIND_OF: Final = {
    cls: kind for cls in KINDS.values() for kind, general in _OF_A_KIND.items() if issubclass(cls, general)
}


def type_of(thing: Thing) -> str:
    """
    Return the kind of a thing's document.

    Args:
        thing: A cycle, goal, KPI, fact or observation.

    Example:
        >>> type_of(Cycle.quarter(2026, 3))
        'cycle'
    """
    return kind_of(type(thing))


def about(thing: Thing) -> str:
    """
    Return the id of what a fact or an observation is about; empty for all others.

    Args:
        thing: A cycle, goal, KPI, fact or observation.
    """
    if isinstance(thing, Fact):
        return thing.goal
    return thing.kpi if isinstance(thing, Observation) else ""


def encoded(thing: Thing) -> str:
    """
    Return the document of a thing as canonical JSON: sorted keys, no spaces, no floats where something was measured.

    Args:
        thing: A cycle, goal, KPI, fact or observation.

    Raises:
        InvalidDocument: If it is too large.

    Example:
        >>> encoded(Cycle.quarter(2026, 3)).startswith('{"cycle_kind"')
        True
    """
    doc = canonical(to_dict(thing))
    _check_size(doc, str(key_of(thing)))
    return doc


def canonical(document: Any) -> str:
    """
    Return plain data as canonical JSON.

    Args:
        document: Plain data.

    Example:
        >>> canonical({"b": 1, "a": "é"})
        '{"a":"é","b":1}'
    """
    return _ENCODER.encode(document)


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def decoded(doc: str, what: str = "the document") -> dict[str, Any]:
    """
    Return the plain data of a document, as JSON defines it and nothing beyond.

    Args:
        doc: The text.
        what: What an error calls it.

    Raises:
        InvalidDocument: If it is no JSON object, too long or too deep, or has a name twice, NaN, an infinity, NUL, or
            half a character (a lone surrogate) in it. What it says is not told.

    Example:
        >>> decoded('{"kind":"objective"}')
        {'kind': 'objective'}
    """
    _check_size(doc, what)
    try:
        doc.encode()
        found = _DECODER.decode(doc)
        if "\\u" in doc:  # what could not stand there itself may be written as an escape
            _check_texts(found)
    except (ValueError, RecursionError) as error:
        raise InvalidDocument(f"{what} is no document: {shown(str(error), 200)}") from None
    if not isinstance(found, dict):
        raise InvalidDocument(f"{what} is no document: it is {_WORDS[type(found)]}, not a JSON object")
    return found


_WORDS: Final = {
    list: "a list",
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _check_size(doc: str, what: str) -> None:
    if not isinstance(doc, str):
        raise InvalidDocument(f"{what} is no document: it is of the type {type(doc).__name__}, not text")
    if len(doc) > LONGEST:
        raise InvalidDocument(f"{what} has {len(doc):,} characters, and {LONGEST:,} are the most")
    if (parts := doc.count("[") + doc.count("{")) <= DEEPEST:
        return
    depth = parts = 0
    for token in _BRACKETS.finditer(doc):
        sign = token[0]
        if sign in "[{":
            depth += 1
            parts += 1
            if depth > DEEPEST:
                raise InvalidDocument(f"{what} nests deeper than {DEEPEST} levels")
            if parts > MOST_PARTS:
                raise InvalidDocument(f"{what} has more than {MOST_PARTS:,} lists and objects")
        elif sign in "]}":
            depth -= 1


def _refused(word: str) -> NoReturn:
    message = f"{word} is no number in JSON"
    raise ValueError(message)


def _number(text: str) -> float:
    value = float(text) if len(text) <= _LONGEST_NUMBER else 0.0
    if len(text) > _LONGEST_NUMBER or value in {float("inf"), float("-inf")}:
        _too_large()
    return value


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        _too_large()
    return int(text)


def _too_large() -> NoReturn:
    message = "a number is beyond all limits"
    raise ValueError(message)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a name is there twice"
        raise ValueError(message)
    return found


_DECODER: Final = json.JSONDecoder(
    parse_constant=_refused, parse_float=_number, parse_int=_whole, object_pairs_hook=_once
)


def _check_texts(part: Any) -> None:
    """Refuse what no store and no encoding can hold, anywhere within plain data."""
    if isinstance(part, str):
        part.encode()
        if "\0" in part:
            message = "it holds the character NUL"
            raise ValueError(message)
    elif isinstance(part, dict):
        for name, value in part.items():
            _check_texts(name)
            _check_texts(value)
    elif isinstance(part, list):
        for value in part:
            _check_texts(value)


def read(record: Record) -> Thing:
    """
    Return what a record holds.

    Args:
        record: A record that is not deleted.

    Raises:
        InvalidDocument: If it cannot be read, or is not what the record is called.
    """
    found = _read(record)
    if found.thing is None:
        raise InvalidDocument(f"{record.key} cannot be read: {found.problems[0].code}")
    return found.thing


def _read(record: Record) -> Read:
    what = str(record.key)
    if record.doc is None:
        raise InvalidDocument(f"{what} has no content")
    found = read_row(decoded(record.doc, what))
    if found.cls is None:
        raise InvalidDocument(f"{what} is of a kind that this goalkit does not know")
    if found.thing is not None:
        is_named = key_of(found.thing) == record.key
    else:
        is_named = found.row.get("id") == record.key.id and _KIND_OF[found.cls] is record.key.kind
    if not is_named:
        raise InvalidDocument(f"{what} has the document of something else")
    if any(problem.code == "unknown_version" for problem in found.problems):
        raise InvalidDocument(f"{what} was written by a newer goalkit, which can read it")
    return found


def loaded(records: Iterable[Record]) -> tuple[Plan, tuple[Problem, ...]]:
    """
    Return the plan that records make, and what could not be read of them; what could not is left where it is.

    Args:
        records: The records, in the order in which they are to be; deleted ones are passed over.
    """
    things: list[Thing] = []
    problems: list[Problem] = []
    left: list[Record] = []
    is_whole = True
    for record in records:
        if record.is_deleted:
            continue
        try:
            found = _read(record)
        except InvalidDocument as error:
            hint = "it is kept as it is, and is no part of the plan"
            message = f"it {str(error).removeprefix(f'{record.key} ')}"
            problems.append(Problem(code="no_document", path=str(record.key), message=message, hint=hint))
            continue
        left.append(record)
        if found.thing is None:
            is_whole = False
        else:
            things.append(found.thing)
    if is_whole:
        try:
            return built(things, {}), tuple(problems)
        except InvalidPlan:
            pass
    plan, more = Plan.salvage([decoded(record.doc or "") for record in left])
    return plan, (*problems, *(_named(problem, left) for problem in more))


def _named(problem: Problem, records: Sequence[Record]) -> Problem:
    """Return a problem with the name of its record in place of its position."""
    position, _, rest = problem.path[1:].partition("]")
    return evolve(problem, path=f"{records[int(position)].key}{rest}")
