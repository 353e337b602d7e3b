"""Recording facts without loading the plan."""

from collections.abc import Callable, Iterable
from threading import Barrier, Thread
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from goalkit import (
    KPI,
    CheckIn,
    Checklist,
    Cycle,
    Formula,
    Increase,
    InvalidPlan,
    KeyResult,
    Milestone,
    Objective,
    Observation,
    Plan,
    Revision,
)
from goalkit.model.kpis import Observation as Seen
from goalkit.model.records import Fact
from goalkit.storage import Batch, Conflict, Key, KeyReused, Kind, Page, Put, Store, Workspace, open_store
from goalkit.storage.codec import encoded
from goalkit.storage.recording import every, fingerprint_of, recorded
from goalkit.storage.records import Query
from goalkit.testing.strategies import check_ins, days, kpis, life_facts, observations, plans, revisions
from interfering import Meanwhile

APP = Objective(id="app", title="App")
NPS = KeyResult(id="nps", title="NPS", parent="app", metric=Increase(start=42, target=70))
STAFF = KPI(id="staff", title="Staff", kind="stock")
RATIO = KPI(id="ratio", title="Ratio", kind="ratio", formula=Formula("ratio", ["staff", "other"]))
PLAN = Plan.of(
    Cycle.quarter(2026, 3),
    APP,
    NPS,
    STAFF,
    RATIO,
    KPI(id="other", title="Other", kind="stock"),
    Milestone(id="m", title="M"),
)
FIRST = CheckIn(goal="nps", on="2026-08-10", value=50, by="ida")


def kept(store: Store, plan: Plan = PLAN) -> Workspace:
    """Return a workspace that holds a plan, and has not loaded it."""
    store.workspace("acme").save(plan, by="ada", why="the plan")
    return store.workspace("acme")


# -- what is accepted and what is refused


@st.composite
def facts(draw: DrawFn, plan: Plan) -> Fact | Seen:
    """Facts of every kind about a plan: right ones, wrong ones, and ones that are there, perhaps with other content."""
    known: list[Fact | Seen] = [*plan.facts, *plan.observed]
    kind = draw(
        st.sampled_from(("check_in", "check_in", "misfit", "life", "revision", "observation", "again", "other"))
    )
    goal_ids = [*plan, "nowhere"]
    on = draw(days())
    if kind == "observation":
        kpi = draw(st.sampled_from([*plan.kpis, *(KPI(id=f"k{n}", title="K", kind="ratio") for n in (0, 9))]))
        stranger = draw(kpis(id=kpi.id, details=False))
        earlier = [each.id for each in plan.observed] or ["no observation"]
        return draw(observations(draw(st.sampled_from((kpi, stranger))), on=on, supersedes=earlier, details=False))
    if kind in {"again", "other"} and known:
        fact = draw(st.sampled_from(known))
        return fact if kind == "again" else evolve(fact, on=on)
    goal_id = draw(st.sampled_from(goal_ids))
    if kind == "life":
        return draw(life_facts(goal_id, details=False))
    goal = plan.definitions(on).goals.get(goal_id, APP)
    if kind == "revision":
        named: dict[str, Any] = {"cycles": [each.id for each in plan.cycles], "kpis": [each.id for each in plan.kpis]}
        return evolve(draw(revisions(goal, above=goal_ids, details=False, **named)), goal=goal_id)
    like = goal if kind == "check_in" else draw(st.sampled_from([*plan.goals, NPS]))
    earlier = [each.id for each in plan.facts if isinstance(each, CheckIn)] or ["no check-in"]
    return evolve(draw(check_ins(like, on=on, supersedes=earlier, details=False)), goal=goal_id)


@st.composite
def plans_and_facts(draw: DrawFn) -> tuple[Plan, list[Fact | Seen]]:
    plan = draw(plans(details=False, names_kpis=True, max_goals=4, max_facts=5))
    return plan, draw(st.lists(facts(plan), min_size=1, max_size=3))


def told(record: Callable[[], Any]) -> tuple[list[tuple[str, str, str]], Any]:
    """Return the problems that recording raises, and what it returns."""
    try:
        return [], record()
    except InvalidPlan as error:
        return sorted({(each.code, each.path, each.message) for each in error.problems}), None


