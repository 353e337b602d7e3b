"""Cycles: closed spans of days with a name, for which goals are set."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Final

from attrs import Attribute, field, frozen

from ..errors import InvalidValue, Problem, shown
from ..quantities import whole
from ..texts import identifier, text
from ..values import checked, choice
from .days import day, in_order


class CycleKind(StrEnum):
    """
    How a cycle came about: one of the calendar's own divisions of a year, or any other span.

    Example:
        >>> Cycle.tertial(2026, 2).kind
        <CycleKind.TERTIAL: 'tertial'>
    """

    YEAR = "year"
    HALF = "half"
    TERTIAL = "tertial"
    QUARTER = "quarter"
    MONTH = "month"
    CUSTOM = "custom"


#: Months in one cycle of a kind. A calendar year holds a whole number of them.
_MONTHS: Final = {
    CycleKind.YEAR: 12,
    CycleKind.HALF: 6,
    CycleKind.TERTIAL: 4,
    CycleKind.QUARTER: 3,
    CycleKind.MONTH: 1,
}
_LETTERS: Final = {CycleKind.HALF: "H", CycleKind.TERTIAL: "T", CycleKind.QUARTER: "Q"}
_BY_LETTER: Final = {letter: kind for kind, letter in _LETTERS.items()}
_ID: Final = re.compile(r"([0-9]{4})(?:-(?:H([12])|T([1-3])|Q([1-4])|(0[1-9]|1[0-2])))?")
_ID_HINT: Final = "write 2026, 2026-H1, 2026-T2, 2026-Q3 or 2026-07"


def _kind(value: CycleKind | str) -> CycleKind:
    return choice(CycleKind, value)


def _after_first_day(cycle: Cycle, _: Attribute[date], last_day: date) -> None:
    in_order(cycle.first_day, last_day)


def _true_to_kind(cycle: Cycle, _: Attribute[CycleKind], kind: CycleKind) -> None:
    # Otherwise a document could call any fortnight the third quarter.
    if kind is CycleKind.CUSTOM:
        return
    known = _read_id(cycle.id)
    if known is None or known[0] is not kind:
        message = f"{shown(cycle.id)} is not the id of a cycle of the kind {kind}"
        raise InvalidValue.of("cycle_mismatch", message, path="id", hint=f"{_ID_HINT}, or make the kind custom")
    first_day, last_day = _days_of(*known)
    problems = [
        Problem(
            code="cycle_mismatch",
            path=name,
            message=f"{cycle.id} has {got} as its {name.replace('_', ' ')}",
            hint=f"it is {right}; for other days make the kind custom",
        )
        for name, got, right in (
            ("first_day", cycle.first_day, first_day),
            ("last_day", cycle.last_day, last_day),
        )
        if got != right
    ]
    if problems:
        raise InvalidValue(*problems)


@checked
@frozen(kw_only=True)
class Cycle:
    """
    A closed span of days with a name.

    The calendar's own cycles come from the class methods. Any other span is made by naming its
    days: its kind is then custom, and its id may be any that the plan does not use yet.

    Attributes:
        id: What goals call it, such as ``2026-Q3``.
        first_day: The first day that belongs to it.
        last_day: The last day that belongs to it, not before the first.
        kind: Which division of the year it is. Unless it is custom, the id and the days must be the
            ones that the kind makes.
        title: What people call it. May be empty.

    Raises:
        InvalidValue: ``days_out_of_order``, ``cycle_mismatch``, or what is wrong with a field.

    Example:
        >>> sprint = Cycle(id="sprint-9", first_day="2026-08-03", last_day="2026-08-14")
        >>> sprint.days, sprint.kind.value
        (12, 'custom')
    """

    id: str = field(converter=identifier)
    first_day: date = field(converter=day)
    last_day: date = field(converter=day, validator=_after_first_day)
    kind: CycleKind = field(default=CycleKind.CUSTOM, converter=_kind, validator=_true_to_kind)
    title: str = field(default="", converter=text)

    @classmethod
    def year(cls, year: int, *, title: str = "") -> Cycle:
        """
        Return a calendar year.

        Args:
            year: From 1 to 9999.
            title: What people call it.

        Example:
            >>> Cycle.year(2026).id, Cycle.year(2026).days
            ('2026', 365)
        """
        return cls._of(CycleKind.YEAR, year, 1, title)

    @classmethod
    def half(cls, year: int, half: int, *, title: str = "") -> Cycle:
        """
        Return half a calendar year.

        Args:
            year: From 1 to 9999.
            half: 1 or 2.
            title: What people call it.

        Example:
            >>> Cycle.half(2026, 1).id, Cycle.half(2026, 1).last_day.isoformat()
            ('2026-H1', '2026-06-30')
        """
        return cls._of(CycleKind.HALF, year, half, title)

    @classmethod
    def tertial(cls, year: int, tertial: int, *, title: str = "") -> Cycle:
        """
        Return a third of a calendar year, as Nordic public bodies report by.

        Args:
            year: From 1 to 9999.
            tertial: From 1 to 3.
            title: What people call it.

        Example:
            >>> Cycle.tertial(2026, 2).id, Cycle.tertial(2026, 2).last_day.isoformat()
            ('2026-T2', '2026-08-31')
        """
        return cls._of(CycleKind.TERTIAL, year, tertial, title)

    @classmethod
    def quarter(cls, year: int, quarter: int, *, title: str = "") -> Cycle:
        """
        Return a quarter of a calendar year.

        Args:
            year: From 1 to 9999.
            quarter: From 1 to 4.
            title: What people call it.

        Example:
            >>> Cycle.quarter(2026, 3).id, Cycle.quarter(2026, 3).days
            ('2026-Q3', 92)
        """
        return cls._of(CycleKind.QUARTER, year, quarter, title)

    @classmethod
    def month(cls, year: int, month: int, *, title: str = "") -> Cycle:
        """
        Return a calendar month.

        Args:
            year: From 1 to 9999.
            month: From 1 to 12.
            title: What people call it.

        Example:
            >>> Cycle.month(2028, 2).id, Cycle.month(2028, 2).days
            ('2028-02', 29)
        """
        return cls._of(CycleKind.MONTH, year, month, title)

    @classmethod
    def parse(cls, id: str) -> Cycle:  # noqa: A002 - the field's word
        """
        Return the calendar's cycle that has an id, as the class methods make it.

        Args:
            id: Such as ``2026``, ``2026-H1``, ``2026-T2``, ``2026-Q3`` or ``2026-07``.

        Raises:
            InvalidValue: ``not_a_cycle``, if no class method makes that id.

        Example:
            >>> Cycle.parse("2026-Q3") == Cycle.quarter(2026, 3)
            True
        """
        known = _read_id(id)
        if known is None:
            raise InvalidValue.of("not_a_cycle", f"{shown(id)} is not the id of a calendar cycle", hint=_ID_HINT)
        return cls._of(*known, "")

    @property
    def days(self) -> int:
        """
        How many days it has, both ends counted.

        Example:
            >>> Cycle.month(2026, 7).days
            31
        """
        return self.last_day.toordinal() - self.first_day.toordinal() + 1

    def __contains__(self, on: object) -> bool:
        """
        Tell whether a day belongs to the cycle.

        Args:
            on: A day, in any form that `day` accepts.

        Raises:
            InvalidValue: If it is not a day, such as a moment with a time.

        Example:
            >>> q3 = Cycle.quarter(2026, 3)
            >>> date(2026, 9, 30) in q3, date(2026, 10, 1) in q3
            (True, False)
        """
        return self.first_day <= day(on) <= self.last_day

    @classmethod
    def _of(cls, kind: CycleKind, year: int, part: int, title: str) -> Cycle:
        year = _counted("year", year, 9999)
        part = _counted(kind.value, part, 12 // _MONTHS[kind])
        first_day, last_day = _days_of(kind, year, part)
        return cls(
            id=_write_id(kind, year, part),
            first_day=first_day,
            last_day=last_day,
            kind=kind,
            title=title,
        )


def _counted(name: str, value: int, most: int) -> int:
    try:
        return whole(value, least=1, most=most)
    except InvalidValue as error:
        raise error.under(name) from None


def _write_id(kind: CycleKind, year: int, part: int) -> str:
    if kind is CycleKind.YEAR:
        return f"{year:04}"
    if kind is CycleKind.MONTH:
        return f"{year:04}-{part:02}"
    return f"{year:04}-{_LETTERS[kind]}{part}"


def _read_id(written: object) -> tuple[CycleKind, int, int] | None:
    match = _ID.fullmatch(written) if isinstance(written, str) else None
    if match is None or match[1] == "0000":
        return None
    year, rest = int(match[1]), match[0][5:]
    if not rest:
        return CycleKind.YEAR, year, 1
    if rest[0] in _BY_LETTER:
        return _BY_LETTER[rest[0]], year, int(rest[1:])
    return CycleKind.MONTH, year, int(rest)


def _days_of(kind: CycleKind, year: int, part: int) -> tuple[date, date]:
    last_month = part * _MONTHS[kind]
    first_day = date(year, last_month - _MONTHS[kind] + 1, 1)
    return first_day, date(year, last_month, monthrange(year, last_month)[1])
