"""Whether goals moved the KPIs that they were meant to move: the question that matters at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, final

from attrs import frozen

from ..calendars import day
from ..calendars.divisions import Calendar
from ..errors import InvalidValue, UnknownId
from ..model.kpis import KPI, Direction
from ..model.plan import Plan
from ..model.progress import Reason
from ..model.stages import Outcome
from ..policies import DEFAULT, Policy
from ..quantities import EXACT, Number, difference, number, plain
from ..values import choice, instance
from . import tables
from .charts import Xmr
from .expectations import EXPECTED, Expectations
from .explain import WORDS
from .grading import grades
from .kpi import kpi_series
from .kpi_charts import Moves, figures, values_of
from .kpi_figures import KpiFigure, written
from .kpi_goals import without_goal, without_kpi
from .xmr import USEFUL_FROM, xmr
from .xmr_parts import Meaning, XmrSignal


class MovedBy(StrEnum):
    """
    What counts as a KPI that has moved.

    - ``xmr``: a signal, by limits that rest on the points before the goal began, of which it takes six. Enough
      points for it must lie since then, and what was a signal before is none until it has come back over the
      centre: a shift that was there already was not made by the goal. Where there are several, the latest
      decides, so that what went up and came down again has not moved up.
    - ``change``: the last point is better than the last one before the goal began, or, without one, than the
      first one since.
    - ``auto``: ``xmr`` where there are points enough for it, else ``change``.

    Example:
        >>> MovedBy("xmr") is MovedBy.XMR
        True
    """

    AUTO = "auto"
    XMR = "xmr"
    CHANGE = "change"


@frozen(kw_only=True)
class KpiMove:
    """
    Whether one KPI moved while a goal ran.

    Attributes:
        kpi: The KPI's id.
        moved: Whether it moved the right way; whether it moved at all where neither way is better. None
            where that is unknown.
        by: What was looked at, ``xmr`` or ``change``.
        before: The last value before the goal began; without one, the first since, where there is a later one.
        after: The last value since; None where there is none.
        signals: What is no noise since the goal began. Their indexes count the points with a value, those
            before the goal began included.
        reason: Why it is unknown; None where it is known.

    Example:
        >>> from goalkit import KeyResult, KPI, Plan
        >>> plan = Plan.of(KPI(id="a", title="A", kind="flow"), KeyResult(id="k", title="K", affects=["a"]))
        >>> print(impact(plan, as_of=date(2026, 9, 30))["k"].kpis[0])
        a: unknown, nothing was observed
    """

    kpi: str
    moved: bool | None
    by: MovedBy
    before: Decimal | None
    after: Decimal | None
    signals: tuple[XmrSignal, ...]
    reason: Reason | None

    def __str__(self) -> str:
        if self.reason is not None:
            return f"{self.kpi}: unknown, {WORDS[self.reason]}"
        moved = "moved" if self.moved else "did not move"
        return f"{self.kpi} {moved}: {written(self.before)}, then {written(self.after)}, by {self.by}"


@frozen(kw_only=True)
class GoalImpact:
    """
    What became of a goal, and of the KPIs that it was meant to move.

    Attributes:
        goal: The goal's id.
        achieved: Whether it is achieved, by its grade or by its score; None where that is unknown.
        moved: Whether any of its KPIs moved; None where that is unknown of all of them.
        kpis: What became of each of them, in the order in which the goal names them.

    Example:
        >>> from goalkit import Binary, CheckIn, KeyResult, KPI, Observation
        >>> plan = Plan.of(
        ...     KPI(id="turnover", title="Staff turnover", kind="ratio", direction="down"),
        ...     KeyResult(id="rewards", title="Rewards", metric=Binary(), affects=["turnover"]),
        ...     CheckIn(goal="rewards", on="2026-08-01", value=True),
        ...     *(Observation(kpi="turnover", on=f"2026-0{at}-28", numerator=3, denominator=60) for at in (7, 8, 9)),
        ... )
        >>> print(impact(plan, as_of=date(2026, 9, 30))["rewards"])
        rewards is achieved, and turnover did not move: 0.05, then 0.05, by change
    """

    goal: str
    achieved: bool | None
    moved: bool | None
    kpis: tuple[KpiMove, ...]

    @property
    def is_without_effect(self) -> bool:
        """Whether it is achieved, and yet no KPI of those that it was meant to move did."""
        return self.achieved is True and self.moved is False

    def __str__(self) -> str:
        said = {True: "achieved", False: "not achieved", None: "not judged"}[self.achieved]
        return f"{self.goal} is {said}, and {'; '.join(map(str, self.kpis))}"


@final
class Impact(Mapping[str, GoalImpact]):
    """
    Every goal that was meant to move a KPI, by id, in plan order.

    Attributes:
        plan: The plan.
        as_of: The day.
        kpis_without_goal: The ids of the KPIs that no goal names, nor anything that is worked out from them or
            that they are worked out from.
        goals_without_kpi: The ids of the goals that name no KPI, with nothing above or below them that does.

    Example:
        >>> from goalkit import KPI, Objective
        >>> found = impact(Plan.of(KPI(id="a", title="A", kind="flow"), Objective(id="o", title="O")),
        ...     as_of=date(2026, 9, 30))
        >>> found.kpis_without_goal, found.goals_without_kpi
        (('a',), ('o',))
    """

    __slots__ = ("_rows", "as_of", "goals_without_kpi", "kpis_without_goal", "plan")

    def __init__(
        self,
        plan: Plan,
        as_of: date,
        rows: Mapping[str, GoalImpact],
        *,
        kpis_without_goal: Sequence[str],
        goals_without_kpi: Sequence[str],
    ) -> None:
        self._rows: Final = dict(rows)
        self.plan: Final[Plan] = plan
        self.as_of: Final[date] = as_of
        self.kpis_without_goal: Final = tuple(kpis_without_goal)
        self.goals_without_kpi: Final = tuple(goals_without_kpi)

    def __getitem__(self, goal_id: str) -> GoalImpact:
        try:
            return self._rows[goal_id]
        except (KeyError, TypeError):
            raise UnknownId.among("goal with a KPI to move", goal_id, self._rows) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, goal_id: object) -> bool:
        return isinstance(goal_id, str) and goal_id in self._rows

    @property
    def without_effect(self) -> tuple[GoalImpact, ...]:
        """The goals that are achieved, and yet none of their KPIs moved."""
        return tuple(row for row in self._rows.values() if row.is_without_effect)

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each goal and KPI, ready for JSON or a dataframe.

        Example:
            >>> from goalkit import Binary, KeyResult, KPI
            >>> plan = Plan.of(KPI(id="a", title="A", kind="flow"), KeyResult(id="k", title="K", metric=Binary(),
            ...     affects=["a"]))
            >>> impact(plan, as_of=date(2026, 9, 30)).to_dicts()[0]["reason"]
            'no_observations'
        """
        return [
            {
                "goal": row.goal,
                "achieved": row.achieved,
                "kpi": kpi.kpi,
                "moved": kpi.moved,
                "by": kpi.by.value,
                "before": None if kpi.before is None else float(kpi.before),
                "after": None if kpi.after is None else float(kpi.after),
                "signals": len(kpi.signals),
                "reason": None if kpi.reason is None else kpi.reason.value,
            }
            for row in self._rows.values()
            for kpi in row.kpis
        ]

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<Impact of {len(self)} goals on {self.as_of}>"

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                row.goal,
                _YES[row.achieved],
                kpi.kpi,
                written(kpi.before),
                written(kpi.after),
                _YES[kpi.moved] if kpi.reason is None else WORDS[kpi.reason],
            )
            for row in self._rows.values()
            for kpi in row.kpis
        ]


