"""Why a goal's progress moved between two days, in points that add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from html import escape
from typing import Any, Final, final, overload

from attrs import frozen

from ..calendars import day
from ..errors import InvalidValue
from ..model.plan import Plan
from ..model.records import Approval, CheckIn, Fact, Grade, Revision, Transition
from ..model.stages import Outcome, Stage
from ..policies import DEFAULT, Policy
from ..quantities import percent, points
from ..values import instance
from . import tables
from .live import LiveRollup


class Cause(StrEnum):
    """
    What moved a figure.

    Example:
        >>> Cause("check_in") is Cause.CHECK_IN
        True
    """

    STARTED = "started"  # its period began, or the day came on which it was done
    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"
    DROPPED = "dropped"
    ARCHIVED = "archived"
    LINK = "link"  # it was moved under other goals
    PERIOD = "period"  # its cycle or its days were changed
    METHOD = "method"  # how it is read or made up of others was changed
    TARGET = "target"  # its metric was changed
    WEIGHT = "weight"
    CHECK_IN = "check_in"
    OBSERVED = "observed"  # the KPI was observed that measures it


# Which field of a goal belongs to which cause; all others change no figure.
_FIELDS: Final = {
    "approvers": Cause.APPROVED,
    "parent": Cause.LINK,
    "cycle": Cause.PERIOD,
    "first_day": Cause.PERIOD,
    "last_day": Cause.PERIOD,
    "due": Cause.PERIOD,
    "done_on": Cause.CHECK_IN,
    "rollup": Cause.METHOD,
    "reads": Cause.METHOD,
    "measured_by": Cause.METHOD,
    "actions": Cause.METHOD,
    "unit": Cause.METHOD,
    "share": Cause.TARGET,
    "metric": Cause.TARGET,
    "weight": Cause.WEIGHT,
}
_ORDER: Final = {cause: rank for rank, cause in enumerate(Cause)}


@frozen(kw_only=True)
class AttributionPart:
    """
    What one goal's change brought.

    Attributes:
        goal: The goal that changed.
        because: What changed of it.
        points: By how much the figure moved because of it, 1.0 for all of the way.

    Example:
        >>> AttributionPart(goal="nps", because=Cause.CHECK_IN, points=0.125).points
        0.125
    """

    goal: str
    because: Cause
    points: float


@final
class Attribution(Sequence[AttributionPart]):
    """
    Why a goal's progress moved: its parts, the largest first, sum to the difference.

    Attributes:
        goal: The goal's id.
        since: The first day.
        until: The last day.
        before: The progress on the first day; None where it was unknown, which counts as 0 in the difference.
        after: The progress on the last day; None as above.

    Example:
        >>> from goalkit import CheckIn, Increase, KeyResult, Plan
        >>> sales = KeyResult(id="sales", title="Sell 10", metric=Increase(start=0, target=10))
        >>> sold = CheckIn(goal="sales", on="2026-08-10", value=4), CheckIn(goal="sales", on="2026-08-20", value=7)
        >>> print(attribution(Plan.of(sales, *sold), "sales", since=date(2026, 8, 15), until=date(2026, 8, 31)))
        sales from 40 % on 2026-08-15 to 70 % on 2026-08-31
        points  goal   because
          30.0  sales  check_in
    """

    __slots__ = ("_parts", "after", "before", "goal", "since", "until")

    def __init__(
        self,
        *,
        goal: str,
        since: date,
        until: date,
        before: float | None,
        after: float | None,
        parts: Iterable[AttributionPart],
    ) -> None:
        self.goal: Final = goal
        self.since: Final = since
        self.until: Final = until
        self.before: Final = before
        self.after: Final = after
        self._parts: Final = tuple(parts)

    @overload
    def __getitem__(self, index: int) -> AttributionPart: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[AttributionPart, ...]: ...
    def __getitem__(self, index: int | slice) -> AttributionPart | tuple[AttributionPart, ...]:
        return self._parts[index]

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[AttributionPart]:
        return iter(self._parts)

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each part, ready for JSON or a dataframe.

        Example:
            >>> from goalkit import Objective, Plan
            >>> plan = Plan.of(Objective(id="o", title="O"))
            >>> attribution(plan, "o", since=date(2026, 8, 1), until=date(2026, 8, 31)).to_dicts()
            []
        """
        return [{"goal": part.goal, "because": part.because.value, "points": part.points} for part in self._parts]

    def __str__(self) -> str:
        return f"{self._head()}\n{tables.as_text(_HEAD, self._cells(), _RIGHT)}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._head())}</p>{tables.as_html(_HEAD, self._cells(), _RIGHT)}"

    def __repr__(self) -> str:
        return f"<Attribution of {self.goal!r} from {self.since} to {self.until}>"

    def _head(self) -> str:
        before, after = percent(self.before), percent(self.after)
        return f"{self.goal} from {before} on {self.since} to {after} on {self.until}"

    def _cells(self) -> list[tuple[str, ...]]:
        return [(points(part.points, 1), part.goal, part.because) for part in self._parts]


