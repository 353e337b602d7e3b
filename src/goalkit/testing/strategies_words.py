"""Strategies for words, texts, days and numbers, from tidy to nasty."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

#: The days that facts and periods lie between, where nothing else is asked for.
FIRST_DAY: Final = date(2026, 1, 1)
LAST_DAY: Final = date(2026, 12, 31)

_NASTY_WORDS: Final = (
    "'; drop table goals; --",
    '"quoted"',
    "<b>bold</b>",
    "..",
    "null",
    "__proto__",
    "2026-Q3",
    "1e5",
    "é",
    "e\u0301",
    "\u202eright to left",
    "👩\u200d👩\u200d👧",
    "\U0010ffff",
    "\ufeffmark",
    "a\u200bb",
    "=SUM(A1)",
    "[0].id",
    "a.b",
    "x" * 255,
)


def ids() -> SearchStrategy[str]:
    """Ids, from tidy to nasty."""
    alphabet = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
    anything = st.text(alphabet, min_size=1, max_size=12).map(str.strip).filter(bool)
    return st.one_of(st.text("abcdefgh", min_size=1, max_size=3), anything, st.sampled_from(_NASTY_WORDS))


def texts() -> SearchStrategy[str]:
    """Texts of any number of lines, or empty."""
    return st.one_of(st.text(_characters(), max_size=20), st.sampled_from((*_NASTY_WORDS, "two\r\nlines", "\t", " ")))


def _characters() -> SearchStrategy[str]:
    halves: list[Literal["Cs"]] = ["Cs"]
    return st.characters(exclude_categories=halves, exclude_characters="\0")


def titles() -> SearchStrategy[str]:
    """Texts of which something can be seen."""
    return texts().filter(lambda text: bool(text) and not text.isspace())


def words(max_size: int = 3) -> SearchStrategy[tuple[str, ...]]:
    """Several words, each once."""
    return st.lists(ids(), max_size=max_size, unique=True).map(tuple)


def days(first: date = FIRST_DAY, last: date = LAST_DAY) -> SearchStrategy[date]:
    """Days of 2026, or of another span."""
    return st.dates(first, last)


def any_days() -> SearchStrategy[date]:
    """Days that may be as far away as the calendar goes."""
    return st.one_of(days(), st.dates())


def measures() -> SearchStrategy[Decimal]:
    """Measured numbers, mostly of the size that people write, sometimes at the limits."""
    usual = st.decimals(-10_000, 10_000, places=2)
    sign, digits = st.sampled_from((0, 1)), st.integers(0, 10**30 - 1).map(lambda n: tuple(map(int, str(n))))
    limits = st.builds(lambda s, d, leading: Decimal((s, d, leading - len(d) + 1)), sign, digits, st.integers(-30, 30))
    tame = limits.map(lambda value: value or Decimal(0))
    return st.one_of(st.integers(-100, 100).map(Decimal), usual, tame)


def fractions() -> SearchStrategy[float]:
    """Probabilities and shares."""
    return st.one_of(st.sampled_from((0.0, 0.5, 1.0)), st.floats(0, 1, allow_subnormal=False).filter(_within_limits))


def weights() -> SearchStrategy[float]:
    """Weights of the size that people give, 0 among them."""
    return st.one_of(st.sampled_from((1.0, 2.0, 0.0, 0.5)), st.integers(1, 10_000).map(lambda n: n / 100))


def _within_limits(value: float) -> bool:
    return value == 0 or value >= _SMALLEST


def plain_data(max_leaves: int = 6) -> SearchStrategy[Any]:
    """Anything that JSON can hold, and that a host application may keep with a value."""
    text = st.text(_characters(), max_size=8)
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), text)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
        max_leaves=max_leaves,
    )


def extras() -> SearchStrategy[dict[str, Any]]:
    """What a host application keeps with a value."""
    return st.dictionaries(texts(), plain_data(), max_size=2)


_SMALLEST: Final = 1e-30
