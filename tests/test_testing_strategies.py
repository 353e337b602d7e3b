"""What the public strategies make is valid, and fits together."""

from hypothesis import given
from hypothesis import strategies as st

from goalkit import Plan
from goalkit.storage import Batch, Key, Kind
from goalkit.storage.codec import canonical, decoded
from goalkit.testing import strategies


@given(strategies.plans(max_goals=4, max_facts=3, names_kpis=True))
def test_plans_are_valid_and_come_back_from_their_documents(plan: Plan) -> None:
    assert Plan.from_dicts(plan.to_dicts()) == plan
    assert Plan.of(*strategies.things(plan)) == plan


@given(strategies.related_plans(max_goals=4, max_facts=3))
def test_related_plans_are_both_valid(both: tuple[Plan, Plan]) -> None:
    for plan in both:
        assert Plan.from_dicts(plan.to_dicts()) == plan


@given(strategies.docs())
def test_documents_are_canonical(doc: str) -> None:
    assert canonical(decoded(doc)) == doc


@given(
    st.lists(strategies.keys(), min_size=1, max_size=3, unique=True).flatmap(strategies.batches), strategies.batches()
)
def test_batches_are_about_the_keys_that_they_are_given(of_some: Batch, of_any: Batch) -> None:
    for batch in (of_some, of_any):
        assert len({put.key for put in batch.puts}) == len(batch.puts)


@given(strategies.batches([Key(Kind.GOAL, "nps")], {Key(Kind.GOAL, "nps"): 3}, 7))
def test_batches_expect_what_is_there_or_nearly(batch: Batch) -> None:
    assert {put.expect for put in batch.puts} <= {0, 1, 3, 4}
    assert {quiet.since for quiet in batch.quiet} <= {0, 6, 7}


def test_every_public_strategy_has_its_place() -> None:
    assert sorted(strategies.__all__) == strategies.__all__
    assert all(getattr(strategies, name) is not None for name in strategies.__all__)
