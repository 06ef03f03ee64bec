"""The passes for arrays that are seen in windows, one by one: statements before and after."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Integer

from symbp.equations.axis import Axis
from symbp.equations.calculus import Partial
from symbp.equations.tensor import Role, Tensor
from symbp.lowering.arrays import (
    Assign,
    Call,
    Copy,
    Expand,
    First,
    Name,
    Overlay,
    Range,
    Reduce,
    Reshape,
    Steps,
    Temporary,
    Tensordot,
    Transpose,
    Window,
)
from symbp.lowering.arrays import Const as Number
from symbp.lowering.passes.first import first
from symbp.lowering.passes.flat import flat
from symbp.lowering.passes.gathered import gathered
from symbp.lowering.passes.innermost import innermost
from symbp.lowering.passes.pooled import pooled
from symbp.lowering.passes.split import split
from symbp.lowering.passes.tall import tall
from symbp.lowering.passes.turned import turned
from symbp.lowering.schedule import live
from symbp.targets.numpy.helpers import earliest, overlaid, pieces, windows
from symbp.targets.numpy.inplace import InPlace
from symbp.targets.numpy.matrices import Matrices
from symbp.targets.numpy.overlapping import overlapping
from symbp.targets.numpy.spelling import Spelling

N, C, I, K, P, O, R = (Axis(name, letter=name.lower()) for name in "NCIKPOR")
n, c, i, k, p, o, r = (axis.index() for axis in (N, C, I, K, P, O, R))
SIZES = {C: 4, I: 6, K: 3, P: 2, O: 5, R: 7}
SIDE_BY_SIDE = Steps((K, P), (2, 1), 0)
OVERLAPPING = Steps((I, P), (1, 1), 0)


def named(of):
    if isinstance(of, Temporary):
        return f"{of.label}_{of.number}"
    return of if isinstance(of, str) else str(SIZES.get(getattr(of, "axis", None), "N"))


SPELLING = Spelling(named)


def array(name, *axes):
    return Name(name, axes=axes)


def work(number, *axes):
    return Name(Temporary("work", number), axes=axes)


def sets(target, value):
    target = target if isinstance(target, Name) else Name(target, axes=value.axes)
    return Assign(target, value)


def spelled(statements):
    return [f"{named(s.target.of)} = {SPELLING.text(s.value)}" for s in statements]


x, z, u = array("x", n, r), array("z", n, i), array("u", n, c, i)
READ = Tensor("x", (N, C, R), Role.INPUT)
SEEN = Window(Name(READ, axes=(n, c, r)), 2, OVERLAPPING, axes=(n, c, i, p))
W = array("w", o, c, p)


# ---- other shapes --------------------------------------------------------------------------------


def test_windows_side_by_side_are_another_shape():
    (one,) = flat([sets("a", Window(z, 1, SIDE_BY_SIDE, axes=(n, k, p)))], SIZES)
    assert SPELLING.text(one.value) == "z.reshape(N, 3, 2)"
    whole = Overlay(array("g", n, k, p), (1, 2), SIDE_BY_SIDE, I, axes=(n, i))
    (one,) = flat([sets("a", whole)], SIZES)
    assert SPELLING.text(one.value) == "g.reshape(N, 6)"


LEFT = {
    "they overlap": Window(x, 1, OVERLAPPING, axes=(n, i, p)),
    "they begin later": Window(x, 1, Steps((K, P), (2, 1), 1), axes=(n, k, p)),
    "something is left over": Window(x, 1, SIDE_BY_SIDE, axes=(n, k, p)),
    "they are in another order": Window(z, 1, Steps((P, K), (1, 2), 0), axes=(n, p, k)),
    "what is overlaid is repeated": Overlay(
        Expand(array("g", n, k), (2,), axes=(n, k, None)), (1, 2), SIDE_BY_SIDE, I, axes=(n, i)
    ),
}


@pytest.mark.parametrize("value", LEFT.values(), ids=LEFT)
def test_others_are_not(value):
    assert flat([sets("a", value)], SIZES) == (sets("a", value),)


# ---- split ---------------------------------------------------------------------------------------

POOL = [
    sets("u", Call((u, array("b", i)), "add", axes=u.axes)),
    sets(work(1, n, c, k, p), Window(u, 2, SIDE_BY_SIDE, axes=(n, c, k, p))),
    sets("z", Reduce(work(1, n, c, k, p), "max", (3,), axes=(n, c, k))),
]


def pool(value=None, *, back=SIDE_BY_SIDE):
    made = sets("u", value or Call((array("b", c, None),), "exp", axes=u.axes))
    given = Name("z", axes=(n, c, k))
    landed = Overlay(work(2, n, c, k, p), (2, 3), back, I, axes=(n, c, i))
    return [
        sets("b", Call((array("d", c, None),), "tanh", axes=(c, None))),
        made,
        *POOL[1:],
        sets(
            work(2, n, c, k, p),
            Call(
                (Expand(given, (3,), axes=(n, c, k, None)), work(1, n, c, k, p)),
                "mul",
                axes=(n, c, k, p),
            ),
        ),
        sets(work(3, n, c, i), landed),
        sets("e", Call((work(3, n, c, i), u), "mul", axes=u.axes)),
    ]


def test_a_direction_that_pools_cut_is_two():
    assert spelled(split(pool(), SIZES))[1:] == [
        "u = np.exp(b[:, :, None])",
        "z = u.max(axis=3)",
        "work_2 = z[:, :, :, None] * u",
        "e = work_2 * u",
    ]


def test_what_is_given_is_never_cut():
    assert split(POOL[1:], SIZES) == tuple(POOL[1:])


def test_what_is_read_in_other_ways_is_not_cut():
    others = [*pool(), sets("h", Window(u, 2, Steps((R,), (1,), 0), axes=(n, c, r)))]
    assert split(others, SIZES) == tuple(others)
    assert split(pool(back=Steps((K, P), (2, 1), 1)), SIZES) == tuple(
        pool(back=Steps((K, P), (2, 1), 1))
    )


def test_windows_that_lead_to_it_have_one_index_more():
    seen = sets(
        work(9, n, c, i, o),
        Window(array("x", n, c, r), 2, Steps((I, O), (1, 3), -1), axes=(n, c, i, o)),
    )
    product = Tensordot((seen.target, array("w", o)), ((3,), (0,)), axes=u.axes)
    found = spelled(split([seen, *pool(product)], SIZES))
    assert found[0] == "work_9 = windows(x, 2, (3, 2, 5), (2, 1, 3), -1)"
    assert found[2] == "u = np.tensordot(work_9, w, 1)"


def test_what_is_overlaid_further_back_has_it_as_one():
    product = Tensordot((array("e", n, c, i), W), ((1,), (1,)), axes=(n, i, o, p))
    back = [
        *pool(),
        sets(work(5, n, i, o, p), product),
        sets("h", Overlay(work(5, n, i, o, p), (1, 3), OVERLAPPING, R, axes=(n, r, o))),
    ]
    *_, whole, product, landed = spelled(split(back, SIZES))
    assert whole == "whole_0 = e.reshape(N, 4, 6)"
    assert product == "work_5 = np.tensordot(whole_0, w, (1, 1))"
    assert landed == "h = overlaid(work_5, (1, 3), (6, 2), (1, 1), 0, 7)"


# ---- the first of the largest --------------------------------------------------------------------


def chosen(axis, counted):
    largest = Reduce(array("z", n, axis), "argmax", (1,), axes=(n,))
    place = Expand(work(1, n), (1,), axes=(n, None))
    return [
        sets(work(1, n), largest),
        sets(work(2, axis), Range(axis.axis, axes=(axis,))),
        sets("a", Call((place, counted or work(2, axis)), "equal", axes=(n, axis))),
    ]


def test_the_largest_is_compared():
    top, found = first(chosen(k, None), SIZES)[2:]
    assert SPELLING.text(top.value) == "z.max(axis=1)"
    assert found.value == First((array("z", n, k), top.target), (1,), (3,))
    orders = Matrices(SPELLING, lambda of: ())
    writer = InPlace(SPELLING, lambda of: True, orders, planes={"a": "planes"})
    lines = writer.text(found, "a", placed=True)
    given = np.array([[1, 3, 3], [2, 2, 2], [0, 1, 5], [4, 0, 4]])
    known = {
        "np": np,
        "z": given,
        named(top.target.of): given.max(axis=1),
        "a": np.empty((4, 3), bool),
    }
    known |= {"earliest": earliest, "planes": [known["a"][:, at] for at in range(3)]}
    exec(lines, known)  # noqa: S102 - our own
    assert (known["a"] == (given.argmax(axis=1)[:, None] == np.arange(3))).all()


def test_many_entries_are_not_compared_two_by_two():
    assert first(chosen(r, None), SIZES) == tuple(chosen(r, None))
    labels = chosen(k, array("t", k))
    assert first(labels, SIZES) == tuple(labels)


# ---- rectified units that are pooled -------------------------------------------------------------

V, Z = array("v", n, k, p), array("z", n, k, p)
ZERO = Number(Integer(0))


def rectified_pool(mask_of):
    top, place = array("m", n, k), First((Z, array("m", n, k)), (2,), (2,), axes=Z.axes)
    slopes = Expand(array("g", n, k), (2,), axes=(n, k, None))
    return [
        sets("z", Call((V, ZERO), "maximum", axes=V.axes)),
        sets("m", Reduce(Z, "max", (2,), axes=top.axes)),
        sets(work(1, n, k, p), Call((mask_of, ZERO), "greater", axes=V.axes)),
        sets(work(2, n, k, p), place),
        sets(work(3, n, k, p), Call((work(2, n, k, p), slopes), "mul", axes=V.axes)),
        sets("e", Call((work(1, n, k, p), work(3, n, k, p)), "mul", axes=V.axes)),
    ]


def test_pools_come_before_rectified_units():
    found = live(pooled(rectified_pool(V)), ["m", "e"])
    written = {named(s.target.of): s.value for s in found}
    assert list(written) == ["greatest_0", "m", "above_1", "part_2", "part_3", "e"]
    assert SPELLING.text(written["greatest_0"]) == "v.max(axis=2)"
    assert SPELLING.text(written["m"]) == "np.maximum(greatest_0, 0)"
    assert SPELLING.text(written["part_2"]) == "above_1 * g"
    assert written["part_3"].args[0].of == "v"
    assert SPELLING.text(written["e"]) == "part_3 * part_2[:, :, None]"


def test_a_mask_of_something_else_stays_where_it_is():
    found = live(pooled(rectified_pool(array("y", n, k, p))), ["m", "e"])
    assert SPELLING.text(found[-1].value) == "work_1 * work_3"
    assert next(s.value for s in found if s.target.of == work(2).of).args[0].of == "z"


# ---- copies --------------------------------------------------------------------------------------

FORWARD = [
    sets(work(1, n, c, i, p), SEEN),
    sets(work(2, n, i, o), Tensordot((work(1, n, c, i, p), W), ((1, 3), (1, 2)), axes=(n, i, o))),
]
DELTA = array("delta", n, o, i)
GRADIENT = Partial(Tensor("E", ()).entry, Tensor("w", (O, C, P), Role.WEIGHT).entry)
BACKWARD = sets(
    Name(GRADIENT, axes=(o, c, p)),
    Tensordot((DELTA, work(1, n, c, i, p)), ((0, 2), (0, 2)), axes=(o, c, p)),
)


def test_windows_are_copied_once_for_all_products():
    copied, view, rows, product, gradient = gathered([*FORWARD, BACKWARD], SIZES)
    assert copied.value.of == READ
    assert view.value.arg.of == copied.target.of
    assert rows.value == Copy(view.target)
    assert product.value.args[0].of == gradient.value.args[1].of == rows.target.of


def test_windows_that_see_what_lies_outside_are_put_together():
    outside = Window(SEEN.arg, 2, Steps((I, P), (1, 1), -1), axes=SEEN.axes)
    before = [sets(work(1, n, c, i, p), outside), FORWARD[1]]
    rows = gathered(before, SIZES)[2]
    assert isinstance(rows.value.arg, Window)
    assert (
        overlapping(rows.value)
        .text("a", SPELLING)
        .endswith("[(0, (1,)), (0, (1,)), (-1, (1, 1))])")
    )


def test_pools_need_no_copies():
    seen = [sets(work(1, n, c, k, p), Window(u, 2, SIDE_BY_SIDE, axes=(n, c, k, p))), POOL[2]]
    assert gathered(seen, SIZES) == tuple(seen)


def test_what_is_read_turned_is_written_so():
    swapped = Transpose(work(2, n, i, o), (0, 2, 1), axes=(n, o, i))
    *_, product, total = turned(
        [*FORWARD, sets("u", Call((swapped, DELTA), "add", axes=DELTA.axes))]
    )
    assert product.value.order == (0, 2, 1)
    assert product.target.axes == (n, o, i)
    assert spelled([total]) == ["u = work_2 + delta"]


def test_what_is_read_in_two_orders_stays():
    swapped = Transpose(work(2, n, i, o), (0, 2, 1), axes=(n, o, i))
    both = [*FORWARD, sets("u", swapped), sets("v", work(2, n, i, o))]
    assert turned(both) == tuple(both)


def test_gradients_have_their_longer_side_first():
    before = [FORWARD[0], BACKWARD]
    _, product, gradient = tall(before, SIZES)
    assert product.target.axes == (c, p, o)
    assert product.value.meeting == ((0, 2), (0, 2))
    assert gradient.value.order == (2, 0, 1)
    assert tall(before, SIZES | {O: 9}) == tuple(before)


# ---- memory --------------------------------------------------------------------------------------


def test_samples_lie_side_by_side():
    found = innermost(gathered([*FORWARD, sets("u", DELTA), BACKWARD], SIZES), SIZES)
    by_name = {named(of): order for of, order in found.items()}
    assert by_name["rows_1"] == (1, 3, 2, 0)
    assert by_name["work_2"] == (2, 1, 0)
    assert by_name["u"] == (1, 2, 0)


def test_planes_come_before_positions():
    pooled = split(pool(), SIZES)
    chosen = sets(
        "f",
        First(
            (Name("u", axes=(n, c, k, p)), Name("z", axes=(n, c, k))), (3,), (2,), axes=(n, c, k, p)
        ),
    )
    assert innermost([*pooled, chosen], SIZES)["u"] == (1, 3, 2, 0)


def test_without_windows_all_stays_in_order():
    assert innermost([sets("u", DELTA)], SIZES) == {}


# ---- pieces --------------------------------------------------------------------------------------

AT = [
    ((3, 2), (2, 1), -1, 6),
    ((4, 3), (1, 2), 0, 9),
    ((2, 5), (3, 1), -2, 4),
    ((1, 3), (2, 2), 1, 7),
]


@pytest.mark.parametrize(("counts", "steps", "start", "size"), AT)
def test_pieces_meet_where_windows_see(counts, steps, start, size):
    rng = np.random.default_rng(1)
    whole, parts = rng.normal(size=(2, size)), np.zeros((2, *counts))
    for there, part in pieces(whole, parts, [(0, (1,)), (start, steps)]):
        np.copyto(part, there)
    assert np.array_equal(parts, windows(whole, 1, counts, steps, start))
    parts, total = rng.normal(size=parts.shape), np.zeros_like(whole)
    for there, part in pieces(total, parts, [(0, (1,)), (start, steps)]):
        np.add(there, part, out=there)
    assert np.allclose(total, overlaid(parts, (1, 2), counts, steps, start, size), rtol=1e-14)


def test_what_is_overlaid_twice_is_added_up_at_once():
    g = array("g", n, k, i, o, p)
    inner = Overlay(g, (2, 4), OVERLAPPING, R, axes=(n, k, r, o))
    outer = Overlay(inner, (1, 3), Steps((K, O), (2, 1), -1), I, axes=(n, i, r))
    found = overlapping(outer).text("a", SPELLING)
    assert found == "pieces(a, g.transpose(0, 1, 3, 2, 4), [(0, (1,)), (-1, (2, 1)), (0, (1, 1))])"
    turned_ = overlapping(Transpose(outer, (0, 2, 1), axes=(n, r, i))).text("a", SPELLING)
    assert turned_.startswith("pieces(a, g.transpose(0, 2, 4, 1, 3)")


def test_what_is_repeated_is_overlaid_as_often():
    g = Expand(array("g", n, k), (2,), axes=(n, k, p))
    found = overlapping(Overlay(g, (1, 2), SIDE_BY_SIDE, I, axes=(n, i))).text("a", SPELLING)
    assert found == "pieces(a, np.broadcast_to(g[:, :, None], (N, 3, 2)), [(0, (1,)), (0, (2, 1))])"


def test_a_copy_of_another_shape_needs_no_new_array():
    writer = InPlace(SPELLING, lambda of: True, Matrices(SPELLING, lambda of: ()))
    statement = sets("a", Reshape(array("g", n, k, p), (N, I), axes=(n, i)))
    assert writer.text(statement, "a", placed=True) == "np.copyto(a.reshape(N, 3, 2), g)"