_HEAD: Final = ("goal", "achieved", "kpi", "before", "after", "moved")
_RIGHT: Final = frozenset({3, 4})
_YES: Final = {True: "yes", False: "no", None: "–"}


def impact(
    plan: Plan,
    *,
    as_of: date,
    by: MovedBy | str = MovedBy.AUTO,
    least: Number = 0,
    calendar: Calendar | None = None,
    policy: Policy = DEFAULT,
    expectations: Expectations = EXPECTED,
) -> Impact:
    """
    Return for every goal that names KPIs to move whether it is achieved, and whether they moved.

    A KPI is looked at by the periods of its frequency, or by the days with observations; a period that is not
    over is not looked at. A goal begins on the first day of its period; without one, all points come after that.

    Args:
        plan: The plan.
        as_of: The day. A KPI that lags behind moves after the goal is over: ask again on a later day.
        by: What counts as a KPI that has moved.
        least: By ``change``, how large the change has to be to count, as a part of the value before it; 0 for
            any change. From zero, any change is large.
        calendar: The calendar by whose periods KPIs are looked at, such as a fiscal one; the civil one without.
        policy: The choices behind the scores.
        expectations: What is expected of goals.

    Raises:
        InvalidValue: If it is not a plan, ``as_of`` is not a day, or a choice is not one.

    Example:
        >>> from goalkit import Binary, CheckIn, KeyResult, KPI, Observation
        >>> solved = KPI(id="solved", title="Solved", kind="ratio", direction="up")
        >>> plan = Plan.of(
        ...     solved,
        ...     KeyResult(id="train", title="Train the team", metric=Binary(), affects=["solved"]),
        ...     *(Observation(kpi="solved", on=f"2026-0{at}-28", numerator=at, denominator=10) for at in (7, 8, 9)),
        ... )
        >>> impact(plan, as_of=date(2026, 9, 30))["train"].moved
        True
    """
    instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
    until = day(as_of)
    looked = _Looked(plan, until, *_choices(by, least), calendar)
    definitions = plan.definitions(until)
    goals = [goal for goal in definitions.goals.values() if goal.affects]
    graded = grades(plan, as_of=until, policy=policy, expectations=expectations) if goals else {}
    rows: dict[str, GoalImpact] = {}
    for goal in goals:
        first_day, _ = definitions.periods[definitions.structure.at[goal.id]]
        kpis = tuple(looked.move(kpi_id, first_day) for kpi_id in goal.affects)
        known = [kpi.moved for kpi in kpis if kpi.moved is not None]
        outcome = graded[goal.id].outcome
        rows[goal.id] = GoalImpact(
            goal=goal.id,
            achieved=None if outcome is None else outcome is Outcome.ACHIEVED,
            moved=any(known) if known else None,
            kpis=kpis,
        )
    alone = {"kpis_without_goal": without_goal(definitions), "goals_without_kpi": without_kpi(definitions)}
    return Impact(plan, until, rows, **alone)


