"""
The shape of documents as a JSON Schema, made from the classes themselves.

It describes what the reader accepts in JSON. Whatever the reader accepts is valid; what is valid may
still be refused where a schema cannot say why, such as a parent that does not exist.
``python -m goalkit.documents.schema`` writes it beside this module.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from attrs import Attribute

from ..calendars import Cadence, Cycle, CycleKind
from ..calendars.divisions import Calendar
from ..errors import InvalidValue
from ..model.goals import GOALS, Link
from ..model.kpi_bands import KpiBands
from ..model.kpi_parts import Formula, Target
from ..model.linear import Metric
from ..model.records import REVISABLE
from ..quantities import MOST_EXPONENT
from ..texts import LONGEST_ID
from ..values import FrozenDict
from .kinds import CALENDARS, KINDS, PART_KINDS, PARTS, VERSION, WRITABLE_METRICS, columns, is_required, kind_of

Schema = dict[str, Any]

#: Where the schema is written.
FILE: Final = Path(__file__).with_suffix(".json")

_DAY: Final = "(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_MIDNIGHT: Final = r"[T ]00(:00(:00(\.0+)?)?)?"
_NUMERAL: Final = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,9})?$"
_CALENDAR_ID: Final = (
    f"^(?!0000)[0-9]{{4}}(-(H[12]|T[1-3]|Q[1-4]|0[1-9]|1[0-2]|W|W(0[1-9]|[1-4][0-9]|5[0-3])))?$|^{_DAY}-[1-9][0-9]?W$"
)
_FISCAL_ID: Final = "^FY(?!0000)[0-9]{4}(-(H[12]|T[1-3]|Q[1-4]|M(0[1-9]|1[0-2])|W(0[1-9]|[1-4][0-9]|5[0-3])))?$"
_BEYOND: Final = 10 ** (MOST_EXPONENT + 1)


def schema() -> Schema:
    """
    Return the JSON Schema, in the draft of 2020-12, of a document and of a list of documents.

    Example:
        >>> schema()["$defs"]["objective"]["required"]
        ['kind', 'id', 'title']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "goalkit documents",
        "description": "A document, or a list of documents that make a plan.",
        "anyOf": [{"$ref": "#/$defs/document"}, {"type": "array", "items": {"$ref": "#/$defs/document"}}],
        "$defs": {
            **_plain(),
            **{_name(cls): _part(cls) for cls in PARTS},
            **{kind: _document(cls) for kind, cls in KINDS.items()},
            "metric": {"oneOf": [_to(_name(cls)) for cls in WRITABLE_METRICS.values()]},
            "calendar": {"oneOf": [_to(_name(cls)) for cls in CALENDARS.values()]},
            "document": {"oneOf": [_to(kind) for kind in KINDS]},
        },
    }


