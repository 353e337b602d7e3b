"""The plan: cycles, goals, links and dated facts as one immutable, consistent value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, final

from ..calendars import Cycle, day
from ..errors import InvalidPlan, InvalidValue, Problem, UnknownId, shown
from .building import Parts, Thing, assemble, check, placed
from .changes import corrected, counted, removal, replacement
from .definitions import NOTHING_WRITTEN, Definitions
from .facts import FactLog, last_move, standing
from .goals import Goal, contributes
from .inheriting import nearest
from .records import CheckIn, Fact, Revision
from .stages import Stage
from .structure import Period


@final
class Plan:
    """
    Everything that is known: cycles, goals and dated facts.

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

    __slots__ = ("_log", "_now", "_written")

    def __init__(self, written: Definitions = NOTHING_WRITTEN, log: FactLog = FactLog()) -> None:  # noqa: B008 - it is immutable
        self._written: Final = written
        self._log: Final = log
        self._now: Definitions | None = None

    # -- making plans ---------------------------------------------------------------------------

    @classmethod
    def of(cls, *things: Thing) -> Plan:
        """
        Make a plan from cycles, goals and facts, in any order.

        Args:
            *things: What the plan holds. The same thing twice is one thing.

        Raises:
            InvalidPlan: If they do not make a plan; every problem is named.

        Example:
            >>> Plan.of()
            <Plan of 0 goals, 0 cycles, 0 facts>
        """
        _refuse_strangers(things, (Goal, Cycle, Fact), "Plan.of", "Plan.of")
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
        Return the plan as plain dicts, ready for JSON: cycles, goals, facts.

        Fields that have their default value are left out; numbers that were measured are text.

        Example:
            >>> from goalkit import Objective
            >>> Plan.of(Objective(id="app", title="App")).to_dicts()
            [{'kind': 'objective', 'version': 1, 'id': 'app', 'title': 'App'}]
        """
        from ..documents.writing import to_dict  # noqa: PLC0415 - as above

        return [to_dict(thing) for thing in (*self._written.cycles.values(), *self._written.goals.values(), *self._log)]

    def add(self, *things: Goal | Cycle) -> Plan:
        """
        Return a plan with more goals and cycles; what is there already changes nothing.

        Args:
            *things: Goals and cycles.

        Raises:
            InvalidPlan: If an id is taken by something else, or the plan would not be consistent.

        Example:
            >>> from goalkit import Objective
            >>> app = Objective(id="app", title="App")
            >>> Plan.of(app).add(app) == Plan.of(app)
            True
        """
        _refuse_strangers(things, (Goal, Cycle), "add", "record")
        return built(things, {}, self)

    def record(self, *facts: Fact) -> Plan:
        """
        Return a plan with more facts; the same fact twice is one fact.

        Its cost does not grow with the plan, unless a revision moves goals.

        Args:
            *facts: Check-ins, revisions and transitions.

        Raises:
            InvalidPlan: If a fact is about a goal that does not exist, or says what the goal cannot mean.

        Example:
            >>> from goalkit import CheckIn, Milestone
            >>> plan = Plan.of(Milestone(id="m", title="Launch")).record(CheckIn(goal="m", on="2026-09-01", value=True))
            >>> plan.check_ins("m")[0].value
            True
        """
        _refuse_strangers(facts, (Fact,), "record", "add")
        return built(facts, {}, self)

    def replace(self, *goals: Goal) -> Plan:
        """
        Return a plan in which goals that are there have other definitions: a correction, for all days.

        Args:
            *goals: The new definitions, found by their ids. What differs from the last definition is
                corrected; what does not is left as it is, on every day.

        Raises:
            UnknownId: If there is no such goal.
            InvalidPlan: If the plan would not be consistent, or the correction is of something that
                was revised, so that it is not known for which days it is meant.

        Example:
            >>> from goalkit import Objective
            >>> Plan.of(Objective(id="app", title="App")).replace(Objective(id="app", title="The app"))["app"].title
            'The app'
        """
        _refuse_strangers(goals, (Goal,), "replace", "add")
        for goal in goals:
            self[goal.id]
        return _consistent(replacement(goals, self.latest, self._written, self._log), self, {})

    def amend(
        self, goal_id: str, *, on: date | None = None, by: str | None = None, why: str = "", **changes: Any
    ) -> Plan:
        """
        Return a plan in which a goal's definition has changed: a correction, or with a day, a revision.

        Without ``on`` the definition is corrected for all days. With ``on`` the change is recorded as
        a `Revision` that holds from that day, and figures of earlier days stay as they were.

        Args:
            goal_id: The goal.
            on: The day from which the change holds; None to correct what was wrong from the beginning.
            by: Who changed it; only with a day.
            why: Why it was changed; only with a day. To change the goal's own ``why``, use `replace`.
            **changes: The fields that change, by name.

        Raises:
            UnknownId: If there is no such goal.
            InvalidValue: If a field is refused.
            InvalidPlan: If the plan would not be consistent.

        Example:
            >>> from goalkit import Objective
            >>> plan = Plan.of(Objective(id="app", title="App")).amend("app", on=date(2026, 9, 1), weight=2)
            >>> plan.as_of(date(2026, 8, 31))["app"].weight, plan["app"].weight
            (1.0, 2.0)
        """
        goal = self[goal_id]
        if on is not None:
            return self.record(Revision(goal=goal_id, on=on, by=by, why=why, changes=changes))
        if by is not None or why:
            hint = "give the day with on=, or leave by= and why= to the store that keeps the correction"
            raise InvalidValue.of("no_day", "a correction for all days has no author and no reason", hint=hint)
        return self.replace(corrected(goal, changes))

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
        parts = removal(gone, self.latest, self._written, self._log, with_dependants=with_dependants)
        return _consistent(parts, self, {})

    # -- asking ---------------------------------------------------------------------------------

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
        """The facts, in the order in which they were recorded."""
        return tuple(self._log)

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
            >>> Plan.of(Cycle.quarter(2026, 3)).cycle("2026-Q3").days
            92
        """
        try:
            return self._written.cycles[cycle_id]
        except (KeyError, TypeError):
            raise UnknownId.among("cycle", cycle_id, self._written.cycles) from None

    def children(self, goal_id: str) -> tuple[str, ...]:
        """
        Return the ids of a goal's children, counting or not, in plan order.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Objective
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
            >>> from goalkit import Objective
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
            >>> from goalkit import Milestone
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
            >>> from goalkit import Objective
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
            >>> from goalkit import Objective
            >>> plan = Plan.of(Objective(id="a", title="A", owner="ida"), Objective(id="b", title="B", parent="a"))
            >>> plan.inherited("b", "owner")
            'ida'
        """
        if name not in {"ambition", "cadence", "owner"}:
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
            >>> from goalkit import Objective, Transition
            >>> pause = Transition(goal="a", on="2026-08-01", stage="paused")
            >>> plan = Plan.of(Objective(id="a", title="A")).record(pause)
            >>> plan.stage("a", as_of=date(2026, 7, 31)).value, plan.stage("a", as_of=date(2026, 8, 1)).value
            ('active', 'paused')
        """
        until = day(as_of)
        goals = self.definitions(until).goals
        row, seen = [goals[self[goal_id].id]], {goal_id}
        for goal in row:  # it grows while it is read, level by level
            if (move := last_move(self._log.about(goal.id), until)) is not None:
                return move.stage
            counting = [link.to for link in goal.parent if contributes(goal, link) and link.to not in seen]
            row.extend(goals[parent] for parent in counting)
            seen.update(counting)
        return Stage.ACTIVE

    def as_of(self, day_: date) -> Plan:
        """
        Return the plan as it was true on a day: definitions as revised by then, no later facts.

        Args:
            day_: The day; it sees everything that applies to it or to an earlier one.

        Example:
            >>> from goalkit import Objective
            >>> plan = Plan.of(Objective(id="a", title="A")).amend("a", on=date(2026, 9, 1), title="B")
            >>> plan.as_of(date(2026, 8, 31))["a"].title, plan.as_of(date(2026, 9, 1))["a"].title
            ('A', 'B')
        """
        until = day(day_)
        past = self._log.until(until)
        return self if past is self._log else Plan(self._written, past)

    def definitions(self, as_of: date) -> Definitions:
        """
        Return the goals as they were defined on a day, with their shape; for those who write analyses.

        Args:
            as_of: The day.

        Example:
            >>> from goalkit import Objective
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
        """The goals and cycles as first written, by id; for those who write analyses."""
        return self._written

    @property
    def log(self) -> FactLog:
        """The facts with the ways to find them; for those who write analyses."""
        return self._log

    # -- being a value --------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        """Two plans are equal when they hold the same goals and cycles, and the same facts day by day."""
        if not isinstance(other, Plan):
            return NotImplemented
        mine, theirs = self._written, other._written
        same = mine is theirs or (mine.goals == theirs.goals and mine.cycles == theirs.cycles)
        return same and self._log == other._log

    def __hash__(self) -> int:
        return hash((frozenset(self._written.goals), frozenset(self._written.cycles), len(self._log)))

    def __repr__(self) -> str:
        goals, cycles = counted(len(self), "goal"), counted(len(self._written.cycles), "cycle")
        return f"<Plan of {goals}, {cycles}, {counted(len(self._log), 'fact')}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (self.goals, self.cycles, self.facts))


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
    return _consistent(assemble(things, base.written, base.log), base, places)


