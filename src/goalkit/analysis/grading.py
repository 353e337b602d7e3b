"""The grade of every goal of a plan: what is computed is a proposal, what a person says is final."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, final

from attrs import evolve, frozen

from ..calendars import day
from ..model.goals import Goal
from ..model.inheriting import nearest
from ..model.kpi_bands import Colour
from ..model.plan import Plan
from ..model.progress import Reason
from ..model.records import CheckIn, Fact, Grade, Retrospective, Transition
from ..model.stages import Ambition, Outcome
from ..policies import DEFAULT, Policy
from ..quantities import clamp, same
from ..values import instance
from . import tables
from .bands import COLOURS, score_text
from .closings import PUNCTUAL, Closing, Kept, Late, closings, kept, late, lives, not_yet, told
from .columns import Columns
from .expectations import EXPECTED, Expectations
from .explain import WORDS
from .passes import work_out
from .rollup import Rollup


@frozen(kw_only=True)
class GoalGrade:
    """
    The grade of one goal on a day: the computed one beside the final one.

    Attributes:
        goal: The goal's id.
        as_of: The day.
        score: The person's, where a grade is in force that says one, else the computed one; 0 to 1, None
            where it is unknown.
        outcome: The person's, where one is in force, else the proposed one; None where there is none.
        computed_score: The goal's progress within 0 and 1, on ``computed_on``; None where it is unknown.
        computed_outcome: What follows from it and from what was expected; None where nothing does.
        computed_on: The last day whose check-ins count in the computed score: the day, or for a goal that
            was graded or dropped the day of that, and the policy's ``late_days`` after it.
        reason: Why there is no computed score; None where there is one.
        ambition: How ambitious the goal is, its own word or that of the nearest goal above it.
        expectation: The score from which it is achieved; None where nothing is expected.
        grade: The grade in force, by a person; None where the outcome is only proposed.
        closed_by: What said the outcome: the grade, or the move that closed the goal with an outcome.
        retrospective: The last retrospective; None where there is none.
        late: The goal's check-ins from after it was closed that still count, by the policy's ``late_days``.
        too_late: Those that do not. Neither is there for a goal that is not closed, or was reopened.
        derivation: In words, how it came about.

    Example:
        >>> from goalkit import CheckIn, Increase, KeyResult, Plan
        >>> nps = KeyResult(id="nps", title="NPS", ambition="aspirational", metric=Increase(start=42, target=70))
        >>> row = grades(Plan.of(nps, CheckIn(goal="nps", on="2026-09-30", value=63)), as_of=date(2026, 9, 30))["nps"]
        >>> row.score, row.outcome.value, row.colour.value, row.overridden
        (0.75, 'achieved', 'green', False)
    """

    goal: str
    as_of: date
    score: float | None
    outcome: Outcome | None
    computed_score: float | None
    computed_outcome: Outcome | None
    computed_on: date
    reason: Reason | None
    ambition: Ambition | None
    expectation: float | None
    grade: Grade | None
    closed_by: Grade | Transition | None
    retrospective: Retrospective | None
    late: tuple[CheckIn, ...]
    too_late: tuple[CheckIn, ...]
    derivation: str

    @property
    def colour(self) -> Colour | None:
        """The colour of the outcome; None where there is none, or the goal was dropped."""
        return None if self.outcome is None else COLOURS.get(self.outcome)

    @property
    def overridden(self) -> bool:
        """Whether a person said something else than what was proposed; a goal that was dropped was not judged."""
        if self.closed_by is None or self.outcome is Outcome.DROPPED:
            return False
        rescored = self.score is not None and self.computed_score is not None
        return (self.computed_outcome is not None and self.outcome is not self.computed_outcome) or (
            rescored and not same(self.score or 0.0, self.computed_score or 0.0)
        )

    @property
    def confirmed(self) -> bool:
        """Whether a person said what was proposed."""
        judged = self.closed_by is not None and self.outcome is not Outcome.DROPPED
        return judged and self.computed_outcome is not None and not self.overridden


@frozen(kw_only=True)
class _Judged:
    """What is known of one goal before it is put in words."""

    computed: float | None
    computed_on: date
    reason: Reason | None
    ambition: Ambition | None
    closing: Closing | None
    retrospective: Retrospective | None
    late: Late
    told: str | None


@final
class Grades(Mapping[str, GoalGrade]):
    """
    The grade of every goal of a plan on a day, by id, in plan order.

    Attributes:
        plan: The plan.
        as_of: The day.
        policy: The choices behind the computed scores.
        expectations: What was expected.

    Example:
        >>> from goalkit import CheckIn, Grade, Increase, KeyResult, Plan
        >>> plan = Plan.of(
        ...     KeyResult(id="nps", title="NPS", metric=Increase(start=42, target=70)),
        ...     CheckIn(goal="nps", on="2026-09-30", value=63),
        ...     Grade(goal="nps", on="2026-10-02", outcome="achieved", score=1, by="cpo", why="the best in our trade"),
        ... )
        >>> print(grades(plan, as_of=date(2026, 10, 2)))
        goal  score  outcome   computed  by   title
        nps       1  achieved      0.75  cpo  NPS
    """

    __slots__ = ("_columns", "_judged", "_scales", "as_of", "expectations", "plan", "policy")

    def __init__(self, columns: Columns, judged: Sequence[_Judged], expectations: Expectations) -> None:
        self._columns: Final = columns
        self._judged: Final = judged
        self.plan: Final[Plan] = columns.plan
        self.as_of: Final[date] = columns.as_of
        self.policy: Final[Policy] = columns.policy
        self.expectations: Final = expectations
        self._scales: Final = {ambition: expectations.scale(ambition) for ambition in (*Ambition, None)}

    def __getitem__(self, goal_id: str) -> GoalGrade:
        return self._row(self._position(goal_id))

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.structure.ids)

    def __len__(self) -> int:
        return len(self._judged)

    def __contains__(self, goal_id: object) -> bool:
        return isinstance(goal_id, str) and goal_id in self._columns.structure.at

    def goal(self, goal_id: str) -> Goal:
        """
        Return a goal as it was defined on the day.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.
        """
        return self._columns.goals[self._position(goal_id)]

    def row(self, goal_id: str) -> GoalGrade:
        """
        Return a goal's grade without its derivation, which takes the longest to put together.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Objective, Plan
            >>> grades(Plan.of(Objective(id="o", title="O")), as_of=date(2026, 9, 30)).row("o").derivation
            ''
        """
        return self._row(self._position(goal_id), in_words=False)

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each goal, ready for JSON or a dataframe.

        Example:
            >>> from goalkit import Objective, Plan
            >>> rows = grades(Plan.of(Objective(id="o", title="O")), as_of=date(2026, 9, 30)).to_dicts()
            >>> rows[0]["score"], rows[0]["reason"]
            (None, 'no_children')
        """
        rows = (self._row(position, in_words=False) for position in range(len(self)))
        return [
            {
                "goal": goal.id,
                "kind": goal.kind,
                "title": goal.title,
                "as_of": row.as_of.isoformat(),
                "score": row.score,
                "outcome": _plain(row.outcome),
                "colour": _plain(row.colour),
                "computed_score": row.computed_score,
                "computed_outcome": _plain(row.computed_outcome),
                "computed_on": row.computed_on.isoformat(),
                "reason": _plain(row.reason),
                "ambition": _plain(row.ambition),
                "expectation": row.expectation,
                "overridden": row.overridden,
                "closed_on": row.closed_by and row.closed_by.on.isoformat(),
                "closed_by": row.closed_by and row.closed_by.by,
                "why": row.closed_by and row.closed_by.why,
                "late": len(row.late),
                "too_late": len(row.too_late),
            }
            for goal, row in zip(self._columns.goals, rows, strict=True)
        ]

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<Grades of {len(self)} goals on {self.as_of}>"

    def _position(self, goal_id: str) -> int:
        return self._columns.structure.position(goal_id)

    def _cells(self) -> list[tuple[str, ...]]:
        rows = (self._row(position, in_words=False) for position in range(len(self)))
        return [
            (
                goal.id,
                score_text(row.score),
                row.outcome or "",
                score_text(row.computed_score),
                (row.closed_by.by or "a person") if row.closed_by else "",
                goal.title,
            )
            for goal, row in zip(self._columns.goals, rows, strict=True)
        ]

    def _row(self, position: int, *, in_words: bool = True) -> GoalGrade:
        judged = self._judged[position]
        scale = self._scales[judged.ambition]
        band = None if scale is None else scale.grade(judged.computed)
        proposed = None if band is None else band.outcome
        by = None if judged.closing is None else judged.closing.by
        own = by if by is not None and by.goal == self._columns.goals[position].id else None
        said = own.score if isinstance(own, Grade) else None
        row = GoalGrade(
            goal=self._columns.goals[position].id,
            as_of=self.as_of,
            score=judged.computed if said is None else said,
            outcome=proposed if by is None else by.outcome,
            computed_score=judged.computed,
            computed_outcome=proposed,
            computed_on=judged.computed_on,
            reason=judged.reason,
            ambition=judged.ambition,
            expectation=self.expectations.of(judged.ambition),
            grade=own if isinstance(own, Grade) else None,
            closed_by=by,
            retrospective=judged.retrospective,
            late=judged.late.counting,
            too_late=judged.late.too_late,
            derivation="",
        )
        return row if not in_words else evolve(row, derivation=self._derivation(row, judged))

    def _derivation(self, row: GoalGrade, judged: _Judged) -> str:
        closing = judged.closing
        lines = [] if closing is None else [_final(row, closing.by)]
        lines.append(_proposal(row, None if closing is None else closing.on, self.expectations))
        lines.extend(() if closing is None else told(judged.late, closing.on, self.policy))
        lines.append(Rollup(self._columns).explain(row.goal, depth=1) if judged.told is None else judged.told)
        return "\n".join(lines)


