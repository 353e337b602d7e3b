"""When goals were closed, and which check-ins of later days still count for their grades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from attrs import evolve

from ..model.changes import counted
from ..model.definitions import Definitions
from ..model.facts import standing
from ..model.goals import Milestone
from ..model.inheriting import handed_down
from ..model.moves import Move, lived
from ..model.plan import Plan
from ..model.progress import Reason
from ..model.reading import Reading
from ..model.records import CheckIn, Fact, Grade, Transition
from ..model.slots import plus
from ..model.stages import ENDED, LEFT_OUT, UNAPPROVED, Outcome
from ..policies import Policy
from ..quantities import plain
from .columns import Columns
from .passes import work_out


class Closing(NamedTuple):
    """
    How a goal was closed.

    Attributes:
        by: What said the outcome: the last grade, or the last move with an outcome.
        on: The day whose figures the goal keeps: that of its first grade; without a grade, of the first
            move with an outcome.
    """

    by: Grade | Transition
    on: date


class Lives(NamedTuple):
    """
    The moves of goals, oldest first, by the goal's id.

    Attributes:
        own: Those of every goal that has any.
        above: For every other goal, those of the nearest goal that it counts towards and that has any.
    """

    own: dict[str, list[Move]]
    above: dict[str, list[Move]]


def lives(plan: Plan, until: date) -> Lives:
    """
    Return how the goals of a plan moved through their lives up to a day.

    Args:
        plan: The plan.
        until: The last day that is seen.

    Example:
        >>> from goalkit import Objective
        >>> dropped = Grade(goal="a", on="2026-10-02", outcome="dropped", by="cpo")
        >>> plan = Plan.of(Objective(id="a", title="A"), Objective(id="b", title="B", parent="a"), dropped)
        >>> [*lives(plan, date(2026, 10, 2)).above]
        ['b']
    """
    definitions, by_goal = plan.definitions(until), plan.log.by_goal()
    structure, goals = definitions.structure, [*definitions.goals.values()]
    own = {
        structure.at[goal_id]: moves
        for goal_id, facts in by_goal.items()
        if (moves := lived(facts, until, definitions.goals[goal_id].approvers).moves)
    }
    found = handed_down(structure, goals, own, supported=False)
    ids = structure.ids
    return Lives(
        {ids[position]: moves for position, moves in own.items()},
        {ids[position]: moves for position, moves in found.items() if position not in own},
    )


def closings(found: Lives) -> dict[str, Closing]:
    """
    Return how every goal was closed that is; what has no record of its own is dropped with the goal above it.

    A goal that was reopened is not closed, and neither is one of which nobody has said an outcome.

    Args:
        found: The moves of the goals, up to a day.

    Example:
        >>> from goalkit import Objective
        >>> graded = [Grade(goal="a", on=f"2026-10-{day}", outcome="missed", by="cpo", id=day) for day in ("02", "06")]
        >>> found = closings(lives(Plan.of(Objective(id="a", title="A"), *graded), date(2026, 10, 9)))["a"]
        >>> found.by.id, str(found.on)
        ('06', '2026-10-02')
    """
    closed = {goal_id: closing for goal_id, moves in found.own.items() if (closing := _closing(moves)) is not None}
    for goal_id, moves in found.above.items():
        closing = _closing(moves)
        if closing is not None and closing.by.outcome is Outcome.DROPPED:
            closed[goal_id] = closing
    return closed


#: The stages in which a goal is not judged yet, and why.
_BEFORE: Final = {stage: LEFT_OUT[stage] for stage in UNAPPROVED}


def not_yet(found: Lives) -> dict[str, Reason]:
    """
    Return the goals that nobody has approved yet, and that are not judged, each with the reason.

    Args:
        found: The moves of the goals, up to a day.

    Example:
        >>> from goalkit import Objective
        >>> plan = Plan.of(Objective(id="a", title="A"), Transition(goal="a", on="2026-06-10", stage="draft"))
        >>> not_yet(lives(plan, date(2026, 6, 10)))
        {'a': <Reason.DRAFT: 'draft'>}
    """
    moved = found.own | found.above
    return {goal_id: _BEFORE[stage] for goal_id, moves in moved.items() if (stage := moves[-1].stage) in _BEFORE}


def _closing(moves: Sequence[Move]) -> Closing | None:
    """Return how a goal was closed, or None where it is not."""
    said: list[Grade | Transition] = []
    for move in reversed(moves):
        if move.stage not in ENDED:
            break
        if isinstance(move.fact, (Grade, Transition)) and move.fact.outcome is not None:
            said.append(move.fact)
    first = [fact for fact in said if isinstance(fact, Grade)] or said
    return Closing(said[0], first[-1].on) if said else None


class Late(NamedTuple):
    """
    The check-ins of a closed goal that came after it was closed, oldest day first.

    Attributes:
        counting: Those that still count for its grade.
        too_late: Those that do not.
    """

    counting: tuple[CheckIn, ...]
    too_late: tuple[CheckIn, ...]


#: Nothing came late, as is usual.
PUNCTUAL = Late((), ())


def late(facts: Sequence[Fact], on: date, until: date, as_of: date) -> Late:
    """
    Return which check-ins of a closed goal came after it was closed; those that were corrected are left out.

    Args:
        facts: The facts about the goal, oldest day first.
        on: The day whose figures the goal keeps.
        until: The last day whose check-ins count.
        as_of: The day that is asked for.

    Example:
        >>> facts = [CheckIn(goal="a", on=f"2026-10-0{day}", value=day) for day in (1, 4, 7)]
        >>> found = late(facts, date(2026, 10, 2), date(2026, 10, 5), date(2026, 10, 8))
        >>> [check_in.on.day for check_in in found.counting], [check_in.on.day for check_in in found.too_late]
        ([4], [7])
    """
    if not facts or facts[-1].on <= on:
        return PUNCTUAL
    return Late(
        tuple(check_in for check_in in standing(facts, until) if check_in.on > on),
        tuple(check_in for check_in in standing(facts, as_of) if check_in.on > until),
    )


def told(found: Late, on: date, policy: Policy) -> Iterator[str]:
    """
    Yield in words, check-in by check-in, how late they came, and whether they count.

    Args:
        found: The check-ins.
        on: The day whose figures the goal keeps.
        policy: The policy.

    Example:
        >>> one = CheckIn(goal="a", on="2026-10-05", value=70)
        >>> [*told(Late((), (one,)), date(2026, 10, 2), Policy())]
        ["a check-in of 2026-10-05, 3 days after closing, does not count: the policy's late_days is 0"]
    """
    for check_in in found.counting:
        yield f"{_dated(check_in, on)} counts{_said(check_in)}"
    for check_in in found.too_late:
        yield f"{_dated(check_in, on)} does not count: the policy's late_days is {policy.late_days}"


def _dated(check_in: CheckIn, on: date) -> str:
    return f"a check-in of {check_in.on}, {counted((check_in.on - on).days, 'day')} after closing,"


def _said(check_in: CheckIn) -> str:
    if check_in.done is not None:
        return f": {len(check_in.done)} done"
    if isinstance(check_in.value, bool):
        return ": done" if check_in.value else ": not done"
    return "" if check_in.value is None else f": {plain(check_in.value)}"


class Kept(NamedTuple):
    """
    The figures that goals keep which were closed on one day.

    Attributes:
        goals: The goals.
        columns: The figures, right for those goals and for all below them. Check-ins in them have their
            own days.
        until: The last day whose check-ins count in them.
    """

    goals: Sequence[str]
    columns: Columns
    until: date


def kept(
    plan: Plan, closed: Mapping[str, Closing], by_goal: Mapping[str, Sequence[Fact]], as_of: date, policy: Policy
) -> Iterator[Kept]:
    """
    Yield the figures that closed goals keep, for each day on which some were closed.

    They are those of that day, with the check-ins of the days after it that still count, as if they
    had been made on it: of the goals, of all below them, and of the goal that a milestone is a share
    of. Nothing else that happened later changes them: no move, no revision, no period that begins.

    Args:
        plan: The plan.
        closed: How every goal was closed that is.
        by_goal: The facts about every goal, oldest day first.
        as_of: The day that is asked for.
        policy: The choices behind the figures; it says how many days after closing a check-in counts.
    """
    days: dict[date, list[str]] = {}
    for goal_id, closing in closed.items():
        days.setdefault(closing.on, []).append(goal_id)
    for on, goal_ids in sorted(days.items()):
        until = min(as_of, plus(on, policy.late_days))
        came = [] if until <= on else _came(plan.definitions(on), goal_ids, by_goal, on, until)
        columns = _with(came, plan, on, policy) if came else work_out(plan, on, policy)
        yield Kept(goal_ids, columns, until)


def _with(came: Sequence[CheckIn], plan: Plan, on: date, policy: Policy) -> Columns:
    """Return the figures of a day as if some check-ins of later days had been made on it."""
    before = {check_in.id: check_in for check_in in came}
    # At the end of the log, so that they come after what was checked in on the day itself.
    log = plan.log.without(frozenset(before)).extended([evolve(check_in, on=on) for check_in in came])
    columns = work_out(Plan(plan.written, log, plan.observed), on, policy).copy()
    for position in {columns.structure.at[check_in.goal] for check_in in came}:
        reading, read_from = columns.reading[position], columns.check_in(position)
        if read_from is not None and read_from.id in before:
            found = before[read_from.id]
            columns.reading[position] = evolve(reading, check_in=found) if isinstance(reading, Reading) else found
    return columns


def _came(
    definitions: Definitions, goal_ids: Iterable[str], by_goal: Mapping[str, Sequence[Fact]], on: date, until: date
) -> list[CheckIn]:
    """Return the check-ins between two days of some goals and of all that their figures are made of."""
    structure = definitions.structure
    positions = [structure.at[goal_id] for goal_id in goal_ids]
    seen = set(positions)
    found: list[CheckIn] = []
    for position in positions:  # it grows while it is read
        goal = definitions.goals[structure.ids[position]]
        facts = by_goal.get(goal.id, ())
        if facts and facts[-1].on > on:
            found.extend(fact for fact in facts if isinstance(fact, CheckIn) and on < fact.on <= until)
        is_share = isinstance(goal, Milestone) and goal.share is not None
        near = (*structure.down[position], *(structure.up[position] if is_share else ()))
        positions.extend(other for other in near if other not in seen)
        seen.update(near)
    return found
