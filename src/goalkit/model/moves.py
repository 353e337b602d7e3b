"""How a goal moved through its life: what its transitions, approvals and grades say together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from attrs import frozen

from .records import Approval, CheckIn, Fact, Grade, Transition
from .stages import RUNNING, UNAPPROVED, Outcome, Stage


@frozen(kw_only=True)
class Move:
    """
    One move of a goal to a stage of its life, by whatever fact it came.

    Attributes:
        on: The day from which it holds.
        stage: The stage that begins.
        outcome: What became of the goal, where it is closed.
        fact: The transition, the last approval that was missing, or the grade.
    """

    on: date
    stage: Stage
    outcome: Outcome | None
    fact: Fact


class Life(NamedTuple):
    """
    What a goal's own facts say of its life.

    Attributes:
        moves: Its moves, oldest first.
        missing: Who has not approved it yet: of those who have to, the ones who have not done so
            since it was last proposed; none of them once somebody let it run.
    """

    moves: list[Move]
    missing: tuple[str, ...]


def lived(facts: Iterable[Fact], until: date | None, approvers: Sequence[str] = ()) -> Life:
    """
    Return what a goal's own facts say of its life up to a day.

    A transition moves it; a grade closes it; and a goal that is proposed is approved with the last
    approval that was missing. Approvals count from the proposal on, of one day in the order in which
    they were recorded.

    Args:
        facts: One goal's facts, oldest day first.
        until: The last day that is seen; None for all days.
        approvers: Who has to approve the goal.

    Example:
        >>> proposed = Transition(goal="a", on="2026-06-10", stage="proposed")
        >>> facts = [proposed, Approval(goal="a", on="2026-06-18", by="cpo")]
        >>> [move.stage.value for move in lived(facts, None, ["cpo"]).moves]
        ['proposed', 'approved']
        >>> lived(facts, None, ["cpo", "cto"]).missing
        ('cto',)
    """
    moves: list[Move] = []
    missing = tuple(approvers)
    proposed = False
    for fact in facts:
        if isinstance(fact, CheckIn):
            continue  # most facts are
        if until is not None and fact.on > until:
            break
        if isinstance(fact, Transition):
            moves.append(Move(on=fact.on, stage=fact.stage, outcome=_outcome(fact, moves), fact=fact))
            proposed = fact.stage is Stage.PROPOSED
            if fact.stage in UNAPPROVED:
                missing = tuple(approvers)
            elif fact.stage in RUNNING:
                missing = ()
        elif isinstance(fact, Grade):
            moves.append(Move(on=fact.on, stage=Stage.CLOSED, outcome=fact.outcome, fact=fact))
            proposed = False
        elif isinstance(fact, Approval) and proposed and missing:
            missing = tuple(each for each in missing if each != fact.by)
            if not missing:
                moves.append(Move(on=fact.on, stage=Stage.APPROVED, outcome=None, fact=fact))
    return Life(moves, missing)


def _outcome(move: Transition, before: Sequence[Move]) -> Outcome | None:
    """Return the outcome of a move; closed once more, without another word, a goal keeps the one that it had."""
    again = move.outcome is None and before and before[-1].stage is move.stage
    return before[-1].outcome if again else move.outcome


def last_move(facts: Iterable[Fact], until: date, approvers: Sequence[str] = ()) -> Move | None:
    """
    Return the last move of a goal between stages, or None where it never moved.

    Args:
        facts: One goal's facts, oldest day first.
        until: The last day that is seen.
        approvers: Who has to approve the goal.

    Example:
        >>> last_move([Grade(goal="nps", on="2026-10-02", outcome="missed", by="cpo")], date(2026, 10, 2)).stage
        <Stage.CLOSED: 'closed'>
    """
    moves = lived(facts, until, approvers).moves
    return moves[-1] if moves else None
