"""How a goal moved through its life."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from goalkit import Approval, CheckIn, Grade, Outcome, Retrospective, Stage, Transition
from goalkit.model.moves import last_move, lived
from goalkit.model.records import Fact

DAY = date(2026, 8, 10)


def to(stage: str, days: int = 0) -> Transition:
    return Transition(goal="k", on=DAY + timedelta(days=days), stage=stage)


def yes(by: str, days: int = 0) -> Approval:
    return Approval(goal="k", on=DAY + timedelta(days=days), by=by)


def stages(facts: Sequence[Fact], *approvers: str) -> list[str]:
    return [move.stage.value for move in lived(facts, None, approvers).moves]


def test_the_last_move_is_that_of_the_latest_day_and_of_one_day_the_one_recorded_last() -> None:
    pause, again, close = to("paused"), to("active"), to("closed", 2)
    facts: list[Fact] = [pause, CheckIn(goal="k", on=DAY, value=1), again, close]
    assert last_move(facts, DAY - timedelta(days=1)) is None
    for until, want in ((DAY, again), (DAY + timedelta(days=2), close)):
        move = last_move(facts, until)
        assert move is not None
        assert move.fact is want
        assert (move.on, move.stage) == (want.on, want.stage)
    assert last_move([], DAY) is None


def test_a_grade_closes_a_goal_with_its_outcome() -> None:
    move = last_move([to("active"), Grade(goal="k", on=DAY, by="cpo", outcome="dropped")], DAY)
    assert move is not None
    assert (move.stage, move.outcome) == (Stage.CLOSED, Outcome.DROPPED)


def test_what_was_learnt_moves_nothing() -> None:
    assert last_move([Retrospective(goal="k", on=DAY, reached="all of it")], DAY) is None


@pytest.mark.parametrize("order", [("cpo", "cto"), ("cto", "cpo"), ("cpo", "cpo", "bo", "cto", "cpo")])
def test_the_last_approval_that_was_missing_approves_whatever_the_order(order: tuple[str, ...]) -> None:
    facts: list[Fact] = [to("proposed"), *(yes(by, day) for day, by in enumerate(order, 1))]
    assert stages(facts, "cpo", "cto") == ["proposed", "approved"]
    assert stages(facts[:-2] if len(order) > 2 else facts[:-1], "cpo", "cto") == ["proposed"]
    assert lived(facts, None, ("cpo", "cto")).missing == ()


def test_approvals_count_from_the_last_proposal_on_alone() -> None:
    early = [yes("cpo"), to("proposed", 1)]
    assert stages(early, "cpo") == ["proposed"]
    again: list[Fact] = [to("proposed"), yes("cpo", 1), to("draft", 2), to("proposed", 3), yes("cto", 4)]
    assert stages(again, "cpo", "cto") == ["proposed", "draft", "proposed"]
    assert lived(again, None, ("cpo", "cto")).missing == ("cpo",)
    dropped = [to("proposed"), Grade(goal="k", on=DAY, by="cpo", outcome="dropped"), yes("cpo", 1)]
    assert stages(dropped, "cpo") == ["proposed", "closed"]


def test_a_goal_that_names_nobody_is_not_approved_by_anybody() -> None:
    assert stages([to("proposed"), yes("cpo")]) == ["proposed"]
    assert lived([], None, ()).missing == ()


def test_what_was_recorded_for_later_days_is_not_seen() -> None:
    facts = [to("proposed"), yes("cpo", 1), to("active", 2)]
    moves = lived(facts, DAY + timedelta(days=1), ["cpo"]).moves
    assert [move.stage.value for move in moves] == ["proposed", "approved"]
    assert lived(facts, DAY, ["cpo"]).missing == ("cpo",)


def test_nobody_is_missing_once_somebody_let_it_run() -> None:
    facts = [to("proposed"), to("active", 1), to("closed", 2)]
    assert lived(facts, None, ["cpo"]).missing == ()
    assert lived([*facts, to("draft", 3)], None, ["cpo"]).missing == ("cpo",)


def test_a_goal_that_is_closed_again_without_a_word_keeps_its_outcome() -> None:
    closed = [
        Transition(goal="a", on=day, stage="closed", outcome=said)
        for day, said in (("2026-06-01", "missed"), ("2026-06-02", None))
    ]
    assert [move.outcome for move in lived(closed, None).moves] == ["missed", "missed"]
