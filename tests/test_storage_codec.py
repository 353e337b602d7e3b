"""Documents as canonical text and back, and everything that is no document."""

import json
import os
import subprocess
import sys
from time import perf_counter
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from goalkit import CheckIn, Cycle, Objective, Observation, Plan
from goalkit.storage import Batch, InvalidDocument, Key, Kind, Put, Record, open_store
from goalkit.storage.codec import (
    DEEPEST,
    LONGEST,
    MOST_PARTS,
    about,
    canonical,
    decoded,
    encoded,
    key_of,
    loaded,
    read,
    type_of,
)
from goalkit.testing.strategies import plain_data, plans, things

APP = Objective(id="app", title="App")
TOLD = "a secret of the customer"


def record(thing: Any, doc: str | None = None, *, seq: int = 1) -> Record:
    """Return a record of a thing, with its own document or another."""
    text = encoded(thing) if doc is None else doc
    key, day = key_of(thing), getattr(thing, "on", None)
    return Record(key=key, rev=1, doc=text, type=type_of(thing), about=about(thing), on=day, seq=seq, born=seq)


# -- there and back


@given(plans(max_goals=5, max_facts=4, names_kpis=True))
def test_everything_that_a_plan_holds_comes_back_as_it_was(plan: Plan) -> None:
    records = [record(thing, seq=at) for at, thing in enumerate(things(plan), 1)]
    assert [read(each) for each in records] == things(plan)
    assert loaded(records) == (plan, ())
    for each in records:
        assert canonical(decoded(each.doc or "")) == each.doc


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), plain_data()), st.randoms())
def test_the_order_in_which_names_were_put_in_makes_no_difference(row: dict[str, Any], random: Any) -> None:
    names = list(row)
    random.shuffle(names)
    assert canonical({name: row[name] for name in names}) == canonical(row)


_PRINT = """
import decimal, locale, sys
decimal.setcontext(decimal.Context(prec=3, rounding=decimal.ROUND_UP, Emax=5, Emin=-5))
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
from goalkit import *
from goalkit.storage.codec import encoded
for thing in (
    KeyResult(id="é", title="x", metric=Increase(start="0.1", target="123456789.123456789"), parent={"q", "p"}),
    Objective(id="o", title="x", labels={"b", "a"}),
    CheckIn(goal="é", on="2026-08-10", value="98765432.10", extra={"z": 1.5, "a": [1, 2]}, by="ada"),
    Observation(kpi="k", on="2026-08-10", value="1e-20"),
):
    sys.stdout.buffer.write((encoded(thing) + "\\n").encode())
"""


def test_one_value_is_one_text_whatever_runs_it() -> None:
    printed = set()
    for seed, language, zone in (
        ("0", "C", "UTC"),
        ("1", "de_DE.UTF-8", "Asia/Tokyo"),
        ("7", "tr_TR.UTF-8", "EST5EDT"),
    ):
        given_ = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": language, "TZ": zone}
        done = subprocess.run([sys.executable, "-c", _PRINT], env=given_, capture_output=True, check=True)
        printed.add(done.stdout)
    (text,) = printed
    assert b"98765432.10" in text
    assert b"\xc3\xa9" in text


def test_a_document_that_is_too_large_is_not_written() -> None:
    with pytest.raises(InvalidDocument, match="1,048,576 are the most"):
        encoded(Objective(id="app", title="x" * LONGEST))


def test_only_facts_and_observations_are_about_something() -> None:
    seen = Observation(kpi="k", on="2026-08-10", value=1)
    assert [about(each) for each in (APP, CheckIn(goal="g", on="2026-08-10"), seen)] == ["", "g", "k"]
    assert [type_of(each) for each in (APP, Cycle.quarter(2026, 3), seen)] == ["objective", "cycle", "observation"]


# -- what is no document

