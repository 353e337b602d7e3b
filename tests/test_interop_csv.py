"""Check-ins and observations as CSV: what is read, what is refused and where, and that nothing is lost."""

import csv as standard
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goalkit import CheckIn, Initiative, InvalidPlan, InvalidValue, Observation, Plan, Status
from goalkit.interop import csv
from goalkit.interop.csv_rows import lost
from goalkit.testing.strategies import plans, texts

SLOW = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def problems_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidPlan) as caught:
        csv.loads(text, name="file.csv")
    str(caught.value).encode()
    return [(problem.path, problem.code) for problem in caught.value.problems]


def lost_of(**said: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        csv.dumps([CheckIn(goal="nps", on="2026-08-10", **said)])
    return [(problem.path, problem.code) for problem in caught.value.problems]


# -- reading --------------------------------------------------------------------------------------


def test_columns_are_found_by_name_in_any_order() -> None:
    text = (
        "note,on,status,goal,confidence,next_steps,by,id,value\n"
        '"it ""landed"",\nat last",2026-08-10,on_track,nps,0.7,translate it,ida,one,56.10\n'
    )
    (check_in,) = csv.loads(text)
    assert check_in == CheckIn(
        goal="nps",
        on="2026-08-10",
        value="56.10",
        status=Status.ON_TRACK,
        confidence=0.7,
        note='it "landed",\nat last',
        next_steps="translate it",
        by="ida",
        id="one",
    )
    assert str(check_in.value) == "56.10"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_spreadsheets_may_separate_as_they_like(delimiter: str, end: str, mark: str) -> None:
    rows = [["goal", "on", "value", "note"], ["nps", "2026-08-10", "56", '"a, b; c\td"']]
    text = mark + end.join(map(delimiter.join, rows)) + end
    (check_in,) = csv.loads(text)
    assert (check_in.value, check_in.note) == (56, "a, b; c\td")


def test_the_first_line_alone_decides_what_separates() -> None:
    text = '\n"a,b,c,d";goal;on;value\n1,5;nps;2026-08-10;"56"\n'
    (check_in,) = csv.loads(text)
    assert dict(check_in.extra) == {"a,b,c,d": "1,5"}


def test_names_of_fields_may_be_written_as_people_do() -> None:
    (check_in,) = csv.loads(" Goal ,ON,Next steps\nnps,2026-08-10,translate\n")
    assert check_in.next_steps == "translate"


def test_true_and_false_are_no_texts_and_spaces_around_values_do_not_matter() -> None:
    text = (
        "goal , on, value, by\n launch ,2026-08-10 , TRUE , ida \nlaunch,2026-08-11,false,\nlaunch,2026-08-12, 0.5 ,\n"
    )
    assert [(check_in.value, check_in.by) for check_in in csv.loads(text)] == [
        (True, "ida"),
        (False, None),
        (Decimal("0.5"), None),
    ]


def test_actions_are_separated_by_semicolons_and_a_lone_one_says_none_are_done() -> None:
    text = "goal,on,done\na,2026-08-10,interviews; prototype;\na,2026-08-11,;\na,2026-08-12,\n"
    assert [check_in.done for check_in in csv.loads(text)] == [("interviews", "prototype"), (), None]


def test_empty_cells_and_empty_rows_are_not_given() -> None:
    (check_in,) = csv.loads("goal,on,value,note,team,x\n\n,,,,,\nnps,2026-08-10,, ,,  y \n , , , , ,\n")
    assert check_in == CheckIn(goal="nps", on="2026-08-10", extra={"x": "y "})


def test_columns_that_are_no_fields_are_kept_as_text() -> None:
    (check_in,) = csv.loads("goal,on,Team,kind,extra\nnps,2026-08-10,1.50,x,true\n")
    assert dict(check_in.extra) == {"Team": "1.50", "kind": "x", "extra": "true"}


def test_the_order_of_the_rows_is_kept() -> None:
    text = "goal,on\nb,2026-08-11\na,2026-08-10\nb,2026-08-11\n"
    assert [check_in.goal for check_in in csv.loads(text)] == ["b", "a", "b"]


# -- refusing -------------------------------------------------------------------------------------


def test_every_problem_is_told_at_once_with_line_and_column() -> None:
    text = 'goal,on,value,confidence,done\nnps,10.8.,"1\n,5",70,a\n\n,2026-08-10,,,\n\nnps,2026-08-10,1\n'
    text += 'nps,"2026-08-10,1,,\n'
    assert problems_of(text) == [
        ("file.csv:2 on", "not_a_day"),
        ("file.csv:2 value", "not_a_number"),
        ("file.csv:2 confidence", "out_of_range"),
        ("file.csv:5 goal", "missing_field"),
        ("file.csv:7", "ragged_row"),
        ("file.csv:8", "bad_csv"),
    ]


def test_a_missing_column_is_told_once_beside_what_else_is_wrong() -> None:
    assert problems_of("day,value\n2026-08-10,x\n2026-08-11,1\n") == [
        ("file.csv:1 goal", "missing_column"),
        ("file.csv:1 on", "missing_column"),
        ("file.csv:2 value", "not_a_number"),
    ]


def test_a_missing_column_is_guessed() -> None:
    with pytest.raises(InvalidPlan, match="did you mean 'gaol'"):
        csv.loads("gaol,on\nnps,2026-08-10\n")


def test_columns_need_names_of_their_own() -> None:
    assert problems_of("goal,on,Value,value,x,,x\n") == [
        ("file.csv:1 value", "duplicate_column"),
        ("file.csv:1", "no_name"),
        ("file.csv:1 x", "duplicate_column"),
    ]


@pytest.mark.parametrize("text", ["", "\ufeff", "\n \n", ",,\n"])
def test_nothing_is_no_file_of_check_ins(text: str) -> None:
    assert problems_of(text) == [("file.csv", "empty_file")]


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("goal,on\n\nnps,2026-08-10\0\n", "file.csv:3", "bad_text"),
        ('"goal,on\nnps,2026-08-10\n', "file.csv:1", "bad_csv"),
        ('goal,on\nnps,"2026-08-10" x\n', "file.csv:2", "bad_csv"),
        ("goal,on,note\nnps,2026-08-10," + "x" * 200_000, "file.csv:2", "bad_csv"),
    ],
)
def test_what_is_no_csv_is_refused_at_its_line(text: str, path: str, code: str) -> None:
    assert problems_of(text) == [(path, code)]


