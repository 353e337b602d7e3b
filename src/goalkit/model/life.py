"""The life of a goal within a plan: where it is, which moves are legal, and what was fixed at its approval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from ..errors import IllegalMove, InvalidPlan, Problem
from .definitions import Definitions
from .facts import FactLog
from .goals import Goal, contributes
from .moves import Life, Move, lived
from .records import Grade, Revision, Transition
from .stages import BEGINNINGS, ENDED, MOVES, RUNNING, UNAPPROVED, Outcome, Stage

#: What a goal is judged by; once it is approved, a dated revision alone changes it.
FIXED: Final = ("metric", "grading_criteria", "share")


def own_life(goal_id: str, definitions: Definitions, log: FactLog, until: date | None) -> Life:
    """
    Return what a goal's own facts say of its life.

    Args:
        goal_id: The goal.
        definitions: The goals as they are defined on the day.
        log: Every fact.
        until: The last day that is seen; None for all days.
    """
    return lived(log.about(goal_id), until, definitions.goals[goal_id].approvers)


def deciding(goal_id: str, definitions: Definitions, log: FactLog, until: date | None) -> list[Move]:
    """
    Return the moves that say where a goal is in its life: its own, else its counting parent's.

    Args:
        goal_id: The goal.
        definitions: The goals as they are defined on the day.
        log: Every fact.
        until: The last day that is seen; None for all days.

    Returns:
        The moves, oldest first; none where nobody moved the goal or one that it counts towards.
    """
    return next(_lives(goal_id, definitions, log, until), [])


def _lives(goal_id: str, definitions: Definitions, log: FactLog, until: date | None) -> Iterator[list[Move]]:
    """Yield the moves of a goal and of those that it counts towards, level by level, where there are any."""
    goals = definitions.goals
    row, seen = [goals[goal_id]], {goal_id}
    for goal in row:  # it grows while it is read
        if moves := lived(log.about(goal.id), until, goal.approvers).moves:
            yield moves
        counting = [link.to for link in goal.parent if contributes(goal, link) and link.to not in seen]
        row.extend(goals[parent] for parent in counting)
        seen.update(counting)


def stage_of(moves: list[Move]) -> Stage:
    """
    Return the stage that moves lead to; active where there are none.

    Args:
        moves: The moves that decide, oldest first.

    Example:
        >>> stage_of([])
        <Stage.ACTIVE: 'active'>
    """
    return moves[-1].stage if moves else Stage.ACTIVE


def grade_in_force(moves: list[Move]) -> Grade | None:
    """
    Return the grade that closed a goal and was not undone since, or None.

    Args:
        moves: The moves that decide, oldest first.

    Example:
        >>> from goalkit.model.moves import lived
        >>> grade = Grade(goal="nps", on="2026-10-02", outcome="missed", by="cpo")
        >>> archived = Transition(goal="nps", on="2026-11-01", stage="archived")
        >>> grade_in_force(lived([grade, archived], None).moves) is grade
        True
    """
    for move in reversed(moves):
        if isinstance(move.fact, Grade):
            return move.fact
        if move.stage not in ENDED:
            return None
    return None


def check_move(move: Transition, definitions: Definitions, log: FactLog) -> None:
    """
    Refuse a move that is not in the table of moves, or lacks what it needs.

    Args:
        move: The move.
        definitions: The goals as they are defined on its day.
        log: The facts, without it.

    Raises:
        IllegalMove: If it is not legal; everything that is missing is named.
    """
    life = own_life(move.goal, definitions, log, move.on)
    before = stage_of(deciding(move.goal, definitions, log, move.on))
    allowed = MOVES[before] if life.moves else tuple(dict.fromkeys((*BEGINNINGS, *MOVES[before])))
    if move.stage not in allowed:
        message = f"it is {before.value} on {move.on} and cannot become {move.stage.value}"
        hint = f"from there it may become {' or '.join(stage.value for stage in allowed)}"
        raise IllegalMove(Problem(code="illegal_move", path=move.goal, message=message, hint=hint))
    if problems := [*_lacks(move, before, life)]:
        raise IllegalMove(*problems)


def _lacks(move: Transition, before: Stage, life: Life) -> Iterator[Problem]:
    missing = life.missing if move.stage in RUNNING and not _has_run(life.moves) else ()
    if missing:
        message = f"it cannot become {move.stage.value} on {move.on}: {' and '.join(missing)} did not approve it"
        hint = "propose it, record an Approval of each, or amend its approvers"
        yield Problem(code="not_approved", path=move.goal, message=message, hint=hint)
    dropped = move.outcome is Outcome.DROPPED
    if move.stage is Stage.CLOSED and before in UNAPPROVED and not dropped:
        message = f"it is {before.value} and never ran, so that it can only be dropped"
        yield Problem(code="never_ran", path=move.goal, message=message, hint="give outcome='dropped'")
    reopens = before in ENDED and move.stage is Stage.ACTIVE
    if not move.why.strip() and (dropped or reopens):
        message = f"a goal is not {'dropped' if dropped else 'reopened'} without a reason"
        yield Problem(code="no_reason", path=f"{move.goal}.why", message=message, hint="say why, with why=")


def _has_run(moves: list[Move]) -> bool:
    """Tell whether a goal that has moved was let run, and not sent back since."""
    for move in reversed(moves):
        if move.stage in RUNNING or move.stage in UNAPPROVED:
            return move.stage in RUNNING
    return bool(moves)  # it was active before anybody spoke of its stage


def is_fixed(goal_id: str, definitions: Definitions, log: FactLog, until: date | None) -> bool:
    """
    Tell whether what a goal is judged by was fixed: it was drafted or proposed, and then let run.

    The goal's own moves say so, or else those of what it counts towards: a key result that was paused
    and resumed is still one of an objective that was approved.

    Args:
        goal_id: The goal.
        definitions: The goals as they are defined on the day.
        log: Every fact.
        until: The last day that is seen; None for all days.
    """
    for moves in _lives(goal_id, definitions, log, until):
        if any(move.stage in UNAPPROVED or move.stage is Stage.APPROVED for move in moves):
            return _has_run(moves)
    return False


def check_correction(goals: Iterable[Goal], definitions: Definitions, log: FactLog) -> None:
    """
    Refuse corrections for all days of what was fixed when a goal was approved.

    Args:
        goals: The goals as they shall be.
        definitions: The goals as last defined.
        log: Every fact.

    Raises:
        InvalidPlan: If one of them changes what its goal is judged by.
    """
    problems: list[Problem] = []
    for goal in goals:
        last = definitions.goals[goal.id]
        names = [name for name in FIXED if getattr(goal, name, None) != getattr(last, name, None)]
        if names and is_fixed(goal.id, definitions, log, None):
            message = "it was fixed when the goal was approved"
            hint = "revise it from a day on, with amend and on=, by= and why="
            problems.extend(
                Problem(code="fixed_at_approval", path=f"{goal.id}.{name}", message=message, hint=hint)
                for name in names
            )
    if problems:
        raise InvalidPlan(*problems)


def check_revision(revision: Revision, definitions: Definitions, log: FactLog) -> None:
    """
    Refuse a revision of what was fixed at approval that does not say who made it, and why.

    Args:
        revision: The revision.
        definitions: The goals as they are defined on its day.
        log: The facts, without it.

    Raises:
        InvalidPlan: If it lacks one of them.
    """
    if not any(name in revision.changes for name in FIXED):
        return
    lacks = [name for name, given in (("by", revision.by), ("why", revision.why.strip())) if not given]
    if lacks and is_fixed(revision.goal, definitions, log, revision.on):
        message = "what was fixed when the goal was approved is not changed by nobody, or for no reason"
        hint = "say who changes it and why, with by= and why="
        raise InvalidPlan(
            *(
                Problem(code="fixed_at_approval", path=f"{revision.goal}.{name}", message=message, hint=hint)
                for name in lacks
            )
        )
