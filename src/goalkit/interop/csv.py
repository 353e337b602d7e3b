"""
Check-ins, and observations of KPIs, as CSV, as a spreadsheet makes them.

The first line names the columns, in any order. Of check-ins, ``goal`` and ``on`` must be there;
``value``, ``done`` (the names of items or actions, separated by ``;``), ``status``, ``confidence``,
``note``, ``next_steps``, ``by``, ``supersedes`` and ``id`` may be. Of observations, ``kpi`` and ``on``
must be there; ``value``, ``numerator``, ``denominator``, ``count``, ``unit``, ``note``, ``by``,
``supersedes`` and ``id`` may be, and every row has a value or both parts of a ratio. Any other column
is kept in ``extra`` as text. A cell in which nothing can be seen is not given. Numbers are exact, and
``true`` and ``false`` are taken as such where a check-in has a value.
"""

from __future__ import annotations

from collections.abc import Iterable
from os import fspath
from typing import Final

from ..model.kpis import Observation
from ..model.records import CheckIn
from ..values import instance
from . import files
from .csv_rows import Sheet, read, written

_CHECK_INS: Final = Sheet(
    cls=CheckIn,
    subject="goal",
    free_text=("note", "next_steps"),
    listed=("done",),
    boolean=("value",),
    hint="give the check-ins of a plan",
)
_OBSERVATIONS: Final = Sheet(
    cls=Observation,
    subject="kpi",
    free_text=("note",),
    hint="give the observations of a plan",
)
_READ_FILES: Final = "read a file with load"


def load(path: files.FilePath) -> tuple[CheckIn, ...]:
    r"""
    Return the check-ins that a CSV file holds.

    Args:
        path: Where the file is.

    Raises:
        OSError: If it cannot be opened.
        InvalidPlan: If something cannot be read; every problem is named, with file, line and column.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "check_ins.csv")
        ...     size = path.write_text("goal;on;value\nnps;2026-08-10;56\n")
        ...     load(path)[0].value
        Decimal('56')
    """
    return loads(files.read(path), name=fspath(path))


def loads(text: str, *, name: str = "<text>") -> tuple[CheckIn, ...]:
    r"""
    Return the check-ins that a CSV text holds, in its order.

    Args:
        text: The text. Whether commas, semicolons or tabs separate its cells is decided by its first line.
        name: What problems call it.

    Raises:
        InvalidPlan: If something cannot be read; every problem is named, with line and column.

    Example:
        >>> [check_in] = loads("goal,on,value,note\nnps,2026-08-10,56,the campaign landed\n")
        >>> check_in.value, check_in.note
        (Decimal('56'), 'the campaign landed')
    """
    return read(_CHECK_INS, instance(str, text, _READ_FILES), name)


def load_observations(path: files.FilePath) -> tuple[Observation, ...]:
    r"""
    Return the observations of KPIs that a CSV file holds.

    Args:
        path: Where the file is.

    Raises:
        OSError: If it cannot be opened.
        InvalidPlan: If something cannot be read; every problem is named, with file, line and column.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "observations.csv")
        ...     size = path.write_text("kpi;on;value\nrevenue;2026-07-31;103.5\n")
        ...     load_observations(path)[0].value
        Decimal('103.5')
    """
    return loads_observations(files.read(path), name=fspath(path))


def loads_observations(text: str, *, name: str = "<text>") -> tuple[Observation, ...]:
    r"""
    Return the observations of KPIs that a CSV text holds, in its order.

    Args:
        text: The text. Whether commas, semicolons or tabs separate its cells is decided by its first line.
        name: What problems call it.

    Raises:
        InvalidPlan: If something cannot be read; every problem is named, with line and column.

    Example:
        >>> [observation] = loads_observations("kpi,on,numerator,denominator\nsolved,2026-07-28,81,87\n")
        >>> observation.numerator, observation.denominator
        (Decimal('81'), Decimal('87'))
    """
    return read(_OBSERVATIONS, instance(str, text, _READ_FILES), name)


def dump(check_ins: Iterable[CheckIn], path: files.FilePath) -> None:
    """
    Write check-ins to a CSV file, as `dumps` makes it.

    Args:
        check_ins: The check-ins.
        path: Where the file is, or will be.

    Raises:
        OSError: If it cannot be written.
        InvalidValue: If CSV cannot hold something; nothing is written then.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     dump([CheckIn(goal="nps", on="2026-08-10", value=56)], Path(folder, "check_ins.csv"))
        ...     load(Path(folder, "check_ins.csv"))[0].goal
        'nps'
    """
    files.write(path, dumps(check_ins))


def dumps(check_ins: Iterable[CheckIn]) -> str:
    """
    Return check-ins as CSV that reads back equal: ``loads(dumps(check_ins)) == tuple(check_ins)``.

    There are columns for what is used. An id that follows from what a check-in says is left out,
    unless another check-in names it. A lone ``;`` says that none of the actions are done.

    Args:
        check_ins: The check-ins. What they keep in ``extra`` must be text in which something can be seen.

    Raises:
        InvalidValue: ``not_flat``, if CSV cannot hold something; everything that it cannot hold is named.

    Example:
        >>> print(dumps([CheckIn(goal="nps", on="2026-08-10", value=56, by="ida")]), end="")
        goal,on,value,by
        nps,2026-08-10,56,ida
    """
    return written(_CHECK_INS, check_ins)


def dump_observations(observations: Iterable[Observation], path: files.FilePath) -> None:
    """
    Write observations of KPIs to a CSV file, as `dumps_observations` makes it.

    Args:
        observations: The observations.
        path: Where the file is, or will be.

    Raises:
        OSError: If it cannot be written.
        InvalidValue: If CSV cannot hold something; nothing is written then.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "observations.csv")
        ...     dump_observations([Observation(kpi="staff", on="2026-07-28", value=10)], path)
        ...     load_observations(path)[0].kpi
        'staff'
    """
    files.write(path, dumps_observations(observations))


def dumps_observations(observations: Iterable[Observation]) -> str:
    """
    Return observations of KPIs as CSV that `loads_observations` reads back equal.

    There are columns for what is used. An id that follows from what an observation says is left out,
    unless another observation names it.

    Args:
        observations: The observations. What they keep in ``extra`` must be text in which something can be seen.

    Raises:
        InvalidValue: ``not_flat``, if CSV cannot hold something; everything that it cannot hold is named.

    Example:
        >>> print(dumps_observations([Observation(kpi="staff", on="2026-07-28", value=10, by="ida")]), end="")
        kpi,on,value,by
        staff,2026-07-28,10,ida
    """
    return written(_OBSERVATIONS, observations)
