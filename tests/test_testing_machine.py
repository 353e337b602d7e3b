"""A sound store agrees with the model in everything, and a broken one does not for long."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from goalkit.storage import Store
from goalkit.testing import StoreFactory, StoreMachine
from saboteurs import (
    BeginsRevisionsAnew,
    DoesRequestsAgain,
    GivesEveryChangeAnotherPlace,
    HasItsHeadAheadOfItsFeed,
    HidesDeletedRecords,
    IgnoresAnew,
    IgnoresCase,
    IgnoresFingerprints,
    IgnoresGuards,
    IgnoresKinds,
    LosesUpdates,
    MakesSomebodyUp,
    NamesOneClash,
    RewritesThePast,
    SwallowsErrors,
    TakesOneWorkspaceForAnother,
    TellsAllButTheLast,
    Wrapped,
    WritesHalfOfABatch,
)
from test_storage_conformance import File, Memory, Sqlite

QUICK = settings(max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=[*HealthCheck])
SEARCH = settings(
    max_examples=200,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)

CAUGHT: tuple[type[Wrapped], ...] = (
    BeginsRevisionsAnew,
    DoesRequestsAgain,
    GivesEveryChangeAnotherPlace,
    HasItsHeadAheadOfItsFeed,
    HidesDeletedRecords,
    IgnoresAnew,
    IgnoresCase,
    IgnoresFingerprints,
    IgnoresGuards,
    IgnoresKinds,
    LosesUpdates,
    MakesSomebodyUp,
    NamesOneClash,
    RewritesThePast,
    SwallowsErrors,
    TakesOneWorkspaceForAnother,
    TellsAllButTheLast,
    WritesHalfOfABatch,
)


def machine(made_by: type[StoreFactory]) -> type[StoreMachine]:
    class Machine(StoreMachine):
        factory = made_by

    return Machine


@pytest.mark.parametrize("factory", [Memory, File, Sqlite])
def test_a_sound_store_agrees_with_the_model(factory: type[StoreFactory]) -> None:
    run_state_machine_as_test(machine(factory), settings=QUICK)


@pytest.mark.parametrize("cls", CAUGHT, ids=lambda cls: str(cls.__name__))
def test_a_broken_store_does_not_agree_with_the_model(cls: type[Wrapped]) -> None:
    class Made(StoreFactory):
        def create(self) -> Store:
            return cls()

    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(Made), settings=SEARCH)
