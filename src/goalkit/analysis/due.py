"""Who owes a check-in on a day, and which were missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, final

from attrs import frozen

from ..calendars import WorkCalendar
from ..errors import UnknownId
from ..model.plan import Plan
from ..model.records import CheckIn
from . import tables
from .slots import Book, Expects, SlotState


@frozen(kw_only=True)
class Due:
    """
    What a goal's owner owes on a day.

    Attributes:
        goal: The goal's id.
        owner: The id of who owns the goal, or the nearest goal above it that anybody owns; None for nobody.
        state: ``due`` until the grace of the slot is over, then ``overdue``.
        slot: The first slot that nothing has answered since the last that something did.
        days_late: How many days have passed since that slot.
        missed: The slots that were missed since the last one that something answered, oldest first.
        last: The last check-in; None where there is none.
        next: The slot after the day; None where the period of the goal is over by then.

    Example:
        >>> from goalkit import Cadence, KeyResult, Plan
        >>> nps = KeyResult(id="nps", title="NPS", first_day="2026-07-01", cadence=Cadence.weekly("monday"))
        >>> owed = due(Plan.of(nps), as_of=date(2026, 7, 14))["nps"]
        >>> owed.state.value, owed.slot.isoformat(), owed.days_late, len(owed.missed), owed.next.isoformat()
        ('overdue', '2026-07-06', 8, 1, '2026-07-20')
    """

    goal: str
    owner: str | None
    state: SlotState
    slot: date
    days_late: int
    missed: tuple[date, ...]
    last: CheckIn | None
    next: date | None


@final
class DueList(Mapping[str, Due]):
    """
    What is due or overdue on a day, by the goal's id, the longest overdue first.

    Attributes:
        as_of: The day.

    Example:
        >>> from goalkit import Cadence, KeyResult, Plan
        >>> weekly = Cadence.weekly("monday")
        >>> nps = KeyResult(id="nps", title="NPS", owner="ida", first_day="2026-07-01", cadence=weekly)
        >>> print(due(Plan.of(nps), as_of=date(2026, 7, 9)))
        goal  owner  state    slot        days late  missed
        nps   ida    overdue  2026-07-06          3       0
    """

    __slots__ = ("_book", "_rows", "as_of")

    def __init__(self, book: Book, rows: Mapping[str, Due]) -> None:
        self.as_of: Final = book.as_of
        self._book: Final = book
        self._rows: Final = rows

    def __getitem__(self, goal_id: str) -> Due:
        try:
            return self._rows[goal_id]
        except (KeyError, TypeError):
            raise UnknownId.among("due goal", goal_id, self._rows) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def missed(self) -> dict[str, tuple[date, ...]]:
        """The slots that were missed for good, by goal in plan order; long ago, and of goals that owe nothing too."""
        book = self._book
        gone = {
            book.goal_id(position): tuple(slot.day for slot in book.slots(position) if slot.state is SlotState.MISSED)
            for position in book.positions()
        }
        return {goal_id: slots for goal_id, slots in gone.items() if slots}

    def by_owner(self) -> dict[str | None, tuple[Due, ...]]:
        """
        Return what is due by who owes it; None is nobody.

        Example:
            >>> from goalkit import Plan
            >>> due(Plan.of(), as_of=date(2026, 7, 9)).by_owner()
            {}
        """
        owners: dict[str | None, tuple[Due, ...]] = {}
        for row in self._rows.values():
            owners[row.owner] = (*owners.get(row.owner, ()), row)
        return owners

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<DueList of {len(self)} goals on {self.as_of}>"

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (row.goal, row.owner or "", row.state, str(row.slot), str(row.days_late), str(len(row.missed)))
            for row in self._rows.values()
        ]


_HEAD: Final = ("goal", "owner", "state", "slot", "days late", "missed")
_RIGHT: Final = frozenset({4, 5})


def due(
    plan: Plan,
    *,
    as_of: date,
    expects: Expects | str = Expects.MEASURED,
    early_days: int | None = None,
    workdays: WorkCalendar | None = None,
) -> DueList:
    """
    Return who owes a check-in on a day, and which were missed.

    A goal follows its own cadence, else its nearest ancestor's, within its period and while it is
    approved or active. A check-in answers the oldest slot that is open on its day: from the day after the
    slot before it until its grace is over. What nobody answers is due, overdue after its grace, and
    missed once the next slot comes as well; a goal stays overdue until somebody checks in, it is closed, or its
    period is over and another slot would have come, which after a check-in per cycle is never. Of a
    goal without a first day, an anchor or a fact, only the last slot is asked for; of a backlog, none.
    Cadences are taken as defined on the day.

    Args:
        plan: The plan.
        as_of: The day.
        expects: Of which goals check-ins are expected: ``measured`` or ``every_goal``.
        early_days: How many days before a slot a check-in may answer it, 0 to 9999; None for any day since the
            last slot. What comes earlier is a late answer to the slot before, if that is still open.
        workdays: Which days are worked, for cadences that move off others; Monday to Friday without one.

    Raises:
        InvalidValue: If an argument is not what it should be.

    Example:
        >>> from goalkit import Cadence, CheckIn, KeyResult, Plan
        >>> weekly = Cadence.weekly("monday", grace_days=2)
        >>> plan = Plan.of(KeyResult(id="nps", title="NPS", first_day="2026-07-01", cadence=weekly))
        >>> due(plan, as_of=date(2026, 7, 8))["nps"].state, due(plan, as_of=date(2026, 7, 9))["nps"].state
        (<SlotState.DUE: 'due'>, <SlotState.OVERDUE: 'overdue'>)
        >>> [*due(plan.record(CheckIn(goal="nps", on="2026-07-07", value=43)), as_of=date(2026, 7, 9))]
        []
    """
    book = Book(plan, as_of, expects=expects, early_days=early_days, workdays=workdays)
    rows: list[Due] = []
    for position in book.positions():
        owed = book.owed(position)
        if not owed:
            continue
        check_ins, grace_days = book.check_ins(position), book.cadence(position).grace_days
        is_late = (book.as_of - owed[0]).days > grace_days
        rows.append(
            Due(
                goal=book.goal_id(position),
                owner=book.owner(position),
                state=SlotState.OVERDUE if is_late else SlotState.DUE,
                slot=owed[0],
                days_late=(book.as_of - owed[0]).days,
                missed=tuple(slot for slot in owed[:-1] if (book.as_of - slot).days > grace_days),
                last=check_ins[-1] if check_ins else None,
                next=book.next(position),
            )
        )
    rows.sort(key=lambda row: row.slot)
    return DueList(book, {row.goal: row for row in rows})
