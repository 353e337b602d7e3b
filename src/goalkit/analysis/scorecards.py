"""The scorecard of a person or team: what they answer for, with weights, scores and a total."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import fsum
from typing import Any, Final, final, overload

from attrs import asdict, frozen

from ..calendars import day
from ..errors import InvalidValue, UnknownId
from ..model.goals import KEY_RESULT_AREA, Goal, Objective, contributes, weighs
from ..model.inheriting import nearest
from ..model.plan import Plan
from ..model.progress import Reason
from ..model.stages import Outcome
from ..policies import DEFAULT, Policy, Unmeasured
from ..quantities import Number, clamp, number, percent, same
from ..values import instance
from . import tables
from .bands import score_text, written
from .expectations import EXPECTED, Expectations
from .grading import GoalGrade, Grades, grades
from .rollup import Rollup, rollup


@frozen(kw_only=True)
class Area:
    """
    One goal on a scorecard.

    Attributes:
        goal: The goal's id.
        title: What is wanted.
        weight: Its weight.
        share: Its share of the weight of all that count, 0 to 1.
        score: Its score, perhaps beyond 1 where the card has no cap; None where it is unknown.
        points: What it brings to the total: share times score, nothing where the score is unknown.
        outcome: What became of it; None where there is none.
        counts: Whether it counts: not where it was dropped, has not begun, or is only drafted or proposed.

    Example:
        >>> Area(goal="a", title="A", weight=2.0, share=0.4, score=0.5, points=0.2, outcome=None, counts=True).points
        0.2
    """

    goal: str
    title: str
    weight: float
    share: float
    score: float | None
    points: float
    outcome: Outcome | None
    counts: bool


@final
class Scorecard(Sequence[Area]):
    """
    What somebody answers for, in plan order, with weights, scores and a total.

    Attributes:
        owner: Whose it is.
        as_of: The day.
        total: The weighted mean of the scores, what the points sum to; None where it is unknown.
        coverage: The share of the weight that has a score, 0 to 1.

    Example:
        >>> from goalkit import CheckIn, Increase, KeyResult
        >>> ten = Increase(start=0, target=10)
        >>> plan = Plan.of(
        ...     KeyResult(id="sales", title="Sales", owner="ida", weight=30, metric=ten),
        ...     KeyResult(id="team", title="Team", owner="ida", weight=70, metric=ten),
        ...     CheckIn(goal="sales", on="2026-09-30", value="1.25"),
        ...     CheckIn(goal="team", on="2026-09-30", value=5),
        ... )
        >>> print(scorecard(plan, "ida", as_of=date(2026, 9, 30)))
        goal   weight  share  score  points  title
        sales      30   30 %  0.125   3.8 %  Sales
        team       70   70 %    0.5  35.0 %  Team
        total     100  100 %  0.388  38.8 %
    """

    __slots__ = ("_areas", "as_of", "coverage", "owner", "total")

    def __init__(self, owner: str, as_of: date, areas: Sequence[Area], total: float | None, coverage: float) -> None:
        self.owner: Final = owner
        self.as_of: Final = as_of
        self.total: Final = total
        self.coverage: Final = coverage
        self._areas: Final = tuple(areas)

    @overload
    def __getitem__(self, index: int) -> Area: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Area, ...]: ...
    def __getitem__(self, index: int | slice) -> Area | tuple[Area, ...]:
        return self._areas[index]

    def __len__(self) -> int:
        return len(self._areas)

    def __iter__(self) -> Iterator[Area]:
        return iter(self._areas)

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each goal on the card, ready for JSON or a dataframe.

        Example:
            >>> from goalkit import KeyResult
            >>> card = scorecard(Plan.of(KeyResult(id="a", title="A", owner="ida")), "ida", as_of=date(2026, 9, 30))
            >>> card.to_dicts()[0]["goal"]
            'a'
        """
        head = {"owner": self.owner, "as_of": self.as_of.isoformat()}
        return [
            {**head, **asdict(area), "outcome": None if area.outcome is None else area.outcome.value} for area in self
        ]

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<Scorecard of {self.owner!r} on {self.as_of}>"

    def _cells(self) -> list[tuple[str, ...]]:
        rows = [
            (
                area.goal,
                written(area.weight),
                percent(area.share) if area.counts else "left out",
                score_text(area.score),
                percent(area.points, 1),
                area.title,
            )
            for area in self
        ]
        weights = written(fsum(area.weight for area in self if area.counts))
        shares = percent(fsum(area.share for area in self))
        return [*rows, ("total", weights, shares, score_text(self.total), percent(self.total, 1), "")]


_HEAD: Final = ("goal", "weight", "share", "score", "points", "title")
_RIGHT: Final = frozenset({1, 2, 3, 4})


