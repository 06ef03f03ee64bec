"""The passes that make an array program fast, one by one: statements before and after."""

from __future__ import annotations

import pytest
from sympy import Integer, Rational

from symbp.equations.axis import Axis, Index
from symbp.lowering.arrays import (
    Assign,
    Call,
    Empty,
    Expand,
    Loop,
    MatMul,
    Name,
    Neighbour,
    Pick,
    Places,
    Range,
    Reduce,
    Rows,
    Slice,
    Steps,
    Take,
    Temporary,
    Tensordot,
    Transpose,
    Window,
)
from symbp.lowering.arrays import Const as Number
from symbp.lowering.passes.aligned import aligned
from symbp.lowering.passes.common import common
from symbp.lowering.passes.constant import parted
from symbp.lowering.passes.logs import FEW, logs
from symbp.lowering.passes.lying import lying
from symbp.lowering.passes.passing import passing
from symbp.lowering.passes.picked import picked
from symbp.lowering.passes.rectified import rectified
from symbp.lowering.passes.rooms import rooms
from symbp.lowering.passes.scalars import scalars
from symbp.lowering.passes.single import single
from symbp.lowering.passes.stacked import stacked
from symbp.lowering.passes.sums import sums
from symbp.targets.numpy.inplace import InPlace, Manners
from symbp.targets.numpy.matrices import Matrices
from symbp.targets.numpy.spelling import Spelling

N, J, K, ONE = (Axis(name, letter=name) for name in "njko")
SIZES = {J: 3, K: 5, ONE: 1}
n, j, k = (axis.index() for axis in (N, J, K))


def named(of):
    if isinstance(of, Temporary):
        return f"{of.label}_{of.number}"
    if isinstance(of, Index):
        return of.letter
    return of if isinstance(of, str) else of.axis.name.upper()


SPELLING = Spelling(named)


def array(name, *axes):
    return Name(name, axes=axes)


def call(op, *args, axes=(n, j)):
    return Call(args, op, axes=axes)


def sets(name, value):
    return Assign(Name(name, axes=value.axes), value)


def spelled(statements):
    return [f"{named(s.target.of)} = {SPELLING.text(s.value)}" for s in statements]


y, d, u, z = (array(name, n, j) for name in "yduz")
row = array("t", n)
TWO, ZERO = Number(Integer(2)), Number(Integer(0))

SINGLE = [
    (
        "one operation a statement",
        call("mul", call("sub", y, d), z),
        ["work_1 = y - d", "a = work_1 * z"],
    ),
    ("sums of many in twos", call("add", y, d, z), ["work_1 = y + d", "a = work_1 + z"]),
    (
        "the numbers of a product come last, as one",
        call("mul", TWO, y, Number(Integer(3)), z),
        ["work_1 = y * z", "a = work_1 * (2 * 3)"],
    ),
    ("to divide by a number is to multiply", call("div", y, TWO), ["a = y * (1 / 2)"]),
    (
        "numbers of a quotient come behind it",
        call("div", call("mul", TWO, y), z),
        ["work_1 = y / z", "a = work_1 * 2"],
    ),
    ("a number by an array stays", call("div", TWO, y), ["a = 2 / y"]),
    ("powers that have a name", call("power", y, TWO), ["a = np.square(y)"]),
    (
        "powers that are products and roots",
        call("power", y, Number(Rational(-3, 2))),
        ["work_1 = np.sqrt(y)", "work_2 = work_1 * y", "a = np.reciprocal(work_2)"],
    ),
    (
        "the third power",
        call("power", y, Number(Integer(3))),
        ["work_1 = np.square(y)", "a = work_1 * y"],
    ),
    ("other powers", call("power", y, Number(Rational(1, 3))), ["a = y ** (1 / 3)"]),
    ("powers with names of their own", call("power", y, z), ["a = y**z"]),
    (
        "views are no operations",
        MatMul((Transpose(y, (1, 0), axes=(j, n)), d), axes=(j, k)),
        ["a = y.T @ d"],
    ),
    (
        "what is only another view of a result",
        call("sub", Expand(Reduce(y, "sum", (1,), axes=(n,)), (1,), axes=(n, None)), d),
        ["work_1 = y.sum(axis=1)", "a = work_1[:, None] - d"],
    ),
    (
        "a softmax in its operations",
        Rows(u, "softmax", 1, axes=(n, j)),
        [
            "work_1 = u.max(axis=1, keepdims=True)",
            "work_2 = u - work_1",
            "work_3 = np.exp(work_2)",
            "work_4 = u.max(axis=1, keepdims=True)",
            "work_5 = u - work_4",
            "work_6 = np.exp(work_5)",
            "work_7 = work_6.sum(axis=1, keepdims=True)",
            "a = work_3 / work_7",
        ],
    ),
    (
        "single numbers where they stand",
        call("div", Reduce(call("mul", y, d), "sum", (0, 1)), Name(N.size), axes=()),
        ["work_1 = y * d", "a = work_1.sum() / N"],
    ),
]