_HEAD: Final = ("goal", "score", "outcome", "computed", "by", "title")
_RIGHT: Final = frozenset({1, 3})


def _plain(value: Outcome | Colour | Reason | Ambition | None) -> str | None:
    return None if value is None else value.value


def _final(row: GoalGrade, by: Grade | Transition) -> str:
    """Return in words what a person decided."""
    scored = "" if row.grade is None or row.grade.score is None else f" with a score of {score_text(row.grade.score)}"
    who = "" if by.by is None else f" by {tables.one_line(by.by)}"
    why = f": {tables.one_line(by.why)}" if by.why else ""
    return f"{row.outcome}{scored}, decided{who} on {by.on}{why}"


def _proposal(row: GoalGrade, closed_on: date | None, expectations: Expectations) -> str:
    """Return in words what was computed, and what follows from it."""
    on = f"{row.computed_on}"
    if closed_on is not None and closed_on < row.computed_on:
        on = f"{closed_on}, with check-ins until {row.computed_on}"
    if row.reason is not None:
        return f"no score and no outcome on {on}: {WORDS[row.reason]}"
    scored = f"a score of {score_text(row.computed_score)} on {on}"
    if row.expectation is None:
        return f"{scored}, and no outcome: what a {row.ambition} goal has brought is for people to say"
    kind = "a goal of undeclared ambition" if row.ambition is None else f"a goal that is {row.ambition}"
    partly = f", partly from {score_text(expectations.partial)}" if expectations.partial < row.expectation else ""
    return f"{row.computed_outcome} with {scored}: {kind} is achieved from {score_text(row.expectation)}{partly}"


