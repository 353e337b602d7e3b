"""
Values for generated tests: every kind of value that a plan can hold, and whole plans that are valid.

``plans()`` is what most laws need. Its switches leave out what a law is not about, so that examples
stay small and quick.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from goalkit import (
    KPI,
    Ambition,
    Approval,
    AtLeast,
    AtMost,
    BandsBy,
    Benchmark,
    Binary,
    Cadence,
    CheckIn,
    Checklist,
    CommitTargetStretch,
    Curve,
    CurveShape,
    Cycle,
    Decrease,
    Direction,
    FindBaseline,
    Formula,
    Frequency,
    Grade,
    Increase,
    Indicator,
    Initiative,
    InvalidPlan,
    KeyResult,
    KpiBands,
    KpiKind,
    Link,
    Milestone,
    Objective,
    Observation,
    Operation,
    Outcome,
    Plan,
    Policy,
    Reads,
    Retrospective,
    Revision,
    RollupMethod,
    Score,
    Stage,
    Status,
    Target,
    Transition,
    Within,
)
from goalkit.calendars import (
    CadenceUnit,
    CycleKind,
    DayCount,
    FiscalCalendar,
    MonthEnd,
    Nth,
    RetailCalendar,
    Shift,
    Weekday,
)
from goalkit.model.building import Thing
from goalkit.model.goals import Goal, contributes, own_metric
from goalkit.model.limits import is_shared
from goalkit.model.linear import Metric
from goalkit.model.records import Fact
from goalkit.policies import (
    Blend,
    Closed,
    Initiatives,
    Override,
    ParentStatus,
    Threshold,
    Thresholds,
    Unmeasured,
    Weights,
    ZeroSpan,
)

FIRST_DAY = date(2026, 1, 1)
LAST_DAY = date(2026, 12, 31)

_NASTY_WORDS = (
    "'; drop table goals; --",
    '"quoted"',
    "<b>bold</b>",
    "..",
    "null",
    "__proto__",
    "2026-Q3",
    "1e5",
    "é",
    "e\u0301",
    "\u202eright to left",
    "👩\u200d👩\u200d👧",
    "\U0010ffff",
    "\ufeffmark",
    "a\u200bb",
    "=SUM(A1)",
    "[0].id",
    "a.b",
    "x" * 255,
)

# -- words, days and numbers ----------------------------------------------------------------------


def ids() -> SearchStrategy[str]:
    """Ids, from tidy to nasty."""
    alphabet = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
    anything = st.text(alphabet, min_size=1, max_size=12).map(str.strip).filter(bool)
    return st.one_of(st.text("abcdefgh", min_size=1, max_size=3), anything, st.sampled_from(_NASTY_WORDS))


def texts() -> SearchStrategy[str]:
    """Texts of any number of lines, or empty."""
    return st.one_of(st.text(_characters(), max_size=20), st.sampled_from((*_NASTY_WORDS, "two\r\nlines", "\t", " ")))


def _characters() -> SearchStrategy[str]:
    halves: list[Literal["Cs"]] = ["Cs"]
    return st.characters(exclude_categories=halves, exclude_characters="\0")


def titles() -> SearchStrategy[str]:
    """Texts of which something can be seen."""
    return texts().filter(lambda text: bool(text) and not text.isspace())


def words(max_size: int = 3) -> SearchStrategy[tuple[str, ...]]:
    """Several words, each once."""
    return st.lists(ids(), max_size=max_size, unique=True).map(tuple)


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> SearchStrategy[date]:
    """Days of 2026, or of another span."""
    return st.dates(first, last)


def any_days() -> SearchStrategy[date]:
    """Days that may be as far away as the calendar goes."""
    return st.one_of(days(), st.dates())


def measures() -> SearchStrategy[Decimal]:
    """Measured numbers, mostly of the size that people write, sometimes at the limits."""
    usual = st.decimals(-10_000, 10_000, places=2)
    sign, digits = st.sampled_from((0, 1)), st.integers(0, 10**30 - 1).map(lambda n: tuple(map(int, str(n))))
    limits = st.builds(lambda s, d, leading: Decimal((s, d, leading - len(d) + 1)), sign, digits, st.integers(-30, 30))
    tame = limits.map(lambda value: value or Decimal(0))
    return st.one_of(st.integers(-100, 100).map(Decimal), usual, tame)


def fractions() -> SearchStrategy[float]:
    """Probabilities and shares."""
    return st.one_of(st.sampled_from((0.0, 0.5, 1.0)), st.floats(0, 1, allow_subnormal=False).filter(_within_limits))


def weights() -> SearchStrategy[float]:
    """Weights of the size that people give, 0 among them."""
    return st.one_of(st.sampled_from((1.0, 2.0, 0.0, 0.5)), st.integers(1, 10_000).map(lambda n: n / 100))


def _within_limits(value: float) -> bool:
    return value == 0 or value >= 1e-30


def plain_data(max_leaves: int = 6) -> SearchStrategy[Any]:
    """Anything that JSON can hold, and that a host application may keep with a value."""
    text = st.text(_characters(), max_size=8)
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), text)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
        max_leaves=max_leaves,
    )


def extras() -> SearchStrategy[dict[str, Any]]:
    """What a host application keeps with a value."""
    return st.dictionaries(texts(), plain_data(), max_size=2)


# -- calendars ------------------------------------------------------------------------------------


def cycles() -> SearchStrategy[Cycle]:
    """The cycles of every calendar in a few years, and spans of any other days."""
    years = st.integers(2025, 2027)
    on = st.dates(date(2025, 1, 1), date(2027, 12, 31))
    fiscal, retail = FiscalCalendar(first_month=7, first_day=6), RetailCalendar.nrf()
    return st.one_of(
        st.builds(Cycle.quarter, years, st.integers(1, 4)),
        st.builds(Cycle.year, years, title=texts()),
        st.builds(Cycle.half, years, st.integers(1, 2)),
        st.builds(Cycle.tertial, years, st.integers(1, 3)),
        st.builds(Cycle.month, years, st.integers(1, 12)),
        st.builds(Cycle.containing, on, st.sampled_from(["week", "week_year"])),
        st.builds(Cycle.weeks, on, st.integers(1, 99)),
        st.builds(fiscal.containing, on, st.sampled_from(fiscal.kinds)),
        st.builds(retail.containing, on, st.just("week")),
        st.builds(Cycle.backlog, ids(), title=texts()),
        custom_cycles(),
    )


@st.composite
def custom_cycles(draw: DrawFn) -> Cycle:
    """Spans of any days, under a name that is nobody else's."""
    if not draw(st.integers(0, 9)):  # the calendar's own in everything but its kind
        return evolve(Cycle.quarter(2026, draw(st.integers(1, 4))), kind="custom")
    first_day, last_day = sorted((draw(any_days()), draw(any_days())))
    return Cycle(id=draw(ids()), first_day=first_day, last_day=last_day, title=draw(texts()))


