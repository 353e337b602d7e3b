"""How a store under test is made, opened a second time, and removed."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ..storage import Store


class StoreFactory(ABC):
    """
    Makes one store to be tested; every case makes a factory of its own.

    Where stores are shared by processes, the factory goes to them by pickle, and each opens the store again.

    Example:
        >>> from goalkit.storage import open_store
        >>> class Memory(StoreFactory):
        ...     def create(self):
        ...         return open_store("memory:")
        >>> Memory().create()
        <MemoryStore>
    """

    @abstractmethod
    def create(self) -> Store:
        """Return a new, empty store; called once."""

    def open_again(self) -> Store | None:
        """Return another handle on the data of that store, in this process or another; None where there is none."""
        return None

    def destroy(self) -> None:
        """Remove what `create` has made; called last, when every handle is closed."""
        return  # a store that leaves nothing behind has nothing to remove
