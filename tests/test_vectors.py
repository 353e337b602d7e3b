"""
The worked cases of other tools and handbooks, as plain data that any language can run.

A file in ``vectors`` is a list of cases. A case has

- ``id``, and ``from``: its own name, and the one that it had where it was collected;
- ``kind``, ``source``, ``what``: what it is about, whose it is (up to the colon) and where it stands,
  and what happens in it; perhaps a ``note``;
- ``tolerance``: by how much a number may differ, 1e-9 without one;
- ``refused``: where it is not reproduced, ``because`` of what, and ``why``. What follows is then what
  goalkit says instead;
- ``policy``: the name of the choices, and those that matter here; all others are the default's;

and one of these shapes:

- ``plan``, ``as_of``, ``expect``: documents, a day, and figures by goal on that day;
- ``plan``, ``days``: documents, and figures by goal on several days;
- ``metric`` with ``measured``, ``marks`` or ``zones``: the document of a metric; figures or a ``zone`` for
  what was measured (``at``); the marks that it works out; and how many of the measured lie in each zone;
- ``documents``, ``problems``: documents, and the codes of everything that is wrong with them;
- ``cycles``: rows that ``find`` a cycle, by its id, by a day (``on``) and a kind, or by its two days, perhaps in a
  ``calendar``, and what they ``expect`` of it;
- ``cadence``, ``asked``: the document of a cadence, and the ``slots`` between two days, or the ``next`` after one;
- ``cycle``, ``least``: the id of a calendar's cycle, and the document of the least cadence for its goals;
- ``workdays`` with ``moved``, ``counted`` or ``off``: a work calendar, by its holidays or by its country; where days
  move, how many working days cycles have, and days that are not worked;
- ``plan``, ``as_of``, ``slots``: documents with a goal ``k``, a day, and what became of its slots by then, perhaps with
  ``early_days``, and the ``last`` and ``longest`` of its ``streak``;
- ``goal_year`` with ``phases`` and ``milestones``: a cycle and an organisation, and days of its goal year;
- ``scale``, ``scores``: the name or the document of a scale, and what it says of scores (``at``);
- ``plan``, ``as_of`` with ``grades``, ``review`` or ``scorecard``: documents, a day, and on that day the grades by
  goal, the reviews by cycle (perhaps with other bounds of what is ``healthy``), or an owner's card with its ``areas``;
- ``plan``, ``as_of``, ``judged``: documents, a day, and pace and status by goal on that day, perhaps with
  ``profiles``;
- ``plan`` with ``figures`` or ``changes``: documents, and by KPI the figure of each period, or how those of two periods
  (``from``, ``to``) differ; a period is the id of a cycle, or its two days with a slash between them;
- ``measure``, ``counted``: the name of a measure, and its ``value`` by what was counted, or by ``answers``;
- ``lines``, ``variance``: quantities and rates before and after, and why each line and the total changed;
- ``xmr``, ``chart``: values and choices, and the chart of them;
- ``rule``, ``track``, ``findings``: a rule, values around a centre of 0 with limits at 3, and what the rule finds;
- ``useful``, ``chance``: how many points are off the line, and what chance alone makes of so many;
- ``profile``, ``shares``: the document of a profile, and which ``share`` of the way is expected at what part of
  the time;
- ``zone``, ``moments``: a time zone; wall times and days that close as moments of UTC, and the hours of days.

Where ``salvaged`` is given, the plan is salvaged, and these are the codes of what was wrong with it.

Of a figure, everything that is given holds: ``value``, ``raw``, ``reason``, ``coverage``, ``actual``,
``contributions`` by child, and ``shown``, the value in per cent with as many decimals as in the text.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import asdict

from goalkit import (
    Cadence,
    Cycle,
    FiscalCalendar,
    GoalYear,
    InvalidPlan,
    KeyResult,
    Metric,
    Plan,
    Policy,
    Profile,
    Scale,
    assess,
    compliance,
    grades,
    kpi_series,
    review_cycle,
    rollup,
    schedule,
    scorecard,
)
from goalkit.analysis.kpi_figures import KpiFigure
from goalkit.analysis.named_measures import MEASURES, nps_group
from goalkit.analysis.reviewing import SWEET_SPOT
from goalkit.analysis.scales import SCALES
from goalkit.analysis.variance import VarianceLine, variance
from goalkit.calendars import (
    DayCount,
    RetailCalendar,
    WorkCalendar,
    Workweek,
    closes_at,
    count_workdays,
    day,
    moment,
    shifted,
)
from goalkit.interop.holidays import work_calendar
from goalkit.model.zones import CommitTargetStretch
from goalkit.policies import PUBLISHED
from goalkit.quantities import percent

FOLDER = Path(__file__).parent / "vectors"
PAGE = Path(__file__).parent.parent / "docs" / "vectors.md"

Case = dict[str, Any]

ALWAYS = {"id", "from", "kind", "source", "what"}
SOMETIMES = {"note", "tolerance", "refused"}
# What a shape needs, and what it may have.
# Charts are run beside all else that is known of them, in `test_analysis_xmr`.
OF_CHARTS = (
    ({"xmr", "chart"}, set[str]()),
    ({"rule", "track", "findings"}, set[str]()),
    ({"useful", "chance"}, set[str]()),
)
SHAPES = (
    *OF_CHARTS,
    ({"plan", "as_of", "expect"}, {"policy", "salvaged"}),
    ({"plan", "days"}, {"policy", "salvaged"}),
    ({"metric", "measured"}, {"zones"}),
    ({"metric", "marks"}, {"measured"}),
    ({"documents", "problems"}, set[str]()),
    ({"cycles"}, set[str]()),
    ({"cadence", "asked"}, set[str]()),
    ({"cycle", "least"}, set[str]()),
    ({"workdays"}, {"moved", "counted", "off"}),
    ({"zone", "moments"}, set[str]()),
    ({"plan", "as_of", "slots"}, {"early_days", "streak"}),
    ({"goal_year", "phases", "milestones"}, set[str]()),
    ({"scale", "scores"}, set[str]()),
    ({"plan", "as_of", "judged"}, {"policy", "profiles"}),
    ({"profile", "shares"}, set[str]()),
    ({"plan", "as_of", "grades"}, set[str]()),
    ({"plan", "as_of", "review"}, {"healthy"}),
    ({"plan", "as_of", "scorecard"}, {"policy"}),
    ({"plan", "figures"}, {"as_of"}),
    ({"plan", "changes"}, {"as_of"}),
    ({"measure", "counted"}, set[str]()),
    ({"lines", "variance"}, set[str]()),
)
BECAUSE = {
    "deliberate": "a figure that goalkit deliberately does not give",
    "outside": "not about what goalkit does",
    "later": "about what comes with later work",
}


def unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the content of an object, which names nothing twice."""
    content: dict[str, Any] = {}
    for name, value in pairs:
        assert name not in content, f"{name} is named twice"
        content[name] = value
    return content