@pytest.mark.parametrize(
    ("value", "wanted"), [case[1:] for case in SINGLE], ids=[c[0] for c in SINGLE]
)
def test_one_operation_a_statement(value, wanted):
    assert spelled(single([sets("a", value)])) == wanted


LOOP = Loop(k, False, 0)


def test_what_a_loop_computes_belongs_to_its_time():
    value = call("mul", call("sub", y, d), z)
    parts = single([Assign(array("a", n, j), value, loop=LOOP)])
    assert spelled(parts) == ["work_1 = y - d", "a = work_1 * z"]
    assert all(part.loop == LOOP for part in parts)


def test_addends_are_added_one_after_the_other():
    value = call("add", call("mul", y, d), z)
    parts = single([Assign(array("a", n, j), value, loop=LOOP, adds=True)])
    assert spelled(parts) == ["work_1 = y * d", "a = work_1", "a = z"]
    assert [part.adds for part in parts] == [False, True, True]


def test_what_is_computed_twice_is_computed_once():
    softmax = single([sets("a", Rows(u, "softmax", 1, axes=(n, j)))])
    assert spelled(common(softmax)) == [
        "work_1 = u.max(axis=1, keepdims=True)",
        "work_2 = u - work_1",
        "work_3 = np.exp(work_2)",
        "work_7 = work_3.sum(axis=1, keepdims=True)",
        "a = work_3 / work_7",
    ]


def test_a_tensor_that_is_computed_twice_is_another_name():
    twice = [sets("a", call("sub", y, d)), sets("b", call("sub", y, d))]
    assert spelled(common(twice)) == ["a = y - d", "b = a"]


def test_room_for_loops_is_never_shared():
    room = Empty(None, "y", axes=(n, j))
    assert len(common([sets("a", room), sets("b", room)])) == 2
    assert spelled(common([sets("a", room), sets("b", room)]))[1].startswith("b = np.empty")


def test_loops_know_what_was_before_them_and_nothing_of_each_other():
    value, other = call("sub", y, d), Loop(k, True, 1)
    before = [
        Assign(Name(Temporary("one", 1), axes=(n, j)), value, loop=LOOP),
        Assign(Name(Temporary("two", 1), axes=(n, j)), value, loop=LOOP),
        Assign(Name(Temporary("three", 1), axes=(n, j)), value, loop=other),
    ]
    assert [s.target.of.label for s in common(before)] == ["one", "three"]
    assert spelled(common([sets("a", value), *before])) == ["a = y - d"]


def test_what_grows_in_a_loop_is_read_anew():
    a = Name("a", axes=(n, j))
    grown = [
        Assign(Name(Temporary("one", 1), axes=(n, j)), call("exp", a), loop=LOOP),
        Assign(a, y, loop=LOOP, adds=True),
        Assign(Name(Temporary("two", 1), axes=(n, j)), call("exp", a), loop=LOOP),
    ]
    assert len(common(grown)) == 3


