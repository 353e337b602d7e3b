"""The slots of every goal: on which days a check-in was expected, and whether one came."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import takewhile
from typing import Final, final

from attrs import frozen

from ..calendars import Cadence, CadenceUnit, WorkCalendar, day
from ..errors import InvalidValue
from ..model.facts import standing
from ..model.goals import Goal, KeyResult, Objective
from ..model.inheriting import counting_above, nearest
from ..model.methods import RollupMethod
from ..model.moves import Move, lived
from ..model.plan import Plan
from ..model.records import CheckIn, Grade, Transition
from ..model.slots import Answer, Period, answers, plus
from ..model.stages import RUNNING
from ..quantities import whole
from ..values import choice, instance


class Expects(StrEnum):
    """
    Of which goals check-ins are expected, where they have a cadence or take one over.

    - ``measured``: of those that are read from their own check-ins: key results, and objectives with a
      metric. Of milestones and initiatives where they have a cadence of their own.
    - ``every_goal``: of every goal, as where each has a status update.

    Example:
        >>> Expects("measured") is Expects.MEASURED
        True
    """

    MEASURED = "measured"
    EVERY_GOAL = "every_goal"


class SlotState(StrEnum):
    """
    What became of a slot by a day.

    Example:
        >>> [state.value for state in SlotState]
        ['answered', 'late', 'missed', 'overdue', 'due', 'upcoming']
    """

    ANSWERED = "answered"  # a check-in came in time, its grace included
    LATE = "late"  # a check-in came after its grace
    MISSED = "missed"  # no check-in came, and the next slot has come or was answered
    OVERDUE = "overdue"  # no check-in has come, and its grace is over
    DUE = "due"  # it has come, and its grace is not over
    UPCOMING = "upcoming"  # it lies ahead


@frozen(kw_only=True)
class Slot:
    """
    One expected check-in of a goal, as it stood on a day.

    Attributes:
        goal: The goal's id.
        owner: The id of who owns the goal, or the nearest goal above it that anybody owns; None for nobody.
        day: The expected day.
        state: What became of it by the day that was asked about.
        check_in: The check-in that answered it.
        days_late: How many days after the slot it was answered, or how many have passed without.

    Example:
        >>> from goalkit import Cadence, Cycle, KeyResult, Plan, schedule
        >>> plan = Plan.of(KeyResult(id="nps", title="NPS", owner="ida", cadence=Cadence.quarterly()))
        >>> [(slot.day.isoformat(), slot.owner, slot.state.value) for slot in schedule(plan, Cycle.quarter(2026, 3))]
        [('2026-09-30', 'ida', 'upcoming')]
    """

    goal: str
    owner: str | None
    day: date
    state: SlotState
    check_in: CheckIn | None
    days_late: int


@final
class Book:
    """
    The slots of a plan's goals, as defined on a day.

    Args:
        plan: The plan.
        as_of: The day. Later facts are not seen.
        expects: Of which goals check-ins are expected.
        early_days: How many days before a slot a check-in may answer it; None for any day since the last slot.
        workdays: Which days are worked, for cadences with a shift.
    """

    __slots__ = (
        "_cadences",
        "_goals",
        "_moves",
        "_owners",
        "_under",
        "as_of",
        "definitions",
        "early",
        "expects",
        "plan",
        "workdays",
    )

    def __init__(
        self,
        plan: Plan,
        as_of: date,
        *,
        expects: Expects | str,
        early_days: int | None,
        workdays: WorkCalendar | None,
    ) -> None:
        self.plan = instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
        as_of = self.as_of = day(as_of)
        self.expects: Final = choice(Expects, expects)
        try:
            self.early: Final = None if early_days is None else whole(early_days, least=0, most=9999)
        except InvalidValue as error:
            raise error.under("early_days") from None
        self.workdays: Final = workdays
        self.definitions: Final = plan.definitions(as_of)
        self._goals: Final[Sequence[Goal]] = [*self.definitions.goals.values()]
        self._cadences: Final[list[Cadence | None]] = nearest(self.definitions, "cadence")
        self._owners: Final[list[str | None]] = nearest(self.definitions, "owner")
        self._moves: Final[dict[int, list[Move]]] = {}
        at = self.definitions.structure.at
        for goal_id in {fact.goal for fact in plan.log if isinstance(fact, (Transition, Grade)) and fact.on <= as_of}:
            goal = self._goals[at[goal_id]]
            self._moves[at[goal_id]] = lived(plan.log.about(goal_id), as_of, goal.approvers).moves
        self._under: Final = self._moved_or_below()

    def _moved_or_below(self) -> set[int]:
        """Return the goals that were moved between stages, and those below them."""
        found = set(self._moves)
        structure = self.definitions.structure
        for position in reversed(structure.children_first) if found else ():
            if not found.isdisjoint(structure.up[position]):
                found.add(position)
        return found

    def positions(self) -> Iterable[int]:
        """Return the positions of the goals of which check-ins are expected, in plan order."""
        return filter(self.expects_of, range(len(self._goals)))

    def expects_of(self, position: int) -> bool:
        """
        Tell whether check-ins are expected of a goal.

        Args:
            position: The goal's position.
        """
        if not (self.has_cadence(position) and self.reads(position)):
            return False
        cycle = self.definitions.cycles.get(self.definitions.periods.cycles[position] or "")
        return cycle is None or cycle.is_dated  # nothing is expected of a backlog

    def has_cadence(self, position: int) -> bool:
        """
        Tell whether a goal has a cadence, or takes one over.

        Args:
            position: The goal's position.
        """
        return self._cadences[position] is not None

    def reads(self, position: int) -> bool:
        """
        Tell whether a goal is one of which check-ins are expected, where it has a cadence.

        Args:
            position: The goal's position.
        """
        goal = self._goals[position]
        if self.expects is Expects.EVERY_GOAL:
            return True
        if isinstance(goal, (KeyResult, Objective)):
            is_read = isinstance(goal, KeyResult) or goal.metric is not None
            return is_read and goal.rollup is not RollupMethod.SUM_OF_VALUES
        return goal.cadence is not None

    def goal_id(self, position: int) -> str:
        """
        Return a goal's id.

        Args:
            position: The goal's position.
        """
        return self._goals[position].id

    def owner(self, position: int) -> str | None:
        """
        Return who owns a goal, or the nearest goal above it that anybody owns.

        Args:
            position: The goal's position.
        """
        return self._owners[position]

    def cadence(self, position: int) -> Cadence:
        """
        Return when a goal's check-ins are expected.

        Args:
            position: The position of a goal of which they are.
        """
        cadence = self._cadences[position]
        assert cadence is not None, "positions() has those with a cadence"  # noqa: S101 - the caller's promise
        return cadence

    def check_ins(self, position: int) -> tuple[CheckIn, ...]:
        """
        Return a goal's check-ins that stand, oldest day first.

        Args:
            position: The goal's position.
        """
        return standing(self.plan.log.about(self.goal_id(position)), self.as_of)

    def is_open(self, position: int, on: date) -> bool:
        """
        Tell whether a goal was approved or active on a day: by its own last record, else by that above it.

        Args:
            position: The goal's position.
            on: The day.
        """
        if position not in self._under:
            return True
        row, seen = [position], {position}
        for at in row:  # it grows while it is read, level by level
            stages = [move.stage for move in self._moves.get(at, ()) if move.on <= on]
            if stages:
                return stages[-1] in RUNNING
            above = counting_above(self.definitions.structure, self._goals[at], supported=False)
            row.extend(parent for parent in above if parent not in seen)
            seen.update(above)
        return True

    def days(self, position: int, last: date, *, since: date = date.min) -> list[date]:
        """
        Return the days on which a goal's check-ins are expected: within its period, while it is open.

        Args:
            position: The goal's position.
            last: The last day that is looked at.
            since: The first day that is looked at.
        """
        begins, ends = self.definitions.periods[position]
        cadence, cycle = self.cadence(position), self._cycle(position)
        if cadence.unit is CadenceUnit.CYCLE and cycle is None:
            return []
        window = Period(max(begins or self._begins(position), since), min(last, ends or last))
        if window.last_day < window.first_day:
            return []
        days = cadence.slots(window, workdays=self.workdays, cycle=cycle)
        if position not in self._under:
            return [*days]
        return [on for on in days if self.is_open(position, on)]

    def has_begun(self, position: int) -> bool:
        """
        Tell whether anybody has said since when check-ins are expected of a goal.

        Args:
            position: The goal's position.
        """
        return self.definitions.periods[position][0] is not None or self._spoken(position) is not None

    def last(self, position: int, on: date) -> date | None:
        """
        Return the last slot of a goal up to a day; None where its period is over by then.

        Args:
            position: The goal's position.
            on: The day.
        """
        found = self._previous(position, plus(on, 1))
        last = self.definitions.periods[position][1]
        return None if found is None or (last is not None and found > last) else found

    def _previous(self, position: int, before: date) -> date | None:
        """Return the last day of a goal's cadence before a day, in its period or before it."""
        cadence, cycle = self.cadence(position), self._cycle(position)
        if cadence.unit is CadenceUnit.CYCLE and cycle is None:
            return None  # there is no cycle that could end
        return cadence.previous(before, workdays=self.workdays, cycle=cycle)

    def _spoken(self, position: int) -> date | None:
        """Return since when somebody has spoken of a goal, or of its check-ins."""
        cadence, facts = self.cadence(position), self.plan.log.about(self.goal_id(position))
        spoken = [facts[0].on] if facts and facts[0].on <= self.as_of else []
        if cadence.anchor is not None:
            spoken.append(cadence.anchor)
            if cadence.shift is not None:  # it may move to a day before the anchor
                spoken.append(cadence.next(date.min, workdays=self.workdays) or cadence.anchor)
        return min(spoken, default=None)

    def _begins(self, position: int) -> date:
        """Return from when on check-ins are expected of a goal without a first day: since somebody spoke of it."""
        return self._spoken(position) or self._previous(position, plus(self.as_of, 1)) or self.as_of

    def _cycle(self, position: int) -> Period | None:
        first, last = self.definitions.periods[position]
        return None if last is None else Period(first or date.min, last)

    def ends(self, position: int) -> date | None:
        """
        Return the day on which the last slot of a goal's period is no longer open: when the next would come.

        Args:
            position: The goal's position.

        Returns:
            None where the period has no end, or no slot would come after it.
        """
        last = self.definitions.periods[position][1]
        if last is None:
            return None
        over, cadence = self._following(position, last), self.cadence(position)
        if over is not None and over <= plus(last, cadence.grace_days):  # the grace may be longer than that
            slot = self._previous(position, plus(last, 1))
            over = over if slot is None else max(over, plus(slot, cadence.grace_days + 1))
        return over

    def next(self, position: int, after: date | None = None) -> date | None:
        """
        Return the next slot of a goal; None where its period is over by then.

        Args:
            position: The goal's position.
            after: The day after which; that of the book where None is given.
        """
        first, last = self.definitions.periods[position]
        since = max(self.as_of if after is None else after, plus(first or date.min, -1))
        found = self._following(position, since)
        return None if found is None or (last is not None and found > last) else found

    def _following(self, position: int, after: date) -> date | None:
        """Return the next day of a goal's cadence, in its period or after it."""
        cadence, cycle = self.cadence(position), self._cycle(position)
        if cadence.unit is CadenceUnit.CYCLE and cycle is None:
            return None  # there is no cycle that could end
        return cadence.next(after, workdays=self.workdays, cycle=cycle)

    def of(self, plan: Plan, as_of: date) -> Book:
        """
        Return the same for another version of the plan, or another day.

        Args:
            plan: The plan.
            as_of: The day.
        """
        return Book(plan, as_of, expects=self.expects, early_days=self.early, workdays=self.workdays)

    def answers(self, position: int, last: date) -> list[Answer]:
        """
        Return a goal's slots from the beginning, and what answered each.

        Args:
            position: The goal's position.
            last: The last day that is looked at.
        """
        days = self.days(position, last)
        if not days:
            return []
        check_ins = self.check_ins(position)
        cadence = self.cadence(position)
        before = cadence.previous(days[0], workdays=self.workdays, cycle=self._cycle(position)) if check_ins else None
        return answers(days, check_ins, before=before, grace_days=cadence.grace_days, early_days=self.early)

    def waiting(self, position: int) -> list[date]:
        """
        Return the slots of a goal that nothing has answered since the last that something did, oldest first.

        It is what `slots` says of them, without a look at what lies before. The first slot after the day of
        the book is among them, unless it is answered already.

        Args:
            position: The goal's position.
        """
        last = self.next(position) or self.as_of
        found = self._recent(position, last)
        if self._is_passed_over(position, found):
            return []
        return [answer.day for answer in takewhile(_is_unanswered, reversed(found))][::-1]

    def owed(self, position: int) -> list[date]:
        """
        Return the slots that a goal's owner owes an answer to on the day of the book, oldest first.

        Args:
            position: The goal's position.
        """
        owed = [slot for slot in self.waiting(position) if slot <= self.as_of]
        over = self.ends(position) if owed else None
        is_over = over is not None and over <= self.as_of
        return [] if is_over or not self.is_open(position, self.as_of) else owed

    def _is_passed_over(self, position: int, found: Sequence[Answer]) -> bool:
        """Tell whether somebody checked in after all of a goal's slots, too late for the last."""
        if not found or found[-1].day >= self.as_of:
            return False
        check_ins = self.check_ins(position)
        return bool(check_ins) and check_ins[-1].on > plus(found[-1].day, self.cadence(position).grace_days)

    def _recent(self, position: int, last: date, since: date | None = None) -> list[Answer]:
        """Return a goal's slots from a day on, its last check-in without one, without a look at what cannot matter."""
        if position in self._under:
            return self.answers(position, last)
        check_ins, grace = self.check_ins(position), self.cadence(position).grace_days
        if since is None:
            since = plus(check_ins[-1].on, -grace) if check_ins else date.min
        days = self.days(position, last, since=since)
        if not check_ins:
            return [Answer(day, None) for day in days]
        if not days:
            return []
        cadence, cycle, on = self.cadence(position), self._cycle(position), [check_in.on for check_in in check_ins]
        begins = self.definitions.periods[position][0] or self._begins(position)
        before = cadence.previous(days[0], workdays=self.workdays, cycle=cycle)
        # What came within the grace of a slot may have answered it, which depends on what came before.
        while before is not None and bisect_right(on, before) < bisect_right(on, plus(before, grace)):
            if before < begins:
                break
            days.insert(0, before)
            before = cadence.previous(before, workdays=self.workdays, cycle=cycle)
        later = check_ins[bisect_right(on, before) :] if before is not None else check_ins
        return answers(days, later, before=before, grace_days=grace, early_days=self.early)

    def slots(self, position: int, last: date | None = None, *, since: date = date.min) -> list[Slot]:
        """
        Return a goal's slots, as they stand on the day of the book.

        Args:
            position: The goal's position.
            since: The first day that is looked at; some before it may be found as well.
            last: The last day that is looked at; the first slot after the day of the book is seen anyway, for
                it may be answered already.
        """
        found = self._recent(position, max(filter(None, (self.as_of, self.next(position), last))), since)
        over = self.ends(position)
        following: list[date | None] = [*(answer.day for answer in found[1:]), over][: len(found)]
        slots: list[Slot] = []
        is_past = self._is_passed_over(position, found)  # or whether a later slot is answered
        for answer, then in zip(reversed(found), reversed(following), strict=True):
            state = self._state(answer, then, self.cadence(position).grace_days, is_past=is_past)
            is_past = is_past or answer.check_in is not None
            answered = self.as_of if answer.check_in is None else answer.check_in.on
            slots.append(
                Slot(
                    goal=self.goal_id(position),
                    owner=self.owner(position),
                    day=answer.day,
                    state=state,
                    check_in=answer.check_in,
                    days_late=max((answered - answer.day).days, 0),
                )
            )
        return slots[::-1]

    def _state(self, answer: Answer, following: date | None, grace: int, *, is_past: bool) -> SlotState:
        over = plus(answer.day, grace)
        if answer.check_in is not None:
            return SlotState.LATE if answer.check_in.on > over else SlotState.ANSWERED
        if answer.day > self.as_of:
            return SlotState.UPCOMING
        if self.as_of <= over and not is_past:
            return SlotState.DUE
        return SlotState.MISSED if is_past or (following is not None and following <= self.as_of) else SlotState.OVERDUE


def _is_unanswered(answer: Answer) -> bool:
    return answer.check_in is None
