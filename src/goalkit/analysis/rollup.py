"""Progress of every goal of a plan on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, final

from attrs import frozen

from ..calendars import day
from ..model.goals import Goal
from ..model.methods import RollupMethod
from ..model.plan import Plan
from ..model.progress import Reason
from ..model.records import CheckIn
from ..policies import DEFAULT, Policy
from ..quantities import percent
from ..values import instance
from . import tables
from .columns import Columns
from .contributions import Contribution, contributions
from .passes import work_out


@frozen(kw_only=True)
class GoalProgress:
    """
    The progress of one goal on a day.

    Attributes:
        goal: The goal's id.
        as_of: The day.
        value: The fraction of the way, held within 0 and 1 unless the policy says otherwise; None
            where it is unknown.
        raw: The same unclamped, for goals that are measured themselves or read from a sum; None for others.
        reason: Why the value is unknown; None where it is known.
        coverage: How much of the weight behind the value was measured, 0 to 1.
        check_in: The check-in that the value was read from, the last of several; None where it comes
            from elsewhere.
        actual: The number behind it: what was measured, or what several check-ins or goals sum to.
        contributions: What each child contributes, in plan order.

    Example:
        >>> from goalkit import Objective, Plan
        >>> rollup(Plan.of(Objective(id="o", title="O")), as_of=date(2026, 8, 15))["o"].reason
        <Reason.NO_CHILDREN: 'no_children'>
    """

    goal: str
    as_of: date
    value: float | None
    raw: float | None
    reason: Reason | None
    coverage: float
    check_in: CheckIn | None
    actual: Decimal | None
    contributions: tuple[Contribution, ...]


@final
class Rollup(Mapping[str, GoalProgress]):
    """
    The progress of every goal of a plan on a day, by id, in plan order.

    Attributes:
        plan: The plan that it was worked out from.
        as_of: The day.
        policy: The choices behind the figures.

    Example:
        >>> from goalkit import Milestone, Plan
        >>> print(rollup(Plan.of(Milestone(id="m", title="Open", done_on="2026-08-01")), as_of=date(2026, 8, 15)))
        goal  progress  coverage  reason  title
        m        100 %     100 %          Open
    """

    __slots__ = ("_columns", "as_of", "plan", "policy")

    def __init__(self, columns: Columns) -> None:
        self._columns: Final = columns
        self.plan: Final[Plan] = columns.plan
        self.as_of: Final[date] = columns.as_of
        self.policy: Final[Policy] = columns.policy

    def __getitem__(self, goal_id: str) -> GoalProgress:
        columns = self._columns
        position = self._position(goal_id)
        return GoalProgress(
            goal=goal_id,
            as_of=self.as_of,
            value=columns.known(position),
            raw=columns.raw[position],
            reason=columns.reason[position],
            coverage=columns.coverage[position],
            check_in=columns.check_in(position),
            actual=columns.actual(position),
            contributions=self._contributions(position),
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.structure.ids)

    def __len__(self) -> int:
        return len(self._columns.goals)

    def __contains__(self, goal_id: object) -> bool:
        return isinstance(goal_id, str) and goal_id in self._columns.structure.at

    def progress(self, goal_id: str) -> float | None:
        """
        Return a goal's progress alone, without what contributes to it, or None where it is unknown.

        It is ``rollup[goal_id].value``, at a cost that does not grow with the number of children.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Milestone, Plan
            >>> plan = Plan.of(Milestone(id="m", title="Open", done_on="2026-08-01"))
            >>> rollup(plan, as_of=date(2026, 8, 15)).progress("m")
            1.0
        """
        return self._columns.known(self._position(goal_id))

    def method(self, goal_id: str) -> RollupMethod | None:
        """
        Return how a goal is made up of others, or None where it is not.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Objective, Plan
            >>> rollup(Plan.of(Objective(id="o", title="O")), as_of=date(2026, 8, 15)).method("o").value
            'weighted_mean'
        """
        position = self._position(goal_id)
        return self._columns.method(position) if self._columns.is_made_up(position) else None

    def is_complete(self, goal_id: str) -> bool:
        """
        Tell whether a goal is closed, and complete by the policy.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Objective, Plan, Transition
            >>> plan = Plan.of(Objective(id="o", title="O"), Transition(goal="o", on="2026-08-10", stage="closed"))
            >>> rollup(plan, as_of=date(2026, 8, 15), policy=Policy(closed="complete")).is_complete("o")
            True
        """
        return self._position(goal_id) in self._columns.complete

    def unheld(self, goal_id: str) -> float | None:
        """
        Return a goal's figure before the policy held it within bounds, or None where that made no difference.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import CheckIn, Increase, KeyResult, Plan
            >>> sales = KeyResult(id="sales", title="Sell 10", metric=Increase(start=0, target=10))
            >>> plan = Plan.of(sales, CheckIn(goal="sales", on="2026-08-10", value=15))
            >>> rollup(plan, as_of=date(2026, 8, 15)).unheld("sales")
            1.5
        """
        columns, position = self._columns, self._position(goal_id)
        figure = columns.unheld.get(position, columns.raw[position])
        return None if figure is None or figure == columns.known(position) else figure

    def goal(self, goal_id: str) -> Goal:
        """
        Return a goal as it was defined on the day.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.
        """
        return self._columns.goals[self._position(goal_id)]

    def explain(self, goal_id: str, *, depth: int = 3) -> str:
        """
        Return in words how a goal's figure came about: who contributed what, and what was left out and why.

        Args:
            goal_id: The goal.
            depth: How many levels below it are told, at least 1.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import CheckIn, Increase, KeyResult, Objective, Plan
            >>> plan = Plan.of(
            ...     Objective(id="app", title="A joy to use"),
            ...     KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start=42, target=70)),
            ... ).record(CheckIn(goal="nps", on="2026-08-10", value=56))
            >>> print(rollup(plan, as_of=date(2026, 8, 15)).explain("app"))
            app is at 50 % on 2026-08-15: A joy to use
            └─ nps  50 % × 100 % of the weight = 50.0 points  [56 on 2026-08-10, from 42 up to 70]
        """
        from .explain import explained  # noqa: PLC0415 - words are only made when they are asked for

        return explained(self, goal_id, depth)

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each goal, ready for JSON or a dataframe.

        Example:
            >>> from goalkit import Objective, Plan
            >>> rows = rollup(Plan.of(Objective(id="o", title="O")), as_of=date(2026, 8, 15)).to_dicts()
            >>> rows[0]["goal"], rows[0]["reason"]
            ('o', 'no_children')
        """
        columns = self._columns
        return [
            {
                "goal": goal.id,
                "kind": goal.kind,
                "title": goal.title,
                "as_of": self.as_of.isoformat(),
                "value": columns.known(position),
                "raw": columns.raw[position],
                "reason": None if (reason := columns.reason[position]) is None else reason.value,
                "coverage": columns.coverage[position],
            }
            for position, goal in enumerate(columns.goals)
        ]

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<Rollup of {len(self)} goals on {self.as_of}>"

    def _cells(self) -> list[tuple[str, ...]]:
        columns = self._columns
        return [
            (
                goal.id,
                percent(columns.known(position)),
                percent(columns.coverage[position]),
                columns.reason[position] or "",
                goal.title,
            )
            for position, goal in enumerate(columns.goals)
        ]

    def _position(self, goal_id: str) -> int:
        return self._columns.structure.position(goal_id)

    def _contributions(self, parent: int) -> tuple[Contribution, ...]:
        return contributions(self._columns, parent)