def test_where_a_rectified_unit_is_positive_its_input_is():
    before = [
        sets("z", call("maximum", u, ZERO)),
        sets("a", call("greater", u, ZERO)),
        sets("b", call("greater", y, ZERO)),
        sets("c", call("greater", u, TWO)),
    ]
    assert spelled(rectified(before))[1:] == ["a = z > 0", "b = y > 0", "c = u > 2"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (call("mul", y, TWO), "y *= 2"),
        (call("sub", y, d), "y -= d"),
        (call("add", d, y), "y += d"),
        (call("div", y, call("add", d, u)), "y /= d + u"),
        (call("sub", d, y), "np.subtract(d, y, out=y)"),
        (call("div", d, y), "np.divide(d, y, out=y)"),
        (call("mul", d, u), "np.multiply(d, u, out=y)"),
        (call("square", y), "np.square(y, out=y)"),
    ],
)
def test_what_is_changed_by_something_is_assigned_to(value, text):
    writer = InPlace(SPELLING, lambda of: True, Matrices(SPELLING, lambda of: ()), assigning=True)
    assert writer.text(sets("y", value), "y", placed=True) == text


def test_sums_over_rows_are_products_with_ones():
    before = [
        sets("a", Reduce(y, "sum", (0,), axes=(j,))),
        sets("b", Reduce(d, "sum", (0,), axes=(j,))),
        sets("c", Reduce(d, "sum", (1,), axes=(n,))),
        sets("e", Reduce(d, "max", (0,), axes=(j,))),
    ]
    first, *rest = spelled(sums(before, SIZES))
    assert first.startswith("ones_1 = np.ones")
    assert rest == ["a = ones_1 @ y", "b = ones_1 @ d", "c = d.sum(axis=1)", "e = d.max(axis=0)"]


@pytest.mark.parametrize(
    ("summed", "wanted"),
    [
        (row, "(ones_1 @ t) / N"),
        (array("t", n, ONE.index()), "(ones_1 @ t)[0] / N"),
        (y, "y.sum() / N"),
    ],
    ids=["a row", "a column", "a matrix is added up as it is"],
)
def test_a_total_is_a_product_with_ones(summed, wanted):
    total = Reduce(summed, "sum", tuple(range(len(summed.axes))))
    (*_, last) = spelled(sums([sets("E", call("div", total, Name(N.size), axes=()))], SIZES))
    assert last == f"E = {wanted}"


def test_a_sum_that_keeps_its_axis_is_looked_at_with_it():
    p = Name("p", axes=(n, j, k))
    total = Reduce(p, "sum", (2,), keep=True, axes=(n, j, None))
    _, product, quotient = sums(single([sets("a", call("div", p, total, axes=p.axes))]), SIZES)
    assert product.value.meeting == ((2,), (0,))
    assert spelled([quotient]) == ["a = p / total_0[:, :, None]"]


def test_sums_over_axes_apart_are_products_with_ones():
    whole = Name("s", axes=(n, j, k))
    _, product = sums([sets("a", Reduce(whole, "sum", (0, 2), axes=(j,)))], SIZES)
    assert product.value.meeting == ((0, 2), (0, 1))


def test_an_entry_of_each_row_is_taken_from_its_place():
    start, place, value = picked([sets("a", Take((u, row), (N,), axes=(n,)))])
    assert spelled([start]) == ["start_1 = np.arange(N) * J"]
    assert [named(part.of) for part in place.value.parts] == ["t", "start_1"]
    assert [named(part.of) for part in value.value.parts] == ["u", "place_1"]


def test_logarithms_of_many_are_computed_once():
    both = [sets("a", call("softplus", u)), sets("b", call("softplus", call("neg", u)))]
    assert spelled(common(logs(single(both), {J: FEW}))) == [
        "log_1 = np.abs(u)",
        "log_2 = -log_1",
        "log_3 = np.exp(log_2)",
        "log_4 = np.log1p(log_3)",
        "log_5 = np.maximum(u, 0)",
        "a = log_5 + log_4",
        "work_1 = -u",
        "log_10 = np.maximum(work_1, 0)",
        "b = log_10 + log_4",
    ]


def test_logarithms_of_few_are_single_calls():
    few = single([sets("a", call("softplus", u))])
    assert logs(few, {J: FEW - 1}) == few
    assert logs(few, {J: FEW}) != few


