"""A plan as TOML text: what a person would like to edit, and nothing lost."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from attrs import has

from ..calendars import Cycle
from ..documents.kinds import VERSION
from ..documents.reading import read_row
from ..model.building import Thing
from ..model.kpis import Observation
from ..model.plan import Plan
from ..model.records import Fact
from .files import has_own_id

#: The only key of the table in which JSON stands for what TOML has no word for.
JSON_KEY: Final = "json"

# How wide a list or a table may become before it is written on several lines.
_WIDTH: Final = 100
# TOML promises integers of 64 bits and no more.
_INTEGERS: Final = range(-(2**63), 2**63)
# Below this, a float that is whole is written as an integer.
_WHOLE: Final = 2**53

_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
# Controls, separators of lines, byte order marks, and what turns the direction of the text after it.
_HIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
_ESCAPED: Final = re.compile('[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff"\\\\]')
_HIDDEN_IN_LINES: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\\\\]")
_RUN_OF_QUOTES: Final = re.compile(r"""\"(?=\"|\Z)""")
_SHORT: Final = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}


def written(plan: Plan) -> str:
    """
    Return a plan as TOML.

    Args:
        plan: The plan.
    """
    # The facts that another fact names keep their names in the file.
    rows = plan.to_dicts()
    named = {row["supersedes"] for row in rows if row.get("supersedes") is not None}
    entries = [f"version = {VERSION}\n"]
    things: tuple[Thing, ...] = (*plan.cycles, *plan.goals, *plan.kpis, *plan.facts, *plan.observed)
    for thing, row in zip(things, rows, strict=True):
        kind = row.pop("kind")
        entries.append("\n".join(_entry(kind, _typed(thing, _edited(thing, row, named)))) + "\n")
    return "\n".join(entries)


def _edited(thing: Thing, row: dict[str, Any], named: Container[str]) -> dict[str, Any]:
    """Return the fields of a document that a person would write, in the order in which they would."""
    del row["version"]
    if isinstance(thing, Cycle):
        return _shortest(thing, row)
    late = ["extra"]
    if isinstance(thing, (Fact, Observation)):
        late = ["by", "id", "extra"]
        if not has_own_id(thing, named):
            del row["id"]
    last = {name: row.pop(name) for name in late if name in row}
    return {**row, **last}


def _shortest(cycle: Cycle, row: dict[str, Any]) -> dict[str, Any]:
    """Return the least that a cycle can be read from again: the id alone, where the calendar knows it."""
    least: dict[str, Any] = {name: row[name] for name in ("id", "title") if name in row}
    return least if read_row({**least, "kind": "cycle"}).thing == cycle else row


def _typed(value: Any, document: Any, *, loose: bool = False) -> Any:
    """
    Return a part of a document as TOML can hold it.

    A document has numbers and days as text, so that JSON can hold it. ``value`` is what the document
    was made of, where it is known, and tells them from other text; ``loose`` is whatever a host keeps.
    """
    if isinstance(value, (Decimal, date)):
        return value
    if isinstance(document, dict) and document.keys() != {JSON_KEY}:
        return {key: _typed(_part(value, key), item, loose=loose or key == "extra") for key, item in document.items()}
    if isinstance(document, list):
        parts = value if isinstance(value, tuple) and len(value) == len(document) else (None,) * len(document)
        return [_typed(part, item, loose=loose) for part, item in zip(parts, document, strict=True)]
    if document is None or isinstance(document, dict) or (isinstance(document, int) and document not in _INTEGERS):
        return {JSON_KEY: json.dumps(document, ensure_ascii=False)}
    if isinstance(document, float) and not loose:
        return Decimal(int(document) if document.is_integer() and abs(document) < _WHOLE else repr(document))
    return document


def _part(value: Any, key: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(key)
    return getattr(value, key, None) if has(type(value)) else None


def _entry(kind: str, fields: Mapping[str, Any]) -> Iterator[str]:
    yield f"[[{kind}]]"
    wide: dict[str, dict[str, Any]] = {}
    for key, value in fields.items():
        if isinstance(value, dict) and len(_inline(value)) > _WIDTH:
            wide[key] = value
        else:
            yield _statement(key, value)
    for key, value in wide.items():
        yield from ("", f"[{kind}.{key}]", *(_statement(inner, item) for inner, item in value.items()))


def _statement(key: str, value: Any) -> str:
    said = _inline(value)
    if isinstance(value, str) and "\n" in value:
        escaped = _RUN_OF_QUOTES.sub(r"\"", _HIDDEN_IN_LINES.sub(_escape, value))
        said = f'"""\n{escaped}"""'
    elif isinstance(value, list) and len(said) > _WIDTH:
        said = "".join(("[\n", *(f"  {_inline(item)},\n" for item in value), "]"))
    return f"{_key(key)} = {said}"


def _inline(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Decimal) -> str:
    """Return a number as one that readers with integers of 64 bits and floats understand exactly, or else as text."""
    said = str(value)
    if said.lstrip("-").isdigit():
        return said if int(said) in _INTEGERS else _quoted(said)
    return said if Decimal(repr(float(value))) == value else _quoted(said)


def _quoted(text: str) -> str:
    if not _ESCAPED.search(text):
        return f'"{text}"'
    if "'" not in text and not _HIDDEN.search(text):
        return f"'{text}'"
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0], f"\\u{ord(match[0]):04X}")


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else f'"{_ESCAPED.sub(_escape, key)}"'
