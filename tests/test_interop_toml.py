"""Plans as TOML: what is read, what is refused and where, and that nothing is lost."""

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goalkit import (
    KPI,
    Benchmark,
    CheckIn,
    Cycle,
    Formula,
    Increase,
    Initiative,
    InvalidPlan,
    InvalidValue,
    KeyResult,
    KpiBands,
    Milestone,
    Objective,
    Observation,
    Plan,
    Problem,
    Revision,
    Target,
    Transition,
    rollup,
)
from goalkit.interop import toml
from goalkit.interop.toml_lines import Way, lines
from goalkit.testing.strategies import plans, texts

SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

PLAN = """\
version = 1

[[cycle]]
id = "2026-Q3"

[[objective]]
id = "app"
title = "Make the mobile app a joy to use"
cycle = "2026-Q3"

[[key_result]]
id = "nps"
title = "Reach an NPS of 70"
parent = "app"
metric = { kind = "increase", start = 42, target = 70 }

[[milestone]]
id = "launch"
title = "Launch"
parent = "app"
due = 2026-09-01

[[check_in]]
goal = "nps"
on = 2026-08-10
value = 56
"""


def problems_of(text: str | bytes, name: str = "plan.toml") -> tuple[Problem, ...]:
    with pytest.raises(InvalidPlan) as caught:
        toml.loads(text, name=name)  # type: ignore[arg-type] # what is no text is tried too
    str(caught.value).encode()
    return caught.value.problems


def problem_of(text: str) -> tuple[str, str]:
    (problem,) = problems_of(text)
    return problem.path, problem.code


# -- reading --------------------------------------------------------------------------------------


def test_a_plan_reads_as_it_is_written_by_hand() -> None:
    assert toml.loads(PLAN) == Plan.of(
        Cycle.quarter(2026, 3),
        Objective(id="app", title="Make the mobile app a joy to use", cycle="2026-Q3"),
        KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start=42, target=70)),
        Milestone(id="launch", title="Launch", parent="app", due="2026-09-01"),
        CheckIn(goal="nps", on="2026-08-10", value=56),
    )


def test_the_order_of_the_file_is_the_order_of_the_plan_whatever_the_kinds() -> None:
    text = "".join(
        f'[[{kind}]]\nid = "{number}"\ntitle = "T"\n'
        for number, kind in enumerate(("milestone", "objective", "initiative", "objective", "key_result", "milestone"))
    )
    assert list(toml.loads(text)) == ["0", "1", "2", "3", "4", "5"]


def test_tables_may_stand_in_an_ordinary_array() -> None:
    plan = toml.loads('objective = [{ id = "a", title = "A" }, { id = "b", title = "B", parent = "a" }]')
    assert plan.children("a") == ("b",)


def test_the_version_may_be_left_out_and_a_byte_order_mark_is_stepped_over() -> None:
    assert toml.loads("") == Plan.of()
    assert toml.loads("\ufeff" + PLAN) == toml.loads(PLAN)


def test_windows_line_ends_read_alike() -> None:
    assert toml.loads(PLAN.replace("\n", "\r\n")) == toml.loads(PLAN)


def test_numbers_are_exact_to_the_digit() -> None:
    text = PLAN.replace("value = 56", "value = 56.10000000000000000000000000")
    (check_in,) = toml.loads(text).check_ins("nps")
    assert str(check_in.value) == "56.10000000000000000000000000"


def test_a_table_of_its_own_says_the_same_as_one_in_line() -> None:
    text = PLAN.replace('metric = { kind = "increase", start = 42, target = 70 }', "")
    text = text.replace(
        "[[milestone]]", '[key_result.metric]\nkind = "increase"\nstart = 42\ntarget = 70\n\n[[milestone]]'
    )
    assert toml.loads(text) == toml.loads(PLAN)


def test_a_host_keeps_floats_as_floats_and_days_as_text() -> None:
    text = '[[objective]]\nid = "a"\ntitle = "A"\nextra = { rate = 0.5, list = [1, 1.5], on = 2026-07-01 }\n'
    extra = toml.loads(text)["a"].extra
    assert extra["rate"] == 0.5
    assert type(extra["rate"]) is float
    assert extra["list"] == (1, 1.5)
    assert extra["on"] == "2026-07-01"