def test_rows_are_chosen_by_places_of_their_own_where_there_are_many():
    w, words = array("w", k, j), array("words", n, k)
    picks = [sets("a", Pick((w, each), 0, axes=(*each.axes, j))) for each in (words, row)]
    places, many, few = picked(picks)
    assert places.value == Places((words,))
    assert many.value.args == (w, places.target)
    assert few == picks[1]


def test_numbers_beside_arrays_are_arrays_made_once():
    fraction = Call((TWO, Name(N.size)), "div")
    before = [
        sets("a", call("mul", y, TWO)),
        sets("b", call("mul", y, fraction)),
        sets("c", call("sub", TWO, z)),
        sets("e", call("power", z, Number(Rational(3, 2)))),
    ]
    once, each = parted(scalars(before, {}))
    assert spelled(once) == ["two_0 = np.array(2, dtype)", "number_1 = np.array(2 / N, dtype)"]
    assert spelled(each) == ["a = y * two_0", "b = y * number_1", "c = two_0 - z", "e = z**1.5"]


def test_what_never_changes_is_computed_before():
    places = Range(J, axes=(j,))
    before = [
        sets("units", places),
        sets("twice", Call((Name("units", axes=(j,)), TWO), "mul", axes=(j,))),
        sets("a", call("equal", Expand(row, (1,), axes=(n, None)), Name("units", axes=(j,)))),
        sets("b", call("mul", y, d)),
    ]
    once, each = parted(before)
    assert [s.target.of for s in once] == ["units", "twice"]
    assert [s.target.of for s in each] == ["a", "b"]


# ---- loops --------------------------------------------------------------------------------------

T = Axis("t", letter="t")
time = T.index()
OVER_TIME = Loop(time, False, 0)


def at(name):
    """An array (n, t, j) at the time of a loop."""
    return Slice(name, 1, time, axes=(n, j))


def in_loop(name, value, *, adds=False):
    return Assign(at(name), value, loop=OVER_TIME, adds=adds)


def of_a_time(number, value):
    return Assign(Name(Temporary("work", number), axes=value.axes), value, loop=OVER_TIME)


def test_products_with_one_matrix_are_one_product():
    r, s = array("r", j, k), array("s", j, k)
    h = Name("h", axes=(n, j))
    side = [of_a_time(1, MatMul((h, r), axes=(n, k))), of_a_time(2, MatMul((h, s), axes=(n, k)))]
    work = [Name(Temporary("work", number), axes=(n, k)) for number in (1, 2)]
    after = [in_loop("a", Call(tuple(work), "mul", axes=(n, k)))]
    before, product, last = stacked([*side, *after])
    assert before.loop is None
    assert spelled([before]) == ["stacked_1 = np.concatenate((r, s), axis=1)"]
    assert spelled([product]) == ["stacked_2 = h @ stacked_1"]
    assert SPELLING.text(last.value) == "stacked_2[:, :K] * stacked_2[:, K : K + K]"


def test_products_that_are_added_up_are_one_product():
    r, s = array("r", j, k), array("s", j, k)
    d, e = (Name(name, axes=(n, j)) for name in "de")
    added = [
        of_a_time(1, MatMul((d, r), axes=(n, k))),
        in_loop("a", Name(Temporary("work", 1), axes=(n, k)), adds=True),
        of_a_time(2, MatMul((e, s), axes=(n, k))),
        in_loop("a", Name(Temporary("work", 2), axes=(n, k)), adds=True),
    ]
    before, joined, product, sum_ = stacked(added)
    assert spelled([before, joined, product]) == [
        "stacked_1 = np.concatenate((r, s), axis=0)",
        "stacked_2 = np.concatenate((d, e), axis=1)",
        "work_1 = stacked_2 @ stacked_1",
    ]
    assert sum_.adds
    assert SPELLING.text(sum_.value) == "work_1"


def test_what_is_computed_in_between_is_not_stacked():
    r, s = array("r", j, k), array("s", k, k)
    d = Name("d", axes=(n, j))
    chain = [
        of_a_time(1, MatMul((d, r), axes=(n, k))),
        in_loop("a", Name(Temporary("work", 1), axes=(n, k)), adds=True),
        of_a_time(2, MatMul((Name(Temporary("work", 1), axes=(n, k)), s), axes=(n, k))),
        in_loop("a", Name(Temporary("work", 2), axes=(n, k)), adds=True),
    ]
    assert stacked(chain) == tuple(chain)


