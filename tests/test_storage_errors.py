"""What errors of stores say, and what they are."""

import pickle

import pytest

from goalkit import GoalkitError
from goalkit.storage import (
    Batch,
    Clash,
    Conflict,
    Guard,
    Key,
    KeyReused,
    Kind,
    Position,
    Quiet,
    StorageError,
    errors,
)
from goalkit.storage.deciding import decide

LEAVES = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, StorageError) and each is not StorageError
]


@pytest.mark.parametrize("leaf", LEAVES)
def test_every_error_is_one_of_a_store_and_says_what_it_was_given(leaf: type[StorageError]) -> None:
    error = leaf("what happened")
    assert isinstance(error, GoalkitError)
    assert str(error) == "what happened"
    assert str(pickle.loads(pickle.dumps(error))) == "what happened"  # noqa: S301 - it was made here


def test_a_conflict_names_what_is_not_as_expected() -> None:
    clashes = [
        Clash(what="goal 'a'", expected=0, actual=2),
        Clash(what="goal 'b'", expected=1, actual=0),
        Clash(what="goal 'c'", expected=1, actual=3),
    ]
    conflict = Conflict("nothing was written", clashes)
    assert conflict.clashes == tuple(clashes)
    assert str(conflict) == (
        "nothing was written: goal 'a' is there already, in revision 2; "
        "goal 'b' is gone, and was expected in revision 1; goal 'c' is in revision 3, and was expected in 1"
    )
    again = pickle.loads(pickle.dumps(KeyReused("used", clashes)))  # noqa: S301 - it was made here
    assert (type(again), again.clashes, str(again)) == (KeyReused, tuple(clashes), str(KeyReused("used", clashes)))


def test_a_conflict_about_many_records_stays_short() -> None:
    conflict = Conflict("nothing was written", [Clash(what=f"goal '{n}'", expected=1, actual=2) for n in range(1000)])
    assert str(conflict).endswith("; and 996 more")
    assert len(conflict.clashes) == 1000


@pytest.mark.parametrize("many", [1, 2, 2_000])
def test_a_conflict_about_long_ids_stays_short(many: int) -> None:
    keys = [Key(Kind.GOAL, f"{n:04}{'x' * 10_000}") for n in range(many)]
    quiet = [Quiet(kind=Kind.FACT, since=0, about=f"{n:04}{'x' * 10_000}") for n in range(many)]
    with pytest.raises(Conflict) as caught:
        decide(Batch(guards=[Guard(key=key, expect=1) for key in keys]), current={}, disturbed=quiet, head=Position())
    assert len(caught.value.clashes) == many
    assert len(str(caught.value)) <= 500
    assert str(caught.value).count(f"; and {many - 1} more") == (2 if many > 1 else 0)
