"""Cycles: the calendar's own, and any other span."""

import copy
import pickle
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from goalkit.calendars import Cycle, CycleKind
from goalkit.errors import InvalidValue

PARTS: dict[CycleKind, tuple[Callable[..., Cycle], int]] = {
    CycleKind.HALF: (Cycle.half, 2),
    CycleKind.TERTIAL: (Cycle.tertial, 3),
    CycleKind.QUARTER: (Cycle.quarter, 4),
    CycleKind.MONTH: (Cycle.month, 12),
}
YEARS = st.integers(1, 9999)
DIVISIONS = st.sampled_from(list(PARTS))


@st.composite
def calendar_cycles(draw: st.DrawFn) -> Cycle:
    year = draw(YEARS)
    kind = draw(st.sampled_from([CycleKind.YEAR, *PARTS]))
    if kind is CycleKind.YEAR:
        return Cycle.year(year)
    make, most = PARTS[kind]
    return make(year, draw(st.integers(1, most)))


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("cycle", "id_", "first_day", "last_day", "days"),
    [
        (Cycle.year(2026), "2026", date(2026, 1, 1), date(2026, 12, 31), 365),
        (Cycle.year(1), "0001", date.min, date(1, 12, 31), 365),
        (Cycle.year(9999), "9999", date(9999, 1, 1), date.max, 365),
        (Cycle.half(2026, 1), "2026-H1", date(2026, 1, 1), date(2026, 6, 30), 181),
        (Cycle.tertial(2026, 2), "2026-T2", date(2026, 5, 1), date(2026, 8, 31), 123),
        (Cycle.quarter(2026, 3), "2026-Q3", date(2026, 7, 1), date(2026, 9, 30), 92),
        (Cycle.month(2026, 7), "2026-07", date(2026, 7, 1), date(2026, 7, 31), 31),
        (Cycle.month(2028, 2), "2028-02", date(2028, 2, 1), date(2028, 2, 29), 29),
    ],
    ids=lambda value: value.id if isinstance(value, Cycle) else "",
)
def test_the_calendar_s_cycles_have_these_ids_and_days(
    cycle: Cycle, id_: str, first_day: date, last_day: date, days: int
) -> None:
    assert (cycle.id, cycle.first_day, cycle.last_day) == (id_, first_day, last_day)
    assert cycle.days == days


@given(YEARS, DIVISIONS)
def test_cycles_tile_their_year(year: int, kind: CycleKind) -> None:
    make, most = PARTS[kind]
    parts = [make(year, part) for part in range(1, most + 1)]
    whole = Cycle.year(year)
    assert parts[0].first_day == whole.first_day
    assert parts[-1].last_day == whole.last_day
    for one, following in pairwise(parts):
        assert one.last_day + timedelta(1) == following.first_day
    assert sum(part.days for part in parts) == whole.days


@given(calendar_cycles())
def test_parsing_an_id_gives_back_what_made_it(cycle: Cycle) -> None:
    assert Cycle.parse(cycle.id) == cycle
    assert Cycle(id=cycle.id, first_day=cycle.first_day, last_day=cycle.last_day, kind=cycle.kind) == cycle


@given(calendar_cycles(), st.dates())
def test_a_day_belongs_to_a_cycle_from_its_first_to_its_last(cycle: Cycle, on: date) -> None:
    assert cycle.first_day in cycle
    assert cycle.last_day in cycle
    assert (on in cycle) == (cycle.first_day <= on <= cycle.last_day)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0000",
        "26",
        "2026-Q5",
        "2026-Q0",
        "2026-H3",
        "2026-T4",
        "2026-00",
        "2026-13",
        "2026-7",
        "2026-q3",
        "2026Q3",
        "Q3",
        "2026-Q3\n",
        "\uff12\uff10\uff12\uff16",
        "2026-W01",
        2026,
        None,
        10**5000,
    ],
    ids=map(str, count()),
)
def test_an_id_that_no_class_method_makes_is_refused(written: Any) -> None:
    assert problems_of(lambda: Cycle.parse(written)) == [("not_a_cycle", "")]


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: Cycle.quarter(2026, 0), ("out_of_range", "quarter")),
        (lambda: Cycle.quarter(2026, 5), ("out_of_range", "quarter")),
        (lambda: Cycle.half(2026, 3), ("out_of_range", "half")),
        (lambda: Cycle.tertial(2026, 4), ("out_of_range", "tertial")),
        (lambda: Cycle.month(2026, 13), ("out_of_range", "month")),
        (lambda: Cycle.month(2026, -1), ("out_of_range", "month")),
        (lambda: Cycle.year(0), ("out_of_range", "year")),
        (lambda: Cycle.year(10_000), ("out_of_range", "year")),
        (lambda: Cycle.year(10**5000), ("absurd_magnitude", "year")),
        (lambda: Cycle.year(2026.5), ("not_whole", "year")),  # type: ignore[arg-type]
        (lambda: Cycle.year(True), ("boolean_value", "year")),  # noqa: FBT003 - that is the point
        (lambda: Cycle.quarter(2026, True), ("boolean_value", "quarter")),  # noqa: FBT003 - that is the point
        (lambda: Cycle.quarter(2026, None), ("not_a_number", "quarter")),  # type: ignore[arg-type]
        (lambda: Cycle.year("\uff12\uff10\uff12\uff16"), ("not_a_number", "year")),  # type: ignore[arg-type]
    ],
    ids=map(str, count()),
)
def test_a_part_that_its_year_does_not_have_is_refused(make: Callable[[], Cycle], problem: tuple[str, str]) -> None:
    assert problems_of(make) == [problem]


