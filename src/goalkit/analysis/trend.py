"""A goal's progress on several days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final, final, overload

from attrs import asdict, frozen

from ..calendars import day
from ..errors import InvalidValue, shown
from ..model.plan import Plan
from ..model.progress import Reason
from ..policies import DEFAULT, Policy
from ..quantities import percent
from ..values import instance
from . import tables
from .live import LiveRollup


@frozen(kw_only=True)
class TrendPoint:
    """
    A goal's progress on one day.

    Attributes:
        on: The day.
        value: The progress; None where it is unknown.
        reason: Why it is unknown; None where it is known.
        coverage: How much of the weight behind the value was measured, 0 to 1.

    Example:
        >>> from goalkit import Objective, Plan
        >>> trend(Plan.of(Objective(id="o", title="O")), "o", [date(2026, 8, 15)])[0].reason
        <Reason.NO_CHILDREN: 'no_children'>
    """

    on: date
    value: float | None
    reason: Reason | None
    coverage: float


@final
class Trend(Sequence[TrendPoint]):
    """
    A goal's progress day by day, in the order in which the days were given.

    Attributes:
        goal: The goal's id.

    Example:
        >>> from goalkit import Milestone, Plan
        >>> opened = Milestone(id="m", title="Open", done_on="2026-08-10")
        >>> print(trend(Plan.of(opened), "m", [date(2026, 8, 1), date(2026, 8, 15)]))
        on          progress  coverage  reason
        2026-08-01         –       0 %  not_measured
        2026-08-15     100 %     100 %
    """

    __slots__ = ("_points", "goal")

    def __init__(self, goal: str, points: Iterable[TrendPoint]) -> None:
        self.goal: Final = goal
        self._points: Final = tuple(points)

    @overload
    def __getitem__(self, index: int) -> TrendPoint: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[TrendPoint, ...]: ...
    def __getitem__(self, index: int | slice) -> TrendPoint | tuple[TrendPoint, ...]:
        return self._points[index]

    def __len__(self) -> int:
        return len(self._points)

    def __iter__(self) -> Iterator[TrendPoint]:
        return iter(self._points)

    def __eq__(self, other: object) -> bool:
        """Two trends are equal when they are of one goal and have the same points."""
        if not isinstance(other, Trend):
            return NotImplemented
        return self.goal == other.goal and self._points == other._points

    def __hash__(self) -> int:
        return hash((self.goal, self._points))

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each day, ready for JSON or a dataframe.

        Example:
            >>> from goalkit import Objective, Plan
            >>> trend(Plan.of(Objective(id="o", title="O")), "o", [date(2026, 8, 15)]).to_dicts()[0]["on"]
            '2026-08-15'
        """
        return [
            {
                **asdict(point),
                "goal": self.goal,
                "on": point.on.isoformat(),
                "reason": None if point.reason is None else point.reason.value,
            }
            for point in self._points
        ]

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<Trend of {self.goal!r} on {len(self)} day{'s' * (len(self) != 1)}>"

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (point.on.isoformat(), percent(point.value), percent(point.coverage), point.reason or "")
            for point in self._points
        ]


_HEAD: Final = ("on", "progress", "coverage", "reason")
_RIGHT: Final = frozenset({1, 2})


def trend(plan: Plan, goal: str, days: Iterable[date], *, policy: Policy = DEFAULT) -> Trend:
    """
    Return a goal's progress on several days, each seen as it was true then.

    The facts are gone through once, from the first day to the last, instead of one roll-up a day.

    Args:
        plan: The plan.
        goal: The goal's id.
        days: The days, in any order.
        policy: The choices behind the figures.

    Raises:
        UnknownId: If there is no such goal.
        InvalidValue: If it is not a plan, a day is not one, or the policy is not one.

    Example:
        >>> from goalkit import CheckIn, Increase, KeyResult, Plan
        >>> sales = KeyResult(id="sales", title="Sell 10", metric=Increase(start=0, target=10))
        >>> sold = CheckIn(goal="sales", on="2026-08-10", value=4), CheckIn(goal="sales", on="2026-08-20", value=7)
        >>> [point.value for point in trend(Plan.of(sales, *sold), "sales", [date(2026, 8, 15), date(2026, 8, 31)])]
        [0.4, 0.7]
    """
    if isinstance(days, (str, date)) or not isinstance(days, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(days)} is not a list of days", path="days", hint="give several")
    wanted = []
    for at, given in enumerate(days):
        try:
            wanted.append(day(given))
        except InvalidValue as error:
            raise error.under(f"days[{at}]") from None
    goal = instance(Plan, plan, "Plan.of and Plan.from_dicts make one")[goal].id
    found: dict[date, TrendPoint] = {}
    live: LiveRollup | None = None
    for on in sorted(set(wanted)):
        if live is None:
            live = LiveRollup(plan, as_of=on, policy=policy)
        else:
            live.advance(on)
        columns = live.columns
        at = columns.structure.at[goal]
        reason, coverage = columns.reason[at], columns.coverage[at]
        found[on] = TrendPoint(on=on, value=columns.known(at), reason=reason, coverage=coverage)
    return Trend(goal, (found[on] for on in wanted))
