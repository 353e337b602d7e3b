"""The commands that CONTRIBUTING.md names are there, and run what they are said to run."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS: Final = re.findall(r"^\| R\d+ \| (.*) \|$", PAGE, re.MULTILINE)
RUNS: Final = [each for commands in COMMANDS for each in re.findall(r"`([^`]*pytest [^`]*)`", commands)]


@pytest.mark.parametrize("target", sorted({*re.findall(r"`make ([a-z-]+)`", PAGE)}))
def test_every_target_is_in_the_makefile(target: str) -> None:
    assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", RUNS)
def test_every_word_that_chooses_tests_is_in_the_name_of_one(command: str) -> None:
    words = shlex.split(command)
    paths = [ROOT / word for word in words if word.startswith(("tests/", "benchmarks"))]
    files = [file for path in paths for file in ([path] if path.is_file() else path.glob("bench_*.py"))]
    names = [
        name
        for file in files
        for name in re.findall(r"(?:def|class) ((?:test|bench|Test)\w+)", file.read_text("utf-8"))
    ]
    assert names
    chosen = words[words.index("-k") + 1].split(" or ") if "-k" in words else []
    assert [word for word in chosen if not any(word in name for name in names)] == []


def test_each_figure_has_a_command_and_each_command_a_figure() -> None:
    figures = re.findall(r"^\| (R\d+) \|", (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert figures == re.findall(r"^\| (R\d+) \|", PAGE, re.MULTILINE)
    assert len(figures) >= 19