@given(plans_and_facts())
def test_a_store_accepts_and_refuses_exactly_what_a_plan_does(both: tuple[Plan, list[Fact | Seen]]) -> None:
    plan, new = both
    with open_store("memory:") as store:
        acme = kept(store, plan)
        wrong, after = told(lambda: plan.record(*new))
        refused, _ = told(lambda: acme.record(*new, by="ida"))
        assert refused == wrong
        snapshot = store.workspace("acme").snapshot()
        assert (snapshot.plan, snapshot.problems) == (plan if after is None else after, ())
        assert acme.snapshot() == snapshot
        assert store.verify() == ()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (CheckIn(goal="nowhere", on="2026-08-10"), "unknown_goal"),
        (CheckIn(goal="nps", on="2026-08-10", done=["x"]), "nothing_to_tick"),
        (CheckIn(goal="nps", on="2026-08-10", value=1, supersedes="nothing"), "unknown_check_in"),
        (Observation(kpi="nowhere", on="2026-08-10", value=1), "unknown_kpi"),
        (Observation(kpi="staff", on="2026-08-10", numerator=1, denominator=2), "no_parts"),
        (Observation(kpi="ratio", on="2026-08-10", numerator=1, denominator=2), "value_beside_formula"),
        (Observation(kpi="staff", on="2026-08-10", value=1, supersedes="nothing"), "unknown_observation"),
        (Revision(goal="nps", on="2026-08-10", changes={"parent": "nowhere"}), "unknown_parent"),
    ],
)
def test_one_wrong_fact_keeps_out_those_beside_it(fact: Fact | Seen, code: str) -> None:
    with open_store("memory:") as store:
        acme = kept(store)
        before = acme.snapshot()
        with pytest.raises(InvalidPlan, match=code):
            acme.record(FIRST, fact)
        assert acme.snapshot() == before


def test_an_equal_fact_with_another_spelling_of_its_value_is_the_same_fact() -> None:
    with open_store("memory:") as store:
        acme = kept(store)
        first = acme.record(CheckIn(goal="nps", on="2026-08-10", value="56", id="one"))
        assert acme.record(CheckIn(goal="nps", on="2026-08-10", value="56.0", id="one")).changes == 0
        assert acme.snapshot().seq == first.seq


# -- idempotency keys


def test_a_request_that_is_sent_again_is_answered_and_not_carried_out() -> None:
    with open_store("memory:") as store:
        acme = kept(store)
        first = acme.record(FIRST, key="request-1", by="ida", why="monday")
        acme.update(lambda plan: plan.remove("nps", with_dependants=True))
        again = acme.record(FIRST, key="request-1")
        assert again == evolve(first, replayed=True)
        assert "nps" not in acme.snapshot().plan


@pytest.mark.parametrize("reaches_far", [False, True])
def test_a_key_that_was_used_for_other_facts_is_told_by_its_name(reaches_far: bool) -> None:
    changes = {"parent": None, "weight": 2} if reaches_far else {"weight": 2}
    one = Revision(goal="nps", on="2026-08-10", changes=changes)
    other = evolve(one, on="2026-08-11", id="")
    with open_store("memory:") as store:
        acme = kept(store)
        first = acme.record(one, key="request-1")
        assert acme.record(one, key="request-1") == evolve(first, replayed=True)
        with pytest.raises(KeyReused, match="request-1"):
            acme.record(other, key="request-1")
        with pytest.raises(KeyReused, match="request-1"):
            acme.record(FIRST, key="request-1")
        assert acme.snapshot().plan == PLAN.record(one)


def test_a_key_is_kept_even_if_there_was_nothing_to_write() -> None:
    with open_store("memory:") as store:
        acme = kept(store)
        seq = acme.record(FIRST).seq
        assert (acme.record(FIRST, key="request-2").changes, store.head("acme", "request-2").answered is None) == (
            0,
            False,
        )
        assert acme.record(FIRST, key="request-2").replayed
        assert acme.snapshot().seq == seq


def test_facts_that_say_other_things_have_another_fingerprint() -> None:
    assert fingerprint_of([FIRST]) == fingerprint_of([FIRST]) != fingerprint_of([evolve(FIRST, value=51, id="")])


# -- beside others


def test_a_check_in_is_looked_at_again_if_its_goal_changed_meanwhile() -> None:
    with Meanwhile() as store:
        acme, other = kept(store), store.workspace("acme")
        store.before_apply = [lambda: other.update(lambda plan: plan.amend("nps", metric=None, rollup="minimum"))]
        assert acme.record(FIRST).changes == 1
        store.before_apply = [lambda: other.update(lambda plan: plan.remove("m"))]
        with pytest.raises(InvalidPlan, match="unknown_goal"):
            acme.record(CheckIn(goal="m", on="2026-08-10", value=True))
        assert acme.snapshot().problems == ()


