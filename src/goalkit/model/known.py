"""What a plan can be asked: its goals, their shape and periods, their facts and where they are in their lives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Self

from ..calendars import Cycle, day
from ..errors import InvalidValue, UnknownId, shown
from .changes import counted
from .definitions import NOTHING_WRITTEN, Definitions
from .facts import FactLog, ObservationLog, standing, uncorrected
from .goals import KEY_RESULT_AREA, Goal, Objective
from .inheriting import INHERITED, nearest
from .kpis import KPI, Observation
from .life import deciding, grade_in_force, own_life, stage_of
from .records import CheckIn, Fact, Grade
from .stages import Stage
from .structure import Period

_NO_FACTS: Final = FactLog()
_UNOBSERVED: Final = ObservationLog()


class Known:
    """Everything that is known, as it can be asked for; `Plan` is what can be made and changed."""

    __slots__ = ("_log", "_now", "_observed", "_written")

    def __init__(
        self, written: Definitions = NOTHING_WRITTEN, log: FactLog = _NO_FACTS, observed: ObservationLog = _UNOBSERVED
    ) -> None:
        self._written: Final = written
        self._log: Final = log
        self._observed: Final = observed
        self._now: Definitions | None = None

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The goals as first written, which with the cycles and the facts are what the plan is made of."""
        return tuple(self._written.goals.values())

    @property
    def cycles(self) -> tuple[Cycle, ...]:
        """The cycles, in the order in which they were added."""
        return tuple(self._written.cycles.values())

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts about goals, in the order in which they were recorded."""
        return tuple(self._log)

    @property
    def kpis(self) -> tuple[KPI, ...]:
        """The KPIs, in the order in which they were added."""
        return tuple(self._written.kpis.values())

    def __getitem__(self, goal_id: str) -> Goal:
        try:
            return self.latest.goals[goal_id]
        except (KeyError, TypeError):
            raise UnknownId.among("goal", goal_id, self._written.goals) from None

    def __contains__(self, goal_id: object) -> bool:
        return isinstance(goal_id, str) and goal_id in self._written.goals

    def __iter__(self) -> Iterator[str]:
        return iter(self._written.goals)

    def __len__(self) -> int:
        return len(self._written.goals)

    def cycle(self, cycle_id: str) -> Cycle:
        """
        Return a cycle by its id.

        Args:
            cycle_id: The cycle's id.

        Raises:
            UnknownId: If the plan holds no such cycle.

        Example:
            >>> from goalkit import Plan
            >>> Plan.of(Cycle.quarter(2026, 3)).cycle("2026-Q3").days
            92
        """
        try:
            return self._written.cycles[cycle_id]
        except (KeyError, TypeError):
            raise UnknownId.among("cycle", cycle_id, self._written.cycles) from None

    def kpi(self, kpi_id: str) -> KPI:
        """
        Return a KPI by its id.

        Args:
            kpi_id: The KPI's id.

        Raises:
            UnknownId: If the plan holds no such KPI.

        Example:
            >>> from goalkit import Plan
            >>> Plan.of(KPI(id="staff", title="Head count", kind="stock")).kpi("staff").title
            'Head count'
        """
        try:
            return self._written.kpis[kpi_id]
        except (KeyError, TypeError):
            raise UnknownId.among("KPI", kpi_id, self._written.kpis) from None

    def observations(self, kpi_id: str, until: date | None = None) -> tuple[Observation, ...]:
        """
        Return what was observed of a KPI and stands, oldest day first; what was corrected is left out.

        Args:
            kpi_id: The KPI.
            until: The last day that is seen; None for all days.

        Raises:
            UnknownId: If there is no such KPI.

        Example:
            >>> from goalkit import Plan
            >>> staff = KPI(id="staff", title="Head count", kind="stock")
            >>> plan = Plan.of(staff, Observation(kpi="staff", on="2026-07-28", value=10))
            >>> [each.value for each in plan.observations("staff")]
            [Decimal('10')]
        """
        found = self._observed.about(self.kpi(kpi_id).id)
        last = None if until is None else day(until)
        return uncorrected(found if last is None else [each for each in found if each.on <= last])

    def children(self, goal_id: str) -> tuple[str, ...]:
        """
        Return the ids of a goal's children, counting or not, in plan order.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Objective, Plan
            >>> Plan.of(Objective(id="a", title="A"), Objective(id="b", title="B", parent="a")).children("a")
            ('b',)
        """
        structure = self.latest.structure
        return tuple(structure.ids[child] for child in structure.down[structure.at[self[goal_id].id]])

    def parents(self, goal_id: str) -> tuple[str, ...]:
        """
        Return the ids of a goal's parents, in the order of its links.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Objective, Plan
            >>> Plan.of(Objective(id="a", title="A"), Objective(id="b", title="B", parent="a")).parents("b")
            ('a',)
        """
        return tuple(link.to for link in self[goal_id].parent)

    def check_ins(self, goal_id: str, until: date | None = None) -> tuple[CheckIn, ...]:
        """
        Return a goal's check-ins that stand, oldest day first; those that were corrected are left out.

        Args:
            goal_id: The goal.
            until: The last day that is seen; None for all days.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Milestone, Plan
            >>> plan = Plan.of(Milestone(id="m", title="M")).record(CheckIn(goal="m", on="2026-08-10", value=0.5))
            >>> plan.check_ins("m", until=date(2026, 8, 9))
            ()
        """
        return standing(self._log.about(self[goal_id].id), None if until is None else day(until))

    def period(self, goal_id: str) -> Period:
        """
        Return a goal's first and last day as last defined: its own, else its cycle's, else its parents'.

        Args:
            goal_id: The goal.

        Returns:
            Both days, inclusive; None for a side that is open.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Objective, Plan
            >>> Plan.of(Cycle.quarter(2026, 3), Objective(id="a", title="A", cycle="2026-Q3")).period("a")
            (datetime.date(2026, 7, 1), datetime.date(2026, 9, 30))
        """
        return self.latest.periods[self.latest.structure.at[self[goal_id].id]]

    def inherited(self, goal_id: str, name: str) -> Any:
        """
        Return a goal's ambition, cadence or owner: its own, else its nearest ancestor's.

        Args:
            goal_id: The goal.
            name: ``ambition``, ``cadence`` or ``owner``.

        Returns:
            What the nearest goal says; of several as near, the one linked first. None where nobody says.

        Raises:
            UnknownId: If there is no such goal.
            InvalidValue: If another field is asked for.

        Example:
            >>> from goalkit import Objective, Plan
            >>> plan = Plan.of(Objective(id="a", title="A", owner="ida"), Objective(id="b", title="B", parent="a"))
            >>> plan.inherited("b", "owner")
            'ida'
        """
        if name not in INHERITED:
            hint = "give ambition, cadence or owner"
            raise InvalidValue.of("unknown_field", f"{shown(name)} is not inherited", hint=hint)
        return nearest(self.latest, name)[self.latest.structure.at[self[goal_id].id]]

    def stage(self, goal_id: str, as_of: date) -> Stage:
        """
        Return where a goal is in its life: its own last record, else its counting parent's, else active.

        Args:
            goal_id: The goal.
            as_of: The day.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Objective, Plan, Transition
            >>> pause = Transition(goal="a", on="2026-08-01", stage="paused")
            >>> plan = Plan.of(Objective(id="a", title="A")).record(pause)
            >>> plan.stage("a", as_of=date(2026, 7, 31)).value, plan.stage("a", as_of=date(2026, 8, 1)).value
            ('active', 'paused')
        """
        until = day(as_of)
        return stage_of(deciding(self[goal_id].id, self.definitions(until), self._log, until))

    def graded(self, goal_id: str, as_of: date) -> Grade | None:
        """
        Return the grade by which a goal is closed: its own, else that of the goal whose stage it follows.

        Args:
            goal_id: The goal.
            as_of: The day.

        Returns:
            The grade, whose ``goal`` says whose it is; None where nobody has graded it, where it was
            reopened since, and where it goes on under a record of its own.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Objective, Plan
            >>> plan = Plan.of(Objective(id="a", title="A"), Objective(id="b", title="B", parent="a"))
            >>> plan = plan.record(Grade(goal="a", on="2026-10-02", outcome="partial", score=0.65, by="cpo"))
            >>> plan.graded("b", as_of=date(2026, 10, 2)).score, plan.graded("b", as_of=date(2026, 10, 1))
            (0.65, None)
        """
        until = day(as_of)
        return grade_in_force(deciding(self[goal_id].id, self.definitions(until), self._log, until))

    def missing_approvals(self, goal_id: str, as_of: date) -> tuple[str, ...]:
        """
        Return who still has to approve a goal, of those that it names, since it was last proposed.

        Args:
            goal_id: The goal.
            as_of: The day.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Approval, Objective, Plan
            >>> plan = Plan.of(Objective(id="a", title="A", approvers=["cpo", "cto"]))
            >>> plan = plan.move("a", "proposed", on=date(2026, 6, 10), by="ida")
            >>> plan = plan.record(Approval(goal="a", on="2026-06-18", by="cpo"))
            >>> plan.missing_approvals("a", as_of=date(2026, 6, 18))
            ('cto',)
        """
        until = day(as_of)
        return own_life(self[goal_id].id, self.definitions(until), self._log, until).missing

    def areas(self, owner: str | None = None) -> tuple[str, ...]:
        """
        Return the key result areas: the objectives of that level, under which goals are weighted.

        Args:
            owner: Whose; None for everybody's. An area without an owner has its nearest ancestor's.

        Example:
            >>> from goalkit import Objective, Plan
            >>> sales = Objective(id="sales", title="Sales", level="key_result_area", owner="ida", weight=60)
            >>> Plan.of(sales, Objective(id="app", title="App", owner="ida")).areas("ida")
            ('sales',)
        """
        goals = self.latest.goals.values()
        found = [goal.id for goal in goals if isinstance(goal, Objective) and goal.level == KEY_RESULT_AREA]
        return tuple(each for each in found if owner is None or self.inherited(each, "owner") == owner)

    def as_of(self, day_: date) -> Self:
        """
        Return the plan as it was true on a day: definitions as revised by then, no later facts.

        Args:
            day_: The day; it sees everything that applies to it or to an earlier one.

        Example:
            >>> from goalkit import Objective, Plan
            >>> plan = Plan.of(Objective(id="a", title="A")).amend("a", on=date(2026, 9, 1), title="B")
            >>> plan.as_of(date(2026, 8, 31))["a"].title, plan.as_of(date(2026, 9, 1))["a"].title
            ('A', 'B')
        """
        until = day(day_)
        past, observed = self._log.until(until), self._observed.until(until)
        same = past is self._log and observed is self._observed
        return self if same else type(self)(self._written, past, observed)

    def definitions(self, as_of: date) -> Definitions:
        """
        Return the goals as they were defined on a day, with their shape; for those who write analyses.

        Args:
            as_of: The day.

        Example:
            >>> from goalkit import Objective, Plan
            >>> plan = Plan.of(Objective(id="a", title="A")).amend("a", on=date(2026, 9, 1), title="B")
            >>> plan.definitions(date(2026, 9, 1)).goals["a"].title
            'B'
        """
        until = day(as_of)
        return self._written.revised([revision for revision in self._log.revisions() if revision.on <= until])

    @property
    def latest(self) -> Definitions:
        """The goals as they were last defined, with their shape; for those who write analyses."""
        if self._now is None:
            self._now = self._written.revised(self._log.revisions())
        return self._now

    @property
    def written(self) -> Definitions:
        """The goals and cycles as first written, and the KPIs, by id; for those who write analyses."""
        return self._written

    @property
    def log(self) -> FactLog:
        """The facts with the ways to find them; for those who write analyses."""
        return self._log

    @property
    def observed(self) -> ObservationLog:
        """What was observed of KPIs, with the ways to find it; for those who write analyses."""
        return self._observed

    def __eq__(self, other: object) -> bool:
        """Two plans are equal when they hold the same goals, cycles and KPIs, and the same facts day by day."""
        if not isinstance(other, Known):
            return NotImplemented
        mine, theirs = self._written, other._written
        same = mine is theirs or (
            mine.goals == theirs.goals and mine.cycles == theirs.cycles and mine.kpis == theirs.kpis
        )
        return same and self._log == other._log and self._observed == other._observed

    def __hash__(self) -> int:
        return hash((frozenset(self._written.goals), frozenset(self._written.cycles), len(self._log)))

    def __repr__(self) -> str:
        goals, cycles = counted(len(self), "goal"), counted(len(self._written.cycles), "cycle")
        told = f"{goals}, {cycles}, {counted(len(self._log), 'fact')}"
        if kpis := self._written.kpis:
            told += f", {counted(len(kpis), 'KPI')}, {counted(len(self._observed), 'observation')}"
        return f"<Plan of {told}>"
