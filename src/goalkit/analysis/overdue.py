"""Who is overdue, kept in order of the day from which they are, so that nobody else is looked at."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from datetime import date
from operator import itemgetter
from typing import final

from ..calendars import WorkCalendar, day
from ..errors import InvalidValue
from ..model.plan import Plan
from ..model.records import CheckIn, Fact
from ..model.slots import plus
from .slots import Book, Expects

# From when on a goal's owner owes something, the goal's position and id, the slot that is not answered, and the
# day on which that is over.
_Entry = tuple[date, int, str, date, date | None]


@final
class DueIndex:
    """
    Who owes a check-in on a day and on later ones, without looking at everybody again.

    A recorded check-in costs a little for its own goal; what is asked costs as much as the answer is long.
    It tells the same as `due`.

    Args:
        plan: The plan.
        as_of: The first day that can be asked about.
        expects: Of which goals check-ins are expected, as in `due`.
        early_days: How many days before a slot a check-in may answer it, as in `due`.
        workdays: Which days are worked, as in `due`.

    Raises:
        InvalidValue: If an argument is not what it should be.

    Example:
        >>> from goalkit import Cadence, CheckIn, KeyResult, Plan
        >>> plan = Plan.of(KeyResult(id="nps", title="NPS", first_day="2026-07-01", cadence=Cadence.weekly("monday")))
        >>> index = DueIndex(plan, as_of=date(2026, 7, 6))
        >>> index.overdue(date(2026, 7, 6)), index.overdue(date(2026, 7, 7))
        ({}, {'nps': datetime.date(2026, 7, 6)})
        >>> index.record(CheckIn(goal="nps", on="2026-07-07", value=43))
        >>> index.overdue(date(2026, 7, 8))
        {}
    """

    __slots__ = ("_adrift", "_book", "_due", "_entries", "_later", "_overdue")

    def __init__(
        self,
        plan: Plan,
        *,
        as_of: date,
        expects: Expects | str = Expects.MEASURED,
        early_days: int | None = None,
        workdays: WorkCalendar | None = None,
    ) -> None:
        self._start(Book(plan, as_of, expects=expects, early_days=early_days, workdays=workdays))

    def _start(self, book: Book) -> None:
        self._book = book
        self._entries: dict[int, tuple[_Entry, _Entry]] = {}
        # Goals of which nobody has said since when: what they owe is their last slot, whatever the day.
        self._adrift: set[int] = set()
        for position in book.positions():
            self._put(position)
        self._due: list[_Entry] = sorted(due for due, _ in self._entries.values())
        self._overdue: list[_Entry] = sorted(overdue for _, overdue in self._entries.values())
        self._later = sorted({fact.on for fact in book.plan.log if fact.on > book.as_of})

    @property
    def plan(self) -> Plan:
        """The plan with everything that was recorded."""
        return self._book.plan

    @property
    def as_of(self) -> date:
        """The first day that can be asked about."""
        return self._book.as_of

    def due(self, on: date) -> dict[str, date]:
        """
        Return the goals that are due or overdue, each with the slot that nobody has answered.

        Args:
            on: The day, not before `as_of`. What was recorded for the days between is seen.

        Raises:
            InvalidValue: If it is not a day, or an earlier one.
        """
        return self._until(on, overdue=False)

    def overdue(self, on: date) -> dict[str, date]:
        """
        Return the goals that are overdue, each with the slot that nobody has answered.

        Args:
            on: The day, not before `as_of`. What was recorded for the days between is seen.

        Raises:
            InvalidValue: If it is not a day, or an earlier one.
        """
        return self._until(on, overdue=True)

    def record(self, *facts: Fact) -> None:
        """
        Record facts.

        Args:
            facts: Check-ins, revisions and transitions, in any order.

        Raises:
            InvalidPlan: If the facts do not fit the plan; then nothing has changed.
        """
        book = self._book
        grown = book.plan.record(*facts)
        new = [fact for fact in facts if fact.id not in book.plan.log]
        if any(fact.on > book.as_of or not isinstance(fact, CheckIn) for fact in new):
            self._start(book.of(grown, book.as_of))
            return
        book.plan = grown
        for position in {book.definitions.structure.at[fact.goal] for fact in new}:
            if not book.expects_of(position):
                continue
            self._drop(position)
            self._put(position)
            if position in self._entries:
                due, overdue = self._entries[position]
                insort(self._due, due)
                insort(self._overdue, overdue)

    def _until(self, on: date, *, overdue: bool) -> dict[str, date]:
        on, book = day(on), self._book
        if on < book.as_of:
            hint = "make another index for an earlier day"
            raise InvalidValue.of("days_out_of_order", f"{on} is before {book.as_of}", path="on", hint=hint)
        if self._later and self._later[0] <= on:
            self._start(book.of(book.plan, on))
            book = self._book
        rows = self._overdue if overdue else self._due
        owed = rows[: bisect_right(rows, on, key=itemgetter(0))]
        found = {goal_id: slot for _, _, goal_id, slot, over in owed if over is None or on < over}
        for position in self._adrift:
            slot = book.last(position, on)
            over = book.ends(position)
            is_late = slot is not None and (on - slot).days > book.cadence(position).grace_days
            if slot is not None and (is_late or not overdue) and (over is None or on < over):
                found[book.goal_id(position)] = slot
        return found

    def _put(self, position: int) -> None:
        """Find the slot of a goal that waits for an answer, and from when on that is overdue."""
        book = self._book
        if not book.is_open(position, book.as_of):
            return
        if not book.has_begun(position):
            self._adrift.add(position)
            return
        waiting = book.waiting(position)
        slot = waiting[0] if waiting else book.next(position, book.next(position))
        if slot is not None:
            late = plus(slot, book.cadence(position).grace_days + 1)
            goal_id, over = book.goal_id(position), book.ends(position)
            self._entries[position] = (slot, position, goal_id, slot, over), (late, position, goal_id, slot, over)

    def _drop(self, position: int) -> None:
        """Take a goal out."""
        self._adrift.discard(position)
        for rows, entry in zip((self._due, self._overdue), self._entries.pop(position, ()), strict=False):
            del rows[bisect_left(rows, entry)]
