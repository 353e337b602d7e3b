"""The goal year: drafts, final goals, work and grading, counted back from the first day of a cycle."""

import pickle
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from goalkit import Cycle, FiscalCalendar, GoalYear, InvalidValue
from goalkit.calendars import CycleKind, NamedBy, Organisation, Phase, PhaseName, RetailCalendar, YearMilestone

LARGE = GoalYear.of(Cycle.year(2027), organisation="large")
SMALL = GoalYear.of(Cycle.year(2027), organisation="small")
TEAM = GoalYear.of(Cycle.year(2027), organisation="team")
ONE_DAY = timedelta(1)


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@st.composite
def cycles(draw: DrawFn) -> Cycle:
    """Years, and parts of years, of every calendar."""
    calendar: Any = draw(
        st.sampled_from([Cycle, RetailCalendar.nrf(), RetailCalendar(last_month=6, year_end="last", pattern="4-4-5")])
        | st.builds(
            FiscalCalendar,
            first_month=st.integers(1, 12),
            first_day=st.integers(1, 28),
            named_by=st.sampled_from(NamedBy),
        )
    )
    year = draw(st.integers(3, 9990))
    kind = draw(st.sampled_from(["year", "half", "quarter", "tertial"]))
    assume(kind != "tertial" or not isinstance(calendar, RetailCalendar))
    parts = {"half": 2, "tertial": 3, "quarter": 4}.get(kind)
    numbers = [year] if parts is None else [year, draw(st.integers(1, parts))]
    made: Cycle = getattr(calendar, kind)(*numbers)
    return made


@st.composite
def goal_years(draw: DrawFn) -> GoalYear:
    cycle = draw(cycles())
    kinds: dict[CycleKind, list[str | None]] = {
        CycleKind.YEAR: [None, "half", "quarter"],
        CycleKind.HALF: [None, "half", "quarter"],
    }
    return GoalYear.of(
        cycle,
        draw(st.sampled_from(Organisation)),
        draft_weeks=draw(st.none() | st.integers(1, 2)),
        finalise_weeks=draw(st.none() | st.integers(1, 4)),
        review_every=draw(st.sampled_from([None, "month"])),
        grade_every=draw(st.sampled_from(kinds.get(cycle.kind, [None]))),
        grade_weeks=draw(st.integers(1, 8)),
        grade_within=draw(st.booleans()),
    )


# -- the published durations ----------------------------------------------------------------------


def test_a_large_organisation_drafts_from_the_last_quarter_and_finalises_in_four_weeks() -> None:
    assert [str(phase) for phase in LARGE.phases] == [
        "2026-10-01 to 2026-12-03  draft",
        "2026-12-04 to 2026-12-31  finalise",
        "2027-01-01 to 2027-12-31  execute",
        "2028-01-01 to 2028-01-14  grade",
    ]


def test_the_milestones_of_a_large_year_are_these() -> None:
    assert "\n".join(map(str, LARGE.milestones)) == (
        "2026-10-01  company drafts start\n"
        "2026-11-04  team drafts start\n"
        "2026-11-30  company drafts are due\n"
        "2026-12-03  team drafts are due\n"
        "2026-12-04  finalising starts\n"
        "2026-12-31  goals are final\n"
        "2027-01-01  the year begins\n"
        "2027-03-31  review of 2027-Q1\n"
        "2027-06-30  review of 2027-Q2\n"
        "2027-07-01  grading of 2027-H1 starts\n"
        "2027-07-14  grading of 2027-H1 ends\n"
        "2027-09-30  review of 2027-Q3\n"
        "2027-12-31  review of 2027-Q4\n"
        "2028-01-01  grading of 2027 starts\n"
        "2028-01-14  grading of 2027 ends"
    )


def on(year: GoalYear, name: str) -> date:
    (found,) = [milestone.on for milestone in year.milestones if milestone.name == name]
    return found


def test_teams_of_a_small_organisation_draft_for_two_weeks_and_all_is_final_in_two_more() -> None:
    assert on(SMALL, "company drafts start") == date(2026, 10, 1)
    assert on(SMALL, "company drafts are due") == date(2026, 11, 30)
    assert on(SMALL, "team drafts start") == date(2026, 12, 4)
    assert on(SMALL, "finalising starts") == date(2026, 12, 18)


def test_a_single_team_drafts_for_a_week_and_has_no_company_to_wait_for() -> None:
    assert TEAM.first_day == on(TEAM, "team drafts start") == date(2026, 12, 18)
    assert on(TEAM, "finalising starts") == date(2026, 12, 25)
    assert not [milestone for milestone in TEAM.milestones if "company" in milestone.name]


