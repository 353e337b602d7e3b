"""For pytest, under `tools/mutants_storage.py`: run chosen tests in a given order, or write how long each took."""

import json
import os
import resource
from collections import defaultdict
from pathlib import Path

import pytest

#: A change that asks for ever more memory ends itself, not the machine.
_MOST_MEMORY = 4 << 30

_CHOSEN = os.environ.get("MUTANTS_CHOSEN", "")
_SECONDS = os.environ.get("MUTANTS_SECONDS", "")
_took: defaultdict[str, float] = defaultdict(float)


def pytest_configure() -> None:
    """Limit the memory."""
    if _CHOSEN:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what was chosen: a test by its name, and all examples of a module by its path."""
    if _CHOSEN:
        lines = Path(_CHOSEN).read_text(encoding="utf-8").splitlines()
        place = {name: number for number, name in enumerate(lines)}
        by_place = [
            (place.get(item.nodeid, place.get(item.nodeid.partition("::")[0], -1)), number)
            for number, item in enumerate(items)
        ]
        config.hook.pytest_deselected(items=[items[number] for at, number in by_place if at < 0])
        items[:] = [items[number] for at, number in sorted(by_place) if at >= 0]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up how long a test takes."""
    _took[report.nodeid] += report.duration


def pytest_sessionfinish() -> None:
    """Write how long each test took."""
    if _SECONDS:
        Path(_SECONDS).write_text(json.dumps(_took), encoding="utf-8")
