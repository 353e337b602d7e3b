"""A cycle at its end: how its goals came out, and what that says of how they were set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from math import fsum
from typing import Any, Final, final

from attrs import frozen

from ..calendars import Cycle
from ..errors import InvalidValue, shown
from ..model.goals import GOALS, Initiative, Milestone
from ..model.inheriting import nearest
from ..model.life import deciding, stage_of
from ..model.plan import Plan
from ..model.stages import ENDED, Ambition, Outcome, Stage
from ..policies import DEFAULT, Policy
from ..quantities import TOLERANCE, Number, fraction, percent, same
from . import tables
from .bands import score_text
from .expectations import EXPECTED, Expectations
from .grading import GoalGrade, Grades, grades
from .milestones import MilestoneDays, milestone_days
from .passes import work_out


class SweetSpot(StrEnum):
    """
    Where the mean score of a cycle lies.

    Example:
        >>> SweetSpot("above") is SweetSpot.ABOVE
        True
    """

    BELOW = "below"  # the goals may have been too many, or too little was done for them
    WITHIN = "within"
    ABOVE = "above"  # the goals may not have been ambitious enough


class Signal(StrEnum):
    """
    What the grades of a cycle may mean. A signal is a question to ask, never a verdict.

    Example:
        >>> Signal("sandbagging") is Signal.SANDBAGGING
        True
    """

    SANDBAGGING = "sandbagging"  # several goals, and every one was reached in full: they may have been too easy
    BELOW_SWEET_SPOT = "below_sweet_spot"
    ABOVE_SWEET_SPOT = "above_sweet_spot"
    CLOSED_WITHOUT_GRADE = "closed_without_grade"


#: The mean score at which goals were about as ambitious as they should be (Google re:Work).
SWEET_SPOT: Final = (0.6, 0.7)

#: One goal that was reached says nothing of how goals are set.
_SEVERAL: Final = 2


@final
@frozen(kw_only=True)
class CycleReview:
    """
    How the goals of a cycle came out.

    Attributes:
        cycle: The cycle.
        as_of: The day.
        grades: The grades that it rests on, of every goal of the plan.
        goals: The ids of the goals of the cycle that are looked at, in plan order.
        distribution: How many of them have each outcome, proposed or said by a person.
        mean: The mean score of those that were not dropped, each counting once; None where none is known.
        stretch_mean: The same without the goals that are committed, of which all is expected anyway.
        sweet_spot: Where that lies, within both bounds included; None where it is unknown.
        bounds: The bounds of the sweet spot.
        dropped: The ids of the goals that were dropped.
        unknown: The ids of those without an outcome, be it proposed or said.
        ungraded: The ids of the goals that somebody closed without saying what became of them.
        overridden: The ids of the goals of which a person said something else than what was proposed.
        signals: What to ask about.
        milestones: The planned and the actual days of its milestones.

    Example:
        >>> from goalkit import CheckIn, Increase, KeyResult
        >>> plan = Plan.of(
        ...     Cycle.quarter(2026, 3),
        ...     KeyResult(id="a", title="A", cycle="2026-Q3", metric=Increase(start=0, target=10)),
        ...     CheckIn(goal="a", on="2026-09-30", value=6),
        ... )
        >>> print(review_cycle(plan, "2026-Q3", as_of=date(2026, 9, 30)))
        2026-Q3 on 2026-09-30: 1 goal, mean score 0.6, within the sweet spot of 0.6 to 0.7
        outcome   goals  share
        achieved      0    0 %
        partial       1  100 %
        missed        0    0 %
        dropped       0    0 %
        unknown       0    0 %
    """

    cycle: Cycle
    as_of: date
    grades: Grades
    goals: tuple[str, ...]
    distribution: dict[Outcome, int]
    mean: float | None
    stretch_mean: float | None
    sweet_spot: SweetSpot | None
    bounds: tuple[float, float]
    dropped: tuple[str, ...]
    unknown: tuple[str, ...]
    ungraded: tuple[str, ...]
    overridden: tuple[str, ...]
    signals: tuple[Signal, ...]
    milestones: tuple[MilestoneDays, ...]

    @property
    def share_dropped(self) -> float | None:
        """The share of the goals that were dropped, 0 to 1; None where there are no goals."""
        return len(self.dropped) / len(self.goals) if self.goals else None

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each goal of the cycle, ready for JSON or a dataframe.

        Example:
            >>> plan = Plan.of(Cycle.quarter(2026, 3))
            >>> review_cycle(plan, "2026-Q3", as_of=date(2026, 9, 30)).to_dicts()
            []
        """
        wanted = set(self.goals)
        return [{"cycle": self.cycle.id, **row} for row in self.grades.to_dicts() if row["goal"] in wanted]

    def summary(self) -> dict[str, Any]:
        """
        Return the figures of the cycle as one flat dict, ready for JSON.

        Example:
            >>> plan = Plan.of(Cycle.quarter(2026, 3))
            >>> review_cycle(plan, "2026-Q3", as_of=date(2026, 9, 30)).summary()["mean"] is None
            True
        """
        return {
            "cycle": self.cycle.id,
            "as_of": self.as_of.isoformat(),
            "goals": len(self.goals),
            **{outcome.value: count for outcome, count in self.distribution.items()},
            "unknown": len(self.unknown),
            "mean": self.mean,
            "stretch_mean": self.stretch_mean,
            "sweet_spot": self.sweet_spot and self.sweet_spot.value,
            "share_dropped": self.share_dropped,
            "ungraded": len(self.ungraded),
            "overridden": len(self.overridden),
            "signals": [signal.value for signal in self.signals],
        }

    def __str__(self) -> str:
        return f"{self._head()}\n{tables.as_text(_HEAD, self._cells(), _RIGHT)}"

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<CycleReview of {self.cycle.id} on {self.as_of}>"

    def _head(self) -> str:
        goals = f"{len(self.goals)} goal{'' if len(self.goals) == 1 else 's'}"
        head = f"{self.cycle.id} on {self.as_of}: {goals}, mean score {score_text(self.mean)}"
        if self.sweet_spot is not None:
            low, high = map(score_text, self.bounds)
            head = f"{head}, {self.sweet_spot} the sweet spot of {low} to {high}"
        asked = [signal.value.replace("_", " ") for signal in self.signals]
        return f"{head}\nask about: {', '.join(asked)}" if asked else head

    def _cells(self) -> list[tuple[str, str, str]]:
        counts = [*self.distribution.items(), ("unknown", len(self.unknown))]
        return [(name, str(count), percent(count / len(self.goals) if self.goals else None)) for name, count in counts]


