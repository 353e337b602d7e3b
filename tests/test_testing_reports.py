"""A level is granted only where every case of it ran and passed, and a report says so as plain data."""

import json
from collections.abc import Callable
from typing import ClassVar
from unittest import SkipTest

import pytest

from goalkit import InvalidValue
from goalkit.storage import Store, StoreUnavailable, open_store
from goalkit.testing import Level, Report, Result, StoreConformance, StoreFactory, conformance_report
from goalkit.testing.cases import Cases, for_each
from goalkit.testing.proving import holds, same
from goalkit.testing.reports import cases_of, outcome_of
from saboteurs import NamesOneClash, Wrapped
from test_storage_conformance import File, Memory, Sqlite


class Broken(StoreFactory):
    def create(self) -> Store:
        return NamesOneClash()


class Plain(StoreFactory):
    """A store that offers nothing to operators."""

    def create(self) -> Store:
        class OnlyAStore(Wrapped):
            purge: ClassVar[None] = None  # type: ignore[assignment]

        return OnlyAStore()


class Some(Cases):
    factory: ClassVar[Callable[[], StoreFactory]] = Memory

    def test_it_passes(self) -> None:
        same(self.store.head("acme").position.seq, 0)

    def test_it_fails(self) -> None:
        holds(self.ids(), "something is there")

    def test_it_falls_over(self) -> None:
        raise StoreUnavailable("no room")

    def test_it_is_skipped(self) -> None:
        pytest.skip("not here")

    def test_it_is_skipped_otherwise(self) -> None:
        raise SkipTest("nor there")

    def test_it_asserts(self) -> None:
        assert self.ids()

    @for_each("number", {"one": 1, "two": 2})
    def test_each_of(self, number: int) -> None:
        same(number, 1, "the number")

    def test_a_record_that_has_to_be_there(self) -> None:
        from goalkit.testing.cases import goal

        self.kept(goal("nps"))

    def test_a_handle_that_has_to_be_there(self) -> None:
        self.again()


OUTCOMES = {
    "test_it_passes": ("passed", ""),
    "test_it_fails": ("failed", "something is there"),
    "test_it_falls_over": ("failed", "StoreUnavailable: no room"),
    "test_it_is_skipped": ("skipped", "not here"),
    "test_it_is_skipped_otherwise": ("skipped", "nor there"),
    "test_each_of[one]": ("passed", ""),
    "test_each_of[two]": ("failed", "the number: got 2, and 1 was wanted"),
    "test_a_record_that_has_to_be_there": ("failed", "goal 'nps' is there"),
    "test_a_handle_that_has_to_be_there": ("failed", "the factory opens its store a second time"),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_a_case_passes_fails_or_is_skipped(case: str) -> None:
    assert outcome_of(Some, case, dict(cases_of(Some))[case]) == OUTCOMES[case]


def test_a_plain_assertion_fails() -> None:
    assert outcome_of(Some, "test_it_asserts")[0] == "failed"


def test_every_case_has_the_name_that_pytest_gives_it() -> None:
    assert {name for name, _ in cases_of(Some)} == {*OUTCOMES, "test_it_asserts"}


def test_the_store_is_removed_whatever_became_of_the_case() -> None:
    destroyed: list[str] = []

    class Told(StoreFactory):
        def create(self) -> Store:
            return open_store("memory:")

        def destroy(self) -> None:
            destroyed.append("destroyed")

    class OfTold(Some):
        factory = Told

    for case, arguments in cases_of(OfTold):
        outcome_of(OfTold, case, arguments)
    assert len(destroyed) == len([*cases_of(OfTold)])


def test_a_store_that_cannot_be_made_fails_every_case() -> None:
    class Unavailable(StoreFactory):
        def create(self) -> Store:
            raise StoreUnavailable("no room")

    class Of(Some):
        factory = Unavailable

    assert outcome_of(Of, "test_it_passes") == ("failed", "StoreUnavailable: no room")


def test_a_store_in_memory_has_two_levels() -> None:
    report = conformance_report(Memory, seed=7)
    assert report.granted == (Level.CORE, Level.MAINTAINED)
    assert (report.store, report.seed) == ("MemoryStore", 7)
    assert report.counts("core")["passed"] > 300
    assert report.counts(Level.DURABLE)["skipped"] == len([each for each in report.results if each.level == "durable"])
    assert {result.message for result in report.results if result.outcome == "skipped"} == {
        "the factory does not open its store again"
    }


@pytest.mark.parametrize("factory", [File, Sqlite])
def test_a_store_in_a_file_has_what_takes_several_processes(factory: type[StoreFactory]) -> None:
    report = conformance_report(factory, levels=["concurrent", "durable"])
    assert report.granted == (Level.CONCURRENT, Level.DURABLE)
    assert not report.failures


def test_one_failure_takes_a_level_away() -> None:
    report = conformance_report(Broken, levels=[Level.CORE])
    assert report.granted == ()
    assert "test_every_clash_of_a_batch_is_named" in {result.case for result in report.failures}
    told = str(report)
    assert told.startswith("NamesOneClash, suite 1\ncore: not granted (")
    assert "failed: test_every_clash_of_a_batch_is_named: the clashes: got" in told


def test_one_case_that_was_skipped_takes_a_level_away() -> None:
    results = (
        Result(level=Level.CORE, case="a", outcome="passed"),
        Result(level=Level.CORE, case="b", outcome="skipped", message="not here"),
        Result(level=Level.DURABLE, case="c", outcome="passed"),
    )
    report = Report(suite="1", store="Some", seed=0, seconds=1.23456, results=results)
    assert report.granted == (Level.DURABLE,)
    told = "core: not granted (1 passed, 1 skipped)\ndurable: granted (1 passed)\nskipped: not here"
    assert str(report) == f"Some, suite 1\n{told}"


def test_what_a_store_does_not_offer_is_skipped_and_not_granted() -> None:
    report = conformance_report(Plain, levels=["maintained", "shared"])
    assert report.granted == ()
    assert {result.message for result in report.results} == {
        "the store does not offer workspaces, verify and purge",
        "there are no cases for it yet",
    }
    assert not report.failures


def test_a_level_without_cases_is_never_granted() -> None:
    report = conformance_report(Memory, levels=["shared", "tenant", "tenant"])
    assert (report.granted, len(report.results)) == ((), 2)


def test_what_is_no_level_is_refused() -> None:
    with pytest.raises(InvalidValue):
        conformance_report(Memory, levels=["gold"])
    with pytest.raises(InvalidValue):
        conformance_report(Memory, levels=[]).counts("gold")


def test_a_report_is_plain_data() -> None:
    report = conformance_report(Memory, levels=["maintained"])
    told = json.loads(json.dumps(report.to_dict()))
    assert told["suite"] == "1"
    assert told["store"] == "MemoryStore"
    assert told["seed"] == 0
    assert told["seconds"] >= 0
    assert told["granted"] == ["maintained"]
    assert told["counts"] == {"maintained": {"passed": len(report.results), "failed": 0, "skipped": 0}}
    assert told["cases"][0] == {
        "level": "maintained",
        "case": report.results[0].case,
        "outcome": "passed",
        "message": "",
    }


def test_no_case_hides_another_of_the_same_name() -> None:
    parts = [part for part in StoreConformance.__mro__ if part is not object]
    names = [name for part in parts for name in vars(part) if name.startswith("test_")]
    assert len({*names}) == len(names)