def test_json_says_what_toml_has_no_word_for() -> None:
    text = '[[objective]]\nid = "a"\ntitle = "A"\nowner = { json = "null" }\nextra = { x = { json = "[null]" } }\n'
    assert toml.loads(text)["a"].owner is None
    assert toml.loads(text)["a"].extra["x"] == (None,)


# -- refusing -------------------------------------------------------------------------------------


def test_a_misspelt_key_is_refused_with_a_hint() -> None:
    (problem,) = problems_of(PLAN.replace("due =", "deu ="))
    assert problem.path == "plan.toml:21 milestone 'launch' deu"
    assert problem.code == "unknown_field"
    assert "'due'" in problem.hint


def test_a_problem_names_file_line_table_and_field() -> None:
    text = PLAN.replace("target = 70", "target = 42")
    assert problem_of(text) == ("plan.toml:15 key_result 'nps' metric.target", "zero_span")


def test_every_problem_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = PLAN.replace("value = 56", "value = 56\nconfidence = 70").replace("2026-Q3", "2026-Q9", 1)
    text = (
        text.replace('parent = "app"\ndue', 'parent = "ap"\ndue').replace('title = "Launch"\n', "") + "[objectives]\n"
    )
    assert [(problem.path, problem.code) for problem in problems_of(text)] == [
        ("plan.toml:3 cycle '2026-Q9' first_day", "missing_field"),
        ("plan.toml:3 cycle '2026-Q9' last_day", "missing_field"),
        ("plan.toml:9 objective 'app' cycle", "unknown_cycle"),
        ("plan.toml:17 milestone 'launch' title", "missing_field"),
        ("plan.toml:19 milestone 'launch' parent", "unknown_parent"),
        ("plan.toml:26 check_in of 'nps' confidence", "out_of_range"),
        ("plan.toml:27 objectives", "unknown_kind"),
    ]


def test_a_fact_is_placed_where_it_stands() -> None:
    assert problem_of(PLAN.replace("value = 56", 'done = ["x"]')) == (
        "plan.toml:26 check_in of 'nps' done",
        "nothing_to_tick",
    )


def test_what_has_no_name_is_called_by_its_kind() -> None:
    assert problem_of('[[objective]]\nid = 7\ntitle = "A"\n') == ("plan.toml:2 objective id", "not_text")


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("version = 2\nx = 1", "plan.toml:1 version", "unknown_version"),
        ("\nversion = true", "plan.toml:2 version", "unknown_version"),
        ("x = 1", "plan.toml:1 x", "unknown_kind"),
        ('\n[objective]\nid = "a"', "plan.toml:2 objective", "not_a_list"),
        ("objective = 3", "plan.toml:1 objective", "not_a_list"),
        ("objective = [3]", "plan.toml:1 objective", "not_a_document"),
        ('[[cycle]]\nid = "2026"\nkind = "year"', "plan.toml:3 cycle '2026' kind", "misplaced_field"),
        ('[[objective]]\nid="a"\ntitle="A"\nkind="x"', "plan.toml:4 objective 'a' kind", "misplaced_field"),
        ('[[cycle]]\nid = "2026"\nversion = 1', "plan.toml:3 cycle '2026' version", "misplaced_field"),
        ('[[cycle]]\nid = "2026"\n"a.b" = 1', "plan.toml:3 cycle '2026' a.b", "unknown_field"),
        (
            '[[objective]]\nid="a"\ntitle="A"\nparent=[\n{to="a", weight = 1},\n{to="b",\tweight=-1}]',
            "plan.toml:6 objective 'a' parent[1].weight",
            "negative_weight",
        ),
        (
            '[[objective]]\nid="a"\ntitle="A"\n[objective.extra]\nx=1\n"y.z"=[1,\nnan]',
            "plan.toml:7 objective 'a' extra['y.z'][1]",
            "not_plain_data",
        ),
        (
            '[[objective]]\nid="a"\ntitle="A"\nextra = { json = "{" }',
            "plan.toml:4 objective 'a' extra['json']",
            "not_json",
        ),
        (
            '[[objective]]\nid="a"\ntitle="A"\nextra.x.json = 3',
            "plan.toml:4 objective 'a' extra['x']['json']",
            "not_json",
        ),
    ],
)
def test_what_does_not_fit_is_placed(text: str, path: str, code: str) -> None:
    assert (path, code) in [(problem.path, problem.code) for problem in problems_of(text)]


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("a = 1\nb = = 2\n", "plan.toml:2:5", "this is not TOML: invalid value"),
        ('a = 1\n\nb = "x', "plan.toml:3", "this is not TOML: unterminated string"),
        ("a = ", "plan.toml:1", "this is not TOML: invalid value"),
        ("a = 1\na = 2\n", "plan.toml:2:6", "this is not TOML: cannot overwrite a value"),
        ("a = " + "[" * 100_000, "plan.toml", "more is nested here than can be read"),
        ("a = " + "1" * 5_000, "plan.toml", "an integer has more digits than can be read"),
    ],
)
def test_what_is_no_toml_is_refused_where_it_ends_to_be(text: str, path: str, message: str) -> None:
    (problem,) = problems_of(text)
    assert (problem.path, problem.message, problem.code) == (path, message, "bad_toml")


