"""The plan: cycles, goals, links and dated facts as one immutable, consistent value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, TypeVar, final

from attrs import evolve

from ..calendars import Cycle
from ..errors import InvalidPlan, InvalidValue, Problem, shown
from .building import Parts, Thing, assemble, check, placed
from .carrying import carried_over
from .changes import corrected, removal, replaced_kpis, replacement
from .definitions import Definitions
from .facts import FactLog, ObservationLog
from .goals import Goal
from .known import Known
from .kpis import KPI, Observation
from .life import check_correction, check_move, check_revision
from .moves import last_move
from .records import Fact, Revision, Transition
from .stages import Outcome, Stage

_T = TypeVar("_T", Goal, Cycle, KPI)


@final
class Plan(Known):
    """
    Everything that is known: cycles, goals, KPIs and dated facts.

    A plan never changes: what would change it returns another plan that shares the rest. It is always
    consistent: what would break it raises `InvalidPlan` with every problem. ``plan[id]`` is a goal as
    it was last defined; ``plan.as_of(day)[id]`` is the goal as it was defined on a day.

    Example:
        >>> from goalkit import CheckIn, Cycle, Increase, KeyResult, Objective
        >>> plan = Plan.of(
        ...     Cycle.quarter(2026, 3),
        ...     Objective(id="app", title="Make the mobile app a joy to use", cycle="2026-Q3"),
        ...     KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start=42, target=70)),
        ... )
        >>> plan = plan.record(CheckIn(goal="nps", on="2026-08-10", value=56))
        >>> plan
        <Plan of 2 goals, 1 cycle, 1 fact>
    """

    __slots__ = ()

    # -- making plans ---------------------------------------------------------------------------

    @classmethod
    def of(cls, *things: Thing) -> Plan:
        """
        Make a plan from cycles, goals, KPIs and facts, in any order.

        Args:
            *things: What the plan holds. The same thing twice is one thing.

        Raises:
            InvalidPlan: If they do not make a plan; every problem is named.

        Example:
            >>> Plan.of()
            <Plan of 0 goals, 0 cycles, 0 facts>
        """
        _refuse_strangers(things, _THINGS, "Plan.of", "Plan.of")
        return built(things, {})

    @classmethod
    def from_dicts(cls, rows: Iterable[Mapping[str, Any]]) -> Plan:
        """
        Make a plan from plain dicts: rows of a database, a JSON body, a dataframe.

        Args:
            rows: Dicts with a ``kind``, in any order, as `to_dicts` writes them. What is None counts
                as not given; unknown fields are kept in ``extra``.

        Raises:
            InvalidPlan: If they do not make a plan; every problem is named, with the row's place.

        Example:
            >>> Plan.from_dicts([{"kind": "objective", "id": "app", "title": "App"}])["app"].title
            'App'
        """
        from ..documents.reading import read_plan  # noqa: PLC0415 - cattrs is loaded only where documents are used

        return read_plan(rows)

    @classmethod
    def salvage(cls, rows: Iterable[Mapping[str, Any]]) -> tuple[Plan, tuple[Problem, ...]]:
        """
        Make a plan from whatever is readable, and say what was not.

        Links that lead nowhere or close a loop are cut; a metric that cannot be read is kept as it was
        written and makes its goal unknown; a field that cannot be read is kept in ``extra``.

        Args:
            rows: Dicts as `from_dicts` takes them.

        Returns:
            The plan, and everything that is wrong with the rows.

        Example:
            >>> plan, problems = Plan.salvage([{"kind": "objective", "id": "a", "title": "A", "parent": "nowhere"}])
            >>> plan["a"].parent, problems[0].code
            ((), 'unknown_parent')
        """
        from ..documents.salvage import salvage_plan  # noqa: PLC0415 - as above

        return salvage_plan(rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return the plan as plain dicts, ready for JSON: cycles, goals, KPIs, facts, observations.

        Fields that have their default value are left out; numbers that were measured are text.

        Example:
            >>> from goalkit import Objective
            >>> Plan.of(Objective(id="app", title="App")).to_dicts()
            [{'kind': 'objective', 'version': 1, 'id': 'app', 'title': 'App'}]
        """
        from ..documents.writing import to_dict  # noqa: PLC0415 - as above

        written = self._written
        defined = (*written.cycles.values(), *written.goals.values(), *written.kpis.values())
        return [to_dict(thing) for thing in (*defined, *self._log, *self._observed)]

    def add(self, *things: Goal | Cycle | KPI) -> Plan:
        """
        Return a plan with more goals, cycles and KPIs; what is there already changes nothing.

        Args:
            *things: Goals, cycles and KPIs.

        Raises:
            InvalidPlan: If an id is taken by something else, or the plan would not be consistent.

        Example:
            >>> from goalkit import Objective
            >>> app = Objective(id="app", title="App")
            >>> Plan.of(app).add(app) == Plan.of(app)
            True
        """
        _refuse_strangers(things, (Goal, Cycle, KPI), "add", "record")
        return built(things, {}, self)

    def record(self, *facts: Fact | Observation) -> Plan:
        """
        Return a plan with more facts; the same fact twice is one fact.

        Its cost does not grow with the plan, unless a revision moves goals.

        Args:
            *facts: Check-ins, revisions, transitions, observations of KPIs and all other facts.

        Raises:
            InvalidPlan: If a fact is about something that does not exist, or says what it cannot mean.

        Example:
            >>> from goalkit import CheckIn, Milestone
            >>> plan = Plan.of(Milestone(id="m", title="Launch")).record(CheckIn(goal="m", on="2026-09-01", value=True))
            >>> plan.check_ins("m")[0].value
            True
        """
        _refuse_strangers(facts, (Fact, Observation), "record", "add")
        return built(facts, {}, self)

    def replace(self, *things: Goal | KPI) -> Plan:
        """
        Return a plan in which goals and KPIs that are there have other definitions: a correction, for all days.

        Args:
            *things: The new definitions, found by their ids. What differs from the last definition is
                corrected; what does not is left as it is, on every day.

        Raises:
            UnknownId: If there is no such goal, or KPI.
            InvalidPlan: If the plan would not be consistent; if the correction is of something that
                was revised, so that it is not known for which days it is meant; or if it is of what
                was fixed when the goal was approved.

        Example:
            >>> from goalkit import Objective
            >>> Plan.of(Objective(id="app", title="App")).replace(Objective(id="app", title="The app"))["app"].title
            'The app'
        """
        _refuse_strangers(things, (Goal, KPI), "replace", "add")
        goals = [thing for thing in things if isinstance(thing, Goal)]
        kpis = [thing for thing in things if isinstance(thing, KPI)]
        for goal in goals:
            self[goal.id]
        for kpi in kpis:
            self.kpi(kpi.id)
        check_correction(goals, self.latest, self._log)
        parts = replacement(goals, self.latest, self._written, self._log, self._observed)
        return _consistent(replaced_kpis(parts, kpis), self, {})

    def amend(
        self, goal_id: str, *, on: date | None = None, by: str | None = None, why: str = "", **changes: Any
    ) -> Plan:
        """
        Return a plan in which a goal's definition has changed: a correction, or with a day, a revision.

        Without ``on`` the definition is corrected for all days. With ``on`` the change is recorded as
        a `Revision` that holds from that day, and figures of earlier days stay as they were. What a goal
        is judged by, its metric, its grading criteria and a milestone's share, is fixed when it is
        approved, and after that is only changed with a day, and with who and why.

        Args:
            goal_id: The goal.
            on: The day from which the change holds; None to correct what was wrong from the beginning.
            by: Who changed it; only with a day.
            why: Why it was changed; only with a day. To change the goal's own ``why``, use `replace`.
            **changes: The fields that change, by name.

        Raises:
            UnknownId: If there is no such goal.
            InvalidValue: If a field is refused.
            InvalidPlan: If the plan would not be consistent, or ``fixed_at_approval`` if the change is
                of what was fixed and lacks ``on``, ``by`` or ``why``.

        Example:
            >>> from goalkit import Objective
            >>> plan = Plan.of(Objective(id="app", title="App")).amend("app", on=date(2026, 9, 1), weight=2)
            >>> plan.as_of(date(2026, 8, 31))["app"].weight, plan["app"].weight
            (1.0, 2.0)
        """
        goal = self[goal_id]
        if on is not None:
            revision = Revision(goal=goal_id, on=on, by=by, why=why, changes=changes)
            check_revision(revision, self.definitions(revision.on), self._log)
            return self.record(revision)
        if by is not None or why:
            hint = "give the day with on=, or leave by= and why= to the store that keeps the correction"
            raise InvalidValue.of("no_day", "a correction for all days has no author and no reason", hint=hint)
        return self.replace(corrected(goal, changes))

    def move(
        self,
        goal_id: str,
        stage: Stage | str,
        *,
        on: date,
        by: str | None = None,
        why: str = "",
        outcome: Outcome | str | None = None,
    ) -> Plan:
        """
        Return a plan in which a goal moves to another stage of its life, if that stage may follow.

        It records a `Transition`. A goal that names approvers is let run once all of them have approved
        it since it was last proposed. Only the stage on that day is looked at; what was recorded for
        later days stays. To keep what was, however it came about, `record` a `Transition` yourself.

        Args:
            goal_id: The goal.
            stage: The stage that begins.
            on: The day from which it holds.
            by: Who moved it.
            why: Why. A goal is not dropped without a reason, and not reopened without one.
            outcome: What became of it; only for a goal that is closed.

        Raises:
            UnknownId: If there is no such goal.
            IllegalMove: If the stage may not follow the one on that day; if approvals, an outcome or a
                reason are missing. Everything that is missing is named.
            InvalidValue: If a field is refused.

        Example:
            >>> from goalkit import Objective
            >>> plan = Plan.of(Objective(id="app", title="App")).move("app", "paused", on=date(2026, 8, 1), by="ida")
            >>> plan.stage("app", as_of=date(2026, 8, 1)).value
            'paused'
        """
        given: Any = {"stage": stage, "outcome": outcome}  # the converters take text too
        move = Transition(goal=self[goal_id].id, on=on, by=by, why=why, **given)
        if (same := self._log.get(move.id)) is not None:
            approvers = self.definitions(move.on).goals[goal_id].approvers
            last = last_move(self._log.about(goal_id), move.on, approvers)
            if last is not None and last.fact is same:
                return self
            move = evolve(move, id=f"{move.id} {len(self._log)}")  # it went somewhere else since, and comes back
        check_move(move, self.definitions(move.on), self._log)
        return self.record(move)

    def carry_over(
        self,
        goal_id: str,
        *,
        into: str,
        id: str,  # noqa: A002 - the field's word
        start: str = "last",
        **changes: Any,
    ) -> Plan:
        """
        Return a plan with a new goal that carries another one on in another cycle.

        The new goal ``continues`` the old one and has its fields as they were last defined, with its
        weight, except for those that are given. It goes under the same parents, where they reach
        into the cycle, and under the goal that carries a parent on, where there is one; an owner,
        ambition or cadence that it had from a parent left behind becomes its own. No fact is carried
        over; days, dependencies and ``extra`` stay behind as well.

        Args:
            goal_id: The goal to carry on.
            into: The id of the cycle.
            id: The id of the new goal.
            start: ``last``: the metric starts from the last value, of a mean, minimum or maximum from
                what all check-ins make; ``same``: where the old one did. A goal that was never
                measured, and a sum, which begins anew, start where they did. Given ``metric``, it is
                that.
            **changes: The fields of the new goal that are otherwise, by name, such as ``weight`` or
                ``parent``.

        Raises:
            UnknownId: If there is no such goal or cycle.
            InvalidValue: If a field is refused.
            InvalidPlan: If the id is taken; ``no_last_value`` if the last value cannot be read; the
                metric's own problem if it cannot start from there, as where the target was reached.

        Example:
            >>> from goalkit import Increase, KeyResult
            >>> plan = Plan.of(Cycle.quarter(2026, 4), KeyResult(id="a", title="A", metric=Increase(start=0, target=9)))
            >>> plan = plan.record(CheckIn(goal="a", on="2026-09-30", value=6))
            >>> plan.carry_over("a", into="2026-Q4", id="b")["b"].metric.start
            Decimal('6')
        """
        return self.add(carried_over(self[goal_id], id, self.cycle(into), start, changes, self.latest, self._log))

    def remove(self, *goal_ids: str, with_dependants: bool = False) -> Plan:
        """
        Return a plan without some goals. To give up a goal, drop it instead: then it stays visible.

        Args:
            *goal_ids: The goals to remove.
            with_dependants: Whether their facts and everything below them go with them. What also
                has another parent stays, under that one; milestones no longer depend on what is gone.

        Raises:
            UnknownId: If there is no such goal.
            InvalidPlan: If a goal has facts or children, or a milestone depends on it, and they do not
                go with it.

        Example:
            >>> from goalkit import Objective
            >>> plan = Plan.of(Objective(id="app", title="App"))
            >>> len(plan.remove("app"))
            0
        """
        gone = [self[goal_id].id for goal_id in goal_ids]
        parts = removal(gone, self.latest, self._written, self._log, self._observed, with_dependants=with_dependants)
        return _consistent(parts, self, {})

    # -- being a value --------------------------------------------------------------------------

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (self.goals, self.cycles, self.facts, self.kpis, tuple(self._observed)))