def _plain() -> dict[str, Schema]:
    numeral = {"type": "string", "pattern": _NUMERAL}
    return {
        "id": {
            "description": "An id: one line of text, without whitespace around it.",
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_ID,
            "not": {"pattern": r"[\u0000-\u001f\u007f-\u009f\u2028\u2029]|^ | $"},
        },
        "text": {"description": "Free text.", "type": "string", "not": {"pattern": r"\u0000"}},
        "title": {
            "description": "Text of which something can be seen.",
            "type": "string",
            "pattern": r"\S",
            "not": {"pattern": r"\u0000"},
        },
        "words": {"description": "Words, each once.", "type": "array", "items": _to("id")},
        "day": {
            "description": "A civil day. A midnight without a zone is taken as its day.",
            "anyOf": [
                {"type": "string", "format": "date", "pattern": f"^{_DAY}$"},
                {"type": "string", "pattern": f"^{_DAY}{_MIDNIGHT}$"},
            ],
        },
        "number": {
            "description": "A number, or numeric text, which keeps every digit.",
            "anyOf": [{"type": "number", "exclusiveMinimum": -_BEYOND, "exclusiveMaximum": _BEYOND}, numeral],
        },
        "count": {
            "description": "A whole number.",
            "anyOf": [{"type": "integer", "minimum": 0, "maximum": 9999}, numeral],
        },
        "weight": {
            "description": "0 or more; only proportions matter.",
            "anyOf": [{"type": "number", "minimum": 0, "exclusiveMaximum": _BEYOND}, numeral],
        },
        "fraction": {"description": "From 0 to 1.", "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, numeral]},
        "items": {
            "description": "The weight of each item by its name, or the names alone.",
            "anyOf": [
                {
                    "type": "object",
                    "propertyNames": _to("id"),
                    "additionalProperties": _to("weight"),
                    "minProperties": 1,
                },
                {**_to("words"), "minItems": 1},
            ],
        },
        "points": {
            "description": "Values with the progress of each: pairs, or an object of progress by value.",
            "anyOf": [
                {
                    "type": "array",
                    "items": {"type": "array", "items": _to("number"), "minItems": 2, "maxItems": 2},
                    "minItems": 2,
                },
                {
                    "type": "object",
                    "propertyNames": numeral,
                    "additionalProperties": _to("number"),
                    "minProperties": 2,
                },
            ],
        },
        "flag": {"description": "True or false.", "type": "boolean"},
        "version": {"description": "The version of the format.", "anyOf": [{"const": VERSION}, numeral]},
        "extra": {"description": "What the host application keeps with it.", "type": "object"},
        "parent": {
            "description": "The id of a parent, a link to one, or several of them.",
            "anyOf": [_to("id"), _to("link"), {"type": "array", "items": {"anyOf": [_to("id"), _to("link")]}}],
        },
        "changes": {
            "description": "The new content of each field that changes.",
            "type": "object",
            "properties": {name: _changed(name) for name in REVISABLE},
            "additionalProperties": False,
            "minProperties": 1,
        },
    }


def _to(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _or_null(described: Schema) -> Schema:
    return {"anyOf": [described, {"type": "null"}]}


def _name(cls: type[Any]) -> str:
    return PART_KINDS.get(cls) or cls.__name__.lower()


def _part(cls: type[Any]) -> Schema:
    described = _object(cls)
    if cls in PART_KINDS:
        described["properties"] = {"kind": {"const": PART_KINDS[cls]}, **described["properties"]}
        described["required"] = ["kind", *described["required"]]
    return described


def _document(cls: type[Any]) -> Schema:
    described = _object(cls)
    marks = {"kind": {"const": kind_of(cls)}, "version": _or_null(_to("version"))}
    described["properties"] = {**marks, **described["properties"]}
    described["required"] = ["kind", *described["required"]]
    if cls is Cycle:
        # The id of a calendar's own cycle says which days it has.
        days = ["first_day", "last_day"]
        described["required"] = [name for name in described["required"] if name not in days]
        described["properties"] |= {name: _or_null(_to("day")) for name in days}
        given = {"required": days, "properties": {name: _to("day") for name in days}}
        described["anyOf"] = [
            given,
            {"properties": {"id": {"pattern": _CALENDAR_ID}, "calendar": {"type": "null"}}},
            {"properties": {"id": {"pattern": _FISCAL_ID}, "calendar": _to("calendar")}, "required": ["calendar"]},
            {"properties": {"cycle_kind": {"const": CycleKind.BACKLOG.value}}, "required": ["cycle_kind"]},
        ]
    return described


def _object(cls: type[Any]) -> Schema:
    types = get_type_hints(cls)
    properties = {}
    for name, column in columns(cls):
        described = _field(column, types[column.name])
        properties[name] = described if is_required(column) else _or_null(described)
    return {
        "description": (cls.__doc__ or "").strip().partition("\n")[0],
        "type": "object",
        "properties": properties,
        "required": [name for name, column in columns(cls) if is_required(column)],
        # What is null counts as not given, so that it may have any name.
        "additionalProperties": True if "extra" in properties else {"type": "null"},
    }


def _changed(name: str) -> Schema:
    """Return what a revision may set a field to: nothing too, where a goal may have nothing there."""
    cls = next(goal for goal in GOALS.values() if name in dict(columns(goal)))
    described = _field(dict(columns(cls))[name], get_type_hints(cls)[name])
    try:
        REVISABLE[name](None)
    except InvalidValue:
        return described
    return _or_null(described)


def _field(column: Attribute[Any], annotation: Any) -> Schema:
    """Return what a field may hold, apart from nothing."""
    kinds = [annotation] if get_origin(annotation) is not UnionType else get_args(annotation)
    described = [_kind(column, kind) for kind in kinds if kind is not NoneType]
    return described[0] if len(described) == 1 else {"anyOf": described}


def _kind(column: Attribute[Any], kind: Any) -> Schema:
    origin = get_origin(kind)
    if origin is tuple:
        return _list(column, get_args(kind)[0])
    if origin is FrozenDict:
        return _to(column.name if column.name in {"changes", "items"} else "extra")
    if issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if kind is float:
        return _to("weight" if column.name == "weight" else "fraction")
    return _text(column) if kind is str else _to(_NAMES[kind])


def _list(column: Attribute[Any], item: Any) -> Schema:
    if item is Link or column.name == "points":
        return _to("parent" if item is Link else "points")
    if item is str:
        return _to("words")
    described: Schema = {"type": "array", "items": _to(_name(item))}
    if item is not Target:
        return described
    by_cycle = {"type": "object", "propertyNames": _to("id"), "additionalProperties": _to("number")}
    return {"anyOf": [described, by_cycle]}


def _text(column: Attribute[Any]) -> Schema:
    if column.name in {"title", "label"} and is_required(column):
        return _to("title")
    if column.default is None or is_required(column):
        return _to("id")
    # A fact whose id is empty gets one that follows from what it says.
    return {"anyOf": [_to("id"), {"const": ""}]} if column.name == "id" else _to("text")


_NAMES: Final = {
    bool: "flag",
    int: "count",
    date: "day",
    Decimal: "number",
    Metric: "metric",
    Cadence: "cadence",
    KpiBands: "kpibands",
    Formula: "formula",
    Calendar: "calendar",
}


if __name__ == "__main__":
    FILE.write_text(json.dumps(schema(), indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