def test_keys_nested_without_end_are_refused() -> None:
    text = '[[objective]]\nid = "a"\ntitle = "A"\n' + ".".join("x" * 300) + " = 1\n"
    assert ("plan.toml:4 objective 'a' x", "too_deep") in [
        (problem.path, problem.code) for problem in problems_of(text)
    ]


@pytest.mark.parametrize("value", ["nan", "inf", "1e99999999999999999999", "1e999", "2" * 40, "07:00:00"])
def test_what_cannot_be_measured_is_refused_at_its_line(value: str) -> None:
    assert problem_of(PLAN.replace("value = 56", f"value = {value}"))[0] == "plan.toml:26 check_in of 'nps' value"


def test_bytes_are_no_text() -> None:
    with pytest.raises(InvalidValue, match="read a file with load"):
        toml.loads(b"version = 1")  # type: ignore[arg-type] # that is the point


def test_a_problem_without_a_place_is_told_of_the_file() -> None:
    source = toml._Source("plan.toml", PLAN)
    problem = Problem(code="strange", message="it is strange", path="elsewhere")
    assert toml._placed_row(problem, source, [], [])[1].path == "plan.toml:1 elsewhere"


# -- lines ----------------------------------------------------------------------------------------

ODD = '''\
# [[not.a.table]]
"quoted.key" = """
[[not.a.table]]
a = 1 \\""" ""\\
"""
'lit' = \'\'\'
x = 'y' ''
\'\'\'\'\'
dotted . "k e y" = [ # a comment with ] and "
  [1, 2], { a = 1, b.c = [ { d = "}" } ] },

  "#", ] # more
empty = {}
none = []
1.2 = 2026-07-01T00:00:00Z
[ table . "sub" ] # comment
x = +1.5e3
[[array]]
[[array.inner]]
x = ""
y = \'\'
[[array.inner]]
[array.inner.z]
w = true
[[array]]
[[ array . inner ]]
"\\u0061" = "\\"\\\\"#'''


def ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """Return the way to everything that the parser finds."""
    if way:
        yield way
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from ways(part, (*way, key))


def test_every_key_of_an_odd_text_is_found_at_its_line() -> None:
    found = lines(ODD)
    assert set(found) == set(ways(tomllib.loads(ODD)))
    assert {way: found[way] for way in found if way[0] in {"quoted.key", "lit", "empty"}} == {
        ("quoted.key",): 2,
        ("lit",): 6,
        ("empty",): 13,
    }
    assert found["dotted", "k e y", 0, 1] == 10
    assert found["dotted", "k e y", 1, "b", "c", 0, "d"] == 10
    assert found["dotted", "k e y", 2] == 12
    assert found["1", "2"] == 15
    assert found["table", "sub", "x"] == 17
    assert found["array", 0, "inner", 1, "z", "w"] == 24
    assert found["array", 1, "inner", 0, "a"] == 27