def test_a_check_in_is_looked_at_again_if_its_goal_was_revised_meanwhile() -> None:
    measured = Revision(
        goal="nps", on="2026-08-01", changes={"metric": None, "rollup": "minimum", "measured_by": "staff"}
    )
    unmeasured = evolve(measured, changes={"measured_by": "staff", "rollup": None}, id="")
    with Meanwhile() as store:
        acme, other = kept(store), store.workspace("acme")
        store.before_apply = [lambda: other.record(unmeasured)]
        with pytest.raises(InvalidPlan, match="value_beside_kpi"):
            acme.record(FIRST)
        assert acme.snapshot().plan == PLAN.record(unmeasured)


def test_what_changed_while_it_was_read_is_read_again_before_a_fact_is_refused() -> None:
    with Meanwhile() as store:
        acme, other = kept(store), store.workspace("acme")
        new = KeyResult(id="late", title="Late")
        store.after_read = [lambda: other.update(lambda plan: plan.add(new))]
        assert acme.record(CheckIn(goal="late", on="2026-08-10", value=1)).changes == 1


@pytest.mark.parametrize("writes", [1, 200])
def test_recording_is_given_up_only_if_somebody_is_quicker_every_time(writes: int) -> None:
    with Meanwhile() as store:
        acme = kept(store)

        def rewrite() -> None:
            record = store.inner.read("acme", [Key(Kind.GOAL, "nps")]).records[0]
            doc = record.doc
            put = Put(key=record.key, expect=record.rev, doc=doc, type=record.type)
            store.inner.apply("acme", Batch(puts=[put]))

        store.before_apply = [rewrite] * writes
        if writes == 1:
            assert acme.record(FIRST).changes == 1
        else:
            with pytest.raises(Conflict, match="nps"):
                acme.record(FIRST)


def test_a_key_that_somebody_else_used_meanwhile_is_told_at_once() -> None:
    with Meanwhile() as store:
        acme, other = kept(store), store.workspace("acme")
        second = evolve(FIRST, value=51, id="")
        store.before_apply = [lambda: other.record(second, key="request-1")]
        with pytest.raises(KeyReused, match="request-1"):
            acme.record(FIRST, key="request-1")
        assert acme.snapshot().plan == PLAN.record(second)


def test_check_ins_of_many_people_on_one_goal_never_conflict() -> None:
    with open_store("memory:") as store:
        kept(store)
        start = Barrier(8)

        def work(person: int) -> None:
            acme = store.workspace("acme")
            start.wait()
            for number in range(20):
                acme.record(CheckIn(goal="nps", on="2026-08-10", value=number, by=f"person {person}"))

        people = [Thread(target=work, args=(person,)) for person in range(8)]
        for thread in people:
            thread.start()
        for thread in people:
            thread.join()
        assert len(store.workspace("acme").snapshot().plan.check_ins("nps")) == 160


# -- what is read for it


def test_what_is_read_to_record_does_not_grow_with_the_plan() -> None:
    with Meanwhile() as store:
        many = PLAN.add(*(Objective(id=f"o{n}", title="O") for n in range(2000)))
        acme = kept(store, many)
        acme.record(FIRST)
        assert store.reads == 2


def many_goals(store: Store, revisions: int = 0) -> Workspace:
    """Return a workspace with 20 key results, of which the first was revised as often as that."""
    goals = [KeyResult(id=f"kr{n}", title="KR", metric=Increase(start=0, target=10)) for n in range(20)]
    changes = [Revision(goal="kr0", on="2026-08-01", changes={"title": f"T{n}"}) for n in range(revisions)]
    last = Revision(goal="kr7", on="2026-08-05", changes={"metric": Checklist(items=["x"])})
    return kept(store, Plan.of(*goals, *changes, last))


@pytest.mark.parametrize(("revisions", "reads"), [(0, 2), (999, 2), (1000, 22)])
def test_the_revisions_of_many_goals_are_read_at_once_as_long_as_one_page_has_them(revisions: int, reads: int) -> None:
    with Meanwhile() as store:
        acme = many_goals(store, revisions)
        store.reads = 0
        ticked = CheckIn(goal="kr7", on="2026-08-10", done=["x"])
        acme.record(*(CheckIn(goal=f"kr{n}", on="2026-08-10", value=5) for n in range(20) if n != 7), ticked)
        assert store.reads == reads
        with pytest.raises(InvalidPlan, match="unknown_item"):
            acme.record(CheckIn(goal="kr7", on="2026-08-11", done=["y"]))
        assert len(acme.snapshot().plan.check_ins("kr7")) == 1


