"""Values as plain dicts, ready for JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from ..calendars import Cycle
from ..model.goals import Link
from ..model.linear import Metric
from ..model.metrics import Unreadable
from ..values import FrozenDict, thaw
from .kinds import KINDS, PARTS, VERSION, kind_of

Dict = dict[str, Any]


def _converter() -> Converter:
    converter = Converter(detailed_validation=False)
    converter.register_unstructure_hook_func(lambda kind: isinstance(kind, type) and issubclass(kind, Enum), _value)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(FrozenDict, thaw)
    for cls in PARTS:
        write: Callable[[Any], Dict] = make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True)
        converter.register_unstructure_hook(cls, _with_kind(cls, write) if issubclass(cls, Metric) else write)
    converter.register_unstructure_hook(Unreadable, lambda metric: thaw(metric.document))
    special: dict[str, Any] = {
        "parent": override(unstruct_hook=lambda links: _links(converter, links)),
        "metric": override(unstruct_hook=converter.unstructure),
        "changes": override(unstruct_hook=lambda changes: _changes(converter, changes)),
        "extra": override(unstruct_hook=thaw),
    }
    for words in ("labels", "depends_on", "actions", "done"):
        special[words] = override(unstruct_hook=_listed)
    for cls in KINDS.values():
        names = {column.name for column in cls.__attrs_attrs__}
        chosen = {name: how for name, how in special.items() if name in names}
        if cls is Cycle:
            chosen["kind"] = override(rename="cycle_kind")
        converter.register_unstructure_hook(
            cls, make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True, **chosen)
        )
    return converter


def _value(member: Enum) -> Any:
    return member.value


def _with_kind(cls: type[Any], write: Callable[[Any], Dict]) -> Callable[[Any], Dict]:
    return lambda metric: {"kind": cls.kind, **write(metric)}


def _listed(words: tuple[str, ...] | None) -> list[str] | None:
    return None if words is None else list(words)


def _links(converter: Converter, links: tuple[Link, ...]) -> Any:
    written = [link.to if link == Link(link.to) else converter.unstructure(link) for link in links]
    return written[0] if len(written) == 1 else written


def _changes(converter: Converter, changes: FrozenDict[str, Any]) -> Dict:
    listed = {"parent": lambda links: _links(converter, links), "extra": thaw}
    return {
        name: listed[name](got)
        if name in listed
        else list(got)
        if isinstance(got, tuple)
        else converter.unstructure(got)
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
