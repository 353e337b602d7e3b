"""Which goals and which KPIs belong together, on plans and formulas of any shape."""

from datetime import date

from goalkit import KPI, Formula, Increase, KeyResult, Objective, Plan
from goalkit.analysis.kpi_goals import kpis_of, without_goal, without_kpi
from goalkit.model.definitions import Definitions

TREE = [
    KPI(id="profit", title="P", kind="flow", formula=Formula("difference", ["revenue", "cost"])),
    KPI(id="revenue", title="R", kind="flow", formula=Formula("product", ["price", "volume"])),
    *(KPI(id=each, title=each, kind="flow") for each in ("cost", "price", "volume", "nps")),
]


def defined(*things: KPI | Objective) -> Definitions:
    return Plan.of(*things).definitions(date(2026, 9, 30))


def naming(*kpis: str) -> Objective:
    return Objective(id="o", title="O", affects=kpis)


def test_a_goal_names_what_it_affects_and_what_measures_it_once() -> None:
    way = Increase(start=0, target=1)
    assert kpis_of(KeyResult(id="k", title="K", affects=["b", "a"])) == ("b", "a")
    assert kpis_of(KeyResult(id="k", title="K", metric=way, measured_by="a", affects=["b"])) == ("b", "a")
    assert kpis_of(KeyResult(id="k", title="K", metric=way, measured_by="a", affects=["a"])) == ("a",)
    assert kpis_of(naming()) == ()


def test_a_goal_for_a_part_is_one_for_the_whole_and_the_other_way_round_but_not_for_the_other_parts() -> None:
    assert without_goal(defined(*TREE, naming("profit"))) == ["nps"]
    assert without_goal(defined(*TREE, naming("revenue"))) == ["cost", "nps"]
    assert without_goal(defined(*TREE, naming("cost"))) == ["revenue", "price", "volume", "nps"]
    assert without_goal(defined(*TREE, naming())) == [kpi.id for kpi in TREE]
    assert without_goal(defined(*TREE, naming("profit", "nps"))) == []


def test_a_goal_stands_alone_where_nothing_above_or_below_it_names_a_kpi() -> None:
    goals = [
        Objective(id="top", title="O"),
        Objective(id="left", title="O", parent="top", affects=["nps"]),
        Objective(id="right", title="O", parent="top"),
        Objective(id="both", title="O", parent=["left", "right"]),
        Objective(id="under", title="O", parent="both"),
        Objective(id="aside", title="O", parent="right"),
        Objective(id="alone", title="O"),
    ]
    # What is below left is moved through it, whatever else it is below of; right has nothing of the kind.
    assert without_kpi(defined(*TREE, *goals)) == ["right", "aside", "alone"]


def test_a_deep_tree_is_no_harm() -> None:
    chain = [KPI(id="0", title="K", kind="flow"), KPI(id="x", title="K", kind="flow")]
    chain += [
        KPI(id=str(at), title="K", kind="flow", formula=Formula("sum", [str(at - 1), "x"])) for at in range(1, 2000)
    ]
    assert without_goal(defined(*chain, naming("1999"))) == []
    assert without_goal(defined(*chain, naming("0"))) == ["x"]