_RULES = ("FREQ=MONTHLY;BYDAY=-1FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=SU", "FREQ=DAILY;COUNT=5")


@st.composite
def cadences(draw: DrawFn) -> Cadence:
    """Cadences of every unit, with and without an anchor."""
    unit = draw(st.sampled_from(CadenceUnit))
    when: dict[str, Any] = {}
    if unit is CadenceUnit.RULE:
        when = {"recurrence": draw(st.sampled_from(_RULES)), "anchor": draw(days())}
    if unit is CadenceUnit.WEEK:
        when["weekday"] = draw(st.sampled_from(Weekday))
    if unit is CadenceUnit.MONTH:
        when["month_end"] = draw(st.sampled_from(MonthEnd))
        if draw(st.booleans()):
            when["day"] = draw(st.integers(1, 31))
        else:
            when |= {"nth": draw(st.sampled_from(Nth)), "weekday": draw(st.sampled_from(Weekday))}
    if unit not in {CadenceUnit.RULE, CadenceUnit.CYCLE}:
        anchors = Cadence(unit=unit, **when).slots(Cycle.year(2026))
        when |= {"every": draw(st.integers(1, 60)), "anchor": draw(st.none() | st.sampled_from(anchors))}
    return Cadence(
        unit=unit,
        shift=draw(st.none() | st.sampled_from(Shift)),
        grace_days=draw(st.integers(0, 10)),
        **when,
    )


# -- goals ----------------------------------------------------------------------------------------


@st.composite
def metrics(draw: DrawFn) -> Metric:
    """Metrics of every kind."""
    metric: Metric = draw(draw(st.sampled_from(_METRICS)))
    return metric


@st.composite
def linear_metrics(draw: DrawFn) -> Increase | Decrease:
    """Metrics from a start to a target."""
    low, high = draw(st.lists(measures(), min_size=2, max_size=2, unique=True).map(sorted))
    return Increase(start=low, target=high) if draw(st.booleans()) else Decrease(start=high, target=low)


@st.composite
def limits(draw: DrawFn) -> AtLeast | AtMost | Within:
    """Limits with every score, with and without a start."""
    score = draw(st.sampled_from(Score))
    outside, low, high = draw(st.lists(measures(), min_size=3, max_size=3, unique=True).map(sorted))
    given: dict[str, Any] = {"score": score, "start": outside}
    if score is not Score.DISTANCE:
        given = {"score": score, "start": draw(st.none() | measures()), "strict": draw(st.booleans())}
    kind = draw(st.sampled_from((AtLeast, AtMost, Within)))
    return Within(low, high, **given) if kind is Within else kind(draw(st.sampled_from((low, high))), **given)


@st.composite
def zones(draw: DrawFn) -> CommitTargetStretch:
    """Ways with three marks, given by any two of the four."""
    names = draw(
        st.lists(st.sampled_from(("baseline", "commit", "target", "stretch")), min_size=2, max_size=2, unique=True)
    )
    one, other = draw(st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=2, unique=True))
    return CommitTargetStretch(**{names[0]: one, names[1]: other})


@st.composite
def curves(draw: DrawFn) -> Curve:
    """Tables that rise or fall."""
    values = draw(st.lists(measures(), min_size=2, max_size=5, unique=True).map(sorted))
    heights = st.integers(-50, 200).map(lambda height: Decimal(height) / 100)
    rising = draw(
        st.lists(heights, min_size=len(values), max_size=len(values)).map(sorted).filter(lambda h: h[0] < h[-1])
    )
    heights_in_order = rising if draw(st.booleans()) else rising[::-1]
    return Curve(dict(zip(values, heights_in_order, strict=True)), shape=draw(st.sampled_from(CurveShape)))


