"""What every test run shares: executable documentation and the profiles of Hypothesis."""

import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from doctest import ELLIPSIS
from functools import partial
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import settings
from sybil import Document, Example, Region, Sybil
from sybil.document import PythonDocStringDocument
from sybil.integration.pytest import SybilItem
from sybil.parsers.doctest import DocTestParser
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.typing import Evaluator

# A deadline measures the machine, not the code.
settings.register_profile("default", deadline=None, max_examples=20)
settings.register_profile("ci", deadline=None, max_examples=20, derandomize=True, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.register_profile("fast", deadline=None, max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") == "true" else "default"))

_PRINTED = "what the last example printed"


def _python(document: Document) -> Iterator[Region]:
    """Yield the examples of a page, each of which keeps what it prints."""
    for region in PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)(document):
        if region.evaluator is not None:
            region.evaluator = partial(_printing, region.evaluator)
        yield region


def _printing(evaluate: Evaluator, example: Example) -> str | None:
    with redirect_stdout(StringIO()) as out:
        problem = evaluate(example)
    example.namespace[_PRINTED] = out.getvalue()
    return problem


def _output(example: Example) -> str | None:
    """Tell whether text below an example that prints something is what it prints."""
    printed, shown = example.namespace.pop(_PRINTED, ""), str(example.parsed)
    if not printed or printed.rstrip("\n") == shown.rstrip("\n"):
        return None
    return f"the page shows\n{shown}\nwhere the example above it prints\n{printed}"


_pages = Sybil(
    name="pages",
    parsers=[_python, CodeBlockParser(language="text", evaluator=_output), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
)
_docstrings = Sybil(
    name="docstrings",
    parsers=[DocTestParser(optionflags=ELLIPSIS)],
    patterns=["src/*/*.py", "src/*/*/*.py"],  # on Python 3.11, two stars are one
    document_types={".py": PythonDocStringDocument},
)

pytest_collect_file = (_pages + _docstrings).pytest()


_OF_HOLIDAYS = Path(__file__).parent / "src" / "goalkit" / "interop" / "holidays.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--holidays", action="store_true", help="run what needs the package holidays as well")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "holidays: needs the package holidays, and runs with --holidays alone")
    if config.getoption("holidays"):
        # A test that is skipped proves nothing, so that the package must be there.
        try:
            import_module("holidays")
        except ImportError as error:
            raise pytest.UsageError(f"--holidays needs the package: {error}") from error


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path == _OF_HOLIDAYS:
            item.add_marker("holidays")
    if not config.getoption("holidays"):
        left_out = [item for item in items if item.get_closest_marker("holidays")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("holidays")]
    # The examples of a page build on each other, so they run last and in the order of the page,
    # whatever order pytest-randomly has chosen for the tests.
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[str, int, int]:
    if isinstance(item, SybilItem):
        return (str(item.path), item.example.line, item.example.column)
    return ("", 0, 0)
