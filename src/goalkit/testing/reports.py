"""Which levels a store has, found without pytest's command line, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from inspect import getmembers, isfunction
from time import perf_counter
from typing import Any, Final, Literal
from unittest import SkipTest

import pytest
from attrs import frozen

from ..storage import Maintained
from ..values import choice
from .cases import Cases
from .conformance import CASES, Level
from .factories import StoreFactory

#: The version of the cases: it changes when one is added or asks for more.
SUITE: Final = "1"

Outcome = Literal["passed", "failed", "skipped"]


@frozen(kw_only=True)
class Result:
    """
    What became of one case.

    Attributes:
        level: The level that it belongs to.
        case: Its name.
        outcome: ``passed``, ``failed`` or ``skipped``.
        message: Why it failed or was skipped; empty where it passed.
    """

    level: Level
    case: str
    outcome: Outcome
    message: str = ""


@frozen(kw_only=True)
class Report:
    """
    Which levels a store has, and what became of each case.

    Attributes:
        suite: The version of the cases.
        store: The name of the store's class.
        seed: What everything random began with.
        seconds: How long it took.
        results: What became of each case.
    """

    suite: str
    store: str
    seed: int
    seconds: float
    results: tuple[Result, ...]

    @property
    def granted(self) -> tuple[Level, ...]:
        """The levels of which every case ran and passed."""
        return tuple(level for level in Level if {*self._of(level)} == {"passed"})

    @property
    def failures(self) -> tuple[Result, ...]:
        """The cases that failed."""
        return tuple(result for result in self.results if result.outcome == "failed")

    def counts(self, level: Level | str) -> dict[str, int]:
        """
        Return how many cases of a level passed, failed, and were skipped.

        Args:
            level: The level.
        """
        found = Counter(self._of(choice(Level, level)))
        return {outcome: found[outcome] for outcome in ("passed", "failed", "skipped")}

    def _of(self, level: Level) -> Iterator[str]:
        return (result.outcome for result in self.results if result.level is level)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, ready for JSON."""
        return {
            "suite": self.suite,
            "store": self.store,
            "seed": self.seed,
            "seconds": round(self.seconds, 3),
            "granted": [level.value for level in self.granted],
            "counts": {level.value: self.counts(level) for level in self._levels()},
            "cases": [
                {"level": each.level.value, "case": each.case, "outcome": each.outcome, "message": each.message}
                for each in self.results
            ],
        }

    def _levels(self) -> list[Level]:
        return [level for level in Level if any(result.level is level for result in self.results)]

    def __str__(self) -> str:
        lines = [f"{self.store}, suite {self.suite}"]
        for level in self._levels():
            told = ", ".join(f"{count} {outcome}" for outcome, count in self.counts(level).items() if count)
            lines.append(f"{level.value}: {'granted' if level in self.granted else 'not granted'} ({told})")
        skipped = dict.fromkeys(each.message for each in self.results if each.outcome == "skipped")
        lines += [f"skipped: {message}" for message in skipped]
        lines += [f"failed: {result.case}: {result.message}" for result in self.failures]
        return "\n".join(lines)


def conformance_report(
    factory: Callable[[], StoreFactory], *, levels: Iterable[Level | str] | None = None, seed: int = 0
) -> Report:
    """
    Run all cases on a store, and return what became of them.

    A level that the store does not offer is skipped as a whole, and so not granted: that of operators where it is
    not `goalkit.storage.Maintained`, those of several handles where its factory opens nothing again.

    Args:
        factory: Makes the factory of a store; its class, as a rule.
        levels: The levels to try; None for all that have cases.
        seed: What everything random begins with.

    Raises:
        InvalidValue: If something is no level.

    Example:
        >>> from goalkit.storage import open_store
        >>> from goalkit.testing import StoreFactory
        >>> class Memory(StoreFactory):
        ...     def create(self):
        ...         return open_store("memory:")
        >>> print(conformance_report(Memory, levels=["maintained"]))
        MemoryStore, suite 1
        maintained: granted (... passed)
    """
    wanted = [*CASES] if levels is None else [choice(Level, level) for level in levels]
    began = perf_counter()
    store, missing = _offered(factory)
    results: list[Result] = []
    for level in dict.fromkeys(wanted):
        results += _results(level, factory, seed, missing.get(level, ""))
    return Report(suite=SUITE, store=store, seed=seed, seconds=perf_counter() - began, results=tuple(results))


def _offered(factory: Callable[[], StoreFactory]) -> tuple[str, dict[Level, str]]:
    """Return the name of a store, and why it is not fit for some levels at all."""
    made = factory()
    missing: dict[Level, str] = {}
    with made.create() as store:
        if not isinstance(store, Maintained):
            missing[Level.MAINTAINED] = "the store does not offer workspaces, verify and purge"
        again = made.open_again()
        if again is None:
            missing |= dict.fromkeys((Level.CONCURRENT, Level.DURABLE), "the factory does not open its store again")
        else:
            again.close()
    made.destroy()
    return type(store).__name__, missing


def _results(level: Level, factory: Callable[[], StoreFactory], seed: int, missing: str) -> Iterator[Result]:
    if level not in CASES:
        message = "there are no cases for it yet"
        yield Result(level=level, case=level.value, outcome="skipped", message=message)
        return
    cases = type("Reported", (CASES[level],), {"factory": staticmethod(factory), "seed": seed})
    for name, arguments in cases_of(cases):
        outcome: Outcome = "skipped"
        message = missing
        if not missing:
            outcome, message = outcome_of(cases, name, arguments)
        yield Result(level=level, case=name, outcome=outcome, message=message)


def cases_of(cases: type[Cases]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """
    Yield the cases of a class by the names that pytest gives them, with their arguments.

    Args:
        cases: The class.
    """
    for name, case in getmembers(cases, isfunction):
        if name.startswith("test_"):
            marks = [mark for mark in getattr(case, "pytestmark", ()) if mark.name == "parametrize"]
            if not marks:
                yield name, ()
            for mark in marks:
                for id_, value in zip(mark.kwargs["ids"], mark.args[1], strict=True):
                    yield f"{name}[{id_}]", (value,)


def outcome_of(cases: type[Cases], name: str, arguments: Iterable[Any] = ()) -> tuple[Outcome, str]:
    """
    Run one case, and return what became of it, and why.

    Args:
        cases: The class of the case.
        name: Its name, as `cases_of` tells it.
        arguments: Its arguments, as `cases_of` tells them.
    """
    case = cases()
    try:
        case.setup_method()
        try:
            getattr(case, name.partition("[")[0])(*arguments)
        finally:
            case.teardown_method()
    except (pytest.skip.Exception, SkipTest) as skipped:
        return "skipped", str(skipped)
    except Exception as error:  # noqa: BLE001 - a store under test may raise anything, and that is what is told
        told = error.args[0] if type(error) is AssertionError and error.args else f"{type(error).__name__}: {error}"
        return "failed", str(told)[:_LONGEST]
    return "passed", ""


_LONGEST: Final = 500