def checklists() -> SearchStrategy[Checklist]:
    """Lists of which something weighs something."""
    items = st.dictionaries(ids(), weights(), min_size=1, max_size=4)
    return items.filter(lambda items: any(items.values())).map(Checklist)


_METRICS: tuple[SearchStrategy[Metric], ...] = (
    linear_metrics(),
    limits(),
    zones(),
    curves(),
    checklists(),
    st.just(Binary()),
    st.just(FindBaseline()),
)


def policies() -> SearchStrategy[Policy]:
    """Every combination of choices."""
    choices = st.fixed_dictionaries(
        {},
        optional={
            "unmeasured": st.sampled_from(Unmeasured),
            "blend": st.sampled_from(Blend),
            "weights": st.sampled_from(Weights),
            "method": st.sampled_from(RollupMethod),
            "threshold": st.sampled_from(Threshold),
            "zero_span": st.sampled_from(ZeroSpan),
            "initiatives": st.sampled_from(Initiatives),
            "closed": st.sampled_from(Closed),
            "day_count": st.sampled_from(DayCount),
            "parent_status": st.sampled_from(ParentStatus),
            "override": st.sampled_from(Override),
            "thresholds": st.sampled_from(
                (Thresholds(by="ratio", on_track=0.9, at_risk=0.7), Thresholds(by="level", on_track=0.7, at_risk=0.4))
            ),
        },
    )
    clamped = st.sampled_from(
        ({}, {"clamp": "none"}, {"cap": 1.2}, {"cap": None}, {"clamp": "entering"}, {"clamp": "objective"})
    )
    return st.tuples(choices, clamped).map(lambda both: Policy(name="any", **both[0], **both[1]))


#: Who may have to approve a goal.
APPROVERS = ("ada", "bo")

#: What the fields hold that figures do not depend on, by name.
DETAILS: Mapping[str, SearchStrategy[Any]] = {
    "why": texts(),
    "owner": st.none() | ids(),
    "level": st.none() | st.sampled_from(("company", "team", "person")) | ids(),
    "unit": st.none() | st.sampled_from(("number", "percent", "EUR")) | ids(),
    "ambition": st.none() | st.sampled_from(Ambition),
    "cadence": st.none() | cadences(),
    "grading_criteria": texts(),
    "labels": words(),
    "continues": st.none() | ids(),
    "extra": extras(),
}


@st.composite
def links(draw: DrawFn, above: Sequence[str], *, most: int = 3) -> tuple[Link, ...]:
    """Links to some of the goals that are there, each once."""
    if not above:
        return ()
    chosen = draw(st.lists(st.sampled_from(above), max_size=most, unique=True))
    weight, counts = st.none() | weights(), st.sampled_from((None, True, False))
    return tuple(Link(to, weight=draw(weight), counts=draw(counts)) for to in chosen)


@st.composite
def goals(
    draw: DrawFn,
    *,
    id: str | None = None,  # noqa: A002 - the field's word
    above: Mapping[str, Goal] | None = None,
    cycles: Sequence[str] = (),
    kpis: Sequence[str] = (),
    dag: bool = True,
    details: bool = True,
) -> Goal:
    """
    Goals of every kind.

    ``above`` are the goals that it may refer to: as parents, and as what it depends on. ``cycles``
    are the ids of those that it may be in, ``kpis`` of those that it may affect or be measured by. ``dag``
    lets it have several parents, and ``details`` fills the fields that figures do not depend on.
    """
    above = above or {}
    kind: type[Goal] = draw(st.sampled_from((KeyResult, Objective, Milestone, Initiative)))
    given: dict[str, Any] = {
        "id": draw(ids()) if id is None else id,
        "title": draw(titles()) if details else "A goal",
        "parent": draw(links(list(above), most=3 if dag else 1)),
        "weight": draw(weights()),
    }
    if not draw(st.integers(0, 3)):
        given["approvers"] = draw(st.lists(st.sampled_from(APPROVERS), unique=True))
    if cycles:
        given["cycle"] = draw(st.none() | st.sampled_from(cycles))
    if kpis:
        given["affects"] = draw(st.lists(st.sampled_from(kpis), max_size=2, unique=True))
    if draw(st.booleans()):
        given |= draw(_own_days())
    if details:
        given |= draw(_some(DETAILS))
        if given.get("continues") == given["id"]:
            del given["continues"]
    if issubclass(kind, Milestone):
        given |= draw(_milestones(given["parent"], above))
    elif issubclass(kind, Initiative):
        given["actions"] = draw(words())
    else:
        given |= draw(_measured(kind))
        if kpis and kind is KeyResult and _may_be_measured_by_a_kpi(given):
            given["measured_by"] = draw(st.none() | st.sampled_from(kpis))
    goal: Goal = kind(**given)
    return goal


@st.composite
def _measured(draw: DrawFn, kind: type[Goal]) -> dict[str, Any]:
    """How an objective or a key result is measured, or made up of others."""
    metric = draw(st.none() | metrics()) if kind is Objective else draw(metrics() | st.none())
    if metric is None:
        made_up = [method for method in RollupMethod if method is not RollupMethod.SUM_OF_VALUES]
        return {"rollup": draw(st.none() | st.sampled_from(made_up))}
    shared = is_shared(metric)
    if metric.is_numeric and not shared and not draw(st.integers(0, 3)):
        return {"metric": metric, "rollup": RollupMethod.SUM_OF_VALUES}
    if kind is KeyResult and metric.is_numeric and not shared:
        return {"metric": metric, "reads": draw(st.sampled_from(Reads))}
    return {"metric": metric}