_HEAD: Final = ("points", "goal", "because")
_RIGHT: Final = frozenset({0})


def attribution(plan: Plan, goal: str, *, since: date, until: date, policy: Policy = DEFAULT) -> Attribution:
    """
    Return why a goal's progress moved between two days.

    The days between are gone through once. What happened on one day is taken up in a fixed order (what
    began, stages, links, periods, methods, targets, weights, check-ins, each by goal id), so that the
    order in which it was recorded makes no difference, and each step is given the points by which it
    moved the figure. The parts sum to the difference.

    Args:
        plan: The plan.
        goal: The goal's id.
        since: The first day.
        until: The last day, not before the first.
        policy: The choices behind the figures.

    Raises:
        UnknownId: If there is no such goal.
        InvalidValue: If it is not a plan, a day is not one, the days are not in order, or the policy
            is not one.

    Example:
        >>> from goalkit import CheckIn, Increase, KeyResult, Plan
        >>> sales = KeyResult(id="sales", title="Sell 10", metric=Increase(start=0, target=10))
        >>> plan = Plan.of(sales, CheckIn(goal="sales", on="2026-08-20", value=4))
        >>> attribution(plan, "sales", since=date(2026, 8, 15), until=date(2026, 8, 31))[0].points
        0.4
    """
    goal = instance(Plan, plan, "Plan.of and Plan.from_dicts make one")[goal].id
    first, last = day(since), day(until)
    if last < first:
        raise InvalidValue.of("days_out_of_order", f"{last} is before {first}", path="until", hint="swap them")
    return _Walk(plan, goal, first, policy).to(last)


