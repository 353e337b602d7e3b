"""Every store keeps every promise of the protocol."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from goalkit.storage import Store, open_store
from goalkit.testing import (
    ConcurrentConformance,
    DurableConformance,
    MaintainedConformance,
    StoreConformance,
    StoreFactory,
)

#: Which stores are there to be tested.
WITH_FILE: Final = True
WITH_SQLITE: Final = True


class Memory(StoreFactory):
    def create(self) -> Store:
        return open_store("memory:")


class InAFolder(StoreFactory):
    """A store in a file, in a folder of its own; other processes get the path of it."""

    scheme = ""

    def __init__(self) -> None:
        self.folder = ""

    def create(self) -> Store:
        self._made = TemporaryDirectory(prefix="goalkit-")
        self.folder = self._made.name
        return self.open_again()

    def open_again(self) -> Store:
        return open_store(f"{self.scheme}:{Path(self.folder) / 'plans'}")

    def destroy(self) -> None:
        self._made.cleanup()

    def __getstate__(self) -> dict[str, str]:
        return {"folder": self.folder}


class File(InAFolder):
    scheme = "file"


class Sqlite(InAFolder):
    scheme = "sqlite"


class TestMemoryStore(StoreConformance):
    factory = Memory


class TestMemoryStoreMaintained(MaintainedConformance):
    factory = Memory


if WITH_FILE:

    class TestJsonFileStore(StoreConformance):
        factory = File

    class TestJsonFileStoreMaintained(MaintainedConformance):
        factory = File

    class TestJsonFileStoreConcurrent(ConcurrentConformance):
        factory = File

    class TestJsonFileStoreDurable(DurableConformance):
        factory = File


if WITH_SQLITE:

    class TestSqliteStore(StoreConformance):
        factory = Sqlite

    class TestSqliteStoreMaintained(MaintainedConformance):
        factory = Sqlite

    class TestSqliteStoreConcurrent(ConcurrentConformance):
        factory = Sqlite

    class TestSqliteStoreDurable(DurableConformance):
        factory = Sqlite