@SLOW
@given(plans(max_goals=4, max_facts=3, names_kpis=True))
def test_every_key_of_every_plan_is_found(plan: Plan) -> None:
    text = toml.dumps(plan)
    assert set(lines(text)) == set(ways(tomllib.loads(text)))


# -- writing --------------------------------------------------------------------------------------


@SLOW
@given(plans(max_goals=6, max_facts=4, names_kpis=True))
def test_what_is_written_reads_back_equal_and_in_order(plan: Plan) -> None:
    back = toml.loads(toml.dumps(plan))
    assert back == plan
    assert list(back) == list(plan)
    assert [fact.id for fact in back.facts] == [fact.id for fact in plan.facts]
    assert back.kpis == plan.kpis
    assert tuple(back.observed) == tuple(plan.observed)
    assert toml.dumps(back) == toml.dumps(plan)


@given(st.text(st.sampled_from("\"'\\\n\r\t \x00\x01\x7f\x85\u2028\u202e\ufeff👩\u200d👧é#[]=a"), max_size=12))
def test_every_text_comes_back(text: str) -> None:
    text = text.replace("\0", "")
    plan = Plan.of(Objective(id="a", title="A", why=text, extra={"key": text, f"k{text}": [text]}))
    assert toml.loads(toml.dumps(plan)) == plan


@given(texts().filter(lambda text: bool(text.strip())))
def test_every_title_comes_back_from_a_file(title: str) -> None:
    plan = Plan.of(Objective(id="a", title=title))
    text = toml.dumps(plan)
    assert toml.loads(text.encode().decode()) == plan


def test_people_find_what_they_would_write_themselves() -> None:
    plan = Plan.of(
        Cycle.quarter(2026, 3),
        Cycle(id="sprint", first_day="2026-08-03", last_day="2026-08-14"),
        Objective(id="app", title='A "joy" to use', cycle="2026-Q3", why='Two\n"lines"\n', weight=2),
        Initiative(
            id="build", title="Build it", parent="app", actions=[f"the {word} step of all the work" for word in "abcd"]
        ),
        KeyResult(
            id="nps",
            title="NPS",
            parent="app",
            metric=Increase(start="42.50", target=70),
            extra={"colour": "red", "nothing": None, "long": "x" * 90},
            labels=["a", "b"],
        ),
    )
    wrong = CheckIn(goal="nps", on="2026-08-10", value=65, by="ida", confidence=0.7)
    plan = plan.record(
        wrong,
        CheckIn(goal="nps", on="2026-08-10", value="1e30", supersedes=wrong.id),
        CheckIn(goal="nps", on="2026-08-11", value="0.12345678901234567890123", id="mine"),
        Transition(goal="build", on="2026-08-12", stage="paused"),
        Revision(goal="nps", on="2026-09-01", changes={"owner": None, "metric": Increase(start=42, target=62)}),
    )
    assert (
        toml.dumps(plan)
        == f'''\
version = 1

[[cycle]]
id = "2026-Q3"

[[cycle]]
id = "sprint"
first_day = 2026-08-03
last_day = 2026-08-14

[[objective]]
id = "app"
title = 'A "joy" to use'
why = """
Two
"lines"
"""
weight = 2
cycle = "2026-Q3"

[[initiative]]
id = "build"
title = "Build it"
parent = "app"
actions = [
  "the a step of all the work",
  "the b step of all the work",
  "the c step of all the work",
  "the d step of all the work",
]

[[key_result]]
id = "nps"
title = "NPS"
parent = "app"
labels = ["a", "b"]
metric = {{ kind = "increase", start = 42.50, target = 70 }}

[key_result.extra]
colour = "red"
nothing = {{ json = "null" }}
long = "{"x" * 90}"

[[check_in]]
goal = "nps"
on = 2026-08-10
value = 65
confidence = 0.7
by = "ida"
id = "{wrong.id}"

[[check_in]]
goal = "nps"
on = 2026-08-10
value = 1E+30
supersedes = "{wrong.id}"

[[check_in]]
goal = "nps"
on = 2026-08-11
value = "0.12345678901234567890123"
id = "mine"

[[transition]]
goal = "build"
on = 2026-08-12
stage = "paused"

[[revision]]
goal = "nps"
on = 2026-09-01
changes = {{ owner = {{ json = "null" }}, metric = {{ kind = "increase", start = 42, target = 62 }} }}
'''
    )
    assert toml.loads(toml.dumps(plan)) == plan


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", '"9223372036854775808"'),
        ("-0.5", "-0.5"),
        ("1E-30", "1E-30"),
        ("99.90", "99.90"),
        ("1" * 30, f'"{"1" * 30}"'),
    ],
)
def test_a_number_is_plain_where_every_reader_understands_it(value: str, written: str) -> None:
    metric = Increase(start=value, target="1e30")
    text = toml.dumps(Plan.of(KeyResult(id="k", title="K", metric=metric)))
    assert f"start = {written}," in text
    read = toml.loads(text)["k"]
    assert isinstance(read, KeyResult)
    assert isinstance(read.metric, Increase)
    assert str(read.metric.start) == str(Decimal(value))