def _may_be_measured_by_a_kpi(given: Mapping[str, Any]) -> bool:
    metric = given.get("metric")
    numeric = metric is None or (metric.is_numeric and not is_shared(metric))
    return numeric and given.get("reads", Reads.LATEST) is Reads.LATEST and given.get("rollup") is None


@st.composite
def _some(draw: DrawFn, fields: Mapping[str, SearchStrategy[Any]]) -> dict[str, Any]:
    """Some of the fields, often few of them, so that examples stay small."""
    names = draw(st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True))
    return {name: draw(fields[name]) for name in names}


@st.composite
def _own_days(draw: DrawFn) -> dict[str, Any]:
    first, last = sorted((draw(days()), draw(days())))
    return draw(st.sampled_from(({"first_day": first}, {"last_day": last}, {"first_day": first, "last_day": last})))


@st.composite
def _milestones(draw: DrawFn, parent: Sequence[Link], above: Mapping[str, Goal]) -> dict[str, Any]:
    given: dict[str, Any] = {"due": draw(st.none() | days()), "delegate": draw(st.none() | ids())}
    if above:
        given["depends_on"] = draw(st.lists(st.sampled_from(list(above)), max_size=2, unique=True))
    if len(parent) == 1 and own_metric(above[parent[0].to]) is not None and draw(st.booleans()):
        given["share"] = draw(fractions().filter(bool))
    else:
        given["done_on"] = draw(st.none() | days())
    return given


# -- facts ----------------------------------------------------------------------------------------


@st.composite
def check_ins(
    draw: DrawFn, goal: Goal, *, on: date | None = None, supersedes: Sequence[str] = (), details: bool = True
) -> CheckIn:
    """Check-ins of every form that fits a goal as it is defined on that day."""
    said: dict[str, Any] = {}
    if draw(st.integers(0, 5)):
        said |= draw(_said_of(goal))
    if draw(st.booleans()) and supersedes:
        said["supersedes"] = draw(st.sampled_from(supersedes))
    if details:
        optional = {
            "status": st.none() | st.sampled_from(Status),
            "confidence": st.none() | fractions(),
            "note": texts(),
            "next_steps": texts(),
        }
        said |= draw(_some({**optional, **_SAID_BY}))
    return CheckIn(goal=goal.id, on=draw(days()) if on is None else on, **said)


def _said_of(goal: Goal) -> SearchStrategy[dict[str, Any]]:
    parts: SearchStrategy[Any] = st.booleans() | fractions().map(lambda part: Decimal(repr(part)))
    metric = own_metric(goal)
    if goal.rollup is RollupMethod.SUM_OF_VALUES or (isinstance(goal, KeyResult) and goal.measured_by is not None):
        return st.just({})
    if isinstance(metric, Checklist):
        return st.fixed_dictionaries({"done": st.lists(st.sampled_from(sorted(metric.items)), unique=True)})
    if isinstance(metric, Binary):
        return st.fixed_dictionaries({"value": st.sampled_from((True, False, Decimal(0), Decimal(1)))})
    if metric is not None:
        names = ("start", "target", "lower", "upper", "commit", "stretch")
        known = [value for name in names if (value := getattr(metric, name, None)) is not None]
        usual = st.sampled_from(known) | measures() if known else measures()
        return st.fixed_dictionaries({"value": usual})
    if isinstance(goal, KeyResult):
        return st.fixed_dictionaries({"value": measures()})
    if isinstance(goal, Initiative) and goal.actions:
        return st.fixed_dictionaries({"done": st.lists(st.sampled_from(goal.actions), unique=True)})
    if isinstance(goal, Initiative) or (isinstance(goal, Milestone) and goal.share is None):
        return st.fixed_dictionaries({"value": parts})
    return st.just({})


_SAID_BY: Mapping[str, SearchStrategy[Any]] = {"by": st.none() | ids(), "extra": extras()}


@st.composite
def revisions(
    draw: DrawFn,
    goal: Goal,
    *,
    on: date | None = None,
    above: Sequence[str] = (),
    cycles: Sequence[str] = (),
    kpis: Sequence[str] = (),
    details: bool = True,
) -> Revision:
    """
    Revisions of every field that a goal of this kind has.

    ``above`` are the goals that it may be moved under, or depend on from then on, ``kpis`` those that it
    may affect or be measured by. Whether the goal and its plan bear the change is for the plan to say.
    """
    optional: dict[str, SearchStrategy[Any]] = {
        "title": titles() if details else st.just("Another title"),
        "weight": weights(),
        "first_day": st.none() | days(),
        "last_day": st.none() | days(),
        "parent": links(above),
        "cycle": st.sampled_from((None, *cycles)),
        "approvers": st.lists(st.sampled_from(APPROVERS), unique=True),
    }
    if details:
        optional |= DETAILS
    if isinstance(goal, (Objective, KeyResult)):
        optional |= {"metric": st.none() | metrics(), "rollup": st.none() | st.sampled_from(RollupMethod)}
    if kpis:
        optional["affects"] = st.lists(st.sampled_from(kpis), max_size=2, unique=True)
    if isinstance(goal, KeyResult):
        optional["reads"] = st.sampled_from(Reads)
        if kpis:
            optional["measured_by"] = st.sampled_from((None, *kpis))
    if isinstance(goal, Initiative):
        optional["actions"] = words()
    if isinstance(goal, Milestone):
        depends_on: SearchStrategy[list[str]] = st.just([])
        if above:
            depends_on = st.lists(st.sampled_from(above), max_size=2, unique=True)
        share = st.none() | fractions().filter(bool)
        optional |= {"due": st.none() | days(), "done_on": st.none() | days(), "delegate": st.none() | ids()}
        optional |= {"depends_on": depends_on, "share": share}
    names = draw(st.lists(st.sampled_from(sorted(optional)), min_size=1, max_size=3, unique=True))
    said = draw(_some({**_SAID_BY, "why": texts()})) if details else {}
    return Revision(
        goal=goal.id,
        on=draw(days()) if on is None else on,
        changes={name: draw(optional[name]) for name in names},
        **said,
    )