def test_a_quote_that_is_never_closed_is_said_to_be() -> None:
    with pytest.raises(InvalidPlan, match="a quote is opened here and never closed"):
        csv.loads('goal,on,note\na,2026-08-10,x\nb,2026-08-10,"y\nc,2026-08-10,z\n')


def test_bytes_are_no_text() -> None:
    with pytest.raises(InvalidValue, match="read a file with load"):
        csv.loads(b"goal,on")  # type: ignore[arg-type] # that is the point


# -- writing --------------------------------------------------------------------------------------


@SLOW
@given(plans(max_goals=4, max_facts=6, revisions=False, transitions=False))
def test_check_ins_of_a_plan_come_back_equal_or_are_refused(plan: Plan) -> None:
    check_ins = tuple(fact for fact in plan.facts if isinstance(fact, CheckIn))
    if any(list(lost(csv._CHECK_INS, check_in)) for check_in in check_ins):
        with pytest.raises(InvalidValue) as caught:
            csv.dumps(check_ins)
        assert {problem.code for problem in caught.value.problems} == {"not_flat"}
    else:
        assert csv.loads(csv.dumps(check_ins)) == check_ins


def _seen(text: str) -> bool:
    return bool(text.strip())


@st.composite
def flat_check_ins(draw: st.DrawFn) -> CheckIn:
    """Check-ins that CSV can hold."""
    wild = st.text(st.sampled_from("\"',;\t\r\n \x0b\x1c\x85\u2028=é👩#a"), max_size=8)
    seen = st.one_of(wild, texts()).filter(_seen)
    extra = draw(
        st.dictionaries(seen.map(str.strip).filter(lambda key: csv._CHECK_INS.column(key) == key), seen, max_size=3)
    )
    return CheckIn(
        goal=draw(st.sampled_from(["nps", 'a,"b";c', "#", "'"])),
        on=draw(st.dates()),
        value=draw(st.none() | st.booleans() | st.decimals(-1000, 1000, places=3)),
        done=draw(st.none() | st.lists(st.sampled_from(["a", "b c", 'd"', "e,"]), unique=True)),
        confidence=draw(st.none() | st.sampled_from([0.0, 1.0, 0.1, 1e-05])),
        note=draw(seen | st.just("")),
        next_steps=draw(seen | st.just("")),
        extra={key: kept for key, kept in extra.items() if key not in csv._CHECK_INS.names},
        id=draw(st.sampled_from(["", "one"])),
    )