@final
class _Walk:
    """A way through the days, from one figure to another."""

    def __init__(self, plan: Plan, goal: str, since: date, policy: Policy) -> None:
        self._plan: Final = plan
        self._goal: Final = goal
        self._since: Final = since
        self._live: Final = LiveRollup(
            Plan(plan.written, plan.log.until(since), plan.observed), as_of=since, policy=policy
        )
        self._found: Final[dict[tuple[str, Cause], float]] = {}
        self._last = self._now()

    def to(self, until: date) -> Attribution:
        """Go on to a day, and return what moved the figure on the way."""
        before = self._live.columns.known(self._live.columns.structure.at[self._goal])
        by_day: dict[date, list[Fact]] = {}
        for fact in self._plan.log:
            if self._since < fact.on <= until:
                by_day.setdefault(fact.on, []).append(fact)
        for on in sorted({*by_day, until, *self._live.turns(self._since, until), *self._turns_to_come(until)}):
            self._day(on, by_day.get(on, []))
        columns = self._live.columns
        after = columns.known(columns.structure.at[self._goal])
        order = columns.structure.at
        parts = [
            AttributionPart(goal=goal, because=cause, points=moved)
            for (goal, cause), moved in self._found.items()
            if abs(moved) > _NOTHING
        ]
        parts.sort(key=lambda part: (-abs(part.points), order[part.goal], _ORDER[part.because]))
        return Attribution(goal=self._goal, since=self._since, until=until, before=before, after=after, parts=parts)

    def _turns_to_come(self, until: date) -> Iterator[date]:
        """Yield the days on which something begins by a definition that comes into force on the way."""
        for revision in self._plan.log.revisions():
            if self._since < revision.on <= until:
                for name in ("first_day", "done_on"):
                    turn = revision.changes.get(name)
                    if turn is not None and revision.on < turn <= until:
                        yield turn
                if not {"cycle", "parent"}.isdisjoint(revision.changes):
                    yield from (
                        cycle.first_day for cycle in self._plan.cycles if revision.on < cycle.first_day <= until
                    )

    def _now(self) -> float:
        columns = self._live.columns
        return columns.known(columns.structure.at[self._goal]) or 0.0

    def _take(self, goal: str, cause: Cause) -> None:
        """Give what the figure has moved to a goal and a cause."""
        now = self._now()
        self._found[goal, cause] = self._found.get((goal, cause), 0.0) + now - self._last
        self._last = now

    def _day(self, on: date, facts: Sequence[Fact]) -> None:
        """Take up what happened on one day, in an order of our own."""
        for goal in self._live.step(on):
            self._take(goal, Cause.OBSERVED if self._is_observed(goal, on) else Cause.STARTED)
        steps: dict[tuple[int, str], tuple[Cause, list[Fact]]] = {}
        for cause, fact in _steps(facts):
            steps.setdefault((_ORDER[cause], fact.goal), (cause, []))[1].append(fact)
        last: tuple[str, Cause] | None = None
        log = self._live.plan.log
        for (_, goal), (cause, step) in sorted(steps.items(), key=lambda item: item[0]):
            log = log.extended(step)
            self._live.update(Plan(self._plan.written, log, self._plan.observed))
            self._take(goal, cause)
            last = (goal, cause)
        if last is not None and _depend_on_order(facts):
            # In parts, a revision may have been nothing that a goal can be, and of several moves of a goal another
            # one may have come last; what is left belongs to the last step.
            self._live.update(Plan(self._plan.written, self._plan.log.until(on), self._plan.observed))
            self._take(*last)

    def _is_observed(self, goal_id: str, on: date) -> bool:
        columns = self._live.columns
        position = columns.structure.at[goal_id]
        return position in columns.shape.by_kpi and columns.periods[position][0] != on


_NOTHING: Final = 1e-12


def _depend_on_order(facts: Sequence[Fact]) -> bool:
    """Tell whether what is true after one day's facts may be something else, where they are taken in another order."""
    moved = [fact.goal for fact in facts if isinstance(fact, (Approval, Grade, Transition))]
    return len(set(moved)) < len(moved) or any(isinstance(fact, Revision) for fact in facts)


def _steps(facts: Iterable[Fact]) -> Iterator[tuple[Cause, Fact]]:
    """Yield what happened on one day, each with its cause; a revision for each cause that it has."""
    for fact in facts:
        if isinstance(fact, (Transition, Grade)):
            stage = fact.stage if isinstance(fact, Transition) else Stage.CLOSED
            yield Cause.DROPPED if fact.outcome is Outcome.DROPPED else Cause(stage.value), fact
        elif isinstance(fact, Approval):
            yield Cause.APPROVED, fact
        elif isinstance(fact, CheckIn):
            yield Cause.CHECK_IN, fact
        elif isinstance(fact, Revision):
            changes: dict[Cause, dict[str, Any]] = {}
            for name, value in fact.changes.items():
                if name in _FIELDS:
                    changes.setdefault(_FIELDS[name], {})[name] = value
            for cause, changed in changes.items():
                yield cause, Revision(goal=fact.goal, on=fact.on, changes=changed, id=f"{fact.id} {cause}")
