"""Values as plain dicts, ready for JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from operator import attrgetter
from typing import Any

from attrs import fields
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from ..calendars import Cycle
from ..errors import InvalidValue
from ..model.goals import Link
from ..model.metrics import Unreadable
from ..values import FrozenDict, thaw
from .kinds import KINDS, PART_KINDS, PARTS, RENAMED, VERSION, kind_of

Dict = dict[str, Any]


def _converter() -> Converter:
    converter = Converter(detailed_validation=False, unstruct_collection_overrides={tuple: list})
    converter.register_unstructure_hook(StrEnum, attrgetter("value"))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(FrozenDict, thaw)
    for cls in PARTS:
        write: Callable[[Any], Dict] = make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True)
        converter.register_unstructure_hook(cls, _with_kind(cls, write) if cls in PART_KINDS else write)
    converter.register_unstructure_hook(Unreadable, _as_it_was)
    special: dict[str, Any] = {
        "parent": override(unstruct_hook=partial(_links, converter)),
        "metric": override(unstruct_hook=converter.unstructure),
        "calendar": override(unstruct_hook=converter.unstructure),
        "changes": override(unstruct_hook=partial(_changes, converter)),
    }
    for cls in KINDS.values():
        chosen = {column.name: special[column.name] for column in fields(cls) if column.name in special}
        if cls in RENAMED:
            chosen["kind"] = override(rename=RENAMED[cls])
        write = make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True, **chosen)
        converter.register_unstructure_hook(cls, _with_cycle_kind(write) if cls is Cycle else write)
    return converter


def _with_kind(cls: type[Any], write: Callable[[Any], Dict]) -> Callable[[Any], Dict]:
    return lambda part: {"kind": PART_KINDS[cls], **write(part)}


def _with_cycle_kind(write: Callable[[Any], Dict]) -> Callable[[Any], Dict]:
    def written(cycle: Cycle) -> Dict:
        row = write(cycle)
        if not cycle.is_dated:
            del row["first_day"], row["last_day"]
        # Left out under an id of the calendar's own, the kind would be read as what the id says.
        return {**row, "cycle_kind": cycle.kind.value} if _is_calendars_own(cycle.id) else row

    return written


def _is_calendars_own(cycle_id: str) -> bool:
    try:
        Cycle.parse(cycle_id)
    except InvalidValue:
        return False
    return True


def _as_it_was(metric: Unreadable) -> Any:
    return thaw(metric.document)


def _links(converter: Converter, links: tuple[Link, ...]) -> Any:
    written = [link.to if link == Link(link.to) else converter.unstructure(link) for link in links]
    return written[0] if len(written) == 1 else written


def _changes(converter: Converter, changes: FrozenDict[str, Any]) -> Dict:
    return {
        name: _links(converter, got) if name == "parent" else converter.unstructure(got)
        for name, got in changes.items()
    }


_CONVERTER = _converter()


def to_dict(thing: Any) -> Dict:
    """
    Return a cycle, goal or fact as a plain dict.

    Args:
        thing: What a plan is made of.

    Example:
        >>> to_dict(Cycle.quarter(2026, 3))["first_day"]
        '2026-07-01'
    """
    return {"kind": kind_of(type(thing)), "version": VERSION, **_CONVERTER.unstructure(thing)}
