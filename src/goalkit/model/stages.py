"""The life of a goal: the stages that it can be in, and the words for how it stands and how it ended."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ..values import choice
from .progress import Reason


class Stage(StrEnum):
    """
    Where a goal is in its life.

    Example:
        >>> Stage("draft") is Stage.DRAFT
        True
    """

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Outcome(StrEnum):
    """
    What became of a closed goal.

    Example:
        >>> [outcome.value for outcome in Outcome]
        ['achieved', 'partial', 'missed', 'dropped']
    """

    ACHIEVED = "achieved"
    PARTIAL = "partial"
    MISSED = "missed"
    DROPPED = "dropped"


class Status(StrEnum):
    """
    How a goal stands, as people report it.

    Example:
        >>> Status("at_risk") is Status.AT_RISK
        True
    """

    NOT_STARTED = "not_started"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    ACHIEVED = "achieved"
    MISSED = "missed"


class Ambition(StrEnum):
    """
    What is expected of a goal: all of it, most of it, or to learn.

    Example:
        >>> Ambition("aspirational") is Ambition.ASPIRATIONAL
        True
    """

    COMMITTED = "committed"
    ASPIRATIONAL = "aspirational"
    LEARNING = "learning"


#: Which stage may follow which. `Plan.move` keeps to it; facts that are recorded say what was.
MOVES: Final[dict[Stage, tuple[Stage, ...]]] = {
    Stage.DRAFT: (Stage.PROPOSED, Stage.ACTIVE, Stage.CLOSED),
    Stage.PROPOSED: (Stage.DRAFT, Stage.APPROVED, Stage.ACTIVE, Stage.CLOSED),
    Stage.APPROVED: (Stage.PROPOSED, Stage.ACTIVE, Stage.PAUSED, Stage.CLOSED),
    Stage.ACTIVE: (Stage.PAUSED, Stage.CLOSED),
    Stage.PAUSED: (Stage.ACTIVE, Stage.CLOSED),
    Stage.CLOSED: (Stage.ACTIVE, Stage.ARCHIVED),
    Stage.ARCHIVED: (Stage.ACTIVE,),
}

#: Where a goal's life may begin, as long as nobody has said where it is; what may follow its
#: parent's stage, or being active, may come first too.
BEGINNINGS: Final = (Stage.DRAFT, Stage.PROPOSED, Stage.APPROVED, Stage.ACTIVE)

#: The stages in which a goal waits to be approved, and those in which it counts and is worked on.
UNAPPROVED: Final = frozenset({Stage.DRAFT, Stage.PROPOSED})
RUNNING: Final = frozenset({Stage.APPROVED, Stage.ACTIVE})

#: The stages in which a goal is over, until it is reopened.
ENDED: Final = frozenset({Stage.CLOSED, Stage.ARCHIVED})

#: The stages in which a goal is left out of its parents, with the reason that is given.
LEFT_OUT: Final = {
    Stage.DRAFT: Reason.DRAFT,
    Stage.PROPOSED: Reason.PROPOSED,
    Stage.PAUSED: Reason.PAUSED,
    Stage.ARCHIVED: Reason.ARCHIVED,
}


def left_out(stage: Stage, outcome: Outcome | None) -> Reason | None:
    """
    Return why a goal in a stage is left out of its parents, or None where it counts.

    Args:
        stage: The stage that the goal's own last record says.
        outcome: The outcome of that record, where the goal is closed.

    Example:
        >>> left_out(Stage.CLOSED, Outcome.DROPPED), left_out(Stage.CLOSED, Outcome.MISSED)
        (<Reason.DROPPED: 'dropped'>, None)
    """
    return Reason.DROPPED if outcome is Outcome.DROPPED else LEFT_OUT.get(stage)


def to_stage(value: Stage | str) -> Stage:
    """
    Return a stage from itself or its text.

    Args:
        value: A stage or its name.

    Raises:
        InvalidValue: If there is no such stage.

    Example:
        >>> to_stage("paused")
        <Stage.PAUSED: 'paused'>
    """
    return choice(Stage, value)


def to_outcome(value: Outcome | str | None) -> Outcome | None:
    """
    Return an outcome from itself or its text, or None.

    Args:
        value: An outcome, its name, or None.

    Raises:
        InvalidValue: If there is no such outcome.

    Example:
        >>> to_outcome("dropped")
        <Outcome.DROPPED: 'dropped'>
    """
    return None if value is None else choice(Outcome, value)


def to_status(value: Status | str | None) -> Status | None:
    """
    Return a status from itself or its text, or None.

    Args:
        value: A status, its name, or None.

    Raises:
        InvalidValue: If there is no such status.

    Example:
        >>> to_status("on_track")
        <Status.ON_TRACK: 'on_track'>
    """
    return None if value is None else choice(Status, value)


def to_ambition(value: Ambition | str | None) -> Ambition | None:
    """
    Return an ambition from itself or its text, or None.

    Args:
        value: An ambition, its name, or None.

    Raises:
        InvalidValue: If there is no such ambition.

    Example:
        >>> to_ambition("committed")
        <Ambition.COMMITTED: 'committed'>
    """
    return None if value is None else choice(Ambition, value)