def _consistent(parts: Parts, base: Plan, places: Mapping[int, str]) -> Plan:
    """Return the plan of these parts, or the plan that they come from where nothing is new."""
    findings = [*parts.findings, *check(parts, base.written)]
    if findings:
        raise InvalidPlan(*(placed(finding.problem, finding.subject, places) for finding in findings))
    same = parts.written is base.written and parts.log is base.log
    return base if same else Plan(parts.written, parts.log)


def _refuse_strangers(things: Iterable[object], wanted: tuple[type, ...], verb: str, other: str) -> None:
    for thing in things:
        if not isinstance(thing, wanted):
            kinds = " or ".join(kind.__name__.lower() for kind in wanted)
            fitting = isinstance(thing, (Goal, Cycle, Fact))
            hint = f"use {other} for it" if fitting else "rows and dicts go through Plan.from_dicts"
            raise InvalidValue.of("wrong_kind", f"{verb} takes a {kinds}, not {shown(thing)}", hint=hint)


def _restored(goals: tuple[Goal, ...], cycles: tuple[Cycle, ...], facts: tuple[Fact, ...]) -> Plan:
    return Plan(
        Definitions({goal.id: goal for goal in goals}, {cycle.id: cycle for cycle in cycles}), FactLog().extended(facts)
    )
