"""The passes that make loops over time shorter: statements before and after."""

from __future__ import annotations

import pytest
from sympy import Integer

from symbp.equations.axis import Axis, Index
from symbp.lowering.arrays import (
    Assign,
    Call,
    Const,
    Cut,
    Empty,
    Expand,
    Join,
    Joined,
    Loop,
    MatMul,
    Name,
    Neighbour,
    Part,
    Slice,
    Temporary,
    Tensordot,
)
from symbp.lowering.passes.again import again
from symbp.lowering.passes.ahead import ahead
from symbp.lowering.passes.together import together
from symbp.lowering.schedule import live
from symbp.targets.numpy.spelling import Spelling

N, T, J, K, I = (Axis(name, letter=name.lower()) for name in "NTJKI")
n, t, j, k, i = (axis.index() for axis in (N, T, J, K, I))
THERE, BACK = Loop(t, False, 0), Loop(t, True, 1)
ONE = Const(Integer(1))


def named(of):
    if isinstance(of, Temporary):
        return f"{of.label}_{of.number}" if of.of is None else f"{named(of.of)}_{of.label}"
    if isinstance(of, Index):
        return of.letter
    return of if isinstance(of, str) else of.axis.name.upper()


SPELLING = Spelling(named)


def whole(name, axis=j):
    return Name(name, axes=(n, t, axis))


def at(name, axis=j):
    return Slice(name, 1, t, axes=(n, axis))


def after(name, axis=j):
    return Neighbour(name, 1, t, 1, axes=(n, axis))


def work(number, axis=j):
    return Name(Temporary("work", number), axes=(n, axis))


def call(op, *args):
    return Call(args, op, axes=args[-1].axes)


def there(target, value, **more):
    return Assign(target, value, loop=THERE, **more)


def back(target, value, **more):
    return Assign(target, value, loop=BACK, **more)


def before(target, value):
    return Assign(target, value)


def room(name, axis=j):
    return Assign(whole(name, axis), Empty(None, "x", axes=(n, t, axis)))


def spelled(statements):
    def line(s):
        head = "  " if s.loop else ""
        sign = "+=" if s.adds else "="
        value = "..." if isinstance(s.value, Empty) else SPELLING.text(s.value)
        return f"{head}{SPELLING.text(s.target)} {sign} {value}"

    return [line(statement) for statement in statements]


# ---- again ---------------------------------------------------------------------------------------

FORTH = [there(at("c"), call("exp", at("u"))), there(work(1), call("tanh", at("c")))]


def test_what_two_loops_compute_is_kept():
    statements = [
        *FORTH,
        there(at("h"), call("mul", at("o"), work(1))),
        back(work(2), call("tanh", at("c"))),
        back(at("d"), call("mul", at("e"), work(2))),
    ]
    assert spelled(again(statements)) == [
        "kept_1 = ...",
        "  c[:, t] = np.exp(u[:, t])",
        "  kept_1[:, t] = np.tanh(c[:, t])",
        "  h[:, t] = o[:, t] * kept_1[:, t]",
        "  d[:, t] = e[:, t] * kept_1[:, t]",
    ]


OTHERWISE = {
    "it is fast": [
        there(work(1), call("square", at("c"))),
        back(work(2), call("square", at("c"))),
    ],
    "it is written to later": [
        *FORTH,
        there(at("c"), call("exp", work(1))),
        back(work(2), call("tanh", at("c"))),
    ],
    "it is that of another time": [*FORTH, back(work(2), call("tanh", after("c")))],
    "it is one loop": FORTH,
}


@pytest.mark.parametrize("statements", OTHERWISE.values(), ids=OTHERWISE)
def test_nothing_is_kept_where(statements):
    assert again(statements) == tuple(statements)


# ---- ahead ---------------------------------------------------------------------------------------


def test_what_needs_nothing_of_its_loop_is_computed_before_it():
    statements = [
        back(work(1), call("sub", ONE, at("z"))),
        back(at("d"), call("add", after("d"), work(1))),
    ]
    assert spelled(ahead(statements)) == [
        "ahead_1 = 1 - z",
        "  d[:, t] = (d[:, t + 1] if t + 1 < T else np.zeros_like(d[:, t])) + ahead_1[:, t]",
    ]


def test_products_begin_with_what_is_known():
    o_bar, y = Name("o_bar", axes=(n, j)), at("y")
    statements = [
        back(o_bar, call("mul", at("h_bar"), at("z"))),
        back(work(1), call("mul", y, o_bar)),
        back(work(2), call("sub", ONE, y)),
        back(at("d"), call("mul", work(1), work(2))),
        back(at("h_bar"), call("add", at("d"), at("d"))),
    ]
    assert spelled(ahead(statements))[:4] == [
        "ahead_1 = 1 - y",
        "ahead_2 = y * z",
        "ahead_3 = ahead_2 * ahead_1",
        "  d[:, t] = h_bar[:, t] * ahead_3[:, t]",
    ]


def test_the_equations_of_what_went_into_a_product_are_told_with_it():
    o_bar = Name("o_bar", axes=(n, j))
    first, second = object(), object()
    statements = [
        back(o_bar, call("mul", at("h_bar"), at("z")), equation=first),
        back(at("d"), call("mul", o_bar, at("y")), equation=second),
        back(at("h_bar"), call("add", at("d"), at("d"))),
    ]
    *_, product, _ = ahead(statements)
    assert (product.through, product.equation) == ((first,), second)


