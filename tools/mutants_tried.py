"""The tests of a small change, run in a copy of the sources: what `tools/mutants_storage.py` does with each."""

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from coverage import CoverageData
from mutants_made import PACKAGE, ROOT, Mutant

#: How long the tests of one change take at most, in seconds without it; the slowest tests are left out.
BUDGET: Final = 40.0
#: How long all of them may take with the change before it counts as noticed: so many seconds, and so many times as
#: long. Each of them has a limit too.
PATIENCE: Final = (30.0, 3.0)

Result = dict[str, Any]


def tested() -> list[str]:
    """Return where the tests of the package are."""
    found = (path for kind in ("storage", "testing") for path in (ROOT / "tests").glob(f"test_{kind}_*.py"))
    return [*sorted(str(path.relative_to(ROOT)) for path in found), PACKAGE, "src/goalkit/testing"]


def unit(test: str) -> str:
    """Return what runs as a whole: a test, or all examples of a module, which build on each other."""
    return test.partition("::")[0] if test.startswith("src/") else test


def run(tree: Path, arguments: list[str], limit: float | None = None, **more: str) -> tuple[int | None, str]:
    """Run pytest in a copy; return how it ended, or None where it took too long, and what it printed."""
    path = os.pathsep.join(str(place) for place in (tree / "src", tree / "tests", ROOT / "tools"))
    fixed = {"CI": "true", "HYPOTHESIS_PROFILE": "fast", "PYTHONHASHSEED": "0", "PYTHONPATH": path}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", "-p", "mutants_chosen"]
    for plugin in ("randomly", "xdist", "benchmark", "cacheprovider"):
        command += ["-p", f"no:{plugin}"]
    with TemporaryDirectory(prefix="mutant-", ignore_cleanup_errors=True) as scratch:
        Path(scratch).chmod(0o755)
        printed = Path(scratch) / "printed"
        with printed.open("wb") as file:
            process = subprocess.Popen(
                [*command, f"--basetemp={scratch}/base", *arguments],
                cwd=tree,
                env=os.environ | fixed | {"TMPDIR": scratch} | more,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        code = None
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(limit)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # with what its tests have begun
        process.wait()
        return code, printed.read_text(encoding="utf-8", errors="replace")


class Reach:
    """Which tests reach which line of the package, and how long each takes: measured once."""

    def __init__(self, home: Path, tree: Path) -> None:
        data, seconds = home / "coverage", home / "seconds.json"
        if not seconds.exists():
            print("running the tests without any change ...", flush=True)
            arguments = ["--cov", "--cov-context=test", "--cov-fail-under=0", "--cov-report=", *tested()]
            code, printed = run(tree, arguments, COVERAGE_FILE=str(data), MUTANTS_SECONDS=str(seconds))
            if code != 0:
                seconds.unlink(missing_ok=True)
                sys.exit(f"the tests fail without any change:\n{printed}")
        self._tree = tree
        self._seconds: defaultdict[str, float] = defaultdict(float)
        for test, took in json.loads(seconds.read_text(encoding="utf-8")).items():
            self._seconds[unit(test)] += took
        self._data = CoverageData(str(data))
        self._data.read()

    def of(self, mutant: Mutant) -> tuple[dict[str, float], int]:
        """Return the tests of a change with their seconds, quick ones first, and how many are left out as too slow."""
        by_line = self._data.contexts_by_lineno(str(self._tree / mutant.path))
        reached = {name for line in mutant.lines or () for name in by_line.get(line, ()) if name}
        # What runs when a module is imported concerns every test that the module concerns.
        reached = reached or {name for names in by_line.values() for name in names if name}
        units = {unit(name.rpartition("|")[0]) for name in reached}
        chosen: dict[str, float] = {}
        for test in sorted(units, key=lambda test: (self._seconds[test], test)):
            if sum(chosen.values()) + self._seconds[test] <= BUDGET:
                chosen[test] = self._seconds[test]
        return chosen, len(units) - len(chosen)


def tried(mutant: Mutant, tree: Path, reach: Reach) -> Result:
    """Make a change in a copy, run its tests there, and return what came of it."""
    chosen, left_out = reach.of(mutant)
    begun, file = perf_counter(), tree / mutant.path
    names, seconds = tree / "chosen.json", sum(chosen.values())
    names.write_text(json.dumps(chosen), encoding="utf-8")
    for compiled in file.parent.glob(f"__pycache__/{file.stem}.*"):
        compiled.unlink()
    file.write_text(mutant.new, encoding="utf-8")
    try:
        modules = sorted({test.partition("::")[0] for test in chosen})
        more = {"MUTANTS_CHOSEN": str(names), "PYTHONDONTWRITEBYTECODE": "1"}
        code, printed = run(tree, modules, PATIENCE[0] + PATIENCE[1] * seconds, **more) if chosen else (0, "")
    finally:
        file.write_text(mutant.old, encoding="utf-8")
    by = [line.partition(" - ")[0] for line in printed.splitlines() if line.startswith(("FAILED", "ERROR"))]
    # A test that takes too long ends the run with 1, before anything is printed of it.
    ended = "survived" if code == 0 else "took too long" if code is None or (code == 1 and not by) else "noticed"
    told = {"name": mutant.name, "ended": ended, "by": by[:1], "text": mutant.text, "diff": mutant.diff()}
    return told | {"seconds": round(perf_counter() - begun, 1), "tests": len(chosen), "left_out": left_out}
