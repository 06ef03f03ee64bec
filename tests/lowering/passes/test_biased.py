"""A bias as one more row of the weights: where it is one, and where it has to stay apart."""

from __future__ import annotations

import pytest

from symbp.equations.axis import Axis, Index
from symbp.lowering.arrays import (
    Assign,
    Bordered,
    Call,
    Join,
    Joined,
    MatMul,
    Name,
    Neighbours,
    Reduce,
    Temporary,
    Transpose,
)
from symbp.lowering.passes.biased import COPIED, WIDEST, biased, columns
from symbp.lowering.passes.single import single
from symbp.targets.numpy.spelling import Spelling

N, I, J, K = (Axis(name, letter=name) for name in "nijk")
n, i, j, k = (axis.index() for axis in (N, I, J, K))
SIZES = {I: 4, J: 3, K: 5}
GRADIENTS = {"w": "dw", "b": "db", "v": "dv", "c": "dc"}


def named(of):
    if isinstance(of, Neighbours):
        return f"{of.first}_{of.last}"
    if isinstance(of, Temporary):
        return f"{of.of}_{of.label}" if of.of else f"{of.label}_{of.number}"
    return of.letter if isinstance(of, Index) else of if isinstance(of, str) else of.axis.name


SPELLING = Spelling(named)


def array(name, *axes):
    return Name(name, axes=axes)


def sets(name, value):
    return Assign(Name(name, axes=value.axes), value)


def turned(name, *axes):
    return Transpose(array(name, *axes), (1, 0), axes=axes[::-1])


def layer(u, z, w, b, before, behind):
    product = MatMul((array(z, n, before), array(w, before, behind)), axes=(n, behind))
    return sets(u, Call((product, array(b, behind)), "add", axes=(n, behind)))


def slopes(dw, db, z, delta, before, behind):
    product = MatMul((turned(z, n, before), array(delta, n, behind)), axes=(before, behind))
    total = Reduce(array(delta, n, behind), "sum", (0,), axes=(behind,))
    return [sets(dw, product), sets(db, total)]


def of_two_layers(**others):
    return single(
        [
            layer("u", "x", "w", "b", i, j),
            sets("z", Call((array("u", n, j),), "tanh", axes=(n, j))),
            layer("y", "z", "v", "c", j, k),
            *slopes("dv", "dc", "z", "e", j, k),
            *slopes("dw", "db", "x", "d", i, j),
            *others.values(),
        ]
    )


def spelled(statements):
    return [f"{named(s.target.of)} = {text(s.value)}" for s in statements]


def text(value):
    if isinstance(value, Bordered):
        return f"[{SPELLING.text(value.arg)} 1]"
    return SPELLING.text(value)


def written(statements, sizes=SIZES, gradients=GRADIENTS):
    return [line for line in spelled(biased(statements, sizes, gradients)) if "work" not in line]


def test_a_product_for_weights_and_bias():
    assert written(of_two_layers()) == [
        "x_own = x.copy()",
        "x_and_ones = [x_own 1]",
        "u = x_and_ones @ w_b",
        "z = np.tanh(u)",
        "z_and_ones = [z 1]",
        "y = z_and_ones @ v_c",
        "dv_dc = z_and_ones.T @ e",
        "dv = dv_dc[:j]",
        "dc = dv_dc[-1]",
        "dw_db = x_and_ones.T @ d",
        "dw = dw_db[:i]",
        "db = dw_db[-1]",
    ]


def test_samples_lie_innermost_beside_it():
    assert columns(biased(of_two_layers(), SIZES, GRADIENTS)) == dict.fromkeys(
        (Temporary("own", 0, "x"), Temporary("work", 1), "u", "z"), (1, 0)
    )


APART = {
    "another parameter lies between": (SIZES, {"w": "dw", "v": "dv", "b": "db", "c": "dc"}, ()),
    "the layer is wide": ({**SIZES, K: WIDEST + 1, I: COPIED + 1}, GRADIENTS, ()),
    "more than that is learnt from the bias": (
        SIZES,
        {"w": "dw", "b": "more", "v": "dv", "c": "more"},
        [sets("more", Reduce(array("y", n, j), "sum", (0,), axes=(j,)))],
    ),
}


@pytest.mark.parametrize(("sizes", "gradients", "more"), list(APART.values()), ids=APART)
def test_otherwise_it_is_added(sizes, gradients, more):
    before = of_two_layers(**{str(p): s for p, s in enumerate(more)})
    assert biased(before, sizes, gradients) == before


def test_a_single_unit_stays_apart():
    weights = MatMul((array("x", n, i), array("w", i)), axes=(n,))
    slope = MatMul((turned("x", n, i), array("d", n)), axes=(i,))
    before = single(
        [
            sets("u", Call((weights, array("b")), "add", axes=(n,))),
            sets("dw", slope),
            sets("db", Reduce(array("d", n), "sum", (0,))),
            sets("dv", slope),
            sets("dc", slope),
        ]
    )
    assert biased(before, SIZES, GRADIENTS) == before


def test_units_that_are_put_beside_others_stay_in_rows():
    both = Joined.of((J, K)).index()
    joined = sets("r", Join((array("z", n, j), array("y", n, k)), 1, axes=(n, both)))
    found = written(of_two_layers(r=joined))
    assert "y = z_and_ones @ v_c" not in found
    assert "u = x_and_ones @ w_b" in found