UNKNOWN = {
    "the loop computes it": [
        back(at("z"), call("exp", after("z"))),
        back(work(1), call("sub", ONE, at("z"))),
    ],
    "it is that of another time": [back(work(1), call("sub", ONE, after("z")))],
    "it is seen with another axis": [
        back(
            work(1),
            call("sub", Expand(Slice("m", 1, t, axes=(n,)), (1,), axes=(n, None)), at("z")),
        )
    ],
    "it is read twice": [
        back(work(1), call("mul", Name("e", axes=(n, j)), at("z"))),
        back(at("d"), call("mul", work(1), at("y"))),
        back(at("f"), call("add", work(1), at("y"))),
    ],
}


@pytest.mark.parametrize("statements", UNKNOWN.values(), ids=UNKNOWN)
def test_nothing_is_computed_before_where(statements):
    assert ahead(statements) == tuple(statements)


# ---- together ------------------------------------------------------------------------------------

BOTH = Joined.of((J, K)).index()
STACKED = Name(Temporary("stacked", 1), axes=(n, BOTH))


def product(number, x, w, axis):
    value = MatMul((whole(x, i), Name(w, axes=(i, axis))), axes=(n, t, axis))
    return before(Name(Temporary("work", number), axes=value.axes), value)


def with_bias(name, number, b, axis):
    work = Name(Temporary("work", number), axes=(n, t, axis))
    value = Call((work, Name(b, axes=(axis,))), "add", axes=work.axes)
    return before(whole(name, axis), value)


SUMS = [
    product(1, "x", "w", j),
    with_bias("u", 1, "b", j),
    product(2, "x", "q", k),
    with_bias("v", 2, "c", k),
    there(STACKED, MatMul((Name("h", axes=(n, i)), Name("R", axes=(i, BOTH))), axes=(n, BOTH))),
    there(at("u"), Cut(STACKED, 1, (), J, axes=(n, j)), adds=True),
    there(at("y"), call("exp", at("u"))),
    there(at("v", k), Cut(STACKED, 1, (J,), K, axes=(n, k)), adds=True),
    there(at("z", k), call("exp", at("v", k))),
]


def test_what_is_added_side_by_side_lies_so():
    assert spelled(together(SUMS)) == [
        "together_1 = np.concatenate((w, q), axis=1)",
        "together_2 = x @ together_1",
        "together_3 = np.concatenate((b, c), axis=0)",
        "together_4 = together_2 + together_3",
        "u = together_4[:, :, :J]",
        "v = together_4[:, :, J : J + K]",
        "  stacked_1 = h @ R",
        "  together_4[:, t] += stacked_1",
        "  y[:, t] = np.exp(u[:, t])",
        "  z[:, t] = np.exp(v[:, t])",
    ]


def swapped(statements, place, other):
    return [*statements[:place], other, *statements[place + 1 :]]


ALONE = {
    "they are of different inputs": swapped(SUMS, 2, product(2, "s", "q", k)),
    "they are computed otherwise": swapped(
        SUMS, 3, before(whole("v", k), Call((SUMS[2].target,), "exp", axes=(n, t, k)))
    ),
    "one is read too early": swapped(SUMS, 6, there(at("y", k), call("exp", at("v", k)))),
    "not all parts are added": swapped(SUMS, 7, there(at("v", k), call("exp", at("s", k)))),
}


@pytest.mark.parametrize("statements", ALONE.values(), ids=ALONE)
def test_they_stay_alone_where(statements):
    assert together(statements) == tuple(statements)


def gradient(name, delta, axis):
    args = whole("x", i), whole(delta, axis)
    value = Tensordot(args, ((0, 1), (0, 1)), axes=(i, axis))
    return before(Name(name, axes=value.axes), value)


D, F = (Name(Temporary("after", 0, of), axes=(n, axis)) for of, axis in (("d", j), ("f", k)))
Y = Name("y", axes=(n, i))
READ = [
    room("d"),
    room("f", k),
    back(D, after("d")),
    back(F, after("f", k)),
    back(STACKED, Join((D, F), 1, axes=(n, BOTH))),
    back(Y, MatMul((STACKED, Name("R", axes=(BOTH, i))), axes=(n, i))),
    back(at("d"), call("exp", at("g"))),
    back(at("f", k), call("exp", at("m", k))),
    gradient("dw", "d", j),
    gradient("dq", "f", k),
]


def test_what_is_read_side_by_side_is_written_so():
    found = live(together([*READ, before(Name("e", axes=(n, i)), Y)]), ["dw", "dq", "e"])
    assert spelled(found) == [
        "together_1 = ...",
        "d = together_1[:, :, :J]",
        "f = together_1[:, :, J : J + K]",
        f"  together_1_after = {SPELLING.text(after('together_1'))}",
        "  y = together_1_after @ R",
        "  d[:, t] = np.exp(g[:, t])",
        "  f[:, t] = np.exp(m[:, t])",
        "together_2 = np.tensordot(x, together_1, ((0, 1), (0, 1)))",
        "dw = together_2[:, :J]",
        "dq = together_2[:, J : J + K]",
        "e = y",
    ]
    assert [type(s.value) for s in found[1:3]] == [Part, Part]


def test_what_other_products_write_lies_by_itself():
    product = MatMul((at("g", i), Name("s", axes=(i, j))), axes=(n, j))
    statements = swapped(READ, 6, back(at("d"), product))
    assert together(statements) == tuple(statements)


def test_what_is_written_to_a_part_is_needed_where_the_whole_is():
    part = before(whole("d"), Part(Name("p", axes=(n, t, BOTH)), 2, (), J, axes=(n, t, j)))
    written = before(whole("d"), call("exp", whole("s")))
    read = before(whole("e"), call("exp", Name("p", axes=(n, t, BOTH))))
    assert live([part, written, read], ["e"]) == (part, written, read)