_HEAD: Final = ("outcome", "goals", "share")
_RIGHT: Final = frozenset({1, 2})


def review_cycle(
    plan: Plan,
    cycle_id: str,
    *,
    as_of: date,
    kinds: Iterable[str] | None = None,
    sweet_spot: tuple[Number, Number] = SWEET_SPOT,
    policy: Policy = DEFAULT,
    expectations: Expectations = EXPECTED,
) -> CycleReview:
    """
    Return how the goals of a cycle came out, for whoever closes it.

    The goals of a cycle are those that name it, and those below them that name no other. Each counts
    once. Goals that are only drafted or proposed on the day are left out. The sweet spot is asked of
    the goals that are not committed.

    Args:
        plan: The plan.
        cycle_id: The cycle.
        as_of: The day.
        kinds: The kinds of goals that are looked at, such as ``["key_result"]``; None for all but
            initiatives, which are work and not goals.
        sweet_spot: The lowest and the highest mean score at which goals were ambitious enough, and not
            too ambitious. Viva Goals has 0.6 to 0.8.
        policy: The choices behind the figures.
        expectations: What is expected of goals.

    Raises:
        UnknownId: If the plan holds no such cycle.
        InvalidValue: If a kind or a bound is refused, or an argument is not what it should be.

    Example:
        >>> plan = Plan.of(Cycle.quarter(2026, 3))
        >>> review_cycle(plan, "2026-Q3", as_of=date(2026, 9, 30)).goals
        ()
    """
    wanted, bounds = _kinds(kinds), _bounds(sweet_spot)
    graded = grades(plan, as_of=as_of, policy=policy, expectations=expectations)
    cycle = plan.cycle(cycle_id)
    definitions = plan.definitions(graded.as_of)
    cycles = nearest(definitions, "cycle")
    rows: list[GoalGrade] = []
    ungraded: list[str] = []
    columns = work_out(plan, graded.as_of, policy)
    milestones: list[MilestoneDays] = []
    for position, goal in enumerate(definitions.goals.values()):
        if cycles[position] != cycle.id or goal.kind not in wanted:
            continue
        moves = deciding(goal.id, definitions, plan.log, graded.as_of)
        row = graded.row(goal.id)
        if row.outcome is not Outcome.DROPPED and stage_of(moves) in {Stage.DRAFT, Stage.PROPOSED}:
            continue
        rows.append(row)
        if isinstance(goal, Milestone):
            milestones.append(milestone_days(columns, goal.id))
        if row.closed_by is None and moves and moves[-1].fact.goal == goal.id and moves[-1].stage in ENDED:
            ungraded.append(goal.id)
    scored = [row for row in rows if row.score is not None and row.outcome is not Outcome.DROPPED]
    stretch = [row for row in scored if row.ambition is not Ambition.COMMITTED]
    stretch_mean = _mean(stretch)
    spot = None if stretch_mean is None else _spot(stretch_mean, bounds)
    counts = Counter(row.outcome for row in rows)
    return CycleReview(
        cycle=cycle,
        as_of=graded.as_of,
        grades=graded,
        goals=tuple(row.goal for row in rows),
        distribution={outcome: counts[outcome] for outcome in Outcome},
        mean=_mean(scored),
        stretch_mean=stretch_mean,
        sweet_spot=spot,
        bounds=bounds,
        dropped=tuple(row.goal for row in rows if row.outcome is Outcome.DROPPED),
        unknown=tuple(row.goal for row in rows if row.outcome is None),
        ungraded=tuple(ungraded),
        overridden=tuple(row.goal for row in rows if row.overridden),
        signals=tuple(_signals(stretch, spot, ungraded)),
        milestones=tuple(milestones),
    )