_GOOD = '{"id":"a","kind":"objective","title":"A","version":1}'
_VALUES = {
    "NaN": "NaN",
    "infinity": "Infinity",
    "minus infinity": "-Infinity",
    "nan in lower case": "nan",
    "beyond floats": "1e400",
    "below floats": "-1e400",
    "many digits": "9" * 401,
    "a digit bomb": "9" * 200_000,
    "many decimals": "0." + "1" * 1000,
    "a long exponent": "1e" + "9" * 1000,
    "a leading zero": "01",
    "a plus": "+1",
    "hexadecimal": "0x10",
    "a dot alone": "1.",
    "no digit before the dot": ".5",
    "an underscore": "1_000",
    "full-width digits": "\uff11",
    "half a character": '"\\ud800"',
    "the other half": '"\\udfff"',
    "halves in the wrong order": '"\\udfff\\ud800"',
    "half a character as it is": '"\ud800"',
    "NUL": '"\\u0000"',
    "NUL as it is": '"\0"',
    "a control character": '"\x01"',
    "a line break": '"\n"',
    "a tab": '"\t"',
    "a wrong escape": '"\\x41"',
    "a short escape": '"\\u12"',
    "text without an end": '"never ends',
    "single quotes": "'a'",
    "no value": "",
    "undefined": "undefined",
    "Python's None": "None",
    "Python's True": "True",
    "a comment": "/* x */ 1",
    "a list without an end": "[1",
    "a comma at the end of a list": "[1,]",
    "two commas": "[1,,2]",
    "a wrong bracket": "[1}",
    "a name twice": '{"x":1,"x":2}',
    "a name twice by an escape": '{"x":1,"\\u0078":2}',
    "a name that is no text": "{1:2}",
    "a colon too many": '{"x"::1}',
    "a name without a value": '{"x"}',
    "a comma at the end": '{"x":1,}',
}
_PLACES = {
    "as a field": '{"id":"a","kind":"objective","title":%s}',
    "in a list": '{"extra":{"x":["y",%s]},"id":"a","kind":"objective","title":"A"}',
    "deep inside": '{"extra":{"x":[{"y":[{"z":%s}]}]},"id":"a","kind":"objective","title":"A"}',
}
_WHOLE: dict[str, Any] = {
    "nothing": "",
    "blanks": " \n\t ",
    "a list": f'["{TOLD}"]',
    "text": f'"{TOLD}"',
    "a number": "12345678901234567890",
    "a fraction": "0.5",
    "true": "true",
    "null": "null",
    "no JSON": TOLD,
    "a mark of the byte order": "\ufeff" + _GOOD,
    "something behind it": _GOOD + "x",
    "another one behind it": _GOOD + _GOOD,
    "NUL behind it": _GOOD + "\0",
    "cut off": _GOOD[:-1],
    "cut off within text": _GOOD[:20],
    "a bomb of lists": "[" * 500_000,
    "a bomb of lists that ends": "[" * 100_000 + "]" * 100_000,
    "a bomb of objects": '{"a":' * 100_000,
    "a bomb of both": '{"a":[' * 100_000,
    "one level too deep": '{"a":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1),
    "too many lists": '{"a":[' + "[]," * MOST_PARTS + "[]]}",
    "too many objects": '{"a":[' + "{}," * 300_000 + "{}]}",
    "too long": '{"a":"' + "x" * LONGEST + '"}',
    "much too long": "x" * 50_000_000,
    "quotes that are escaped": '"' + '\\"' * 500_000,
    "quotes that are escaped, with brackets": "[" * 101 + '"' + '\\"' * 500_000,
    "backslashes": '{"a":"' + "\\" * 900_000,
    "quotes alone": '"' * 1_000_000,
    "brackets in text without an end": '{"a":"' + "[" * 1_000_000,
    "closing brackets": "]" * 1_000_000,
    "blanks without an end": " " * 1_000_000,
    "XML": f"<goal>{TOLD}</goal>",
    "YAML": f"- id: {TOLD}",
    "a pickle": "\x80\x04\x95",
    "bytes": _GOOD.encode(),
    "a dict": {"id": TOLD},
    "None": None,
    "an int": 5,
    "a list of text": [_GOOD],
}
_HOSTILE = {
    **_WHOLE,
    **{
        f"{name} {where}": place.replace("%s", value)
        for name, value in _VALUES.items()
        for where, place in _PLACES.items()
    },
}


def test_there_are_many_ways_to_be_no_document() -> None:
    assert len(_HOSTILE) >= 150


@pytest.mark.parametrize("name", _HOSTILE)
def test_what_is_no_document_is_refused_at_once_and_never_shown(name: str) -> None:
    quickest, said = 1.0, ""
    for _ in range(3):
        start = perf_counter()
        with pytest.raises(InvalidDocument) as caught:
            decoded(_HOSTILE[name], "goal 'a'")
        quickest = min(quickest, perf_counter() - start)
        said = str(caught.value)
    assert quickest < 0.1
    assert len(said) < 500
    assert said.startswith("goal 'a' ")
    assert TOLD not in said
    assert "99999" not in said


