"""The life of a goal, and the words for how it stands and how it ended."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from goalkit import Ambition, InvalidValue, Outcome, Reason, Stage, Status
from goalkit.model.stages import (
    left_out,
    to_ambition,
    to_outcome,
    to_stage,
    to_status,
)

READERS: list[tuple[Callable[[Any], Any], type[StrEnum]]] = [
    (to_stage, Stage),
    (to_outcome, Outcome),
    (to_status, Status),
    (to_ambition, Ambition),
]


@pytest.mark.parametrize(("read", "words"), READERS)
def test_every_word_is_read_from_itself_and_from_its_text(read: Callable[[Any], Any], words: type[StrEnum]) -> None:
    for word in words:
        assert read(word) is read(word.value) is word
        assert word.value == word.name.lower()


@pytest.mark.parametrize(("read", "words"), READERS)
def test_other_words_are_refused(read: Callable[[Any], Any], words: type[StrEnum]) -> None:
    wrong: tuple[Any, ...] = ("", "Active ", 1, True, [], words)
    for value in wrong:
        with pytest.raises(InvalidValue) as caught:
            read(value)
        assert caught.value.problems[0].code == "unknown_choice"
        assert caught.value.problems[0].hint


@pytest.mark.parametrize("read", [to_outcome, to_status, to_ambition])
def test_nothing_said_stays_nothing_said(read: Callable[[Any], Any]) -> None:
    assert read(None) is None


def test_a_stage_must_be_said() -> None:
    with pytest.raises(InvalidValue):
        to_stage(None)  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("stage", "outcome", "reason"),
    [
        (Stage.DRAFT, None, Reason.DRAFT),
        (Stage.PROPOSED, None, Reason.PROPOSED),
        (Stage.APPROVED, None, None),
        (Stage.ACTIVE, None, None),
        (Stage.PAUSED, None, Reason.PAUSED),
        (Stage.ARCHIVED, None, Reason.ARCHIVED),
        (Stage.CLOSED, None, None),
        (Stage.CLOSED, Outcome.ACHIEVED, None),
        (Stage.CLOSED, Outcome.PARTIAL, None),
        (Stage.CLOSED, Outcome.MISSED, None),
        (Stage.CLOSED, Outcome.DROPPED, Reason.DROPPED),
    ],
)
def test_a_goal_is_left_out_while_it_is_not_worked_on(
    stage: Stage, outcome: Outcome | None, reason: Reason | None
) -> None:
    assert left_out(stage, outcome) is reason
