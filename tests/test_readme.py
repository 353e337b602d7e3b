"""The page that people read first keeps what it promises."""

import json
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
CASES = README.parent / "tests" / "vectors"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_thirty_lines_print_what_stands_at_the_top(tmp_path: Path) -> None:
    program, *_ = blocks("python")
    (promised,) = blocks("text")
    script = tmp_path / "quarter.py"
    script.write_text(program, "utf-8")
    command = [sys.executable, "-W", "error", "-X", "utf8", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    assert done.stdout == f"57.5% with an NPS of 70\n{promised}"


def test_every_page_that_it_points_to_exists() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", README.read_text("utf-8"))
    assert targets
    assert [target for target in targets if not (README.parent / target).exists()] == []


def test_it_counts_the_worked_cases_as_they_are() -> None:
    (told,) = re.findall(r"\[(\d+) worked cases\]", README.read_text("utf-8"))
    cases = [case for path in CASES.glob("*.json") for case in json.loads(path.read_text("utf-8"))]
    assert int(told) == len([case for case in cases if "refused" not in case])