def test_a_span_that_borrows_the_name_of_a_quarter_stays_what_it_is() -> None:
    custom = Cycle(id="2026-Q3", first_day="2026-07-01", last_day="2026-09-30", title="Ours")
    other = Cycle(id="2026-Q4", first_day="2026-07-01", last_day="2026-07-02")
    plan = Plan.of(custom, other, Cycle.quarter(2026, 1, title="First"))
    assert toml.loads(toml.dumps(plan)) == plan
    assert 'cycle_kind = "custom"' in toml.dumps(plan)


@pytest.mark.parametrize(
    "extra",
    [
        {"json": None},
        {"json": "null"},
        {"json": "{"},
        {"a": {"json": 1}, "json": 2},
        {"": {}, "a.b": [], "list": [None, {"json": 1}, 2**70, -(2**63)]},
        {"float": [1.0, 1e-05, 1e22, -0.0, 5e-324], "int": 1},
    ],
)
def test_whatever_a_host_keeps_comes_back(extra: dict[str, Any]) -> None:
    plan = Plan.of(Objective(id="a", title="A", extra=extra))
    (back,) = toml.loads(toml.dumps(plan)).to_dicts()
    assert repr(back["extra"]) == repr(extra)


def test_a_metric_that_could_not_be_read_is_written_for_somebody_to_mend() -> None:
    row = {"kind": "key_result", "id": "k", "title": "K", "metric": {"kind": "increase", "start": 1, "target": 1}}
    plan, _ = Plan.salvage([row])
    text = toml.dumps(plan)
    assert problem_of(text) == ("plan.toml:6 key_result 'k' metric.target", "zero_span")
    assert toml.loads(text.replace("target = 1", "target = 2"))["k"].title == "K"


def test_only_plans_are_written() -> None:
    with pytest.raises(InvalidValue):
        toml.dumps([])  # type: ignore[arg-type] # that is the point


# -- files ----------------------------------------------------------------------------------------