def _kinds(kinds: Iterable[str] | None) -> frozenset[str]:
    known = sorted(GOALS)
    if kinds is None:
        return frozenset(known) - {Initiative.kind}
    hint = f"give a list of {', '.join(known)}"
    given: object = kinds
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(given)} is not a list of kinds", path="kinds", hint=hint)
    found = [*given]
    for kind in found:
        if kind not in known:
            raise InvalidValue.of("unknown_choice", f"{shown(kind)} is no kind of goal", path="kinds", hint=hint)
    return frozenset(found)


def _bounds(sweet_spot: tuple[Number, Number]) -> tuple[float, float]:
    given: object = sweet_spot
    hint = "give the lowest and the highest mean score, such as (0.6, 0.7)"
    if not isinstance(given, (list, tuple)) or len(given) != 2:  # noqa: PLR2004 - a low and a high end
        raise InvalidValue.of("not_a_range", f"{shown(given)} are not two scores", path="sweet_spot", hint=hint)
    try:
        low, high = map(fraction, given)
    except InvalidValue as error:
        raise error.under("sweet_spot") from None
    if high < low:
        raise InvalidValue.of("not_a_range", f"{high} is less than {low}", path="sweet_spot", hint=hint)
    return low, high


def _mean(rows: list[GoalGrade]) -> float | None:
    scores = [row.score for row in rows if row.score is not None]
    return fsum(scores) / len(scores) if scores else None


def _spot(mean: float, bounds: tuple[float, float]) -> SweetSpot:
    low, high = bounds
    if mean < low - TOLERANCE:
        return SweetSpot.BELOW
    return SweetSpot.ABOVE if mean > high + TOLERANCE else SweetSpot.WITHIN


def _signals(stretch: list[GoalGrade], spot: SweetSpot | None, ungraded: list[str]) -> Iterable[Signal]:
    if len(stretch) >= _SEVERAL and all(row.score is not None and same(row.score, 1) for row in stretch):
        yield Signal.SANDBAGGING
    if spot is SweetSpot.BELOW:
        yield Signal.BELOW_SWEET_SPOT
    if spot is SweetSpot.ABOVE:
        yield Signal.ABOVE_SWEET_SPOT
    if ungraded:
        yield Signal.CLOSED_WITHOUT_GRADE
