"""The passes for outputs in planes, one by one: statements before and after, and their values."""

from __future__ import annotations

from math import prod

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
    Reduce,
    Reshape,
    Steps,
    Temporary,
    Tensordot,
    Transpose,
    Window,
)
from symbp.lowering.arrays import Const as Number
from symbp.lowering.passes.gathered import gathered
from symbp.lowering.passes.innermost import innermost
from symbp.lowering.passes.jointly import jointly
from symbp.lowering.passes.rooms import Manner, Writes, rooms
from symbp.lowering.passes.shifted import shifted
from symbp.lowering.passes.steps import leads_outside, with_counted
from symbp.lowering.passes.strides import strides
from symbp.lowering.passes.sums import sums
from symbp.lowering.passes.taking import Room
from symbp.lowering.passes.wide import wide
from symbp.lowering.schedule import live
from symbp.targets.numpy.helpers import earliest
from symbp.targets.numpy.inplace import InPlace, Manners
from symbp.targets.numpy.matrices import Matrices
from symbp.targets.numpy.overlapping import overlapping
from symbp.targets.numpy.spelling import Spelling

N, C, O, K, L, P, Q, A, X, I = (Axis(name, letter=name.lower()) for name in "NCOKLPQAXI")
n, c, o, k, l, p, q, a, x, i = (axis.index() for axis in (N, C, O, K, L, P, Q, A, X, I))
SIZES = {C: 3, O: 5, K: 4, L: 6, P: 2, Q: 3, A: 5, X: 12, I: 8}


def named(of):
    if isinstance(of, Temporary):
        return f"{of.label}_{of.number}"
    if isinstance(of, (str, Partial)):
        return of if isinstance(of, str) else "slope"
    return str(getattr(of.axis, "count", SIZES.get(of.axis, "N")))


SPELLING = Spelling(named)


def array(name, *axes):
    return Name(name, axes=axes)


def sets(target, value):
    target = target if isinstance(target, Name) else Name(target, axes=value.axes)
    return Assign(target, value)


def spelled(statements):
    return [f"{named(s.target.of)} = {SPELLING.text(s.value)}" for s in statements]


# ---- maxima --------------------------------------------------------------------------------------

U, T, M = array("u", n, o, k, p, q), array("t", n, o, k, p), array("m", n, o, k)
SENT = array("g", n, o, k)


def largest():
    return [
        sets("t", Reduce(U, "max", (4,), axes=T.axes)),
        sets("m", Reduce(T, "max", (3,), axes=M.axes)),
    ]


def sent(top=T, last=None):
    last = last or First((U, top), (4,), (3,), axes=U.axes)
    return [
        sets("f", First((T, M), (3,), (2,), axes=T.axes)),
        sets(
            "h",
            Call(
                (array("f", *T.axes), Expand(SENT, (3,), axes=(n, o, k, None))), "mul", axes=T.axes
            ),
        ),
        sets("e", last),
        sets(
            "d",
            Call(
                (array("e", *U.axes), Expand(array("h", *T.axes), (4,), axes=(*T.axes, None))),
                "mul",
                axes=U.axes,
            ),
        ),
    ]


def test_the_largest_of_the_largest_is_found_at_once():
    found = live(jointly([*largest(), *sent()]), ["m", "d"])
    top, place, product = found
    assert SPELLING.text(top.value) == "u.max(axis=(3, 4))"
    assert place.value == First((U, M), (3, 4), (2, 3))
    assert SPELLING.text(product.value) == f"{named(place.target.of)} * g[:, :, :, None, None]"


def test_the_first_of_others_stays():
    others = [*largest(), sets("s", Reduce(array("v", *U.axes), "max", (4,), axes=T.axes))]
    statements = [*others, *sent(array("s", *T.axes))]
    assert spelled_firsts(jointly(statements)) == spelled_firsts(statements)


def spelled_firsts(statements):
    return [s.value for s in statements if isinstance(s.value, First)]