def built(things: Iterable[Thing], places: Mapping[int, str], base: Plan | None = None) -> Plan:
    """
    Return a plan with more things in it; for those who read plans from somewhere.

    Args:
        things: Cycles, goals and facts, in any order.
        places: Where each thing was read, by its identity; its problems are told with that place.
        base: The plan to add to; None for an empty one.

    Raises:
        InvalidPlan: If they do not make a plan; every problem is named.

    Example:
        >>> built([Cycle.quarter(2026, 3)], {})
        <Plan of 0 goals, 1 cycle, 0 facts>
    """
    base = Plan() if base is None else base  # a plan without goals is false, and may hold cycles
    return _consistent(assemble(things, base.written, base.log, base.observed), base, places)


def _consistent(parts: Parts, base: Plan, places: Mapping[int, str]) -> Plan:
    """Return the plan of these parts, or the plan that they come from where nothing is new."""
    findings = [*parts.findings, *check(parts, base.written)]
    if findings:
        raise InvalidPlan(*(placed(finding.problem, finding.subject, places) for finding in findings))
    same = parts.written is base.written and parts.log is base.log and parts.observed is base.observed
    return base if same else Plan(parts.written, parts.log, parts.observed)


def _refuse_strangers(things: Iterable[object], wanted: tuple[type, ...], verb: str, other: str) -> None:
    for thing in things:
        if not isinstance(thing, wanted):
            kinds = " or ".join(_WORDS.get(kind, kind.__name__.lower()) for kind in wanted)
            fitting = isinstance(thing, _THINGS)
            hint = f"use {other} for it" if fitting else "rows and dicts go through Plan.from_dicts"
            raise InvalidValue.of("wrong_kind", f"{verb} takes a {kinds}, not {shown(thing)}", hint=hint)


_THINGS: Final = (Goal, Cycle, Fact, KPI, Observation)
_WORDS: Final[dict[type, str]] = {KPI: "KPI"}


def _restored(
    goals: tuple[Goal, ...],
    cycles: tuple[Cycle, ...],
    facts: tuple[Fact, ...],
    kpis: tuple[KPI, ...],
    observations: tuple[Observation, ...],
) -> Plan:
    written = Definitions(_by_id(goals), _by_id(cycles), kpis=_by_id(kpis))
    return Plan(written, FactLog().extended(facts), ObservationLog().extended(observations))


def _by_id(things: Iterable[_T]) -> dict[str, _T]:
    return {thing.id: thing for thing in things}