@given(st.lists(flat_check_ins(), max_size=4))
def test_whatever_is_flat_comes_back_equal(check_ins: list[CheckIn]) -> None:
    text = csv.dumps(check_ins)
    assert csv.loads(text) == tuple(check_ins)
    assert csv.dumps(csv.loads(text)) == text


def test_there_are_columns_for_what_is_used() -> None:
    wrong = CheckIn(goal="nps", on="2026-08-10", value=65)
    right = CheckIn(goal="nps", on="2026-08-11", value="56.10", supersedes=wrong.id, by="ida", extra={"team": "mobile"})
    done = CheckIn(goal="build", on="2026-08-12", done=["a", "b"], note=" kept as it is\n")
    assert csv.dumps([wrong, right, done]) == (
        "goal,on,value,done,note,by,id,supersedes,team\n"
        f"nps,2026-08-10,65,,,,{wrong.id},,\n"
        f"nps,2026-08-11,56.10,,,ida,,{wrong.id},mobile\n"
        'build,2026-08-12,,"a;b"," kept as it is\n",,,,\n'
    )


def test_no_check_ins_are_a_file_to_fill_in() -> None:
    assert csv.dumps([]) == "goal,on,value\n"
    assert csv.loads(csv.dumps([])) == ()


def test_what_would_not_come_back_is_refused() -> None:
    place = "nps[2026-08-10]"
    assert lost_of(done=["a;b", "c"]) == [(f"{place}.done", "not_flat")]
    assert lost_of(note=" ", next_steps="\n") == [(f"{place}.note", "not_flat"), (f"{place}.next_steps", "not_flat")]
    assert lost_of(extra={"a": 1, "b": None, "c": "", "d": "fine"}) == [
        (f"{place}.extra['a']", "not_flat"),
        (f"{place}.extra['b']", "not_flat"),
        (f"{place}.extra['c']", "not_flat"),
    ]
    names = ["", " a", "value", "Next Steps"]
    assert lost_of(extra=dict.fromkeys(names, "x")) == [(f"{place}.extra[{name!r}]", "not_flat") for name in names]


def test_what_is_too_long_for_a_cell_is_refused_on_both_ways() -> None:
    most = standard.field_size_limit()
    check_in = CheckIn(goal="nps", on="2026-08-10", note='"' * most, extra={"x" * most: "y"})
    assert csv.loads(csv.dumps([check_in])) == (check_in,)
    place = "nps[2026-08-10]"
    assert lost_of(note="x" * (most + 1)) == [(f"{place}.note", "not_flat")]
    assert lost_of(done=[f"{number:0255}" for number in range(600)]) == [(f"{place}.done", "not_flat")]
    ((_, code),) = lost_of(extra={"x" * (most + 1): "y"})
    assert code == "not_flat"


def test_only_check_ins_are_written() -> None:
    with pytest.raises(InvalidValue):
        csv.dumps([Initiative(id="a", title="A")])  # type: ignore[list-item] # that is the point


# -- files ----------------------------------------------------------------------------------------


def test_a_file_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "check_ins.csv"
    check_ins = (CheckIn(goal="nps", on=date(2026, 8, 10), value=56, note="zwei\r\nZeilen, größer"),)
    csv.dump(check_ins, path)
    assert csv.load(path) == check_ins
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert csv.load(str(path)) == check_ins