def test_what_goes_to_one_entry_is_added_up_before():
    back = [*sent(), sets("b", Reduce(array("d", *U.axes), "sum", (0, 2, 3, 4), axes=(o,)))]
    *_, total = jointly([*largest(), *back])
    assert SPELLING.text(total.value) == "g.sum(axis=(0, 2))"
    over_places = [*sent(), sets("b", Reduce(array("d", *U.axes), "sum", (0, 2), axes=(o, p, q)))]
    assert SPELLING.text(jointly([*largest(), *over_places])[-1].value) == "d.sum(axis=(0, 2))"


@pytest.mark.parametrize("counts", [(1,), (2,), (5,), (2, 2), (3, 2)])
def test_the_first_of_the_largest_is_one(counts):
    positions = tuple(range(1, 1 + len(counts)))
    value = First((array("u", n, p, q), array("m", n)), positions, counts, axes=(n, p, q))
    orders = Matrices(SPELLING, lambda of: ())
    writer = InPlace(
        SPELLING, lambda of: True, orders, planes={"a": "planes"} if prod(counts) > 1 else {}
    )
    lines = writer.text(sets("a", value), "a", placed=True)
    u = np.random.default_rng(1).integers(0, 3, (40, *counts)).astype(float)
    known = {"np": np, "u": u, "m": u.max(axis=positions), "a": np.empty(u.shape, bool)}
    at = known["a"].reshape(40, -1)
    known |= {"earliest": earliest, "planes": [at[:, place] for place in range(at.shape[1])]}
    exec(lines, known)  # noqa: S102 - our own
    rows = u.reshape(40, -1)
    wanted = rows.argmax(axis=1)[:, None] == np.arange(rows.shape[1])
    assert np.array_equal(known["a"].reshape(40, -1), wanted)


# ---- maxima of shifted entries -------------------------------------------------------------------

SHIFT = Expand(array("b", o), (1, 2, 3), axes=(o, None, None, None))


def test_shifts_come_after_the_largest():
    before = [
        sets("u", Call((array("s", *U.axes), SHIFT), "add", axes=U.axes)),
        sets("m", Reduce(U, "max", (3, 4), axes=M.axes)),
        sets("e", First((U, M), (3, 4), (2, 3), axes=U.axes)),
    ]
    top, whole, place = live(shifted(before), ["m", "e"])
    assert SPELLING.text(top.value) == "s.max(axis=(3, 4))"
    assert SPELLING.text(whole.value) == f"{named(top.target.of)} + b[:, None]"
    assert place.value == First((array("s", *U.axes), top.target), (3, 4), (2, 3))


def test_what_differs_along_planes_is_added_before():
    along = Expand(array("b", o, p), (1, 3), axes=(o, None, p, None))
    before = [
        sets("u", Call((array("s", *U.axes), along), "add", axes=U.axes)),
        sets("m", Reduce(U, "max", (3, 4), axes=M.axes)),
    ]
    assert shifted(before) == tuple(before)


# ---- wider windows -------------------------------------------------------------------------------

READ, W = array("x", n, c, x), array("w", o, c, a)
GRADIENT = Partial(Tensor("E", ()).entry, Tensor("w", (O, C, A), Role.WEIGHT).entry)
DELTA = array("delta", n, o, k, p)


def convolution(steps=(2, 1, 1), start=0):
    seen = array("seen", n, c, k, p, a)
    return [
        sets(seen, Window(READ, 2, Steps((K, P, A), steps, start), axes=seen.axes)),
        sets(
            array("u", n, o, k, p),
            Transpose(
                Tensordot((seen, W), ((1, 4), (1, 2)), axes=(n, k, p, o)),
                (0, 3, 1, 2),
                axes=(n, o, k, p),
            ),
        ),
        sets(
            Name(GRADIENT, axes=(o, c, a)),
            Tensordot((DELTA, seen), ((0, 2, 3), (0, 2, 3)), axes=(o, c, a)),
        ),
    ]


def adjoint(steps=(1, 1)):
    whole, apart = array("whole", n, o, i), array("apart", n, i, c, a)
    return [
        sets(whole, Reshape(DELTA, (N, O, I), axes=whole.axes)),
        sets(apart, Tensordot((whole, W), ((1,), (0,)), axes=apart.axes)),
        sets(
            array("e", n, x, c), Overlay(apart, (1, 3), Steps((I, A), steps, 0), X, axes=(n, x, c))
        ),
    ]