def test_what_is_read_at_its_own_time_only_is_not_kept():
    brief = [
        sets("h", Empty(None, "y", axes=(n, time, j))),
        in_loop("h", call("exp", at("z"))),
        in_loop("o", call("mul", at("h"), at("z"))),
    ]
    assert [(named(s.target.of), SPELLING.text(s.value)) for s in passing(brief)] == [
        ("h", "np.exp(z[:, t])"),
        ("o", "h * z[:, t]"),
    ]


KEPT = {
    "it is read later": sets("e", Name("h", axes=(n, time, j))),
    "it is read at another time": in_loop("o", Neighbour("h", 1, time, -1, axes=(n, j))),
    "it grows": in_loop("h", z, adds=True),
}


@pytest.mark.parametrize("more", KEPT.values(), ids=KEPT)
def test_otherwise_it_is_kept(more):
    room = sets("h", Empty(None, "y", axes=(n, time, j)))
    statements = (room, in_loop("h", call("exp", at("z"))), more)
    assert passing(statements) == statements


def test_what_is_multiplied_with_arrays_of_a_loop_lies_as_they_do():
    x, delta = Name("x", axes=(n, time, k)), Name("delta", axes=(n, time, j))
    product = Tensordot((x, delta), ((0, 1), (0, 1)), axes=(k, j))
    before = [in_loop("delta", at("z")), sets("dw", product), sets("dv", product)]
    copy, _, one, two = aligned(before)
    assert copy.value.parts == (x,)
    assert one.value.args[0].of == two.value.args[0].of == copy.target.of
    by_time = (1, 0, 2)
    found = lying(aligned(before))
    assert found == {"delta": by_time, "z": by_time, copy.target.of: by_time}


def product_of(outer, out="a"):
    x, delta = Name("x", axes=(n, time, k)), Name("delta", axes=(n, time, j))
    value = Tensordot((x, delta), ((0, 1), (0, 1)), axes=(k, j))
    return Matrices(SPELLING, outer.get).tensordot(value, Name(out, axes=value.axes), out)


def test_several_axes_are_summed_over_by_one_product():
    there = {"x": (), "delta": (), "a": ()}
    assert product_of(there) == "x.reshape(-1, K).T.dot(delta.reshape(N * T, -1), out=a)"
    assert product_of(there | {"x": (1, 0, 2), "delta": (1, 0, 2)}) == (
        "x.transpose(1, 0, 2).reshape(-1, K).T.dot("
        "delta.transpose(1, 0, 2).reshape(T * N, -1), out=a)"
    )
    assert product_of(there | {"a": (1, 0)}) == (
        "delta.reshape(-1, J).T.dot(x.reshape(N * T, -1), out=a.T)"
    )


def test_rows_of_all_times_are_multiplied_at_once():
    x = Name("x", axes=(n, time, k))
    value = MatMul((x, array("w", k, j)), axes=(n, time, j))
    target = Name("a", axes=value.axes)

    def text(**outer):
        return Matrices(SPELLING, {"x": (), "a": (), **outer}.get).matmul(value, target, "a")

    assert text() == "x.reshape(-1, K).dot(w, out=a.reshape(-1, J))"
    assert text(x=(1, 0, 2)) is None


def test_an_array_some_steps_on_is_copied_with_zeros_behind():
    for start, wanted in (
        (-1, "np.copyto(a[:, 1:], h[:, :-1])\na[:, :1] = 0"),
        (2, "np.copyto(a[:, :-2], h[:, 2:])\na[:, -2:] = 0"),
    ):
        h = Name("h", axes=(n, time, j))
        value = Window(h, 1, Steps((T,), (1,), start), axes=h.axes)
        matrices = Matrices(SPELLING, lambda of: ())
        writer = InPlace(SPELLING, lambda of: True, matrices)
        assert writer.text(sets("a", value), "a", placed=True) == wanted


# ---- rooms ---------------------------------------------------------------------------------------


def shape(value):
    return tuple("1" if index is None else str(index.axis.name) for index in value.axes)