def test_the_caller_chooses_within_the_published_ranges() -> None:
    chosen = GoalYear.of(Cycle.year(2027), "large", draft_weeks=6, finalise_weeks=3)
    assert on(chosen, "finalising starts") == date(2026, 12, 11)
    assert on(chosen, "team drafts start") == date(2026, 10, 30)


def test_a_quarter_is_planned_from_six_weeks_before_it() -> None:
    small, large = (GoalYear.of(Cycle.quarter(2027, 2), organisation) for organisation in ("small", "large"))
    assert small.first_day == large.first_day == date(2027, 2, 18)
    assert on(small, "finalising starts") == date(2027, 3, 25)
    assert on(large, "finalising starts") == date(2027, 3, 11)
    assert on(small, "team drafts start") == date(2027, 3, 11)
    assert on(large, "team drafts start") == date(2027, 2, 18)  # a month does not fit
    assert on(large, "company drafts are due") == date(2027, 3, 10)
    assert on(small, "the quarter begins") == date(2027, 4, 1)


def test_a_fiscal_year_and_a_retail_year_begin_in_their_own_last_quarter() -> None:
    fiscal = GoalYear.of(FiscalCalendar(first_month=4, first_day=6).year(2027), "large")
    assert (fiscal.first_day, fiscal.cycle.first_day) == (date(2026, 1, 6), date(2026, 4, 6))
    assert [milestone.on for milestone in fiscal.gradings] == [date(2026, 10, 6), date(2027, 4, 6)]
    retail = GoalYear.of(RetailCalendar.nrf().year(2024), "large")
    assert retail.first_day == RetailCalendar.nrf().quarter(2023, 4).first_day  # a quarter of 14 weeks
    assert retail.reviews[0].name == "review of FY2024-Q1"


# -- reviews and gradings -------------------------------------------------------------------------


def test_a_year_is_graded_at_mid_year_and_at_its_end() -> None:
    assert [(milestone.name, milestone.on) for milestone in LARGE.gradings] == [
        ("grading of 2027-H1 starts", date(2027, 7, 1)),
        ("grading of 2027 starts", date(2028, 1, 1)),
    ]


def test_grading_may_take_the_last_weeks_instead_of_the_first_after() -> None:
    within = GoalYear.of(Cycle.year(2027), "small", grade_within=True)
    assert within.last_day == within.cycle.last_day == date(2027, 12, 31)
    assert [milestone.on for milestone in within.gradings] == [date(2027, 6, 17), date(2027, 12, 18)]
    assert within.phases[2].last_day == date(2027, 12, 17)


def test_a_year_may_be_graded_more_often_and_reviewed_every_month() -> None:
    often = GoalYear.of(Cycle.year(2027), "small", grade_every="quarter", review_every="month", grade_weeks=1)
    assert [milestone.on for milestone in often.gradings] == [
        date(2027, 4, 1),
        date(2027, 7, 1),
        date(2027, 10, 1),
        date(2028, 1, 1),
    ]
    assert len(often.reviews) == 12
    assert GoalYear.of(Cycle.year(2027), "small", grade_every="tertial").gradings[0].on == date(2027, 5, 1)


@pytest.mark.parametrize(
    ("cycle", "reviews", "gradings"),
    [
        (Cycle.half(2027, 1), ["2027-Q1", "2027-Q2"], 1),
        (Cycle.tertial(2027, 1), ["2027-01", "2027-02", "2027-03", "2027-04"], 1),
        (Cycle.quarter(2027, 1), ["2027-01", "2027-02", "2027-03"], 1),
    ],
)
def test_what_is_shorter_than_a_year_is_graded_at_its_end(cycle: Cycle, reviews: list[str], gradings: int) -> None:
    planned = GoalYear.of(cycle, "small")
    assert [milestone.name for milestone in planned.reviews] == [f"review of {name}" for name in reviews]
    assert [milestone.on for milestone in planned.gradings] == [cycle.last_day + ONE_DAY] * gradings


# -- questions ------------------------------------------------------------------------------------


def test_a_day_outside_has_no_phase() -> None:
    assert LARGE.phase(date(2026, 9, 30)) is None
    assert LARGE.phase(date(2028, 1, 15)) is None
    assert [getattr(LARGE.phase(day), "name", None) for day in (LARGE.first_day, LARGE.last_day)] == ["draft", "grade"]


def test_a_phase_holds_its_own_days() -> None:
    phase = LARGE.phases[1]
    assert phase.last_day in phase
    assert phase.first_day - ONE_DAY not in phase
    assert "2026-12-24" in phase


def test_the_next_milestone_is_after_a_day_and_at_last_there_is_none() -> None:
    first = LARGE.next(date(2020, 1, 1))
    assert first is not None
    assert first.name == "company drafts start"
    following = LARGE.next(first.on)
    assert following is not None
    assert following.name == "team drafts start"
    assert LARGE.next(LARGE.last_day) is None