@st.composite
def transitions(draw: DrawFn, goal_id: str, *, details: bool = True) -> Transition:
    """Moves to every stage, with an outcome where there can be one."""
    stage = draw(st.sampled_from(Stage))
    outcome = draw(st.none() | st.sampled_from(Outcome)) if stage is Stage.CLOSED else None
    said = draw(_some({**_SAID_BY, "why": texts()})) if details else {}
    return Transition(goal=goal_id, on=draw(days()), stage=stage, outcome=outcome, **said)


@st.composite
def approvals(draw: DrawFn, goal_id: str, *, details: bool = True) -> Approval:
    """Approvals, most of them of those whom goals name."""
    by = draw(st.sampled_from((*APPROVERS, "nobody in particular")))
    said = draw(_some({"note": texts(), "extra": extras()})) if details else {}
    return Approval(goal=goal_id, on=draw(days()), by=by, **said)


@st.composite
def grades(draw: DrawFn, goal_id: str, *, details: bool = True) -> Grade:
    """Grades of every outcome, with a score or without."""
    said = draw(_some({"why": texts(), "extra": extras()})) if details else {}
    outcome, score = draw(st.sampled_from(Outcome)), draw(st.none() | fractions())
    return Grade(goal=goal_id, on=draw(days()), by="ada", outcome=outcome, score=score, **said)


@st.composite
def retrospectives(draw: DrawFn, goal_id: str, *, details: bool = True) -> Retrospective:
    """Retrospectives that say something."""
    names = ("reached", "helped", "hindered", "reword", "next_time")
    said = draw(_some({**dict.fromkeys(names, texts()), **_SAID_BY})) if details else {}
    said[draw(st.sampled_from(names))] = draw(titles()) if details else "a word"
    return Retrospective(goal=goal_id, on=draw(days()), **said)


def life_facts(goal_id: str, *, details: bool = True) -> SearchStrategy[Fact]:
    """Facts about a goal's life: transitions above all, approvals, grades and retrospectives."""
    moves = transitions(goal_id, details=details)
    others = [approvals(goal_id, details=details), grades(goal_id, details=details)]
    return st.one_of(moves, moves, *others, retrospectives(goal_id, details=details))


# -- KPIs -----------------------------------------------------------------------------------------

_PERIODS = (CycleKind.WEEK, CycleKind.MONTH, CycleKind.QUARTER, CycleKind.TERTIAL, CycleKind.HALF, CycleKind.YEAR)
_READABLE = (KpiKind.STOCK, KpiKind.SCORE)


@st.composite
def kpi_bands(draw: DrawFn, *, by: BandsBy | None = None) -> KpiBands:
    """Bands that are open on one side, or on none, with and without yellow."""
    limits = draw(st.lists(measures(), min_size=4, max_size=4).map(sorted))
    yellow_from, green_from, green_to, yellow_to = (limit if draw(st.booleans()) else None for limit in limits)
    if green_from is None and green_to is None:
        green_from = limits[1]
    return KpiBands(
        by=draw(st.sampled_from(BandsBy)) if by is None else by,
        green_from=green_from,
        green_to=green_to,
        yellow_from=None if green_from is None else yellow_from,
        yellow_to=None if green_to is None else yellow_to,
    )


def targets() -> SearchStrategy[list[Target]]:
    """Targets from a day on, and for a period, each at most once."""
    since = st.builds(Target, measures(), since=any_days())
    cycle = st.builds(Target, measures(), cycle=st.sampled_from(("2026-Q3", "2026", "2026-08")) | ids())
    return st.lists(since | cycle, max_size=3, unique_by=lambda target: (target.since, target.cycle))


#: What the fields of a KPI hold that may hold anything, by name.
_KPI_DETAILS: Mapping[str, SearchStrategy[Any]] = {
    "why": texts(),
    "unit": st.none() | st.sampled_from(("number", "percent", "EUR")) | ids(),
    "direction": st.none() | st.sampled_from(Direction),
    "target": st.none() | measures(),
    "targets": targets(),
    "bands": st.none() | kpi_bands(),
    "frequency": st.none() | st.sampled_from(Frequency),
    "indicator": st.none() | st.sampled_from(Indicator),
    "category": st.none() | ids(),
    "perspective": st.none() | ids(),
    "source": texts(),
    "owner": st.none() | ids(),
    "benchmarks": st.lists(
        st.builds(Benchmark, value=measures(), label=titles(), source=texts(), on=st.none() | any_days()), max_size=2
    ),
    "labels": words(),
    "extra": extras(),
}


