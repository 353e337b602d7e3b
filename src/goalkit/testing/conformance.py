"""The cases of each level, to subclass in a test module."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .cases import Cases
from .cases_durable import DurableCases
from .cases_feed import FeedCases
from .cases_maintained import MaintainedCases
from .cases_queries import QueryCases
from .cases_records import RecordCases
from .cases_requests import RequestCases
from .cases_threads import SharedCases, ThreadCases
from .cases_workspaces import WorkspaceCases
from .cases_writing import WritingCases
from .machine import StoreMachine


class Level(StrEnum):
    """
    What a store is fit for. A level is granted only where every case of it ran and passed.

    Example:
        >>> Level("core") is Level.CORE
        True
    """

    #: Everything that `goalkit.storage.Store` promises, in one process.
    CORE = "core"
    #: Everything that `goalkit.storage.Maintained` promises.
    MAINTAINED = "maintained"
    #: Several handles, and several processes, on the same data.
    CONCURRENT = "concurrent"
    #: What was committed outlives the process, even one that is killed.
    DURABLE = "durable"
    #: Several machines. There are no cases for it yet, so that nobody has it.
    SHARED = "shared"
    #: Workspaces that are kept apart by the database itself. There are no cases for it yet, so that nobody has it.
    TENANT = "tenant"


class StoreConformance(
    RecordCases, WritingCases, RequestCases, FeedCases, QueryCases, WorkspaceCases, ThreadCases, Cases
):
    """
    The core: everything that a store promises. Subclass it in a test module, and name the factory.

    The subclass has no ``__init__`` and its name begins with ``Test``, as pytest wants it.

    Example:
        >>> from goalkit.storage import open_store
        >>> from goalkit.testing import StoreFactory
        >>> class Memory(StoreFactory):
        ...     def create(self):
        ...         return open_store("memory:")
        >>> class TestMemory(StoreConformance):
        ...     factory = Memory
    """

    def test_any_sequence_of_operations_agrees_with_the_model(self) -> None:
        """What no other case thought of: `StoreMachine` on this store."""

        class Machine(StoreMachine):
            factory = type(self).factory

        run_state_machine_as_test(seed(self.seed)(Machine), settings=_MACHINE)


class MaintainedConformance(MaintainedCases):
    """What an operator needs, for stores that offer `goalkit.storage.Maintained`."""


class ConcurrentConformance(SharedCases):
    """
    Several handles and processes, for stores whose factory has ``open_again``; it goes to the processes by pickle.

    Attributes:
        processes: How many processes take part.
    """


class DurableConformance(DurableCases):
    """
    What outlives the process, for stores whose factory has ``open_again``; it goes to the processes by pickle.

    Attributes:
        kills: How many writers are killed.
    """


#: The cases of each level that has some.
CASES: Final[dict[Level, type[Cases]]] = {
    Level.CORE: StoreConformance,
    Level.MAINTAINED: MaintainedConformance,
    Level.CONCURRENT: ConcurrentConformance,
    Level.DURABLE: DurableConformance,
}

_MACHINE: Final = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    database=None,
    suppress_health_check=[*HealthCheck],
    phases=[Phase.generate],  # whoever wants the shortest sequence runs the machine itself
    verbosity=Verbosity.quiet,
)