def _choices(by: MovedBy | str, least: Number) -> tuple[MovedBy, Decimal]:
    path = "by"
    try:
        chosen, path = choice(MovedBy, by), "least"
        floor = number(least)
    except InvalidValue as error:
        raise error.under(path) from None
    if floor < 0:
        message = f"a change of {plain(floor)} is no size"
        raise InvalidValue.of("out_of_range", message, path="least", hint="give 0 or more, such as 0.05 for 5 %")
    return chosen, floor


@final
class _Looked:
    """The KPIs of a plan as they are looked at: each is measured once, however many goals are to move it."""

    __slots__ = ("_as_of", "_by", "_calendar", "_figures", "_least", "_moves", "_plan")

    def __init__(self, plan: Plan, as_of: date, by: MovedBy, least: Decimal, calendar: Calendar | None) -> None:
        self._plan: Final = plan
        self._as_of: Final = as_of
        self._by: Final = by
        self._least: Final = least
        self._calendar: Final = calendar
        self._figures: Final[dict[str, list[KpiFigure]]] = {}
        self._moves: Final[dict[tuple[str, date | None], KpiMove]] = {}

    def move(self, kpi_id: str, first_day: date | None) -> KpiMove:
        """Return whether a KPI moved since a day."""
        if kpi_id not in self._figures:
            self._figures[kpi_id] = figures(kpi_series(self._plan, kpi_id, as_of=self._as_of), calendar=self._calendar)
        key = (kpi_id, first_day)
        if key not in self._moves:
            self._moves[key] = self._found(self._plan.kpi(kpi_id), first_day)
        return self._moves[key]

    def _found(self, kpi: KPI, first_day: date | None) -> KpiMove:
        points = Moves.of(self._figures[kpi.id], first_day)
        enough = len(points.before) >= USEFUL_FROM
        by = self._by if self._by is not MovedBy.AUTO else MovedBy.XMR if enough else MovedBy.CHANGE
        base = points.before[-1:] or points.since[: len(points.since) > 1]
        before, after = (each[-1].actual if each else None for each in (base, points.since))
        moved: bool | None = None
        signals: tuple[XmrSignal, ...] = ()
        reason = points.reason
        if first_day is not None and first_day > self._as_of:
            reason = Reason.NOT_STARTED
        elif reason is None and (before is None or (by is MovedBy.XMR and not enough)):
            reason = Reason.TOO_FEW
        if reason is None and by is MovedBy.XMR:
            signals = _signals(kpi, points)
            moved = bool(signals) and max(signals, key=_end_of).meaning is not Meaning.CONCERN
        elif reason is None and before is not None and after is not None:
            moved = _is_change(kpi, before, after, self._least)
        return KpiMove(kpi=kpi.id, moved=moved, by=by, before=before, after=after, signals=signals, reason=reason)


def _signals(kpi: KPI, points: Moves) -> tuple[XmrSignal, ...]:
    """Return the signals for which there are points enough since the goal began."""
    begins, values = len(points.before), values_of([*points.before, *points.since])
    chart = xmr(values, baseline=begins, direction=kpi.direction)
    since = {side: _since(chart, values, begins, side) for side in (-1, 1)}
    return tuple(each for each in chart.signals if _needed(each) <= sum(at >= since[each.side] for at in each.members))


def _since(chart: Xmr, values: Sequence[float | None], begins: int, side: int) -> int:
    """Return from which point on a signal on a side is news: not before one that was there already has ended."""
    seen = (signal for signal in chart.signals if signal.side == side and signal.index < begins)
    if not any(begins - 1 in signal.members for signal in seen):
        return begins
    sides = [0 if value is None else chart.segments[0].side_of(value) for value in values[begins:]]
    return begins + next((at for at, found in enumerate(sides) if found != side), len(sides))


def _needed(signal: XmrSignal) -> int:
    """Return how many points it took before the signal was seen."""
    return signal.members.index(signal.index) + 1


def _end_of(signal: XmrSignal) -> int:
    return signal.members[-1]


def _is_change(kpi: KPI, before: Decimal, after: Decimal, least: Decimal) -> bool:
    change = difference(after, before)
    if kpi.direction is Direction.DOWN:
        change = -change
    elif kpi.direction is not Direction.UP:
        change = abs(change)
    return change > 0 and change >= EXACT.multiply(least, before.copy_abs())