def grades(plan: Plan, *, as_of: date, policy: Policy = DEFAULT, expectations: Expectations = EXPECTED) -> Grades:
    """
    Return the grade of every goal of a plan on a day.

    The computed score is the goal's progress within 0 and 1, the proposed outcome follows from it and
    from the goal's ambition. Where a person has recorded a `Grade`, it says the outcome, and the score
    where it has one; the computed score is then that of the day of the grade, whatever happens later,
    until the goal is reopened. Only check-ins within the policy's ``late_days`` of it still count, as if
    they had been made on that day. The same holds for a goal that was moved to ``closed`` with an
    outcome. Unknown progress gives no score and no outcome, never 0; so does a goal that is only
    drafted or proposed.

    Args:
        plan: The plan.
        as_of: The day.
        policy: The choices behind the figures.
        expectations: What is expected of goals.

    Raises:
        InvalidValue: If it is not a plan, ``as_of`` is not a day, or a choice is not one.

    Example:
        >>> from goalkit import CheckIn, Increase, KeyResult, Plan
        >>> nps = KeyResult(id="nps", title="NPS", ambition="aspirational", metric=Increase(start=42, target=70))
        >>> plan = Plan.of(nps, CheckIn(goal="nps", on="2026-09-30", value=63))
        >>> print(grades(plan, as_of=date(2026, 9, 30))["nps"].derivation)
        achieved with a score of 0.75 on 2026-09-30: a goal that is aspirational is achieved from 0.7, partly from 0.4
        nps is at 75 % on 2026-09-30: NPS  [63 on 2026-09-30, from 42 up to 70]
    """
    instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
    instance(Policy, policy, "Policy and Policy.from_dict make one")
    instance(Expectations, expectations, "Expectations and Expectations.from_dict make one")
    until = day(as_of)
    by_goal = plan.log.by_goal()
    found = lives(plan, until)
    closed, before = closings(found), not_yet(found)
    judged: dict[str, _Judged] = {}
    # The day itself comes last, so that the next roll-up of it finds what was read.
    for each in kept(plan, closed, by_goal, until, policy):
        judged |= _judge(each, by_goal, closed, before, until)
    columns = work_out(plan, until, policy)
    open_ = [goal_id for goal_id in columns.structure.ids if goal_id not in judged]
    judged |= _judge(Kept(open_, columns, until), by_goal, closed, before, until)
    return Grades(columns, [judged[goal_id] for goal_id in columns.structure.ids], expectations)


def _judge(
    figures: Kept,
    by_goal: Mapping[str, Sequence[Fact]],
    closed: Mapping[str, Closing],
    before: Mapping[str, Reason],
    as_of: date,
) -> dict[str, _Judged]:
    """Return what is known of some goals by their figures."""
    columns = figures.columns
    ambitions = nearest(columns.definitions, "ambition")
    progress = Rollup(columns)
    found: dict[str, _Judged] = {}
    for goal_id in figures.goals:
        position, closing = columns.structure.at[goal_id], closed.get(goal_id)
        facts = by_goal.get(goal_id, ())
        value, reason = columns.known(position), columns.reason[position]
        if closing is None and goal_id in before:
            value, reason = None, before[goal_id]
        looks_back = [fact for fact in facts if isinstance(fact, Retrospective) and fact.on <= as_of]
        found[goal_id] = _Judged(
            computed=None if value is None else clamp(value),
            computed_on=figures.until,
            reason=reason,
            ambition=ambitions[position],
            closing=closing,
            retrospective=looks_back[-1] if looks_back else None,
            late=PUNCTUAL if closing is None else late(facts, closing.on, figures.until, as_of),
            # Figures of other days are not kept, so what they say is put in words at once.
            told=None if closing is None else progress.explain(goal_id, depth=1),
        )
    return found