def run(statements, known):
    """The values of the statements, by textbook."""
    known = {"np": np, **known}
    for statement in statements:
        value = statement.value
        if isinstance(value, Window):
            known[named(statement.target.of)] = window(value, known)
        elif isinstance(value, Overlay):
            known[named(statement.target.of)] = overlay(value, known)
        elif isinstance(value, Transpose) and isinstance(value.arg, Overlay):
            known[named(statement.target.of)] = overlay(value.arg, known).transpose(value.order)
        else:
            known[named(statement.target.of)] = eval(SPELLING.text(value), known)  # noqa: S307
    return known


def places(at, sizes):
    counts = [sizes[axis] for axis in at.along]
    for place in np.ndindex(*counts):
        yield place, at.start + sum(s * j for s, j in zip(at.steps, place, strict=True))


def window(value, known):
    whole = np.moveaxis(run_one(value.arg, known), value.position, 0)
    sizes = known["sizes"]
    out = np.zeros([*(sizes[axis] for axis in value.at.along), *whole.shape[1:]])
    for place, at in places(value.at, sizes):
        if 0 <= at < len(whole):
            out[place] = whole[at]
    count = len(value.at.along)
    return np.moveaxis(out, range(count), range(value.position, value.position + count))


def overlay(value, known):
    part = np.moveaxis(run_one(value.arg, known), value.positions, range(len(value.positions)))
    size = known["sizes"][value.along]
    out = np.zeros([size, *part.shape[len(value.positions) :]])
    for place, at in places(value.at, known["sizes"]):
        if 0 <= at < size:
            out[at] += part[place]
    return np.moveaxis(out, 0, min(value.positions))


def run_one(value, known):
    if isinstance(value, Overlay):
        return overlay(value, known)
    return window(value, known) if isinstance(value, Window) else known[named(value.of)]


def given(statements, samples=2):
    rng = np.random.default_rng(3)
    sizes = {**with_counted(SIZES, statements), N: samples}
    arrays = (READ, W, DELTA)
    known = {each.of: rng.normal(size=[sizes[j.axis] for j in each.axes]) for each in arrays}
    return {"sizes": sizes, "N": samples, **known}


@pytest.mark.parametrize("start", [0, -2])
@pytest.mark.parametrize("steps", [(2, 1, 1), (4, 2, 1), (4, 2, 2)])
def test_wider_windows_give_the_same(steps, start):
    before = convolution(steps, start)
    after = wide(before, SIZES)
    assert after[0].value.at.steps == (steps[0], steps[2])
    assert after[0].target.axes[-1].axis.count == steps[1] // steps[2] + SIZES[A]
    wanted, found = (run(each, given(each)) for each in (before, after))
    for name in ("u", "slope"):
        assert np.allclose(wanted[name], found[name], rtol=1e-12)


def test_what_is_overlaid_of_wider_windows_is_the_same():
    before = [*convolution(), *adjoint()]
    after = live(wide(before, SIZES), ["e"])
    assert not any(isinstance(s.value, Reshape) for s in after)
    assert after[-1].value.at.steps == (2, 1)
    wanted, found = (run(each, given(each)) for each in (before, after))
    assert np.allclose(wanted["e"], found["e"], rtol=1e-12)


def test_what_is_overlaid_in_other_steps_stays():
    before = [*convolution(), *adjoint((2, 1))]
    assert wide(before, SIZES)[-3:] == tuple(adjoint((2, 1)))


LEFT = {
    "steps do not fit": convolution((6, 3, 2)),
    "there are many rows": [convolution(), SIZES | {O: 500}],
    "others see the windows": [
        *convolution(),
        sets("y", Call((array("seen", n, c, k, p, a),), "exp", axes=(n, c, k, p, a))),
    ],
}


@pytest.mark.parametrize("case", LEFT.values(), ids=LEFT)
def test_others_stay(case):
    statements, sizes = case if isinstance(case[0], list) else (case, SIZES)
    assert wide(statements, sizes) == tuple(statements)


