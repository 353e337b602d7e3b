"""The facts of a plan as one log that is cheap to extend."""

import copy
import pickle
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from goalkit import CheckIn, Observation, Revision, Transition
from goalkit.model.facts import FactLog, ObservationLog, standing, uncorrected
from goalkit.model.records import Fact

DAY = date(2026, 8, 10)


def check_in(number: int, *, goal: str = "k", days: int = 0) -> CheckIn:
    return CheckIn(goal=goal, on=DAY + timedelta(days=days), value=number, id=f"c{number}")


def grown(*facts: Fact) -> FactLog:
    log = FactLog()
    for fact in facts:
        log = log.extended([fact])
    return log


batches = st.lists(st.lists(st.integers(0, 10**6), max_size=5), max_size=20).map(
    lambda lists: [
        [CheckIn(goal=f"g{n % 3}", on=DAY + timedelta(days=n % 4), id=f"{at}.{place}") for place, n in enumerate(each)]
        for at, each in enumerate(lists)
    ]
)


@given(batches)
def test_a_log_keeps_facts_in_the_order_in_which_they_were_recorded(lists: list[list[CheckIn]]) -> None:
    log = FactLog()
    for each in lists:
        log = log.extended(each)
    flat = [fact for each in lists for fact in each]
    assert list(log) == flat
    assert len(log) == len(flat)
    assert log == FactLog().extended(flat)
    assert hash(log) == hash(FactLog().extended(flat))
    assert log.subjects() == {fact.goal for fact in flat}
    for goal in log.subjects():
        assert log.about(goal) == sorted((fact for fact in flat if fact.goal == goal), key=lambda fact: fact.on)
    for fact in flat:
        assert fact.id in log
        assert log.get(fact.id) is fact
    assert "nothing" not in log
    assert log.get("nothing") is None


@given(batches, st.integers(0, 4))
def test_a_log_until_a_day_holds_what_applies_to_it_or_before(lists: list[list[CheckIn]], days: int) -> None:
    flat = [fact for each in lists for fact in each]
    until = DAY + timedelta(days=days)
    assert list(FactLog().extended(flat).until(until)) == [fact for fact in flat if fact.on <= until]


@given(batches, batches)
def test_two_logs_differ_in_what_only_one_of_them_holds(one: list[list[CheckIn]], two: list[list[CheckIn]]) -> None:
    base = FactLog().extended(fact for each in one for fact in each)
    more = [CheckIn(goal="new", on=DAY, id=f"new.{fact.id}") for each in two for fact in each]
    longer = base
    for fact in more:
        longer = longer.extended([fact])
    assert longer.beyond(base) == (more, [])
    assert base.beyond(longer) == ([], more)
    assert longer.starts_with(base)
    assert base.starts_with(longer) is (not more)
    assert (longer == base) is (not more)


def test_recording_nothing_is_the_same_log() -> None:
    log = grown(check_in(1))
    assert log.extended([]) is log


def test_growing_a_log_leaves_the_old_one_alone() -> None:
    base = grown(check_in(1), check_in(2))
    one, two = base.extended([check_in(3)]), base.extended([check_in(4)])
    assert [fact.id for fact in base] == ["c1", "c2"]
    assert [fact.id for fact in one] == ["c1", "c2", "c3"]
    assert [fact.id for fact in two] == ["c1", "c2", "c4"]
    assert len({base, one, two}) == 3


def test_a_log_is_kept_in_few_chunks_however_it_grew() -> None:
    log = grown(*(check_in(number) for number in range(1000)))
    assert len(log._chunks) <= 10


def test_leaving_facts_out_shares_the_chunks_that_hold_none_of_them() -> None:
    base = FactLog().extended(check_in(number) for number in range(10)).extended([check_in(10)])
    without = base.without(frozenset({"c10"}))
    assert without._chunks == base._chunks[:1]
    assert [fact.id for fact in base.without(frozenset({"c0", "c1"}))] == [f"c{number}" for number in range(2, 11)]
    assert base.without(frozenset({"nothing"})) == base


def test_a_log_does_not_start_with_what_it_has_in_another_order() -> None:
    one, two = check_in(1), check_in(2)
    assert not grown(one, two).starts_with(grown(two, one))
    assert not grown(one, two).starts_with(grown(two))
    assert grown(one, two).starts_with(grown(one))


def test_the_order_of_one_goals_day_counts_and_no_other_order() -> None:
    one, two = check_in(1), check_in(2)
    assert grown(one, two) != grown(two, one)
    later, elsewhere = check_in(3, days=1), check_in(4, goal="l")
    assert grown(one, later, elsewhere) == grown(elsewhere, later, one)
    assert grown(one) != [one]
    assert grown(one) != grown(two)
    assert grown(CheckIn(goal="k", on=DAY, value=1, id="x")) != grown(CheckIn(goal="k", on=DAY, value=2, id="x"))