@st.composite
def kpis(
    draw: DrawFn,
    *,
    id: str | None = None,  # noqa: A002 - the field's word
    above: Sequence[str] = (),
    details: bool = True,
) -> KPI:
    """KPIs of every kind. ``above`` are those that it may predict, or be worked out from."""
    kind = draw(st.sampled_from(KpiKind))
    given: dict[str, Any] = {
        "id": draw(ids()) if id is None else id,
        "title": draw(titles()) if details else "A KPI",
        "kind": kind,
    }
    if details:
        given |= draw(_some(_KPI_DETAILS))
    else:
        given["target"] = draw(st.none() | measures())
    others = [other for other in above if other != given["id"]]
    if others:
        given["predicts"] = draw(st.none() | st.sampled_from(others))
    if len(others) > 1 and not draw(st.integers(0, 2)):
        operation = draw(st.sampled_from(Operation))
        most = 2 if operation is Operation.RATIO else 3
        given["formula"] = Formula(
            operation, draw(st.lists(st.sampled_from(others), min_size=2, max_size=most, unique=True))
        )
    elif kind in _READABLE:
        given["reads"] = draw(st.sampled_from([reads for reads in Reads if reads is not Reads.SUM]))
    bands, way = given.get("bands"), given.get("direction")
    if bands is not None and (
        (way is Direction.UP and bands.green_from is None) or (way is Direction.DOWN and bands.green_to is None)
    ):
        del given["direction"]  # what is better may not be green without an end
    has_target = given.get("target") is not None or any(target.since for target in given.get("targets", ()))
    if kind is KpiKind.FLOW and has_target:
        given["target_per"] = draw(st.none() | st.sampled_from(_PERIODS))
    return KPI(**given)


@st.composite
def observations(
    draw: DrawFn, kpi: KPI, *, on: date | None = None, supersedes: Sequence[str] = (), details: bool = True
) -> Observation:
    """Observations of every form that fits a KPI: parts of a ratio, cases of an average, values of everything."""
    said: dict[str, Any] = {"value": draw(measures())}
    if kpi.kind is KpiKind.RATIO and draw(st.booleans()):
        said = {"numerator": draw(measures()), "denominator": draw(measures().map(abs))}
    if kpi.kind is KpiKind.AVERAGE and draw(st.booleans()):
        said["count"] = draw(measures().map(abs).filter(bool))
    if draw(st.booleans()) and supersedes:
        said["supersedes"] = draw(st.sampled_from(supersedes))
    if details:
        unit = st.none() | (ids() if kpi.unit is None else st.just(kpi.unit))
        said |= draw(_some({**_SAID_BY, "note": texts(), "unit": unit}))
    return Observation(kpi=kpi.id, on=draw(days()) if on is None else on, **said)


@st.composite
def _kept(draw: DrawFn, *, most: int, details: bool) -> list[KPI]:
    names = draw(st.lists(ids(), max_size=most, unique=True)) if details else [f"k{n}" for n in range(most)]
    found: list[KPI] = []
    for name in names:
        found.append(draw(kpis(id=name, above=[kpi.id for kpi in found], details=details)))
    return draw(st.permutations(found))


@st.composite
def _observed(draw: DrawFn, of: Sequence[KPI], *, most: int, details: bool) -> list[Observation]:
    drawn: list[Observation] = []
    observable = [kpi for kpi in of if kpi.formula is None]
    for on in sorted(draw(st.lists(days(), max_size=most))) if observable else ():
        kpi = draw(st.sampled_from(observable))
        earlier = [each.id for each in drawn if each.kpi == kpi.id]
        seen = draw(observations(kpi, on=on, supersedes=earlier, details=details))
        own_id = draw(st.sampled_from((None, f"observation {len(drawn)}")))
        drawn.append(seen if own_id is None else evolve(seen, id=own_id))
    return draw(st.permutations(drawn))


def things(plan: Plan) -> list[Thing]:
    """Return everything that a plan was made of, in the order of its documents."""
    return [*plan.cycles, *plan.goals, *plan.kpis, *plan.facts, *plan.observed]


# -- plans ----------------------------------------------------------------------------------------


