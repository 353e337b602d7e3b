"""For pytest, under `tools/mutants_storage.py`: run chosen tests in a given order, or write how long each took."""

import faulthandler
import json
import os
import resource
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest

#: A change that asks for ever more memory ends itself, not the machine.
_MOST_MEMORY = 4 << 30

#: How long one test may take before the run ends: so many seconds, and so many times as long as without a change.
_PATIENCE = (20.0, 5.0)

_CHOSEN = os.environ.get("MUTANTS_CHOSEN", "")
_SECONDS = os.environ.get("MUTANTS_SECONDS", "")
_limits: dict[str, float] = {}
_took: defaultdict[str, float] = defaultdict(float)


def pytest_configure() -> None:
    """Limit the memory."""
    if _CHOSEN:
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what was chosen: a test by its name, and all examples of a module by its path."""
    if _CHOSEN:
        chosen: dict[str, float] = json.loads(Path(_CHOSEN).read_text(encoding="utf-8"))
        place = {name: number for number, name in enumerate(chosen)}
        by_place = []
        for number, item in enumerate(items):
            name = item.nodeid if item.nodeid in chosen else item.nodeid.partition("::")[0]
            by_place.append((place.get(name, -1), number))
            _limits[item.nodeid] = _PATIENCE[0] + _PATIENCE[1] * chosen.get(name, 0)
        config.hook.pytest_deselected(items=[items[number] for at, number in by_place if at < 0])
        items[:] = [items[number] for at, number in sorted(by_place) if at >= 0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """End the run with a test that takes too long."""
    if _CHOSEN:
        faulthandler.dump_traceback_later(_limits[item.nodeid], exit=True, file=2)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up how long a test takes."""
    _took[report.nodeid] += report.duration


def pytest_sessionfinish() -> None:
    """Write how long each test took."""
    if _SECONDS:
        Path(_SECONDS).write_text(json.dumps(_took), encoding="utf-8")
