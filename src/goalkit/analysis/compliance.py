"""What check-ins are coming, how reliably they came, and whether they are asked for often enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final, final

from attrs import frozen

from ..calendars import Cadence, CadenceUnit, Span, WorkCalendar
from ..calendars.days import bounds
from ..errors import Problem, UnknownId
from ..model.plan import Plan
from ..model.slots import Period
from ..quantities import percent
from . import tables
from .slots import Book, Expects, Slot, SlotState

_DECIDED = frozenset({SlotState.ANSWERED, SlotState.LATE, SlotState.MISSED, SlotState.OVERDUE})


@frozen(kw_only=True)
class Compliance:
    """
    How reliably check-ins came.

    Attributes:
        expected: How many slots were answered, or are past their grace.
        answered: How many of them were answered, late ones too.
        late: How many were answered after their grace.
        streak: How many were answered in a row up to the last one.
        longest_streak: How many were answered in a row at best.

    Example:
        >>> Compliance(expected=4, answered=3, late=1, streak=1, longest_streak=2).share
        0.75
    """

    expected: int
    answered: int
    late: int
    streak: int
    longest_streak: int

    @property
    def share(self) -> float | None:
        """The answered share of what was expected, 0 to 1; None where nothing was."""
        return self.answered / self.expected if self.expected else None


@final
class ComplianceList(Mapping[str, Compliance]):
    """
    How reliably check-ins came, by the goal's id.

    Example:
        >>> from goalkit import Cycle, Plan
        >>> compliance(Plan.of(), Cycle.quarter(2026, 3), as_of=date(2026, 9, 30)).total.share is None
        True
    """

    __slots__ = ("_owners", "_slots")

    def __init__(self, slots: Mapping[str, tuple[Slot, ...]], owners: Mapping[str, str | None]) -> None:
        self._slots: Final = slots
        self._owners: Final = owners

    def __getitem__(self, goal_id: str) -> Compliance:
        try:
            return _counted(self._slots[goal_id])
        except (KeyError, TypeError):
            raise UnknownId.among("goal with a cadence", goal_id, self._slots) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._slots)

    def __len__(self) -> int:
        return len(self._slots)

    def slots(self, goal_id: str) -> tuple[Slot, ...]:
        """
        Return the slots of a goal that were counted, in order.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If no check-ins are expected of such a goal.
        """
        self[goal_id]
        return self._slots[goal_id]

    def by_owner(self) -> dict[str | None, Compliance]:
        """Return the same by the goals' owners; None is nobody."""
        owned: dict[str | None, list[Slot]] = {}
        for goal_id, slots in self._slots.items():
            owned.setdefault(self._owners[goal_id], []).extend(slots)
        return {owner: _counted(slots) for owner, slots in owned.items()}

    @property
    def total(self) -> Compliance:
        """The same of all goals together."""
        return _counted([slot for slots in self._slots.values() for slot in slots])

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<ComplianceList of {len(self)} goals>"

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (goal_id, percent(row.share), *map(str, (row.expected, row.answered, row.late, row.streak)))
            for goal_id, row in self.items()
        ]


_HEAD: Final = ("goal", "share", "expected", "answered", "late", "streak")
_RIGHT: Final = frozenset({1, 2, 3, 4, 5})


def _counted(slots: Sequence[Slot]) -> Compliance:
    came = [slot.check_in is not None for slot in sorted(slots, key=_day_of)]
    runs = [len([*run]) for answered, run in groupby(came) if answered]
    return Compliance(
        expected=len(came),
        answered=sum(came),
        late=sum(slot.state is SlotState.LATE for slot in slots),
        streak=runs[-1] if came and came[-1] else 0,
        longest_streak=max(runs, default=0),
    )


def schedule(
    plan: Plan,
    window: Span,
    *,
    as_of: date | None = None,
    expects: Expects | str = Expects.MEASURED,
    early_days: int | None = None,
    workdays: WorkCalendar | None = None,
) -> tuple[Slot, ...]:
    """
    Return the check-ins that are expected in a span of days, by day and then in plan order.

    Args:
        plan: The plan.
        window: A cycle, or anything else with a first and a last day.
        as_of: The day on which they are looked at, with its definitions and what was answered by then;
            the first day of the window where None is given.
        expects: Of which goals check-ins are expected, as in `due`.
        early_days: How many days before a slot a check-in may answer it, as in `due`.
        workdays: Which days are worked, as in `due`.

    Raises:
        InvalidValue: If an argument is not what it should be.

    Example:
        >>> from goalkit import Cadence, Cycle, KeyResult, Plan
        >>> plan = Plan.of(KeyResult(id="nps", title="NPS", cadence=Cadence.monthly()))
        >>> [slot.day.isoformat() for slot in schedule(plan, Cycle.quarter(2026, 3))]
        ['2026-07-31', '2026-08-31', '2026-09-30']
    """
    first, last = bounds(window)
    book = Book(plan, first if as_of is None else as_of, expects=expects, early_days=early_days, workdays=workdays)
    found = [
        slot
        for position in book.positions()
        for slot in book.slots(position, last, since=first)
        if first <= slot.day <= last
    ]
    return tuple(sorted(found, key=_day_of))