@st.composite
def plans(
    draw: DrawFn,
    *,
    max_goals: int = 8,
    max_facts: int = 8,
    dag: bool = True,
    check_ins: bool = True,
    revisions: bool = True,
    transitions: bool = True,
    names_kpis: bool = False,
    details: bool = True,
) -> Plan:
    """
    Valid plans: cycles, goals that refer to each other, KPIs, and facts about them, in any order.

    Args:
        draw: Given by Hypothesis.
        max_goals: The most goals; up to 25 stay quick.
        max_facts: The most facts of each kind.
        dag: Whether goals may have several parents; without, the plan is a forest.
        check_ins: Whether there are check-ins.
        revisions: Whether definitions change on later days, structure included.
        transitions: Whether goals move between stages, are approved and graded.
        names_kpis: Whether goals affect KPIs, and key results are measured by them.
        details: Whether ids and texts are nasty, the fields filled that figures do not depend on, and KPIs
            there that no goal names.

    Example:
        ``@given(plans(details=False, transitions=False))``
    """
    spans = draw(st.lists(cycles(), max_size=2, unique_by=_id))
    names = [span.id for span in spans]
    count = draw(st.integers(0, max_goals))
    goal_ids = (
        draw(st.lists(ids(), min_size=count, max_size=count, unique=True))
        if details
        else [f"g{number}" for number in range(count)]
    )
    kept = draw(_kept(most=3, details=details)) if details or names_kpis else []
    if names_kpis:  # what a KPI measures has its unit
        kept = [evolve(kpi, unit=None) for kpi in kept]
    measures_goals = [kpi.id for kpi in kept] if names_kpis else []
    known: dict[str, Goal] = {}
    for goal_id in goal_ids:
        goal = draw(goals(id=goal_id, above=known, cycles=names, kpis=measures_goals, dag=dag, details=details))
        known[goal_id] = _in_order(_settled(goal, known), known, (*spans, *kept))
    defined: list[Goal | Cycle | KPI] = [*spans, *known.values(), *kept]
    parts: list[Thing] = [*draw(st.permutations(defined)), *draw(_observed(kept, most=max_facts // 2, details=details))]
    plan = Plan.of(*parts)
    if not known:
        return plan
    if revisions:
        named = {"cycles": names, "kpis": measures_goals}
        plan = draw(_revised(plan, goal_ids, named, most=max_facts, details=details))
    facts: list[Fact] = []
    if check_ins:
        facts += draw(_check_ins(plan, goal_ids, most=max_facts, details=details))
    if transitions:
        facts += draw(_life_facts(goal_ids, most=max_facts, details=details))
    return Plan.of(*parts, *draw(_mixed(plan.facts, facts)))


def _id(thing: Any) -> str:
    return str(thing.id)


def _settled(goal: Goal, above: Mapping[str, Goal]) -> Goal:
    """Return a goal that says which cycle it is in, where its parents do not agree."""
    named = dict.fromkeys(_cycles_of(goal, above))
    return evolve(goal, cycle=next(iter(named))) if goal.cycle is None and len(named) > 1 else goal


def _in_order(goal: Goal, above: Mapping[str, Goal], others: Sequence[Cycle | KPI]) -> Goal:
    """Return a goal without days of its own, where they do not go with the ones that it inherits."""
    try:
        Plan.of(*others, *above.values(), goal)
    except InvalidPlan:
        due = {"due": None} if isinstance(goal, Milestone) else {}
        return evolve(goal, first_day=None, last_day=None, **due)
    return goal


def _cycles_of(goal: Goal, above: Mapping[str, Goal]) -> Iterable[str]:
    if goal.cycle is not None:
        return [goal.cycle]
    counting = [link for link in goal.parent if contributes(goal, link)] or goal.parent
    return [name for link in counting for name in _cycles_of(above[link.to], above)]


@st.composite
def _revised(
    draw: DrawFn, plan: Plan, order: Sequence[str], named: Mapping[str, Sequence[str]], *, most: int, details: bool
) -> Plan:
    # Day by day, so that each stands on those before it; what the plan does not bear is left out.
    for on in sorted(draw(st.lists(days(), max_size=most))):
        goal_id = draw(st.sampled_from(order))
        above = order[: order.index(goal_id)]
        goal = plan.definitions(on).goals[goal_id]
        revision = draw(revisions(goal, on=on, above=above, details=details, **named))
        try:
            plan = plan.record(revision)
        except InvalidPlan:
            continue
    return plan


@st.composite
def _check_ins(draw: DrawFn, plan: Plan, order: Sequence[str], *, most: int, details: bool) -> list[CheckIn]:
    drawn: list[CheckIn] = []
    for on in sorted(draw(st.lists(days(), max_size=most))):  # a correction is not older than what it corrects
        goal_id = draw(st.sampled_from(order))
        earlier = [check_in.id for check_in in drawn if check_in.goal == goal_id]
        check_in = draw(check_ins(plan.definitions(on).goals[goal_id], on=on, supersedes=earlier, details=details))
        own_id = draw(st.sampled_from((None, f"fact {len(drawn)}")))
        drawn.append(check_in if own_id is None else evolve(check_in, id=own_id))
    return drawn


def _life_facts(order: Sequence[str], *, most: int, details: bool) -> SearchStrategy[list[Fact]]:
    return st.lists(st.sampled_from(order).flatmap(lambda goal_id: life_facts(goal_id, details=details)), max_size=most)


@st.composite
def _mixed(draw: DrawFn, revised: Sequence[Fact], others: Sequence[Fact]) -> list[Fact]:
    # Revisions of one day stand on each other, so they keep their order among themselves.
    in_order = iter(revised)
    mixed = draw(st.permutations([*revised, *others]))
    return [next(in_order) if isinstance(fact, Revision) else fact for fact in mixed]


@st.composite
def related_plans(draw: DrawFn, /, **switches: Any) -> tuple[Plan, Plan]:
    """Two plans of which the second came from the first: by removing, changing, adding and reordering."""
    old: Plan = draw(plans(**switches))
    new = old
    for goal_id in draw(st.lists(st.sampled_from(list(old)), max_size=2, unique=True)) if len(old) else ():
        if goal_id in new:
            new = _or_same(new, lambda plan, goal_id=goal_id: plan.remove(goal_id, with_dependants=True))
    for goal_id in draw(st.lists(st.sampled_from(list(new)), max_size=3)) if len(new) else ():
        changes: dict[str, Any] = {"title": draw(titles()), "weight": draw(weights())}
        new = _or_same(new, lambda plan, goal_id=goal_id, changes=changes: plan.amend(goal_id, **changes))
        new = new.record(draw(check_ins(new.as_of(LAST_DAY)[goal_id], on=LAST_DAY)))
    new = draw(_other_kpis(new))
    added = draw(goals(above=dict(new.written.goals), kpis=[kpi.id for kpi in new.kpis if switches.get("names_kpis")]))
    if added.id not in new:
        new = _or_same(new, lambda plan: plan.add(added))
    if draw(st.booleans()):
        defined: list[Thing] = [*new.cycles, *new.goals, *new.kpis]
        recorded: list[Fact | Observation] = draw(st.permutations([*new.facts, *new.observed]))
        new = _or_same(new, lambda _: Plan.of(*defined, *recorded))
    return old, new


@st.composite
def _other_kpis(draw: DrawFn, plan: Plan) -> Plan:
    """A plan with KPIs removed, changed, added and observed; what goals name stays."""
    new = plan
    for kpi in plan.kpis:
        change = draw(st.sampled_from(("none", "remove", "change", "observe")))
        if change == "remove":
            rest = [each for each in things(new) if each is not kpi and getattr(each, "kpi", None) != kpi.id]
            new = _or_same(new, lambda _, rest=rest: Plan.of(*rest))
        elif change == "change":
            new = new.replace(evolve(kpi, title=draw(titles()), target=draw(measures())))
        elif change == "observe" and kpi.formula is None:
            new = new.record(draw(observations(kpi, on=LAST_DAY)))
    more = draw(st.none() | kpis(above=[kpi.id for kpi in new.kpis]))
    return new if more is None or more.id in new.written.kpis else new.add(more)


def _or_same(plan: Plan, change: Any) -> Plan:
    try:
        changed: Plan = change(plan)
    except InvalidPlan:
        return plan
    return changed


# -- documents that are not all right ---------------------------------------------------------------

#: The fields that name another thing, and so can be rewired.
REFERENCES = (
    "parent",
    "cycle",
    "goal",
    "depends_on",
    "supersedes",
    "continues",
    "kpi",
    "predicts",
    "affects",
    "measured_by",
)


@st.composite
def spoiled_rows(draw: DrawFn, /, **switches: Any) -> list[Any]:
    """The documents of a plan with some of them spoiled: fields lost or retyped, ids swapped, references rewired."""
    rows: list[Any] = draw(plans(**{"max_goals": 6, "max_facts": 4, "names_kpis": True, **switches})).to_dicts()
    for spoil in draw(st.lists(st.sampled_from(_SPOILERS), max_size=6)):
        if rows:
            at = draw(st.integers(0, len(rows) - 1))
            if isinstance(rows[at], dict):
                draw(spoil(rows, at))
    return rows


@st.composite
def _lose(draw: DrawFn, rows: list[Any], at: int) -> None:
    rows[at].pop(draw(st.sampled_from(sorted(rows[at]))) if rows[at] else None, None)


@st.composite
def _retype(draw: DrawFn, rows: list[Any], at: int) -> None:
    rows[at] = {**rows[at], draw(st.sampled_from((*sorted(rows[at]), "metric", "extra"))): draw(plain_data())}


@st.composite
def _retype_within(draw: DrawFn, rows: list[Any], at: int) -> None:
    nested = sorted(name for name, value in rows[at].items() if isinstance(value, dict) and value)
    if nested:
        name = draw(st.sampled_from(nested))
        inner = draw(st.sampled_from(sorted(rows[at][name])))
        rows[at] = {**rows[at], name: {**rows[at][name], inner: draw(plain_data())}}


@st.composite
def _swap_ids(draw: DrawFn, rows: list[Any], at: int) -> None:
    other = draw(st.integers(0, len(rows) - 1))
    if isinstance(rows[other], dict):
        rows[at]["id"], rows[other]["id"] = rows[other].get("id"), rows[at].get("id")


@st.composite
def _rewire(draw: DrawFn, rows: list[Any], at: int) -> None:
    known = [row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]
    one = st.sampled_from([*known, "nowhere"])
    name = draw(st.sampled_from(REFERENCES))
    several = st.lists(one, max_size=3)
    rewired = draw(several if name in {"depends_on", "affects"} else one | several if name == "parent" else one)
    if rows[at].get("kind") == "revision" and isinstance(rows[at].get("changes"), dict) and name != "goal":
        rows[at] = {**rows[at], "changes": {**rows[at]["changes"], name: rewired}}
    else:
        rows[at] = {**rows[at], name: rewired}


@st.composite
def _repeat(draw: DrawFn, rows: list[Any], at: int) -> None:
    rows.insert(draw(st.integers(0, len(rows))), {**rows[at], "title": draw(st.sampled_from(("Twin", None)))})


@st.composite
def _replace(draw: DrawFn, rows: list[Any], at: int) -> None:
    rows[at] = draw(plain_data())


_SPOILERS = (_lose, _retype, _retype_within, _swap_ids, _rewire, _rewire, _repeat, _replace)