def refuse(constant: str) -> None:
    pytest.fail(f"{constant} is no number of JSON")


def cases(path: Path) -> list[Case]:
    """Return the cases of a file."""
    found: list[Case] = json.loads(path.read_text("utf-8"), object_pairs_hook=unique, parse_constant=refuse)
    return found


FILES = {path.name: cases(path) for path in sorted(FOLDER.iterdir())}
CASES = [case for held in FILES.values() for case in held]
RUN = [case for case in CASES if any(needed <= case.keys() for needed, _ in SHAPES[len(OF_CHARTS) :])]


def owner(case: Case) -> str:
    """Return whose a case is."""
    source: str = case["source"]
    return source.split(": ", maxsplit=1)[0]


# -- the form -------------------------------------------------------------------------------------


def test_every_file_is_a_list_of_cases_in_json() -> None:
    assert FILES
    for name, held in FILES.items():
        assert name.endswith(".json")
        assert held
        assert all(isinstance(case, dict) for case in held)


@pytest.mark.parametrize("name", ["id", "from"])
def test_no_two_cases_have_the_same_name(name: str) -> None:
    assert [found for found, times in Counter(case[name] for case in CASES).items() if times > 1] == []


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_says_what_it_is_and_nothing_that_is_not_checked(case: Case) -> None:
    for name in ALWAYS:
        assert isinstance(case[name], str)
        assert case[name]
    assert owner(case) != case["source"], "a source says whose it is, a colon, and where"
    shape = case.keys() - ALWAYS - SOMETIMES
    fitting = [needed for needed, free in SHAPES if needed <= shape <= needed | free]
    if "refused" in case:
        assert case["refused"].keys() == {"because", "why"}
        assert case["refused"]["because"] in BECAUSE
        assert not shape or fitting
    else:
        assert len(fitting) == 1
        assert all(case[name] or name in {"problems", "slots", "findings"} for name in fitting[0])
        assert case.get("slots", True) or "streak" in case


