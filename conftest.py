"""What every test run shares: executable documentation and the profiles of Hypothesis."""

import os
from doctest import ELLIPSIS

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.integration.pytest import SybilItem
from sybil.parsers.doctest import DocTestParser
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser

# A deadline measures the machine, not the code.
settings.register_profile("default", deadline=None, max_examples=30)
settings.register_profile("ci", deadline=None, max_examples=30, derandomize=True, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.register_profile("fast", deadline=None, max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") == "true" else "default"))

_pages = Sybil(
    name="pages",
    parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
)
_docstrings = Sybil(
    name="docstrings",
    parsers=[DocTestParser(optionflags=ELLIPSIS)],
    patterns=["src/*/*.py", "src/*/*/*.py"],  # on Python 3.11, two stars are one
    document_types={".py": PythonDocStringDocument},
)

pytest_collect_file = (_pages + _docstrings).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The examples of a page build on each other, so they run last and in the order of the page,
    # whatever order pytest-randomly has chosen for the tests.
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[str, int, int]:
    if isinstance(item, SybilItem):
        return (str(item.path), item.example.line, item.example.column)
    return ("", 0, 0)
