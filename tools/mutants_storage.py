"""
Change the storage package in small ways, a random sample of them, and show which changes no test notices.

The changes are those of mutmut, but each is written into a copy of its module: so context managers and bodies
of classes are changed too, which mutmut itself leaves out, and processes that a test begins see the change.
Each runs the tests that reach its statement, the quick ones first, until one fails.
A run that was broken off goes on where it was, as long as neither the package nor its tests have changed.
"""

import argparse
import json
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from math import sqrt
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from mutants_made import ROOT, Mutant, sample
from mutants_tried import Reach, Result, tried

WORK: Final = ROOT / "mutants" / "storage"
COPIED: Final = ("src", "tests", "docs", "conftest.py", "pyproject.toml", "README.md", "CHANGELOG.md")


def interval(hits: int, total: int) -> tuple[float, float]:
    """Return where a proportion lies with 95 % confidence, by Wilson's score."""
    z, p = 1.96, hits / total
    middle, half = p + z * z / (2 * total), z * sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return (middle - half) / (1 + z * z / total), (middle + half) / (1 + z * z / total)


def tell(results: list[Result], everything: int) -> None:
    """Print the survivors, and the score."""
    survivors = [result for result in results if result["ended"] == "survived"]
    for result in sorted(survivors, key=lambda result: str(result["name"])):
        print(f"\n{result['name']}{' (text)' if result['text'] else ''}, {result['tests']} tests")
        print(*result["diff"], sep="\n")
    if results:
        total, texts = len(results), sum(result["text"] for result in survivors)
        low, high = interval(total - len(survivors), total)
        print(f"\n{total} of {everything} changes: {dict(Counter(result['ended'] for result in results))}")
        print(f"survivors that change a text alone: {texts}")
        print(f"slow tests left out for: {sum(result['left_out'] > 0 for result in survivors)} survivors")
        print(f"seconds a change: {sum(result['seconds'] for result in results) / total:.1f}")
        print(f"noticed: {1 - len(survivors) / total:.1%}, with 95 % confidence {low:.1%} to {high:.1%}")


def main() -> None:
    """Try a sample of changes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=400, help="how many changes (400)")
    parser.add_argument("--seed", type=int, default=2, help="which sample (2)")
    parser.add_argument("--processes", type=int, default=1, help="how many at the same time (1)")
    parser.add_argument("--again", type=Path, help="only those that survived in this file of results")
    chosen = parser.parse_args()
    mutants, everything = sample(chosen.seed, chosen.count)

    files = sorted(path for name in ("src", "tests", "tools") for path in (ROOT / name).rglob("*.py"))
    home = WORK / sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    trees: SimpleQueue[Path] = SimpleQueue()
    for number in range(chosen.processes):
        tree = home / f"tree-{number}"
        shutil.rmtree(tree, ignore_errors=True)
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, tree)
        trees.put(tree)
    reach = Reach(home, home / "tree-0")

    log = home / f"results-{chosen.seed}.jsonl"
    known = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    results = {result["name"]: result for result in known}
    if chosen.again is not None:
        before = [json.loads(line) for line in chosen.again.read_text(encoding="utf-8").splitlines()]
        names = {result["name"] for result in before if result["ended"] == "survived"}
        mutants = [mutant for mutant in mutants if mutant.name in names]

    def try_one(mutant: Mutant) -> None:
        tree = trees.get()
        try:
            result = tried(mutant, tree, reach)
        finally:
            trees.put(tree)
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")
        results[mutant.name] = result
        print(f"{result['ended']:>14} {result['seconds']:6.1f} s  {mutant.name}", *result["by"], flush=True)

    with ThreadPoolExecutor(chosen.processes) as pool:
        for _ in pool.map(try_one, (mutant for mutant in mutants if mutant.name not in results)):
            pass
    tell([results[mutant.name] for mutant in mutants], everything)


if __name__ == "__main__":
    main()