def test_what_is_refused_stands_in_a_file_of_its_own() -> None:
    for name, held in FILES.items():
        assert {"refused" in case for case in held} == {name == "refused.json"}


# -- what is run ----------------------------------------------------------------------------------


def agree(said: object, found: Any, tolerance: float) -> None:
    """Check that everything that is said was found."""
    if isinstance(said, Mapping):
        assert said
        for name, each in said.items():
            assert name in found, f"there is no {name}"
            agree(each, found[name], tolerance)
    elif isinstance(said, (int, float)) and not isinstance(said, bool):
        assert found is not None
        assert abs(float(found) - said) <= tolerance
    else:
        assert found == said
        assert found is None or said is not None


def figures(found: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a figure as plain data; what is shown has the decimals that the text has."""
    decimals = said.get("shown", "").partition(".")[2]
    figure = asdict(found, recurse=False) | {"shown": percent(found.value, len(decimals.removesuffix(" %")))}
    if "contributions" in figure:
        figure["contributions"] = {part.goal: asdict(part) for part in found.contributions}
    return figure


def codes(case: Case) -> list[str]:
    """Return the codes of what is wrong with the documents of a case."""
    try:
        plan = Plan.from_dicts(case["documents"])
    except InvalidPlan as error:
        return sorted(problem.code for problem in error.problems)
    refuse_unknown_fields(plan)
    return []


def plan_of(case: Case) -> Plan:
    """Return the plan of a case."""
    if "salvaged" not in case:
        plan = Plan.from_dicts(case["plan"])
    else:
        plan, problems = Plan.salvage(case["plan"])
        assert sorted(problem.code for problem in problems) == case["salvaged"]
    refuse_unknown_fields(plan)
    return plan


def refuse_unknown_fields(plan: Plan) -> None:
    held = (*plan.goals, *plan.facts, *plan.kpis, *plan.observed)
    for extra in (each.extra for each in held):
        assert not extra, f"{extra} is read by nobody"


def metric_of(document: Mapping[str, Any]) -> Metric:
    """Return the metric that a document describes."""
    goal = Plan.from_dicts([{"kind": "key_result", "id": "k", "title": "K", "metric": document}])["k"]
    assert isinstance(goal, KeyResult)
    assert goal.metric is not None
    return goal.metric


def cadence_of(document: Mapping[str, Any]) -> Cadence:
    """Return the cadence that a document describes."""
    goal = Plan.from_dicts([{"kind": "objective", "id": "o", "title": "O", "cadence": document}])["o"]
    assert goal.cadence is not None
    return goal.cadence


def run_cadence(case: Case) -> None:
    cadence = cadence_of(case["cadence"])
    for row in case["asked"]:
        if "slots" in row:
            assert row.keys() == {"from", "to", "slots"}
            span = Cycle(id="span", first_day=row["from"], last_day=row["to"])
            assert [slot.isoformat() for slot in cadence.slots(span)] == row["slots"]
        else:
            assert row.keys() == {"after", "next"}
            found = cadence.next(day(row["after"]))
            assert (found and found.isoformat()) == row["next"]


def workdays_of(said: Mapping[str, Any]) -> WorkCalendar:
    """Return the work calendar that a case describes; that of a country needs a package."""
    if "country" not in said:
        return Workweek(**said)
    return work_calendar(**said)


def run_workdays(case: Case) -> None:
    workdays = workdays_of(case["workdays"])
    for row in case.get("moved", ()):
        on = day(row["on"])
        for shift, said in row.items():
            assert shift == "on" or shifted(on, shift, workdays).isoformat() == said
    for row in case.get("counted", ()):
        assert count_workdays(Cycle.parse(row["cycle"]), workdays) == row["days"]
    assert [on for on in case.get("off", ()) if workdays.is_workday(day(on))] == []


def run_moments(case: Case) -> None:
    zone = case["zone"]
    for row in case["moments"]:
        if "hours" in row:
            on = day(row["on"])
            length = closes_at(on, zone).astimezone(UTC) - closes_at(on - timedelta(1), zone).astimezone(UTC)
            assert length == timedelta(hours=row["hours"])
        else:
            found = closes_at(day(row["closes"]), zone) if "closes" in row else moment(day(row["on"]), row["at"], zone)
            assert found.astimezone(UTC).isoformat() == row["utc"].replace("Z", "+00:00")


def run_least(case: Case) -> None:
    assert Cadence.minimum_for(Cycle.parse(case["cycle"])) == cadence_of(case["least"])


def run_slots(case: Case) -> None:
    plan, as_of, early_days = Plan.from_dicts(case["plan"]), day(case["as_of"]), case.get("early_days")
    slots = schedule(plan, Cycle.year(as_of.year), as_of=as_of, early_days=early_days)
    found = {slot.day.isoformat(): slot.state.value for slot in slots}
    for on, state in case["slots"].items():
        assert found[on] == state
    if "streak" in case:
        assert case["streak"].keys() == {"last", "longest"}
        row = compliance(plan, Cycle.year(as_of.year), as_of=as_of, early_days=early_days)["k"]
        assert (row.streak, row.longest_streak) == (case["streak"]["last"], case["streak"]["longest"])


def run_goal_year(case: Case) -> None:
    asked = dict(case["goal_year"])
    year = GoalYear.of(Cycle.parse(asked.pop("cycle")), asked.pop("organisation"), **asked)
    phases = {phase.name: [phase.first_day.isoformat(), phase.last_day.isoformat()] for phase in year.phases}
    assert case["phases"].items() <= phases.items()
    milestones = {milestone.name: milestone.on.isoformat() for milestone in year.milestones}
    assert case["milestones"].items() <= milestones.items()


def calendar_of(row: Case) -> FiscalCalendar | RetailCalendar | type[Cycle]:
    """Return the calendar of a row; without one, the civil calendar, whose cycles `Cycle` makes itself."""
    fields = dict(row.get("calendar", {}))
    kind = fields.pop("kind", "civil")
    assert kind in {"civil", "fiscal", "retail"}
    if kind == "civil":
        return Cycle
    return FiscalCalendar(**fields) if kind == "fiscal" else RetailCalendar(**fields)


def run_cycle(row: Case) -> None:
    """Find a cycle, and check what is expected of it."""
    assert row.keys() <= {"calendar", "find", "expect"}
    find, said = row["find"], row["expect"]
    if "id" in find:
        cycle = calendar_of(row).parse(find["id"])
    elif "on" in find:
        cycle = calendar_of(row).containing(day(find["on"]), find["kind"])
    else:
        cycle = Cycle(id="span", **find)
    found = {
        "id": cycle.id,
        "first_day": str(cycle.first_day),
        "last_day": str(cycle.last_day),
        "days": cycle.days,
        "weeks": cycle.days / 7,
        "holds": {on: day(on) in cycle for on in said.get("holds", {})},
        "shared": {span: cycle.overlap(span_of(span)) for span in said.get("shared", {})},
    }
    if "next" in said:
        found["next"] = cycle.next().id
    assert said
    agree(said, found, 0)


def span_of(written: str) -> Cycle:
    """Return a span from its first and last day, with a slash between them."""
    first_day, last_day = map(day, written.split("/"))
    return Cycle(id="other", first_day=first_day, last_day=last_day)


def run_cycles(case: Case) -> None:
    for row in case["cycles"]:
        run_cycle(row)


def run_scale(case: Case) -> None:
    said = case["scale"]
    scale = SCALES[said] if isinstance(said, str) else Scale.from_dict(said)
    for row in case["scores"]:
        agree({name: each for name, each in row.items() if name != "at"}, asdict(scale.grade(row["at"])), 1e-9)


def run_grades(case: Case) -> None:
    found = grades(plan_of(case), as_of=day(case["as_of"]))
    for goal, said in case["grades"].items():
        row = found[goal]
        agree(said, asdict(row, recurse=False) | {"colour": row.colour}, case.get("tolerance", 1e-9))


def run_review(case: Case) -> None:
    bounds = tuple(case.get("healthy", SWEET_SPOT))
    for cycle, said in case["review"].items():
        found = review_cycle(plan_of(case), cycle, as_of=day(case["as_of"]), sweet_spot=bounds)
        agree(said, found.summary(), case.get("tolerance", 1e-9))


def run_scorecard(case: Case) -> None:
    said = case["scorecard"]
    for policy in policies(case):
        card = scorecard(plan_of(case), said["owner"], as_of=day(case["as_of"]), policy=policy)
        areas = {area.goal: asdict(area) for area in card}
        found = {"owner": card.owner, "total": card.total, "areas": areas}
        agree(said, found, case.get("tolerance", 1e-9))


def run_judged(case: Case) -> None:
    profiles = {goal: Profile.from_dict(said) for goal, said in case.get("profiles", {}).items()}
    for policy in policies(case):
        found = assess(plan_of(case), as_of=day(case["as_of"]), policy=policy, profiles=profiles)
        rows = {row["goal"]: row for row in found.to_dicts()}
        for goal, said in case["judged"].items():
            pace = found[goal].pace
            earned = None if pace.earned_day is None else pace.earned_day.isoformat()
            told = rows[goal] | {"earned_day": earned, "speed": pace.speed, "expected_value": pace.expected_value}
            agree(said, told, case.get("tolerance", 1e-9))


def run_profile(case: Case) -> None:
    course = Profile.from_dict(case["profile"]).course(date(2026, 1, 1), date(2026, 12, 31), DayCount.END_OF_DAY)
    for row in case["shares"]:
        assert row.keys() == {"at", "share"}
        agree(row["share"], course.at(row["at"]), case.get("tolerance", 1e-9))


def figure_of(case: Case, kpi_id: str, period: str) -> KpiFigure:
    """Return the figure of a KPI over a period."""
    cycle = span_of(period) if "/" in period else Cycle.parse(period)
    as_of = day(case["as_of"]) if "as_of" in case else None
    return kpi_series(plan_of(case), kpi_id, as_of=as_of).over(cycle)


def run_figures(case: Case) -> None:
    for kpi_id, periods in case["figures"].items():
        assert periods
        for period, said in periods.items():
            found = figure_of(case, kpi_id, period)
            more = {name: getattr(found, name) for name in OF_A_FIGURE}
            agree(said, asdict(found, recurse=False) | more, case.get("tolerance", 1e-9))


OF_A_FIGURE = ("difference", "attainment", "meets_target", "colour", "health")


def run_changes(case: Case) -> None:
    for kpi_id, rows in case["changes"].items():
        assert rows
        for row in rows:
            said = {name: each for name, each in row.items() if name not in {"from", "to"}}
            before, after = (figure_of(case, kpi_id, row[name]) for name in ("from", "to"))
            agree(said, asdict(after.change_from(before)), case.get("tolerance", 1e-9))


def run_counted(case: Case) -> None:
    measure = MEASURES[case["measure"]]
    for row in case["counted"]:
        counts = {name: row[name] for name in measure.counts}
        assert row.keys() <= counts.keys() | {"answers", "value"}
        if "answers" in row:
            found = Counter(f"{nps_group(each).value}s" for each in row["answers"])
            assert {name: found[name] for name in counts} == counts
        agree(row["value"], measure.value(counts), case.get("tolerance", 1e-9))


def run_variance(case: Case) -> None:
    found = variance(VarianceLine(**line) for line in case["lines"])
    told = {name: asdict(found[name]) for name in found} | {"total": asdict(found.total)}
    agree(case["variance"], told, case.get("tolerance", 1e-9))


OF_KPIS = {"figures": run_figures, "changes": run_changes, "counted": run_counted, "variance": run_variance}

OF_JUDGEMENT = {"judged": run_judged, "profile": run_profile}

OF_GRADES = {"scale": run_scale, "grades": run_grades, "review": run_review, "scorecard": run_scorecard}

OF_TIME = {
    "cycles": run_cycles,
    "cadence": run_cadence,
    "goal_year": run_goal_year,
    "least": run_least,
    "workdays": run_workdays,
    "moments": run_moments,
    "slots": run_slots,
}


RUNS = OF_TIME | OF_GRADES | OF_JUDGEMENT | OF_KPIS


def policies(case: Case) -> list[Policy]:
    """Return the policy of a case, and the published one that it is named after."""
    said = case.get("policy")
    if said is None:
        return [Policy()]
    published = PUBLISHED.get(said["name"])
    own = Policy.from_dict(said)
    return [own] if published is None else [own, published]


def run_metric(case: Case, tolerance: float) -> None:
    metric = metric_of(case["metric"])
    for name, mark in case.get("marks", {}).items():
        agree(mark, getattr(metric, name), tolerance)
    zones: list[str] = []
    for row in case.get("measured", ()):
        said = {name: value for name, value in row.items() if name != "at"}
        found = figures(metric.progress(row["at"]), said)
        if isinstance(metric, CommitTargetStretch):
            found["zone"] = metric.zone(row["at"]).value
            zones.append(found["zone"])
        agree(said, found, tolerance)
    assert case.get("zones", Counter(zones)) == Counter(zones)


def marks_of(case: Case) -> tuple[pytest.MarkDecorator, ...]:
    """Return what a case needs that is not installed everywhere."""
    return (pytest.mark.holidays,) if "country" in case.get("workdays", {}) else ()


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"], marks=marks_of(case)) for case in RUN])
def test_the_figures_of_a_case_come_out(case: Case) -> None:
    tolerance = case.get("tolerance", 1e-9)
    if "documents" in case:
        assert codes(case) == sorted(case["problems"])
    elif "metric" in case:
        run_metric(case, tolerance)
    elif found := [run for name, run in RUNS.items() if name in case]:
        found[0](case)
    else:
        plan = plan_of(case)
        told = case["days"] if "days" in case else {case["as_of"]: case["expect"]}
        for policy in policies(case):
            for on, goals in told.items():
                progress = rollup(plan, as_of=day(on), policy=policy)
                assert goals
                for goal, said in goals.items():
                    agree(said, figures(progress[goal], said), tolerance)


@pytest.mark.parametrize("case", [case for case in RUN if "policy" in case], ids=lambda case: str(case["id"]))
def test_a_policy_that_is_named_after_a_published_one_makes_no_other_choice(case: Case) -> None:
    published = PUBLISHED.get(case["policy"]["name"])
    if published is not None:
        choices = published.to_dict()
        assert case["policy"] == {name: choices[name] for name in case["policy"]}


# -- the page -------------------------------------------------------------------------------------


def table(head: str, rows: Iterable[Iterable[object]]) -> str:
    """Return a table in Markdown; columns are named with a bar between them."""
    lines = [head, " | ".join("---" for _ in head.split(" | "))]
    lines += [" | ".join(map(str, row)) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def counted(name: str, groups: Mapping[str, list[Case]]) -> str:
    """Return how many cases of each group are reproduced, and how many are refused."""
    rows = [
        (group, len(held) - (refused := sum("refused" in case for case in held)), refused)
        for group, held in sorted(groups.items(), key=lambda each: each[0].lower())
    ]
    whole = ("all", sum(row[1] for row in rows), sum(row[2] for row in rows))
    return table(f"{name} | reproduced | refused", [*rows, whole])


def by(name: str) -> dict[str, list[Case]]:
    """Return the cases by whose they are, or by their kind."""
    groups: dict[str, list[Case]] = {}
    for case in CASES:
        groups.setdefault(owner(case) if name == "source" else case[name], []).append(case)
    return groups


@pytest.mark.parametrize("name", ["source", "kind"])
def test_the_page_counts_what_the_files_hold(name: str) -> None:
    assert counted(name, by(name)) in PAGE.read_text("utf-8")


@pytest.mark.parametrize("because", BECAUSE)
def test_the_page_names_everything_that_is_refused(because: str) -> None:
    rows = [
        (f"`{case['from']}`", owner(case), case["what"], case["refused"]["why"])
        for case in CASES
        if "refused" in case and case["refused"]["because"] == because
    ]
    text = PAGE.read_text("utf-8")
    assert table("case | source | what it records | why not", rows) in text
    assert f"### {BECAUSE[because].capitalize()}" in text


def test_the_case_that_the_page_shows_is_one_of_them() -> None:
    shown = re.findall(r"^```json\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(shown) == 1
    assert json.loads(shown[0]) in CASES


def test_the_page_explains_every_word_of_a_case() -> None:
    text = PAGE.read_text("utf-8")
    words = ALWAYS | SOMETIMES | {word for needed, free in SHAPES for word in needed | free}
    assert [word for word in sorted(words) if f"`{word}`" not in text] == []
