"""What one goal's own check-ins say."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from goalkit import (
    AtLeast,
    Binary,
    CheckIn,
    Checklist,
    FindBaseline,
    Increase,
    Initiative,
    InvalidValue,
    KeyResult,
    Milestone,
    Objective,
    Progress,
    Reason,
    Transition,
)
from goalkit.model.goals import Goal
from goalkit.model.metrics import Unreadable
from goalkit.model.reading import plainly_said, progress_of, read

NPS = KeyResult(id="g", title="G", metric=Increase(start=42, target=70))
BARE = KeyResult(id="g", title="G")
MILESTONE = Milestone(id="g", title="G")
WORK = Initiative(id="g", title="G", actions=["a", "b", "c", "d"])
PLAIN_WORK = Initiative(id="g", title="G")


LIST = KeyResult(id="g", title="G", metric=Checklist({"a": 1, "b": 3}))
SUMMED = Objective(id="g", title="G", metric=Increase(start=0, target=9), rollup="sum_of_values")
MID_AUGUST = date(2026, 8, 15)


def both(goal: Goal, check_ins: Sequence[CheckIn], as_of: date) -> tuple[Progress, CheckIn | None]:
    reading = read(goal, check_ins, as_of)
    return reading.progress, reading.check_in


def said(day: int = 10, **what: Any) -> CheckIn:
    return CheckIn(goal="g", on=date(2026, 8, day), **what)


def problem_of(make: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    assert problem.hint
    return problem.path, problem.code


@pytest.mark.parametrize(
    ("goal", "what", "raw"),
    [
        (NPS, {"value": 56}, 0.5),
        (NPS, {"value": 84}, 1.5),
        (Objective(id="g", title="G", metric=AtLeast(3)), {"value": 3}, 1.0),
        (KeyResult(id="g", title="G", metric=Binary()), {"value": True}, 1.0),
        (MILESTONE, {"value": True}, 1.0),
        (MILESTONE, {"value": False}, 0.0),
        (MILESTONE, {"value": "0.25"}, 0.25),
        (PLAIN_WORK, {"value": 0.5}, 0.5),
        (WORK, {"done": []}, 0.0),
        (WORK, {"done": ["a", "d", "a"]}, 0.5),
        (WORK, {"done": ["a", "b", "c", "d"]}, 1.0),
        (LIST, {"done": []}, 0.0),
        (LIST, {"done": ["b"]}, 0.75),
    ],
)
def test_a_check_in_becomes_progress_by_what_its_goal_is(goal: Goal, what: dict[str, Any], raw: float) -> None:
    progress = progress_of(goal, said(**what))
    assert progress is not None
    assert progress.raw == raw


@pytest.mark.parametrize("goal", [NPS, BARE, MILESTONE, WORK])
def test_a_check_in_need_not_speak_of_progress(goal: Goal) -> None:
    assert progress_of(goal, said(confidence=0.5, status="at_risk", note="n")) is None


@pytest.mark.parametrize(
    ("goal", "what", "found"),
    [
        (NPS, {"value": True}, ("value", "boolean_value")),
        (NPS, {"done": ["a"]}, ("done", "nothing_to_tick")),
        (KeyResult(id="g", title="G", metric=Binary()), {"value": 2}, ("value", "not_true_or_false")),
        (Objective(id="g", title="G"), {"value": 1}, ("value", "value_without_metric")),
        (MILESTONE, {"value": 2}, ("value", "out_of_range")),
        (MILESTONE, {"value": -1}, ("value", "out_of_range")),
        (MILESTONE, {"done": []}, ("done", "nothing_to_tick")),
        (Milestone(id="g", title="G", parent="k", share=0.5), {"value": True}, ("value", "value_beside_share")),
        (PLAIN_WORK, {"value": 2}, ("value", "out_of_range")),
        (PLAIN_WORK, {"done": ["a"]}, ("done", "nothing_to_tick")),
        (WORK, {"value": 0.5}, ("value", "value_beside_actions")),
        (WORK, {"value": 0.5, "done": ["a"]}, ("done", "two_answers")),
        (WORK, {"done": ["a", "z"]}, ("done", "unknown_item")),
        (LIST, {"value": 0.5}, ("value", "value_beside_items")),
        (LIST, {"value": 0.5, "done": ["a"]}, ("done", "two_answers")),
        (LIST, {"done": ["z"]}, ("done", "unknown_item")),
        (SUMMED, {"value": 1}, ("value", "value_beside_sum")),
    ],
)
def test_what_a_goal_cannot_mean_is_refused(goal: Goal, what: dict[str, Any], found: tuple[str, str]) -> None:
    assert problem_of(lambda: progress_of(goal, said(**what))) == found


def test_the_last_check_in_that_speaks_of_progress_counts() -> None:
    spoken = said(10, value=56)
    progress, check_in = both(NPS, [said(1, value=49), spoken, said(12, confidence=0.5)], date(2026, 8, 15))
    assert (progress.value, check_in) == (0.5, spoken)


def test_without_a_check_in_nothing_is_measured() -> None:
    for check_ins in ([], [said(confidence=0.5)]):
        progress, check_in = both(NPS, check_ins, date(2026, 8, 15))
        assert (progress.reason, check_in) == (Reason.NOT_MEASURED, None)


def test_a_check_in_that_the_definition_in_force_cannot_read_is_unknown_and_not_skipped() -> None:
    unread = said(10, value=56)
    changed = KeyResult(id="g", title="G", metric=Binary())
    progress, check_in = both(changed, [said(1, value=1), unread], date(2026, 8, 15))
    assert (progress.reason, check_in) == (Reason.UNREADABLE, unread)


def test_what_is_measured_before_it_is_said_how_it_counts_is_kept_and_means_nothing_yet() -> None:
    early = said(value=56)
    progress, check_in = both(BARE, [early], date(2026, 8, 15))
    assert (progress.value, progress.reason, check_in) == (None, Reason.NO_METRIC, early)
    assert read(NPS, [early], date(2026, 8, 15)).progress.value == 0.5


def test_a_metric_that_could_not_be_read_says_why() -> None:
    goal = KeyResult(id="g", title="G", metric=Unreadable(reason="zero_span"))
    assert read(goal, [said(value=5)], date(2026, 8, 15)).progress.reason is Reason.ZERO_SPAN


def test_a_milestone_is_done_from_the_day_on_which_it_was_done() -> None:
    done = Milestone(id="g", title="G", done_on="2026-08-12")
    half = said(10, value=0.5)
    assert read(done, [], date(2026, 8, 11)).progress.reason is Reason.NOT_MEASURED
    assert both(done, [half], date(2026, 8, 11)) == (progress_of(done, half), half)
    progress, check_in = both(done, [half], date(2026, 8, 12))
    assert (progress.value, check_in) == (1.0, None)


def test_a_check_in_from_the_day_on_which_a_milestone_was_done_says_more() -> None:
    done = Milestone(id="g", title="G", done_on="2026-08-12")
    for day in (12, 13):
        reopened = said(day, value=False)
        progress, check_in = both(done, [said(10, value=0.5), reopened], date(2026, 8, 15))
        assert (progress.value, check_in) == (0.0, reopened)
    silent = said(13, confidence=0.2)
    assert read(done, [said(10, value=0.5), silent], date(2026, 8, 15)).progress.value == 1.0


@pytest.mark.parametrize(
    ("reads", "actual", "raw"),
    [("sum", 30, 0.3), ("mean", 10, 0.1), ("minimum", 5, 0.05), ("maximum", 15, 0.15)],
)
def test_a_key_result_may_read_all_its_check_ins(reads: str, actual: int, raw: float) -> None:
    count = KeyResult(id="g", title="G", metric=Increase(start=0, target=100), reads=reads)
    last = said(12, value=10)
    silent = said(13, confidence=0.5)
    reading = read(count, [said(10, value=5), said(10, value=15, id="same day"), last, silent], MID_AUGUST)
    assert reading.actual == actual
    assert reading.check_in == last
    assert reading.progress.raw == raw


def test_the_latest_is_read_as_it_is_and_has_no_sum() -> None:
    count = KeyResult(id="g", title="G", metric=Increase(start=0, target=100))
    assert read(count, [said(10, value=5), said(12, value=10)], MID_AUGUST).actual is None


def test_a_mean_is_exact_to_thirty_digits() -> None:
    score = KeyResult(id="g", title="G", metric=Increase(start=0, target=1), reads="mean")
    third = read(score, [said(day, value=value) for day, value in ((10, 0), (11, 0), (12, 1))], MID_AUGUST)
    assert str(third.actual) == "0." + 30 * "3"


def test_a_sum_of_nothing_is_not_measured() -> None:
    count = KeyResult(id="g", title="G", metric=Increase(start=0, target=100), reads="sum")
    for check_ins in ([], [said(10, confidence=0.5)]):
        reading = read(count, check_ins, MID_AUGUST)
        assert (reading.progress.reason, reading.measured) == (Reason.NOT_MEASURED, False)


def test_one_value_that_cannot_be_read_makes_the_sum_unreadable() -> None:
    count = KeyResult(id="g", title="G", metric=Increase(start=0, target=100), reads="sum")
    wrong = said(10, value=True)
    reading = read(count, [wrong, said(12, value=10)], MID_AUGUST)
    assert (reading.progress.reason, reading.check_in) == (Reason.UNREADABLE, wrong)


def test_a_limit_may_be_scored_by_the_share_of_check_ins_that_keep_it() -> None:
    low = KeyResult(id="g", title="G", metric=AtLeast(100, score="check_ins"))
    values = [said(day, value=value) for day, value in ((10, "99.9"), (11, 1200), (12, 100))]
    reading = read(low, values, MID_AUGUST)
    assert reading.progress.raw == 2 / 3
    assert (reading.actual, reading.check_in) == (None, values[-1])
    assert read(low, [], MID_AUGUST).progress.reason is Reason.NOT_MEASURED


def test_a_limit_may_be_compared_with_a_sum() -> None:
    most = KeyResult(id="g", title="G", metric=AtLeast(100), reads="sum")
    reading = read(most, [said(10, value=60), said(11, value=60)], MID_AUGUST)
    assert (reading.progress.raw, str(reading.actual)) == (1.0, "120")


@pytest.mark.parametrize(
    ("goal", "what", "words"),
    [
        (
            LIST,
            {"value": 1, "done": ["a"]},
            "done: it says what is done and a value beside it (two_answers); leave out the value, or what is done",
        ),
        (
            NPS,
            {"done": ["a"]},
            (
                "done: 'g' has nothing to be ticked off (nothing_to_tick); "
                "record a value, or name the items of a checklist or the actions of an initiative"
            ),
        ),
        (
            MILESTONE,
            {"value": 2},
            "value: 2 is not within 0 and 1 (out_of_range); give True, False, or a fraction from 0 to 1",
        ),
        (
            Milestone(id="g", title="G", parent="k", share=0.5),
            {"value": 1},
            "value: 'g' is read from the key result above it (value_beside_share); record the value of the key result",
        ),
        (
            Objective(id="g", title="G"),
            {"value": 1},
            (
                "value: 'g' has no metric to read a value with (value_without_metric); "
                "give it a metric, or record the values of what contributes to it"
            ),
        ),
        (
            WORK,
            {"value": 1},
            "value: 'g' is measured by its actions (value_beside_actions); name the actions that are done",
        ),
        (
            LIST,
            {"value": 7},
            "value: Decimal('7') does not say which items are done (value_beside_items); name what is done of a, b",
        ),
        (
            SUMMED,
            {"value": 7},
            (
                "value: 'g' is the sum of what contributes to it (value_beside_sum); "
                "record the values of what contributes to it"
            ),
        ),
    ],
)
def test_what_is_refused_is_told_in_words(goal: Goal, what: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        progress_of(goal, said(**what))
    assert [str(problem) for problem in caught.value.problems] == [words]


def test_an_objective_with_a_limit_may_be_scored_by_its_check_ins_too() -> None:
    low = Objective(id="g", title="G", metric=AtLeast(100, score="check_ins"))
    assert read(low, [said(10, value=99), said(11, value=100)], MID_AUGUST).progress.raw == 0.5


def test_the_mean_of_tiny_values_is_tinier_than_what_can_be_measured() -> None:
    small = KeyResult(id="g", title="G", metric=Increase(start=0, target=1), reads="mean")
    assert str(read(small, [said(10, value="1e-30"), said(11, value=0)], MID_AUGUST).actual) == "5E-31"


def test_the_short_way_takes_nothing_but_plain_numbers() -> None:
    first, last, later = said(10, value=1), said(12, value=2), said(20, value=3)
    assert plainly_said([first, last, later], MID_AUGUST) == (last, Decimal(2))
    assert plainly_said([later], MID_AUGUST) is None
    assert plainly_said([], MID_AUGUST) is None
    strange = (
        said(11, confidence=0.5),
        said(11, value=True),
        said(11, value=1, done=["a"]),
        said(11, value=1, supersedes="x"),
        Transition(goal="g", on="2026-08-11", stage="active"),
    )
    for fact in strange:
        assert plainly_said([first, fact, last], MID_AUGUST) is None


def test_what_was_done_is_all_done_and_no_more() -> None:
    assert read(Milestone(id="g", title="G", done_on="2026-08-12"), [], MID_AUGUST).progress.raw == 1.0


def test_what_looks_for_its_baseline_keeps_its_sum_and_stays_unknown() -> None:
    search = KeyResult(id="g", title="G", metric=FindBaseline(), reads="sum")
    reading = read(search, [said(10, value=5), said(11, value=6)], MID_AUGUST)
    assert reading.actual == 11
    assert reading.progress.reason is Reason.NO_BASELINE


def test_a_key_result_that_is_measured_by_a_kpi_has_check_ins_without_values() -> None:
    measured = KeyResult(id="g", title="G", metric=Increase(start=42, target=70), measured_by="nps")
    assert progress_of(measured, said(note="fine", status="on_track")) is None
    assert problem_of(lambda: progress_of(measured, said(value=56))) == ("value", "value_beside_kpi")
    assert problem_of(lambda: progress_of(KeyResult(id="g", title="G", measured_by="nps"), said(value=56))) == (
        "value",
        "value_beside_kpi",
    )
    assert problem_of(lambda: progress_of(measured, said(done=["a"]))) == ("done", "nothing_to_tick")
    unreadable = read(measured, [said(value=56)], MID_AUGUST)
    assert unreadable.progress.reason is Reason.UNREADABLE
