"""What every value type shares: errors that name their field, choices from a list, read-only mappings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache, wraps
from typing import Any, Generic, TypeVar, final

from attrs import NOTHING, Attribute, fields, has

from .errors import InvalidValue, Problem, did_you_mean, shown
from .quantities import EXACT
from .texts import text

_T = TypeVar("_T")
_K = TypeVar("_K")
_V = TypeVar("_V")
_E = TypeVar("_E", bound=StrEnum)

_MOST_NESTING = 50
_MOST_VALUES = 10_000


def checked(cls: type[_T]) -> type[_T]:
    """
    Make an attrs class say which fields are wrong, all of them at once.

    attrs stops at the first converter that refuses its value and does not say which field it was
    converting. This catches that error, converts every given field again, and raises one error with
    a problem for each field that is refused.

    Args:
        cls: An attrs class whose converters raise `InvalidValue`.

    Example:
        >>> from attrs import field, frozen
        >>> from goalkit.quantities import number
        >>> @checked
        ... @frozen
        ... class Pair:
        ...     low: object = field(converter=number)
        ...     high: object = field(converter=number)
        >>> try:
        ...     Pair("x", "y")
        ... except InvalidValue as error:
        ...     [problem.path for problem in error.problems]
        ['low', 'high']
    """
    plain_init = cls.__init__

    @wraps(plain_init)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it replaces that very method
        try:
            plain_init(self, *args, **kwargs)
        except InvalidValue as error:
            positional = (column.name for column in _columns(cls) if not column.kw_only)
            given = {**dict(zip(positional, args, strict=False)), **kwargs}
            problems = field_problems(cls, given)
            if problems:
                raise InvalidValue(*problems) from None
            # What can be gone through only once was used up by the first attempt, so it is found by what it is.
            spent = [name for name, value in given.items() if isinstance(value, Iterator)]
            nameless = not error.problems[0].path or error.problems[0].path.startswith("[")
            raise error.under(spent[0] if nameless and len(spent) == 1 else "") from None

    setattr(cls, "__init__", __init__)  # noqa: B010 - a type checker must go on seeing the signature that attrs made
    return cls


def _columns(cls: Any) -> tuple[Attribute[Any], ...]:
    columns: tuple[Attribute[Any], ...] = fields(cls)
    return columns


def field_problems(cls: type[Any], given: Mapping[str, Any]) -> list[Problem]:
    """
    Return what a class's converters refuse among the given fields, each with the field as its path.

    Args:
        cls: An attrs class.
        given: Arguments by name.

    Example:
        >>> from goalkit import Cycle
        >>> field_problems(Cycle, {"id": "x", "first_day": "2026-07-01", "last_day": "soon"})[0].path
        'last_day'
    """
    problems: list[Problem] = []
    for column in _columns(cls):
        convert: Any = column.converter
        if convert is None or column.name not in given:
            continue
        try:
            convert(given[column.name])
        except InvalidValue as error:
            problems.extend(problem.under(column.name) for problem in error.problems)
    return problems


def choice(options: type[_E], value: object) -> _E:
    """
    Return a member of an enumeration from itself or its text.

    Args:
        options: The enumeration.
        value: A member, or its value as text.

    Raises:
        InvalidValue: If it is none of them; the message names them all.

    Example:
        >>> from goalkit import Stage
        >>> choice(Stage, "paused")
        <Stage.PAUSED: 'paused'>
    """
    if isinstance(value, str):
        try:
            return options(str.__str__(value))
        except ValueError:
            pass
    names = [member.value for member in options]
    guess = did_you_mean(value, names)
    hint = f"{guess}{guess and ' '}give one of {', '.join(names)}"
    raise InvalidValue.of("unknown_choice", f"{shown(value)} is not one of the choices", hint=hint)


@final
class FrozenDict(Mapping[_K, _V], Generic[_K, _V]):
    """
    A mapping that cannot be changed, and so can be shared and hashed.

    Example:
        >>> FrozenDict({"colour": "red"})["colour"]
        'red'
    """

    __slots__ = ("_data",)

    def __init__(self, data: Mapping[_K, _V] | None = None) -> None:
        self._data: dict[_K, _V] = dict(data) if data else {}

    def __getitem__(self, key: _K) -> _V:
        return self._data[key]

    def __iter__(self) -> Iterator[_K]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return f"FrozenDict({self._data!r})"

    def __hash__(self) -> int:
        return hash(frozenset(self._data.items()))

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[dict[_K, _V]]]:
        return (FrozenDict, (self._data,))


#: The mapping of everyone who has nothing to add.
EMPTY: FrozenDict[str, Any] = FrozenDict()


def extra(value: Mapping[str, object] | None) -> FrozenDict[str, Any]:
    """
    Return what a host application wants to keep with a value, read-only all the way down.

    Args:
        value: A mapping from text to anything that JSON can hold, or decimals and days, which are
            kept as text; or None for nothing.

    Raises:
        InvalidValue: If it is not a mapping, or holds something that JSON cannot.

    Example:
        >>> extra({"tags": ["a", "b"]})["tags"]
        ('a', 'b')
    """
    if value is None or (isinstance(value, FrozenDict) and not value):
        return EMPTY
    if not isinstance(value, Mapping):
        raise InvalidValue.of("not_a_mapping", f"{shown(value)} is not a mapping", hint="give a dict")
    frozen: FrozenDict[str, Any] = _freeze(value, "", 0, [_MOST_VALUES])
    return frozen


def thaw(value: Any) -> Any:
    """
    Return a frozen value as plain dicts and lists.

    Args:
        value: What `extra` made.

    Example:
        >>> thaw(extra({"tags": ["a", "b"]}))
        {'tags': ['a', 'b']}
    """
    if isinstance(value, Mapping):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [thaw(item) for item in value]
    return value


def _freeze(value: Any, path: str, depth: int, left: list[int]) -> Any:
    left[0] -= 1  # a list that holds one list twice, and so on, is small in memory and endless on paper
    if left[0] < 0:
        hint = "keep a reference to it instead"
        raise InvalidValue.of("too_much", f"more than {_MOST_VALUES} values are kept", path=path, hint=hint)
    if depth > _MOST_NESTING:
        message = f"more than {_MOST_NESTING} levels are nested"
        raise InvalidValue.of("too_deep", message, path=path, hint="keep less of it, or as text")
    if isinstance(value, Mapping):
        return FrozenDict(
            {
                _freeze_text(key, path): _freeze(item, f"{path}[{shown(key)}]", depth + 1, left)
                for key, item in value.items()
            }
        )
    if isinstance(value, (list, tuple)):
        return tuple(_freeze(item, f"{path}[{at}]", depth + 1, left) for at, item in enumerate(value))
    if isinstance(value, str):
        return _freeze_text(value, path)
    if isinstance(value, (Decimal, date)):
        return str(value)
    if value is None or isinstance(value, bool):
        return value
    try:
        # Only what survives a trip through JSON comes back as it was written.
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError):
        hint = "give text, numbers, true or false, lists and mappings"
        problem = InvalidValue.of("not_plain_data", f"{shown(value)} cannot be kept as JSON", path=path, hint=hint)
        raise problem from None


def _freeze_text(value: object, path: str) -> str:
    try:
        return text(value)
    except InvalidValue as error:
        raise InvalidValue(*(problem.under(path) for problem in error.problems)) from None


def content_id(kind: str, value: Any) -> str:
    """
    Return an id that follows from what a value holds, so that equal values have equal ids.

    It is 20 hexadecimal digits of BLAKE2b over the value's kind and its fields that differ from their
    defaults, so that a field added later leaves old ids as they are.

    Args:
        kind: The kind of the value, part of its identity.
        value: An attrs value; its field ``id`` is not looked at.

    Example:
        >>> from goalkit import CheckIn
        >>> CheckIn(goal="nps", on="2026-08-10", value="56.0").id == CheckIn(goal="nps", on="2026-08-10", value=56).id
        True
    """
    from hashlib import blake2b  # noqa: PLC0415 - a tenth of the time that importing goalkit takes

    return blake2b(f"{kind}{_canonical(value)}".encode(), digest_size=10).hexdigest()


def _canonical(value: Any) -> str:
    if isinstance(value, Enum):
        return repr(value.value)
    if isinstance(value, Decimal):
        return f"{value.normalize(EXACT):E}" if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        pairs = ",".join(f"{key!r}:{_canonical(value[key])}" for key in sorted(value))
        return f"{{{pairs}}}"
    if isinstance(value, tuple):
        return f"({','.join(map(_canonical, value))})"
    cls: Any = type(value)
    if has(cls):
        told = (
            f"{name}={_canonical(got)}"
            for name, default in _identity_fields(cls)
            if (got := getattr(value, name)) is not default and got != default
        )
        return f"<{getattr(cls, 'kind', '')}{','.join(told)}>"
    return repr(value)


@cache
def _identity_fields(cls: Hashable) -> tuple[tuple[str, Any], ...]:
    listed = [(column.name, None if column.default is NOTHING else column.default) for column in _columns(cls)]
    return tuple(sorted((pair for pair in listed if pair[0] != "id"), key=lambda pair: pair[0]))


def flag(value: bool) -> bool:
    """
    Return true or false, and refuse what merely looks like it.

    Args:
        value: True or False.

    Raises:
        InvalidValue: If it is neither.

    Example:
        >>> flag(True)
        True
    """
    if isinstance(value, bool):
        return value
    raise InvalidValue.of("not_true_or_false", f"{shown(value)} is neither true nor false", hint="give True or False")


def plain_bool(value: _T) -> _T | bool:
    """
    Return a boolean of another library, such as numpy's, as Python's; everything else as it is.

    Args:
        value: Anything.

    Example:
        >>> plain_bool(1), plain_bool(True)
        (1, True)
    """
    return bool(value) if getattr(getattr(value, "dtype", None), "kind", None) == "b" else value


def instance(cls: type[_T], value: object, hint: str) -> _T:
    """
    Return a value of a class, and refuse what is not one.

    Args:
        cls: The class.
        value: What was given.
        hint: What would be accepted.

    Raises:
        InvalidValue: If it is something else.

    Example:
        >>> instance(int, 1, "give an int")
        1
    """
    if isinstance(value, cls):
        return value
    word = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()
    raise InvalidValue.of("wrong_kind", f"{shown(value)} is not a {word}", hint=hint)