def test_a_file_comes_back_byte_by_byte(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    plan = toml.loads(PLAN)
    toml.dump(plan, path)
    assert path.read_bytes() == toml.dumps(plan).encode()
    assert toml.load(path) == plan
    assert rollup(toml.load(str(path)), as_of=date(2026, 8, 15))["nps"].value == 0.5


def test_a_problem_names_the_file_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("[[objective]]\n", encoding="utf-8")
    with pytest.raises(InvalidPlan) as caught:
        toml.load(path)
    assert {problem.path for problem in caught.value.problems} == {
        f"{path}:1 objective {name}" for name in ("id", "title")
    }


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_that_is_no_utf8_is_refused_at_its_line(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(mark + b"version = 1\n\n# caf\xe9\n")
    with pytest.raises(InvalidPlan) as caught:
        toml.load(path)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == (f"{path}:3", "not_utf8")
    assert "0xe9" in problem.message


def test_a_missing_file_and_a_folder_raise_what_open_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        toml.load(tmp_path / "nothing.toml")
    with pytest.raises(OSError, match=r"folder|directory|denied"):
        toml.load(tmp_path)


# -- KPIs and what is observed of them

KPIS = """\
version = 1

[[key_result]]
id = "more"
title = "Sell more"
metric = { kind = "increase", start = 0, target = 3300 }
measured_by = "revenue"
affects = ["solved"]

[[kpi]]
id = "revenue"
title = "Revenue"
kpi_kind = "flow"
unit = "EUR"
target = 1000
target_per = "month"
targets = [{ value = 1100, since = 2026-10-01 }, { value = 3200.50, cycle = "2026-Q3" }]
bands = { by = "ratio", green_from = 1, yellow_from = 0.9 }
benchmarks = [{ value = 950, label = "the trade", on = 2026-01-01 }]

[[kpi]]
id = "solved"
title = "Solved at first contact"
kpi_kind = "ratio"

[[kpi]]
id = "each"
title = "Revenue of each"
kpi_kind = "ratio"
formula = { operation = "ratio", of = ["revenue", "solved"] }

[[observation]]
kpi = "revenue"
on = 2026-07-31
value = 1003.50
by = "cfo"
id = "july"

[[observation]]
kpi = "revenue"
on = 2026-08-03
value = 990
supersedes = "july"

[[observation]]
kpi = "solved"
on = 2026-07-31
numerator = 81
denominator = 87
"""


def plan_with_kpis() -> Plan:
    return Plan.of(
        KeyResult(
            id="more",
            title="Sell more",
            metric=Increase(start=0, target=3300),
            measured_by="revenue",
            affects=["solved"],
        ),
        KPI(
            id="revenue",
            title="Revenue",
            kind="flow",
            unit="EUR",
            target=1000,
            target_per="month",
            targets=[Target(1100, since="2026-10-01"), Target("3200.50", cycle="2026-Q3")],
            bands=KpiBands(by="ratio", green_from=1, yellow_from="0.9"),
            benchmarks=[Benchmark(value=950, label="the trade", on="2026-01-01")],
        ),
        KPI(id="solved", title="Solved at first contact", kind="ratio"),
        KPI(id="each", title="Revenue of each", kind="ratio", formula=Formula("ratio", ["revenue", "solved"])),
        Observation(kpi="revenue", on="2026-07-31", value="1003.50", by="cfo", id="july"),
        Observation(kpi="revenue", on="2026-08-03", value=990, supersedes="july"),
        Observation(kpi="solved", on="2026-07-31", numerator=81, denominator=87),
    )


def test_kpis_are_read_as_they_are_written_by_hand() -> None:
    plan = toml.loads(KPIS)
    assert plan == plan_with_kpis()
    assert [kpi.id for kpi in plan.kpis] == ["revenue", "solved", "each"]
    assert str(plan.kpi("revenue").targets[1].value) == "3200.50"


def test_kpis_are_written_after_goals_and_observations_last() -> None:
    text = toml.dumps(plan_with_kpis())
    assert [line for line in text.splitlines() if line.startswith("[[")] == [
        "[[key_result]]",
        *["[[kpi]]"] * 3,
        *["[[observation]]"] * 3,
    ]
    assert 'bands = { by = "ratio", green_from = 1, yellow_from = 0.9 }' in text
    assert 'targets = [{ value = 1100, since = 2026-10-01 }, { value = 3200.50, cycle = "2026-Q3" }]' in text
    assert 'formula = { operation = "ratio", of = ["revenue", "solved"] }' in text
    assert 'value = 1003.50\nby = "cfo"\nid = "july"\n' in text
    assert text.count("id = ") == 5  # of the observations, only the one that another names has an id to show
    assert toml.loads(text) == plan_with_kpis()


def test_the_parts_of_a_kpi_may_be_tables_of_their_own() -> None:
    text = KPIS.replace(
        'bands = { by = "ratio", green_from = 1, yellow_from = 0.9 }\n'
        'benchmarks = [{ value = 950, label = "the trade", on = 2026-01-01 }]\n',
        '[kpi.bands]\nby = "ratio"\ngreen_from = 1\nyellow_from = 0.9\n'
        '[[kpi.benchmarks]]\nvalue = 950\nlabel = "the trade"\non = 2026-01-01\n',
    )
    assert "[kpi.bands]" in text
    assert toml.loads(text) == plan_with_kpis()


def test_targets_may_be_a_table_of_periods() -> None:
    text = '[[kpi]]\nid = "k"\ntitle = "K"\nkpi_kind = "flow"\n[kpi.targets]\n"2026-Q3" = 5\n"2026-Q4" = 6.50\n'
    assert toml.loads(text).kpi("k").targets == (Target(5, cycle="2026-Q3"), Target("6.50", cycle="2026-Q4"))
    (problem,) = problems_of(text.replace("6.50", "true"))
    assert (problem.path, problem.code) == ("plan.toml:5 kpi 'k' targets['2026-Q4'].value", "boolean_value")


def test_wide_parts_of_a_kpi_are_written_on_several_lines() -> None:
    trade = [Benchmark(value=number, label=f"the trade in a country that is called {number}") for number in range(3)]
    bands = KpiBands(
        **{
            name: f"{number}.123456789012345678901234567"
            for number, name in enumerate(("yellow_from", "green_from", "green_to", "yellow_to"))
        }
    )
    formula = Formula("sum", [f"a KPI with the long name {number}" for number in range(5)])
    others = [KPI(id=other, title="O", kind="flow") for other in formula.of]
    plan = Plan.of(KPI(id="k", title="K", kind="flow", benchmarks=trade, bands=bands, formula=formula), *others)
    text = toml.dumps(plan)
    assert "[kpi.bands]" in text
    assert "[kpi.formula]" in text
    assert "benchmarks = [\n  { value = 0," in text
    assert toml.loads(text) == plan
    assert toml.dumps(toml.loads(text)) == text


@pytest.mark.parametrize(
    ("said", "place", "code"),
    [
        ('kind = "flow"', "5 kpi 'k' kind", "misplaced_field"),
        ("target_for = 1", "5 kpi 'k' target_for", "unknown_field"),
        ("target = true", "5 kpi 'k' target", "boolean_value"),
        ("bands = { green = 1, green_from = 1 }", "5 kpi 'k' bands.green", "unknown_field"),
        ("[kpi.bands]\nby = 'ratio'\ngreen_to = 'x'", "7 kpi 'k' bands.green_to", "not_a_number"),
        (
            "[[kpi.targets]]\nvalue = 1\ncycle = '2026'\n[[kpi.targets]]\nvalue = 'x'",
            "9 kpi 'k' targets[1].value",
            "not_a_number",
        ),
        ("[[observation]]\nkpi = 'l'\non = 2026-07-31\nvalue = 1", "6 observation of 'l' kpi", "unknown_kpi"),
        ("[[kpis]]\nid = 'l'", "5 kpis", "unknown_kind"),
    ],
    ids=range(8),
)
def test_what_is_wrong_with_a_kpi_is_told_with_its_line(said: str, place: str, code: str) -> None:
    text = f"[[kpi]]\nid = 'k'\ntitle = 'K'\nkpi_kind = 'flow'\n{said}\n"
    assert problem_of(text) == (f"plan.toml:{place}", code)


def test_what_a_kpi_calls_its_kind_is_said() -> None:
    (problem,) = problems_of('[[kpi]]\nid = "k"\ntitle = "K"\nkind = "flow"\nkpi_kind = "flow"')
    assert problem.hint == "write kpi_kind"
    (problem,) = problems_of('[[cycle]]\nid = "2026"\nkind = "year"')
    assert problem.hint == "write cycle_kind"