def test_what_is_due_on_a_day_is_late_on_the_next() -> None:
    assert LARGE.late(date(2026, 10, 1)) == ()
    (late,) = LARGE.late(date(2026, 10, 2))
    assert late.name == "company drafts start"
    assert LARGE.late(date(2026, 10, 2), done=[late]) == LARGE.late(date(2026, 10, 2), done=[late.name]) == ()
    later = LARGE.late(date(2026, 12, 4), done=iter(["company drafts start", "team drafts start"]))
    assert [milestone.name for milestone in later] == ["company drafts are due", "team drafts are due"]


@pytest.mark.parametrize(
    ("done", "problem"),
    [
        (["team drafts are du"], ("unknown_choice", "done[0]")),
        (["goals are final", "the moon is full"], ("unknown_choice", "done[1]")),
        ("goals are final", ("not_a_list", "done")),
        (5, ("not_a_list", "done")),
        ([5], ("not_text", "done[0]")),
    ],
)
def test_what_is_done_is_told_by_names_of_milestones(done: Any, problem: tuple[str, str]) -> None:
    assert problems_of(lambda: LARGE.late(date(2027, 1, 1), done=done)) == [problem]


@pytest.mark.parametrize("ask", [LARGE.phase, LARGE.next, LARGE.late])
def test_a_moment_is_not_a_day(ask: Callable[[Any], object]) -> None:
    assert problems_of(lambda: ask("noon")) == [("not_a_day", "")]


# -- nested plans ---------------------------------------------------------------------------------


def test_the_halves_and_quarters_of_a_year_have_plans_of_their_own() -> None:
    year = GoalYear.of(Cycle.year(2027), "large", draft_weeks=6, grade_weeks=1, grade_within=True)
    first, second = year.split("half")
    assert first.first_day == LARGE.first_day
    assert second.first_day == date(2027, 4, 1)
    assert (second.draft_weeks, second.grade_weeks, second.grade_within) == (None, 1, True)
    assert [quarter.cycle.id for quarter in year.split("quarter")] == ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]
    assert problems_of(lambda: year.split("month")) == [("no_goal_year", "cycle")]
    assert problems_of(lambda: year.split("fortnight")) == [("unknown_choice", "kind")]


# -- what is refused ------------------------------------------------------------------------------