def test_nothing_is_written_when_something_would_be_lost(tmp_path: Path) -> None:
    path = tmp_path / "check_ins.csv"
    with pytest.raises(InvalidValue):
        csv.dump([CheckIn(goal="nps", on="2026-08-10", extra={"a": 1})], path)
    assert not path.exists()


def test_a_file_that_is_no_utf8_is_refused_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "check_ins.csv"
    path.write_bytes("goal,on,note\nnps,2026-08-10,größer\n".encode("latin-1"))
    with pytest.raises(InvalidPlan) as caught:
        csv.load(path)
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(f"{path}:2", "not_utf8")]


def test_a_missing_file_raises_what_open_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        csv.load(tmp_path / "nothing.csv")


# -- observations of KPIs


def test_observations_are_read_by_the_names_of_their_columns() -> None:
    text = (
        "By;Numerator;denominator;KPI;on;value;count;unit;note;supersedes;id;Region\n"
        ";;;revenue;2026-07-31;1003.50;;EUR;as it is ;;july;north\n"
        "ida; 81 ;87;solved;2026-07-31;;;;;;;\n"
        ";;;wait;2026-07-31;4.5;120;;;;;\n"
        ";;;revenue;2026-08-03;990;;;;july;;\n"
    )
    assert csv.loads_observations(text) == (
        Observation(
            kpi="revenue",
            on="2026-07-31",
            value="1003.50",
            unit="EUR",
            note="as it is ",
            id="july",
            extra={"Region": "north"},
        ),
        Observation(kpi="solved", on="2026-07-31", numerator=81, denominator=87, by="ida"),
        Observation(kpi="wait", on="2026-07-31", value="4.5", count=120),
        Observation(kpi="revenue", on="2026-08-03", value=990, supersedes="july"),
    )


def observed_problems_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidPlan) as caught:
        csv.loads_observations(text, name="file.csv")
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_every_problem_of_observations_is_told_at_once_with_line_and_column() -> None:
    text = "kpi,on,value,numerator,denominator,count\n"
    text += "r,31.7.,many,,,\n,2026-07-31,1,,,\nr,2026-07-31,,,,\nr,2026-07-31,,1,,\nr,2026-07-31,1,1,2,\n"
    text += "r,2026-07-31,,1,-2,\nr,2026-07-31,1,,,0\nr,2026-07-31,true,,,\nr,2026-07-31\n"
    assert observed_problems_of(text) == [
        ("file.csv:2 on", "not_a_day"),
        ("file.csv:2 value", "not_a_number"),
        ("file.csv:3 kpi", "missing_field"),
        ("file.csv:4 value", "missing_field"),
        ("file.csv:5 denominator", "missing_field"),
        ("file.csv:6 value", "two_answers"),
        ("file.csv:7 denominator", "out_of_range"),
        ("file.csv:8 count", "out_of_range"),
        ("file.csv:9 value", "not_a_number"),
        ("file.csv:10", "ragged_row"),
    ]


def test_a_file_of_check_ins_is_no_file_of_observations() -> None:
    assert observed_problems_of("goal,on,value\nnps,2026-07-31,5\n") == [("file.csv:1 kpi", "missing_column")]
    assert problems_of("kpi,on,value\nnps,2026-07-31,5\n") == [("file.csv:1 goal", "missing_column")]
    assert observed_problems_of("\n") == [("file.csv", "empty_file")]
    with pytest.raises(InvalidPlan, match="such as kpi,on,value"):
        csv.loads_observations("")
    with pytest.raises(InvalidValue, match="read a file with load"):
        csv.loads_observations(b"kpi,on")  # type: ignore[arg-type] # that is the point


@SLOW
@given(plans(max_goals=1, max_facts=8, names_kpis=True))
def test_observations_of_a_plan_come_back_equal_or_are_refused(plan: Plan) -> None:
    observations = tuple(plan.observed)
    if any(list(lost(csv._OBSERVATIONS, each)) for each in observations):
        with pytest.raises(InvalidValue) as caught:
            csv.dumps_observations(observations)
        assert {problem.code for problem in caught.value.problems} == {"not_flat"}
    else:
        text = csv.dumps_observations(observations)
        assert csv.loads_observations(text) == observations
        assert csv.dumps_observations(csv.loads_observations(text)) == text