def test_kernels_are_put_together_of_pieces():
    after = wide(convolution(), SIZES)
    sizes = with_counted(SIZES, after)
    kernel = next(
        s for s in gathered(after, sizes) if isinstance(s.value, Copy) and "w" in str(s.value)
    )
    assert overlapping(kernel.value).text("a", SPELLING) == (
        "pieces(w, a, [(0, (1,)), (0, (1,)), (0, (1, -1))])"
    )
    assert leads_outside(kernel.value.arg, sizes)
    orders = innermost(gathered(after, sizes), sizes)
    assert orders[kernel.target.of] == (0, 3, 1, 2)


# ---- steps ---------------------------------------------------------------------------------------


def test_what_is_overlaid_in_steps_has_planes():
    before = live(wide([*convolution(), *adjoint()], SIZES), ["e"])
    turn = sets("z", Transpose(before[-1].value, (0, 2, 1), axes=(n, c, x)))
    before = [*before[:-1], turn]
    after = strides(before, with_counted(SIZES, before))
    view, apart, whole = after[-3:]
    assert SPELLING.text(view.value).endswith(".reshape(N, 4, 3, 3, 2)")
    assert apart.value.arg.at.steps == (1, 1)
    assert SPELLING.text(whole.value).endswith(".reshape(N, 3, 12)")
    wanted, found = (run(each, given(each)) for each in (before, after))
    assert np.allclose(wanted["z"], found["z"], rtol=1e-12)
    assert innermost(after, with_counted(SIZES, after))[apart.target.of] == (1, 3, 2, 0)


@pytest.mark.parametrize("size", [11, 13])
def test_planes_of_different_sizes_stay(size):
    before = live(wide([*convolution(), *adjoint()], SIZES), ["e"])
    turn = sets("z", Transpose(before[-1].value, (0, 2, 1), axes=(n, c, x)))
    before = [*before[:-1], turn]
    assert strides(before, with_counted(SIZES | {X: size}, before)) == tuple(before)


# ---- sums, rooms, levels -------------------------------------------------------------------------


def test_sums_beside_windows_leave_the_second_axis():
    total = sets("b", Reduce(array("d", n, o, k), "sum", (0, 2), axes=(o,)))
    *_, ones, product = sums([*convolution()[:1], total], SIZES)
    assert product.value.meeting == ((0, 2), (0, 1))
    assert ones.value.along == (N, K)
    first = sets("b", Reduce(array("d", n, o, k), "sum", (1, 2), axes=(n,)))
    assert sums([*convolution()[:1], first], SIZES)[-1] == first


def test_what_is_put_together_lies_alone():
    outside = Copy(Window(READ, 2, Steps((K, A), (1, 1), -1), axes=(n, c, k, a)), axes=(n, c, k, a))
    statements = [
        sets("r", outside),
        sets("v", Call((array("r", n, c, k, a),), "exp", axes=(n, c, k, a))),
        sets("y", Call((array("v", n, c, k, a),), "exp", axes=(n, c, k, a))),
    ]
    manners = Manners(statements)
    assert manners(statements[0]) == Manner(Writes.ALONE, "dtype")
    found = rooms(statements, manners, lambda value: tuple(str(j) for j in value.axes))
    assert found["r"] != found["v"]
    assert found["v"] == found["y"]
    assert isinstance(found["r"], Room)


def test_a_mask_is_copied_before_it_is_multiplied():
    writer = InPlace(SPELLING, lambda of: of != "m", Matrices(SPELLING, lambda of: ()))
    slope = Expand(array("g", n), (1,), axes=(n, None))
    product = Call((array("m", n, p), slope), "mul", axes=(n, p))
    assert writer.text(sets("d", product), "d", placed=True).splitlines() == [
        "np.copyto(d, m)",
        "np.multiply(d, g[:, None], out=d)",
    ]


def test_units_are_held_against_an_array_of_one_number():
    matrices = Matrices(SPELLING, lambda of: ())
    writer = InPlace(SPELLING, lambda of: True, matrices, levels={"z": "level"})
    value = Call((array("u", n, p), Number(Integer(0))), "maximum", axes=(n, p))
    assert writer.text(sets("z", value), "z", placed=True) == "np.maximum(u, level, out=z)"
