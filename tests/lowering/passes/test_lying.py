"""In which order the axes of arrays come to lie: statements, and the orders that are found."""

from __future__ import annotations

import pytest

from symbp.equations.axis import Axis, Index
from symbp.lowering.arrays import (
    Assign,
    At,
    Call,
    Copy,
    Expand,
    Loop,
    MatMul,
    Name,
    Pick,
    Reduce,
    Slice,
    Take,
    Temporary,
    Tensordot,
    Transpose,
)
from symbp.lowering.passes.constant import parted
from symbp.lowering.passes.lying import by_time, lying
from symbp.lowering.passes.picked import counted, picked
from symbp.lowering.passes.turned import turned
from symbp.targets.numpy.matrices import Matrices
from symbp.targets.numpy.spelling import Spelling

N, H, T, S, D, I = (Axis(name, letter=name.lower()) for name in "NHTSDI")
n, h, t, s, d, i = (axis.index() for axis in (N, H, T, S, D, I))
HEADS = (0, 2, 1, 3)


def named(of):
    if isinstance(of, Temporary):
        return f"{of.label}_{of.number}"
    if isinstance(of, Index):
        return of.letter
    return of if isinstance(of, str) else of.axis.name.upper()


SPELLING = Spelling(named)


def array(name, *axes):
    return Name(name, axes=axes)


def sets(name, value):
    return Assign(Name(name, axes=value.axes), value)


def product(a, b, met, axes):
    return Tensordot((a, b), met, axes=axes)


w = array("w", h, d, i)
seen = sets("o", MatMul((array("p", n, h, t, s), array("v", n, h, s, d)), axes=(n, h, t, d)))
read = product(array("o", n, h, t, d), w, ((1, 3), (0, 1)), (n, t, i))


def test_a_product_is_written_as_the_next_one_reads_it():
    assert lying([seen, sets("z", read)]) == {"o": HEADS}


def test_what_comes_between_lies_so_too():
    o = array("o", n, h, t, d)
    twice = sets("o", Call((array("a", *o.axes), array("a", *o.axes)), "add", axes=o.axes))
    found = lying([Assign(Name("a", axes=o.axes), seen.value), twice, sets("z", read)])
    assert found == {"a": HEADS, "o": HEADS}


def test_gradients_have_a_place_of_their_own():
    assert lying([seen, sets("z", read)], kept={"o"}) == {}


def test_columns_that_do_not_lie_together_are_no_matrix_to_write_to():
    far = product(array("o", n, h, t, d), array("w", t, d, i), ((2, 3), (0, 1)), (n, h, i))
    assert lying([seen, sets("z", far)]) == {}
    first = product(array("o", n, h, t, d), array("w", n, d, i), ((0, 3), (0, 1)), (h, t, i))
    assert lying([seen, sets("z", first)]) == {"o": (1, 2, 0, 3)}


def test_heads_are_columns_of_a_product_of_rows():
    x = array("x", n, t, i)
    heads = product(x, array("w", i, h, d), ((2,), (0,)), (n, t, h, d))
    work = Name(Temporary("work", 1), axes=heads.axes)
    looked = Transpose(work, HEADS, axes=(n, h, t, d))
    bias = Expand(array("b", h, d), (1,), axes=(h, None, d))
    before = [Assign(work, heads), sets("q", Call((looked, bias), "add", axes=looked.axes))]
    written, total = turned(before)
    found = lying([written, total])
    assert found == {work.of: HEADS, "q": HEADS}
    spelled = Matrices(SPELLING, lambda of: found.get(of, ()))
    text = spelled.tensordot(written.value.arg, written.target, "q", written.value.order)
    assert text == (
        "x.reshape(N * T, -1).dot(w.reshape(I, -1),"
        " out=q.transpose(0, 2, 1, 3).reshape(N * T, H * D))"
    )


