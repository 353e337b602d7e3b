"""Every store that is broken on purpose is caught, by the case that is there for it."""

import pytest

from goalkit.storage import Store
from goalkit.testing import Level, StoreFactory, conformance_report
from goalkit.testing.cases import Cases
from goalkit.testing.conformance import CASES
from goalkit.testing.reports import cases_of, outcome_of
from saboteurs import SABOTEURS, Wrapped


def factory_of(cls: type[Wrapped]) -> type[StoreFactory]:
    class Made(StoreFactory):
        def create(self) -> Store:
            return cls()

    return Made


def case_of(name: str, cls: type[Wrapped]) -> tuple[type[Cases], tuple[object, ...]]:
    for cases in (CASES[Level.CORE], CASES[Level.MAINTAINED]):
        known = dict(cases_of(cases))
        if name in known:
            return type("Of", (cases,), {"factory": factory_of(cls)}), known[name]
    raise AssertionError(f"there is no case {name}")


@pytest.mark.parametrize("cls", SABOTEURS, ids=lambda cls: str(cls.__name__))
def test_a_broken_store_is_caught_by_the_case_that_is_there_for_it(cls: type[Wrapped]) -> None:
    name = SABOTEURS[cls]
    cases, arguments = case_of(name, cls)
    outcome, message = outcome_of(cases, name, arguments)
    assert outcome == "failed"
    assert message
    cases, arguments = case_of(name, Wrapped)
    assert outcome_of(cases, name, arguments) == ("passed", "")


def test_what_the_broken_stores_are_made_of_is_sound() -> None:
    report = conformance_report(factory_of(Wrapped))
    assert not report.failures
    assert report.granted == (Level.CORE, Level.MAINTAINED)


def test_there_are_many_broken_stores_and_many_cases_that_catch_them() -> None:
    assert len(SABOTEURS) >= 15
    assert len({*SABOTEURS.values()}) == len(SABOTEURS)
