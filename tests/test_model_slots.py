"""Which check-in answers which slot."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from goalkit import AtMost, Cadence, CheckIn, KeyResult, Objective, Plan, rollup
from goalkit.model.slots import answers, plus

MONDAYS = [date(2026, 7, 6), date(2026, 7, 13), date(2026, 7, 20)]
BEFORE = date(2026, 6, 29)


def said(*days: int) -> list[CheckIn]:
    """Return check-ins on days of July 2026."""
    return [CheckIn(goal="k", on=date(2026, 7, day), value=at) for at, day in enumerate(days)]


def answered(days: Sequence[int], *, grace: int = 0, early: int | None = None) -> list[int | None]:
    found = answers(MONDAYS, said(*days), before=BEFORE, grace_days=grace, early_days=early)
    assert [answer.day for answer in found] == MONDAYS
    return [None if answer.check_in is None else answer.check_in.on.day for answer in found]


@pytest.mark.parametrize(
    ("days", "grace", "early", "expected"),
    [
        ([], 0, None, [None, None, None]),
        ([6, 13, 20], 0, None, [6, 13, 20]),
        ([1], 0, None, [1, None, None]),  # from the day after the slot before
        ([7], 0, None, [None, 7, None]),  # late for one is early for the next
        ([7], 1, None, [7, None, None]),
        ([7, 8], 2, None, [7, 8, None]),
        ([6, 6], 0, None, [6, None, None]),  # one slot needs one
        ([1, 2, 3], 0, None, [1, None, None]),
        ([20], 30, None, [20, None, None]),  # of several open ones, the oldest
        ([20, 20, 20], 30, None, [20, 20, 20]),
        ([21], 0, None, [None, None, None]),
        ([7], 0, 3, [7, None, None]),  # too early for the next, so late for the last
        ([7, 8], 0, 3, [7, None, None]),
        ([10], 0, 3, [None, 10, None]),
        ([1], 0, 3, [None, None, None]),  # too early, and there is nothing to be late for
        ([25], 0, 3, [None, None, 25]),
        ([6, 25, 26], 0, 3, [6, None, 25]),
    ],
)
def test_a_check_in_answers_the_oldest_slot_that_is_open(
    days: list[int], grace: int, early: int | None, expected: list[int | None]
) -> None:
    assert answered(days, grace=grace, early=early) == expected


def test_what_came_before_the_slot_before_the_first_answers_none() -> None:
    early = [CheckIn(goal="k", on=BEFORE, value=1)]
    assert answers(MONDAYS, early, before=BEFORE)[0].check_in is None
    assert answers(MONDAYS, early, before=None)[0].check_in == early[0]


@given(
    st.lists(st.integers(1, 31), max_size=8).map(sorted),
    st.integers(0, 20),
    st.none() | st.integers(0, 9),
)
def test_one_check_in_answers_one_slot_in_order(days: list[int], grace: int, early: int | None) -> None:
    found = answers(MONDAYS, said(*days), before=BEFORE, grace_days=grace, early_days=early)
    given = [answer.check_in for answer in found if answer.check_in is not None]
    assert len({check_in.id for check_in in given}) == len(given)
    assert [check_in.on for check_in in given] == sorted(check_in.on for check_in in given)
    for before, answer in zip([BEFORE, *MONDAYS], found, strict=False):
        if answer.check_in is not None:
            assert answer.check_in.on > before
            assert early is not None or answer.check_in.on <= answer.day + timedelta(grace)


def test_days_end_with_the_calendar() -> None:
    assert plus(date.max, 5) == date.max
    assert plus(date.min, -5) == date.min
    assert plus(date(2026, 7, 31), 1) == date(2026, 8, 1)


# -- limits that are scored by slots ------------------------------------------------------------------


def kept(*said_on: tuple[int, float], **fields: Any) -> Plan:
    """Return a plan in which a limit of 5 is kept or not, with check-ins every Monday of a July."""
    goal = KeyResult(
        id="k",
        title="K",
        metric=AtMost(5, score="slots"),
        first_day="2026-07-01",
        last_day="2026-07-31",
        cadence=Cadence.weekly("monday", grace_days=1),
    )
    facts = [CheckIn(goal="k", on=date(2026, 7, day), value=value) for day, value in said_on]
    return Plan.of(evolve(goal, **fields), *facts)


def share_of(plan: Plan, day: int = 31) -> tuple[float | None, str | None]:
    row = rollup(plan, as_of=date(2026, 7, day))["k"]
    return row.value, row.reason


def test_a_limit_may_be_scored_by_the_share_of_slots_that_kept_it() -> None:
    assert share_of(kept()) == (None, "not_measured")
    assert share_of(kept((6, 5))) == (0.25, None)
    assert share_of(kept((6, 5), (13, 6), (21, 1))) == (0.5, None)  # a day late is within the grace
    assert share_of(kept((6, 5), (6, 5), (1, 5))) == (0.25, None)  # one slot needs one check-in
    assert share_of(kept((6, 5), (13, 5), (20, 5), (27, 5))) == (1.0, None)
    assert share_of(kept((6, 6), (29, 5))) == (0.0, None)  # what comes after the last slot answers none
    assert share_of(kept((6, 5), (20, 5)), day=10) == (0.25, None)


def test_a_status_without_a_value_keeps_no_slot() -> None:
    only = CheckIn(goal="k", on=date(2026, 7, 6), status="on_track")
    assert share_of(kept((13, 5)).record(only)) == (0.25, None)
    assert share_of(kept().record(only)) == (None, "not_measured")


@pytest.mark.parametrize(
    "fields", [{"cadence": None}, {"last_day": None}, {"first_day": None}, {"first_day": "2026-07-28"}]
)
def test_without_slots_nobody_knows_their_share(fields: dict[str, Any]) -> None:
    assert share_of(kept((30, 5), **fields)) == (None, "no_slots")


def test_an_objective_takes_over_why_nothing_counts() -> None:
    goal = KeyResult(id="k", title="K", parent="o", metric=AtMost(5, score="slots"))
    row = rollup(Plan.of(Objective(id="o", title="O"), goal), as_of=date(2026, 7, 31))["o"]
    assert (row.value, row.reason) == (None, "not_measured")


def test_a_share_of_slots_is_told_in_words() -> None:
    assert AtMost(5, score="slots").describe() == "at most 5, as a share of the check-ins that are expected"
    assert "as a share of the check-ins that are expected" in rollup(kept((6, 5)), as_of=date(2026, 7, 31)).explain("k")