def placed(statements, **options):
    return rooms(statements, Manners(statements), shape, **options)


def test_a_result_may_overwrite_what_is_read_no_more():
    steps = single(
        [
            sets("a", call("mul", call("sub", y, d), z)),
            sets("b", call("exp", Name("a", axes=(n, j)))),
        ]
    )
    found = placed(steps)
    assert len(set(found.values())) == 1


def test_a_product_of_matrices_never_overwrites_its_factors():
    square = [
        sets("a", call("mul", y, d)),
        sets("b", MatMul((Name("a", axes=(n, j)), array("w", j, j)), axes=(n, j))),
    ]
    found = placed(square)
    assert found["a"] != found["b"]


def test_what_is_read_later_keeps_its_room():
    a, b = Name("a", axes=(n, j)), Name("b", axes=(n, j))
    kept = [sets("a", call("mul", y, d)), sets("b", call("exp", a)), sets("c", call("add", a, b))]
    found = placed(kept)
    assert found["a"] != found["b"]
    assert found["c"] in (found["a"], found["b"])


def test_another_name_keeps_the_room_for_both():
    a, b = Name("a", axes=(n, j)), Name("b", axes=(n, j))
    renamed = [
        sets("a", call("mul", y, d)),
        sets("b", a),
        sets("c", call("exp", b)),
        sets("e", call("add", a, Name("c", axes=(n, j)))),
    ]
    found = placed(renamed)
    assert found["a"] == found["b"] != found["c"]


def test_true_and_false_are_no_numbers():
    both = [sets("a", call("greater", y, d)), sets("b", call("mul", Name("a", axes=(n, j)), y))]
    found = placed(both)
    assert found["a"].kind == "bool"
    assert found["b"].kind == "dtype"


def test_views_keep_what_they_look_at():
    a = Name("a", axes=(n, j))
    looked = [
        sets("a", call("mul", y, d)),
        sets("b", Rows(a, "log_softmax", 1, axes=(n, j))),  # for all that is known a view
        sets("c", call("mul", y, z)),
        sets("e", call("add", Name("b", axes=(n, j)), Name("c", axes=(n, j)))),
    ]
    found = placed(looked)
    assert found["a"] != found["c"]


def test_a_loop_keeps_what_was_there_before_it():
    a, b = Name("a", axes=(n, j)), Name(Temporary("b", 1), axes=(n, j))
    c = Name(Temporary("c", 1), axes=(n, j))
    looped = [
        sets("a", call("mul", y, d)),
        Assign(b, call("exp", a), loop=LOOP),
        Assign(c, call("tanh", b), loop=LOOP),
        Assign(Name("e", axes=(n, j)), c, loop=LOOP, adds=True),
    ]
    found = placed(looped, placed=["e"])
    assert found["a"] not in (found[b.of], found[c.of])  # it is read again in the next turn
    assert found[b.of] == found[c.of]


def test_rooms_of_their_own():
    steps = single([sets("a", call("mul", call("sub", y, d), z))])
    assert len(set(placed(steps, again=False).values())) == 2


WRITTEN = [
    (call("sub", y, d), "np.subtract(y, d, out=a)"),
    (MatMul((Transpose(y, (1, 0), axes=(j, n)), d), axes=(j, k)), "y.T.dot(d, out=a)"),
    (
        Reduce(y, "max", (1,), keep=True, axes=(n, None)),
        "np.maximum.reduce(y, axis=1, keepdims=True, out=a)",
    ),
    (call("logaddexp", u, ZERO), "np.logaddexp(u, 0, out=a)"),
    (
        call("where", call("greater", y, d), y, ZERO),
        "np.copyto(a, 0)\nnp.copyto(a, y, where=y > d)",
    ),
    (y, "a[...] = y"),
    (Rows(u, "log_softmax", 1, axes=(n, j)), "a[...] = log_softmax(u)"),
]


@pytest.mark.parametrize(("value", "wanted"), WRITTEN)
def test_calls_that_write_where_they_are_told(value, wanted):
    assert (
        InPlace(SPELLING, lambda of: True, Matrices(SPELLING, lambda of: ())).text(
            sets("a", value), "a", placed=True
        )
        == wanted
    )