def _day_of(slot: Slot) -> date:
    return slot.day


def compliance(
    plan: Plan,
    span: Span,
    *,
    as_of: date,
    expects: Expects | str = Expects.MEASURED,
    early_days: int | None = None,
    workdays: WorkCalendar | None = None,
) -> ComplianceList:
    """
    Return how reliably check-ins came in a span of days, by goal in plan order.

    Args:
        plan: The plan.
        span: A cycle, or anything else with a first and a last day.
        as_of: The day; a slot whose grace is not over by then counts only if it is answered.
        expects: Of which goals check-ins are expected, as in `due`.
        early_days: How many days before a slot a check-in may answer it, as in `due`.
        workdays: Which days are worked, as in `due`.

    Raises:
        InvalidValue: If an argument is not what it should be.

    Example:
        >>> from goalkit import Cadence, CheckIn, Cycle, KeyResult, Plan
        >>> nps = KeyResult(id="nps", title="NPS", first_day="2026-07-01", cadence=Cadence.monthly())
        >>> plan = Plan.of(nps, CheckIn(goal="nps", on="2026-07-30", value=43))
        >>> compliance(plan, Cycle.quarter(2026, 3), as_of=date(2026, 9, 15))["nps"].share
        0.5
    """
    first, last = bounds(span)
    book = Book(plan, as_of, expects=expects, early_days=early_days, workdays=workdays)
    positions = [*book.positions()]
    return ComplianceList(
        {
            book.goal_id(position): tuple(
                slot
                for slot in book.slots(position, since=first)
                if first <= slot.day <= last and slot.state in _DECIDED
            )
            for position in positions
        },
        {book.goal_id(position): book.owner(position) for position in positions},
    )


def check_cadences(plan: Plan, *, as_of: date, expects: Expects | str = Expects.MEASURED) -> tuple[Problem, ...]:
    """
    Return the goals that are asked for check-ins less often than is published as good practice.

    A year's goals are updated at least quarterly, those of half a year quarterly or monthly, those of a
    quarter at least monthly (`Cadence.minimum_for`). Goals whose period has no beginning or no end are
    left aside.

    Args:
        plan: The plan.
        as_of: The day whose definitions are looked at.
        expects: Which goals are looked at, as in `due`.

    Returns:
        A problem for each, with the code ``too_rare``, or ``no_cadence`` where check-ins are not asked for.

    Raises:
        InvalidValue: If an argument is not what it should be.

    Example:
        >>> from goalkit import Cycle, KeyResult, Plan
        >>> nps = KeyResult(id="nps", title="NPS", cycle="2026-Q3", cadence=Cadence.quarterly())
        >>> print(*check_cadences(Plan.of(Cycle.quarter(2026, 3), nps), as_of=date(2026, 7, 1)))
        nps: 1 check-in is expected, and good practice is 3 (too_rare); check in at least monthly
    """
    book = Book(plan, as_of, expects=expects, early_days=None, workdays=None)
    found = []
    for position, goal in enumerate(book.definitions.goals.values()):
        first, last = book.definitions.periods[position]
        if first is None or last is None or last < first or not book.reads(position):
            continue
        period = Period(first, last)
        least = Cadence.minimum_for(period)
        wanted = len(least.slots(period, cycle=period))
        hint = f"check in at least {'once a cycle' if least.unit is CadenceUnit.CYCLE else _WORDS[least.every]}"
        if not book.has_cadence(position):
            found.append(Problem(code="no_cadence", path=goal.id, message="nobody asks for its check-ins", hint=hint))
            continue
        given = len(book.cadence(position).slots(period, cycle=period))
        if given < wanted:
            message = f"{given} check-in{' is' if given == 1 else 's are'} expected, and good practice is {wanted}"
            found.append(Problem(code="too_rare", path=goal.id, message=message, hint=hint))
    return tuple(found)


_WORDS = {1: "monthly", 3: "quarterly"}
