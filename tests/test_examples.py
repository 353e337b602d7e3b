"""The examples run as they are, and print what they say."""

import subprocess
import sys
from pathlib import Path

import pytest

from goalkit.interop import csv, toml

EXAMPLES = Path(__file__).parent.parent / "examples"
PROGRAMS = sorted(path.name for path in EXAMPLES.glob("*.py") if "sys.argv" not in path.read_text(encoding="utf-8"))

#: What each example prints, among other lines.
SAID = {
    "demo.py": (
        "████░░░░░░   42 %  Become the app that small shops rely on (on track; 93 % measured)",
        "company is at 42 % on 2026-08-15, with 93 % of it measured: Become the app that small shops rely on",
        "Support that people praise: 30.0 % -> 44.3 %",
        "2026-08-31: Win 9 % of the market, 30.0 %",
        "2026-09-01: Win 7 % of the market, 50.0 %",
        "revision about market_share by board: two rivals cut their prices",
        "now: Win 7 % of the market; as it was stored first: Win 9 % of the market",
        "partial with a score of 0.6, decided by board on 2026-09-30: Osaka opens in October",
        "2026-Q3 on 2026-09-30: 22 goals, mean score 0.478, below the sweet spot of 0.6 to 0.7",
        "  2026-09: 934 orders of 900, 104 %; +7 %, improving; a signal: improvement",
        "launch_jakarta is achieved, and orders moved: 620, then 934, by xmr",
        "rewards is achieved, and turnover did not move: 0.0645, then 0.0635, by xmr",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_example_runs_without_a_warning(name: str) -> None:
    command = [sys.executable, "-W", "error", "-X", "utf8", str(EXAMPLES / name)]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines
    assert [line for line in SAID.get(name, ()) if line not in lines] == []


def test_every_example_that_is_looked_at_is_there() -> None:
    assert SAID.keys() <= set(PROGRAMS)


def test_the_files_of_the_demo_come_back_as_they_are() -> None:
    plan = toml.load(EXAMPLES / "company.toml")
    check_ins = csv.load(EXAMPLES / "check_ins.csv")
    assert toml.loads(toml.dumps(plan)) == plan
    assert csv.loads(csv.dumps(check_ins)) == check_ins
    assert toml.loads(toml.dumps(plan.record(*check_ins))) == plan.record(*check_ins)


def test_the_demo_asks_for_nothing_but_what_goalkit_needs() -> None:
    heavy = {"numpy", "pandas", "pytest", "hypothesis"}
    probe = (
        f"import runpy, sys; runpy.run_path({str(EXAMPLES / 'demo.py')!r}); print(sorted(set(sys.modules) & {heavy!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", probe], check=True, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