def scorecard(
    plan: Plan,
    owner: str,
    *,
    as_of: date,
    cycle: str | None = None,
    cap: Number | None = 1,
    policy: Policy = DEFAULT,
    expectations: Expectations = EXPECTED,
) -> Scorecard:
    """
    Return what somebody answers for, with the weights, the scores and a total: key result areas (KRA).

    On the card stand the owner's key result areas, the objectives of that level. Where there are none,
    the goals of the owner stand there that count towards no other goal of the same owner. Their weights
    are their own, or those of their first link. A score is a person's, where there is one. A goal
    without a score counts as nothing reached, is skipped, or makes the total unknown, as the policy
    has it of what is unmeasured; by default it counts as nothing, once some other has a score, and
    ``coverage`` says so. A goal that was dropped, has not begun, or is only drafted or proposed, is
    left out.

    Args:
        plan: The plan.
        owner: The id of the owner; a goal without one belongs to that of the nearest goal above it.
        as_of: The day.
        cycle: The id of a cycle, for its goals alone; None for those of every cycle.
        cap: The most that one goal may score by what was measured; None for no cap. As key result
            areas are weighted, the score may go beyond 1.
        policy: The choices behind the figures.
        expectations: What is expected of goals.

    Raises:
        UnknownId: If nobody of that name owns a goal, or there is no such cycle.
        InvalidValue: If an argument is not what it should be.

    Example:
        >>> from goalkit import KeyResult
        >>> plan = Plan.of(KeyResult(id="a", title="A", owner="ida"))
        >>> scorecard(plan, "ida", as_of=date(2026, 9, 30)).total is None
        True
    """
    instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
    until = day(as_of)
    most = _cap(cap)
    graded = grades(plan, as_of=until, policy=policy, expectations=expectations)
    chosen = None if cycle is None else plan.cycle(cycle).id
    rollups: dict[date, Rollup] = {}
    cards = [_card(graded, goal_id, most, rollups) for goal_id in _owned(plan, owner, until, chosen)]
    whole = fsum(weight for _, weight, _, counts in cards if counts)
    known = fsum(weight for _, weight, score, counts in cards if counts and score is not None)
    base = known if policy.unmeasured is Unmeasured.SKIP else whole
    areas = []
    for row, weight, score, counts in cards:
        enters = counts and base and (score is not None or policy.unmeasured is not Unmeasured.SKIP)
        share = weight / base if enters else 0.0
        areas.append(
            Area(
                goal=row.goal,
                title=graded.goal(row.goal).title,
                weight=weight,
                share=share,
                score=score,
                points=share * (score or 0.0),
                outcome=row.outcome,
                counts=counts,
            )
        )
    coverage = known / whole if whole else 0.0
    is_known = known > 0 and (policy.unmeasured is not Unmeasured.UNKNOWN or same(coverage, 1))
    return Scorecard(owner, until, areas, fsum(area.points for area in areas) if is_known else None, coverage)


def _owned(plan: Plan, owner: str, until: date, cycle: str | None) -> list[str]:
    """Return the key result areas of an owner; without any, the goals that count towards no other of the same owner."""
    definitions = plan.definitions(until)
    owners, cycles = nearest(definitions, "owner"), nearest(definitions, "cycle")
    if owner not in owners:
        raise UnknownId.among("owner", owner, sorted({each for each in owners if each is not None}))
    at = definitions.structure.at
    mine = {
        goal_id
        for goal_id, position in at.items()
        if owners[position] == owner and (cycle is None or cycles[position] == cycle)
    }
    goals = definitions.goals
    areas = [each for each, goal in goals.items() if each in mine and _is_area(goal)]
    return areas or [
        goal_id
        for goal_id in definitions.structure.ids
        if goal_id in mine
        and not any(contributes(goals[goal_id], link) and link.to in mine for link in goals[goal_id].parent)
    ]


def _is_area(goal: Goal) -> bool:
    return isinstance(goal, Objective) and goal.level == KEY_RESULT_AREA


def _card(
    graded: Grades, goal_id: str, cap: float | None, rollups: dict[date, Rollup]
) -> tuple[GoalGrade, float, float | None, bool]:
    """Return a goal's grade, weight and score, and whether it counts."""
    row, goal = graded.row(goal_id), graded.goal(goal_id)
    weight = weighs(goal, goal.parent[0]) if goal.parent else goal.weight
    score, on = row.score, row.computed_on
    said = row.grade is not None and row.grade.score is not None
    if cap != 1 and score is not None and not said:
        if on not in rollups:
            rollups[on] = rollup(graded.plan, as_of=on, policy=graded.policy)
        score = clamp(rollups[on].unheld(goal_id) or score, cap)
    out = row.outcome is Outcome.DROPPED or (row.closed_by is None and row.reason in _OUT)
    return row, weight, score, not out and weight > 0


def _cap(value: Number | None) -> float | None:
    if value is None:
        return None
    got = float(number(value))
    if got < 1:
        hint = "give 1.2 for 120 %, or None for no cap"
        message = f"a cap of {written(got)} is less than all that was wanted"
        raise InvalidValue.of("out_of_range", message, path="cap", hint=hint)
    return got


_OUT: Final = frozenset({Reason.NOT_STARTED, Reason.DRAFT, Reason.PROPOSED})
