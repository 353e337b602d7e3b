"""How the values that analyses are given come from plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import NOTHING, fields

from ..errors import InvalidValue, Problem, did_you_mean, shown
from ..values import field_problems, instance

_V = TypeVar("_V")
_MAPPING: type[Any] = Mapping


def read(cls: type[_V], document: object, what: str) -> _V:
    """
    Return a value from plain data, where each field has its own name, without underscores around it.

    Args:
        cls: The attrs class of the value.
        document: The plain data.
        what: What the value is called.

    Raises:
        InvalidValue: If it is not a mapping, a field is unknown or missing, or something in it is refused.

    Example:
        >>> from goalkit.analysis.bands import Band
        >>> read(Band, {"from": 0.7, "label": "good"}, "band").from_
        0.7
    """
    kind: Any = cls
    said = instance(_MAPPING, document, "give a dict, as to_dict returns it")
    columns = {column.name.strip("_"): column for column in fields(kind)}
    given = {columns[name].name: got for name, got in said.items() if name in columns}
    problems = [
        Problem(
            code="unknown_field",
            path=name if isinstance(name, str) else "",
            message=f"a {what} has no field {shown(name)}",
            hint=did_you_mean(name, list(columns)) or f"it has {', '.join(columns)}",
        )
        for name in said
        if name not in columns
    ]
    problems += [
        Problem(code="missing_field", path=name, message=f"a {what} without its {name} says nothing", hint="give it")
        for name, column in columns.items()
        if column.default is NOTHING and column.name not in given
    ]
    if problems:
        raise InvalidValue(*problems, *field_problems(cls, given))
    return cls(**given)
