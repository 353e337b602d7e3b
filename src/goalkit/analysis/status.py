"""How every goal of a plan stands on a day: what the figures say, what people say, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, final

from attrs import frozen

from ..calendars import day
from ..errors import InvalidValue, UnknownId
from ..model.courses import Profile
from ..model.plan import Plan
from ..model.slots import plus
from ..model.stages import Outcome, Stage, Status, to_status
from ..policies import DEFAULT, Policy
from ..quantities import percent
from ..values import instance
from . import tables
from .judging import Judge
from .pace import Pace
from .passes import work_out
from .slots import Book, Expects
from .verdicts import Why

_MAPPING: type[Any] = Mapping


@frozen(kw_only=True)
class GoalStatus:
    """
    How one goal stands on a day.

    Attributes:
        goal: The goal's id.
        as_of: The day.
        status: The status that counts: the computed one, or the reported one where the policy says so or
            nothing can be computed; None where neither is known.
        computed: What the figures say; None where they say nothing.
        reported: What the last check-in that says it says.
        reported_on: The day of that check-in.
        reported_age: How many days ago that was.
        disagrees: Whether computed and reported are both known and differ.
        stale: Whether a check-in is overdue: a slot passed, with its grace, and nothing has come since.
        stale_since: The first slot that nobody has answered, where it is stale.
        stage: Where the goal is in its life. There is a status only while it runs, and after it was closed.
        outcome: What became of it, where it is closed.
        pace: Its progress against what is expected.
        reason: Why it has this status, in words.

    Example:
        >>> from goalkit import AtMost, CheckIn, KeyResult, Plan
        >>> crashes = KeyResult(id="crashes", title="At most 3 crashes", metric=AtMost(3))
        >>> plan = Plan.of(crashes, CheckIn(goal="crashes", on="2026-08-14", value=7, status="on_track"))
        >>> found = assess(plan, as_of=date(2026, 8, 15))["crashes"]
        >>> found.status.value, found.disagrees, found.reason
        ('off_track', True, '7 does not keep its limit: at most 3; reported as on track on 2026-08-14')
    """

    goal: str
    as_of: date
    status: Status | None
    computed: Status | None
    reported: Status | None
    reported_on: date | None
    reported_age: int | None
    disagrees: bool
    stale: bool
    stale_since: date | None
    stage: Stage
    outcome: Outcome | None
    pace: Pace
    reason: str


@final
class Assessment(Mapping[str, GoalStatus]):
    """
    How every goal of a plan stands on a day, by id, in plan order.

    Attributes:
        plan: The plan.
        as_of: The day.
        policy: The choices behind it.

    Example:
        >>> from goalkit import Milestone, Plan
        >>> print(assess(Plan.of(Milestone(id="m", title="Open", due="2026-08-20")), as_of=date(2026, 8, 15)))
        goal  status       reported  stale  progress  expected  reason
        m     not started                          –       0 %  nobody has checked in yet
    """

    __slots__ = ("_book", "_judge", "as_of", "plan", "policy")

    def __init__(self, judge: Judge) -> None:
        self._judge: Final = judge
        self._book: Book | None = None
        self.plan: Final[Plan] = judge.columns.plan
        self.as_of: Final[date] = judge.columns.as_of
        self.policy: Final[Policy] = judge.columns.policy

    def __getitem__(self, goal_id: str) -> GoalStatus:
        judge, position = self._judge, self._position(goal_id)
        computed, why = judge.verdict(position)
        said = judge.reported(position)
        reported = None if said is None else said.status
        stage, outcome = judge.stage(position)
        since = self._stale_since(position)
        speaks = computed is not None and reported is not None and why is not Why.NO_CHECK_IN
        return GoalStatus(
            goal=goal_id,
            as_of=self.as_of,
            status=judge.status(position),
            computed=computed,
            reported=reported,
            reported_on=None if said is None else said.on,
            reported_age=None if said is None else (self.as_of - said.on).days,
            disagrees=speaks and computed is not reported,
            stale=since is not None,
            stale_since=since,
            stage=stage,
            outcome=outcome,
            pace=judge.pace(position),
            reason=self._reason(position),
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._judge.columns.structure.ids)

    def __len__(self) -> int:
        return len(self._judge.columns.goals)

    def __contains__(self, goal_id: object) -> bool:
        return isinstance(goal_id, str) and goal_id in self._judge.columns.structure.at

    def status(self, goal_id: str) -> Status | None:
        """
        Return the status of a goal that counts, alone; it is ``assessment[goal_id].status``, at less cost.

        Args:
            goal_id: The goal.

        Raises:
            UnknownId: If there is no such goal.

        Example:
            >>> from goalkit import Milestone, Plan
            >>> assess(Plan.of(Milestone(id="m", title="Open", due="2026-08-01")), as_of=date(2026, 8, 15)).status("m")
            <Status.MISSED: 'missed'>
        """
        return self._judge.status(self._position(goal_id))

    def statuses(self) -> dict[str, Status | None]:
        """
        Return the status of every goal that counts, such as is given as ``previous`` the next time.

        Example:
            >>> from goalkit import Milestone, Plan
            >>> plan = Plan.of(Milestone(id="m", title="Open", due="2026-08-01"))
            >>> assess(plan, as_of=date(2026, 8, 15)).statuses()
            {'m': <Status.MISSED: 'missed'>}
        """
        return {goal_id: self._judge.status(position) for position, goal_id in enumerate(self)}

    def to_dicts(self) -> list[dict[str, Any]]:
        """
        Return a flat dict for each goal, ready for JSON or a dataframe.

        Example:
            >>> from goalkit import Milestone, Plan
            >>> plan = Plan.of(Milestone(id="m", title="Open", due="2026-08-01"))
            >>> row = assess(plan, as_of=date(2026, 8, 15)).to_dicts()[0]
            >>> row["goal"], row["status"], row["expected"]
            ('m', 'missed', 1.0)
        """
        return [_flat(self[goal_id]) for goal_id in self]

    def __str__(self) -> str:
        return tables.as_text(_HEAD, self._cells(), _RIGHT)

    def _repr_html_(self) -> str:
        return tables.as_html(_HEAD, self._cells(), _RIGHT)

    def __repr__(self) -> str:
        return f"<Assessment of {len(self)} goals on {self.as_of}>"

    def _cells(self) -> list[tuple[str, ...]]:
        # No more is printed, so no more is worked out; what is left out is only counted.
        ids = [*self]
        shown = [self._cell(goal_id) for goal_id in ids[: tables.MOST_ROWS]]
        return shown + [("",)] * (len(ids) - len(shown))

    def _cell(self, goal_id: str) -> tuple[str, ...]:
        from .reasons import words  # noqa: PLC0415 - words are only made when they are asked for

        row = self[goal_id]
        return (
            goal_id,
            "" if row.status is None else words(row.status),
            "" if row.reported is None else words(row.reported),
            "stale" if row.stale else "",
            percent(row.pace.progress),
            percent(row.pace.expected),
            row.reason,
        )

    def _reason(self, position: int) -> str:
        from .reasons import reason_of  # noqa: PLC0415 - words are only made when they are asked for

        return reason_of(self._judge, position, self._judge.reported(position))

    def _stale_since(self, position: int) -> date | None:
        if self._book is None:
            self._book = Book(self.plan, self.as_of, expects=Expects.MEASURED, early_days=None, workdays=None)
        book = self._book
        if not book.expects_of(position):
            return None
        owed = book.owed(position)
        is_stale = bool(owed) and plus(owed[0], book.cadence(position).grace_days) < self.as_of
        return owed[0] if is_stale else None

    def _position(self, goal_id: str) -> int:
        return self._judge.columns.structure.position(goal_id)


_HEAD: Final = ("goal", "status", "reported", "stale", "progress", "expected", "reason")
_RIGHT: Final = frozenset({4, 5})


def _flat(row: GoalStatus) -> dict[str, Any]:
    pace = row.pace
    return {
        "goal": row.goal,
        "as_of": row.as_of.isoformat(),
        "status": None if row.status is None else row.status.value,
        "computed": None if row.computed is None else row.computed.value,
        "reported": None if row.reported is None else row.reported.value,
        "reported_on": None if row.reported_on is None else row.reported_on.isoformat(),
        "reported_age": row.reported_age,
        "disagrees": row.disagrees,
        "stale": row.stale,
        "stale_since": None if row.stale_since is None else row.stale_since.isoformat(),
        "stage": row.stage.value,
        "outcome": None if row.outcome is None else row.outcome.value,
        "progress": pace.progress,
        "expected": pace.expected,
        "gap": pace.gap,
        "ratio": pace.ratio,
        "days_behind": pace.days_behind,
        "projected_end": None if pace.projected_end is None else pace.projected_end.isoformat(),
        "needed_rate": pace.needed_rate,
        "days_left": pace.days_left,
        "reason": row.reason,
    }


def assess(
    plan: Plan,
    *,
    as_of: date,
    policy: Policy = DEFAULT,
    profiles: Mapping[str, Profile] | None = None,
    previous: Mapping[str, Status | str | None] | None = None,
) -> Assessment:
    """
    Return how every goal of a plan stands on a day.

    The first that holds decides: a goal that does not run, or that was closed with an outcome, has no
    computed status but that outcome; what is all gone is achieved, and what is to be kept is so from its
    last day on; after the last day the rest is missed; before its period, and before any check-in, a goal
    is not started; what is to be kept is on track where it is kept, else off track; of all others the
    thresholds of the policy decide.

    Args:
        plan: The plan.
        as_of: The day: definitions and facts are seen as they were true then.
        policy: The choices behind figures and statuses.
        profiles: How much is expected by when, by the ids of goals; goals below follow the nearest above
            them, and all others the policy.
        previous: The statuses that goals had before, by id, for a policy with hysteresis.

    Raises:
        InvalidValue: If it is not a plan, ``as_of`` is not a day, or a policy, a profile or a status is not one.
        UnknownId: If a profile or a status is of a goal that there is not.

    Example:
        >>> from goalkit import CheckIn, Cycle, Increase, KeyResult
        >>> sales = KeyResult(id="sales", title="Sell 100", cycle="2026-Q3", metric=Increase(start=0, target=100))
        >>> plan = Plan.of(Cycle.quarter(2026, 3), sales, CheckIn(goal="sales", on="2026-08-14", value=45))
        >>> found = assess(plan, as_of=date(2026, 8, 15))["sales"]
        >>> found.status.value, found.reason
        ('on_track', '45 % of the way, 50 % expected: 5.0 points behind, and up to 10 is on track')
    """
    instance(Plan, plan, "Plan.of and Plan.from_dicts make one")
    instance(Policy, policy, "Policy and Policy.from_dict make one")
    columns = work_out(plan, day(as_of), policy)
    known = columns.structure.at
    given: dict[str, Profile] = {}
    for goal_id, profile in _mapping(profiles, "profiles").items():
        if goal_id not in known:
            raise UnknownId.among("goal", goal_id, known)
        try:
            given[goal_id] = instance(Profile, profile, "give a profile such as WorkdayProfile()")  # type: ignore[type-abstract] # any kind
        except InvalidValue as error:
            raise error.under(f"profiles[{goal_id!r}]") from None
    before: dict[str, Status] = {}
    for goal_id, status in _mapping(previous, "previous").items():
        if goal_id not in known:
            raise UnknownId.among("goal", goal_id, known)
        try:
            said = to_status(status)
        except InvalidValue as error:
            raise error.under(f"previous[{goal_id!r}]") from None
        if said is not None:
            before[goal_id] = said
    return Assessment(Judge(columns, given, before))


def _mapping(value: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = {} if value is None else instance(_MAPPING, value, "give a dict by the ids of goals")
    except InvalidValue as error:
        raise error.under(name) from None
    return found
