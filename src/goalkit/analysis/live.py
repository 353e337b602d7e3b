"""A roll-up that follows a plan: one change moves up to what it concerns, and nothing else is worked out again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import final

from ..calendars import day
from ..errors import InvalidValue
from ..model.goals import KeyResult, Milestone
from ..model.kpis import Observation
from ..model.plan import Plan
from ..model.records import Fact, Revision
from ..policies import DEFAULT, Policy
from ..values import instance
from .columns import Columns
from .deltas import Deltas
from .engine import calendar_at
from .formulas import measured
from .parts import Source
from .passes import work_out
from .rollup import GoalProgress, Rollup
from .waves import Wave, told


@final
class LiveRollup(Mapping[str, GoalProgress]):
    """
    The progress of every goal of a plan, kept up to date while facts are recorded and days pass.

    It reads like a `Rollup`. A recorded check-in is moved up to every goal above it, once each, and
    nothing else is looked at; a revision works everything out again. Its figures are those of a fresh
    roll-up to within 1e-12, and exactly those after `recompute`.

    Args:
        plan: The plan to start from.
        as_of: The day to start at.
        policy: The choices behind the figures.

    Raises:
        InvalidValue: If it is not a plan, ``as_of`` is not a day, or the policy is not one.

    Example:
        >>> from goalkit import CheckIn, Increase, KeyResult, Objective, Plan
        >>> plan = Plan.of(
        ...     Objective(id="app", title="A joy to use"),
        ...     KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start=42, target=70)),
        ... )
        >>> live = LiveRollup(plan, as_of=date(2026, 8, 15))
        >>> live.record(CheckIn(goal="nps", on="2026-08-10", value=56))
        ('nps', 'app')
        >>> live["app"].value
        0.5
    """

    __slots__ = ("_columns", "_deltas", "_later", "_turns")

    def __init__(self, plan: Plan, *, as_of: date, policy: Policy = DEFAULT) -> None:
        instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
        instance(Policy, policy, "Policy and Policy.from_dict make one")
        self._start(work_out(plan, day(as_of), policy).copy())

    def _start(self, columns: Columns) -> None:
        self._columns = columns
        self._deltas = Deltas(columns)
        self._turns: dict[date, list[int]] | None = None
        self._later: list[Fact] | None = None

    # -- what it holds --------------------------------------------------------------------------

    @property
    def plan(self) -> Plan:
        """The plan with everything that was recorded."""
        return self._columns.plan

    @property
    def as_of(self) -> date:
        """The day of the figures."""
        return self._columns.as_of

    @property
    def policy(self) -> Policy:
        """The choices behind the figures."""
        return self._columns.policy

    @property
    def columns(self) -> Columns:
        """The figures by position, as they are now; for those who write analyses."""
        return self._columns

    def __getitem__(self, goal_id: str) -> GoalProgress:
        return Rollup(self._columns)[goal_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.structure.ids)

    def __len__(self) -> int:
        return len(self._columns.goals)

    def __contains__(self, goal_id: object) -> bool:
        return goal_id in self._columns.structure.at

    def __repr__(self) -> str:
        return f"<LiveRollup of {len(self)} goals on {self.as_of}>"

    def progress(self, goal_id: str) -> float | None:
        """
        Return a goal's progress alone, without what contributes to it, or None where it is unknown.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Milestone, Plan
            >>> plan = Plan.of(Milestone(id="m", title="Open", done_on="2026-08-01"))
            >>> LiveRollup(plan, as_of=date(2026, 8, 15)).progress("m")
            1.0
        """
        return Rollup(self._columns).progress(goal_id)

    # -- what changes it ------------------------------------------------------------------------

    def record(self, *facts: Fact | Observation) -> tuple[str, ...]:
        """
        Record facts, and move what they change up to the goals that it concerns.

        Args:
            facts: Check-ins, revisions, transitions and observations, in any order.

        Returns:
            The ids of the goals whose figures changed, children before their parents.

        Raises:
            InvalidPlan: If the facts do not fit the plan; then nothing has changed.

        Example:
            >>> from goalkit import CheckIn, Milestone, Plan
            >>> live = LiveRollup(Plan.of(Milestone(id="m", title="Open")), as_of=date(2026, 8, 15))
            >>> live.record(CheckIn(goal="m", on="2026-08-15", value=True))
            ('m',)
        """
        before = self.plan
        new = [fact for fact in facts if isinstance(fact, Fact) and fact.id not in before.log]
        return self._follow(before.record(*facts), new)

    def update(self, plan: Plan) -> tuple[str, ...]:
        """
        Go over to another version of the plan.

        Args:
            plan: The plan, with goals or facts added, changed or removed.

        Returns:
            The ids of the goals whose figures changed, children before their parents; those that are
            gone are not among them.

        Raises:
            InvalidValue: If it is not a plan.

        Example:
            >>> from goalkit import Milestone, Objective, Plan
            >>> live = LiveRollup(Plan.of(Objective(id="o", title="O")), as_of=date(2026, 8, 15))
            >>> live.update(live.plan.add(Milestone(id="m", title="M", parent="o", done_on="2026-08-01")))
            ('m', 'o')
        """
        instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
        added, _ = plan.log.beyond(self.plan.log)
        if plan.written is not self.plan.written or not plan.log.starts_with(self.plan.log):
            return self._restart(plan, self.as_of)
        return self._follow(plan, added)

    def advance(self, as_of: date) -> tuple[str, ...]:
        """
        Go on to a later day: what was recorded for the days between becomes true.

        Args:
            as_of: The day, not before the one that it stands at.

        Returns:
            The ids of the goals whose figures changed, children before their parents.

        Raises:
            InvalidValue: If it is not a day, or an earlier one.

        Example:
            >>> from goalkit import Milestone, Plan
            >>> opened = Milestone(id="m", title="Open", done_on="2026-08-20")
            >>> live = LiveRollup(Plan.of(opened), as_of=date(2026, 8, 15))
            >>> live.advance(date(2026, 8, 31)), live["m"].value
            (('m',), 1.0)
        """
        until, since = day(as_of), self.as_of
        if until < since:
            hint = "make another LiveRollup for an earlier day"
            raise InvalidValue.of("days_out_of_order", f"{until} is before {since}", path="as_of", hint=hint)
        facts = self._until(until)
        if any(isinstance(fact, Revision) for fact in facts):
            return self._restart(self.plan, until)
        columns, turns = self._columns, self._all_turns()  # those after the day that it still stands at
        columns.as_of = until
        positions = {columns.structure.at[fact.goal] for fact in facts}
        for turn, turned in turns.items():
            if since < turn <= until:
                positions.update(turned)
        return self._move(positions)

    def turns(self, since: date, until: date) -> list[date]:
        """
        Return the days on which a goal changes without a fact: it begins, was done, or its KPI was observed.

        Args:
            since: The day before the first one.
            until: The last day.

        Example:
            >>> from goalkit import Milestone, Plan
            >>> live = LiveRollup(Plan.of(Milestone(id="m", title="M", done_on="2026-08-20")), as_of=date(2026, 8, 15))
            >>> live.turns(date(2026, 8, 15), date(2026, 8, 31))
            [datetime.date(2026, 8, 20)]
        """
        return sorted(turn for turn in self._all_turns() if since < turn <= until)

    def step(self, as_of: date) -> Iterator[str]:
        """
        Go on to a later day, one goal that changes without a fact after the other.

        Args:
            as_of: The day; there are no facts of the days between.

        Yields:
            The id of each goal, by id, right after what it changes was worked out.

        Example:
            >>> from goalkit import Milestone, Plan
            >>> live = LiveRollup(Plan.of(Milestone(id="m", title="M", done_on="2026-08-20")), as_of=date(2026, 8, 15))
            >>> [*live.step(date(2026, 8, 31))]
            ['m']
        """
        since, columns, turns = self.as_of, self._columns, self._all_turns()
        columns.as_of = as_of
        turned = {at for turn, positions in turns.items() if since < turn <= as_of for at in positions}
        for goal_id, position in sorted((columns.structure.ids[position], position) for position in turned):
            self._move({position})
            yield goal_id

    def recompute(self) -> tuple[str, ...]:
        """
        Work everything out again, as a fresh roll-up does, so that nothing is left of rounding.

        Returns:
            The ids of the goals whose figures changed, be it in their last digit.

        Example:
            >>> from goalkit import Plan
            >>> LiveRollup(Plan.of(), as_of=date(2026, 8, 15)).recompute()
            ()
        """
        return self._restart(self.plan, self.as_of)

    # -- how it moves ---------------------------------------------------------------------------

    def _follow(self, plan: Plan, facts: Sequence[Fact]) -> tuple[str, ...]:
        """Take new facts in."""
        current = [fact for fact in facts if fact.on <= self.as_of]
        by_kpi = bool(self._columns.shape.by_kpi) and plan.observed is not self.plan.observed
        if by_kpi or any(isinstance(fact, Revision) for fact in current):
            return self._restart(plan, self.as_of)
        self._columns.plan = plan
        if len(current) < len(facts):
            self._later = None
        return self._move({self._columns.structure.at[fact.goal] for fact in current})

    def _until(self, until: date) -> list[Fact]:
        """Return the facts of the days after the one that it stands at, up to another one, and drop them."""
        if self._later is None:
            self._later = sorted((fact for fact in self.plan.log if fact.on > self.as_of), key=_day_of, reverse=True)
        facts: list[Fact] = []
        while self._later and self._later[-1].on <= until:
            facts.append(self._later.pop())
        return facts

    def _restart(self, plan: Plan, as_of: date) -> tuple[str, ...]:
        """Work everything out again, and tell what is different."""
        old = self._columns
        self._start(work_out(plan, as_of, old.policy).copy())
        new, before = self._columns, old.structure.at
        ids = new.structure.ids
        likely: Collection[int] = _unlike(old, new) if ids == old.structure.ids else range(len(ids))
        return self._told(
            position
            for position in likely
            if ids[position] not in before or told(old, before[ids[position]]) != told(new, position)
        )

    def _told(self, positions: Iterable[int]) -> tuple[str, ...]:
        columns, rank = self._columns, self._columns.structure.rank
        # What stands for a share of a goal follows it.
        ordered = sorted((columns.source[position] is Source.SHARE, rank[position], position) for position in positions)
        return tuple(columns.structure.ids[position] for _, _, position in ordered)

    def _all_turns(self) -> dict[date, list[int]]:
        """Return the days on which a goal changes without a fact: it begins, was done, or its KPI was observed."""
        if self._turns is None:
            turns: dict[date, list[int]] = {}
            for position, goal in enumerate(self._columns.goals):
                first_day = self._columns.periods[position][0]
                done_on = goal.done_on if isinstance(goal, Milestone) else None
                for turn in {first_day, done_on}:
                    if turn is not None:
                        turns.setdefault(turn, []).append(position)
            for position in self._columns.shape.by_kpi:
                for turn in self._observed(position):
                    turns.setdefault(turn, []).append(position)
            self._turns = turns
        return self._turns

    def _observed(self, position: int) -> set[date]:
        """
        Return the days after the one it stands at on which the KPI that a goal is measured by is another.

        On some it was observed, and on some there is more than one period of what is of one period only.
        """
        columns, plan = self._columns, self.plan
        goal, (first_day, last_day) = columns.goals[position], columns.periods[position]
        kpi = goal.measured_by if isinstance(goal, KeyResult) else None
        leaves = () if kpi is None else measured(plan, plan.kpi(kpi), None).leaves
        found = {each.on for leaf in leaves for each in plan.observed.about(leaf.kpi.id)}
        begin, calendar = (first_day or date.min).toordinal(), calendar_at(columns, position)
        ends = {end for leaf in leaves if (end := leaf.alone_until(begin, calendar)) is not None}
        until = (last_day or date.max).toordinal()
        found |= {date.fromordinal(end + 1) for end in ends if end < until}
        return {each for each in found if each > self.as_of}

    def _move(self, positions: set[int]) -> tuple[str, ...]:
        """Take up what the facts of some goals say, and move it up."""
        if len(positions) * _FULL_FROM > len(self._columns.goals) > _FULL_FROM:
            return self._restart(self.plan, self.as_of)
        return self._told(Wave(self._columns, self._deltas).move(positions))


# From a change of this part of all goals on, working everything out again is quicker.
_FULL_FROM = 50


def _unlike(old: Columns, new: Columns) -> list[int]:
    """Return the goals, the same ones in both, that some column tells apart."""
    found = {*old.total, *new.total}
    for name in ("value", "coverage", "raw", "reason", "reading"):
        pairs = zip(getattr(old, name), getattr(new, name), strict=True)
        found.update([at for at, (was, now) in enumerate(pairs) if was is not now and was != now])
    return sorted(found)


def _day_of(fact: Fact) -> date:
    return fact.on
