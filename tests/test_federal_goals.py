"""The example that reads published indicators: nothing is merged, dropped or guessed, and the figures come out."""

import csv
import importlib.util
import io
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goalkit import AtLeast, AtMost, Binary, Decrease, Increase, Plan, Reason, Revision, Rollup, rollup

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "federal_goals.py"
PAGE = ROOT / "docs" / "vectors.md"
PUBLISHED = ROOT.parent / "shared" / "data" / "us_apg_fy2022" / "key_indicators_q1_q2.csv"
Q1, Q2 = date(2021, 12, 31), date(2022, 3, 31)
INCREASE, DECREASE, MILESTONE = "Measurable increase", "Measurable decrease", "Complete milestone"
AT_LEAST, AT_MOST = "Maintain at or above threshold", "Maintain at or below threshold"


@pytest.fixture(scope="module")
def example() -> Any:
    """Return the example as a module."""
    spec = importlib.util.spec_from_file_location("federal_goals", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up by name.
    sys.modules["federal_goals"] = module
    spec.loader.exec_module(module)
    return module


def row(kind: str = INCREASE, numbers: str = "0/10/5", quarter: int = 1, **cells: str) -> dict[str, str]:
    """Return a row; its numbers are written start/target/current."""
    start, target, current = numbers.split("/")
    place = {"related_owner": "DOX", "related_goal_id": "G1", "related_goal": "Better ferries"}
    what = {"indicator_type": kind, "indicator": "Ferries", "target": "More"}
    values = {"value_start": start, "value_target": target, "value_current": current, "progress_pct": "0"}
    return {"fiscal_yr": "2022", "fiscal_qtr": str(quarter)} | place | what | values | cells


def written(*rows: dict[str, str]) -> str:
    """Return rows as CSV; the first row is on line 2."""
    text = io.StringIO()
    table = csv.DictWriter(text, fieldnames=list(row()), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def read(example: Any, *rows: dict[str, str]) -> Any:
    return example.read(written(*rows).encode())


def found(reading: Any) -> set[tuple[str, int]]:
    """Return the code and the line of each finding."""
    return {(code, line) for code, _, line in reading.findings}


def figures(reading: Any, as_of: date = Q1) -> Rollup:
    plan: Plan = reading.plan
    return rollup(plan, as_of=as_of)


@pytest.mark.parametrize(
    ("kind", "numbers", "metric", "value"),
    [
        (INCREASE, "0/10/5", Increase(start=0, target=10), 0.5),
        (DECREASE, "13.5/12/12.9", Decrease(start="13.5", target=12), 0.4),
        (AT_LEAST, "86/80/84", AtLeast(80), 1.0),
        (AT_LEAST, "22/22/18", AtLeast(22), 0.0),
        (AT_MOST, "/1/6.9", AtMost(1), 0.0),
        (AT_MOST, "0.2/1/1", AtMost(1), 1.0),
        (MILESTONE, "0/1/0", Binary(), 0.0),
        (MILESTONE, "0/1/1", Binary(), 1.0),
        (INCREASE, "1,000/2,000/1,500", Increase(start=1000, target=2000), 0.5),
        (INCREASE, "80%/90 %/85%", Increase(start=80, target=90), 0.5),
    ],
)
def test_each_type_of_indicator_becomes_its_metric(
    example: Any, kind: str, numbers: str, metric: object, value: float
) -> None:
    reading = read(example, row(kind, numbers))
    assert reading.plan["goal G1 1"].metric == metric
    assert figures(reading)["goal G1 1"].value == pytest.approx(value)
    assert figures(reading)["agency DOX"].coverage == 1
    assert not reading.findings


def test_a_quarter_is_a_check_in_on_its_last_day(example: Any) -> None:
    quarters = [row(numbers=f"0/10/{number}", quarter=number) for number in (4, 2, 1, 3)]
    plan: Plan = read(example, *quarters).plan
    assert [(check_in.on.isoformat(), check_in.value) for check_in in plan.check_ins("goal G1 1")] == [
        ("2021-12-31", 1),
        ("2022-03-31", 2),
        ("2022-06-30", 3),
        ("2022-09-30", 4),
    ]


def test_a_changed_target_is_a_revision_on_the_first_day_of_the_later_quarter(example: Any) -> None:
    reading = read(example, row(numbers="0/20/5", quarter=2), row(numbers="0/10/5", quarter=1))
    (revision,) = (fact for fact in reading.plan.facts if isinstance(fact, Revision))
    assert revision.on == date(2022, 1, 1)
    assert revision.changes == {"metric": Increase(start=0, target=20)}
    assert figures(reading, Q1)["goal G1 1"].raw == 0.5
    assert figures(reading, Q2)["goal G1 1"].raw == 0.25
    assert not reading.findings


def test_the_same_definition_written_otherwise_is_not_a_revision(example: Any) -> None:
    reading = read(example, row(numbers="0/1000/5"), row(numbers="0.0/1,000.00/6", quarter=2))
    assert not any(isinstance(fact, Revision) for fact in reading.plan.facts)


def test_a_target_that_goes_missing_makes_the_later_quarter_unknown_and_not_the_earlier(example: Any) -> None:
    reading = read(example, row(numbers="0/10/5"), row(numbers="0//6", quarter=2))
    assert figures(reading, Q1)["goal G1 1"].value == 0.5
    assert figures(reading, Q2)["goal G1 1"].reason is Reason.NO_METRIC
    assert found(reading) == {("no_definition", 3)}


@pytest.mark.parametrize("numbers", ["0//5", "/50/5", "//5", "0/50/5"])
def test_an_undefined_target_is_unknown_and_not_zero(example: Any, numbers: str) -> None:
    reading = read(example, row("Target undefined", numbers), row(indicator="Boats"))
    progress = figures(reading)
    assert (progress["goal G1 1"].value, progress["goal G1 1"].reason) == (None, Reason.NO_METRIC)
    assert progress["goal G1"].value == 0.5
    assert found(reading) == {("target_undefined", 2)}


def test_a_missing_value_is_unknown_and_lowers_the_coverage(example: Any) -> None:
    reading = read(example, row(numbers="0/10/"), row(indicator="Boats"))
    progress = figures(reading)
    assert (progress["goal G1 1"].value, progress["goal G1 1"].reason) == (None, Reason.NOT_MEASURED)
    assert progress["goal G1"].coverage == 0.5
    assert found(reading) == {("no_value", 2)}


@pytest.mark.parametrize(
    ("kind", "numbers", "code"),
    [
        (INCREASE, "10/5/7", "wrong_direction"),
        (DECREASE, "5/10/7", "wrong_direction"),
        (INCREASE, "5/5/7", "zero_span"),
        (INCREASE, "5/ten/7", "not_a_number"),
        (INCREASE, "0/10%/5", "not_a_number"),
        (INCREASE, "0/1,23/1", "not_a_number"),
        (INCREASE, "0/0,123/1", "not_a_number"),
        (INCREASE, "0/1e99/1", "absurd_magnitude"),
        (INCREASE, "0//1", "no_definition"),
        (AT_LEAST, "5//1", "no_definition"),
        (MILESTONE, "0/2/1", "not_true_or_false"),
        (MILESTONE, "0/0/1", "milestone_target"),
        ("Measurable hope", "0/1/1", "unknown_type"),
        ("", "0/1/1", "unknown_type"),
    ],
)
def test_a_definition_that_is_refused_leaves_the_key_result_unknown(
    example: Any, kind: str, numbers: str, code: str
) -> None:
    reading = read(example, row(kind, numbers))
    assert reading.plan["goal G1 1"].metric is None
    assert figures(reading)["goal G1 1"].reason is Reason.NO_METRIC
    assert found(reading) == {(code, 2)}


@pytest.mark.parametrize(
    ("kind", "numbers", "code"),
    [(INCREASE, "0/10/many", "not_a_number"), (MILESTONE, "0/1/0.5", "not_true_or_false")],
)
def test_a_value_that_is_refused_is_unknown(example: Any, kind: str, numbers: str, code: str) -> None:
    reading = read(example, row(kind, numbers))
    assert figures(reading)["goal G1 1"].reason is Reason.NOT_MEASURED
    assert found(reading) == {(code, 2)}


@pytest.mark.parametrize("column", ["related_owner", "target", "indicator_type", "value_start", "value_target"])
def test_namesakes_are_told_apart_and_reported(example: Any, column: str) -> None:
    other = {"indicator_type": AT_LEAST, "value_start": "1", "value_target": "20"}.get(column, "Other")
    rows = [row(quarter=quarter, **{column: other} if odd else {}) for quarter in (1, 2) for odd in (0, 1)]
    reading = read(example, *rows)
    assert len(reading.plan.children("goal G1")) == 2
    assert len(reading.plan.facts) == 4
    assert found(reading) == {("namesakes", line) for line in (2, 3, 4, 5)}
    assert column in reading.findings[0][1]


def test_a_namesake_may_be_revised(example: Any) -> None:
    rows = [row(quarter=quarter, target=text) for quarter in (1, 2) for text in ("One", "Two")]
    rows[3]["value_target"] = "20"
    reading = read(example, *rows)
    assert [figures(reading, Q2)[name].raw for name in reading.plan.children("goal G1")] == [0.5, 0.25]


def test_a_row_that_is_there_twice_is_taken_once_and_reported(example: Any) -> None:
    reading = read(example, row(), row())
    assert reading.plan == read(example, row()).plan
    assert reading.findings == [("same_row", "it says what line 2 says, and is taken once", 3)]


def test_of_rows_that_contradict_each_other_none_is_taken(example: Any) -> None:
    reading = read(example, row(numbers="0/10/5"), row(numbers="0/10/6"))
    assert [figures(reading)[name].reason for name in reading.plan.children("goal G1")] == [Reason.NOT_MEASURED]
    assert {line for code, line in found(reading) if code == "contradiction"} == {2, 3}


def test_a_goal_of_two_agencies_is_below_both(example: Any) -> None:
    reading = read(example, row(related_owner="DOX, DOY"), row(related_owner="DOY", indicator="Boats"))
    assert reading.plan.parents("goal G1") == ("agency DOX", "agency DOY")
    assert figures(reading)["agency DOX"].value == figures(reading)["agency DOY"].value == 0.5


def test_an_indicator_has_not_started_before_its_first_quarter(example: Any) -> None:
    reading = read(example, row(), row(indicator="Boats", quarter=2))
    assert figures(reading, Q1)["goal G1 2"].reason is Reason.NOT_STARTED
    assert figures(reading, Q1)["goal G1"].coverage == 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"fiscal_qtr": "5"}, "no_quarter"),
        ({"fiscal_qtr": ""}, "no_quarter"),
        ({"fiscal_yr": "soon"}, "no_quarter"),
        ({"fiscal_yr": "9" * 5000}, "no_quarter"),
        ({"fiscal_yr": "0001"}, "out_of_range"),
        ({"related_owner": ""}, "empty_id"),
        ({"related_owner": "DOX, "}, "empty_id"),
        ({"related_owner": "DOX, DOX"}, "duplicate_link"),
        ({"related_goal_id": " "}, "empty_id"),
        ({"related_goal_id": "g" * 253}, "bad_id"),
        ({"related_goal": ""}, "no_title"),
        ({"indicator": "", "target": ""}, "no_title"),
        ({"indicator": "a\0b"}, "bad_text"),
    ],
)
def test_a_row_without_a_place_is_reported_with_its_line(example: Any, cells: dict[str, str], code: str) -> None:
    reading = read(example, row(), row() | cells, row(indicator="Boats"))
    assert (code, 3) in found(reading)
    assert {line for _, line in found(reading)} == {3}
    assert len(reading.plan.children("goal G1")) == 2