def test_numbers_from_arrays_and_text_make_the_same_cycle() -> None:
    assert Cycle.quarter(np.int64(2026), np.int8(3)) == Cycle.quarter(2026, 3)  # type: ignore[arg-type]
    assert Cycle.quarter("2026", "3") == Cycle.quarter(2026, 3)  # type: ignore[arg-type]


def test_a_custom_cycle_is_made_from_its_days() -> None:
    cycle = Cycle(
        id="sprint-9",
        first_day="2026-08-03",
        last_day=datetime(2026, 8, 14),  # noqa: DTZ001 - what dataframes call a day
        title="Sprint 9",
    )
    assert (cycle.kind, cycle.days, cycle.title) == (CycleKind.CUSTOM, 12, "Sprint 9")
    assert type(cycle.last_day) is date


def test_a_cycle_of_one_day_is_a_cycle() -> None:
    assert Cycle(id="d", first_day="2026-08-03", last_day="2026-08-03").days == 1


def test_a_calendar_cycle_may_have_a_title() -> None:
    assert Cycle.quarter(2026, 3, title="Summer").title == "Summer"
    assert evolve(Cycle.quarter(2026, 3), title="Summer") == Cycle.quarter(2026, 3, title="Summer")


def test_a_cycle_does_not_end_before_it_begins() -> None:
    assert problems_of(lambda: Cycle(id="c", first_day="2026-08-04", last_day="2026-08-03")) == [
        ("days_out_of_order", "last_day")
    ]


def test_every_bad_field_is_named() -> None:
    assert problems_of(lambda: Cycle(id=7, first_day="soon", last_day=None, kind="week", title="\x00")) == [
        ("not_text", "id"),
        ("not_a_day", "first_day"),
        ("not_a_day", "last_day"),
        ("unknown_choice", "kind"),
        ("bad_text", "title"),
    ]


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"first_day": "2026-07-02"}, ["first_day"]),
        ({"last_day": "2026-09-29"}, ["last_day"]),
        ({"first_day": "2026-04-01", "last_day": "2026-06-30"}, ["first_day", "last_day"]),
        ({"id": "2026-Q2"}, ["first_day", "last_day"]),
        ({"id": "third quarter"}, ["id"]),
        ({"id": "2026-H1"}, ["id"]),
        ({"kind": "half"}, ["id"]),
        ({"kind": CycleKind.YEAR}, ["id"]),
    ],
)
def test_a_cycle_of_a_kind_has_that_kind_s_id_and_days(changes: dict[str, Any], paths: list[str]) -> None:
    found = problems_of(lambda: evolve(Cycle.quarter(2026, 3), **changes))
    assert found == [("cycle_mismatch", path) for path in paths]


def test_a_custom_cycle_may_use_any_id() -> None:
    ours = Cycle(id="2026-Q3", first_day="2026-04-01", last_day="2026-06-30")
    assert ours != Cycle.quarter(2026, 3)


@pytest.mark.parametrize("moment", [datetime(2026, 8, 1, 12), "soon", None, 5])  # noqa: DTZ001 - a moment
def test_only_a_day_can_belong_to_a_cycle(moment: object) -> None:
    assert problems_of(lambda: moment in Cycle.quarter(2026, 3)) == [("not_a_day", "")]


def test_a_cycle_is_a_value() -> None:
    cycle = Cycle.quarter(2026, 3)
    assert {cycle: 1}[Cycle.quarter(2026, 3)] == 1
    assert pickle.loads(pickle.dumps(cycle)) == copy.deepcopy(cycle) == cycle  # noqa: S301 - made right here
    with pytest.raises(FrozenInstanceError):
        cycle.title = "x"  # type: ignore[misc]
