"""How results print."""

from goalkit.analysis.tables import MOST_ROWS, MOST_SIGNS, as_html, as_text, one_line


def test_columns_are_as_wide_as_they_need_to_be() -> None:
    assert as_text(["a", "b"], [["long one", "1"], ["x", "22"]], frozenset({1})).splitlines() == [
        "a          b",
        "long one   1",
        "x         22",
    ]


def test_a_line_break_in_a_cell_does_not_break_the_table() -> None:
    assert as_text(["a"], [["one\ntwo\tthree"]]).splitlines() == ["a", "one two three"]


def test_a_long_table_says_how_much_it_does_not_show() -> None:
    rows = [[str(row)] for row in range(MOST_ROWS + 5)]
    assert as_text(["a"], rows).splitlines()[-1] == "… and 5 more"
    assert as_html(["a"], rows).endswith("<p>… and 5 more</p>")


def test_whatever_is_in_a_cell_is_escaped() -> None:
    assert "<script>" not in as_html(["<script>"], [["<script>"]], frozenset({0}))


def test_an_empty_table_is_its_head() -> None:
    assert as_text(["goal"], []) == "goal"


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    assert one_line("A\ninjected\tline\x1b[31m\u202e") == "A injected line[31m"


def test_a_very_long_cell_is_cut() -> None:
    assert one_line("x" * 1_000_000) == "x" * (MOST_SIGNS - 1) + "…"