def test_a_product_that_is_read_turned_has_its_factors_in_the_other_order():
    q, k = (array(name, n, h, axis, d) for name, axis in (("q", t), ("k", s)))
    there = MatMul((k, Transpose(q, (0, 1, 3, 2), axes=(n, h, d, t))), axes=(n, h, s, t))
    work = Name(Temporary("work", 1), axes=there.axes)
    looked = Transpose(work, (0, 1, 3, 2), axes=(n, h, t, s))
    written, _ = turned([Assign(work, there), sets("S", Call((looked,), "exp", axes=looked.axes))])
    assert SPELLING.text(written.value) == "q @ k.transpose(0, 1, 3, 2)"


# ---- beside loops --------------------------------------------------------------------------------

LOOP = Loop(t, False, 0)
BY_TIME = (1, 0, 2)
LAST = (n, t, None)
state = Assign(Slice("h", 1, t, axes=(n, d)), Slice("u", 1, t, axes=(n, d)), loop=LOOP)


def test_what_belongs_to_a_time_lies_together():
    assert by_time([state]) == {"h": BY_TIME, "u": BY_TIME}


@pytest.mark.parametrize(
    ("name", "value", "order"),
    [
        ("a product", MatMul((array("h", n, t, d), array("w", d, i)), axes=(n, t, i)), BY_TIME),
        ("a function", Call((array("h", n, t, d),), "exp", axes=(n, t, d)), BY_TIME),
        ("the largest", Reduce(array("h", n, t, d), "max", (2,), axes=(n, t)), (1, 0)),
        (
            "what is kept",
            Reduce(array("h", n, t, d), "max", (2,), True, axes=(n, t, None)),
            BY_TIME,
        ),
        ("another one", Call((array("g", n, t, d),), "exp", axes=(n, t, d)), None),
    ],
)
def test_what_is_made_of_it_does_too(name, value, order):
    assert lying([state, sets("a", value)]).get("a") == order, name


def test_what_is_made_of_given_arrays_lies_as_what_it_is_read_beside():
    labels = Expand(array("l", n, t), (2,), axes=(n, t, None))
    same = sets("same", Call((labels, array("units", d)), "equal", axes=(n, t, d)))
    rest = Call((array("h", n, t, d), array("same", n, t, d)), "sub", axes=(n, t, d))
    assert lying([state, same, sets("delta", rest)])["same"] == BY_TIME


def test_an_input_is_copied_as_products_read_it():
    copy = sets("copy", Copy(array("x", n, t, i), axes=(n, t, i)))
    gradient = product(array("copy", n, t, i), array("h", n, t, d), ((0, 1), (0, 1)), (i, d))
    assert lying([state, copy, sets("dw", gradient)])["copy"] == BY_TIME


def test_labels_lie_as_what_they_choose_is_read():
    words, w = array("l", n, t), array("w", i, d)
    chosen = sets("a", Pick((w, words), 0, axes=(n, t, d)))
    places, rows = picked([chosen])
    read = product(array("a", n, t, d), array("h", n, t, d), ((0, 1), (0, 1)), (d, d))
    found = lying([state, places, rows, sets("dw", read)])
    assert (found[rows.target.of], found[places.target.of]) == (BY_TIME, (1, 0))


def test_entries_are_counted_as_they_lie():
    taken = sets("a", Take((array("u", n, t, d), array("l", n, t)), (N, T), axes=(n, t)))
    once, each = parted(picked([taken]))
    (start,), (_, entry) = counted(once, each, {})
    assert SPELLING.text(start.value) == "np.arange(N)[:, None] * T * D + np.arange(T) * D"
    (start,), (_, entry) = counted(once, each, {"u": BY_TIME})
    assert SPELLING.text(start.value) == "np.arange(N)[:, None] * D + np.arange(T) * N * D"
    assert isinstance(entry.value, At)
    assert entry.value.order == BY_TIME
    (start,), (place, entry) = counted(once, each, {"u": (2, 0, 1)})
    assert SPELLING.text(start.value) == "np.arange(N)[:, None] * T + np.arange(T)"
    assert SPELLING.text(place.value.args[1]) == "N * T"
    assert entry.value.order == (2, 0, 1)
