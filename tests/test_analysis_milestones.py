"""What was planned of a milestone, and what became of it."""

from datetime import date

from goalkit import CheckIn, Cycle, Increase, KeyResult, Milestone, Plan, review_cycle

END = date(2026, 9, 30)
TEN = Increase(start=0, target=10)
Q3 = "2026-Q3"


def test_planned_and_actual_days_of_milestones() -> None:
    plan = Plan.of(
        Cycle.quarter(2026, 3),
        KeyResult(id="k", title="K", cycle=Q3, metric=TEN),
        Milestone(id="late", title="Late", cycle=Q3, due="2026-08-01", done_on="2026-08-04"),
        Milestone(id="early", title="Early", cycle=Q3, due="2026-09-01"),
        Milestone(id="open", title="Open", cycle=Q3, due="2026-09-20"),
        Milestone(id="ahead", title="Ahead", cycle=Q3),
        Milestone(id="again", title="Again", cycle=Q3, due="2026-09-01"),
        Milestone(id="half", title="Half", parent="k", share=0.5, due="2026-09-01"),
        CheckIn(goal="early", on="2026-08-20", value=0.5),
        CheckIn(goal="early", on="2026-08-25", value=True),
        CheckIn(goal="early", on="2026-08-28", value=1),
        CheckIn(goal="early", on="2026-08-29", note="cheers"),
        CheckIn(goal="again", on="2026-08-10", value=True),
        CheckIn(goal="again", on="2026-08-20", value=False),
        CheckIn(goal="again", on="2026-09-02", value=True),
        CheckIn(goal="k", on="2026-08-02", value=6),
    ).amend("late", on=date(2026, 7, 15), by="ida", why="more to do", due=date(2026, 8, 2))
    days_of = {row.goal: row for row in review_cycle(plan, Q3, as_of=END).milestones}
    late = days_of["late"]
    assert (late.planned, late.first_planned, late.actual, late.days_late) == (
        date(2026, 8, 2),
        date(2026, 8, 1),
        date(2026, 8, 4),
        2,
    )
    assert (days_of["early"].actual, days_of["early"].days_late) == (date(2026, 8, 25), -7)
    assert (days_of["open"].done, days_of["open"].actual, days_of["open"].days_late) == (False, None, 10)
    assert (days_of["ahead"].planned, days_of["ahead"].days_late) == (END, None)
    assert days_of["again"].actual == date(2026, 9, 2)
    assert (days_of["half"].done, days_of["half"].actual, days_of["half"].days_late) == (True, None, None)
