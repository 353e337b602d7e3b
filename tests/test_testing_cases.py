"""What the cases are made of: they fail where they have to, and never hang."""

import multiprocessing
from collections.abc import Iterable

import pytest
from attrs import evolve

from goalkit.storage import Batch, Key, Kind, Page, Query, Store
from goalkit.testing import StoreFactory
from goalkit.testing import cases_threads as threads
from goalkit.testing.cases import ACME, Cases, every_record, goal, pages, put
from goalkit.testing.cases_durable import _write_on
from goalkit.testing.cases_maintained import MaintainedCases
from goalkit.testing.cases_queries import QueryCases
from goalkit.testing.model import Answer, Model, Refused, rows_of
from goalkit.testing.proving import refused
from goalkit.testing.reports import outcome_of
from goalkit.testing.workers import _opened, _Task
from saboteurs import TellsAllButTheLast, Wrapped
from test_storage_conformance import File, Memory, Sqlite


def factory_of(cls: type[Store]) -> type[StoreFactory]:
    class Made(StoreFactory):
        def create(self) -> Store:
            return cls()

    return Made


def test_another_error_than_the_wanted_one_is_told_with_its_cause() -> None:
    def fail() -> None:
        raise KeyError("nps")

    with pytest.raises(AssertionError, match="ValueError was wanted, and KeyError was raised: 'nps'") as raised:
        refused(ValueError, fail)
    assert isinstance(raised.value.__cause__, KeyError)


def test_a_store_that_never_tells_all_fails_and_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_PATIENCE", 0.05)

    class Of(threads.ThreadCases):
        factory = factory_of(TellsAllButTheLast)

    name = "test_whoever_follows_sees_every_change_once_while_others_write"
    assert outcome_of(Of, name) == ("failed", "all is done within 0.05 seconds")


@pytest.mark.parametrize("factory", [File, Sqlite])
def test_a_writer_writes_until_nobody_listens(factory: type[StoreFactory]) -> None:
    made = factory()
    store = made.create()
    for n in (1, 2):
        mine, others = multiprocessing.Pipe(duplex=False)
        mine.close()
        with pytest.raises(OSError, match=r"[Pp]ipe"):
            _write_on(made, others)
        others.close()
        assert [record.rev for record in store.read(ACME, [goal("a"), goal("b")]).records] == [n, n]
    store.close()
    made.destroy()


def test_a_writer_needs_a_store_that_can_be_opened_again() -> None:
    mine, others = multiprocessing.Pipe(duplex=False)
    _write_on(Memory(), others)
    others.close()
    with pytest.raises(EOFError):
        mine.recv()
    mine.close()


def test_a_worker_of_another_process_opens_the_store_again() -> None:
    made = File()
    store = made.create()
    done = _opened(made, 7, _Task(operations=3, seed=0, workspaces=(ACME,)))
    assert len(done) == 6
    assert {each.worker for each in done} == {7}
    store.close()
    made.destroy()
    with pytest.raises(AssertionError, match="opened again"):
        _opened(Memory(), 0, _Task(operations=1, seed=0, workspaces=(ACME,)))


def test_a_store_without_what_operators_need_fails_their_cases() -> None:
    class Plain(Wrapped):
        verify = None  # type: ignore[assignment]

    class Of(MaintainedCases):
        factory = factory_of(Plain)

    name = "test_reading_does_not_bring_a_workspace_about"
    assert outcome_of(Of, name) == ("failed", "the store offers workspaces, verify and purge")


def test_pages_that_do_not_get_on_fail() -> None:
    class Stands(Wrapped):
        def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
            return evolve(super().read(workspace, what, after=after, limit=limit), records=(), more=after)

    with pytest.raises(AssertionError, match="further on"):
        list(every_record(Stands(), ACME, Query(kind=Kind.GOAL), 1))

    class Of(QueryCases):
        factory = factory_of(Stands)

    outcome, message = outcome_of(Of, "test_a_page_begins_after_any_place")
    assert (outcome, message[:24]) == ("failed", "what comes after 0: got ")


def test_the_feed_is_read_from_any_place() -> None:
    made = Memory()
    store = made.create()
    store.apply(ACME, Batch(puts=[put("a"), put("b")]))
    first, second = pages(store, ACME, 1)
    assert [*pages(store, ACME, 1, first.position)] == [second]


def test_a_case_closes_every_handle_that_it_opened() -> None:
    class Of(Cases):
        factory = Sqlite

    case = Of()
    case.setup_method()
    handles = [case.store, case.again(), case.again()]
    case.teardown_method()
    for handle in handles:
        with pytest.raises(ValueError, match="closed"):
            handle.head(ACME)


def test_the_model_is_no_store_and_knows_what_one_does() -> None:
    model = Model()
    assert model.apply(Batch(puts=[put("a")], key="k", fingerprint="f")) == Answer(1, 1)
    assert model.apply(Batch(key="k")) == Answer(1, 1, replayed=True)
    assert model.apply(Batch(key="k", fingerprint="g")) == Refused("KeyReused")
    assert model.apply(Batch(puts=[put("a", 1, None)])) == Answer(2, 2)
    assert (model.rev(goal("a")), model.rev(goal("never")), model.seq) == (0, 0, 2)
    assert model.apply(Batch(puts=[put("a")])) == Answer(3, 3)
    assert [(row.rev, row.born) for row in model.rows] == [(1, 1), (2, 1), (3, 3)]
    assert model.asked(Query(kind=Kind.GOAL), 2) == []
    assert rows_of([]) == []