@pytest.mark.parametrize("value", ["1e1000000", "1" + "0" * 100_000, "NaN", "-Infinity", "\uff11", "1_0", " 1", "0x1"])
def test_a_number_beyond_all_limits_in_text_is_read_at_once_and_no_number(value: str) -> None:
    doc = canonical({"kind": "check_in", "version": 1, "id": "c", "goal": "app", "on": "2026-08-10", "value": value})
    fact = CheckIn(goal="app", on="2026-08-10", id="c")
    start = perf_counter()
    plan, problems = loaded([record(APP), record(fact, doc)])
    assert perf_counter() - start < 1
    assert [problem.path for problem in problems] == ["fact 'c'.value"]
    assert plan.check_ins("app")[0].value is None
    with pytest.raises(InvalidDocument, match="fact 'c' cannot be read"):
        read(record(fact, doc))


def test_what_is_unusual_and_right_is_read() -> None:
    assert decoded('{"a":"\\u00e9\\t\\ud83d\\ude00","b":{"c":["\\u0041",1e3,-0.5,12]}}') == {
        "a": "é\t😀",
        "b": {"c": ["A", 1000.0, -0.5, 12]},
    }
    deep = '{"a":' * DEEPEST + "1" + "}" * DEEPEST
    assert canonical(decoded(deep)) == deep
    many = '{"a":[' + ",".join(["[]"] * 1000) + '],"b":"[[[[{{{{"}'
    assert canonical(decoded(many)) == many


# -- around what cannot be read

_NEWER = '{"id":"app","kind":"objective","title":"App","version":99}'


@pytest.mark.parametrize(
    ("doc", "said"),
    [
        ("no JSON", "is no document"),
        (_NEWER, "newer goalkit"),
        ('{"id":"app","kind":"dream","title":"App","version":1}', "a kind that this goalkit does not know"),
        ('{"id":"other","kind":"objective","title":"App","version":1}', "the document of something else"),
        ('{"id":"other","kind":"objective","version":1}', "the document of something else"),
        ('{"id":"app","kind":"check_in","goal":"app","on":"2026-08-10","version":1}', "the document of something else"),
    ],
)
def test_the_rest_is_read_around_what_cannot_be_and_nothing_of_it_is_lost(doc: str, said: str) -> None:
    other = Objective(id="other", title="Other")
    under = Objective(id="under", title="Under", parent="app")
    fact = CheckIn(goal="app", on="2026-08-10")
    with open_store("memory:") as store:
        acme = store.workspace("acme")
        acme.save(Plan.of(APP, other, under, fact))
        store.apply("acme", Batch(puts=[Put(key=key_of(APP), expect=1, doc=doc, type="objective")]))
        keys = [key_of(each) for each in (APP, under, fact)]
        before = store.read("acme", keys).records
        seen = store.workspace("acme").snapshot()
        assert list(seen.plan) == ["other", "under"]
        assert said in seen.problems[0].message
        assert seen.problems[0].path == "goal 'app'"
        acme.save(seen.plan.amend("other", title="Another"), base=seen)
        acme.record(CheckIn(goal="other", on="2026-08-10"))
        assert store.read("acme", keys).records == before
        with pytest.raises(Exception, match="goal 'app' is there already"):
            acme.save(acme.snapshot().plan.add(APP), base=acme.snapshot())
        store.apply("acme", Batch(puts=[Put(key=key_of(APP), expect=2, doc=encoded(APP), type="objective")]))
        again = acme.snapshot()
        assert (again.problems, again.plan["under"].parent[0].to) == ((), "app")
        assert again.plan.check_ins("app") == (fact,)


def test_a_plan_that_does_not_hold_together_is_salvaged_and_told() -> None:
    loose = Objective(id="loose", title="Loose", parent="nowhere")
    plan, problems = loaded([record(loose), evolve(record(APP), doc=None)])
    assert (list(plan), plan["loose"].parent) == (["loose"], ())
    assert [(each.path, each.code) for each in problems] == [("goal 'loose'.parent", "unknown_parent")]


def test_what_is_gone_has_no_content_to_read() -> None:
    with pytest.raises(InvalidDocument, match="goal 'app' has no content"):
        read(evolve(record(APP), doc=None))
    assert json.loads(encoded(APP))["id"] == "app"
    assert key_of(APP) == Key(Kind.GOAL, "app")