def test_the_organisation_must_be_told() -> None:
    with pytest.raises(TypeError, match="organisation"):
        GoalYear.of(Cycle.year(2027))  # type: ignore[call-arg] # it is refused


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"organisation": "huge"}, [("unknown_choice", "organisation")]),
        ({"organisation": 50}, [("unknown_choice", "organisation")]),
        ({"cycle": 2027}, [("wrong_kind", "cycle")]),
        ({"cycle": Cycle.backlog()}, [("no_goal_year", "cycle")]),
        ({"cycle": Cycle.month(2027, 1)}, [("no_goal_year", "cycle")]),
        ({"cycle": Cycle.week_year(2027)}, [("no_goal_year", "cycle")]),
        ({"cycle": Cycle(id="c", first_day="2027-01-01", last_day="2027-12-31")}, [("no_goal_year", "cycle")]),
        ({"cycle": Cycle.year(1)}, [("beyond_the_calendar", "cycle")]),
        ({"cycle": Cycle.quarter(1, 1)}, [("beyond_the_calendar", "cycle")]),
        ({"cycle": Cycle.year(9999)}, [("beyond_the_calendar", "grade_weeks")]),
        ({"cycle": Cycle.quarter(2027, 1), "finalise_weeks": 6}, [("too_long", "finalise_weeks")]),
        ({"cycle": Cycle.quarter(2027, 1), "draft_weeks": 6}, [("too_long", "draft_weeks")]),
        ({"cycle": Cycle.quarter(2027, 1), "draft_weeks": 1, "finalise_weeks": 6}, [("too_long", "finalise_weeks")]),
        (
            {"draft_weeks": 0, "finalise_weeks": 14},
            [("out_of_range", "draft_weeks"), ("out_of_range", "finalise_weeks")],
        ),
        ({"grade_weeks": 9}, [("out_of_range", "grade_weeks")]),
        ({"grade_within": 1}, [("not_true_or_false", "grade_within")]),
        ({"grade_every": "year"}, [("unknown_choice", "grade_every")]),
        ({"grade_every": "sometimes"}, [("unknown_choice", "grade_every")]),
        ({"cycle": RetailCalendar.nrf().year(2027), "grade_every": "tertial"}, [("unknown_choice", "grade_every")]),
        ({"review_every": "week"}, [("does_not_divide", "review_every")]),
        ({"review_every": "backlog"}, [("unknown_choice", "review_every")]),
    ],
)
def test_what_makes_no_year_is_refused(change: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    given = {"cycle": Cycle.year(2027), "organisation": "small", **change}
    assert problems_of(lambda: GoalYear.of(**given)) == problems
    assert problems_of(lambda: GoalYear(**given)) == problems


def test_a_phase_and_a_milestone_say_what_is_wrong_with_them() -> None:
    assert problems_of(lambda: Phase(name="draft", first_day="2027-01-02", last_day="2027-01-01")) == [
        ("days_out_of_order", "last_day")
    ]
    assert problems_of(lambda: YearMilestone(name=" ", on="soon", phase="lunch")) == [
        ("no_title", "name"),
        ("not_a_day", "on"),
        ("unknown_choice", "phase"),
    ]


def test_the_first_and_the_last_years_that_can_be_planned_are_planned() -> None:
    assert GoalYear.of(Cycle.year(2), "large").first_day == date(1, 10, 1)
    assert GoalYear.of(Cycle.year(9999), "large", grade_within=True).last_day == date.max
    early = FiscalCalendar(first_month=2, first_day=15, named_by="start").quarter(1, 1)
    first = GoalYear.of(early, "large", finalise_weeks=5)
    assert first.first_day == on(first, "team drafts start") == date(1, 1, 4)


# -- laws -----------------------------------------------------------------------------------------


@given(goal_years())
def test_the_phases_tile_the_days_from_the_first_draft_to_the_last_grading(year: GoalYear) -> None:
    assert [phase.name for phase in year.phases] == [*PhaseName]
    assert all(phase.first_day <= phase.last_day for phase in year.phases)
    assert (year.phases[0].first_day, year.phases[-1].last_day) == (year.first_day, year.last_day)
    assert all(one.last_day + ONE_DAY == following.first_day for one, following in pairwise(year.phases))
    assert year.phases[2].first_day == year.cycle.first_day


@given(goal_years())
def test_milestones_are_in_order_and_each_has_a_name_of_its_own(year: GoalYear) -> None:
    days = [milestone.on for milestone in year.milestones]
    assert days == sorted(days)
    assert days[0] == year.first_day
    assert days[-1] == year.last_day
    assert len({milestone.name for milestone in year.milestones}) == len(days)
    assert {*year.reviews, *year.gradings} <= {*year.milestones}
    assert on(year, "team drafts start") < on(year, "finalising starts")


@given(goal_years())
def test_every_milestone_lies_in_the_phase_that_its_name_speaks_of(year: GoalYear) -> None:
    for milestone in year.milestones:
        found = year.phase(milestone.on)
        assert found is not None
        assert found.name is milestone.phase
        if "drafts" in milestone.name:
            assert milestone.phase is PhaseName.DRAFT
        elif milestone.name in {"finalising starts", "goals are final"}:
            assert milestone.phase is PhaseName.FINALISE
        elif milestone.name.startswith(f"grading of {year.cycle.id} "):
            assert milestone.phase is PhaseName.GRADE
        elif milestone.name.startswith("review"):
            assert milestone.phase in {PhaseName.EXECUTE, PhaseName.GRADE}
        else:
            assert milestone.phase is PhaseName.EXECUTE


@given(cycles())
def test_the_larger_the_organisation_the_earlier_goals_are_drafted_and_made_final(cycle: Cycle) -> None:
    team, small, large = (GoalYear.of(cycle, organisation) for organisation in Organisation)
    assert team.first_day > small.first_day == large.first_day
    for name in ("team drafts start", "finalising starts"):
        assert on(team, name) >= on(small, name) >= on(large, name)


@given(goal_years(), st.dates())
def test_what_is_not_late_is_done_or_still_to_come(year: GoalYear, day: date) -> None:
    late, following = year.late(day), year.next(day)
    assert late == tuple(milestone for milestone in year.milestones if milestone.on < day)
    assert year.late(day, done=late) == ()
    assert following is None or following.on > day


@given(cycles(), st.sampled_from(Organisation))
def test_every_year_is_graded_as_often_as_is_published(cycle: Cycle, organisation: Organisation) -> None:
    year = GoalYear.of(cycle, organisation)
    assert len(year.gradings) == (2 if cycle.kind is CycleKind.YEAR else 1)
    assert all(part.cycle.kind is CycleKind.QUARTER and len(part.gradings) == 1 for part in quarters(year))


def quarters(year: GoalYear) -> tuple[GoalYear, ...]:
    return () if year.cycle.kind is CycleKind.TERTIAL else year.split("quarter")


@given(goal_years())
def test_a_year_is_a_value(year: GoalYear) -> None:
    again = pickle.loads(pickle.dumps(year))  # noqa: S301 - our own bytes
    assert again == year
    assert hash(again) == hash(year)
    assert again.milestones == year.milestones