@st.composite
def flat_observations(draw: st.DrawFn) -> Observation:
    """Observations that CSV can hold."""
    wild = st.text(st.sampled_from("\"',;\t\r\n \x0b\x1c\x85\u2028=é👩#a"), max_size=8)
    seen = st.one_of(wild, texts()).filter(_seen)
    column = csv._OBSERVATIONS.column
    extra = draw(st.dictionaries(seen.map(str.strip).filter(lambda key: column(key) == key), seen, max_size=3))
    number = st.decimals(-1000, 1000, places=3)
    parts = st.fixed_dictionaries({"numerator": number, "denominator": number.map(abs)})
    value = st.fixed_dictionaries({"value": number}, optional={"count": st.integers(1, 99)})
    said: dict[str, Any] = draw(parts | value)
    return Observation(
        **said,
        kpi=draw(st.sampled_from(["nps", 'a,"b";c', "#", "'"])),
        on=draw(st.dates()),
        unit=draw(st.none() | st.sampled_from(["EUR", "true", "a;b"])),
        note=draw(seen | st.just("")),
        extra={key: kept for key, kept in extra.items() if key not in csv._OBSERVATIONS.names},
        id=draw(st.sampled_from(["", "one"])),
    )


@given(st.lists(flat_observations(), max_size=4))
def test_whatever_observation_is_flat_comes_back_equal(observations: list[Observation]) -> None:
    text = csv.dumps_observations(observations)
    assert csv.loads_observations(text) == tuple(observations)
    assert csv.dumps_observations(csv.loads_observations(text)) == text


def test_there_are_columns_for_what_was_observed() -> None:
    wrong = Observation(kpi="revenue", on="2026-07-31", value="1003.50", unit="EUR")
    right = Observation(kpi="revenue", on="2026-08-03", value=990, supersedes=wrong.id, by="cfo", extra={"goal": "x"})
    parts = Observation(kpi="solved", on="2026-07-31", numerator=81, denominator=87, note="no; none", id="own")
    assert csv.dumps_observations([wrong, right, parts]) == (
        "kpi,on,value,numerator,denominator,unit,note,by,supersedes,id,goal\n"
        f"revenue,2026-07-31,1003.50,,,EUR,,,,{wrong.id},\n"
        f"revenue,2026-08-03,990,,,,,cfo,{wrong.id},,x\n"
        'solved,2026-07-31,,81,87,,"no; none",,,own,\n'
    )
    assert csv.dumps_observations([]) == "kpi,on,value\n"
    assert csv.loads_observations("kpi,on,value\n") == ()


def test_what_of_an_observation_would_not_come_back_is_refused() -> None:
    kept = {"a": 1, "count": "x", "Kpi": "x"}
    with pytest.raises(InvalidValue) as caught:
        csv.dumps_observations([Observation(kpi="r", on="2026-07-31", value=1, note=" ", extra=kept)])
    place = "r[2026-07-31]"
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        (f"{place}.note", "not_flat"),
        *((f"{place}.extra[{name!r}]", "not_flat") for name in kept),
    ]


def test_only_observations_are_written_as_such() -> None:
    check_in, seen = CheckIn(goal="nps", on="2026-08-10"), Observation(kpi="nps", on="2026-08-10", value=1)
    with pytest.raises(InvalidValue, match="give the observations of a plan"):
        csv.dumps_observations([check_in])  # type: ignore[list-item] # that is the point
    with pytest.raises(InvalidValue, match="give the check-ins of a plan"):
        csv.dumps([seen])  # type: ignore[list-item] # that is the point


def test_a_file_of_observations_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "observations.csv"
    observations = (Observation(kpi="revenue", on=date(2026, 7, 31), value=56, note="zwei\r\nZeilen, größer"),)
    csv.dump_observations(observations, path)
    assert csv.load_observations(path) == csv.load_observations(str(path)) == observations
    path.write_text("kpi,on,value\nr,2026-07-32,5\n")
    with pytest.raises(InvalidPlan) as caught:
        csv.load_observations(path)
    assert caught.value.problems[0].path == f"{path}:2 on"
