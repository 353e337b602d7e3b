"""Workspaces: reading, saving, deciding again, and everything that ever was."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from threading import Barrier, Thread
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from goalkit import CheckIn, Cycle, Increase, InvalidPlan, InvalidValue, KeyResult, Objective, Plan, UnknownId
from goalkit.storage import (
    Batch,
    Conflict,
    Erased,
    FeedReset,
    Head,
    Key,
    KeyReused,
    Kind,
    Position,
    Put,
    Snapshot,
    Store,
    Workspace,
    open_store,
)
from goalkit.storage.saving import put_of
from goalkit.testing.strategies import plans
from interfering import Meanwhile

APP = Objective(id="app", title="App")
NPS = KeyResult(id="nps", title="NPS", parent="app", metric=Increase(start=42, target=70))
PLAN = Plan.of(Cycle.quarter(2026, 3), APP, NPS)
FIRST = CheckIn(goal="nps", on="2026-08-10", value=50)


@pytest.fixture
def store() -> Iterator[Meanwhile]:
    with Meanwhile() as opened:
        yield opened


@pytest.fixture
def acme(store: Store) -> Workspace:
    workspace = store.workspace("acme")
    workspace.save(PLAN, by="ada", why="the plan")
    return workspace


# -- reading


@given(st.lists(plans(details=False, names_kpis=True, max_goals=4, max_facts=3), min_size=1, max_size=4))
def test_catching_up_is_reading_everything_and_every_plan_is_there_as_it_was(several: list[Plan]) -> None:
    with open_store("memory:") as store:
        writer, follower = store.workspace("acme"), store.workspace("acme")
        taken = [writer.snapshot()]
        for plan in several:
            writer.save(plan, base=writer.snapshot(), by="ada")
            fresh = store.workspace("acme").snapshot()
            assert fresh.plan == plan
            assert follower.snapshot() == writer.snapshot() == fresh
            assert follower.snapshot().revs == fresh.revs
            assert [*follower.snapshot().plan] == [*fresh.plan]
            taken.append(fresh)
        for each in taken:
            assert writer.snapshot(at=each.position) == writer.snapshot(at=each.seq) == each
        changes = [*writer.changes()]
        assert [change.seq for change in changes] == list(range(1, taken[-1].seq + 1))
        by_key = {key: [each for each in changes if each.key == key] for key in {each.key for each in changes}}
        for key, told in by_key.items():
            assert writer.history(key.id, key.kind) == tuple(reversed(told))
        assert store.verify() == ()  # type: ignore[attr-defined]


def test_a_snapshot_is_a_value(acme: Workspace, store: Store) -> None:
    one, other = acme.snapshot(), store.workspace("acme").snapshot()
    assert one == other
    assert one is not other
    assert len({one, other, acme.snapshot()}) == 1
    acme.record(FIRST)
    assert acme.snapshot() != one
    assert one != evolve(one, workspace="another")
    assert repr(acme) == "<Workspace 'acme' of a Meanwhile>"


def test_nothing_is_read_again_where_nothing_changed(acme: Workspace) -> None:
    assert acme.snapshot() is acme.snapshot()
    assert acme.snapshot(at=0) == Snapshot(workspace="acme", plan=Plan(), position=Position())


def test_workspaces_do_not_know_of_each_other(acme: Workspace, store: Store) -> None:
    for name in ("ACME", "acme2", "acm", "é", "e\u0301"):
        assert store.workspace(name).snapshot().plan == Plan()
    other = store.workspace("other")
    with pytest.raises(InvalidValue, match="another_workspace"):
        other.save(PLAN, base=acme.snapshot())


@pytest.mark.parametrize("at", [-1, True, "1", 1.0, None])
def test_what_is_no_place_in_a_feed_is_refused(acme: Workspace, at: Any) -> None:
    with pytest.raises(InvalidValue, match="out_of_range"):
        acme.changes(after=at)
    if at is not None:
        with pytest.raises(InvalidValue, match="out_of_range"):
            acme.snapshot(at=at)


def test_a_place_beyond_the_end_is_told(acme: Workspace) -> None:
    with pytest.raises(FeedReset):
        acme.snapshot(at=99)
    with pytest.raises(FeedReset):
        [*acme.changes(after=99)]


def test_history_is_of_what_there_was(acme: Workspace) -> None:
    acme.update(lambda plan: plan.remove("nps"), by="ida", why="given up")
    assert [(each.why, each.deleted) for each in acme.history("nps")] == [("given up", True), ("the plan", False)]
    assert acme.history("2026-Q3", "cycle")[0].by == "ada"
    with pytest.raises(UnknownId, match="did you mean 'app'"):
        acme.history("ap")


@pytest.mark.parametrize("id_", [None, 7, "half \ud800"])
def test_what_is_no_id_has_no_history(acme: Workspace, id_: Any) -> None:
    with pytest.raises(InvalidValue):
        acme.history(id_)


def test_a_backup_that_was_put_back_is_noticed(acme: Workspace) -> None:
    later = acme.snapshot()
    with Meanwhile() as restored:
        other = restored.workspace("acme")
        for title in ("One", "Two", "Three", "Four"):
            other.save(Plan.of(Objective(id=title, title=title)))
        acme.store = restored  # type: ignore[misc]
        assert acme.snapshot() == other.snapshot()
        with pytest.raises(Conflict, match="an older state was put back"):
            acme.save(later.plan.add(Objective(id="new", title="New")), base=later)
        assert list(other.snapshot().plan) == ["One", "Two", "Three", "Four"]


def test_the_plan_as_it_was_is_not_told_once_something_of_it_was_erased(acme: Workspace, store: Meanwhile) -> None:
    commit = acme.record(FIRST, by="ida")
    follower = store.workspace("acme")
    follower.snapshot()
    assert store.inner.purge("acme", [Key(Kind.FACT, FIRST.id)], by="ada", why="asked to") == 1
    with pytest.raises(Erased, match="was erased"):
        acme.snapshot(at=commit)
    assert acme.snapshot() == follower.snapshot() == store.workspace("acme").snapshot()
    assert acme.snapshot(at=commit.seq - 1).plan == acme.snapshot().plan == PLAN


# -- saving


def test_saving_nothing_changes_nothing_and_keeps_the_key(acme: Workspace) -> None:
    seen = acme.snapshot()
    commit = acme.save(seen.plan, base=seen, key="request-1")
    assert (commit.changes, commit.seq) == (0, seen.seq)
    assert acme.save(PLAN.amend("app", title="x"), base=seen, key="request-1").replayed
    assert acme.snapshot() == seen


def test_a_save_that_is_sent_again_is_answered_though_its_base_is_old(acme: Workspace) -> None:
    seen = acme.snapshot()
    plan = seen.plan.amend("app", title="The app")
    first = acme.save(plan, base=seen, key="request-1")
    acme.update(lambda plan: plan.amend("app", title="Our app"))
    assert acme.save(plan, base=seen, key="request-1") == evolve(first, replayed=True)
    assert acme.snapshot().plan["app"].title == "Our app"


def test_a_save_that_is_sent_twice_at_once_is_carried_out_once(acme: Workspace, store: Meanwhile) -> None:
    # The first time, somebody else has been quicker; then the same request comes in between, by another way.
    seen = acme.snapshot()
    plan = seen.plan.add(Objective(id="under", title="Under", parent="app"))
    other = store.workspace("acme")
    answered: list[Any] = []

    def twice() -> None:
        other.update(lambda plan: plan.add(Objective(id="more", title="More")))
        store.before_changes = [late]

    def late() -> None:
        answered.append(other.save(plan, base=seen, key="request-1"))
        other.update(lambda plan: plan.remove("app", with_dependants=True))

    store.before_apply = [twice]
    assert acme.save(plan, base=seen, key="request-1") == evolve(answered[0], replayed=True)
    assert list(acme.snapshot().plan) == ["more"]


def test_a_conflict_that_the_plan_shows_is_told_as_one_with_a_key_too(acme: Workspace) -> None:
    seen = acme.snapshot()
    acme.record(FIRST)
    with pytest.raises(Conflict, match="unknown_goal"):
        acme.save(seen.plan.remove("nps"), base=seen, key="request-1")


def test_a_key_of_another_request_is_told_when_saving(acme: Workspace) -> None:
    acme.record(FIRST, key="request-1")
    told = Batch(key="request-1", fingerprint="other")
    seen = acme.snapshot()
    with pytest.raises(KeyReused, match="request-1"):
        acme._save(seen.plan.amend("app", title="x"), seen, told)


def test_saving_is_given_up_only_if_somebody_is_quicker_every_time(acme: Workspace, store: Meanwhile) -> None:
    numbers = iter(range(1000))
    other = store.workspace("acme")

    def interfere() -> None:
        store.inner.apply("acme", recorded_by_other(next(numbers)))

    def recorded_by_other(number: int) -> Batch:
        return Batch(puts=[put_of(CheckIn(goal="nps", on="2026-08-10", value=number), 0)])

    seen = acme.snapshot()
    store.before_apply = [interfere] * 5
    assert acme.save(seen.plan.amend("app", title="The app"), base=seen).changes == 1
    seen = acme.snapshot()
    store.before_apply = [interfere] * 100
    with pytest.raises(Conflict, match="moved on"):
        acme.save(seen.plan.amend("app", title="Our app"), base=seen)
    assert len(other.snapshot().plan.check_ins("nps")) == 105


def test_what_is_written_while_all_is_read_again_counts_too(acme: Workspace, store: Meanwhile) -> None:
    # Facts are put in another order beside what cannot be read, so that nothing is caught up with by the feed alone.
    other = store.workspace("acme")
    second, third = (evolve(FIRST, value=value, id="") for value in (51, 52))
    other.record(FIRST, second)
    store.inner.apply("acme", Batch(puts=[Put(key=Key(Kind.GOAL, "dream"), expect=0, doc="{}", type="dream")]))
    seen = acme.snapshot()
    assert seen.problems

    def quicker() -> None:
        other.update(lambda plan: plan.add(Objective(id="more", title="More")))
        store.after_read = [lambda: other.record(third)]

    store.before_apply = [quicker]
    with pytest.raises(Conflict, match="another order"):
        acme.save(PLAN.record(second, FIRST), base=seen)
    assert acme.snapshot().plan.check_ins("nps") == (FIRST, second, third)


def test_a_plan_without_a_base_is_put_beside_what_is_there(acme: Workspace) -> None:
    acme.save(Plan.of(Objective(id="more", title="More")))
    assert list(acme.snapshot().plan) == ["app", "nps", "more"]
    with pytest.raises(Conflict, match="goal 'app' is there already, in revision 1"):
        acme.save(Plan.of(APP))


def test_what_was_is_put_back_by_saving_it(acme: Workspace) -> None:
    before = acme.snapshot()
    acme.update(lambda plan: plan.remove("nps").amend("app", title="The app"))
    acme.save(acme.snapshot(at=before.position).plan, base=acme.snapshot(), why="put back")
    assert acme.snapshot().plan == before.plan
    assert [each.rev for each in acme.history("nps")] == [3, 2, 1]
    acme.record(FIRST)
    assert acme.snapshot().plan == before.plan.record(FIRST)


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"plan": "no plan"}, "wrong_kind"),
        ({"base": PLAN}, "wrong_kind"),
        ({"by": " x"}, "bad_id"),
        ({"why": 5}, "not_text"),
        ({"key": "x" * 256}, "bad_id"),
        ({"at": date(2026, 8, 10)}, "wrong_kind"),
        ({"at": datetime(2026, 8, 10)}, "no_zone"),  # noqa: DTZ001 - that is what is refused
        ({"at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))}, "out_of_range"),
        ({"at": datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-2)))}, "out_of_range"),
    ],
    ids=range(9),
)
def test_what_cannot_be_saved_is_refused(acme: Workspace, given_: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        acme.save(**{"plan": PLAN, **given_})


def test_a_commit_says_who_when_and_why(acme: Workspace) -> None:
    noon = datetime(2026, 8, 10, 12, tzinfo=timezone(timedelta(hours=2)))
    commit = acme.record(FIRST, by="ida", why="monday", at=noon)
    assert (commit.by, commit.why, commit.at) == ("ida", "monday", datetime(2026, 8, 10, 10, tzinfo=UTC))
    assert acme.history(FIRST.id, "fact")[0].at == noon


# -- deciding again


def test_a_decision_is_made_again_on_whatever_is_there_now(acme: Workspace, store: Meanwhile) -> None:
    other = store.workspace("acme")
    seen: list[int] = []

    def decide(plan: Plan) -> Plan:
        seen.append(len(plan.check_ins("nps")))
        return plan.amend("app", title=f"{seen[-1]} check-ins")

    store.before_apply = [lambda: other.record(FIRST)]
    assert acme.update(decide, by="ida").by == "ida"
    assert seen == [0, 1]
    assert acme.snapshot().plan["app"].title == "1 check-ins"


def test_deciding_is_given_up_after_some_attempts(acme: Workspace, store: Meanwhile) -> None:
    other = store.workspace("acme")
    numbers = iter(range(100))
    count = []

    def decide(plan: Plan) -> Plan:
        count.append(1)
        return plan.amend("app", title="Mine")

    def interfere() -> None:
        rest, store.before_apply = store.before_apply, []
        other.update(lambda plan: plan.amend("app", title=f"{next(numbers)}"))
        store.before_apply = rest

    store.before_apply = [interfere] * 10
    with pytest.raises(Conflict, match="goal 'app' is in revision"):
        acme.update(decide, attempts=3)
    assert len(count) == 3
    assert acme.snapshot().plan["app"].title == "2"


@pytest.mark.parametrize("attempts", [0, -1, "many", 1.5])
def test_somebody_tries_at_least_once(acme: Workspace, attempts: Any) -> None:
    with pytest.raises(InvalidValue, match="attempts"):
        acme.update(lambda plan: plan, attempts=attempts)


def test_a_decision_that_fails_leaves_nothing_behind(acme: Workspace, store: Meanwhile) -> None:
    before = acme.snapshot()

    def change_my_mind(plan: Plan) -> Plan:
        plan.amend("app", title="x")
        message = "changed my mind"
        raise Conflict(message)

    with pytest.raises(Conflict, match="changed my mind"):
        acme.update(change_my_mind, key="request-1")
    for answer in (None, "plan", before):
        with pytest.raises(InvalidValue, match="wrong_kind"):
            acme.update(lambda _, answer=answer: answer, key="request-1")  # type: ignore[misc]
    assert acme.snapshot() == before
    assert store.head("acme", "request-1").answered is None


def test_a_key_that_is_known_is_answered_before_anything_is_decided(acme: Workspace) -> None:
    first = acme.update(lambda plan: plan.amend("app", title="x"), key="request-1")
    assert acme.update(lambda _: pytest.fail("it was decided again"), key="request-1") == evolve(first, replayed=True)


def test_an_update_that_is_sent_twice_at_once_is_carried_out_once(acme: Workspace, store: Meanwhile) -> None:
    other = store.workspace("acme")
    answered: list[Any] = []

    def gone(plan: Plan) -> Plan:
        return plan.remove("app", with_dependants=True)

    def decide(plan: Plan) -> Plan:
        if not answered:
            answered.append(other.update(gone, key="request-1"))
            return plan.amend("app", title="never to be seen")
        return gone(plan)

    assert acme.update(decide, key="request-1") == evolve(answered[0], replayed=True)

    def too_late(plan: Plan) -> Plan:
        answered.append(other.update(lambda plan: plan.add(Objective(id="a", title="A")), key="request-2"))
        return gone(plan)

    assert acme.update(too_late, key="request-2") == evolve(answered[1], replayed=True)
    with pytest.raises(UnknownId):
        acme.update(gone, key="request-3")


def test_what_is_recorded_twice_at_once_is_recorded_once(
    acme: Workspace, store: Meanwhile, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = store.inner.workspace("acme")
    answered: list[Any] = []

    def head(workspace: str, key: str = "") -> Head:
        found = store.inner.head(workspace, key)
        if not answered:
            answered.append(other.record(FIRST, key="request-1"))
            other.update(lambda plan: plan.remove("app", with_dependants=True))
        return found

    monkeypatch.setattr(store, "head", head)
    assert acme.record(FIRST, key="request-1") == evolve(answered[0], replayed=True)
    with pytest.raises(InvalidPlan):
        acme.record(FIRST, key="request-2")


def test_a_key_that_another_request_took_meanwhile_is_told_at_once(acme: Workspace, store: Meanwhile) -> None:
    other = store.workspace("acme")
    store.before_apply = [lambda: other.record(FIRST, key="request-1")]
    told = Batch(key="request-1", fingerprint="other")
    with pytest.raises(KeyReused, match="request-1"):
        acme._update(lambda plan: plan.amend("app", title="x"), told)


def test_deciding_that_nothing_changes_changes_nothing(acme: Workspace) -> None:
    seen = acme.snapshot()
    assert acme.update(lambda plan: plan).changes == 0
    assert acme.snapshot() == seen


@pytest.mark.parametrize("shared", [False, True])
def test_no_increment_of_many_is_lost(acme: Workspace, store: Store, shared: bool) -> None:
    # Each writes a fact of its own, so that nothing but the decision itself keeps one from going unseen.
    start = Barrier(6)

    def work(person: int) -> None:
        workspace = acme if shared else store.workspace("acme")
        start.wait()
        for _ in range(10):
            workspace.update(lambda plan: plan.record(counted(plan, person)))

    def counted(plan: Plan, person: int) -> CheckIn:
        known = plan.check_ins("nps")
        return CheckIn(goal="nps", on="2026-08-10", value=len(known) + 1, by=f"person {person}")

    people = [Thread(target=work, args=(person,)) for person in range(6)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    assert [each.value for each in store.workspace("acme").snapshot().plan.check_ins("nps")] == list(range(1, 61))


def test_what_is_recorded_is_a_fact(acme: Workspace) -> None:
    with pytest.raises(InvalidValue, match="goals are saved"):
        acme.record(APP)  # type: ignore[arg-type]
    assert acme.record().changes == 0