def test_revisions_come_oldest_day_first_and_of_one_day_as_recorded() -> None:
    late = Revision(goal="k", on=DAY + timedelta(days=1), changes={"title": "late"})
    first = Revision(goal="l", on=DAY, changes={"title": "first"})
    second = Revision(goal="k", on=DAY, changes={"title": "second"})
    log = grown(late, check_in(1), first, second)
    assert log.revisions() == [first, second, late]
    assert log.revisions("k") == [second, late]
    assert log.revisions("nothing") == []


def test_a_log_survives_pickling_and_copying() -> None:
    log = grown(check_in(1), check_in(2))
    assert pickle.loads(pickle.dumps(log)) == log  # noqa: S301 - our own bytes
    assert copy.deepcopy(log) == log


def test_a_corrected_check_in_no_longer_stands() -> None:
    wrong = check_in(1)
    right = CheckIn(goal="k", on=DAY, value=2, supersedes="c1", id="c2")
    assert standing([wrong, right]) == (right,)
    assert standing([wrong]) == (wrong,)
    assert standing([]) == ()


def test_a_correction_is_not_seen_before_its_day() -> None:
    wrong = check_in(1)
    right = CheckIn(goal="k", on=DAY + timedelta(days=3), value=2, supersedes="c1", id="c2")
    assert standing([wrong, right], DAY + timedelta(days=2)) == (wrong,)
    assert standing([wrong, right], DAY + timedelta(days=3)) == (right,)
    assert standing([wrong, right], DAY - timedelta(days=1)) == ()


def test_a_correction_of_a_correction_stands_alone() -> None:
    chain = [check_in(0), *(CheckIn(goal="k", on=DAY, id=f"c{n}", supersedes=f"c{n - 1}") for n in range(1, 5))]
    assert standing(chain) == (chain[-1],)


def test_only_check_ins_stand() -> None:
    assert standing([Transition(goal="k", on=DAY, stage="paused"), check_in(1)]) == (check_in(1),)


# -- observations


def seen(number: int, *, kpi: str = "k", days: int = 0, supersedes: str | None = None) -> Observation:
    return Observation(kpi=kpi, on=DAY + timedelta(days=days), value=number, id=f"o{number}", supersedes=supersedes)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=20), st.randoms(use_true_random=False))
def test_observations_of_other_days_and_kpis_may_be_recorded_in_any_order(
    drawn: list[tuple[int, int]], random: Random
) -> None:
    first = [seen(number, kpi=f"k{of}", days=days) for number, (of, days) in enumerate(drawn)]
    keys = {(each.kpi, each.on): 0.0 for each in first}
    places = {key: random.random() for key in keys}
    second = sorted(first, key=lambda each: places[each.kpi, each.on])  # it is stable, so one day keeps its order
    one, other = ObservationLog().extended(first), ObservationLog()
    for each in second:
        other = other.extended([each])
    assert one == other
    assert hash(one) == hash(other)
    assert one.by_subject() == other.by_subject()
    assert one.subjects() == {each.kpi for each in first}
    for of in one.subjects():
        assert one.about(of) == one.by_subject()[of] == sorted(one.about(of), key=lambda each: each.on)


def test_a_log_of_observations_is_no_log_of_facts() -> None:
    assert ObservationLog() != FactLog()
    assert ObservationLog().by_subject() == {}
    assert FactLog().by_goal() == {}
    log = FactLog().extended([check_in(2, days=1)]).extended([check_in(1), check_in(3, goal="l")])
    assert log.by_goal() == {"k": [check_in(1), check_in(2, days=1)], "l": [check_in(3, goal="l")]}


def test_the_order_of_one_kpis_day_counts() -> None:
    one, two = seen(1), seen(2)
    assert ObservationLog().extended([one, two]) != ObservationLog().extended([two, one])
    assert ObservationLog().extended([one, two]).without(frozenset({"o1"})) == ObservationLog().extended([two])


def test_observations_survive_pickling_and_copying() -> None:
    log = ObservationLog().extended([seen(1), seen(2)]).extended([seen(3, days=1)])
    assert pickle.loads(pickle.dumps(log)) == log  # noqa: S301 - our own bytes
    assert copy.deepcopy(log) == log
    assert list(log.until(DAY)) == [seen(1), seen(2)]
    assert log.until(DAY + timedelta(days=1)) is log


def test_what_was_corrected_no_longer_counts_and_the_rest_keeps_its_order() -> None:
    chain = [seen(0), seen(1, supersedes="o0"), seen(2, supersedes="o1"), seen(3, days=1)]
    assert uncorrected(chain) == (chain[2], chain[3])
    assert uncorrected(chain[2:]) == tuple(chain[2:])
    assert uncorrected([seen(4), seen(5)]) == (seen(4), seen(5))
    assert uncorrected(chain[1:2]) == (chain[1],)
    assert uncorrected([]) == ()
