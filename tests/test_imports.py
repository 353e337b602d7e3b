"""What `import goalkit` loads and what it offers."""

import inspect
import subprocess
import sys

import pytest

import goalkit

HEAVY = ["asyncio", "cattrs", "dateutil", "numpy", "pandas", "pydantic", "sqlite3"]


def test_importing_goalkit_loads_nothing_heavy() -> None:
    program = "import sys, goalkit; print(*sys.modules)"
    # Isolated, so that neither the environment nor the working directory can add an import.
    command = [sys.executable, "-I", "-W", "error", "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "goalkit" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_every_public_name_exists() -> None:
    assert [name for name in goalkit.__all__ if not hasattr(goalkit, name)] == []


def test_the_public_names_are_sorted_and_unique() -> None:
    # What is written in capitals comes first, as the linter has it.
    assert list(goalkit.__all__) == sorted(set(goalkit.__all__), key=lambda name: (not name.isupper(), name))


def test_a_star_import_gives_exactly_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from goalkit import *", names)  # noqa: S102 - only a string can hold a star import here
    names.pop("__builtins__")
    assert sorted(names) == sorted(goalkit.__all__)


@pytest.mark.parametrize("name", goalkit.__all__)
def test_every_public_class_and_function_has_an_example(name: str) -> None:
    thing = getattr(goalkit, name)
    if inspect.isclass(thing):
        # Its own docstring: one that is inherited describes something else.
        assert ">>> " in (vars(thing).get("__doc__") or "")
    elif inspect.isroutine(thing):
        assert ">>> " in (thing.__doc__ or "")


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Goals'"):
        goalkit.Goals  # noqa: B018 - asking is the point


def test_the_public_names_can_be_listed() -> None:
    assert set(goalkit.__all__) <= set(dir(goalkit))


def test_the_published_policies_are_an_attribute_too() -> None:
    assert goalkit.__getattr__("policies") is goalkit.policies
    assert goalkit.policies.PERDOO.name == "Perdoo"
