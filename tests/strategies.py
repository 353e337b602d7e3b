"""Documents that are not all right, beside the values of `goalkit.testing.strategies`."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from goalkit.testing.strategies import plain_data, plans

#: The fields that name another thing, and so can be rewired.
REFERENCES = (
    "parent",
    "cycle",
    "goal",
    "depends_on",
    "supersedes",
    "continues",
    "kpi",
    "predicts",
    "affects",
    "measured_by",
)


@st.composite
def spoiled_rows(draw: DrawFn, /, **switches: Any) -> list[Any]:
    """The documents of a plan with some of them spoiled: fields lost or retyped, ids swapped, references rewired."""
    rows: list[Any] = draw(plans(**{"max_goals": 6, "max_facts": 4, "names_kpis": True, **switches})).to_dicts()
    for spoil in draw(st.lists(st.sampled_from(_SPOILERS), max_size=6)):
        if rows:
            at = draw(st.integers(0, len(rows) - 1))
            if isinstance(rows[at], dict):
                draw(spoil(rows, at))
    return rows


@st.composite
def _lose(draw: DrawFn, rows: list[Any], at: int) -> None:
    rows[at].pop(draw(st.sampled_from(sorted(rows[at]))) if rows[at] else None, None)


@st.composite
def _retype(draw: DrawFn, rows: list[Any], at: int) -> None:
    rows[at] = {**rows[at], draw(st.sampled_from((*sorted(rows[at]), "metric", "extra"))): draw(plain_data())}


@st.composite
def _retype_within(draw: DrawFn, rows: list[Any], at: int) -> None:
    nested = sorted(name for name, value in rows[at].items() if isinstance(value, dict) and value)
    if nested:
        name = draw(st.sampled_from(nested))
        inner = draw(st.sampled_from(sorted(rows[at][name])))
        rows[at] = {**rows[at], name: {**rows[at][name], inner: draw(plain_data())}}


@st.composite
def _swap_ids(draw: DrawFn, rows: list[Any], at: int) -> None:
    other = draw(st.integers(0, len(rows) - 1))
    if isinstance(rows[other], dict):
        rows[at]["id"], rows[other]["id"] = rows[other].get("id"), rows[at].get("id")


@st.composite
def _rewire(draw: DrawFn, rows: list[Any], at: int) -> None:
    known = [row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]
    one = st.sampled_from([*known, "nowhere"])
    name = draw(st.sampled_from(REFERENCES))
    several = st.lists(one, max_size=3)
    rewired = draw(several if name in {"depends_on", "affects"} else one | several if name == "parent" else one)
    if rows[at].get("kind") == "revision" and isinstance(rows[at].get("changes"), dict) and name != "goal":
        rows[at] = {**rows[at], "changes": {**rows[at]["changes"], name: rewired}}
    else:
        rows[at] = {**rows[at], name: rewired}


@st.composite
def _repeat(draw: DrawFn, rows: list[Any], at: int) -> None:
    rows.insert(draw(st.integers(0, len(rows))), {**rows[at], "title": draw(st.sampled_from(("Twin", None)))})


@st.composite
def _replace(draw: DrawFn, rows: list[Any], at: int) -> None:
    rows[at] = draw(plain_data())


_SPOILERS = (_lose, _retype, _retype_within, _swap_ids, _rewire, _rewire, _repeat, _replace)