def test_a_revision_that_comes_while_much_is_recorded_is_seen() -> None:
    with Meanwhile() as store:
        acme = many_goals(store)
        turned = Revision(goal="kr3", on="2026-08-06", changes={"metric": Checklist(items=["x"])})
        store.before_apply = [lambda: store.workspace("acme").record(turned)]
        with pytest.raises(InvalidPlan, match="kr3"):
            acme.record(*(CheckIn(goal=f"kr{n}", on="2026-08-10", value=5) for n in range(20) if n != 7))
        assert acme.snapshot().plan.facts[-1] == turned


@pytest.mark.parametrize("goals", [1, 20])
def test_a_revision_that_becomes_something_else_while_facts_are_recorded_is_missed(goals: int) -> None:
    with Meanwhile() as store:
        acme = many_goals(store)
        last = acme.snapshot().plan.facts[-1]
        record = store.read("acme", [Key(Kind.FACT, last.id)]).records[0]
        other = encoded(CheckIn(id=last.id, goal="kr7", on="2026-08-05", note="no revision"))
        put = Put(key=record.key, expect=record.rev, doc=other, type="check_in", about="kr7", on=record.on)
        store.before_apply = [lambda: store.inner.apply("acme", Batch(puts=[put]))]
        others = [CheckIn(goal=f"kr{n}", on="2026-08-10", value=5) for n in range(goals) if n != 7]
        with pytest.raises(InvalidPlan, match="kr7"):
            acme.record(CheckIn(goal="kr7", on="2026-08-10", done=["x"]), *others)
        assert [each.note for each in acme.snapshot().plan.check_ins("kr7")] == ["no revision"]


def test_what_clashes_with_something_that_nobody_here_can_read_is_told_at_once() -> None:
    with Meanwhile() as store:
        acme = kept(store)
        tomorrow = '{"id":"x","kind":"dream","version":2}'
        store.apply("acme", Batch(puts=[Put(key=Key(Kind.FACT, "x"), expect=0, doc=tomorrow, type="dream")]))
        applied: list[int] = []
        store.before_apply = [lambda: applied.append(1)] * 1000
        with pytest.raises(Conflict, match="fact 'x' is there already"):
            acme.record(CheckIn(goal="nps", on="2026-08-10", value=50, id="x"))
        assert len(applied) == 2


def test_records_by_their_keys_may_be_told_in_any_order() -> None:
    class Turning(Meanwhile):
        def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
            page = super().read(workspace, what, after=after, limit=limit)
            is_turned = self.reads % 2 and not isinstance(what, Query)
            return evolve(page, records=page.records[::-1]) if is_turned else page

    with Turning() as store:
        acme = kept(store)
        wrong = CheckIn(goal="m", on="2026-08-10", value=50)
        with pytest.raises(InvalidPlan, match="not within 0 and 1"):
            acme.record(FIRST, wrong)


def test_a_goal_that_was_read_before_is_read_anew_where_it_changed() -> None:
    with open_store("memory:") as store:
        acme = kept(store)
        acme.record(CheckIn(goal="nps", on="2026-08-10", note="we begin"))
        other = store.workspace("acme")
        other.update(lambda plan: plan.amend("nps", metric=Checklist(items=["x"])))
        with pytest.raises(InvalidPlan):
            acme.record(CheckIn(goal="nps", on="2026-08-11", value=51))
        acme.record(CheckIn(goal="nps", on="2026-08-11", done=["x"]))
        other.update(lambda plan: plan.remove("nps", with_dependants=True))
        with pytest.raises(InvalidPlan, match="unknown_goal"):
            acme.record(CheckIn(goal="nps", on="2026-08-12", done=["x"]))


def test_a_goal_that_cannot_be_read_alone_is_read_with_the_whole_plan() -> None:
    with open_store("memory:") as store:
        acme = kept(store)
        record = store.read("acme", [Key(Kind.GOAL, "nps")]).records[0]
        spoiled = (record.doc or "").replace('"title"', '"no_title"')
        store.apply("acme", Batch(puts=[Put(key=record.key, expect=1, doc=spoiled, type=record.type)]))
        told_ = Batch()
        assert recorded(store, "acme", told_, [FIRST], {}) is None
        acme.record(FIRST)
        snapshot = acme.snapshot()
        assert (snapshot.plan["nps"].title, snapshot.plan.check_ins("nps")) == ("nps", (FIRST,))
        assert [each.path for each in snapshot.problems] == ["goal 'nps'.title"]


def test_all_pages_are_read() -> None:
    with open_store("memory:") as store:
        kept(store, Plan.of(*(Objective(id=f"o{n}", title="O") for n in range(2001))))
        assert len([*every(store, "acme", Query(kind="goal"))]) == 2001