def test_junk_lines_are_reported_and_the_rest_is_read(example: Any) -> None:
    head, first, second = written(row(), row(indicator="Boats")).splitlines()
    lines = [head.encode(), first.encode(), b"\xff\xfe", b"", second.encode() + b",more", second.encode()]
    lines += [second.replace("Better", "B\xe4tter").encode("latin-1"), b'2022,1,"never ends', b"so it swallows this"]
    reading = example.read(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    assert found(reading) == {
        *(("wrong_field_count", line) for line in (3, 4, 5, 8)),
        ("not_utf8", 7),
    }
    assert "3 fields in place of 12, down to line 9" in {message for _, message, _ in reading.findings}
    assert [one.line for one in reading.rows] == [2, 6]


def test_a_field_without_end_is_reported_with_the_lines_that_it_swallows(example: Any) -> None:
    text = written(row()) + '"' + "x\n" * 100_000 + written(row(indicator="Boats")).splitlines()[1]
    reading = example.read(text.encode())
    assert ("not_csv", 3) in found(reading)
    assert reading.rows[0]["indicator"] == "Ferries"


def test_a_goal_with_two_titles_is_reported(example: Any) -> None:
    reading = read(example, row(), row(indicator="Boats", related_goal="Worse ferries"))
    assert found(reading) == {("other_title", 3)}


def test_published_figures_are_compared_where_there_is_something_to_compare(example: Any) -> None:
    reading = read(
        example,
        row(progress_pct="0.5000004"),
        row(progress_pct="0.51", indicator="off"),
        row(progress_pct="half", indicator="no number"),
        row(numbers="0/10/", indicator="no value"),
        row(numbers="0//5", indicator="no target"),
        row(numbers="10/0/5", indicator="wrong direction"),
        row(numbers="0/10/x", indicator="bad value"),
        row(AT_LEAST, indicator="kept"),
    )
    same, other, without = example.compare(reading)
    assert same == 1
    assert other == ["line 3: 0.5, published as '0.51'", "line 4: 0.5, published as 'half'"]
    assert without == {
        "no value_current": 1,
        "no value_target": 1,
        "its definition or its value was not read": 2,
        f"not linear: {AT_LEAST}": 1,
    }


def test_it_prints_figures_findings_and_the_comparison(
    example: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "goals.csv"
    path.write_text(written(row(progress_pct="0.5"), row("Measurable hope", indicator="Boats")), encoding="utf-8")
    assert example.main([str(path)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("<Plan of 4 goals, 0 cycles, 2 facts> from 2 rows\nas of 2021-12-31")
    assert [line.split() for line in printed.splitlines() if line.startswith("agency")] == [
        ["agency", "DOX", "50", "%", "100", "%", "1", "of", "2"]
    ]
    assert "  unknown_type (1)\n    'Measurable hope' is not a known type of indicator: line 3\n" in printed
    assert "1 of 1 figures come out the same" in printed


def test_a_file_without_rows_is_no_error(example: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.csv"
    path.write_text(written(), encoding="utf-8")
    assert example.main([str(path)]) == 0
    assert capsys.readouterr().out.startswith("<Plan of 0 goals, 0 cycles, 0 facts> from 0 rows\n")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        (b"", "no column fiscal_yr, fiscal_qtr"),
        (written(row()).replace("value_target", "goal").encode(), "no column value_target"),
        (written(row()).encode("utf-16"), "no column"),
        (b'"' + b"x" * 200_000, "field larger than field limit"),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_line_and_exit_code_2(
    tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "goals.csv"
    if content is not None:
        path.write_bytes(content)
    run = subprocess.run([sys.executable, str(EXAMPLE), str(path)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert says in run.stderr
    assert run.stderr.count("\n") == 1


def test_without_a_file_it_says_how_to_run_it(example: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert example.main([]) == 2
    assert capsys.readouterr().err.startswith("usage: ")


@pytest.fixture(scope="module")
def published(example: Any) -> Any:
    """Return the reading of the real file."""
    if not PUBLISHED.exists():
        pytest.skip("the published data is not beside this checkout")
    return example.read(PUBLISHED.read_bytes())


def test_every_published_figure_of_a_linear_indicator_comes_out_unclamped(example: Any, published: Any) -> None:
    same, other, without = example.compare(published)
    assert (same, other) == (164, [])
    assert without == {
        "no value_current": 75,
        "not linear: Target undefined": 69,
        f"not linear: {MILESTONE}": 31,
        f"not linear: {AT_LEAST}": 10,
        f"not linear: {AT_MOST}": 1,
    }
    raws = [rollup(published.plan, as_of=day)[name].raw for day in (Q1, Q2) for name in published.plan]
    assert max(raw for raw in raws if raw is not None) == 11
    assert min(raw for raw in raws if raw is not None) == pytest.approx(-40 / 3)


def test_every_published_threshold_and_milestone_agrees_in_words(published: Any) -> None:
    progress = {day: rollup(published.plan, as_of=day) for day in (Q1, Q2)}
    met: list[tuple[bool, str]] = []
    for each in published.rows:
        said = each["progress_threshold"] or each["progress_completions"]
        if said:
            value = progress[each.quarter.last_day][published.key_result[each.line]].value
            met.append((value == 1, said.partition(":")[0]))
    assert len(met) == 34
    assert sum(bool(each["progress_threshold"]) for each in published.rows) == 9
    told = (PAGE.read_text("utf-8")).partition("## Figures that a government has published")[2]
    assert [
        int(count) for count in re.findall(r"^\| [a-z][^|]+ \| (\d+) \|", told.partition("## ")[0], re.MULTILINE)
    ] == [
        164,
        9,
        34 - 9,
        350 - 164 - 34 - 69,
        69,
    ]
    assert set(met) == {(True, "Target met"), (False, "Target not met")}


def test_all_published_rows_are_accounted_for(published: Any) -> None:
    assert len(published.rows) == 350
    counts = {code: len([1 for other, *_ in published.findings if other == code]) for code, *_ in published.findings}
    assert counts == {
        "namesakes": 16,
        "no_value": 114,
        "same_row": 6,
        "target_undefined": 65,
    }
    told = {line for *_, line in published.findings}
    assert {one.line for one in published.rows} == set(published.key_result) | told
    # What the publisher prints as 0 % without having measured it is unknown here.
    progress = {day: rollup(published.plan, as_of=day) for day in (Q1, Q2)}
    silent = [
        one
        for one in published.rows
        if one.line not in published.key_result
        or progress[one.quarter.last_day][published.key_result[one.line]].value is None
    ]
    assert len(silent) == 152
    assert {float(one["progress_pct"]) for one in silent} == {0.0}