_HEAD: Final = ("goal", "progress", "coverage", "reason", "title")
_RIGHT: Final = frozenset({1, 2})


def rollup(plan: Plan, *, as_of: date, policy: Policy = DEFAULT) -> Rollup:
    """
    Return the progress of every goal of a plan on a day.

    A measured goal is read from its check-ins. By default, every other goal is the weighted mean of
    what contributes to it, and what its children bring stays within 0 and 1. A child that nobody has
    measured counts as nothing done once some sibling is measured, and the coverage says so. Left out
    are goals whose period lies ahead, that have nothing to measure, that only support, that weigh
    nothing, and that are drafted, proposed, paused, dropped or archived. The policy changes what of
    this is a choice.

    Args:
        plan: The plan.
        as_of: The day: definitions and facts are seen as they were true then.
        policy: The choices behind the figures.

    Raises:
        InvalidValue: If it is not a plan, ``as_of`` is not a day, or the policy is not one.

    Example:
        >>> from goalkit import CheckIn, Decrease, KeyResult, Objective, Plan
        >>> plan = Plan.of(
        ...     Objective(id="app", title="A joy to use"),
        ...     KeyResult(id="leave", title="Fewer uninstalls", parent="app", metric=Decrease(start=2000, target=1700)),
        ... ).record(CheckIn(goal="leave", on="2026-08-10", value=1850))
        >>> rollup(plan, as_of=date(2026, 8, 15))["app"].value
        0.5
    """
    instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
    instance(Policy, policy, "Policy and Policy.from_dict make one")
    return Rollup(work_out(plan, day(as_of), policy))
